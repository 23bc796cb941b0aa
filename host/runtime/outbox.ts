/**
 * Results of the engine -> one queue a sink, in sequence: in RAM up to a bound, then in the store, each result written at
 * most once. Confirmed results are dropped; results that a replay makes again are skipped, and their digest is compared.
 */
import type { Offset, Progress, Result, Store, Transaction } from '../ports.ts';
import { addEntry, type Chunk, CHUNK_BYTES, lastPlace, newChunk, type Place, skipTo, storedChunk, takeFrom } from './chunk.ts';
import { assert, Refusal } from './errors.ts';
import { type Crc32, frame, frameJson, unframe, unframeJson } from './frame.ts';
import { chunkOfKey, progressKey, queueKey, queuePrefix } from './keys.ts';
import { digestAt, lengthAt, type Output, outputOf, sequenceAt, sinkAt } from './output.ts';

export interface OutboxLimits {
  /** Unconfirmed results of one sink that RAM holds; more go to the store. */
  readonly ramBytesMax: number;
  /** Unconfirmed results of one sink in all; at the limit the engine waits. */
  readonly bytesMax: number;
  readonly takeCountMax: number;
  readonly takeBytesMax: number;
}

/** What this store knows of a sink's progress. */
export interface KnownProgress extends Progress {
  /** The sink has told progress of its own before; one that then tells none has lost it. */
  readonly isHeld: boolean;
  /** Another incarnation whose progress a person decided to pass over. */
  readonly passedOver?: string | undefined;
}

/** A change of the store that `settle` follows. */
export interface Saving extends Pick<Transaction, 'put' | 'remove'> {
  readonly put: [string, Uint8Array][];
  readonly remove: string[];
  settle(isDurable: boolean): void;
}

export interface Outbox {
  /** Resolves when there is room for one more step's results; false after `close`. */
  room(): Promise<boolean>;
  /** Takes in the output records of the step of record `offset`. */
  stage(bytes: Uint8Array, offset: Offset): void;
  /** A new instance makes results again, from the sequences of its state on. */
  rewind(madeBy: (sink: number) => number): void;
  /** The engine stands at the end of what was durable at start: by now it has made every result that anybody knows of. */
  caughtUp(): void;
  /** Waits for results of a sink. @returns undefined after `close` */
  take(sink: number): Promise<{ readonly results: readonly Result[]; readonly progress: Progress } | undefined>;
  confirm(sink: number, progress: Progress): void;
  /** What the sink says is visible already; results up to there are never delivered again. */
  resume(sink: number, progress: KnownProgress): void;
  known(sink: number): KnownProgress;
  /** Progress and removals, and with `withResults` also every result that is only in RAM. */
  saving(withResults: boolean): Saving;
  isEmpty(): boolean;
  counts(sink: number): { readonly made: number; readonly delivered: number; readonly waiting: number; readonly waitingBytes: number };
  close(): void;
}

export const DIGEST_NONE = '0000000000000000';

interface Lane {
  readonly name: string;
  chunks: Chunk[];
  known: KnownProgress;
  /** Sequence of the last result that is queued, confirmed, or to be skipped when it is made again. */
  staged: number;
  /** Sequence of the last result that this instance of the engine has made. */
  made: number;
  /** Digests that results made again must have. */
  readonly expected: Map<number, string>;
  isProgressSaved: boolean;
  removals: string[];
  /** What this start found: where the sink stood when it was opened first, and what the log gave that was durable by then. */
  readonly start: { confirmed: number; told?: number; made?: number };
  wake: (() => void) | undefined;
}

export interface OutboxParts {
  readonly store: Store; readonly crc32: Crc32; readonly limits: OutboxLimits; readonly incarnation: string;
  /** Names of the sinks, in the order of the manifest. */
  readonly sinks: readonly string[];
  report(line: string): void;
}

