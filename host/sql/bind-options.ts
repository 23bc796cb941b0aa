/** WITH (…): the connector and its options against the catalog; and what every table understands. */
import type { CatalogConnector, CatalogOption } from '../plan/catalog.ts';
import { nearest, suggestion } from '../plan/similar.ts';
import { need, type Job, type OptionValue, type Report } from './job.ts';
import type { CreateTable, Identifier } from './syntax.ts';

/** Payloads above this are dead letters, where a table does not say otherwise. */
export const PAYLOAD_BYTES: number = 256 * 1024;
/** A log record holds at least one payload; larger ones belong into files. */
const PAYLOAD_BYTES_MAX = 1024 * 1024;

/** Options of every table, whatever its connector. */
export const COMMON_OPTIONS: readonly CatalogOption[] = [
  { name: 'connector', type: 'string', required: true, description: 'Where rows come from or go to' },
  { name: 'format', type: 'choice', choices: ['json'], defaultText: 'json', description: 'How rows are written in payloads' },
  { name: 'value.format', type: 'choice', choices: ['json'], description: 'The same as format' },
  {
    name: 'json.ignore-parse-errors', type: 'boolean',
    description: 'Accepted; a rejected row never stops a job: it is counted and goes to the dead-letter table',
  },
  { name: 'json.fail-on-missing-field', type: 'choice', choices: ['false'], description: 'Accepted; a missing field is NULL' },
  { name: 'json.timestamp-format.standard', type: 'choice', choices: ['SQL', 'ISO-8601'], defaultText: 'SQL', description: 'How times are written' },
  { name: 'payload.max-bytes', type: 'bytes', defaultText: '256 kb', description: 'Longer payloads are dead letters; at most 1 mb' },
  { name: 'dead-letter.table', type: 'string', description: 'Table that gets what this source rejects' },
  { name: 'key.fields', type: 'string', description: "Columns that make a result's key: 'a;b'" },
  { name: 'changelog', type: 'choice', choices: ['op-field'], description: 'Of a sink: each result has the kind of its change in the field `op`' },
  { name: 'key.format', type: 'choice', choices: ['json'], description: 'How the key is written' },
];

/** Options of Flink that would change answers or speed and are not there yet. */
const REFUSED: ReadonlyMap<string, string | undefined> = new Map([
  [
    'scan.watermark.idle-timeout', 'leave it out; an idle source holds its watermark'
  ], ['scan.watermark.alignment.group', undefined],
  ['scan.watermark.emit.strategy', 'leave it out; a watermark follows each row'], [
    'sink.parallelism', 'leave it out; one gateway writes in order'
  ],
  ['scan.parallelism', 'leave it out'], ['watermark.split', undefined], ['key.fields-prefix', undefined], [
    'value.fields-include', undefined
  ],
]);

export interface CheckedOptions { readonly connector: CatalogConnector | undefined; readonly options: ReadonlyMap<string, OptionValue> }

/** Reports every option that is unknown, missing or wrongly typed. */
export function checkOptions(job: Job, { name, options: written }: CreateTable): CheckedOptions {
  const { report, catalog } = job;
  const options = new Map<string, OptionValue>();
  for (const { key, value } of written) {
    if (options.has(key.text)) report('duplicate', key.span, `the option '${key.text}' is given twice`);
    options.set(key.text, { text: value.text, keySpan: key.span, span: value.span });
  }
  const chosen = options.get('connector');
  const names = catalog.connectors.map((connector) => connector.name);
  if (chosen === undefined) {
    report(
      'no-connector', name.span, `the table ${name.text} has no connector`,
      `add WITH ('connector' = '…'): ${names.join(', ')}`,
    );
    return { connector: undefined, options };
  }
  const connector = catalog.connectors.find((known) => known.name === chosen.text);
  if (connector === undefined) {
    const near = nearest(chosen.text, names);
    report(
      'unknown-connector', chosen.span, `there is no connector '${chosen.text}'`,
      near === undefined ? `there are ${names.join(', ')}` : `did you mean '${near}'?`,
    );
    return { connector: undefined, options };
  }
  const changelog = options.get('changelog');
  if (changelog !== undefined) need(job, 'changelogField', changelog.keySpan);
  for (const { key, value } of written) checkOption(connector, key, value, report);
  for (const option of connector.options) {
    if (option.required === true && !options.has(option.name) && !options.has(option.unless ?? '')) {
      report(
        'missing-option', name.span, `${connector.name} needs the option '${option.name}'`,
        `add '${option.name}' = '…': ${option.description}`,
      );
    }
  }
  return { connector, options };
}

