/**
 * The only door to records of the state: whatever is handed out for writing has its page marked first, so that the next
 * checkpoint saves it. No record crosses a page of PAGE_BYTES; longer blocks are marked as a range.
 */
import { DIRTY, PAGE_BYTES, STATE } from "../abi";

/** log2 of PAGE_BYTES. */
export const PAGE_SHIFT: usize = 12;
/** DIRTY less the number of pages below STATE: added to a page's number it gives the address of its mark. */
const MARKS: usize = DIRTY - (STATE >> 12);

/** The record at `address` for writing. Requires: it lies in the state and crosses no page. */
// @ts-ignore: decorator
@inline
export function write<A>(address: usize): A {
  store<u8>(address >> PAGE_SHIFT, 1, MARKS);
  return changetype<A>(address);
}

/** The record at `address` for reading alone. */
// @ts-ignore: decorator
@inline
export function read<A>(address: usize): A { return changetype<A>(address); }

/** Marks the pages of `bytes` > 0 bytes at `address`, which are then written. */
export function mark(address: usize, bytes: usize): void {
  const last = (address + bytes - 1) >> PAGE_SHIFT;
  for (let page = address >> PAGE_SHIFT; page <= last; page++) store<u8>(page, 1, MARKS);
}

/** Writes one value that crosses no page. */
// @ts-ignore: decorator
@inline
export function put<T>(address: usize, value: T): void {
  store<u8>(address >> PAGE_SHIFT, 1, MARKS);
  store<T>(address, value);
}

/** Copies `bytes` from anywhere into the state. */
export function copyIn(address: usize, source: usize, bytes: usize): void {
  if (bytes == 0) return;
  mark(address, bytes);
  memory.copy(address, source, bytes);
}

/** Sets `bytes` > 0 bytes of the state to zero. */
export function clear(address: usize, bytes: usize): void {
  mark(address, bytes);
  memory.fill(address, 0, bytes);
}

/** Whole pages that `bytes` take. */
// @ts-ignore: decorator
@inline
export function pagesOf(bytes: usize): usize { return (bytes + PAGE_BYTES - 1) >> PAGE_SHIFT; }
