/**
 * Makes rows up: seeded, rate-limited, bounded when 'number-of-rows' is set. Row i is a function of (seed, i), so a restart
 * goes on where it stopped and two runs see the same rows. Option names are those of Flink's datagen.
 */
import { type Arrival, type Connector, type ConnectorContext, type ConnectorOptions, IoError, type Source } from '../host/ports.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const TICK_MS = 10; // rows come in bursts of rate x 10 ms: timers finer than that cost more than the rows

export const datagen: Connector = {
  description: {
    name: 'datagen',
    description: 'Seeded rows for trying out and for measuring',
    options: [
      { name: 'rows-per-second', type: 'integer', defaultText: '10000', description: 'Rate; 0 for as fast as it goes' },
      { name: 'number-of-rows', type: 'integer', description: 'Ends after this many rows; without it, never' },
      { name: 'seed', type: 'integer', defaultText: '1', description: 'Same seed, same rows' },
      { name: 'fields.#.kind', type: 'choice', choices: ['random', 'sequence'], defaultText: 'random', description: 'How column # is made' },
      { name: 'fields.#.min', type: 'string', description: 'Smallest random number of column # (default 0)' },
      { name: 'fields.#.max', type: 'string', description: 'Largest random number of column # (default 100)' },
      { name: 'fields.#.start', type: 'integer', defaultText: '0', description: 'First value of a sequence' },
      { name: 'fields.#.step', type: 'integer', defaultText: '1', description: 'Step of a sequence' },
      { name: 'fields.#.length', type: 'integer', defaultText: '8', description: 'Length of random text' },
      { name: 'fields.#.values', type: 'string', description: "Random choice from 'a;b;c'" },
      { name: 'fields.#.null-rate', type: 'string', defaultText: '0', description: 'Share of NULLs, 0 to 1' },
    ],
    source: { guarantee: () => ({ level: 'exactly-once' }), isBounded: (options) => options['number-of-rows'] !== undefined, metadata: {} },
  },
  createSource: generator,
};

function generator(context: ConnectorContext): Source {
  const rate = number(context.options, 'rows-per-second', 10_000);
  const rowCount = number(context.options, 'number-of-rows', Number.POSITIVE_INFINITY);
  const makeRow = rowMaker(context);
  const topic = encoder.encode(context.table);
  const buffer = new Uint8Array(64 * 1024);
  const arrival: Arrival = { bytes: buffer, start: 0, end: 0, topic, topicStart: 0, topicEnd: topic.length, packetId: 0, flags: 0, client: '' };
  let next = 0;
  let cancel = (): void => undefined;
  let go: (() => void) | undefined;
  let isStopped = false;
  const saved = (): Uint8Array => encoder.encode(String(next));
  const load = (bytes: Uint8Array | undefined): void => { if (bytes) next = Number(decoder.decode(bytes)); };

  return {
    restore: load,
    replay(batch) { load(batch.position); },
    open(intake) {
      const started = context.clock.monotonic();
      const first = next;
      const run = (): void => {
        if (isStopped) return;
        const due = rate === 0 ? next + 4096 : first + Math.floor((context.clock.monotonic() - started) * rate / 1000) + 1;
        while (next < due && next < rowCount) {
          arrival.end = encoder.encodeInto(makeRow(next), buffer).written;
          next += 1;
          if (!intake.push(arrival)) { go = run; return; }
        }
        if (next >= rowCount) intake.end();
        else cancel = context.clock.wake(rate === 0 ? 0 : TICK_MS, run);
      };
      run();
      return Promise.resolve();
    },
    position: saved,
    snapshot: saved,
    committed() { /* nobody waits for an acknowledgement */ },
    resume() { const call = go; go = undefined; call?.(); },
    stop() { isStopped = true; cancel(); return Promise.resolve(); },
    close() { isStopped = true; cancel(); return Promise.resolve(); },
  };
}

type Value = string | number | boolean | null;

function rowMaker(context: ConnectorContext): (row: number) => string {
  const seed = number(context.options, 'seed', 1);
  const makers = context.columns.map(({ name, type }, column) => ({ name, make: columnMaker(context, name, type, Math.imul(seed, 0x9e3779b1) ^ column) }));
  return (row) => {
    const fields: Record<string, Value> = {};
    for (const { name, make } of makers) fields[name] = make(row);
    return JSON.stringify(fields);
  };
}

function columnMaker(context: ConnectorContext, name: string, type: string, salt: number): (row: number) => Value {
  const option = (key: string): string | undefined => context.options[`fields.${name}.${key}`];
  const nullRate = Number(option('null-rate') ?? 0);
  const plain = plainMaker(option, name, type, salt);
  return nullRate === 0 ? plain : (row) => (random(salt ^ 0x5bd1e995, row) < nullRate ? null : plain(row));
}

function plainMaker(option: (key: string) => string | undefined, name: string, type: string, salt: number): (row: number) => Value {
  const minimum = Number(option('min') ?? 0);
  const maximum = Number(option('max') ?? 100);
  const values = option('values')?.split(';');
  if (values) return (row) => values[Math.floor(random(salt, row) * values.length)] as string;
  if (option('kind') === 'sequence') {
    const start = Number(option('start') ?? 0);
    const step = Number(option('step') ?? 1);
    return (row) => start + row * step;
  }
  if (/^(?:TINYINT|SMALLINT|INT|BIGINT)/.test(type)) return (row) => minimum + Math.floor(random(salt, row) * (maximum - minimum + 1));
  if (/^(?:FLOAT|DOUBLE|DECIMAL)/.test(type)) return (row) => Math.round((minimum + random(salt, row) * (maximum - minimum)) * 100) / 100;
  if (type.startsWith('BOOLEAN')) return (row) => random(salt, row) < 0.5;
  if (/^(?:STRING|VARCHAR|CHAR)/.test(type)) {
    const length = Number(option('length') ?? 8);
    return (row) => Array.from({ length }, (_, at) => Math.floor(random(salt + at, row) * 16).toString(16)).join('');
  }
  throw new IoError(`datagen: no rule for column ${name} of type ${type}`, {
    retry: false, remedy: `give it values: 'fields.${name}.values' = 'a;b', or make it a computed column`,
  });
}

/** Uniform in [0, 1), a function of its arguments. Source: the finaliser of MurmurHash3 (Appleby 2008). */
function random(salt: number, row: number): number {
  let hash = salt ^ Math.imul(row, 0x85ebca6b) ^ Math.floor(row / 2 ** 32);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function number(options: ConnectorOptions, name: string, otherwise: number): number {
  return options[name] === undefined ? otherwise : Number(options[name]);
}
