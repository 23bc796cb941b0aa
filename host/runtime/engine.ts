/**
 * One WASM instance and its linear memory; the only file that touches it. A log record goes in, output records come out,
 * dirty pages of the state go to checkpoints and come back from them.
 */
import {
  ABI_VERSION, COUNTER_COUNT, COUNTERS, DIRTY, DIRTY_BYTES, HEADER, HEADER_ABI, HEADER_MEMORY_END, HEADER_OFFSET, HEADER_OUTPUT_LENGTH,
  HEADER_OUTPUT_LIMIT, HEADER_ROW, HEADER_SKIP, HEADER_STATE_LENGTH, HEADER_TICK_AT, INPUT, INPUT_BYTES, OUTPUT, OUTPUT_BYTES, PAGE_BYTES,
  SINK_BYTES, SINKS, SKIP_MAX, SOURCE_BYTES, SOURCE_WATERMARK, SOURCES, STATE, STATUS_DONE, STATUS_FULL, STATUS_MORE,
} from '../../assembly/abi.ts';
import type { Millis, Offset } from '../ports.ts';
import { assert, Refusal } from './errors.ts';
import { roomForFrame } from './frame.ts';
import { digestText } from './output.ts';

const WASM_PAGE_BYTES = 65536;
/** The most that HEADER_MEMORY_END, a u32, can say without a special case. */
const MEMORY_BYTES_MAX = 65535 * WASM_PAGE_BYTES;

/** Adjacent pages of the state region, copied. */
export interface PageRun { readonly firstPage: number; readonly bytes: Uint8Array }

/** What must come back beside the pages, because it lies in the header. */
export interface EngineHead { readonly stateLength: number; readonly tickAt: Millis | undefined }

export type Status = 'done' | 'more' | 'full';

export interface Engine {
  /**
   * Copies a record in by `read` and steps it. Requires: the step before has answered 'done'.
   * @param skipRows rows that a verdict skips, ascending
   * Throws WebAssembly.RuntimeError when the module traps: the instance is dirty then and must be dropped.
   */
  step(offset: Offset, read: (target: Uint8Array) => number, skipRows: readonly number[]): Status;
  /** Goes on after 'more'. */
  drain(): Status;
  /** A copy of the output records since the last step or drain. */
  takeOutput(): Uint8Array;
  /** Between 'more' and the last drain: nothing else may be stepped and no checkpoint taken. */
  isDraining(): boolean;
  /** Row at which the module stands after 'full' or a trap. */
  row(): number;
  /** Arrival time at which a tick record is wanted. */
  tickAt(): Millis | undefined;
  counters(): readonly number[];
  /** Sequence and digest of the last result of a sink. */
  sink(index: number): { readonly sequence: number; readonly digest: string };
  /** Event time that a source has reached; undefined before the first, behind the end, and without event time. */
  watermark(source: number): Millis | undefined;
  head(): EngineHead;
  /** Copies dirty pages in runs of at most `runPagesMax`, each in room for a frame, and clears their marks. */
  takeDirty(runPagesMax: number): PageRun[];
  /** Marks pages again whose checkpoint failed. */
  markDirty(runs: readonly { readonly firstPage: number; readonly bytes: Uint8Array }[]): void;
  markAllDirty(): void;
  /** Writes saved pages over a fresh state. */
  restore(head: EngineHead, runs: Iterable<PageRun>): void;
  stateBytes(): number;
}

interface ModuleExports { readonly memory: WebAssembly.Memory; init(): void; step(length: number): number; drain(): number }

