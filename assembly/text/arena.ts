/**
 * Room for texts made while one row is evaluated: a bump allocator over TEXTS, empty again at the next row.
 * Its cursor is a word of SCRATCH, so that no mutable global outlives a call.
 */
import { TEXTS, TEXTS_BYTES } from "../abi";
import { SCRATCH_TEXT_CURSOR } from "../scratch";

/** Forgets all texts of the former row. Also needed once before the first `take`. */
// @ts-ignore: decorator
@inline
export function reset(): void { store<u32>(SCRATCH_TEXT_CURSOR, <u32>TEXTS); }

/**
 * Takes `bytes` from the arena; they may be over-written by 16 bytes, which stay unused behind each piece.
 * @returns its address, 8-aligned, or 0 when the arena has no such room left
 */
export function take(bytes: u32): usize {
  const address = <usize>load<u32>(SCRATCH_TEXT_CURSOR);
  const left = <usize>TEXTS + TEXTS_BYTES - address;
  const whole = (<usize>bytes + 23) & ~7;
  if (bytes > <u32>TEXTS_BYTES || whole > left) return 0;
  store<u32>(SCRATCH_TEXT_CURSOR, <u32>(address + whole));
  return address;
}

/** Where the next piece will lie; `trim` to it gives back all that was taken since. */
// @ts-ignore: decorator
@inline
export function arenaEnd(): usize { return <usize>load<u32>(SCRATCH_TEXT_CURSOR); }

/** Gives back what lies behind `end`. Requires: `end` lies in or right behind the last piece taken. */
// @ts-ignore: decorator
@inline
export function trim(end: usize): void { store<u32>(SCRATCH_TEXT_CURSOR, <u32>((end + 7) & ~7)); }
