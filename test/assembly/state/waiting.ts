/** Rows that wait for event time: the order in which they leave, and the heap they give back. */
import { HEADER, HEADER_MEMORY_END, OPERATORS, PAGE_BYTES, STATE } from "../../../assembly/abi";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { WaitingRows } from "../../../assembly/state/waiting";

const QUEUE = changetype<WaitingRows>(<usize>OPERATORS + 1024);
const BYTES: usize = memory.data<u64>([1, 2, 3, 4]);

function begin(): void {
  store<u32>(HEADER + HEADER_MEMORY_END, <u32>STATE + (16 << 20));
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  QUEUE.init();
}

export function rows_leave_by_time_and_among_equal_times_in_order_of_arrival(): void {
  begin();
  let seed: u32 = 7;
  for (let index: u32 = 0; index < 1000; index++) {
    seed = seed * 1664525 + 1013904223;
    QUEUE.enter(<i64>((seed >> 16) % 100) - 50, 0, index, BYTES, 32);
  }
  let time = i64.MIN_VALUE;
  let tag: i64 = -1;
  for (let left = 1000; left > 0; left--) {
    const row = QUEUE.first();
    assert(QUEUE.due == row.time);
    assert(row.time > time || (row.time == time && <i64>row.tag > tag));
    assert(load<u64>(row.bytes(), 24) == 4);
    time = row.time;
    tag = row.tag;
    QUEUE.leave();
  }
  assert(QUEUE.count == 0);
  assert(QUEUE.due == i64.MAX_VALUE);
}

export function entering_and_leaving_in_turn_takes_no_more_memory(): void {
  begin();
  for (let time: i64 = 0; time < 100; time++) QUEUE.enter(time, 0, 0, BYTES, 32);
  const length = stateLength();
  for (let time: i64 = 100; time < 5000; time++) {
    assert(QUEUE.first().time == time - 100);
    QUEUE.leave();
    QUEUE.enter(time, 0, 0, BYTES, 32);
  }
  assert(stateLength() == length);
}

export function nothing_is_due_before_its_time(): void {
  begin();
  assert(!QUEUE.isDue(i64.MAX_VALUE - 1));
  QUEUE.enter(10, 0, 0, BYTES, 1);
  assert(!QUEUE.isDue(9));
  assert(QUEUE.isDue(10));
}