/** @param madeBy sequence of a sink in the engine's state as it was restored */
export function createOutbox(parts: OutboxParts, madeBy: (sink: number) => number): Outbox {
  const { store, crc32, limits } = parts;
  const chunkBytes = Math.min(CHUNK_BYTES, limits.ramBytesMax / 4);
  const lanes = parts.sinks.map((name, index) => restoreLane(parts, name, madeBy(index)));
  let hasCaughtUp = false;
  let isClosed = false;
  let roomWaits: ((isOpen: boolean) => void)[] = [];
  const lane = (index: number): Lane => lanes[index] as Lane;

  const bytesOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, { sizeBytes, at }) => sum + sizeBytes - at, 0);
  const unstored = (from: Lane): Chunk[] => from.chunks.filter(({ key }) => key === undefined);
  const hasRoom = (): boolean => lanes.every((from) => bytesOf(from.chunks) < limits.bytesMax && bytesOf(unstored(from)) < 2 * limits.ramBytesMax);
  function wakeRoom(): void {
    if (!isClosed && !hasRoom()) return;
    const waits = roomWaits;
    roomWaits = [];
    for (const wait of waits) wait(!isClosed);
  }
  function wakeTaker(of: Lane): void {
    const { wake } = of;
    of.wake = undefined;
    wake?.();
  }
  function load(chunk: Chunk): void {
    if (chunk.output) return;
    const bytes = unframe(crc32, store.get(chunk.key ?? ''));
    assert(bytes !== undefined, `queued results ${chunk.first} to ${chunk.last} read back as they were written`);
    chunk.output = outputOf(bytes.slice()); // entries are 8-aligned; a view behind the CRC would not be
  }
  /** What of a chunk is to be written: from the first unconfirmed result on. */
  function written(name: string, chunk: Chunk): [string, Uint8Array] {
    assert(chunk.output !== undefined, 'a chunk that is not stored is in RAM');
    const key = queueKey(name, { first: chunk.next, last: chunk.last, sizeBytes: chunk.sizeBytes - chunk.at });
    return [key, frame(crc32, chunk.output.bytes.subarray(chunk.at, chunk.sizeBytes))];
  }
  /**
   * Moves closed chunks to the store until RAM holds its share; from the front on, so that a crash leaves no gap, and with
   * the progress that the front begins behind. The front itself also stays in RAM, since it is delivered next.
   */
  function spill(from: Lane): void {
    let ramBytes = bytesOf(unstored(from));
    for (const chunk of from.chunks) {
      if (ramBytes <= limits.ramBytesMax || !chunk.isClosed) return;
      if (chunk.key !== undefined || chunk.isSpilling || chunk.next > chunk.last) continue;
      ramBytes -= chunk.sizeBytes;
      chunk.isSpilling = true;
      const entry = written(from.name, chunk);
      store.commit({ put: [entry, [progressKey(from.name), frameJson(crc32, from.known)]] }).then(() => {
        stored(from, chunk, entry[0]);
        if (chunk !== from.chunks[0]) chunk.output = undefined;
        wakeRoom();
      }, () => { chunk.isSpilling = false; }); // a full store; the next step tries again
    }
  }
  function stored(from: Lane, chunk: Chunk, key: string): void {
    chunk.key = key;
    chunk.isSpilling = false;
    if (!from.chunks.includes(chunk)) from.removals.push(key);
  }
  function dropFront(from: Lane): void {
    const chunk = from.chunks.shift();
    if (chunk?.key !== undefined) from.removals.push(chunk.key);
  }
  /** Drops results up to `sequence`. @returns the place of `sequence`, undefined when it was confirmed before or is not queued */
  function advance(from: Lane, sequence: number): Place | undefined {
    for (let front = from.chunks[0]; front && front.next <= sequence; front = from.chunks[0]) {
      if (front.last < sequence || (front.last === sequence && front.output === undefined)) {
        const isTarget = front.last === sequence;
        if (isTarget) load(front);
        const place = isTarget && front.output ? lastPlace(front.output, front.sizeBytes) : undefined;
        dropFront(from);
        if (isTarget) return place;
        continue;
      }
      load(front);
      const place = skipTo(front, sequence);
      if (front.next > front.last && front.isClosed) dropFront(from);
      return place;
    }
    return undefined;
  }
  /** What the start found at a sink, once it is open and the log is stepped. */
  function reportStart({ name, start: { confirmed, told, made } }: Lane): void {
    if (told === undefined || made === undefined) return;
    const ahead = told > confirmed ? `, ${told - confirmed} more than were confirmed here` : '';
    const behind = made > told ? `; ${made - told} from before this start go to it now` : '';
    parts.report(`sink ${name}: open, holds ${told} results${ahead}${behind}`);
  }
  function settleProgress(to: Lane, progress: KnownProgress): void {
    assert(progress.sequence >= to.known.sequence, 'delivered progress never goes back');
    to.known = progress;
    to.isProgressSaved = false;
    wakeRoom();
  }
  /** A result that is queued or delivered already was made again: it must be the same. */
  function checkAgain(to: Lane, sequence: number, output: Output, at: number): void {
    const expected = to.expected.get(sequence);
    if (expected === undefined) return;
    const digest = digestAt(output, at);
    assert(expected === digest, `sink ${to.name}: result ${sequence} made again has digest ${digest}, as the first time (${expected})`);
    to.expected.delete(sequence);
  }
  return {
    room() {
      if (isClosed || hasRoom()) return Promise.resolve(!isClosed);
      return new Promise((resolve) => { roomWaits.push(resolve); });
    },
    stage(bytes, offset) {
      const output = outputOf(bytes);
      for (let at = 0; at < bytes.length; at += lengthAt(output, at)) {
        const to = lanes[sinkAt(output, at)];
        assert(to !== undefined, 'results go to sinks of the manifest');
        const sequence = sequenceAt(output, at);
        assert(sequence === to.made + 1, 'the engine makes results in sequence, without gaps');
        to.made = sequence;
        if (sequence <= to.staged) {
          checkAgain(to, sequence, output, at);
          continue;
        }
        to.staged = sequence;
        let open = to.chunks.at(-1);
        if (!open || open.isClosed) {
          open = newChunk(sequence);
          to.chunks.push(open);
        }
        addEntry(open, offset, output, at, chunkBytes);
      }
      for (const to of lanes) {
        wakeTaker(to);
        spill(to);
      }
    },
    rewind(madeBy) {
      lanes.forEach((of, index) => {
        const last = of.chunks.at(-1);
        if (last?.output && last.last === of.staged) of.expected.set(of.staged, lastPlace(last.output, last.sizeBytes).digest);
        of.made = madeBy(index);
      });
    },
    caughtUp() {
      hasCaughtUp = true;
      for (const of of lanes) {
        if (of.made >= of.staged) continue;
        throw new Refusal(
          `sink ${of.name} knows result ${of.staged}, but the whole log gives only ${of.made}: the store is older than what it delivered`,
          'bring back the newest copy of the data directory; or go on with --new-epoch, which may deliver results twice',
        );
      }
      for (const of of lanes) {
        of.start.made = of.made;
        reportStart(of);
      }
    },
    async take(index) {
      const from = lane(index);
      for (;;) {
        if (isClosed) return undefined;
        const front = from.chunks[0];
        if (front && front.next <= front.last) {
          load(front);
          // A chunk that was written before its first results were confirmed still begins with them.
          if (front.next <= from.known.sequence) skipTo(front, from.known.sequence);
          const taken = takeFrom(front, { count: limits.takeCountMax, bytes: limits.takeBytesMax });
          if (taken) return { results: taken.results, progress: { incarnation: parts.incarnation, ...taken.place } };
        }
        if (front?.isClosed && front.next > front.last) dropFront(from);
        else await new Promise<void>((resolve) => { from.wake = resolve; });
      }
    },
    confirm(index, progress) {
      const from = lane(index);
      advance(from, progress.sequence);
      settleProgress(from, { ...from.known, ...progress });
    },
    resume(index, progress) {
      const to = lane(index);
      if (to.start.told === undefined) {
        to.start.told = progress.sequence;
        reportStart(to);
      }
      if (progress.sequence === to.known.sequence) {
        assert(progress.sequence === 0 || progress.digest === to.known.digest, `sink ${to.name} holds the results that were delivered to it`);
      } else if (progress.sequence <= to.staged) {
        const place = advance(to, progress.sequence);
        if (place) assert(place.digest === progress.digest, `sink ${to.name} holds the results that were delivered to it`);
        else to.expected.set(progress.sequence, progress.digest);
      } else {
        assert(!hasCaughtUp, `sink ${to.name} tells no results that were never made`);
        while (to.chunks.length > 0) dropFront(to);
        to.staged = progress.sequence;
        to.expected.set(progress.sequence, progress.digest);
      }
      settleProgress(to, progress);
    },
    known: (index) => lane(index).known,
    saving(withResults) {
      const put: [string, Uint8Array][] = [];
      const remove: string[] = [];
      const settles: ((isDurable: boolean) => void)[] = [];
      for (const of of lanes) {
        const { known, removals } = of;
        if (!of.isProgressSaved) put.push([progressKey(of.name), frameJson(crc32, known)]);
        remove.push(...removals);
        of.removals = [];
        settles.push((isDurable) => {
          if (isDurable) of.isProgressSaved = of.known === known;
          else of.removals.push(...removals);
        });
        if (!withResults) continue;
        for (const chunk of of.chunks) {
          chunk.isClosed = true;
          if (chunk.key !== undefined || chunk.isSpilling || chunk.next > chunk.last) continue;
          const entry = written(of.name, chunk);
          put.push(entry);
          chunk.isSpilling = true;
          settles.push((isDurable) => {
            if (isDurable) stored(of, chunk, entry[0]);
            else chunk.isSpilling = false;
          });
        }
      }
      return { put, remove, settle(isDurable) { for (const settle of settles) settle(isDurable); } };
    },
    isEmpty: () => lanes.every(({ chunks, staged, known }) => staged === known.sequence && chunks.every(({ next, last }) => next > last)),
    counts(index) {
      const { made: madeCount, known, chunks, staged } = lane(index);
      return { made: madeCount, delivered: known.sequence, waiting: Math.max(0, staged - known.sequence), waitingBytes: bytesOf(chunks) };
    },
    close() {
      isClosed = true;
      wakeRoom();
      for (const of of lanes) wakeTaker(of);
    },
  };
}

