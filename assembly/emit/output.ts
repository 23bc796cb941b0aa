/**
 * Output records, one behind the other from OUTPUT on (abi.ts OUT_*). Each takes its sink's next sequence number and folds its
 * bytes into the sink's digest, so that a replay can be compared with what was delivered. A unit of work (a row, a pane)
 * begins only while the area is not full; then all of its records are taken, those beyond the area by emit/overflow.ts.
 */
import {
  COUNTERS, COUNTER_RESULTS, HEADER, HEADER_OUTPUT_LENGTH, HEADER_OUTPUT_LIMIT, OUTPUT, OUTPUT_BYTES, OUT_ARRIVAL, OUT_BYTES, OUT_CHANGE_END,
  OUT_DIGEST, OUT_KEY_LENGTH, OUT_KIND, OUT_LENGTH, OUT_NO_KEY, OUT_ROW_KIND, OUT_SEQUENCE, OUT_SINK, OUT_VALUE_LENGTH, ROW_UPDATE_BEFORE, SINKS,
  SINK_BYTES,
} from "../abi";
import { rowArrival } from "../ingest/batch";
import { SCRATCH_OUTPUT_CURSOR, SCRATCH_OUTPUT_LAST, SCRATCH_OUTPUT_RECORD, SCRATCH_ROW } from "../scratch";
import { put } from "../state/pages";
import { firstOverflow, link, reserve, unlink } from "./overflow";

/** Odd constants with well spread bits. */
const SPREAD: u64 = 0x9e3779b97f4a7c15;
const SPREAD_AGAIN: u64 = 0xbf58476d1ce4e5b9;
/** Most bytes of key and value that one record can have. */
export const RECORD_BYTES_MAX: u32 = OUTPUT_BYTES - OUT_BYTES - 64;
const AREA_END: usize = OUTPUT + OUTPUT_BYTES;
/** What may be written over behind a record. */
const SLACK_BYTES: u32 = 64;

/** Empties the area and takes in what did not fit before; called first in step and drain. */
export function startOutput(): void {
  let cursor: usize = OUTPUT;
  for (let record = firstOverflow(); record != 0; record = firstOverflow()) {
    const length = <usize>load<u32>(record, OUT_LENGTH);
    if (cursor + length > AREA_END) break;
    memory.copy(cursor, record, length);
    unlink();
    cursor += length;
  }
  store<u32>(SCRATCH_OUTPUT_CURSOR, <u32>cursor);
  store<u32>(SCRATCH_OUTPUT_LAST, 0);
  store<u32>(HEADER + HEADER_OUTPUT_LENGTH, <u32>(cursor - OUTPUT));
}

/** Whether no more work may begin before the host has taken the output; never of an empty area. */
// @ts-ignore: decorator
@inline
export function isOutputFull(): bool {
  return load<u32>(HEADER + HEADER_OUTPUT_LENGTH) >= load<u32>(HEADER + HEADER_OUTPUT_LIMIT) || firstOverflow() != 0;
}

/**
 * Where the key of the next record goes, and behind it the value. Requires: `bytes` <= RECORD_BYTES_MAX.
 * @param bytes the most that key and value may take
 */
// @ts-ignore: decorator
@inline
export function beginRecord(bytes: u32): usize {
  const cursor = load<u32>(SCRATCH_OUTPUT_CURSOR);
  const hasRoom = cursor + OUT_BYTES + bytes + SLACK_BYTES <= <u32>AREA_END || cursor == OUTPUT;
  const record = hasRoom && firstOverflow() == 0 ? <usize>cursor : reserve(OUT_BYTES + bytes + SLACK_BYTES);
  store<u32>(SCRATCH_OUTPUT_RECORD, <u32>record);
  return record + OUT_BYTES;
}

/**
 * Ends the record that beginRecord() began: head, sequence, digest, counter.
 * @param keyEnd address behind the key, 0 for no key
 * @param end address behind the value
 * @param rowKind ROW_* of abi.ts
 */
export function endRecord(sink: u32, rowKind: u32, keyEnd: usize, end: usize): void {
  const record = <usize>load<u32>(SCRATCH_OUTPUT_RECORD);
  const bytes = record + OUT_BYTES;
  const keyLength = keyEnd == 0 ? OUT_NO_KEY : <u32>(keyEnd - bytes);
  const valueLength = <u32>(end - (keyEnd == 0 ? bytes : keyEnd));
  const length = <u32>((end + 7 - record) & ~7);
  store<u64>(end, 0);
  const registers = <usize>SINKS + <usize>sink * SINK_BYTES;
  const sequence = load<u64>(registers) + 1;
  const digest = digestOf(load<u64>(registers, 8), bytes, record + length, (<u64>keyLength << 32) | (<u64>valueLength << 2) | rowKind);
  put<u64>(registers, sequence);
  store<u64>(registers, digest, 8);
  store<u32>(record, length, OUT_LENGTH);
  store<u32>(record, rowKind << 8 | sink << 16, OUT_KIND);
  store<f64>(record, <f64>sequence, OUT_SEQUENCE);
  store<f64>(record, <f64>rowArrival(load<u32>(SCRATCH_ROW)), OUT_ARRIVAL);
  store<u64>(record, digest, OUT_DIGEST);
  store<u32>(record, keyLength, OUT_KEY_LENGTH);
  store<u32>(record, valueLength, OUT_VALUE_LENGTH);
  store<u64>(record, u64(rowKind != ROW_UPDATE_BEFORE), OUT_CHANGE_END);
  const counter: usize = COUNTERS + (COUNTER_RESULTS << 3);
  store<u64>(counter, load<u64>(counter) + 1);
  store<u32>(SCRATCH_OUTPUT_LAST, <u32>record);
  if (<u32>record != load<u32>(SCRATCH_OUTPUT_CURSOR)) return link(record);
  const cursor = <u32>record + length;
  store<u32>(SCRATCH_OUTPUT_CURSOR, cursor);
  store<u32>(HEADER + HEADER_OUTPUT_LENGTH, cursor - OUTPUT);
}

/**
 * Ends a change of two rows, -U and +U, once both went on: where a filter has dropped the second, the first is the end.
 * Requires: called before the next change begins.
 */
export function endChange(): void {
  const record = <usize>load<u32>(SCRATCH_OUTPUT_LAST);
  if (record != 0) store<u32>(record, 1, OUT_CHANGE_END);
}

/** Folds whole words from `from` to `to` into a digest, in two lanes so that multiplications overlap. */
function digestOf(before: u64, from: usize, to: usize, head: u64): u64 {
  let even = before ^ head;
  let odd = before + SPREAD_AGAIN;
  let p = from;
  for (; p + 8 < to; p += 16) {
    even = folded(even ^ load<u64>(p), SPREAD);
    odd = folded(odd ^ load<u64>(p, 8), SPREAD_AGAIN);
  }
  if (p < to) even = folded(even ^ load<u64>(p), SPREAD);
  return folded(folded(even, SPREAD_AGAIN) ^ odd, SPREAD);
}

/** A bijection of 64 bits for an odd factor, so that no two words fold one lane to the same value. */
// @ts-ignore: decorator
@inline
function folded(word: u64, factor: u64): u64 {
  const spread = word * factor;
  return spread ^ (spread >> 32);
}
