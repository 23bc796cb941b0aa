/**
 * Keeps the store small and the restart short: a checkpoint when one is due, confirmed progress now and then, and
 * more of both when the store is full, because only they make room.
 */
import { type Clock, IoError, type Pressure, type Store } from '../ports.ts';
import { type Checkpoints, type Extra, RUN_PAGES_MAX } from './checkpoint.ts';
import type { Log } from './log.ts';
import type { Machine } from './machine.ts';
import type { Metrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import type { Sources } from './sources.ts';

/** Confirmed progress on disk is a bound for the results read again after a crash, and all that a sink without progress has. */
const PROGRESS_PERIOD_MS = 1000;
/** Pause after a commit that failed, so that a full disk is not asked all the time. */
const RETRY_PAUSE_MS = 1000;

const PRESSURE_TEXTS: Readonly<Record<Pressure, string>> = {
  ok: 'the store has room again',
  'low-space': 'the store is running low on space',
  full: 'the store is full: nothing is acknowledged until there is room',
};

export interface KeeperParts {
  readonly store: Store; readonly clock: Clock; readonly log: Log; readonly machine: Machine; readonly outbox: Outbox;
  readonly sources: Sources; readonly checkpoints: Checkpoints; readonly sinks: readonly string[];
  readonly checkpointMs: number; readonly checkpointLogBytes: number;
  report(line: string): void;
}

export interface Keeper {
  /** Called several times a second; does what is due. Throws what no retry mends. */
  look(): Promise<void>;
  /** A checkpoint now, with what changed since the last; nothing when nothing did or the engine is between MORE and its last drain. */
  checkpoint(extra?: Extra): Promise<void>;
  /** Writes confirmed progress and removes results that were confirmed. */
  saveProgress(): Promise<void>;
  /** Resolves when no checkpoint is being written. */
  settled(): Promise<void>;
  counts(): Metrics['checkpoint'];
}

export function createKeeper(parts: KeeperParts): Keeper {
  const { store, clock, log, machine, outbox, sources, checkpoints } = parts;
  let lastAt = clock.monotonic();
  let savedAt = lastAt;
  let lastLogBytes = 0;
  let progressAt = lastAt;
  let retryAt = 0;
  let isAsked = false;
  /** Checkpoints still to be taken although nothing changed: two in a row let the log go that only the older one needs. */
  let urgentCount = 0;
  let running: Promise<void> | undefined;
  const counts = { count: 0, lastBytes: 0, lastPauseMs: 0 };

  store.onPressure((pressure) => {
    if (pressure === 'full') urgentCount = 2;
    parts.report(PRESSURE_TEXTS[pressure]);
  });

  async function write(extra: Extra): Promise<void> {
    const { engine } = machine;
    const startedAt = clock.monotonic();
    if (checkpoints.wantsAllPages()) engine.markAllDirty();
    const runs = engine.takeDirty(RUN_PAGES_MAX);
    const saving = outbox.saving(true);
    const sinks = parts.sinks.map((name, index) => ({ name, ...engine.sink(index) }));
    const logBytes = log.appendedBytes();
    const saved = checkpoints.save(
      { offset: machine.next(), engine: engine.head(), sinks, sources: sources.snapshots() }, runs,
      { put: [...saving.put, ...(extra.put ?? [])], remove: [...saving.remove, ...(extra.remove ?? [])] },
    );
    counts.lastPauseMs = clock.monotonic() - startedAt;
    try {
      await saved;
    } catch (error) {
      engine.markDirty(runs);
      saving.settle(false);
      throw error;
    }
    saving.settle(true);
    lastLogBytes = logBytes;
    savedAt = clock.monotonic();
    counts.count += 1;
    counts.lastBytes = runs.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (urgentCount > 0) urgentCount -= 1;
  }
  async function checkpoint(extra: Extra = {}): Promise<void> {
    await running;
    if (log.isStalled()) sources.retreat();
    // A snapshot may count on records that are not in the store's queue yet.
    const isAhead = sources.snapshots().some(({ from }) => from > store.end());
    if (!hasChanged() && (extra.put?.length ?? 0) === 0) return;
    if (isAhead || machine.engine.isDraining()) return;
    isAsked = false;
    lastAt = clock.monotonic();
    const writing = write(extra);
    running = writing.catch(() => undefined).then(() => { running = undefined; });
    await writing;
  }
  async function saveProgress(): Promise<void> {
    await running;
    const saving = outbox.saving(false);
    progressAt = clock.monotonic();
    if (saving.put.length === 0 && saving.remove.length === 0) return;
    try {
      await store.commit(saving);
    } catch (error) {
      saving.settle(false);
      throw error;
    }
    saving.settle(true);
  }
  function hasChanged(): boolean {
    return urgentCount > 0 || machine.next() !== checkpoints.offset();
  }
  function isDue(now: number): boolean {
    if (!hasChanged()) return false;
    return urgentCount > 0 || now - lastAt >= parts.checkpointMs || log.appendedBytes() - lastLogBytes >= parts.checkpointLogBytes;
  }
  return {
    async look() {
      const now = clock.monotonic();
      if (now < retryAt || running) return;
      try {
        if (isDue(now)) {
          if (!isAsked) sources.askSnapshots();
          isAsked = true;
          if (sources.isFresh()) await checkpoint();
        }
        if (clock.monotonic() - progressAt >= PROGRESS_PERIOD_MS) await saveProgress();
      } catch (error) {
        if (!(error instanceof IoError) || !error.retry) throw error;
        retryAt = clock.monotonic() + RETRY_PAUSE_MS;
      }
    },
    checkpoint, saveProgress,
    settled: () => running ?? Promise.resolve(),
    counts: () => ({ ...counts, offset: checkpoints.offset(), ageMs: hasChanged() ? clock.monotonic() - savedAt : 0 }),
  };
}
