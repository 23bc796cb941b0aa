/**
 * The one allocator of the state region. Blocks have power-of-two sizes: those below a page are cut from pages of their own
 * class, larger ones are runs of whole pages. Freed blocks go to the list of their class and are reused last in, first out,
 * so that the same calls always give the same addresses. All of it lies in registers of the state.
 */
import { HEADER, HEADER_MEMORY_END, HEADER_STATE_LENGTH, OPERATORS, PAGE_BYTES, STATE } from "../abi";
import { PAGE_SHIFT, mark, put } from "./pages";

/** Registers: u32 end of used state, u32 free pages, u32 largest growth, then a free list and a cursor a class. */
const HEAP: usize = OPERATORS;
const END: usize = HEAP;
const FREE_PAGES: usize = HEAP + 4;
const GROWTH: usize = HEAP + 8;
const FREE: usize = HEAP + 16;
const CURSORS: usize = FREE + 112;
/** Bytes of the heap's registers from OPERATORS. */
export const HEAP_BYTES: usize = 256;

/** log2 of the smallest block. */
const SHIFT_MIN: u32 = 4;
const PAGE_CLASS: u32 = 12;
/** Sixteen bytes more than a block may be read at its end, so the memory's last bytes are never handed out. */
const OVERREAD_BYTES: usize = 64;
/** Where the memory ends when the header says 0. */
const MEMORY_END_MAX: usize = 0xffff0000;

/** Lays out an empty heap that begins at `start`. Requires: start is a multiple of PAGE_BYTES. */
export function initHeap(start: usize): void {
  mark(STATE, start - STATE);
  store<u32>(END, <u32>start);
  store<u32>(HEADER + HEADER_STATE_LENGTH, <u32>(start - STATE));
}

/** End of used state, bytes from STATE. */
export function stateLength(): u32 { return load<u32>(END) - <u32>STATE; }

/** A block of at least `bytes` > 0, contents undefined. Requires: `hasRoom` said so for all that is taken until the next row. */
export function take(bytes: u32): usize {
  const shift = shiftOf(bytes);
  const list = FREE + (<usize>(shift - SHIFT_MIN) << 2);
  const free = <usize>load<u32>(list);
  if (free != 0) {
    put<u32>(list, load<u32>(free));
    if (shift == PAGE_CLASS) store<u32>(FREE_PAGES, load<u32>(FREE_PAGES) - 1);
    return free;
  }
  return shift >= PAGE_CLASS ? takeFresh(<usize>1 << shift) : takeSmall(shift);
}

/** Gives back a block that `take(bytes)` gave. */
export function give(address: usize, bytes: u32): void {
  const shift = shiftOf(bytes);
  const list = FREE + (<usize>(shift - SHIFT_MIN) << 2);
  put<u32>(address, load<u32>(list));
  put<u32>(list, <u32>address);
  if (shift == PAGE_CLASS) store<u32>(FREE_PAGES, load<u32>(FREE_PAGES) + 1);
}

/**
 * Whether a row that takes blocks from at most `pages` pages, and runs of `runBytes`, finds room; the growth that tables
 * announced is counted beside. Says so before the row's first store, or else the row is answered FULL.
 */
// @ts-ignore: decorator
@inline
export function hasRoom(pages: usize, runBytes: usize): bool {
  const fresh = freshBytes();
  return fresh >= (pages << PAGE_SHIFT) + runBytes + <usize>load<u32>(GROWTH) || hasRoomInFreed(fresh, pages, runBytes);
}

/** Announces that the next growth of some table may take `bytes` more than it said before; negative takes it back. */
export function announceGrowth(bytes: i32): void { put<u32>(GROWTH, load<u32>(GROWTH) + bytes); }

/** Bytes of runs that a block of `bytes` may take; blocks below a page come from the row's pages. */
// @ts-ignore: decorator
@inline
export function runBytesOf(bytes: u32): usize { return bytes < <u32>PAGE_BYTES ? 0 : <usize>1 << shiftOf(bytes); }

function hasRoomInFreed(fresh: usize, pages: usize, runBytes: usize): bool {
  const runs = runBytes + <usize>load<u32>(GROWTH);
  return fresh >= runs && <usize>load<u32>(FREE_PAGES) + ((fresh - runs) >> PAGE_SHIFT) >= pages;
}

function freshBytes(): usize {
  const told = <usize>load<u32>(HEADER + HEADER_MEMORY_END);
  const end = (told == 0 ? MEMORY_END_MAX : told) - OVERREAD_BYTES;
  const used = <usize>load<u32>(END);
  return end > used ? end - used : 0;
}

/** The next block of a class below a page; a cursor on a page border has used its page up. */
function takeSmall(shift: u32): usize {
  const at = CURSORS + (<usize>(shift - SHIFT_MIN) << 2);
  let block = <usize>load<u32>(at);
  if ((block & (PAGE_BYTES - 1)) == 0) block = take(PAGE_BYTES);
  put<u32>(at, <u32>(block + (<usize>1 << shift)));
  return block;
}

function takeFresh(bytes: usize): usize {
  const block = <usize>load<u32>(END);
  put<u32>(END, <u32>(block + bytes));
  store<u32>(HEADER + HEADER_STATE_LENGTH, <u32>(block + bytes - STATE));
  return block;
}

/** log2 of the block that holds `bytes`. */
// @ts-ignore: decorator
@inline
function shiftOf(bytes: u32): u32 { return max<u32>(SHIFT_MIN, 32 - <u32>clz<u32>(bytes - 1)); }
