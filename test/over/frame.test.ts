/** OVER of a compiled job against a plain reference: rows and ranges, bounded or not, by event time and by arrival. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import type { Node, OverNode } from '../../host/plan/nodes.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { aggregate, columnOf, json, planOf, sinkPlan, sourcePlan, typed } from '../plans.ts';

const source = sourcePlan([json('k', typed('STRING')), json('ts', typed('BIGINT')), json('value', typed('DOUBLE')), json('id', typed('INT'))], 0, { delayMs: 1000 });
const { columns } = source.scan;
const value = columnOf(columns, 'value');
const FRAMES: readonly (readonly [OverNode['time'], OverNode['frame']])[] = [
  ['event', { unit: 'rows', preceding: undefined }], ['event', { unit: 'range', preceding: undefined }], ['event', { unit: 'rows', preceding: 2 }],
  ['event', { unit: 'range', preceding: 5 }], ['arrival', { unit: 'rows', preceding: undefined }],
];
const overs = FRAMES.map(([time, frame]): Node => ({
  kind: 'over', input: source.scan, partition: [0], time, timeColumn: 4, frame,
  aggregates: [aggregate('count', undefined, typed('BIGINT', false)), aggregate('sum', value, typed('DOUBLE')), aggregate('avg', value, typed('DOUBLE'))],
  columns: [...columns, { name: 'n', type: typed('BIGINT', false) }, { name: 'total', type: typed('DOUBLE') }, { name: 'mean', type: typed('DOUBLE') }],
}));
const { wasm } = await compileTest(planOf([source], overs.map((node, index) => sinkPlan(`sink${index}`, node, node.columns))));

interface Row { readonly k: string | null; readonly ts: number; readonly value: number | null; readonly id: number }
/** Halves, whose sums are exact, so that the reference need not add in the same order. */
const rows = fc.array(fc.record({
  k: fc.constantFrom('a', 'b', 'a key of more than sixteen bytes', null), ts: fc.integer({ min: 2000, max: 2025 }), value: fc.constantFrom(0.5, 1, -3, 7.5, null),
}), { maxLength: 40 }).map((list): Row[] => list.map((row, id) => ({ ...row, id })));

/** Written from the words of SQL. */
function reference(list: readonly Row[], time: OverNode['time'], { unit, preceding }: OverNode['frame']): string[] {
  const ordered = time === 'arrival' ? list : list.map((row) => row).sort((a, b) => a.ts - b.ts || a.id - b.id);
  return ordered.map((row, index) => {
    const before = ordered.filter((other, place) => other.k === row.k && (unit === 'range' ? other.ts <= row.ts : place <= index));
    const frame = preceding === undefined ? before : unit === 'rows' ? before.slice(-preceding - 1) : before.filter((other) => other.ts >= row.ts - preceding);
    const values = frame.flatMap((other) => (other.value === null ? [] : [other.value]));
    const total = values.reduce((sum, one) => sum + one, 0);
    return JSON.stringify([row.id, frame.length, values.length === 0 ? null : total, values.length === 0 ? null : total / values.length]);
  });
}

test('each row goes on with the aggregates of its frame, in order of time', () => {
  fc.assert(fc.property(rows, fc.constantFrom(1, 0x100000), (list, outputLimitBytes) => {
    const engine = startModule(wasm, { outputLimitBytes });
    const results = [...engine.feed(list.map((row) => JSON.stringify(row))), ...engine.end()];
    FRAMES.forEach(([time, frame], sink) => {
      const found = results.filter((result) => result.sink === sink).map((result) => {
        const { id, n, total, mean } = JSON.parse(result.value) as Record<string, unknown>;
        return JSON.stringify([id, n, total, mean]);
      });
      assert.equal(found, reference(list, time, frame), `${time} ${JSON.stringify(frame)}`);
    });
  }), { seed: SEED, numRuns: 60 });
});

test.run();
