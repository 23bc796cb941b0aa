/** Joins in time of a compiled job against a plain reference, on rows that are not late. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Column, IntervalJoinNode, Node } from '../../host/plan/nodes.ts';
import { content } from '../changelog.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { json, planOf, sinkPlan, sourcePlan, typed } from '../plans.ts';

const DELAY_MS = 20;
const [LOWER_MS, UPPER_MS] = [-5, 3];
const left = sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('id', typed('INT'))], 0, { table: 'lefts', delayMs: DELAY_MS });
const right = sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('id', typed('INT'))], 1, { table: 'rights', delayMs: DELAY_MS });
const TYPES: readonly IntervalJoinNode['type'][] = ['inner', 'left', 'right', 'full'];
const columns: Column[] = [...left.scan.columns, ...right.scan.columns.map((column) => ({ ...column, name: `${column.name}2` }))]
  .map(({ name, type }) => ({ name, type: { ...type, isNullable: true } }));
const joins = TYPES.map((type): Node => ({
  kind: 'intervalJoin', type, left: left.scan, right: right.scan, leftKeys: [0], rightKeys: [0], leftTime: 3, rightTime: 3, lowerMs: LOWER_MS, upperMs: UPPER_MS,
  condition: undefined, columns,
}));
const { wasm } = await compileTest(planOf([left, right], joins.map((node, index) => sinkPlan(`sink${index}`, node, node.columns))));

interface Row { readonly side: 0 | 1; readonly k: string | null; readonly ts: number; readonly id: number }
/** Times that go on, each at most DELAY_MS behind the newest: no row is late. */
const rows = fc.array(fc.record({ side: fc.constantFrom(0 as const, 1 as const), k: fc.constantFrom('a', 'b', null), step: fc.integer({ min: 0, max: 6 }), back: fc.nat(DELAY_MS - 1) }), { maxLength: 50 })
  .map((list): Row[] => {
    let now = 5000;
    return list.map(({ side, k, step, back }, id) => { now += step; return { side, k, ts: now - back, id }; });
  });

test('rows whose times lie within the bounds are joined once; what an outer side has met nothing goes on with NULLs', () => {
  fc.assert(fc.property(rows, fc.constantFrom(1, 0x100000), (list, outputLimitBytes) => {
    const engine = startModule(wasm, { outputLimitBytes });
    const results = [
      ...list.flatMap(({ side, ...row }) => engine.feed([JSON.stringify(row)], { source: side })), ...engine.end(0), ...engine.end(1),
    ];
    const [lefts, rights] = [list.filter(({ side }) => side === 0), list.filter(({ side }) => side === 1)];
    const pairs = lefts.flatMap((l) => rights.filter((r) => l.k !== null && l.k === r.k && l.ts >= r.ts + LOWER_MS && l.ts <= r.ts + UPPER_MS).map((r) => ({ l, r })));
    const at = (ts: number): string => new Date(ts).toISOString().replace('T', ' ').replace(/\.?0*Z$/, 'Z');
    const line = (l: Row | undefined, r: Row | undefined): string => (
      JSON.stringify([l, r].flatMap((row) => (row ? [row.k, row.ts, row.id, at(row.ts)] : [null, null, null, null]))));
    const both = pairs.map(({ l, r }) => line(l, r));
    const aloneLeft = lefts.filter((l) => !pairs.some((pair) => pair.l === l)).map((l) => line(l, undefined));
    const aloneRight = rights.filter((r) => !pairs.some((pair) => pair.r === r)).map((r) => line(undefined, r));
    assert.equal(content(results, 0), [...both].sort());
    assert.equal(content(results, 1), [...both, ...aloneLeft].sort());
    assert.equal(content(results, 2), [...both, ...aloneRight].sort());
    assert.equal(content(results, 3), [...both, ...aloneLeft, ...aloneRight].sort());
  }), { seed: SEED, numRuns: 60 });
});

test('rows that can meet nothing any more are forgotten: the state does not grow with the stream', () => {
  const engine = startModule(wasm, { memoryMaxBytes: 16 << 20 });
  let length = 0;
  for (let round = 0; round < 40; round += 1) {
    for (const source of [0, 1]) engine.feed(Array.from({ length: 200 }, (_, index) => JSON.stringify({ k: `key ${index}`, ts: 5000 + round * 100 + index / 2 | 0, id: index })), { source });
    if (round === 10) length = engine.engine.stateBytes();
  }
  assert.is(engine.engine.stateBytes(), length);
});

test.run();