/** Reads what the store holds of one sink: confirmed progress and the queue behind it. */
function restoreLane({ store, crc32, incarnation }: OutboxParts, name: string, made: number): Lane {
  const none: KnownProgress = { incarnation, sequence: 0, offset: 0, digest: DIGEST_NONE, isHeld: false };
  const known = unframeJson<KnownProgress>(crc32, store.get(progressKey(name)), `progress of sink ${name}`) ?? none;
  const all = store.keys(queuePrefix(name)).map((key) => storedChunk(key, chunkOfKey(key)));
  const chunks = all.filter(({ last }) => last > known.sequence);
  const expected = new Map<number, string>();
  let staged = known.sequence;
  for (const chunk of chunks) {
    assert(chunk.first <= staged + 1, `the queue of sink ${name} has no gap`);
    staged = chunk.last;
  }
  assert(staged >= made, `every result that the log no longer gives is in the queue of sink ${name}`);
  if (known.sequence > made) expected.set(known.sequence, known.digest);
  const newest = chunks.at(-1);
  if (newest && newest.last > made) {
    const bytes = unframe(crc32, store.get(newest.key ?? ''));
    assert(bytes !== undefined, `queued results ${newest.first} to ${newest.last} read back as they were written`);
    expected.set(newest.last, lastPlace(outputOf(bytes.slice()), bytes.length).digest);
  }
  const lane: Lane = {
    name, chunks, known, staged, made, expected, isProgressSaved: true, wake: undefined, start: { confirmed: known.sequence },
    removals: all.filter(({ last }) => last <= known.sequence).map(({ key }) => key ?? ''),
  };
  return lane;
}
