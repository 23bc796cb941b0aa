/**
 * Records -> durable records at dense offsets, and back in order. Puts the CRC behind each record and checks it when the
 * record comes back. A failed append fails all behind it: what is durable never has a hole.
 */
import { IoError, type Offset, type Store } from '../ports.ts';
import { TRAILER_BYTES } from './batch.ts';
import { assert } from './errors.ts';
import type { Crc32 } from './frame.ts';

export interface Log {
  /** Durable when resolved. `record` ends in TRAILER_BYTES zeroes and must stay as it is until then. Throws IoError. */
  append(record: Uint8Array): Promise<Offset>;
  /** The offset that the next record will get if every append in flight succeeds. */
  nextOffset(): Offset;
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
  /** Ends the waits of `reached`. */
  close(): void;
}

/** Most records of a quiet source are smaller; the buffer grows with the first that is not. */
const VIEW_FIRST_BYTES = 16 * 1024;

export function createLog(store: Store, crc32: Crc32): Log {
  let buffer = new Uint8Array(VIEW_FIRST_BYTES);
  let nextOffset = store.end();
  let inFlight = 0;
  let durableEnd = nextOffset;
  let appendedBytes = 0;
  let isClosed = false;
  let waiting: { readonly offset: Offset; readonly resolve: (isReached: boolean) => void }[] = [];

  function wake(): void {
    const ready = waiting.filter(({ offset }) => isClosed || offset < durableEnd);
    waiting = waiting.filter((wait) => !ready.includes(wait));
    for (const { resolve } of ready) resolve(!isClosed);
  }
  function settled(): void {
    inFlight -= 1;
    if (inFlight === 0) nextOffset = store.end();
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
    async append(record) {
      // After a failure the store has gone back to what is durable; until every append in flight has heard of it, a new
      // one would land in front of those that are still to fail.
      if (store.end() !== nextOffset) throw new IoError('the log is going back to what is durable', { retry: true });
      const offset = nextOffset;
      const crcAt = record.length - TRAILER_BYTES;
      new DataView(record.buffer, record.byteOffset).setUint32(crcAt, crc32(record.subarray(0, crcAt)), true);
      nextOffset += 1;
      inFlight += 1;
      try {
        await store.commit({ append: [record] });
      } catch (error) {
        settled();
        throw error;
      }
      settled();
      assert(offset === durableEnd, 'log records become durable in order, without a gap');
      durableEnd = offset + 1;
      appendedBytes += record.length;
      wake();
      return offset;
    },
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
      wake();
    },
  };
}
