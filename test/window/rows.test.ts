/** Rows in windows of a compiled job: tables of windows, Top-N, deduplication, windows above windows, grouping sets; against plain references. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Column, Node, OrderKey, WindowSpec } from '../../host/plan/nodes.ts';
import { compileTest, startModule, type TestResult } from '../engine.ts';
import { aggregate, columnOf, planOf, READINGS, ROWTIME, sinkPlan, sourcePlan, TIME, tumble, typed } from '../plans.ts';
import { endedWindows, OpenWindows, windowsOf, type Kind } from './kinds-reference.ts';
import { sqlTime, type Reading } from './reference.ts';
import { assertRestores, assertSameHoweverCut, checked, readings } from './streams.ts';

const DELAY_MS = 2000;
const source = sourcePlan(READINGS.slice(0, 3), 0, { delayMs: DELAY_MS });
const { columns } = source.scan;
const timeColumn = columns.length - 1;
const BOUNDS: readonly Column[] = [{ name: 'window_start', type: TIME }, { name: 'window_end', type: TIME }, { name: 'window_time', type: ROWTIME }];
const TUMBLE = { kind: 'tumble', sizeMs: 7000, offsetMs: -2500 } as const;
const HOP = { kind: 'hop', sizeMs: 10_000, slideMs: 4000, offsetMs: 500 } as const;
const CUMULATE = { kind: 'cumulate', sizeMs: 12_000, stepMs: 3000, offsetMs: 0 } as const;
const SESSION = { kind: 'session', gapMs: 2500 } as const;
const spec = (kind: Kind): WindowSpec => (kind.kind === 'session' ? { ...kind, timeColumn, partition: [0] } : { ...kind, timeColumn });
const table = (kind: Kind): Node => ({ kind: 'windowTable', input: source.scan, window: spec(kind), columns: [...columns, ...BOUNDS] });
const END = columns.length + 1;
const BIGINT = typed('BIGINT', false);
const count = { name: 'n', call: aggregate('count', undefined, BIGINT) };

const order: readonly OrderKey[] = [{ column: 2, isDescending: true, isNullsFirst: false }, { column: 0, isDescending: false, isNullsFirst: true }];
const best = (kind: Kind): Node => ({
  kind: 'rank', input: table(kind), function: 'rowNumber', partition: [0], order, from: 2, to: 3, hasNumber: true, window: { end: END },
  columns: [...columns, ...BOUNDS, { name: 'rownum', type: BIGINT }],
});
const overall: Node = { ...best(TUMBLE), kind: 'rank', partition: [], order: order.slice(0, 1), from: 1 } as Node;
const single = (keep: 'first' | 'last'): Node => (
  { kind: 'deduplicate', input: table(HOP), partition: [0], time: 'event', timeColumn, keep, window: { end: END }, columns: [...columns, ...BOUNDS] });
/** Counts by device of the windows that rows have already. */
const attached = tumble(table(HOP), [...columns, ...BOUNDS], {
  sizeMs: 0, window: { kind: 'attached', startColumn: columns.length, endColumn: END }, keys: [{ name: 'device', expression: columnOf(columns, 'device') }], aggregates: [count],
});
/** How many results of `below` fall into each window over their window_time. */
const above = (below: Node, sizeMs: number): Node => tumble(below, below.columns, { sizeMs, keys: [], aggregates: [count] });
const counted = (kind: Kind): Node => {
  const node = tumble(source.scan, columns, { sizeMs: 0, window: spec(kind), keys: [{ name: 'device', expression: columnOf(columns, 'device') }], aggregates: [count] });
  return (node as Extract<Node, { kind: 'project' }>).input;
};
const expanded: Node = {
  kind: 'expand', sets: [[true, true], [true, false], [false, false]],
  input: { kind: 'project', input: source.scan, expressions: ['device', 'temperature', 'rt'].map((name) => columnOf(columns, name)), columns: [columns[0], columns[2], columns[3]] as Column[] },
  columns: [columns[0], columns[2], columns[3], { name: '$grouping', type: BIGINT }] as Column[],
};
const rollup = tumble(expanded, expanded.columns, {
  sizeMs: 0, window: { ...TUMBLE, timeColumn: 2 }, aggregates: [count],
  keys: ['device', 'temperature', '$grouping'].map((name) => ({ name, expression: columnOf(expanded.columns, name) })),
});

