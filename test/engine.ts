/**
 * Steps a compiled job in a test: payloads in, results out, through the runtime's own engine and batch builder. Also plans
 * of one table made by hand, for tests that are not about SQL.
 */
import { readFileSync } from 'node:fs';
import { BATCH_END } from '../assembly/abi.ts';
import { compilePlan, type CompiledJob } from '../host/compile/index.ts';
import type { Plan } from '../host/plan/nodes.ts';
import type { Millis } from '../host/ports.ts';
import { createBatchBuilder, sealEvent } from '../host/runtime/batch.ts';
import { createEngine, type Engine, type EngineHead, type PageRun, type Status } from '../host/runtime/engine.ts';
import { lengthAt, outputOf, resultAt, sinkAt } from '../host/runtime/output.ts';

/** One result as a test sees it. */
export interface TestResult {
  readonly sink: number;
  readonly sequence: number;
  readonly key: string | undefined;
  /** The record's value as text. */
  readonly value: string;
  readonly arrival: Millis;
}

export interface TestRow {
  readonly payload: string | Uint8Array; readonly topic?: string; readonly flags?: number; readonly arrival?: Millis; readonly client?: string;
  /** Of a record of a partition; the payload stands behind its key. */
  readonly origin?: { readonly partition: number; readonly offset: number; readonly timestamp: Millis; readonly key?: string | Uint8Array };
}

export interface TestEngine {
  readonly engine: Engine;
  /** Steps one batch and drains it. Throws when the state is full. */
  feed(rows: readonly (TestRow | string)[], options?: { readonly source?: number; readonly skip?: readonly number[] }): TestResult[];
  /** The source has ended. */
  end(source?: number): TestResult[];
  /** Steps one batch without judging the answer. */
  step(rows: readonly (TestRow | string)[], source?: number): Status;
  /** Output records as the module wrote them, all since the start, in order. */
  bytes(): Uint8Array;
  /** Everything that a checkpoint would keep. */
  snapshot(): { readonly head: EngineHead; readonly runs: readonly PageRun[] };
}

export interface TestEngineOptions { readonly outputLimitBytes?: number; readonly memoryMaxBytes?: number }

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Property tests start the same module many times. */
const modules = new WeakMap<Uint8Array, WebAssembly.Module>();
function moduleOf(wasm: Uint8Array): WebAssembly.Module {
  const known = modules.get(wasm) ?? new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  modules.set(wasm, known);
  return known;
}

/** Reads the library as the command line does in a checkout. */
export function readLibrary(name: string): string | null {
  try { return readFileSync(name, 'utf8'); } catch { return null; }
}

/** Compiles a plan, without the slow optimizations: the answers are the same. */
export function compileTest(plan: Plan, isSimd: boolean = true): Promise<CompiledJob> {
  return compilePlan(plan, { readFile: readLibrary, isSimd, isOptimized: false, compilerVersion: '0.0.0' });
}

/** Starts a module on a fresh state, or on a snapshot of one. */
export function startModule(
  wasm: Uint8Array, { outputLimitBytes = 0x400000, memoryMaxBytes = 24 << 20 }: TestEngineOptions = {}, from?: ReturnType<TestEngine['snapshot']>,
): TestEngine {
  const engine = createEngine(moduleOf(wasm), { outputLimitBytes, memoryMaxBytes });
  if (from !== undefined) engine.restore(from.head, from.runs);
  const builder = createBatchBuilder(4096, 1 << 16);
  const chunks: Uint8Array[] = [];
  let offset = 0;
  let arrival = 1_700_000_000_000;
  const seal = (rows: readonly (TestRow | string)[], source: number): Uint8Array => {
    for (const entry of rows) {
      const row = typeof entry === 'string' ? { payload: entry } : entry;
      const bytes = typeof row.payload === 'string' ? encoder.encode(row.payload) : row.payload;
      const topic = encoder.encode(row.topic ?? 'test');
      arrival = row.arrival ?? arrival + 1;
      const key = row.origin?.key;
      const keyBytes = typeof key === 'string' ? encoder.encode(key) : key ?? new Uint8Array(0);
      const origin = row.origin && { ...row.origin, keyStart: 0, keyEnd: key === undefined ? -1 : keyBytes.length };
      const buffer = keyBytes.length === 0 ? bytes : Buffer.concat([keyBytes, bytes]);
      builder.add({
        bytes: buffer, start: keyBytes.length, end: buffer.length, topic, topicStart: 0, topicEnd: topic.length, packetId: 0, flags: row.flags ?? 0,
        client: row.client ?? '', ...(origin ? { origin } : {}),
      }, arrival);
    }
    return builder.seal(source, new Uint8Array(0));
  };
  const stepRecord = (record: Uint8Array, skip: readonly number[]): Status => {
    const status = engine.step(offset, (target) => { target.set(record); return record.length; }, skip);
    offset += 1;
    return status;
  };
  const collected = (first: Status): TestResult[] => {
    const results: TestResult[] = [];
    for (let status = first; ; status = engine.drain()) {
      if (status === 'full') throw new Error(`the state is full at row ${engine.row()}`);
      const bytes = engine.takeOutput();
      chunks.push(bytes);
      results.push(...resultsIn(bytes));
      if (status === 'done') return results;
    }
  };
  return {
    engine,
    feed: (rows, { source = 0, skip = [] } = {}) => collected(stepRecord(seal(rows, source), skip)),
    end: (source = 0) => collected(stepRecord(sealEvent({ kind: BATCH_END, source, arrival, position: new Uint8Array(0) }), [])),
    step: (rows, source = 0) => stepRecord(seal(rows, source), []),
    bytes: () => Buffer.concat(chunks),
    snapshot: () => {
      engine.markAllDirty();
      return { head: engine.head(), runs: engine.takeDirty(1 << 20) };
    },
  };
}

function resultsIn(bytes: Uint8Array): TestResult[] {
  const output = outputOf(bytes);
  const results: TestResult[] = [];
  for (let at = 0; at < bytes.length; at += lengthAt(output, at)) {
    const { sequence, key, value, arrival } = resultAt(output, at);
    results.push({ sink: sinkAt(output, at), sequence, key: key === undefined ? undefined : decoder.decode(key), value: decoder.decode(value), arrival });
  }
  return results;
}
