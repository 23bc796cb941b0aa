/** Top-N of a compiled job: the changes it sends, added up, are the first rows of each partition, with their numbers or without. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Node, OrderKey } from '../../host/plan/nodes.ts';
import { content } from '../changelog.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { aggregate, columnOf, json, planOf, sinkPlan, sourcePlan, typed } from '../plans.ts';

const source = sourcePlan([json('k', typed('STRING')), json('text', typed('STRING')), json('value', typed('DOUBLE')), json('id', typed('INT'))], 0);
const { columns } = source.scan;
const ORDER: readonly OrderKey[] = [
  { column: 1, isDescending: true, isNullsFirst: false }, { column: 2, isDescending: false, isNullsFirst: true }, { column: 3, isDescending: false, isNullsFirst: true },
];
const number = { name: 'number', type: typed('BIGINT', false) };

function top(input: Node, order: readonly OrderKey[], range: { readonly from?: number; readonly to: number; readonly hasNumber: boolean; readonly partition: readonly number[] }): Node {
  const { from = 1, to, hasNumber, partition } = range;
  return {
    kind: 'rank', input, function: 'rowNumber', partition, order, from, to, hasNumber, window: undefined,
    columns: [...input.columns, ...hasNumber ? [number] : []],
  };
}
const counts: Node = {
  kind: 'groupAggregate', input: source.scan, keys: [columnOf(columns, 'k')], aggregates: [aggregate('count', undefined, typed('BIGINT', false))],
  columns: [{ name: 'k', type: typed('STRING') }, { name: 'n', type: typed('BIGINT', false) }],
};
const BY_COUNT: readonly OrderKey[] = [{ column: 1, isDescending: true, isNullsFirst: false }, { column: 0, isDescending: false, isNullsFirst: true }];
const sinks = [
  top(source.scan, ORDER, { to: 2, hasNumber: false, partition: [0] }), top(source.scan, ORDER, { from: 2, to: 3, hasNumber: true, partition: [0] }),
  top(source.scan, ORDER, { from: 2, to: 4, hasNumber: false, partition: [] }),
  top(counts, BY_COUNT, { to: 2, hasNumber: true, partition: [] }), top(counts, BY_COUNT, { to: 2, hasNumber: false, partition: [] }),
];
const { wasm } = await compileTest(planOf([source], sinks.map((node, index) => sinkPlan(`sink${index}`, node, node.columns))));

interface Row { readonly k: string | null; readonly text: string | null; readonly value: number | null; readonly id: number }
const rows = fc.array(fc.record({
  k: fc.constantFrom('a', 'b', null), text: fc.constantFrom('', 'x', 'xy', 'x\u0000', 'é', null), value: fc.constantFrom(-1.5, -0.5, 0, 2, 1e300, null),
}), { maxLength: 40 }).map((list): Row[] => list.map((row, id) => ({ ...row, id })));

function compare(a: Row, b: Row): number {
  const texts = [a.text, b.text].map((text) => (text === null ? '￿' : text));
  const [one, two] = [a.text, b.text];
  if (one !== two) {
    if (one === null) return 1;
    if (two === null) return -1;
    return Buffer.compare(Buffer.from(texts[1] as string), Buffer.from(texts[0] as string));
  }
  if (a.value !== b.value) return a.value === null ? -1 : b.value === null ? 1 : a.value - b.value;
  return a.id - b.id;
}

const line = (values: readonly unknown[]): string => JSON.stringify(values);
const values = ({ k, text, value, id }: Row): unknown[] => [k, text, value, id];

test('the changes add up to the first rows of each partition, of rows that only come and of rows that change', () => {
  fc.assert(fc.property(rows, fc.constantFrom(1, 0x100000), (list, outputLimitBytes) => {
    const engine = startModule(wasm, { outputLimitBytes });
    const results = engine.feed(list.map((row) => JSON.stringify(row)));
    const byKey = (k: string | null): Row[] => list.filter((row) => row.k === k).sort(compare);
    const keys = [...new Set(list.map(({ k }) => k))];
    assert.equal(content(results, 0), keys.flatMap((k) => byKey(k).slice(0, 2)).map((row) => line(values(row))).sort());
    assert.equal(content(results, 1), keys.flatMap((k) => byKey(k).slice(1, 3).map((row, index) => line([...values(row), index + 2]))).sort());
    assert.equal(content(results, 2), [...list].sort(compare).slice(1, 4).map((row) => line(values(row))).sort());
    const counted = keys.map((k) => ({ k, n: byKey(k).length })).sort((a, b) => b.n - a.n || (a.k === null ? -1 : b.k === null ? 1 : a.k < b.k ? -1 : 1)).slice(0, 2);
    assert.equal(content(results, 3), counted.map(({ k, n }, index) => line([k, n, index + 1])).sort());
    assert.equal(content(results, 4), counted.map(({ k, n }) => line([k, n])).sort());
  }), { seed: SEED, numRuns: 60 });
});

test.run();
