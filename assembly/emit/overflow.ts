/**
 * Output records that a unit of work made beyond the output area: a queue in the heap, first in first out, taken into the
 * area by the next call. The state holds it, because a pause between two calls is one of many in a record's step.
 */
import { OPERATORS, OUTPUT } from "../abi";
import { isFull, setFull } from "../full";
import { give, HEAP_BYTES, hasRoom, runBytesOf, take } from "../state/heap";
import { mark, put } from "../state/pages";

/** Registers: u32 first and last block. A block is u32 next, u32 its bytes, then the record. */
const FIRST: usize = OPERATORS + HEAP_BYTES + 16;
const LAST: usize = FIRST + 4;
const BLOCK_HEAD: u32 = 8;

/** The record that waits for longest, 0 for none. */
// @ts-ignore: decorator
@inline
export function firstOverflow(): usize {
  const block = <usize>load<u32>(FIRST);
  return block == 0 ? 0 : block + BLOCK_HEAD;
}

/** Room for a record of at most `bytes`; without it the call ends FULL, and what is written to the area is never read. */
export function reserve(bytes: u32): usize {
  const whole = bytes + BLOCK_HEAD;
  if (isFull() || !hasRoom(1, runBytesOf(whole))) {
    setFull();
    return OUTPUT;
  }
  const block = take(whole);
  mark(block, whole);
  store<u32>(block, 0);
  store<u32>(block, whole, 4);
  return block + BLOCK_HEAD;
}

/** Queues a record that was written where `reserve` said. */
export function link(record: usize): void {
  if (isFull()) return;
  const block = <u32>(record - BLOCK_HEAD);
  const last = <usize>load<u32>(LAST);
  put<u32>(last == 0 ? FIRST : last, block);
  put<u32>(LAST, block);
}

/** Gives back the first record. */
export function unlink(): void {
  const block = <usize>load<u32>(FIRST);
  const next = load<u32>(block);
  give(block, load<u32>(block, 4));
  put<u32>(FIRST, next);
  if (next == 0) put<u32>(LAST, 0);
}
