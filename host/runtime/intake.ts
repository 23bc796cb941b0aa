/**
 * Payloads of all sources -> sealed log records, in arrival order, one open batch a source. Group commit: a batch is
 * sealed when it is full, when it has lingered, or at once when nothing is on its way to disk. A bounded number of
 * records may be on that way; beyond it `push` answers false and sources pause.
 */
import { BATCH_END, BATCH_TICK } from '../../assembly/abi.ts';
import { type Arrival, type Clock, FLAG_MARK, type Intake, type IoError, type Millis, type Source } from '../ports.ts';
import { type BatchBuilder, createBatchBuilder, sealEvent } from './batch.ts';
import { assert } from './errors.ts';

export interface IntakeLimits {
  readonly lingerMs: number;
  readonly batchRowsMax: number;
  /** A batch that reaches it is sealed; its last payload may stand out. */
  readonly batchBytesMax: number;
  /** Records sealed and not yet durable. */
  readonly appendsMax: number;
}

/** One record for the log. */
export interface Sealed {
  /** -1: of no source (a tick). */
  readonly source: number;
  /** Which life of the source it belongs to. */
  readonly life: number;
  readonly count: number;
  readonly record: Uint8Array;
  readonly isEnd: boolean;
  /** The source's snapshot after this record, when one was asked for. */
  readonly snapshot: Uint8Array | undefined;
  readonly builder: BatchBuilder | undefined;
}

export interface IntakeCounts { received: number; receivedBytes: number; acknowledged: number; batches: number }

export interface RecordIntake {
  /** Begins a life of a source: what it pushes into the returned port is taken until `drop`. */
  begin(index: number, source: Source, onFailed: (error: IoError) => void): Intake;
  /** Ends the life: what it pushed and is not yet on its way to disk is forgotten, later pushes are ignored. */
  drop(index: number): void;
  /** The next record for the log. @returns undefined after `close` */
  take(): Promise<Sealed | undefined>;
  /** The record is durable: its source may acknowledge. */
  committed(sealed: Sealed): void;
  /** Appends a tick record at the current time. */
  tick(): void;
  /** Seals what is open; used when sources have stopped. */
  sealAll(): void;
  /** Whether nothing of this source is open or waits for its append to begin. */
  isEmpty(index: number): boolean;
  /** Nothing of this source is on its way to disk: what the log holds of it is all there will be. */
  isSettled(index: number): boolean;
  /** The next record of this source shall carry a snapshot. */
  wantSnapshot(index: number): void;
  /** Nothing is open, waiting or in flight. */
  isIdle(): boolean;
  counts(index: number): Readonly<IntakeCounts>;
  close(): void;
}

interface Lane {
  readonly index: number;
  source: Source | undefined;
  life: number;
  inFlight: number;
  builder: BatchBuilder | undefined;
  cancelLinger: (() => void) | undefined;
  isDue: boolean;
  isPaused: boolean;
  wantsSnapshot: boolean;
  sealedAt: number;
  readonly counts: IntakeCounts;
}

