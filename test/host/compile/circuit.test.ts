/** Operators above operators in compiled jobs: union, order by event time, and a window over what has been sorted. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { COUNTER_LATE } from '../../../assembly/abi.ts';
import type { Node } from '../../../host/plan/nodes.ts';
import { compileTest, startModule } from '../../engine.ts';
import { SEED } from '../../json/seed.ts';
import { aggregate, call, columnOf, json, planOf, sinkPlan, sourcePlan, tumble, typed } from '../../plans.ts';

const DELAY_MS = 5;
const source = sourcePlan([json('ts', typed('BIGINT')), json('name', typed('STRING'))], 0, { delayMs: DELAY_MS });
const { columns } = source.scan;
const sorted: Node = { kind: 'sort', input: source.scan, timeColumn: 2, order: [], columns };
const counted = (input: Node): Node => tumble(input, columns, {
  sizeMs: 10, keys: [{ name: 'name', expression: columnOf(columns, 'name') }],
  aggregates: [{ name: 'n', call: aggregate('count', undefined, typed('BIGINT', false)) }],
});
const isA: Node = { kind: 'filter', input: source.scan, condition: call('eq', typed('BOOLEAN'), columnOf(columns, 'name'), columnOf(columns, 'name')), columns };
const both: Node = { kind: 'union', inputs: [source.scan, isA], columns };
const sinks = [sorted, counted(sorted), counted(source.scan), both];
const { wasm } = await compileTest(planOf([source], sinks.map((node, index) => sinkPlan(`sink${index}`, node, node.columns))));

interface Row { readonly ts: number; readonly name: string | null }
const rows = fc.array(fc.record({ step: fc.integer({ min: -8, max: 9 }), name: fc.constantFrom('a', 'b', 'a text of more than sixteen bytes', null) }), { maxLength: 50 })
  .map((steps): Row[] => {
    let ts = 1000;
    return steps.map(({ step, name }) => { ts += step; return { ts, name }; });
  });

test('rows go on in order of event time, late ones are counted, and a window over them sees none of its own as late', () => {
  fc.assert(fc.property(rows, fc.constantFrom(1, 0x100000), (list, outputLimitBytes) => {
    const engine = startModule(wasm, { outputLimitBytes });
    const results = [...engine.feed(list.map((row) => JSON.stringify(row))), ...engine.end()];
    const of = (sink: number): Record<string, unknown>[] => results.filter((result) => result.sink === sink).map(({ value }) => JSON.parse(value) as Record<string, unknown>);
    let newest = -Infinity;
    const kept = list.filter(({ ts }) => {
      const isLate = ts <= newest - DELAY_MS;
      newest = Math.max(newest, ts);
      return !isLate;
    });
    const inOrder = kept.map((row, index) => ({ row, index })).sort((a, b) => a.row.ts - b.row.ts || a.index - b.index).map(({ row }) => row);
    assert.equal(of(0).map(({ ts, name }) => ({ ts, name })), inOrder);
    const windows = new Map<string, number>();
    for (const { ts, name } of kept) windows.set(`${Math.floor(ts / 10)} ${name}`, (windows.get(`${Math.floor(ts / 10)} ${name}`) ?? 0) + 1);
    assert.equal(of(1).map(({ n }) => n as number).reduce((sum, n) => sum + n, 0), kept.length, 'the window above the sort takes every row of it');
    assert.is(of(1).length, windows.size);
    assert.is(of(3).length, list.length + list.filter(({ name }) => name !== null).length);
    assert.ok((engine.engine.counters()[COUNTER_LATE] ?? 0) >= list.length - kept.length);
  }), { seed: SEED, numRuns: 60 });
});

test.run();
