/**
 * Fixed words of SCRATCH, the memory of one call: who may write them, and where the larger areas begin.
 * Nothing here outlives a call by contract; the shape cache may, because it changes speed and never an answer.
 */
import { SCRATCH } from "./abi";

/** u32: reason of the row's first expression error, 0 for none (error.ts). */
export const SCRATCH_ERROR_REASON: usize = SCRATCH;
/** i32: the expression that raised it, counted by the compiler (error.ts). */
export const SCRATCH_ERROR_EXPRESSION: usize = SCRATCH + 4;
/** u32: address of the first free byte of TEXTS (text/arena.ts). */
export const SCRATCH_TEXT_CURSOR: usize = SCRATCH + 8;
/** u32: index of the current row in the log record; set by the generated step before a row is parsed. */
export const SCRATCH_ROW: usize = SCRATCH + 12;
/** i64 ms: arrival time of the current row; set by the generated step. */
export const SCRATCH_ARRIVAL: usize = SCRATCH + 16;
/** i32: why the last payload or value was refused, a REJECT_* (ingest/reject.ts). */
export const SCRATCH_REJECT_REASON: usize = SCRATCH + 24;
/** i32: the column that was refused, -1 when the payload as a whole was (ingest/reject.ts). */
export const SCRATCH_REJECT_COLUMN: usize = SCRATCH + 28;
/** u32: address of the first free byte of OUTPUT (emit/output.ts). */
export const SCRATCH_OUTPUT_CURSOR: usize = SCRATCH + 32;
/** u64: columns seen in the payload so far (ingest/json.ts). */
export const SCRATCH_SEEN: usize = SCRATCH + 40;
/** u64: columns under a field that should have been an object and was not (ingest/json.ts). */
export const SCRATCH_MISSHAPEN: usize = SCRATCH + 48;
/** u32: where the next segment of the shape being learned goes, 0 when none is (ingest/shape.ts). */
export const SCRATCH_LEARN_CURSOR: usize = SCRATCH + 56;
/** u32: end of the room for the shape being learned (ingest/shape.ts). */
export const SCRATCH_LEARN_END: usize = SCRATCH + 60;
/** u32: end of the last value of the payload being learned (ingest/shape.ts). */
export const SCRATCH_LEARN_FROM: usize = SCRATCH + 64;
/** u32: address of the output record being written (emit/output.ts). */
export const SCRATCH_OUTPUT_RECORD: usize = SCRATCH + 68;
/** u32: address of the output record written last, 0 for none in this call (emit/output.ts). */
export const SCRATCH_OUTPUT_LAST: usize = SCRATCH + 72;
/** u32: one more than the row at which the state had no room, 0 for none (full.ts); never reset, because the instance is dropped. */
export const SCRATCH_FULL: usize = SCRATCH + 76;
/** Free for words of the compiled job and of its other parts, up to SCRATCH_INGEST. */
export const SCRATCH_JOB: usize = SCRATCH + 128;

/** 16 KiB for ingest: big integers, value slots, shape caches. */
export const SCRATCH_INGEST: usize = SCRATCH + 256;
export const SCRATCH_INGEST_BYTES: usize = 16384;
/** Rows; the compiler assigns the addresses. */
export const SCRATCH_ROWS: usize = SCRATCH_INGEST + SCRATCH_INGEST_BYTES;
