/**
 * What a compiled job does around its rows: opens the log record, begins each row, remembers where it stopped when the
 * output is full, and counts. The job's own text is made by host/compile/source.ts and imports this.
 */
import {
  ABI_VERSION, COUNTERS, COUNTER_REJECTED, COUNTER_ROWS, HEADER, HEADER_ABI, HEADER_ROW, HEADER_SKIP, OPERATORS, ROW_MARK, STATUS_DONE, STATUS_FULL,
  STATUS_MORE,
} from "./abi";
import { firstOverflow } from "./emit/overflow";
import { clearError, errorReason } from "./error";
import { fullRow, isFull } from "./full";
import { batchCount, bodyAddress, offsetsAddress, rowArrival, rowFlags } from "./ingest/batch";
import { SCRATCH_ARRIVAL, SCRATCH_JOB, SCRATCH_ROW } from "./scratch";
import { HEAP_BYTES, initHeap } from "./state/heap";
import { put } from "./state/pages";
import { reset } from "./text/arena";

/** Registers of the cursor: u32 row and u32 stage at which `drain` goes on. */
const CURSOR: usize = <usize>OPERATORS + HEAP_BYTES;
/** Words of the open log record and of the row at hand. */
const BODY: usize = SCRATCH_JOB;
const OFFSETS: usize = SCRATCH_JOB + 4;
const HAS_FLAGS: usize = SCRATCH_JOB + 8;
const REJECTION: usize = SCRATCH_JOB + 12;
const PASSED: usize = SCRATCH_JOB + 16;

/** Writes the header and an empty state whose heap begins at `heap`. */
export function initState(heap: usize): void {
  store<u32>(HEADER + HEADER_ABI, ABI_VERSION);
  initHeap(heap);
}

/** Opens the log record in INPUT. @returns its rows */
export function openBatch(): u32 {
  const count = batchCount();
  if (count == 0) return 0;
  store<u32>(BODY, <u32>bodyAddress());
  store<u32>(OFFSETS, <u32>offsetsAddress());
  store<u32>(HAS_FLAGS, <u32>hasFlags(count));
  return count;
}

/** Begins a row: it is the one that traps and results are ascribed to, and nothing is wrong with it yet. */
// @ts-ignore: decorator
@inline
export function startRow(row: u32): void {
  store<u32>(SCRATCH_ROW, row);
  store<u32>(HEADER + HEADER_ROW, row);
  store<u64>(PASSED, 0);
  clearError();
  reset();
}

/** Notes when the row arrived, for expressions that ask. */
export function noteArrival(row: u32): void { store<i64>(SCRATCH_ARRIVAL, rowArrival(row)); }

/** Where the row stands among all that came before it, from 1 on; batch borders do not change it. */
export function arrivalOrder(): u64 { return load<u64>(COUNTERS + (COUNTER_ROWS << 3)) + <u64>load<u32>(SCRATCH_ROW) + 1; }

/** First byte of the row's payload. */
// @ts-ignore: decorator
@inline
export function payloadOf(row: u32): usize { return <usize>load<u32>(BODY) + <usize>load<u32>(<usize>load<u32>(OFFSETS) + (<usize>row << 2)); }

/** Address behind it. */
// @ts-ignore: decorator
@inline
export function payloadEndOf(row: u32): usize { return <usize>load<u32>(BODY) + <usize>load<u32>(<usize>load<u32>(OFFSETS) + (<usize>row << 2), 4); }

/** ROW_* bits of the row. */
// @ts-ignore: decorator
@inline
export function flagsOf(row: u32): u32 { return load<u32>(HAS_FLAGS) == 0 ? 0 : rowFlags(row); }

/** Whether the row is only a note of its source; it then does not count. */
// @ts-ignore: decorator
@inline
export function isMark(row: u32): bool {
  if ((flagsOf(row) & ROW_MARK) == 0) return false;
  const at: usize = COUNTERS + (COUNTER_ROWS << 3);
  put<u64>(at, load<u64>(at) - 1); // the whole batch is counted at its end
  return true;
}

/** Whether a verdict of the host skips the row. */
// @ts-ignore: decorator
@inline
export function isSkipped(row: u32): bool { return load<u32>(HEADER + HEADER_SKIP) != 0 && isInSkipList(row); }

/** Notes why the row goes to the dead letters, a REJECT_*. @returns 0: it is refused */
export function rejectRow(reason: i32): u32 {
  store<i32>(REJECTION, reason);
  return 0;
}

/** Why the row goes to the dead letters, a REJECT_*. */
export function rejection(): i32 { return load<i32>(REJECTION); }

/** Notes that query `index` takes the row. */
// @ts-ignore: decorator
@inline
export function setPassed(index: u64): void { store<u64>(PASSED, load<u64>(PASSED) | (<u64>1 << index)); }

/** Whether query `index` takes the row. */
// @ts-ignore: decorator
@inline
export function hasPassed(index: u64): bool { return (load<u64>(PASSED) & (<u64>1 << index)) != 0; }

/** Whether an expression of the row failed. */
// @ts-ignore: decorator
@inline
export function hasFailed(): bool { return errorReason() != 0; }

/** Stops for want of room in the output, or in the state. @returns MORE, FULL */
export function pause(row: u32, stage: u32): i32 {
  if (isFull()) return stopFull(fullRow());
  put<u32>(CURSOR, row);
  store<u32>(CURSOR, stage, 4);
  return STATUS_MORE;
}

/** Row at which `drain` goes on. */
export function pausedRow(): u32 { return load<u32>(CURSOR); }

/** Stage of that row at which `drain` goes on. */
export function pausedStage(): u32 { return load<u32>(CURSOR, 4); }

/** The log record is done: its rows are counted, refused ones among them, and there is no place to go on at. @returns DONE, MORE, FULL */
export function finishBatch(count: u32): i32 {
  if (isFull()) return stopFull(fullRow());
  if (firstOverflow() != 0) return pause(count, 0);
  if (load<u64>(CURSOR) != 0) put<u64>(CURSOR, 0);
  countRows(count);
  return STATUS_DONE;
}

/** Stops at a row for which the state has no room; `row` rows before it are done. @returns FULL */
export function stopFull(row: u32): i32 {
  store<u32>(HEADER + HEADER_ROW, row);
  countRows(row);
  return STATUS_FULL;
}

/** Counts a row that went to the dead letters. */
export function countRejected(reason: i32): void { countUp(COUNTER_REJECTED + reason, 1); }

function countRows(count: u32): void { if (count != 0) countUp(COUNTER_ROWS, count); }

function countUp(counter: usize, count: u32): void {
  const at = <usize>COUNTERS + (counter << 3);
  put<u64>(at, load<u64>(at) + <u64>count);
}

function isInSkipList(row: u32): bool {
  const count = load<u32>(HEADER + HEADER_SKIP);
  for (let index: u32 = 0; index < count; index++) {
    if (load<u32>(<usize>(HEADER + HEADER_SKIP + 4) + (<usize>index << 2)) == row) return true;
  }
  return false;
}

/** The vector of flags is there or not for the whole record; mostly it is not. */
function hasFlags(count: u32): bool {
  for (let row: u32 = 0; row < count; row++) if (rowFlags(row) != 0) return true;
  return false;
}