export function createIntake(clock: Clock, limits: IntakeLimits, sourceCount: number): RecordIntake {
  const lanes = Array.from({ length: sourceCount }, (_, index): Lane => ({
    index, source: undefined, life: 0, inFlight: 0, builder: undefined, cancelLinger: undefined, isDue: false, isPaused: false, wantsSnapshot: false,
    sealedAt: -Infinity, counts: { received: 0, receivedBytes: 0, acknowledged: 0, batches: 0 },
  }));
  const pool: BatchBuilder[] = [];
  let waiting: Sealed[] = [];
  let inFlight = 0;
  let newestArrival: Millis = 0;
  let isClockRead = false;
  let isClosed = false;
  let taker: ((sealed: Sealed | undefined) => void) | undefined;

  const hasSlot = (): boolean => waiting.length + inFlight < limits.appendsMax;
  const lane = (index: number): Lane => lanes[index] as Lane;

  /**
   * Arrival times never go back while this process runs, whatever the wall clock does. The clock is read once for all that
   * one callback of a source pushes: a system call a payload would cost as much as copying it.
   */
  function arrivalNow(): Millis {
    if (!isClockRead) {
      const now = clock.now();
      if (now > newestArrival) newestArrival = now;
      isClockRead = true;
      void Promise.resolve().then(() => { isClockRead = false; });
    }
    return newestArrival;
  }
  function hand(): void {
    if (!taker || (waiting.length === 0 && !isClosed)) return;
    const sealed = waiting.shift();
    if (sealed) inFlight += 1;
    const from = sealed && lanes[sealed.source];
    if (from) from.inFlight += 1;
    const give = taker;
    taker = undefined;
    give(sealed);
  }
  function enqueue(sealed: Sealed): void {
    waiting.push(sealed);
    hand();
  }
  function seal(from: Lane): void {
    from.cancelLinger?.();
    from.cancelLinger = undefined;
    from.isDue = false;
    const { builder, source } = from;
    if (!builder || builder.count === 0 || !source) return;
    from.builder = undefined;
    from.sealedAt = clock.monotonic();
    const snapshot = from.wantsSnapshot ? source.snapshot() : undefined;
    from.wantsSnapshot = false;
    const { count } = builder;
    from.counts.batches += 1;
    enqueue({ source: from.index, life: from.life, count, record: builder.seal(from.index, source.position()), isEnd: false, snapshot, builder });
  }
  function lingered(from: Lane): void {
    from.cancelLinger = undefined;
    if (hasSlot()) seal(from);
    else from.isDue = true; // the next commit seals it; until then it may grow, which is cheaper for the disk
  }
  function push(to: Lane, arrival: Arrival): boolean {
    const length = arrival.end - arrival.start;
    assert(length >= 0 && length <= PAYLOAD_BYTES_MAX, 'a payload fits the input area with the batch in front of it');
    to.builder ??= pool.pop() ?? createBatchBuilder(limits.batchRowsMax, limits.batchBytesMax);
    const { builder } = to;
    builder.add(arrival, arrivalNow());
    if ((arrival.flags & FLAG_MARK) !== 0) to.counts.acknowledged -= 1; // its commit adds it again: nobody waits for it
    else to.counts.received += 1;
    to.counts.receivedBytes += length;
    // Sealed after the payload and never before it: position() already tells what comes after.
    if (builder.count >= limits.batchRowsMax || builder.sizeBytes() >= limits.batchBytesMax) seal(to);
    else if (builder.count === 1) to.cancelLinger = clock.wake(limits.lingerMs, () => { lingered(to); });
    if (!hasSlot()) to.isPaused = true;
    return !to.isPaused;
  }
  function flush(from: Lane): void {
    const isIdle = waiting.length + inFlight === 0;
    if (isIdle && clock.monotonic() - from.sealedAt >= limits.lingerMs) seal(from);
  }
  function settled(sealed: Sealed): void {
    inFlight -= 1;
    const owner = lanes[sealed.source];
    if (owner) owner.inFlight -= 1;
    if (sealed.builder) pool.push(sealed.builder);
    for (const from of lanes) if (from.isDue && hasSlot()) seal(from);
    if (!hasSlot()) return;
    for (const from of lanes) {
      if (!from.isPaused) continue;
      from.isPaused = false;
      from.source?.resume();
    }
  }
  return {
    begin(index, source, onFailed) {
      const to = lane(index);
      assert(to.source === undefined, 'a source has one life at a time');
      to.source = source;
      to.life += 1;
      const { life } = to;
      const isAlive = (): boolean => to.life === life && to.source !== undefined && !isClosed;
      return {
        push: (arrival) => isAlive() && push(to, arrival),
        flush() { if (isAlive()) flush(to); },
        end() {
          if (!isAlive()) return;
          seal(to);
          const record = sealEvent({ kind: BATCH_END, source: index, arrival: arrivalNow(), position: source.position() });
          enqueue({ source: index, life, count: 0, record, isEnd: true, snapshot: undefined, builder: undefined });
        },
        failed(error) { if (isAlive()) onFailed(error); },
      };
    },
    drop(index) {
      const from = lane(index);
      from.cancelLinger?.();
      from.builder?.reset();
      if (from.builder) pool.push(from.builder);
      Object.assign(from, { source: undefined, builder: undefined, cancelLinger: undefined, isDue: false, isPaused: false, wantsSnapshot: false });
      for (const { source, builder } of waiting) if (source === index && builder) pool.push(builder);
      waiting = waiting.filter(({ source }) => source !== index);
    },
    take: () => new Promise((resolve) => {
      assert(taker === undefined, 'one loop takes from the intake');
      taker = resolve;
      hand();
    }),
    committed(sealed) {
      const from = lanes[sealed.source];
      if (from?.source && from.life === sealed.life && sealed.count > 0) {
        from.counts.acknowledged += sealed.count;
        from.source.committed(sealed.count);
      }
      settled(sealed);
    },
    tick() {
      const record = sealEvent({ kind: BATCH_TICK, source: 0, arrival: arrivalNow(), position: new Uint8Array(0) });
      enqueue({ source: -1, life: 0, count: 0, record, isEnd: false, snapshot: undefined, builder: undefined });
    },
    sealAll() { for (const from of lanes) seal(from); },
    isEmpty: (index) => !((lane(index).builder?.count ?? 0) > 0) && !waiting.some(({ source }) => source === index),
    isSettled: (index) => lane(index).inFlight === 0,
    wantSnapshot(index) { lane(index).wantsSnapshot = true; },
    isIdle: () => waiting.length + inFlight === 0 && lanes.every(({ builder }) => !((builder?.count ?? 0) > 0)),
    counts: (index) => lane(index).counts,
    close() {
      isClosed = true;
      hand();
    },
  };
}

/** INPUT_BYTES (4 MiB) less the largest batch in front of the payload that fills it, columns and dictionaries. */
export const PAYLOAD_BYTES_MAX: number = 2 * 1024 * 1024;
