/** Aggregations in windows of every kind of a compiled job against the plain reference, however the input is cut into batches. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { COUNTER_LATE } from '../../assembly/abi.ts';
import type { Node, WindowSpec } from '../../host/plan/nodes.ts';
import { compileTest, startModule } from '../engine.ts';
import { aggregate, columnOf, planOf, READINGS, sinkPlan, sourcePlan, tumble, typed } from '../plans.ts';
import { endedWindows, type Ended, type Kind } from './kinds-reference.ts';
import { sqlTime, type Reading } from './reference.ts';
import { assertRestores, assertSameHoweverCut, checked, readings } from './streams.ts';

const DELAY_MS = 2000;
const source = sourcePlan(READINGS, 0, { delayMs: DELAY_MS });
const { columns } = source.scan;
const KINDS: readonly (Kind & { readonly isGlobal?: boolean })[] = [
  { kind: 'tumble', sizeMs: 7000, offsetMs: -2500 },
  { kind: 'hop', sizeMs: 9000, slideMs: 3000, offsetMs: 0 },
  { kind: 'hop', sizeMs: 10_000, slideMs: 4000, offsetMs: 500 },
  { kind: 'hop', sizeMs: 3000, slideMs: 5000, offsetMs: -700 },
  { kind: 'cumulate', sizeMs: 12_000, stepMs: 3000, offsetMs: 0 },
  { kind: 'cumulate', sizeMs: 6000, stepMs: 6000, offsetMs: 1500 },
  { kind: 'session', gapMs: 2500 },
  { kind: 'session', gapMs: 2500, isGlobal: true },
  { kind: 'hop', sizeMs: 9000, slideMs: 3000, offsetMs: 100, isGlobal: true },
  { kind: 'cumulate', sizeMs: 12_000, stepMs: 3000, offsetMs: 100, isGlobal: true },
];

function specOf(kind: (typeof KINDS)[number]): WindowSpec {
  const { isGlobal, ...spec } = kind;
  const timeColumn = columns.length - 1;
  return spec.kind === 'session' ? { ...spec, timeColumn, partition: isGlobal === true ? [] : [0] } : { ...spec, timeColumn };
}

/** With `hasText` the panes hold a text, so that windows do not share slices. */
function windowed(kind: (typeof KINDS)[number], hasText: boolean): Node {
  const temperature = columnOf(columns, 'temperature');
  return tumble(source.scan, columns, {
    sizeMs: 0, window: specOf(kind), keys: kind.isGlobal === true ? [] : [{ name: 'device', expression: columnOf(columns, 'device') }],
    aggregates: [
      { name: 'n', call: aggregate('count', undefined, typed('BIGINT', false)) },
      { name: 'low', call: aggregate('min', temperature, typed('DOUBLE')) }, { name: 'mean', call: aggregate('avg', temperature, typed('DOUBLE')) },
      { name: 'total', call: aggregate('sum', temperature, typed('DOUBLE')) },
      ...hasText ? [{ name: 'most', call: aggregate('max', columnOf(columns, 'status'), typed('STRING')) }, { name: 'least', call: aggregate('min', columnOf(columns, 'status'), typed('STRING')) }] : [],
    ],
  });
}

const nodes = KINDS.flatMap((kind) => [windowed(kind, false), windowed(kind, true)]);
const plan = planOf([source], nodes.map((node, index) => sinkPlan(`sink${index}`, node, node.columns)));
const jobs = { simd: (await compileTest(plan)).wasm, scalar: (await compileTest(plan, false)).wasm };

function resultOf({ start, end, rows }: Ended<Reading>, isGlobal: boolean, hasText: boolean): string {
  const values = rows.flatMap(({ temperature }) => (temperature === null ? [] : [temperature]));
  const texts = rows.flatMap(({ status }) => (status === null ? [] : [status])).sort();
  const total = values.length === 0 ? null : values.reduce((sum, value) => sum + value) + 0;
  return JSON.stringify({
    ...isGlobal ? {} : { device: rows[0]?.device }, window_start: sqlTime(start), window_end: sqlTime(end), n: rows.length,
    low: values.length === 0 ? null : Math.min(...values), mean: total === null ? null : total / values.length, total,
    ...hasText ? { most: texts.at(-1) ?? null, least: texts[0] ?? null } : {},
  });
}

/** Windows in the order in which they came; those with the same end in a fixed order. */
function canonical(results: readonly string[]): string[] {
  const groups: { end: string; lines: string[] }[] = [];
  for (const line of results) {
    const { window_end: end } = JSON.parse(line) as { window_end: string };
    if (groups.at(-1)?.end === end) groups.at(-1)?.lines.push(line);
    else groups.push({ end, lines: [line] });
  }
  return groups.flatMap(({ lines }) => lines.sort());
}

/** Windows far from each other that wait before 1970. */
const MEMORY = { memoryMaxBytes: 128 << 20 };
const payloads = (list: readonly Reading[]): string[] => list.map((entry) => JSON.stringify(entry));

test('windows of every kind answer what the words of SQL say, for any order, gaps and times, and count what is late for all of them', () => {
  checked(fc.property(readings, (list) => {
    const engine = startModule(jobs.simd, MEMORY);
    const results = [...engine.feed(payloads(list)), ...engine.end()];
    let late = 0;
    KINDS.forEach((kind, index) => {
      const isGlobal = kind.isGlobal === true;
      const expected = endedWindows(list, kind, { delayMs: DELAY_MS, keyOf: ({ device }) => (isGlobal ? '' : JSON.stringify(device)) });
      late += 2 * expected.late;
      for (const hasText of [false, true]) {
        const sink = index * 2 + (hasText ? 1 : 0);
        const found = results.filter((result) => result.sink === sink).map(({ value }) => JSON.stringify(JSON.parse(value.replaceAll('-0.0', '0'))));
        assert.equal(canonical(found), canonical(expected.ended.map((window) => resultOf(window, isGlobal, hasText))), `${JSON.stringify(kind)} ${hasText}`);
      }
    });
    assert.is(engine.engine.counters()[COUNTER_LATE], late);
  }), 40);
});

const sent = readings.map((list) => payloads(list).map((payload) => ({ payload, source: 0 })));

test('batch borders, the size of the output area and SIMD change no byte of results or state', () => { assertSameHoweverCut(jobs, sent, 1, 20); });

test('a fresh instance with the pages that were marked goes on as if nothing had happened, after any batch', () => { assertRestores(jobs.simd, sent, 1, 15); });

test('a million panes of keys that come and go in windows of every kind leave no state behind', () => {
  const engine = startModule(jobs.simd, { memoryMaxBytes: 64 << 20 });
  let lengthOnceSettled = 0;
  for (let round = 0; round < 50; round += 1) {
    engine.feed(Array.from({ length: 1000 }, (_, index) => (
      JSON.stringify({ device: `device-${round}-${index}`, ts: 1_700_000_000_000 + round * 60_000 + index, temperature: 1, status: 'a status that takes a block' }))));
    if (round === 25) lengthOnceSettled = engine.engine.head().stateLength;
  }
  assert.is(engine.engine.head().stateLength, lengthOnceSettled);
});

test.run();
