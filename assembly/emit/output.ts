/**
 * Output records, one behind the other from OUTPUT on (abi.ts OUT_*). Each takes its sink's next sequence number and folds its
 * bytes into the sink's digest, so that a replay can be compared with what was delivered.
 */
import {
  COUNTERS, COUNTER_RESULTS, HEADER, HEADER_OUTPUT_LENGTH, HEADER_OUTPUT_LIMIT, OUTPUT, OUTPUT_BYTES, OUT_ARRIVAL, OUT_BYTES, OUT_CHANGE_END,
  OUT_DIGEST, OUT_KEY_LENGTH, OUT_KIND, OUT_LENGTH, OUT_NO_KEY, OUT_ROW_KIND, OUT_SEQUENCE, OUT_SINK, OUT_VALUE_LENGTH, SINKS, SINK_BYTES,
} from "../abi";
import { rowArrival } from "../ingest/batch";
import { SCRATCH_OUTPUT_CURSOR, SCRATCH_ROW } from "../scratch";
import { put } from "../state/pages";

/** Odd constants with well spread bits. */
const SPREAD: u64 = 0x9e3779b97f4a7c15;
const SPREAD_AGAIN: u64 = 0xbf58476d1ce4e5b9;
/** Most bytes of key and value that one record can have. */
export const RECORD_BYTES_MAX: u32 = OUTPUT_BYTES - OUT_BYTES - 64;

/** Empties the area; called first in step and drain. */
export function startOutput(): void {
  store<u32>(SCRATCH_OUTPUT_CURSOR, OUTPUT);
  store<u32>(HEADER + HEADER_OUTPUT_LENGTH, 0);
}

/** Whether a record of at most `bytes` of key and value fits; into an empty area one always does. Requires: bytes <= RECORD_BYTES_MAX. */
export function hasOutputRoom(bytes: u32): bool {
  const cursor = load<u32>(SCRATCH_OUTPUT_CURSOR);
  if (cursor == OUTPUT) return true;
  return cursor - OUTPUT + OUT_BYTES + bytes <= load<u32>(HEADER + HEADER_OUTPUT_LIMIT);
}

/** Where the key of the next record goes, and behind it the value. Requires: hasOutputRoom(). */
// @ts-ignore: decorator
@inline
export function outputBytes(): usize { return <usize>load<u32>(SCRATCH_OUTPUT_CURSOR) + OUT_BYTES; }

/**
 * Ends the record whose key and value stand at outputBytes(): head, sequence, digest, counter.
 * @param keyEnd address behind the key, 0 for no key
 * @param end address behind the value
 * @param rowKind ROW_* of abi.ts
 */
export function endRecord(sink: u32, rowKind: u32, keyEnd: usize, end: usize): void {
  const record = <usize>load<u32>(SCRATCH_OUTPUT_CURSOR);
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
  store<u64>(record, 1, OUT_CHANGE_END);
  const counter: usize = COUNTERS + (COUNTER_RESULTS << 3);
  store<u64>(counter, load<u64>(counter) + 1);
  const cursor = <u32>record + length;
  store<u32>(SCRATCH_OUTPUT_CURSOR, cursor);
  store<u32>(HEADER + HEADER_OUTPUT_LENGTH, cursor - OUTPUT);
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
