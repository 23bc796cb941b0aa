/**
 * Parsing alone: ns a row and GB/s of the generated parser on payloads of about 90 bytes, by layer, and of JSON.parse.
 * Answers are verified before anything is timed.
 */
import { INPUT } from '../assembly/abi.ts';
import type { SqlType } from '../host/plan/types.ts';
import { compileJson, jsonColumn } from '../test/json/compile.ts';
import { randomWords } from '../test/json/seed.ts';

const ROWS = 4_000; // short rounds: on a busy machine some of them run undisturbed
const ROUNDS = 501;
/** Long enough for the engine to finish its optimising compilation in the background. */
const WARM_MS = 700;
const FIELDS = ['device', 'ts', 'temperature', 'humidity', 'status'] as const;
type Reading = Readonly<Record<(typeof FIELDS)[number], string>>;

const word = randomWords(1);
const readings = Array.from({ length: ROWS }, (_, index): Reading => ({
  device: `"sensor-${word() % 1000}"`, ts: String(1_700_000_000_000 + index * 10), temperature: (15 + (word() % 2000) / 100).toFixed(2),
  humidity: (30 + (word() % 500) / 10).toFixed(1), status: word() % 10 === 0 ? '"ERROR"' : '"OK"',
}));

function printed(reading: Reading, order: readonly (keyof Reading)[], gap: string): string {
  return `{${order.map((name) => `"${name}":${gap}${reading[name]}`).join(`,${gap}`)}}`;
}
function shuffled(): (keyof Reading)[] {
  const order = [...FIELDS];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = word() % (at + 1);
    [order[at], order[other]] = [order[other] as keyof Reading, order[at] as keyof Reading];
  }
  return order;
}

const OTHER_ORDER = ['status', 'humidity', 'device', 'temperature', 'ts'] as const;
const SETS: Readonly<Record<string, readonly string[]>> = {
  'declared order': readings.map((reading) => printed(reading, FIELDS, '')),
  'spaces ("k": v, )': readings.map((reading) => printed(reading, FIELDS, ' ')),
  'another fixed order': readings.map((reading) => printed(reading, OTHER_ORDER, '')),
  'another order, spaces': readings.map((reading) => printed(reading, OTHER_ORDER, ' ')),
  'a new order each row': readings.map((reading) => printed(reading, shuffled(), '')),
};

const type = (name: 'STRING' | 'BIGINT' | 'DOUBLE'): SqlType => ({ name, isNullable: true });
const ALL = [jsonColumn('device', type('STRING')), jsonColumn('ts', type('BIGINT')), jsonColumn('temperature', type('DOUBLE')), jsonColumn('humidity', type('DOUBLE')), jsonColumn('status', type('STRING'))];

/** Parses rows that follow each other, offsets before them as in a log record, and folds every column into one sum. */
const EXTRA = (hasHumidity: boolean): string => `
export function feed(offsets: usize, body: usize, count: u32, row: usize): f64 {
  const reading = changetype<Reading>(row);
  let sum: f64 = 0;
  for (let i: u32 = 0; i < count; i += 1, offsets += 4) {
    if (parseReading(body + <usize>load<u32>(offsets), body + <usize>load<u32>(offsets, 4), reading) != 0) return -1;
    sum += reading.temperature + <f64>(reading.ts & 0xffff)${hasHumidity ? ' + reading.humidity' : ''} + <f64><u32>(reading.device >> 32) + <f64><u32>(reading.status >> 32);
  }
  return sum;
}`;

function expected(rows: readonly string[], hasHumidity: boolean): number {
  let sum = 0;
  for (const row of rows) {
    const { device, ts, temperature, humidity, status } = JSON.parse(row) as { device: string; ts: number; temperature: number; humidity: number; status: string };
    sum += temperature + (ts % 65536) + (hasHumidity ? humidity : 0) + device.length + status.length;
  }
  return sum;
}

function medianMs(run: () => void): { readonly median: number; readonly least: number } {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return { median: times[ROUNDS >> 1] ?? 0, least: times[0] ?? 0 };
}

console.log(`${ROWS} rows, ${ROUNDS} rounds, node ${process.version}, V8 ${process.versions.v8}`);
for (const isSimd of [true, false]) {
  for (const columns of [ALL, ALL.filter(({ name }) => name !== 'humidity')]) {
    const hasHumidity = columns === ALL;
    const module = await compileJson({ columns, isSimd, isOptimized: true, fields: FIELDS.map((name) => [name]), extra: EXTRA(hasHumidity) });
    const feed = module.instance.exports['feed'] as (offsets: number, body: number, count: number, row: number) => number;
    for (const [label, rows] of Object.entries(SETS)) {
      const body = new TextEncoder().encode(rows.join(''));
      const offsets = new Uint32Array(module.memory.buffer, INPUT, ROWS + 1);
      rows.forEach((row, index) => { offsets[index + 1] = (offsets[index] ?? 0) + row.length; });
      const bodyAt = INPUT + (ROWS + 1) * 4;
      new Uint8Array(module.memory.buffer).set(body, bodyAt);
      const run = (): number => feed(INPUT, bodyAt, ROWS, 0x1000 + 256 + 16384);
      for (const until = performance.now() + WARM_MS; performance.now() < until;) run();
      const sum = run();
      if (Math.abs(sum - expected(rows, hasHumidity)) > 1e-3) throw new Error(`${label}: ${sum} instead of ${expected(rows, hasHumidity)}`);
      const { median, least } = medianMs(run);
      const ns = (median * 1e6) / ROWS;
      console.log(`${isSimd ? 'simd  ' : 'scalar'} ${columns.length} columns  ${label.padEnd(24)} ${ns.toFixed(1).padStart(6)} ns/row (least ${((least * 1e6) / ROWS).toFixed(1)})  ${(body.length / least / 1e6).toFixed(2)} GB/s`);
    }
  }
}
for (const [label, rows] of Object.entries(SETS)) {
  const bytes = rows.map((row) => Buffer.from(row));
  let sum = 0;
  const { median, least } = medianMs(() => { for (const one of bytes) sum += (JSON.parse(one.toString('latin1')) as { ts: number }).ts; });
  if (sum === 0) throw new Error('nothing was read');
  console.log(`JSON.parse        ${label.padEnd(24)} ${((median * 1e6) / ROWS).toFixed(1).padStart(6)} ns/row (least ${((least * 1e6) / ROWS).toFixed(1)})`);
}
