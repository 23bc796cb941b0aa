/** What the dead letters say about a row: why it was refused, in words. */
import { HEADER, HEADER_OFFSET } from "../abi";
import { textOf } from "../text/text";

/** Reasons in the order of REJECT_*, 16 bytes each, blanks behind: see `reasonText`. */
const REASONS: usize = memory.data<u8>([
  117, 110, 107, 110, 111, 119, 110, 32, 32, 32, 32, 32, 32, 32, 32, 32, // unknown
  109, 97, 108, 102, 111, 114, 109, 101, 100, 32, 32, 32, 32, 32, 32, 32, // malformed
  116, 121, 112, 101, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, // type
  117, 116, 102, 56, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, // utf8
  111, 118, 101, 114, 115, 105, 122, 101, 32, 32, 32, 32, 32, 32, 32, 32, // oversize
  114, 97, 110, 103, 101, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, // range
  101, 120, 112, 114, 101, 115, 115, 105, 111, 110, 32, 32, 32, 32, 32, 32, // expression
  101, 118, 101, 110, 116, 45, 116, 105, 109, 101, 32, 32, 32, 32, 32, 32, // event-time
  115, 116, 97, 116, 101, 45, 102, 117, 108, 108, 32, 32, 32, 32, 32, 32, // state-full
  116, 114, 97, 112, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, // trap
  111, 117, 116, 112, 117, 116, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, // output
], 16);
const REASON_COUNT: i32 = 11;
/** Longest payload that a dead letter carries whole, since its base64 must fit one output record. */
const PAYLOAD_BYTES_MAX: u32 = 0x200000;

/** A REJECT_* as text. */
export function reasonText(reason: i32): u64 {
  const at = REASONS + (<usize>(reason < 0 || reason >= REASON_COUNT ? 0 : reason) << 4);
  let length: u32 = 16;
  while (load<u8>(at + length - 1) == 32) length--;
  return textOf(at, length);
}

/** The payload as a Text, cut where it would not fit. */
export function payloadText(payload: usize, end: usize): u64 { return textOf(payload, min<u32>(<u32>(end - payload), PAYLOAD_BYTES_MAX)); }

/** Offset of the record in the log. */
export function recordOffset(): i64 { return <i64>load<f64>(HEADER + HEADER_OFFSET); }
