/** Temporal joins of a compiled job against a plain reference, on rows that are not late. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Column, Node, TemporalJoinNode } from '../../host/plan/nodes.ts';
import { content } from '../changelog.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { json, planOf, sinkPlan, sourcePlan, typed } from '../plans.ts';

const DELAY_MS = 20;
const orders = sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('id', typed('INT'))], 0, { table: 'orders', delayMs: DELAY_MS });
const rates = sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('rate', typed('INT'))], 1, { table: 'rates', delayMs: DELAY_MS });
const TYPES: readonly TemporalJoinNode['type'][] = ['inner', 'left'];
const columns: Column[] = [...orders.scan.columns, ...rates.scan.columns.map((column) => ({ ...column, name: `${column.name}2` }))]
  .map(({ name, type }) => ({ name, type: { ...type, isNullable: true } }));
const joins = TYPES.map((type): Node => ({
  kind: 'temporalJoin', type, left: orders.scan, right: rates.scan, leftKeys: [0], rightKeys: [0], leftTime: 3, rightTime: 3, condition: undefined, columns,
}));
const { wasm } = await compileTest(planOf([orders, rates], joins.map((node, index) => sinkPlan(`sink${index}`, node, node.columns))));

interface Row { readonly side: 0 | 1; readonly k: string | null; readonly ts: number; readonly id: number }
/** No row is late, and no key has two versions of one time. */
const rows = fc.array(fc.record({ side: fc.constantFrom(0 as const, 1 as const), k: fc.constantFrom('a', 'b', null), back: fc.nat(3) }), { maxLength: 50 })
  .map((list): Row[] => list.map(({ side, k, back }, id) => ({ side, k, ts: 5000 + id * 5 - back * 4, id })));

test('each row meets the version that was valid at its time, though versions come out of order', () => {
  fc.assert(fc.property(rows, fc.constantFrom(1, 0x100000), (list, outputLimitBytes) => {
    const engine = startModule(wasm, { outputLimitBytes });
    const results = [
      ...list.flatMap(({ side, id, ...row }) => engine.feed([JSON.stringify(side === 0 ? { ...row, id } : { ...row, rate: id })], { source: side })), ...engine.end(0), ...engine.end(1),
    ];
    const at = (ts: number): string => new Date(ts).toISOString().replace('T', ' ').replace(/\.?0*Z$/, 'Z');
    const met = list.filter(({ side }) => side === 0).map((order) => {
      const versions = list.filter(({ side, k, ts }) => side === 1 && k === order.k && ts <= order.ts).sort((a, b) => a.ts - b.ts);
      return { order, version: versions.at(-1) };
    });
    const line = ({ order, version }: typeof met[number]): string => JSON.stringify([
      order.k, order.ts, order.id, at(order.ts), ...version ? [version.k, version.ts, version.id, at(version.ts)] : [null, null, null, null],
    ]);
    assert.equal(content(results, 0), met.filter(({ version }) => version).map(line).sort());
    assert.equal(content(results, 1), met.map(line).sort());
  }), { seed: SEED, numRuns: 60 });
});

test.run();
