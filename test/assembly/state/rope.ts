/** Bytes that grow: contents over chunk borders, merging, what comes back to the heap. */
import { PAGE_BYTES, SCRATCH, STATE, TEXTS } from "../../../assembly/abi";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { Rope } from "../../../assembly/state/rope";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const FROM: usize = SCRATCH + 0x6000;

/** Adds `count` pieces of 1 to 600 bytes; the n-th byte of the whole is n modulo 251. */
function fill(rope: Rope, count: u32, start: u32): u32 {
  let n = start;
  for (let piece: u32 = 0; piece < count; piece++) {
    const length = piece * 37 % 600 + 1;
    for (let i: u32 = 0; i < length; i++) store<u8>(FROM + i, <u8>(n++ % 251));
    rope.append(FROM, length);
  }
  return n;
}

function check(rope: Rope, length: u32): void {
  assert(rope.length == length);
  assert(rope.copyTo(TEXTS) == TEXTS + <usize>length);
  for (let i: u32 = 0; i < length; i++) assert(load<u8>(TEXTS + <usize>i) == <u8>(i % 251));
}

export function pieces_come_back_in_order_over_all_chunks(): void {
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const rope = changetype<Rope>(AT);
  rope.init();
  check(rope, fill(rope, 200, 0));
}

export function a_piece_larger_than_a_page_is_held(): void {
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const rope = changetype<Rope>(AT);
  rope.init();
  for (let i: u32 = 0; i < 20000; i++) store<u8>(FROM + i, <u8>(i % 251));
  rope.append(FROM, 20000);
  check(rope, 20000);
}

export function a_merged_rope_stands_behind_and_freed_chunks_are_used_again(): void {
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  let used: u32 = 0;
  for (let round = 0; round < 3; round++) {
    const rope = changetype<Rope>(AT);
    const other = changetype<Rope>(OTHER);
    rope.init();
    other.init();
    const middle = fill(rope, 50, 0);
    const end = fill(other, 60, middle);
    rope.merge(other);
    check(rope, end);
    rope.free();
    other.free();
    if (round == 0) used = stateLength();
    else assert(stateLength() == used);
  }
}
