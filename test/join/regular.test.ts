/** Regular joins of a compiled job: the changes they send, added up, are the join of all rows; however the output is cut. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Column, Expression, JoinType, Node } from '../../host/plan/nodes.ts';
import { content } from '../changelog.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { aggregate, call, columnOf, json, planOf, sinkPlan, sourcePlan, typed } from '../plans.ts';

const left = sourcePlan([json('k', typed('STRING')), json('x', typed('INT'))], 0, { table: 'lefts' });
const right = sourcePlan([json('k', typed('STRING')), json('y', typed('INT'))], 1, { table: 'rights' });
const TYPES: readonly JoinType[] = ['inner', 'left', 'right', 'full', 'semi', 'anti'];
const nullable = (columns: readonly Column[]): Column[] => columns.map(({ name, type }) => ({ name, type: { ...type, isNullable: true } }));

/** `left` with `right` on equal keys, and x < y if asked for. */
function join(type: JoinType, sides: readonly [Node, Node], isConditional: boolean): Node {
  const columns = nullable([...sides[0].columns, ...sides[1].columns.map(({ name, type: of }) => ({ name: `${name}2`, type: of }))]);
  const condition: Expression | undefined = isConditional ? call('lt', typed('BOOLEAN'), columnOf(columns, 'x'), columnOf(columns, 'y2')) : undefined;
  return {
    kind: 'join', type, left: sides[0], right: sides[1], leftKeys: [0], rightKeys: [0], condition,
    columns: type === 'semi' || type === 'anti' ? columns.slice(0, sides[0].columns.length) : columns,
  };
}

/** How many rows each key has: an input that takes rows back. */
function counts(input: Node): Node {
  return {
    kind: 'groupAggregate', input, keys: [columnOf(input.columns, 'k')], aggregates: [aggregate('count', undefined, typed('BIGINT', false))],
    columns: [{ name: 'k', type: typed('STRING') }, { name: 'n', type: typed('BIGINT', false) }],
  };
}

const jobs = await Promise.all(TYPES.map(async (type) => {
  const plain = join(type, [left.scan, right.scan], true);
  const changing = join(type, [counts(left.scan), right.scan], false);
  const itself = join(type, [left.scan, left.scan], false);
  const plan = planOf([left, right], [plain, changing, itself].map((node, index) => sinkPlan(`sink${index}`, node, node.columns)));
  return { type, wasm: (await compileTest(plan)).wasm };
}));

interface Row { readonly side: 0 | 1; readonly k: string | null; readonly v: number | null }
const row: fc.Arbitrary<Row> = fc.record({
  side: fc.constantFrom(0 as const, 1 as const), k: fc.constantFrom('a', 'b', 'a key of more than sixteen bytes', null), v: fc.constantFrom(1, 2, 3, null),
});

/** Rows of one side that follow each other come in one batch. */
function batches(rows: readonly Row[]): Row[][] {
  const found: Row[][] = [];
  for (const one of rows) {
    const last = found.at(-1);
    if (last?.[0]?.side === one.side) last.push(one);
    else found.push([one]);
  }
  return found;
}

type Values = readonly unknown[];

/** The join written from the words of SQL. */
function joined(type: JoinType, lefts: readonly Values[], rights: readonly Values[], isMatch: (l: Values, r: Values) => boolean): Values[] {
  const pairs = lefts.flatMap((l) => rights.filter((r) => l[0] !== null && l[0] === r[0] && isMatch(l, r)).map((r) => ({ l, r })));
  const none = (count: number): null[] => Array.from({ length: count }, () => null);
  const aloneLeft = lefts.filter((l) => !pairs.some((pair) => pair.l === l));
  const aloneRight = rights.filter((r) => !pairs.some((pair) => pair.r === r));
  if (type === 'anti') return aloneLeft;
  if (type === 'semi') return lefts.filter((l) => pairs.some((pair) => pair.l === l));
  return [
    ...pairs.map(({ l, r }) => [...l, ...r]),
    ...type === 'left' || type === 'full' ? aloneLeft.map((l) => [...l, ...none(2)]) : [],
    ...type === 'right' || type === 'full' ? aloneRight.map((r) => [...none(2), ...r]) : [],
  ];
}

const lines = (rows: readonly Values[]): string[] => rows.map((values) => JSON.stringify(values)).sort();

for (const { type, wasm } of jobs) {
  test(`${type} join: whatever comes from either side, the changes add up to the join of all rows`, () => {
    fc.assert(fc.property(fc.array(row, { maxLength: 40 }), fc.constantFrom(1, 0x100000), (rows, outputLimitBytes) => {
      const engine = startModule(wasm, { outputLimitBytes });
      const results = batches(rows).flatMap((batch) => engine.feed(batch.map(({ side, k, v }) => JSON.stringify(side === 0 ? { k, x: v } : { k, y: v })), { source: batch[0]?.side ?? 0 }));
      const of = (side: number): Values[] => rows.filter((one) => one.side === side).map(({ k, v }) => [k, v]);
      const [lefts, rights] = [of(0), of(1)];
      const less = ([, x]: Values, [, y]: Values): boolean => x !== null && y !== null && (x as number) < (y as number);
      assert.equal(content(results, 0), lines(joined(type, lefts, rights, less)), 'with a condition');
      const grouped = [...new Set(lefts.map(([k]) => k))].map((k) => [k, lefts.filter(([other]) => other === k).length]);
      assert.equal(content(results, 1), lines(joined(type, grouped, rights, () => true)), 'with an input that takes rows back');
      assert.equal(content(results, 2), lines(joined(type, lefts, lefts.map((values) => [...values]), () => true)), 'with itself');
    }), { seed: SEED, numRuns: 40 });
  });
}

test.run();
