/** Blocks of the state: where they lie, how they are reused, and when there is no room. */
import { DIRTY, HEADER, HEADER_MEMORY_END, HEADER_STATE_LENGTH, PAGE_BYTES, STATE } from "../../../assembly/abi";
import { announceGrowth, give, hasRoom, initHeap, runBytesOf, stateLength, take } from "../../../assembly/state/heap";

const START: usize = <usize>STATE + 2 * PAGE_BYTES;

function begin(pages: usize): void {
  store<u32>(HEADER + HEADER_MEMORY_END, <u32>(START + pages * PAGE_BYTES + 64));
  initHeap(START);
}

export function blocks_below_a_page_cross_no_page_and_do_not_overlap(): void {
  begin(100);
  let before: usize = 0;
  for (let i = 0; i < 200; i++) {
    const block = take(100);
    assert(block >> 12 == (block + 127) >> 12);
    assert((block & 127) == 0);
    assert(before == 0 || block >= before + 128);
    before = block;
  }
}

export function the_block_given_back_last_is_taken_first(): void {
  begin(100);
  const one = take(30);
  const two = take(32);
  give(one, 30);
  give(two, 32);
  assert(take(17) == two);
  assert(take(32) == one);
  assert(take(32) != one);
}

export function a_run_of_pages_begins_on_a_page_and_is_reused_whole(): void {
  begin(100);
  take(16);
  const run = take(5000);
  assert((run & (PAGE_BYTES - 1)) == 0);
  give(run, 5000);
  assert(take(8192) == run);
}

export function the_length_of_used_state_is_in_the_header(): void {
  begin(100);
  assert(stateLength() == 2 * PAGE_BYTES);
  take(1);
  assert(stateLength() == 3 * PAGE_BYTES);
  take(PAGE_BYTES + 1);
  assert(stateLength() == 5 * PAGE_BYTES);
  assert(load<u32>(HEADER + HEADER_STATE_LENGTH) == stateLength());
}

export function room_ends_with_the_memory_and_freed_pages_count(): void {
  begin(4);
  assert(hasRoom(4, 0));
  assert(!hasRoom(5, 0));
  assert(hasRoom(2, 2 * PAGE_BYTES));
  assert(!hasRoom(2, 2 * PAGE_BYTES + 1));
  const page = take(PAGE_BYTES);
  take(2 * PAGE_BYTES);
  assert(!hasRoom(2, 0));
  give(page, PAGE_BYTES);
  assert(hasRoom(2, 0));
  assert(!hasRoom(0, 2 * PAGE_BYTES));
}

export function announced_growth_is_kept_free(): void {
  begin(4);
  announceGrowth(PAGE_BYTES);
  assert(hasRoom(3, 0));
  assert(!hasRoom(4, 0));
  announceGrowth(-PAGE_BYTES);
  assert(hasRoom(4, 0));
}

export function only_blocks_of_a_page_and_more_are_runs(): void {
  assert(runBytesOf(0) == 0);
  assert(runBytesOf(4095) == 0);
  assert(runBytesOf(4096) == 4096);
  assert(runBytesOf(4097) == 8192);
}

export function what_is_given_back_is_marked_for_the_checkpoint(): void {
  begin(100);
  const block = take(8192);
  memory.fill(DIRTY, 0, 200);
  give(block, 8192);
  assert(load<u8>(DIRTY + ((block - STATE) >> 12)) == 1);
  assert(load<u8>(DIRTY + 1) == 1);
}
