/** A source's options, named as in Flink's Kafka connector: which topics, where reading starts and ends. */
import { type ConnectorOptions, IoError, type OptionDescription } from '../../host/ports.ts';
import { type BrokerOptions, choice, readBrokerOptions, refuse, required } from './options.ts';

const START_MODES = ['group-offsets', 'earliest-offset', 'latest-offset', 'timestamp', 'specific-offsets'] as const;
const STOP_MODES = ['unbounded', 'latest-offset', 'group-offsets', 'timestamp', 'specific-offsets'] as const;
const RESETS = ['none', 'earliest', 'latest'] as const;
const ISOLATIONS = ['read_committed', 'read_uncommitted'] as const;
const DISCOVERY = '5 min';
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, milli: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const SOURCE_OPTIONS: readonly OptionDescription[] = [
  { name: 'topic-pattern', type: 'string', description: 'Source: regular expression of the topics to read, instead of topic' },
  {
    name: 'properties.group.id', type: 'string',
    description: 'Source: group whose offsets are kept up to date for monitoring; the log alone says where to go on',
  },
  {
    name: 'scan.startup.mode', type: 'choice', choices: START_MODES, defaultText: 'group-offsets',
    description: 'Source: where a first run starts; later ones go on where the log ends',
  },
  { name: 'scan.startup.timestamp-millis', type: 'integer', description: 'Source: start at the first record of this time, ms since 1970' },
  { name: 'scan.startup.specific-offsets', type: 'string', description: "Source: 'partition:0,offset:42;partition:1,offset:300'" },
  {
    name: 'scan.bounded.mode', type: 'choice', choices: STOP_MODES, defaultText: 'unbounded',
    description: 'Source: where it ends; latest-offset: with what is there when the first run starts',
  },
  { name: 'scan.bounded.timestamp-millis', type: 'integer', description: 'Source: end before the first record of this time' },
  { name: 'scan.bounded.specific-offsets', type: 'string', description: 'Source: end before these offsets' },
  {
    name: 'scan.topic-partition-discovery.interval', type: 'duration', defaultText: DISCOVERY,
    description: 'Source: how often to look for new partitions and topics; 0 s for never',
  },
  {
    name: 'properties.auto.offset.reset', type: 'choice', choices: RESETS, defaultText: 'none',
    description: 'Source: where to go on when the group has no offset or the records are deleted; none: stop with an error',
  },
  {
    name: 'properties.isolation.level', type: 'choice', choices: ISOLATIONS, defaultText: 'read_committed',
    description: 'Source: whether records of open and aborted transactions are read, too',
  },
];

/** A place in each partition. `group`: the group's offsets. */
export type Place =
  | { readonly kind: 'earliest' } | { readonly kind: 'latest' } | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'timestamp'; readonly at: number }
  | { readonly kind: 'offsets'; readonly offsets: ReadonlyMap<number, number> };

export interface SourceOptions extends BrokerOptions {
  readonly topics: readonly string[];
  /** Topics to look for beside them. */
  readonly pattern: RegExp | undefined;
  readonly group: string | undefined;
  readonly start: Place;
  readonly stop: Place | undefined;
  readonly reset: (typeof RESETS)[number];
  readonly isCommitted: boolean;
  /** 0: never. */
  readonly discoveryMs: number;
}

export function isBounded(options: ConnectorOptions): boolean {
  return (options['scan.bounded.mode'] ?? 'unbounded') !== 'unbounded';
}

/** Throws IoError (retry = false) for what no later attempt can mend. */
export function readSourceOptions(options: ConnectorOptions): SourceOptions {
  const group = options['properties.group.id'];
  const pattern = options['topic-pattern'];
  if (pattern !== undefined && options['topic'] !== undefined) throw refuse(`'topic' and 'topic-pattern' exclude each other`, 'leave one out');
  const topics = pattern === undefined ? required(options, 'topic').split(';').map((topic) => topic.trim()).filter((topic) => topic !== '') : [];
  const bounded = choice(options, 'scan.bounded.mode', STOP_MODES);
  const discoveryMs = milliseconds(options['scan.topic-partition-discovery.interval'] ?? DISCOVERY);
  return {
    ...readBrokerOptions(options),
    topics, group, discoveryMs,
    pattern: pattern === undefined ? undefined : wholePattern(pattern),
    start: placeOf(options, 'startup', choice(options, 'scan.startup.mode', START_MODES)),
    stop: bounded === 'unbounded' ? undefined : placeOf(options, 'bounded', bounded),
    reset: choice(options, 'properties.auto.offset.reset', RESETS),
    isCommitted: choice(options, 'properties.isolation.level', ISOLATIONS) === 'read_committed',
  };
}

function placeOf(options: ConnectorOptions, which: 'startup' | 'bounded', mode: (typeof START_MODES)[number]): Place {
  switch (mode) {
    case 'earliest-offset': return { kind: 'earliest' };
    case 'latest-offset': return { kind: 'latest' };
    case 'timestamp': return { kind: 'timestamp', at: timestamp(options, `scan.${which}.timestamp-millis`) };
    case 'specific-offsets': return { kind: 'offsets', offsets: specificOffsets(options, `scan.${which}.specific-offsets`) };
    case 'group-offsets': {
      const group = options['properties.group.id'];
      if (group) return { kind: 'group', group };
      throw refuse(`'scan.${which}.mode' is group-offsets, but there is no group`, which === 'bounded'
        ? "add 'properties.group.id'" : "write 'scan.startup.mode' = 'earliest-offset' or 'latest-offset', or add 'properties.group.id'");
    }
    default: {
      const unreachable: never = mode;
      return unreachable;
    }
  }
}

function timestamp(options: ConnectorOptions, name: string): number {
  const text = required(options, name);
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw refuse(`option '${name}' cannot be '${text}'`, 'write milliseconds since 1970');
}

function specificOffsets(options: ConnectorOptions, name: string): Map<number, number> {
  const text = required(options, name);
  return new Map(text.split(';').filter((part) => part.trim() !== '').map((part) => {
    const [, partition, offset] = /^\s*partition:(\d+),offset:(\d+)\s*$/.exec(part) ?? [];
    if (partition === undefined) throw refuse(`option '${name}' cannot be '${text}'`, "write 'partition:0,offset:42;partition:1,offset:300'");
    return [Number(partition), Number(offset)];
  }));
}

function milliseconds(text: string): number {
  const [, value, unit = 'ms'] = /^\s*(\d+)\s*(ms|milli|s|m|h|d)?/i.exec(text) ?? [];
  const unitMs = UNIT_MS[unit.toLowerCase()];
  if (value !== undefined && unitMs !== undefined) return Number(value) * unitMs;
  throw refuse(`option 'scan.topic-partition-discovery.interval' cannot be '${text}'`, "write it as in '5 min'");
}

function wholePattern(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    throw new IoError(`kafka: 'topic-pattern' is no regular expression: ${(error as Error).message}`, { retry: false, remedy: 'correct it', cause: error });
  }
}
