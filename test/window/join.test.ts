/** Window joins of a compiled job: rows of both sides meet when their window ends; against a plain reference, from two sources. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Column, Expression, JoinType, Node } from '../../host/plan/nodes.ts';
import { compileTest, startModule } from '../engine.ts';
import { aggregate, call, columnOf, json, planOf, ROWTIME, sinkPlan, sourcePlan, TIME, tumble, typed } from '../plans.ts';
import { OpenWindows, windowsOf, type Kind } from './kinds-reference.ts';
import { sqlTime } from './reference.ts';
import { assertRestores, assertSameHoweverCut, checked, type Sent } from './streams.ts';

const DELAY_MS = 4;
const KIND: Kind & { readonly kind: 'hop' } = { kind: 'hop', sizeMs: 10, slideMs: 5, offsetMs: 0 };
const TYPES: readonly JoinType[] = ['inner', 'left', 'right', 'full', 'semi', 'anti'];
const BOUNDS: readonly Column[] = [{ name: 'window_start', type: TIME }, { name: 'window_end', type: TIME }, { name: 'window_time', type: ROWTIME }];
const side = (table: string, source: number): Node => {
  const { scan } = sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('v', typed('INT'))], source, { delayMs: DELAY_MS, table });
  return { kind: 'windowTable', input: scan, window: { ...KIND, timeColumn: 3 }, columns: [...scan.columns, ...BOUNDS] };
};
const sources = ['lefts', 'rights'].map((table, source) => sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('v', typed('INT'))], source, { delayMs: DELAY_MS, table }));
const [left, right] = [side('lefts', 0), side('rights', 1)];
const nullable = (columns: readonly Column[]): Column[] => columns.map(({ name, type }) => ({ name, type: { ...type, isNullable: true } }));

/** On equal keys and, if asked for, v < v2. */
function join(type: JoinType, isConditional: boolean): Node {
  const columns = nullable([...left.columns, ...right.columns.map(({ name, type: of }) => ({ name: `${name}2`, type: of }))]);
  const condition: Expression | undefined = isConditional ? call('lt', typed('BOOLEAN'), columnOf(columns, 'v'), columnOf(columns, 'v2')) : undefined;
  return {
    kind: 'windowJoin', type, left, right, leftKeys: [0], rightKeys: [0], leftStart: 4, leftEnd: 5, rightStart: 4, rightEnd: 5, condition,
    columns: type === 'semi' || type === 'anti' ? columns.slice(0, left.columns.length) : columns,
  };
}
/** Counts of each side in the same windows, joined: operators that wait below one that waits. */
const counts = (input: Node): Node => {
  const node = tumble((input as Extract<Node, { kind: 'windowTable' }>).input, (input as Extract<Node, { kind: 'windowTable' }>).input.columns, {
    sizeMs: 0, window: { ...KIND, timeColumn: 3 }, keys: [{ name: 'k', expression: columnOf(input.columns, 'k') }], aggregates: [{ name: 'n', call: aggregate('count', undefined, typed('BIGINT', false)) }],
  });
  return (node as Extract<Node, { kind: 'project' }>).input;
};
const [leftCounts, rightCounts] = [counts(left), counts(right)];
const both: Node = {
  kind: 'windowJoin', type: 'full', left: leftCounts, right: rightCounts, leftKeys: [0], rightKeys: [0], leftStart: 2, leftEnd: 3, rightStart: 2, rightEnd: 3, condition: undefined,
  columns: nullable([...leftCounts.columns, ...rightCounts.columns.map(({ name, type }) => ({ name: `${name}2`, type }))]),
};
const nodes = [...TYPES.flatMap((type) => [join(type, false), join(type, true)]), both];
const plan = planOf(sources, nodes.map((node, index) => sinkPlan(`sink${index}`, node, node.columns)));
const jobs = { simd: (await compileTest(plan)).wasm, scalar: (await compileTest(plan, false)).wasm };

interface Row { readonly side: 0 | 1; readonly k: string | null; readonly ts: number; readonly v: number | null }
const rows: fc.Arbitrary<Row[]> = fc.array(fc.record({
  side: fc.constantFrom(0 as const, 1 as const), k: fc.constantFrom('a', 'b', 'a key of more than sixteen bytes', null), step: fc.integer({ min: -7, max: 9 }), v: fc.constantFrom(1, 2, 3, null),
}), { maxLength: 60 }).map((steps) => {
  let ts = 1000;
  return steps.map(({ step, ...row }): Row => { ts += step; return { ...row, ts }; });
});
const sentOf = (list: readonly Row[]): Sent[] => list.map(({ side: source, k, ts, v }) => ({ source, payload: JSON.stringify({ k, ts, v }) }));

type Values = readonly unknown[];

