/** Output beyond the output area: the records of one row that do not fit wait in the state for the next call. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileTest, startModule } from '../../engine.ts';
import { json, planOf, sinkPlan, sourcePlan, typed } from '../../plans.ts';

const COPIES = 8;
const source = sourcePlan([json('text', typed('STRING')), json('n', typed('INT'))], 0);
const copies = Array.from({ length: COPIES }, (_, index) => sinkPlan(`copy${index}`, source.scan, source.scan.columns));
const { wasm } = await compileTest(planOf([source], copies));

const rows = Array.from({ length: 3 }, (_, n) => JSON.stringify({ text: 'x'.repeat(600_000 + n), n }));

test('a row whose results are larger than the output area in all reaches every sink, in order, over several calls', () => {
  const engine = startModule(wasm, { memoryMaxBytes: 64 << 20 });
  const results = rows.flatMap((row) => engine.feed([row]));
  assert.is(results.length, rows.length * COPIES);
  assert.equal(results.map(({ sink }) => sink), rows.flatMap(() => copies.map((_, index) => index)));
  assert.ok(results.every(({ value }) => rows.includes(value)));
  assert.equal(results.filter(({ sink }) => sink === 7).map(({ sequence }) => sequence), [1, 2, 3]);
});

test('where the state has no room for them the row is answered FULL', () => {
  const engine = startModule(wasm, { memoryMaxBytes: 13 << 20 });
  assert.throws(() => engine.feed([rows[0] as string]), /the state is full at row 0/);
});

test.run();
