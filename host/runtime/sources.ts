/**
 * The lives of all sources: made, brought to where the durable log ends, and opened, again and again while the world says
 * no. Keeps each source's snapshot for checkpoints.
 */
import { BATCH_END } from '../../assembly/abi.ts';
import { type Clock, IoError, type Offset, type Source } from '../ports.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import { readBatch } from './batch.ts';
import { explainError } from './errors.ts';
import type { RecordIntake, Sealed } from './intake.ts';
import type { Log } from './log.ts';

/** What a source remembers as of a place in the log: its records from `from` on are not in `bytes`. */
export interface SourceSnapshot { readonly from: Offset; readonly bytes: Uint8Array | undefined; readonly hasEnded: boolean }

export interface SourceParts {
  readonly intake: RecordIntake;
  readonly log: Log;
  readonly clock: Clock;
  /** One entry a source of the manifest. */
  readonly names: readonly string[];
  create(index: number): Source;
  report(line: string): void;
  /** An error that no retry mends. */
  fail(error: unknown): void;
}

export interface Sources {
  /** Makes and opens all; returns when all are replayed, without waiting for the world. */
  start(): void;
  /** A record of a source is durable at `offset`. */
  logged(sealed: Sealed, offset: Offset): void;
  /** Asks every source for a snapshot; `isFresh` tells when all have answered. */
  askSnapshots(): void;
  isFresh(): boolean;
  snapshots(): readonly SourceSnapshot[];
  /**
   * Where a snapshot counts on records that wait for room on the disk, makes one of what is durable: a checkpoint must not
   * wait for them, since it makes the room.
   */
  retreat(): void;
  /** Every source is bounded and its end is durable. */
  haveEnded(): boolean;
  state(index: number): { readonly isOpen: boolean; readonly hasEnded: boolean; readonly lastError: string | undefined };
  stop(): Promise<void>;
  close(): Promise<void>;
}

interface Lane {
  readonly index: number;
  readonly backoff: Backoff;
  source: Source | undefined;
  snapshot: SourceSnapshot;
  /** The newest snapshot that covers durable records alone; `snapshot` may count on appends in flight. */
  former: SourceSnapshot;
  isFresh: boolean;
  isOpen: boolean;
  lastError: string | undefined;
}