const NODES = {
  tumbleTable: table(TUMBLE), hopTable: table(HOP), cumulateTable: table(CUMULATE), sessionTable: table(SESSION),
  best: best(HOP), overall, first: single('first'), last: single('last'), attached,
  cascade: above(counted(TUMBLE), 21_000), cascadeHop: above(counted(HOP), 9000), cascadeSession: above(counted(SESSION), 15_000), rollup,
} satisfies Record<string, Node>;
type Name = keyof typeof NODES;
const names = Object.keys(NODES) as Name[];
const plan = planOf([source], names.map((name) => sinkPlan(name, NODES[name], NODES[name].columns)));
const jobs = { simd: (await compileTest(plan)).wasm, scalar: (await compileTest(plan, false)).wasm };

type Values = Record<string, unknown>;
const bounds = ({ start, end }: { start: number; end: number }): Values => ({ window_start: sqlTime(start), window_end: sqlTime(end) });
const rowOf = ({ device, ts, temperature }: Reading): Values => ({ device, ts, temperature });
const keyOf = ({ device }: Reading): string => JSON.stringify(device);
const ended = (list: readonly Reading[], kind: Kind, key = keyOf): ReturnType<typeof endedWindows>['ended'] => endedWindows(list, kind, { delayMs: DELAY_MS, keyOf: key }).ended;

/** Warmest first, NULL last; equal ones by device, NULL first; then by arrival. */
function ranked(rows: readonly Reading[], hasSecond: boolean): Reading[] {
  const text = (device: string | null): Buffer => Buffer.from(device ?? '');
  return rows.map((row, index) => ({ row, index })).sort((a, b) => {
    const [one, two] = [a.row, b.row];
    if (one.temperature !== two.temperature) return one.temperature === null ? 1 : two.temperature === null ? -1 : two.temperature - one.temperature;
    if (!hasSecond || one.device === two.device) return a.index - b.index;
    return one.device === null ? -1 : two.device === null ? 1 : Buffer.compare(text(one.device), text(two.device));
  }).map(({ row }) => row);
}

/** Windows over the results of other windows: each result comes when its window ends. */
function cascaded(list: readonly Reading[], kind: Kind, sizeMs: number): Values[] {
  const windows = new OpenWindows<number>();
  // in order of their ends no result is late, whenever it came
  for (const { end } of [...ended(list, kind)].sort((a, b) => a.end - b.end)) windows.add('', end, windowsOf({ kind: 'tumble', sizeMs, offsetMs: 0 }, end - 1));
  windows.advance(Infinity);
  assert.is(windows.late, 0);
  return windows.ended.map((window) => ({ ...bounds(window), n: window.rows.length }));
}

