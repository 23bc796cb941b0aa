/** Whatever is handed out for writing has its page marked. */
import { DIRTY, PAGE_BYTES, STATE } from "../../../assembly/abi";
import { clear, copyIn, mark, pagesOf, put, write } from "../../../assembly/state/pages";

@unmanaged
class Pair {
  a: u32;
  b: u32;
}

function marks(): u64 { return load<u64>(DIRTY); }

export function a_record_for_writing_marks_its_page_alone(): void {
  write<Pair>(STATE + 3 * PAGE_BYTES - 8).b = 5;
  assert(marks() == 0x010000);
  assert(load<u32>(STATE + 3 * PAGE_BYTES - 4) == 5);
}

export function one_value_marks_its_page_alone(): void {
  put<u64>(STATE, 7);
  assert(marks() == 1);
}

export function a_range_marks_every_page_it_touches(): void {
  mark(STATE + PAGE_BYTES - 1, PAGE_BYTES + 2);
  assert(marks() == 0x010101);
}

export function a_copy_of_nothing_marks_nothing(): void {
  copyIn(STATE, STATE + 8, 0);
  assert(marks() == 0);
}

export function clearing_and_copying_mark_and_do(): void {
  store<u64>(STATE, u64.MAX_VALUE);
  clear(STATE, 4);
  assert(load<u64>(STATE) == 0xffffffff00000000);
  copyIn(STATE + PAGE_BYTES, STATE + 4, 4);
  assert(load<u32>(STATE + PAGE_BYTES) == 0xffffffff);
  assert(marks() == 0x0101);
}

export function bytes_are_counted_in_whole_pages(): void {
  assert(pagesOf(0) == 0);
  assert(pagesOf(1) == 1);
  assert(pagesOf(PAGE_BYTES) == 1);
  assert(pagesOf(PAGE_BYTES + 1) == 2);
}
