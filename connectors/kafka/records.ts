/**
 * Record batches as brokers store and send them -> records, in place: one reused object for all, no copy but where a batch
 * is compressed. Keeps what a read_committed reader may see: no control records, nothing of an aborted transaction.
 * Source: Kafka protocol guide, "Record Batch" (magic 2, since Kafka 0.11); KIP-98 for what transactions leave behind.
 */
import { IoError } from '../../host/ports.ts';
import { decompress } from './compression.ts';

/** A transaction that was aborted: from `firstOffset` on its producer's records are void until its marker. */
export interface Aborted { readonly producerId: bigint; readonly firstOffset: number }

/** Bytes of one partition in an answer. */
export interface Section {
  readonly bytes: Buffer; readonly start: number; readonly end: number;
  /** Empty where all records are wanted. */
  readonly aborted: readonly Aborted[];
}

export interface RecordView {
  bytes: Uint8Array;
  offset: number;
  timestamp: number;
  keyStart: number; keyEnd: number; // keyEnd -1: no key
  valueStart: number; valueEnd: number; // an absent value (a tombstone) is an empty one
}

export interface RecordCursor {
  /** The record that `next` found; the same object each time. */
  readonly record: RecordView;
  /** Goes to the next record. @returns false when there is none: the rest of the answer is a batch that was cut */
  next(): boolean;
  /** Where to go on: behind the last record found, or behind the last batch when all of it is read or passed over. */
  nextOffset(): number;
}

// Bytes from a batch's start.
const LENGTH_AT = 8;
const HEAD_BYTES = 12; // what the length does not count
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const LAST_DELTA_AT = 23;
const TIMESTAMP_AT = 27;
const TIMESTAMP_MAX_AT = 35;
const PRODUCER_AT = 43;
const COUNT_AT = 57;
const RECORDS_AT = 61;
const MAGIC = 2;
const COMPRESSION = 0b111;
const APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
/** Second half of a control record's key, after a version: 0 abort, 1 commit. */
const MARKER_TYPE_AT = 2;
const MARKER_ABORT = 0;

/** Records of `section` from offset `from` on. Throws IoError at what is no record batch. */
export function openRecords(section: Section, from: number): RecordCursor {
  const { bytes: batches, end } = section;
  const record: RecordView = { bytes: batches, offset: 0, timestamp: 0, keyStart: 0, keyEnd: -1, valueStart: 0, valueEnd: 0 };
  const aborted = section.aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const voidProducers = new Set<bigint>();
  let abortedSeen = 0;
  let batchAt = section.start;
  let behindBatch = from;
  let next = from;
  let left = 0;
  let body: Buffer = batches;
  let at = 0;
  let baseOffset = 0;
  let baseTimestamp = 0;
  let appendTime = -1;

  /** A variable-length integer in zigzag form; exact within 2^53. */
  function varint(): number {
    let byte = body[at++] as number;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let low = byte & 0x7f;
    let scale = 128;
    do {
      byte = body[at++] as number;
      low += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    return low % 2 === 0 ? low / 2 : -(low + 1) / 2;
  }
  function readRecord(): void {
    const length = varint();
    const behind = at + length;
    at += 1; // attributes: none are defined
    const delta = varint();
    record.timestamp = appendTime >= 0 ? appendTime : baseTimestamp + delta;
    record.offset = baseOffset + varint();
    const keyLength = varint();
    record.keyStart = at;
    record.keyEnd = keyLength < 0 ? -1 : at + keyLength;
    if (keyLength > 0) at += keyLength;
    const valueLength = varint();
    record.valueStart = at;
    record.valueEnd = at + Math.max(0, valueLength);
    at = behind;
  }
  /** Opens the next whole batch. @returns false when there is none */
  function openBatch(): boolean {
    next = Math.max(next, behindBatch);
    if (batchAt + RECORDS_AT > end) return false;
    const start = batchAt;
    const behind = start + HEAD_BYTES + batches.readInt32BE(start + LENGTH_AT);
    if (behind > end) return false;
    if (batches[start + MAGIC_AT] !== MAGIC) throw oldFormat(batches[start + MAGIC_AT]);
    const attributes = batches.readInt16BE(start + ATTRIBUTES_AT);
    baseOffset = longAt(batches, start);
    behindBatch = baseOffset + batches.readInt32BE(start + LAST_DELTA_AT) + 1;
    batchAt = behind;
    const producerId = batches.readBigInt64BE(start + PRODUCER_AT);
    for (; abortedSeen < aborted.length && (aborted[abortedSeen]?.firstOffset ?? 0) < behindBatch; abortedSeen += 1) {
      voidProducers.add((aborted[abortedSeen] as Aborted).producerId);
    }
    const isVoid = (attributes & TRANSACTIONAL) !== 0 && voidProducers.has(producerId);
    left = 0;
    if (behindBatch <= from || (isVoid && (attributes & CONTROL) === 0)) return true;
    const codec = attributes & COMPRESSION;
    body = codec === 0 ? batches : decompress(codec, batches.subarray(start + RECORDS_AT, behind));
    at = codec === 0 ? start + RECORDS_AT : 0;
    record.bytes = body;
    baseTimestamp = longAt(batches, start + TIMESTAMP_AT);
    appendTime = (attributes & APPEND_TIME) !== 0 ? longAt(batches, start + TIMESTAMP_MAX_AT) : -1;
    left = batches.readInt32BE(start + COUNT_AT);
    if ((attributes & CONTROL) === 0 || left === 0) return true;
    readRecord();
    if (body.readInt16BE(record.keyStart + MARKER_TYPE_AT) === MARKER_ABORT) voidProducers.delete(producerId);
    left = 0;
    return true;
  }
  return {
    record,
    next() {
      for (;;) {
        while (left > 0) {
          left -= 1;
          readRecord();
          if (record.offset < from) continue; // an answer begins with the whole batch that holds the offset asked for
          next = record.offset + 1;
          return true;
        }
        if (!openBatch()) return false;
      }
    },
    nextOffset: () => next,
  };
}

function oldFormat(magic: number | undefined): IoError {
  return new IoError(`kafka: the topic holds records of format ${magic ?? 'unknown'}, older than Kafka 0.11`, {
    retry: false, remedy: 'write them again with a newer producer, or start behind them',
  });
}

/** A 64-bit offset or time: within 2^53. */
export function longAt(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
