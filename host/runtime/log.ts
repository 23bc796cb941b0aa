/**
 * Records -> durable records at dense offsets, and back in order. Puts the CRC behind each record and checks it when the
 * record comes back. While the disk is full, records wait in order and are tried again: what is durable never has a hole,
 * and a source notices nothing but that it must pause.
 */
import { type Clock, IoError, type Offset, type Store } from '../ports.ts';
import { TRAILER_BYTES } from './batch.ts';
import { assert } from './errors.ts';
import type { Crc32 } from './frame.ts';

export interface Log {
  /**
   * Durable when resolved, however long the disk is full. `record` ends in TRAILER_BYTES zeroes and must stay as it is until
   * then. Throws IoError (retry = false) when the disk is broken.
   */
  append(record: Uint8Array): Promise<Offset>;
  /** The offset that the next record will get. */
  nextOffset(): Offset;
  /** Records wait for room on the disk. */
  isStalled(): boolean;
  /** Durable records are those below. */
  end(): Offset;
  first(): Offset;
  /** Waits until the record at `offset` is durable. @returns false after `close` */
  reached(offset: Offset): Promise<boolean>;
  /** Copies one durable record into `target`. @returns its length. Throws AssertionError when its CRC does not hold. */
  read(offset: Offset, target: Uint8Array): number;
  /** One durable record in a buffer of the log's own, valid until the next call. Throws as `read` does. */
  view(offset: Offset): Uint8Array;
  /** Bytes appended since this process started. */
  appendedBytes(): number;
  sizeBytes(): number;
  /** Ends the waits of `reached`; what is not durable yet never will be. */
  close(): void;
}

/** Most records of a quiet source are smaller; the buffer grows with the first that is not. */
const VIEW_FIRST_BYTES = 16 * 1024;
/** Pause before a full disk is tried again. */
const RETRY_MS = 200;

/** A record on its way to disk. */
interface Pending { readonly record: Uint8Array; readonly offset: Offset; isWritten: boolean; resolve(offset: Offset): void; reject(error: unknown): void }

export function createLog(store: Store, crc32: Crc32, clock: Clock): Log {
  let buffer = new Uint8Array(VIEW_FIRST_BYTES);
  let nextOffset = store.end();
  let inFlight = 0;
  let durableEnd = nextOffset;
  let appendedBytes = 0;
  let isClosed = false;
  let isStalled = false;
  let cancelRetry = (): void => undefined;
  /** Oldest first; what stands before them is durable. */
  const pending: Pending[] = [];
  let waiting: { readonly offset: Offset; readonly resolve: (isReached: boolean) => void }[] = [];

  function wake(): void {
    const ready = waiting.filter(({ offset }) => isClosed || offset < durableEnd);
    waiting = waiting.filter((wait) => !ready.includes(wait));
    for (const { resolve } of ready) resolve(!isClosed);
  }
  function write(entry: Pending): void {
    entry.isWritten = true;
    inFlight += 1;
    store.commit({ append: [entry.record] }).then(() => { durable(entry); }, failed);
  }
  function durable(entry: Pending): void {
    inFlight -= 1;
    assert(pending.shift() === entry && entry.offset === durableEnd, 'log records become durable in order, without a gap');
    durableEnd += 1;
    appendedBytes += entry.record.length;
    isStalled = false;
    for (const waiting of pending) if (!waiting.isWritten) write(waiting);
    wake();
    entry.resolve(entry.offset);
  }
  /** The store fails what stands behind a failed commit, too; the oldest is tried again when all have come back. */
  function failed(error: unknown): void {
    inFlight -= 1;
    isStalled = true;
    if (!(error instanceof IoError) || !error.retry) for (const { reject } of pending) reject(error);
    else if (inFlight === 0 && !isClosed) {
      for (const entry of pending) entry.isWritten = false;
      cancelRetry = clock.wake(RETRY_MS, () => { if (pending[0]) write(pending[0]); });
    }
  }
  function read(offset: Offset, target: Uint8Array): number {
    const length = store.readInto(offset, target);
    assert(length > TRAILER_BYTES && length <= target.length, `log record ${offset} is there and fits`);
    const end = length - TRAILER_BYTES;
    const crc = new DataView(target.buffer, target.byteOffset + end, 4).getUint32(0, true);
    assert(crc === crc32(target.subarray(0, end)), `log record ${offset} reads back as it was written`);
    return end;
  }
  return {
    append(record) {
      const crcAt = record.length - TRAILER_BYTES;
      new DataView(record.buffer, record.byteOffset).setUint32(crcAt, crc32(record.subarray(0, crcAt)), true);
      return new Promise((resolve, reject) => {
        const entry: Pending = { record, offset: nextOffset, isWritten: false, resolve, reject };
        nextOffset += 1;
        pending.push(entry);
        if (!isStalled) write(entry);
      });
    },
    isStalled: () => isStalled,
    nextOffset: () => nextOffset,
    end: () => durableEnd,
    first: () => store.bounds().first,
    reached(offset) {
      if (isClosed || offset < durableEnd) return Promise.resolve(!isClosed);
      return new Promise((resolve) => { waiting.push({ offset, resolve }); });
    },
    read,
    view(offset) {
      const length = store.readInto(offset, buffer);
      if (length > buffer.length) buffer = new Uint8Array(length);
      return buffer.subarray(0, read(offset, buffer));
    },
    appendedBytes: () => appendedBytes,
    sizeBytes: () => store.bounds().sizeBytes,
    close() {
      isClosed = true;
      cancelRetry();
      wake();
    },
  };
}