/** The windows of both sides that have ended, by window: a row is late by the least watermark of both sources. */
function endedSides(list: readonly Row[]): { start: number; end: number; rows: readonly Row[] }[] {
  const windows = new OpenWindows<Row>();
  const marks = [-Infinity, -Infinity];
  for (const row of list) {
    windows.add('', row, windowsOf(KIND, row.ts));
    marks[row.side] = Math.max(marks[row.side] ?? 0, row.ts - DELAY_MS);
    windows.advance(Math.min(...marks));
  }
  windows.advance(Infinity);
  return windows.ended;
}

function joined(type: JoinType, lefts: readonly Values[], rights: readonly Values[], isMatch: (l: Values, r: Values) => boolean): Values[] {
  const pairs = lefts.flatMap((l) => rights.filter((r) => l[0] !== null && l[0] === r[0] && isMatch(l, r)).map((r) => ({ l, r })));
  const none = (values: Values | undefined): null[] => (values ?? []).map(() => null);
  const aloneLeft = lefts.filter((l) => !pairs.some((pair) => pair.l === l));
  const aloneRight = rights.filter((r) => !pairs.some((pair) => pair.r === r));
  if (type === 'anti') return aloneLeft;
  if (type === 'semi') return lefts.filter((l) => pairs.some((pair) => pair.l === l));
  const width = Array.from({ length: 5 }, () => 0);
  return [
    ...pairs.map(({ l, r }) => [...l, ...r]),
    ...type === 'left' || type === 'full' ? aloneLeft.map((l) => [...l, ...none(width)]) : [],
    ...type === 'right' || type === 'full' ? aloneRight.map((r) => [...none(width), ...r]) : [],
  ];
}

function run(list: readonly Row[], outputLimitBytes: number): Values[][] {
  const engine = startModule(jobs.simd, { outputLimitBytes });
  const results = [...sentOf(list).flatMap(({ payload, source }) => engine.feed([payload], { source })), ...engine.end(0), ...engine.end(1)];
  return nodes.map((_, index) => results.filter(({ sink }) => sink === index).map(({ value }) => {
    const entries = Object.entries(JSON.parse(value) as Record<string, unknown>);
    return entries.filter(([name]) => !/^(rt|window_time)/.test(name)).map(([, one]) => one);
  }));
}

const sorted = (list: readonly Values[]): string[] => list.map((values) => JSON.stringify(values)).sort();

test('rows of both sides meet when their window ends: inner, outer, semi and anti, with and without a further condition', () => {
  checked(fc.property(rows, fc.constantFrom(1, 0x400000), (list, outputLimitBytes) => {
    const found = run(list, outputLimitBytes);
    const windows = endedSides(list);
    const less = (l: Values, r: Values): boolean => l[2] !== null && r[2] !== null && (l[2] as number) < (r[2] as number);
    TYPES.forEach((type, index) => {
      [(): boolean => true, less].forEach((isMatch, place) => {
        const expected = windows.flatMap(({ start, end, rows: all }) => {
          const of = (which: number): Values[] => all.filter((row) => row.side === which).map(({ k, ts, v }) => [k, ts, v, sqlTime(start), sqlTime(end)]);
          return joined(type, of(0), of(1), isMatch);
        });
        assert.equal(sorted(found[index * 2 + place] ?? []), sorted(expected), `${type} ${place}`);
      });
    });
  }), 40);
});

test('results of windows meet in the same windows, however far one source is behind the other', () => {
  checked(fc.property(rows, (list) => {
    const found = run(list, 0x400000).at(-1) ?? [];
    const marks = [-Infinity, -Infinity];
    const sides = [new OpenWindows<Row>(), new OpenWindows<Row>()];
    for (const row of list) {
      sides[row.side]?.add(JSON.stringify(row.k), row, windowsOf(KIND, row.ts));
      marks[row.side] = Math.max(marks[row.side] ?? 0, row.ts - DELAY_MS);
      sides[row.side]?.advance(marks[row.side] ?? 0);
    }
    const [lefts = [], rights = []] = sides.map((windows) => {
      windows.advance(Infinity);
      return windows.ended.map(({ start, end, rows: all }): Values => [all[0]?.k, all.length, sqlTime(start), sqlTime(end)]);
    });
    const isSame = (l: Values, r: Values): boolean => l[2] === r[2];
    const expected = joined('full', lefts, rights, isSame).map((values) => (values.length === 9 ? values[0] === null && values[1] === null && values[2] === null ? [null, null, null, null, ...values.slice(5)] : values.slice(0, 8) : values));
    assert.equal(sorted(found), sorted(expected));
  }), 40);
});

const sent = rows.map(sentOf);

test('batch borders, the size of the output area and SIMD change no byte of results or state', () => { assertSameHoweverCut(jobs, sent, 2, 15); });

test('a fresh instance with the pages that were marked goes on as if nothing had happened, after any batch', () => { assertRestores(jobs.simd, sent, 2, 10); });

test.run();