export function createSources(parts: SourceParts, saved: readonly SourceSnapshot[]): Sources {
  const { intake, log, clock } = parts;
  let isStopping = false;
  const lanes = parts.names.map((_, index): Lane => {
    const snapshot = saved[index] ?? { from: 0, bytes: undefined, hasEnded: false };
    return { index, backoff: createBackoff(clock), source: undefined, snapshot, former: snapshot, isFresh: false, isOpen: false, lastError: undefined };
  });

  function keep(lane: Lane, snapshot: SourceSnapshot): void {
    if (lane.snapshot.from <= log.end()) lane.former = lane.snapshot;
    lane.snapshot = snapshot;
  }

  /** Restores and replays these sources, reading the log once. */
  function replay(fresh: readonly Lane[]): void {
    for (const lane of fresh) {
      lane.source = parts.create(lane.index);
      lane.source.restore(lane.snapshot.bytes);
    }
    for (let offset = Math.min(...fresh.map(({ snapshot }) => snapshot.from)); offset < log.end(); offset += 1) {
      const batch = readBatch(log.view(offset));
      const lane = fresh.find(({ index, snapshot }) => index === batch.source && offset >= snapshot.from);
      if (!lane || (batch.count === 0 && batch.kind !== BATCH_END)) continue;
      if (batch.kind === BATCH_END) lane.snapshot = { ...lane.snapshot, hasEnded: true };
      else lane.source?.replay({ ...batch, body: batch.body.slice(), position: batch.position.slice() });
    }
  }
  function say(lane: Lane, error: unknown): void {
    const text = explainError(error);
    if (text !== lane.lastError) parts.report(`source ${parts.names[lane.index]}: ${text}`);
    lane.lastError = text;
  }
  /** Opens a replayed source; on failure drops it and tries again after a pause. */
  async function open(lane: Lane): Promise<void> {
    const { source } = lane;
    if (!source || lane.snapshot.hasEnded) return;
    // What was replayed needs no second replay: the log may be trimmed although the world keeps this source waiting.
    keep(lane, { from: log.end(), bytes: source.snapshot(), hasEnded: false });
    const port = intake.begin(lane.index, source, (error) => {
      if (error.retry) say(lane, error);
      else parts.fail(error);
    });
    try {
      await source.open(port);
      if (lane.source !== source) return;
      lane.isOpen = true;
      if (lane.lastError !== undefined) parts.report(`source ${parts.names[lane.index]}: open again`);
      lane.lastError = undefined;
    } catch (error) {
      if (!(error instanceof IoError) || !error.retry) parts.fail(error);
      else if (lane.source === source) again(lane, error);
    }
  }
  /** Drops a life and begins the next from what is durable, after a pause. */
  function again(lane: Lane, error: unknown): void {
    const { source } = lane;
    if (!source) return; // already on its way
    say(lane, error);
    lane.source = undefined;
    lane.isOpen = false;
    intake.drop(lane.index);
    const closed = source.close().catch((cause: unknown) => { say(lane, cause); });
    void closed.then(async () => {
      do await lane.backoff.pause(); while (!isStopping && !intake.isSettled(lane.index));
      if (isStopping) return;
      if (lane.snapshot.from > log.end()) lane.snapshot = lane.former;
      replay([lane]);
      await open(lane);
    }).catch(parts.fail);
  }
  return {
    start() {
      if (lanes.length === 0) return;
      replay(lanes);
      for (const lane of lanes) void open(lane).catch(parts.fail);
    },
    logged(sealed, offset) {
      const lane = lanes[sealed.source];
      if (!lane) return;
      lane.backoff.reset(); // not when it opens: one that opens and fails at once would be opened all the time
      if (sealed.isEnd) lane.snapshot = { ...lane.snapshot, hasEnded: true };
      if (sealed.snapshot === undefined) return;
      keep(lane, { from: offset + 1, bytes: sealed.snapshot, hasEnded: lane.snapshot.hasEnded });
      lane.isFresh = true;
    },
    askSnapshots() {
      for (const lane of lanes) {
        lane.isFresh = lane.snapshot.hasEnded || !lane.isOpen || !lane.source;
        if (lane.isFresh || !lane.source) continue;
        if (intake.isEmpty(lane.index)) {
          keep(lane, { from: log.nextOffset(), bytes: lane.source.snapshot(), hasEnded: false });
          lane.isFresh = true;
        } else intake.wantSnapshot(lane.index);
      }
    },
    isFresh: () => lanes.every((lane) => lane.isFresh || !lane.isOpen || lane.snapshot.hasEnded),
    snapshots: () => lanes.map(({ snapshot }) => (snapshot.hasEnded ? { ...snapshot, from: log.end() } : snapshot)),
    retreat() {
      for (const lane of lanes) {
        if (lane.snapshot.from <= log.end()) continue;
        const stand: Lane = { ...lane, snapshot: lane.former }; // another source on the same records, which is never opened
        replay([stand]);
        if (!stand.source) continue;
        lane.former = lane.snapshot = { from: log.end(), bytes: stand.source.snapshot(), hasEnded: stand.snapshot.hasEnded };
        void stand.source.close();
      }
    },
    haveEnded: () => lanes.length > 0 && lanes.every(({ snapshot }) => snapshot.hasEnded),
    state: (index) => {
      const { isOpen, lastError, snapshot } = lanes[index] as Lane;
      return { isOpen, lastError, hasEnded: snapshot.hasEnded };
    },
    async stop() {
      isStopping = true;
      await Promise.all(lanes.map(({ source }) => source?.stop()));
    },
    async close() {
      isStopping = true;
      for (const lane of lanes) {
        const { source } = lane;
        lane.source = undefined;
        lane.isOpen = false;
        lane.backoff.cancel();
        await source?.close();
      }
    },
  };
}
