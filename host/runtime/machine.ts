/**
 * The engine at its place in the log. Steps one durable record at a time; when the module traps, drops the instance,
 * restores the newest checkpoint and replays; a row that traps twice gets a verdict, committed before going on, that
 * every later replay obeys.
 */
import { SKIP_MAX } from '../../assembly/abi.ts';
import type { Offset, Store } from '../ports.ts';
import { createEngine, type Engine, type Status } from './engine.ts';
import { JobFailure } from './errors.ts';
import { type Crc32, frameJson, unframeJson } from './frame.ts';
import { verdictKey } from './keys.ts';
import type { LoadedCheckpoint } from './checkpoint.ts';
import type { Log } from './log.ts';

export interface MachineParts {
  readonly wasm: WebAssembly.Module;
  readonly store: Store;
  readonly crc32: Crc32;
  readonly log: Log;
  readonly memoryMaxBytes: number;
  readonly outputLimitBytes: number;
  /** The newest complete checkpoint, read from the store when none is being written. */
  load(): Promise<LoadedCheckpoint | undefined>;
  report(line: string): void;
  /** Milliseconds from an arbitrary start, for the watchdog. */
  monotonic(): number;
}

export type StepStatus = Exclude<Status, 'full'> | 'trapped';

export interface Machine {
  readonly engine: Engine;
  /** The record to step next. */
  next(): Offset;
  /** Steps record `next()`, which must be durable. 'more': take the output and call `drain`. Throws JobFailure when the state is full. */
  step(): StepStatus;
  drain(): StepStatus;
  /** Output of the last step or drain, and the record that made it. */
  takeOutput(): { readonly bytes: Uint8Array; readonly offset: Offset };
  /** After 'trapped': brings a new instance to the newest checkpoint, with a verdict when the same record trapped before. */
  rebuild(): Promise<void>;
  /** The record being stepped and since when, for the watchdog; undefined between steps. */
  stepping(): { readonly offset: Offset; readonly since: number } | undefined;
  traps(): number;
}

interface Verdict { readonly offset: Offset; readonly rows: readonly number[]; readonly reason: string }

export function createMachine(parts: MachineParts, checkpoint: LoadedCheckpoint | undefined): Machine {
  const { store, crc32, log } = parts;
  let { engine, next } = built(parts, checkpoint);
  let trap: { offset: Offset; row: number; reason: string } | undefined;
  let trappedBefore: Offset | undefined;
  let trapCount = 0;
  let stepping: { offset: Offset; since: number } | undefined;
  let steppedOffset = next;

  const verdict = (offset: Offset): Verdict | undefined => unframeJson<Verdict>(crc32, store.get(verdictKey(offset)), `verdict on log record ${offset}`);

  function guarded(run: () => Status): StepStatus {
    stepping = { offset: next, since: parts.monotonic() };
    try {
      const status = run();
      steppedOffset = next;
      if (status === 'full') {
        throw new JobFailure(
          `the state is full at row ${engine.row()} of log record ${next}`,
          'give the job more memory, or windows and keys that need less; the log keeps everything that was acknowledged',
        );
      }
      if (status === 'done') next += 1;
      return status;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      trap = { offset: next, row: engine.row(), reason: error.message };
      trapCount += 1;
      return 'trapped';
    } finally {
      stepping = undefined;
    }
  }
  /** Names the row that trapped twice; throws JobFailure when that cannot help. */
  function judged({ offset, row, reason }: NonNullable<typeof trap>): Verdict {
    const rows = verdict(offset)?.rows ?? [];
    if (rows.includes(row) || rows.length >= SKIP_MAX) {
      throw new JobFailure(
        `the job traps at log record ${offset}, row ${row}, and skipping rows does not help: ${reason}`,
        'this is an error of the job or of Millrace; the log keeps everything that was acknowledged',
      );
    }
    return { offset, rows: [...rows, row].sort((a, b) => a - b), reason };
  }
  return {
    get engine() { return engine; },
    next: () => next,
    step: () => guarded(() => engine.step(next, (target) => log.read(next, target), verdict(next)?.rows ?? [])),
    drain: () => guarded(() => engine.drain()),
    takeOutput: () => ({ bytes: engine.takeOutput(), offset: steppedOffset }),
    async rebuild() {
      if (!trap) return;
      const { offset, row, reason } = trap;
      if (trappedBefore === offset) {
        const found = judged(trap);
        await store.commit({ put: [[verdictKey(offset), frameJson(crc32, found)]] });
        parts.report(`log record ${offset}, row ${row} trapped twice and is skipped from now on: ${reason}`);
      } else parts.report(`the job trapped at log record ${offset}, row ${row}: ${reason}; starting again from the last checkpoint`);
      trappedBefore = offset;
      trap = undefined;
      ({ engine, next } = built(parts, await parts.load()));
    },
    stepping: () => stepping,
    traps: () => trapCount,
  };
}

function built(parts: MachineParts, checkpoint: LoadedCheckpoint | undefined): { engine: Engine; next: Offset } {
  const engine = createEngine(parts.wasm, parts);
  if (checkpoint) engine.restore(checkpoint.engine, checkpoint.runs);
  return { engine, next: checkpoint?.offset ?? 0 };
}
