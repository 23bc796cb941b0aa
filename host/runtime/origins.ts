/** Where the rows of one batch stood in a partitioned log -> columns of the log record, as they lie in batch.fbs. */
import type { Origin } from '../ports.ts';
import { assert } from './errors.ts';
import { type Buffered, buffered, bytesOf, copyBytes } from './words.ts';

/** Bytes that one row takes in the columns: partition 4, offset 8, timestamp 8, end of its key 4. */
const ROW_BYTES = 24;
const HIGH_WORD = 2 ** 32;

/** Columns as bytes. */
export interface OriginColumns {
  readonly partitions: Uint8Array; readonly recordOffsets: Uint8Array; readonly timestamps: Uint8Array;
  readonly keyOffsets: Uint8Array | undefined; readonly keys: Uint8Array | undefined;
}

export interface Origins {
  /** Notes row `row`. Requires: every row of the batch is noted. @returns whether its record has a key, copied from `source` */
  add(row: number, origin: Origin, source: Buffered): boolean;
  sizeBytes(): number;
  /** @returns undefined when no row was noted; views, valid until the next `add` */
  columns(): OriginColumns | undefined;
  clear(): void;
}

export function createOrigins(rowsMax: number): Origins {
  const partitions = new Int32Array(rowsMax);
  const recordOffsets = new Uint32Array(rowsMax * 2);
  const timestamps = new Uint32Array(rowsMax * 2);
  const keyOffsets = new Uint32Array(rowsMax + 1);
  let keys = buffered(new Uint8Array(4096));
  let keyBytes = 0;
  let count = 0;
  let hasKeys = false;

  function addKey(source: Buffered, start: number, end: number): void {
    const needed = keyBytes + end - start;
    if (needed > keys.bytes.length) {
      const larger = new Uint8Array(Math.max(keys.bytes.length * 2, needed));
      larger.set(keys.bytes.subarray(0, keyBytes));
      keys = buffered(larger);
    }
    copyBytes(source, start, end, keys, keyBytes);
    keyBytes = needed;
    hasKeys = true;
  }
  return {
    add(row, origin, source) {
      assert(row === count, 'a source gives an origin with each of its payloads, or with none');
      partitions[count] = origin.partition;
      setLong(recordOffsets, count, origin.offset);
      setLong(timestamps, count, origin.timestamp);
      const isKeyed = origin.keyEnd >= 0;
      if (isKeyed) addKey(source, origin.keyStart, origin.keyEnd);
      count += 1;
      keyOffsets[count] = keyBytes;
      return isKeyed;
    },
    sizeBytes: () => count * ROW_BYTES + keyBytes,
    columns: () => (count === 0 ? undefined : {
      partitions: bytesOf(partitions, count), recordOffsets: bytesOf(recordOffsets, count * 2), timestamps: bytesOf(timestamps, count * 2),
      keyOffsets: hasKeys ? bytesOf(keyOffsets, count + 1) : undefined, keys: hasKeys ? keys.bytes.subarray(0, keyBytes) : undefined,
    }),
    clear() {
      count = keyBytes = 0;
      hasKeys = false;
    },
  };
}

/** A whole number within 2^53 of 0 as two words, since a BigInt would be an object a row. */
function setLong(column: Uint32Array, index: number, value: number): void {
  column[index * 2] = value; // modulo 2^32, also of a negative number
  column[index * 2 + 1] = Math.floor(value / HIGH_WORD);
}
