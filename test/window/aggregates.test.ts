/** Aggregates with state in the heap: whatever the batches, restores and limits were, the same bytes; what is freed is used again. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { STATE } from '../../assembly/abi.ts';
import { planSql } from '../../host/sql/index.ts';
import { renderProblems } from '../../host/plan/problem.ts';
import { compileTest, startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { catalog } from '../host/sql/catalog.ts';

const SQL = `CREATE TABLE t (k STRING, s STRING, i INT, d DOUBLE, ok BOOLEAN, ts BIGINT, at AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR at AS at - INTERVAL '1' SECOND)
WITH ('connector' = 'datagen');
SELECT k, COUNT(DISTINCT s) AS a, SUM(DISTINCT i) FILTER (WHERE ok) AS b, LISTAGG(s, '|') AS c, LISTAGG(DISTINCT s) AS d, ARRAY_AGG(i) AS e, COLLECT(s) AS f,
  PERCENTILE(d, 0.5) AS g, APPROX_PERCENTILE(d, 0.9) AS h, APPROX_COUNT_DISTINCT(s) AS l, FIRST_VALUE(s) AS m, LAST_VALUE(s) AS n, STDDEV(d) AS o,
  CORR(d, i) AS p, REGR_SLOPE(d, i) AS q, COUNT(i, d) AS r, JSON_OBJECTAGG(KEY s VALUE i) AS u, MIN(s) AS v, COUNT(*) AS w
FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;`;

const { plan, problems } = planSql(SQL, { fileName: 'job.sql', catalog });
if (plan === undefined) throw new Error(renderProblems(SQL, 'job.sql', problems));
const [simd, scalar] = await Promise.all([compileTest(plan), compileTest(plan, false)]);

interface Row { readonly k: string; readonly s: string | null; readonly i: number | null; readonly d: number | null; readonly ok: boolean; readonly ts: number }
const row = fc.record({
  k: fc.constantFrom('a', 'b', 'c'),
  s: fc.oneof(
    { weight: 4, arbitrary: fc.nat(30).map((n) => `value ${n}`) }, { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.nat(9).map((n) => `${'long '.repeat(900)}${n}`) }, { weight: 1, arbitrary: fc.constant(null) },
  ),
  i: fc.option(fc.integer({ min: -20, max: 20 })), d: fc.option(fc.integer({ min: -500, max: 500 }).map((tenths) => tenths / 10)), ok: fc.boolean(), ts: fc.integer({ min: -1500, max: 2500 }),
});
const rows = fc.array(row, { maxLength: 150, size: 'max' }).map((list): Row[] => {
  let now = 1_700_000_000_000;
  return list.map((one) => ({ ...one, ts: (now += one.ts) }));
});
const payloads = (list: readonly Row[]): { payload: string; arrival: number }[] => list.map((one) => ({ payload: JSON.stringify(one), arrival: 1_700_000_000_000 }));

function batches<T>(list: readonly T[], cuts: readonly number[]): T[][] {
  const places = [...new Set([0, ...cuts.map((cut) => (list.length === 0 ? 0 : cut % list.length)), list.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => list.slice(places[index], end));
}

function stateBytes(engine: ReturnType<typeof startModule>): string {
  const { head, runs } = engine.snapshot();
  const hash = createHash('sha256');
  for (const { bytes } of runs) hash.update(bytes);
  return `${head.stateLength} ${hash.digest('hex')}`;
}

test('any batches, any limit of the output, SIMD or not: no byte of results or state changes', () => {
  fc.assert(fc.property(rows, fc.array(fc.nat(), { maxLength: 6 }), (list, cuts) => {
    const whole = startModule(simd.wasm);
    const cut = startModule(scalar.wasm, { outputLimitBytes: 1 });
    whole.feed(payloads(list));
    for (const batch of batches(payloads(list), cuts)) cut.feed(batch);
    assert.is(stateBytes(cut), stateBytes(whole));
    whole.end();
    cut.end();
    assert.ok(Buffer.from(cut.bytes()).equals(Buffer.from(whole.bytes())));
  }), { numRuns: 20, seed: SEED });
});

test('only marked pages change, and a fresh instance with them goes on as if nothing had happened', () => {
  fc.assert(fc.property(rows, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (list, cuts) => {
    const steady = startModule(simd.wasm);
    let restored = startModule(simd.wasm);
    restored.engine.markAllDirty();
    const saved = new Map<number, Uint8Array>();
    const chunks: Uint8Array[] = [];
    for (const batch of batches(payloads(list), cuts)) {
      steady.feed(batch);
      restored.feed(batch);
      chunks.push(restored.bytes());
      for (const { firstPage, bytes } of restored.engine.takeDirty(1)) saved.set(firstPage, bytes);
      restored = startModule(simd.wasm, {}, { head: restored.engine.head(), runs: [...saved].map(([firstPage, bytes]) => ({ firstPage, bytes })) });
    }
    assert.is(stateBytes(restored), stateBytes(steady));
    steady.end();
    restored.end();
    assert.ok(Buffer.concat([...chunks, restored.bytes()]).equals(Buffer.from(steady.bytes())));
  }), { numRuns: 15, seed: SEED });
});

test('the answers are what a plain reference says', () => {
  fc.assert(fc.property(rows, (list) => {
    const engine = startModule(simd.wasm);
    const results = [...engine.feed(payloads(list)), ...engine.end()].map(({ value }) => JSON.parse(value) as Readonly<Record<string, unknown>>);
    const taken = results.reduce((sum, result) => sum + Number(result['w']), 0);
    assert.ok(taken <= list.length);
    for (const result of results) {
      const counts = JSON.parse(String(result['f'])) as Record<string, number>;
      assert.is(Object.keys(counts).length, result['a']);
      assert.is(result['l'], result['a']); // fewer than 64: exact
      assert.is(JSON.parse(String(result['e'])).length, result['w']);
      assert.is(result['d'] === null ? 0 : Object.keys(counts).every((text) => String(result['d']).includes(text)), result['d'] === null ? 0 : true);
      assert.ok(result['m'] === null || counts[String(result['m'])] !== undefined);
      assert.ok(result['n'] === null || counts[String(result['n'])] !== undefined);
    }
  }), { numRuns: 20, seed: SEED });
});

test('windows that come and go leave the state as large as it was: every block is used again', () => {
  const engine = startModule(simd.wasm, { memoryMaxBytes: STATE + (16 << 20) });
  const lengths: number[] = [];
  for (let window = 0; window < 60; window += 1) {
    const start = 1_700_000_000_000 + window * 10_000;
    engine.feed(payloads(Array.from({ length: 300 }, (_, n) => ({
      k: `k${n % 3}`, s: n % 5 === 0 ? `${'long '.repeat(n)}` : `value ${n % 120}`, i: n % 40, d: (n * 37) % 101, ok: n % 2 === 0, ts: start + n * 30,
    }))));
    lengths.push(engine.engine.head().stateLength);
  }
  assert.is(lengths.at(-1), lengths[8]);
});

test('a state without room stops the job at the row, before anything of it is stored', () => {
  const engine = startModule(simd.wasm, { memoryMaxBytes: STATE + (1 << 20) });
  const list = Array.from({ length: 4000 }, (_, n): Row => ({ k: 'a', s: `${'x'.repeat(700)}${n}`, i: n, d: n, ok: true, ts: 1_700_000_000_000 }));
  let status = 'done';
  let before = '';
  for (let from = 0; from < list.length && status === 'done'; from += 1) {
    before = stateBytes(engine);
    status = engine.step(payloads(list.slice(from, from + 1)));
  }
  assert.is(status, 'full');
  assert.is(stateBytes(engine), before);
});

test.run();