function checkOption(connector: CatalogConnector, key: Identifier, value: Identifier, report: Report): void {
  const known = [...connector.options, ...COMMON_OPTIONS];
  const option = known.find((candidate) => matches(candidate.name, key.text));
  if (option === undefined) {
    if (REFUSED.has(key.text)) report(
      'unsupported', key.span, `the option '${key.text}' is not supported yet`, REFUSED.get(key.text),
    );
    else report(
      'unknown-option', key.span, `${connector.name} has no option '${key.text}'`,
      suggestion(key.text, known.map((candidate) => candidate.name)) ?? 'its options stand in docs/connectors.md',
    );
    return;
  }
  if (option.name === 'payload.max-bytes') {
    const bytes = byteCount(value.text);
    if (bytes === undefined || bytes < 1 || bytes > PAYLOAD_BYTES_MAX) report(
      'option', value.span, `'payload.max-bytes' is a size from 1 byte to 1 mb, not '${value.text}'`,
      "write it as in '64 kb'",
    );
    return;
  }
  if (value.text.includes('${')) return; // known only where the job runs
  const expected = violated(option, value.text);
  if (expected !== undefined) report(
    'option', value.span, `'${key.text}' ${expected}, not '${value.text}'`,
    option.type === 'choice' ? suggestion(value.text, option.choices ?? []) : undefined,
  );
}

/** `fields.#.kind` stands for `fields.temperature.kind`. */
function matches(pattern: string, key: string): boolean {
  const [head = '', tail] = pattern.split('#');
  return tail === undefined ? pattern === key : key.length > head.length + tail.length && key.startsWith(head) && key.endsWith(tail);
}

/** What the value should have been, or undefined when it is right. */
function violated(option: CatalogOption, text: string): string | undefined {
  switch (option.type) {
    case 'string': return undefined;
    case 'integer': return /^-?\d+$/.test(text) ? undefined : 'is a whole number';
    case 'boolean': return /^(true|false)$/i.test(text) ? undefined : "is 'true' or 'false'";
    case 'bytes': return byteCount(text) === undefined ? "is a size such as '64 kb'" : undefined;
    case 'duration': return durationMs(text) !== undefined ? undefined : "is a time such as '10 s'";
    case 'choice': return option.choices?.includes(text) === false ? `is one of ${option.choices.join(', ')}` : undefined;
    default: { const unreachable: never = option.type; return unreachable; }
  }
}

/** Sizes as Flink writes them: a number of bytes, or with b, kb or mb (units of 1024). */
export function byteCount(text: string): number | undefined {
  const match = /^\s*(\d{1,15})\s*(b|bytes?|k|kb|kibibytes|m|mb|mebibytes|g|gb|gibibytes)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? 'b')[0]?.toLowerCase();
  return Number(match[1]) * { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit as 'b' | 'k' | 'm' | 'g'];
}

/** Times as Flink writes them: a number of ms, or with ms, s, min, h or d, or one of these spelled out. */
export function durationMs(text: string): number | undefined {
  const match = /^\s*(\d{1,12})\s*(ms|milli(?:second)?s?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hours?|d|days?)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? 'ms').toLowerCase();
  const unitMs = /^(ms|milli)/.test(unit) ? 1 : { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit[0] as 's' | 'm' | 'h' | 'd'];
  return Number(match[1]) * unitMs;
}
