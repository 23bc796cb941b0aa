/** The first and the last row of each key of a compiled job, by arrival and by event time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Node } from '../../host/plan/nodes.ts';
import { content } from '../changelog.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { json, planOf, sinkPlan, sourcePlan, typed } from '../plans.ts';

const source = sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('id', typed('INT'))], 0, { delayMs: 1000 });
const { columns } = source.scan;
const keep = (which: 'first' | 'last', time: 'event' | 'arrival'): Node => (
  { kind: 'deduplicate', input: source.scan, partition: [0], time, timeColumn: time === 'event' ? 3 : undefined, keep: which, window: undefined, columns });
const sinks = [keep('first', 'arrival'), keep('last', 'arrival'), keep('first', 'event'), keep('last', 'event')];
const { wasm } = await compileTest(planOf([source], sinks.map((node, index) => sinkPlan(`sink${index}`, node, node.columns))));

interface Row { readonly k: string | null; readonly ts: number; readonly id: number }
const rows = fc.array(fc.record({ k: fc.constantFrom('a', 'b', 'a key of more than sixteen bytes', null), ts: fc.integer({ min: 2000, max: 2020 }), id: fc.nat(1) }), { maxLength: 40 });

test('of each key one row is valid in the end: the first or the last, by arrival or by event time', () => {
  fc.assert(fc.property(rows, fc.constantFrom(1, 0x100000), (list: readonly Row[], outputLimitBytes) => {
    const engine = startModule(wasm, { outputLimitBytes });
    const results = [...engine.feed(list.map((row) => JSON.stringify(row))), ...engine.end()];
    const keys = [...new Set(list.map(({ k }) => k))];
    const wanted = (choose: (of: readonly Row[]) => Row | undefined): string[] => keys.map((key) => choose(list.filter(({ k }) => k === key))).map((row) => (
      JSON.stringify([row?.k, row?.ts, row?.id, new Date(row?.ts ?? 0).toISOString().replace('T', ' ').replace(/\.?0*Z$/, 'Z')]))).sort();
    assert.equal(content(results, 0), wanted(([one]) => one), 'first to come');
    assert.equal(content(results, 1), wanted((of) => of.at(-1)), 'last to come');
    assert.equal(content(results, 2), wanted((of) => of.reduce((one, other) => (other.ts < one.ts ? other : one))), 'earliest');
    assert.equal(content(results, 3), wanted((of) => of.reduce((one, other) => (other.ts >= one.ts ? other : one))), 'latest');
  }), { seed: SEED, numRuns: 60 });
});

test.run();