/** @param outputLimitBytes output after which no row and no pane is begun before the outbox has had a look */
export function createEngine(wasm: WebAssembly.Module, options: { readonly memoryMaxBytes: number; readonly outputLimitBytes: number }): Engine {
  const { memory, init, step, drain } = new WebAssembly.Instance(wasm, {}).exports as unknown as ModuleExports;
  const bytes = grown(memory, options.memoryMaxBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(HEADER + HEADER_MEMORY_END, bytes.length, true);
  view.setUint32(HEADER + HEADER_OUTPUT_LIMIT, Math.min(options.outputLimitBytes, OUTPUT_BYTES), true);
  view.setFloat64(HEADER + HEADER_TICK_AT, Infinity, true);
  init();
  assert(view.getUint32(HEADER + HEADER_ABI, true) === ABI_VERSION, 'the module speaks the ABI that its manifest names');
  let isDraining = false;

  function answered(status: number): Status {
    isDraining = status === STATUS_MORE;
    assert(view.getUint32(HEADER + HEADER_OUTPUT_LENGTH, true) <= OUTPUT_BYTES, 'output stays within its area');
    if (status === STATUS_DONE) return 'done';
    if (status === STATUS_MORE) return 'more';
    assert(status === STATUS_FULL, 'a module answers DONE, MORE or FULL');
    return 'full';
  }
  const stateLength = (): number => view.getUint32(HEADER + HEADER_STATE_LENGTH, true);
  const pagesUsed = (): number => Math.min(Math.ceil(stateLength() / PAGE_BYTES), DIRTY_BYTES, Math.floor((bytes.length - STATE) / PAGE_BYTES));
  const tickAt = (): Millis | undefined => {
    const at = view.getFloat64(HEADER + HEADER_TICK_AT, true);
    return Number.isFinite(at) ? at : undefined;
  };
  return {
    step(offset, read, skipRows) {
      assert(!isDraining, 'a record is stepped when the one before is done');
      assert(skipRows.length <= SKIP_MAX, 'a verdict names at most SKIP_MAX rows');
      const length = read(bytes.subarray(INPUT, INPUT + INPUT_BYTES));
      view.setFloat64(HEADER + HEADER_OFFSET, offset, true);
      view.setUint32(HEADER + HEADER_SKIP, skipRows.length, true);
      skipRows.forEach((row, index) => view.setUint32(HEADER + HEADER_SKIP + 4 + index * 4, row, true));
      view.setUint32(HEADER + HEADER_OUTPUT_LENGTH, 0, true);
      return answered(step(length));
    },
    drain() {
      assert(isDraining, 'drain follows MORE');
      view.setUint32(HEADER + HEADER_OUTPUT_LENGTH, 0, true);
      return answered(drain());
    },
    takeOutput: () => bytes.slice(OUTPUT, OUTPUT + view.getUint32(HEADER + HEADER_OUTPUT_LENGTH, true)),
    isDraining: () => isDraining,
    row: () => view.getUint32(HEADER + HEADER_ROW, true),
    tickAt,
    counters: () => Array.from({ length: COUNTER_COUNT }, (_, index) => Number(view.getBigUint64(COUNTERS + index * 8, true))),
    sink: (index) => ({
      sequence: Number(view.getBigUint64(SINKS + index * SINK_BYTES, true)), digest: digestText(view, SINKS + index * SINK_BYTES + 8),
    }),
    watermark(source) {
      const watermark = view.getBigInt64(SOURCES + source * SOURCE_BYTES + SOURCE_WATERMARK, true);
      return watermark > 0n && watermark <= Number.MAX_SAFE_INTEGER ? Number(watermark) : undefined; // as in Flink there is none before 1970
    },
    head: () => ({ stateLength: stateLength(), tickAt: tickAt() }),
    takeDirty(runPagesMax) {
      assert(!isDraining, 'no checkpoint between a step and its last drain');
      const runs: PageRun[] = [];
      const pageCount = pagesUsed();
      const dirty = bytes.subarray(DIRTY, DIRTY + pageCount);
      for (let page = 0; page < pageCount; page += 1) {
        if (dirty[page] === 0) continue;
        const firstPage = page;
        while (page + 1 < pageCount && dirty[page + 1] !== 0 && page + 1 - firstPage < runPagesMax) page += 1;
        const copy = roomForFrame((page + 1 - firstPage) * PAGE_BYTES);
        copy.set(bytes.subarray(STATE + firstPage * PAGE_BYTES, STATE + (page + 1) * PAGE_BYTES));
        runs.push({ firstPage, bytes: copy });
      }
      dirty.fill(0);
      return runs;
    },
    markDirty(runs) {
      for (const run of runs) bytes.fill(1, DIRTY + run.firstPage, DIRTY + run.firstPage + run.bytes.length / PAGE_BYTES);
    },
    markAllDirty: () => { bytes.fill(1, DIRTY, DIRTY + pagesUsed()); },
    restore(head, runs) {
      if (STATE + head.stateLength > bytes.length) {
        throw new Refusal(
          `the saved state of ${head.stateLength} bytes does not fit a memory of ${bytes.length} bytes`,
          `give the job at least ${Math.ceil((STATE + head.stateLength) / 2 ** 20) + 1} MiB of memory, as before`,
        );
      }
      for (const run of runs) {
        assert(STATE + run.firstPage * PAGE_BYTES + run.bytes.length <= bytes.length, 'pages of the state lie within it');
        bytes.set(run.bytes, STATE + run.firstPage * PAGE_BYTES);
      }
      view.setUint32(HEADER + HEADER_STATE_LENGTH, head.stateLength, true);
      view.setFloat64(HEADER + HEADER_TICK_AT, head.tickAt ?? Infinity, true);
      bytes.fill(0, DIRTY, DIRTY + pagesUsed());
    },
    stateBytes: stateLength,
  };
}

/** The module never grows its memory, so views of it stay valid: it is grown once, here. */
function grown(memory: WebAssembly.Memory, memoryMaxBytes: number): Uint8Array {
  const wanted = Math.min(memoryMaxBytes, MEMORY_BYTES_MAX);
  if (wanted < STATE + 16 * PAGE_BYTES) {
    throw new Refusal(`a memory limit of ${wanted} bytes leaves no room for state`, `give the job at least ${(STATE >> 20) + 4} MiB of memory`);
  }
  const missing = wanted - memory.buffer.byteLength;
  try {
    if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE_BYTES));
  } catch {
    throw new Refusal(`no ${wanted} bytes of address space for the job's memory`, 'lower the memory limit of the job');
  }
  return new Uint8Array(memory.buffer);
}
