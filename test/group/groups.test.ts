/** Aggregations without windows of a compiled job: the changes they send, against a plain reference. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Node } from '../../host/plan/nodes.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { aggregate, columnOf, json, planOf, sinkPlan, sourcePlan, typed } from '../plans.ts';

const source = sourcePlan([json('device', typed('STRING')), json('value', typed('INT')), json('name', typed('STRING'))], 0);
const { columns } = source.scan;
const totals: Node = {
  kind: 'groupAggregate', input: source.scan, keys: [columnOf(columns, 'device')],
  aggregates: [
    aggregate('count', undefined, typed('BIGINT', false)), aggregate('sum', columnOf(columns, 'value'), typed('INT')),
    aggregate('max', columnOf(columns, 'name'), typed('STRING')),
  ],
  columns: [{ name: 'device', type: typed('STRING') }, { name: 'n', type: typed('BIGINT', false) }, { name: 'total', type: typed('INT') }, { name: 'last', type: typed('STRING') }],
};
const byCount: Node = {
  kind: 'groupAggregate', input: totals, keys: [columnOf(totals.columns, 'n')], aggregates: [aggregate('count', undefined, typed('BIGINT', false))],
  columns: [{ name: 'n', type: typed('BIGINT', false) }, { name: 'devices', type: typed('BIGINT', false) }],
};
const job = await compileTest(planOf([source], [sinkPlan('totals', totals, totals.columns), sinkPlan('counts', byCount, byCount.columns)]));

interface Reading { readonly device: string | null; readonly value: number | null; readonly name: string | null }
const reading: fc.Arbitrary<Reading> = fc.record({
  device: fc.constantFrom('a', 'b', 'a long name of a device', null), value: fc.constantFrom(0, 1, 7, null), name: fc.constantFrom('x', 'y', 'a longer text than most', null),
});

type Change = readonly [kind: string, ...row: unknown[]];

/** Written from the words of SQL: what each row changes. */
function reference(readings: readonly Reading[]): { readonly totals: Change[]; readonly counts: Change[] } {
  const groups = new Map<string | null, [n: number, total: number | null, last: string | null]>();
  const counted = new Map<number, number>();
  const changes: Change[] = [];
  const counts: Change[] = [];
  const count = (n: number, step: number): void => {
    const before = counted.get(n) ?? 0;
    const after = before + step;
    counted.set(n, after);
    if (before > 0) counts.push([after === 0 ? '-D' : '-U', n, before]);
    if (after > 0) counts.push([before === 0 ? '+I' : '+U', n, after]);
  };
  for (const { device, value, name } of readings) {
    const before = groups.get(device);
    const [n, total, last] = before ?? [0, null, null];
    const after: [number, number | null, string | null] = [
      n + 1, value === null ? total : (total ?? 0) + value, name === null || (last !== null && last >= name) ? last : name,
    ];
    groups.set(device, after);
    if (before) changes.push(['-U', device, ...before]);
    changes.push([before ? '+U' : '+I', device, ...after]);
    if (before) count(before[0], -1);
    count(after[0], 1);
  }
  return { totals: changes, counts };
}

test('each row changes its group: the former result is taken back, the new one sent, and what counts groups follows', () => {
  fc.assert(fc.property(fc.array(reading, { maxLength: 60 }), fc.constantFrom(1, 0x100000), (readings, outputLimitBytes) => {
    const engine = startModule(job.wasm, { outputLimitBytes });
    const results = engine.feed(readings.map((row) => JSON.stringify(row)));
    const rows = (sink: number): unknown[] => results.filter((result) => result.sink === sink).map(({ value }) => Object.values(JSON.parse(value) as object));
    const expected = reference(readings);
    assert.equal(rows(0), expected.totals);
    assert.equal(rows(1), expected.counts);
  }), { seed: SEED, numRuns: 60 });
});

test.run();
