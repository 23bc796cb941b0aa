/** Random readings for tests of windows, and what such tests do with a compiled job. */
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { startModule } from '../engine.ts';
import { SEED } from '../json/seed.ts';
import type { Reading } from './reference.ts';

/** Mostly near the one before, sometimes far away, before 1970 too. */
const stride = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -3000, max: 3500 }) }, { weight: 3, arbitrary: fc.integer({ min: -30_000, max: 30_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }) },
);
const reading = fc.record({
  stride,
  device: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'seventeen bytes  ', null) }, { weight: 2, arbitrary: fc.nat(300).map((id) => `device-${id}`) },
    { weight: 1, arbitrary: fc.nat(9).map((id) => `${'long '.repeat(300)}${id}`) },
  ),
  // halves: their sums are exact in any order
  temperature: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -500, max: 500 }).map((halves) => halves / 2) }, { weight: 1, arbitrary: fc.constant(null) }),
  status: fc.constantFrom('OK', 'BAD', 'a status that is longer than sixteen bytes', '', null),
});

/** Readings with times, in which some are late. */
export const readings: fc.Arbitrary<Reading[]> = fc.tuple(fc.array(reading, { maxLength: 100, size: 'max' }), fc.constantFrom(1_700_000_000_000, -20_000))
  .map(([steps, start]): Reading[] => {
    let now: number = start;
    return steps.map(({ device, stride: ms, temperature, status }) => {
      now += ms;
      return { device, ts: Object.is(now, -0) ? 0 : now, temperature, status };
    });
  });

/** Cuts a list behind the places that `cuts` names. */
function batches<T>(list: readonly T[], cuts: readonly number[]): T[][] {
  const places = [...new Set([0, ...cuts.map((cut) => (list.length === 0 ? 0 : cut % list.length)), list.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => list.slice(places[index], end));
}

/** Runs a property; a failure prints seed and path to repeat it. */
export function checked<T>(property: fc.IPropertyWithHooks<T>, numRuns: number): void { fc.assert(property, { numRuns, seed: SEED, endOnFailure: true }); }

/** The state's length and hash. */
function stateBytes(engine: ReturnType<typeof startModule>): string {
  const { head, runs } = engine.snapshot();
  const hash = createHash('sha256');
  for (const { bytes } of runs) hash.update(bytes);
  return `${head.stateLength} ${hash.digest('hex')}`;
}

/** One row for one source. */
export interface Sent { readonly payload: string; readonly source: number }

/** Windows that wait before 1970 may be many. */
const MEMORY = { memoryMaxBytes: 128 << 20 };
const AT = { arrival: 1_700_000_000_000 };
const cutting = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });

/** Rows that follow each other from the same source come in one batch. */
function bySource(rows: readonly Sent[]): Sent[][] {
  const found: Sent[][] = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (last?.[0]?.source === row.source) last.push(row);
    else found.push([row]);
  }
  return found;
}

function feed(engine: ReturnType<typeof startModule>, rows: readonly Sent[]): void {
  for (const batch of bySource(rows)) engine.feed(batch.map(({ payload }) => ({ payload, ...AT })), { source: batch[0]?.source ?? 0 });
}

/** Batch borders, an output area of one record and a scalar build change no byte of results or state. */
export function assertSameHoweverCut(jobs: { readonly simd: Uint8Array; readonly scalar: Uint8Array }, rows: fc.Arbitrary<Sent[]>, sources: number, runs: number): void {
  checked(fc.property(rows, cutting, (list, cuts) => {
    const whole = startModule(jobs.simd, MEMORY);
    const cut = startModule(jobs.scalar, { ...MEMORY, outputLimitBytes: 1 });
    feed(whole, list);
    for (const batch of batches(list, cuts)) feed(cut, batch);
    assert.equal(stateBytes(cut), stateBytes(whole));
    for (let source = 0; source < sources; source += 1) {
      whole.end(source);
      cut.end(source);
    }
    assert.ok(Buffer.from(cut.bytes()).equals(Buffer.from(whole.bytes())));
  }), runs);
}

/** A fresh instance with the pages that were marked goes on as if nothing had happened, after any batch. */
export function assertRestores(simd: Uint8Array, rows: fc.Arbitrary<Sent[]>, sources: number, runs: number): void {
  checked(fc.property(rows, cutting, (list, cuts) => {
    const steady = startModule(simd, MEMORY);
    let engine = startModule(simd, MEMORY);
    engine.engine.markAllDirty();
    const saved = new Map<number, Uint8Array>();
    const chunks: Uint8Array[] = [];
    const save = (): void => { for (const { firstPage, bytes } of engine.engine.takeDirty(1)) saved.set(firstPage, bytes); };
    save();
    for (const batch of batches(list, cuts)) {
      feed(steady, batch);
      feed(engine, batch);
      save();
      chunks.push(engine.bytes());
      const restored = startModule(simd, MEMORY, { head: engine.engine.head(), runs: [...saved].map(([firstPage, bytes]) => ({ firstPage, bytes })) });
      assert.equal(stateBytes(restored), stateBytes(engine), 'only marked pages changed');
      engine = restored;
      engine.engine.takeDirty(1);
    }
    for (let source = 0; source < sources; source += 1) {
      steady.end(source);
      engine.end(source);
    }
    assert.ok(Buffer.concat([...chunks, engine.bytes()]).equals(Buffer.from(steady.bytes())));
  }), runs);
}
