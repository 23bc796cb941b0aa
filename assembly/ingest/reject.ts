/**
 * Why a payload is refused, and where ingest keeps its scratch. Readers return 0 instead of an address when they refuse;
 * the reason stands in SCRATCH until the next refusal.
 */
import { REJECT_MALFORMED } from "../abi";
import { SCRATCH_INGEST, SCRATCH_INGEST_BYTES, SCRATCH_REJECT_COLUMN, SCRATCH_REJECT_REASON } from "../scratch";

// ------------------------------------------------------------------- the ingest part of SCRATCH, offsets from its start
/** Parts of the number read last (number.ts). */
export const NUMBER_PARTS: usize = SCRATCH_INGEST;
/** u64 Text and i64: what a value was on its way into a column (value.ts, integer.ts). */
export const VALUE_TEXT: usize = SCRATCH_INGEST + 48;
export const VALUE_LONG: usize = SCRATCH_INGEST + 56;
/** Two big integers (exact.ts). */
export const BIG_LEFT: usize = SCRATCH_INGEST + 64;
export const BIG_RIGHT: usize = BIG_LEFT + 1024;
/** u32 a column: address of its value in the payload (json.ts). */
export const VALUE_SLOTS: usize = BIG_RIGHT + 1024;
/** A row has at most this many columns, since its NULL bits are one u64. */
export const COLUMNS_MAX: usize = 64;
/** u32: whether the string scanned last holds an escape (string.ts). */
export const STRING_ESCAPED: usize = VALUE_SLOTS + COLUMNS_MAX * 4;
/** u32: 1 while columns are read from a payload that json.ts has checked as a whole (value.ts). */
export const PAYLOAD_CHECKED: usize = STRING_ESCAPED + 4;
/** Shape caches, one a source; host/compile/parse.ts assigns them (shape.ts). */
export const SHAPE_CACHES: usize = SCRATCH_INGEST + 2560;
export const SHAPE_CACHES_BYTES: usize = SCRATCH_INGEST_BYTES - 2560;

/** Refuses the payload. @returns 0, so that a reader can end with it */
export function reject(reason: i32): usize {
  store<i32>(SCRATCH_REJECT_REASON, reason);
  return 0;
}

/** Refuses the payload as not being JSON. @returns 0 */
export function malformed(): usize { return reject(REJECT_MALFORMED); }

/** Reason of the last refusal, a REJECT_* of abi.ts. */
export function rejectReason(): i32 { return load<i32>(SCRATCH_REJECT_REASON); }

/** Column of the last refused payload, -1 when the payload as a whole is at fault. */
export function rejectColumn(): i32 { return load<i32>(SCRATCH_REJECT_COLUMN); }

/** Notes the column (-1: the whole payload) at fault and answers `reason`, for generated parsers. */
export function refuse(reason: i32, column: i32): i32 {
  store<i32>(SCRATCH_REJECT_REASON, reason);
  store<i32>(SCRATCH_REJECT_COLUMN, column);
  return reason;
}
