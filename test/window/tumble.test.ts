/** Tumbling windows of a compiled job against the plain reference, on random readings, however they are cut into batches. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { COUNTER_LATE, COUNTER_REJECTED, COUNTER_ROWS, REJECT_EVENT_TIME } from '../../assembly/abi.ts';
import { compileTest, startModule, type TestResult } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import { means } from '../plans.ts';
import { referenceMeans, type Mean, type Reading, type WindowOptions } from './reference.ts';

const PLAIN: WindowOptions = { sizeMs: 10_000, offsetMs: 0, delayMs: 2000 };
const SHIFTED: WindowOptions = { sizeMs: 7000, offsetMs: -2500, delayMs: 0 };
const jobs = await Promise.all([PLAIN, SHIFTED].map(async (options) => ({
  options, simd: (await compileTest(means(options))).wasm, scalar: (await compileTest(means(options), false)).wasm,
})));

const device = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', '', 'sixteen bytes   ', 'seventeen bytes  ') },
  { weight: 2, arbitrary: fc.nat(400).map((id) => `device-${id}`) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.nat(50).map((id) => `${'long '.repeat(300)}${id}`) },
);
/** Mostly near the one before, sometimes far away, before 1970 too. */
const stride = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -3000, max: 3500 }) }, { weight: 3, arbitrary: fc.integer({ min: -40_000, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }) },
);
const reading = fc.record({
  device, stride, hasTime: fc.integer({ min: 0, max: 19 }).map((luck) => luck > 0),
  temperature: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -500, max: 500 }).map((tenths) => tenths / 10) }, { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)) }),
  status: fc.constantFrom('OK', 'OK', 'OK', 'BAD', null),
});
const readings = fc.tuple(fc.array(reading, { maxLength: 150, size: 'max' }), fc.constantFrom(1_700_000_000_000, -20_000)).map(([steps, start]): Reading[] => {
  let now: number = start;
  return steps.map(({ device: name, stride: ms, hasTime, temperature, status }) => {
    now = Math.min(250_000_000_000_000, Math.max(-60_000_000_000_000, now + ms));
    return { device: name, ts: hasTime ? now : null, temperature, status };
  });
});

/** Cuts a list behind the places that `cuts` names. */
function batches<T>(list: readonly T[], cuts: readonly number[]): T[][] {
  const places = [...new Set([0, ...cuts.map((cut) => (list.length === 0 ? 0 : cut % list.length)), list.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => list.slice(places[index], end));
}

/** Groups of one window in a fixed order; the windows in the order in which they came. */
function canonical(results: readonly Mean[]): string[] {
  const groups: Mean[][] = [];
  for (const result of results) {
    if (groups.at(-1)?.[0]?.window_start === result.window_start) groups.at(-1)?.push(result);
    else groups.push([result]);
  }
  return groups.flatMap((group) => group.map((result) => JSON.stringify(result)).sort());
}

function parsed(results: readonly TestResult[]): Mean[] { return results.map(({ value }) => JSON.parse(value) as Mean); }

/** Runs a property; a failure prints seed and path to repeat it. */
function checked<T>(property: fc.IPropertyWithHooks<T>, numRuns: number): void { fc.assert(property, { numRuns, seed: SEED }); }

const payloads = (list: readonly Reading[]): string[] => list.map((entry) => JSON.stringify(entry));

test('a compiled window answers what the words of SQL say, for any keys, order, gaps and times', () => {
  for (const { options, simd } of jobs) {
    checked(fc.property(readings, (list) => {
      const engine = startModule(simd);
      const results = parsed([...engine.feed(payloads(list)), ...engine.end()]);
      const expected = referenceMeans(list, options);
      assert.equal(canonical(results), canonical(expected.results));
      const counters = engine.engine.counters();
      assert.equal([counters[COUNTER_ROWS], counters[COUNTER_LATE], counters[COUNTER_REJECTED + REJECT_EVENT_TIME]], [list.length, expected.late, expected.rejected]);
    }), 40);
  }
});

test('batch borders, the size of the output area and SIMD change no byte of results or state', () => {
  for (const { simd, scalar } of jobs) {
    checked(fc.property(readings, fc.array(fc.nat(), { maxLength: 6 }), (list, cuts) => {
      const whole = startModule(simd);
      const cut = startModule(scalar, { outputLimitBytes: 1 });
      const at = { arrival: 1_700_000_000_000 };
      whole.feed(payloads(list).map((payload) => ({ payload, ...at })));
      for (const batch of batches(payloads(list), cuts)) cut.feed(batch.map((payload) => ({ payload, ...at })));
      assert.equal(stateBytes(cut), stateBytes(whole));
      whole.end();
      cut.end();
      assert.ok(Buffer.from(cut.bytes()).equals(Buffer.from(whole.bytes())));
    }), 20);
  }
});

test('a fresh instance with the saved pages goes on as if nothing had happened, after any batch', () => {
  for (const { simd } of jobs) {
    checked(fc.property(readings, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (list, cuts) => {
      const steady = startModule(simd);
      let restored = startModule(simd);
      const at = { arrival: 1_700_000_000_000 };
      const restoredChunks: Uint8Array[] = [];
      for (const batch of batches(payloads(list), cuts)) {
        const rows = batch.map((payload) => ({ payload, ...at }));
        steady.feed(rows);
        restored.feed(rows);
        restoredChunks.push(restored.bytes());
        restored = startModule(simd, {}, restored.snapshot());
      }
      steady.end();
      restored.end();
      assert.ok(Buffer.concat([...restoredChunks, restored.bytes()]).equals(Buffer.from(steady.bytes())));
    }), 12);
  }
});

test('only marked pages change, so that the pages a checkpoint takes are all that it needs', () => {
  const simd = jobs[0]?.simd ?? new Uint8Array(0);
  checked(fc.property(readings, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (list, cuts) => {
    const engine = startModule(simd);
    engine.engine.markAllDirty();
    const saved = new Map<number, Uint8Array>();
    const save = (): void => {
      for (const { firstPage, bytes } of engine.engine.takeDirty(1)) saved.set(firstPage, bytes);
    };
    save();
    for (const batch of batches(payloads(list), cuts)) {
      engine.feed(batch);
      save();
    }
    const restored = startModule(simd, {}, { head: engine.engine.head(), runs: [...saved].map(([firstPage, bytes]) => ({ firstPage, bytes })) });
    assert.equal(stateBytes(restored), stateBytes(engine));
  }), 15);
});

/** The state's length and hash. */
function stateBytes(engine: ReturnType<typeof startModule>): string {
  const { head, runs } = engine.snapshot();
  const hash = createHash('sha256');
  for (const { bytes } of runs) hash.update(bytes);
  return `${head.stateLength} ${hash.digest('hex')}`;
}

test.run();