const EXPECTED: Readonly<Record<Name, (list: readonly Reading[]) => Values[]>> = {
  tumbleTable: (list) => list.flatMap((row) => windowsOf(TUMBLE, row.ts ?? 0).map((window) => ({ ...rowOf(row), ...bounds(window) }))),
  hopTable: (list) => list.flatMap((row) => windowsOf(HOP, row.ts ?? 0).map((window) => ({ ...rowOf(row), ...bounds(window) }))),
  cumulateTable: (list) => list.flatMap((row) => windowsOf(CUMULATE, row.ts ?? 0).map((window) => ({ ...rowOf(row), ...bounds(window) }))),
  sessionTable: (list) => ended(list, SESSION).flatMap((window) => window.rows.map((row) => ({ ...rowOf(row), ...bounds(window) }))),
  best: (list) => ended(list, HOP).flatMap((window) => ranked(window.rows, true).slice(1, 3).map((row, index) => ({ ...rowOf(row), ...bounds(window), rownum: index + 2 }))),
  overall: (list) => ended(list, TUMBLE, () => '').flatMap((window) => ranked(window.rows, false).slice(0, 3).map((row, index) => ({ ...rowOf(row), ...bounds(window), rownum: index + 1 }))),
  first: (list) => ended(list, HOP).map((window) => ({ ...rowOf(window.rows.reduce((a, b) => ((b.ts ?? 0) < (a.ts ?? 0) ? b : a))), ...bounds(window) })),
  last: (list) => ended(list, HOP).map((window) => ({ ...rowOf(window.rows.reduce((a, b) => ((b.ts ?? 0) >= (a.ts ?? 0) ? b : a))), ...bounds(window) })),
  attached: (list) => ended(list, HOP).map((window) => ({ device: window.rows[0]?.device, ...bounds(window), n: window.rows.length })),
  cascade: (list) => cascaded(list, TUMBLE, 21_000),
  cascadeHop: (list) => cascaded(list, HOP, 9000),
  cascadeSession: (list) => cascaded(list, SESSION, 15_000),
  rollup: (list) => [['device', 'temperature'], ['device'], []].flatMap((set, index) => {
    const keep = (name: 'device' | 'temperature', row: Reading): unknown => (set.includes(name) ? row[name] : null);
    const keys = (row: Reading): Values => ({ device: keep('device', row), temperature: keep('temperature', row), $grouping: [0, 1, 3][index] });
    return ended(list, TUMBLE, (row) => JSON.stringify(keys(row))).map((window) => ({ ...keys(window.rows[0] as Reading), ...bounds(window), n: window.rows.length }));
  }),
};

/** Without what follows from the rest. */
function valuesOf({ value }: TestResult): Values {
  const { rt: _, window_time: __, ...values } = JSON.parse(value.replaceAll('-0.0', '0')) as Values;
  return values;
}
const sorted = (rows: readonly Values[]): string[] => rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
const payloads = (list: readonly Reading[]): string[] => list.map(({ device, ts, temperature }) => JSON.stringify({ device, ts, temperature }));

for (const name of names) {
  test(`${name} answers what the words of SQL say, for any order, gaps and times`, () => {
    checked(fc.property(readings, fc.constantFrom(1, 0x400000), (list, outputLimitBytes) => {
      const engine = startModule(jobs.simd, { outputLimitBytes });
      const results = [...engine.feed(payloads(list)), ...engine.end()].filter(({ sink }) => sink === names.indexOf(name));
      assert.equal(sorted(results.map(valuesOf)), sorted(EXPECTED[name](list)));
    }), 20);
  });
}

test('the rows of a window leave in the order of their rank', () => {
  const engine = startModule(jobs.simd);
  engine.feed(payloads([1, 3, 2, 3].map((temperature, index) => ({ device: 'a', ts: 1_700_000_000_000 + index, temperature, status: null }))));
  const found = engine.end().filter(({ sink }) => sink === names.indexOf('overall')).map(valuesOf);
  assert.equal(found.map(({ rownum, temperature }) => [rownum, temperature]), [[1, 3], [2, 3], [3, 2]]);
});

const sent = readings.map((list) => payloads(list).map((payload) => ({ payload, source: 0 })));

test('batch borders, the size of the output area and SIMD change no byte of results or state', () => { assertSameHoweverCut(jobs, sent, 1, 12); });

test('a fresh instance with the pages that were marked goes on as if nothing had happened, after any batch', () => { assertRestores(jobs.simd, sent, 1, 8); });

test('windows that end leave no rows behind', () => {
  const engine = startModule(jobs.simd, { memoryMaxBytes: 64 << 20 });
  let lengthOnceSettled = 0;
  for (let round = 0; round < 60; round += 1) {
    engine.feed(payloads(Array.from({ length: 500 }, (_, index) => ({ device: `device-${round}-${index}`, ts: 1_700_000_000_000 + round * 60_000 + index, temperature: index, status: null }))));
    if (round === 30) lengthOnceSettled = engine.engine.head().stateLength;
  }
  assert.is(engine.engine.head().stateLength, lengthOnceSettled);
});

test.run();
