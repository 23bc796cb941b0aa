/** Open windows, tumbling ones: borders, lateness, the order of firing, pages given back. */
import { COUNTERS, COUNTER_LATE, HEADER, HEADER_MEMORY_END, OPERATORS, PAGE_BYTES, STATE } from "../../../assembly/abi";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { windowStart } from "../../../assembly/window/bounds";
import { Windows } from "../../../assembly/window/windows";

/** Sixteen bytes. */
@final @unmanaged
class Pane {
  rows: i64;
  sum: i64;
  init(): void { this.rows = 0; this.sum = 0; }
  add(value: i64): void { this.rows += 1; this.sum += value; }
}

const WINDOWS = changetype<Windows>(<usize>OPERATORS + 1024);
const SIZE: i64 = 10;

function begin(): void {
  store<u32>(HEADER + HEADER_MEMORY_END, <u32>STATE + (16 << 20));
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  WINDOWS.init(1);
}

function add(time: i64, watermark: i64, value: i64): bool {
  if (!WINDOWS.enterAt(time, SIZE, 0, watermark)) return false;
  WINDOWS.solePane<Pane>().add(value);
  return true;
}

/** Fires one window. @returns the sum of its pane */
function fire(): i64 {
  const sum = changetype<Pane>(WINDOWS.nextPane<Pane>()).sum;
  WINDOWS.leavePane();
  assert(WINDOWS.nextPane<Pane>() == 0);
  WINDOWS.close();
  return sum;
}

export function windows_start_at_multiples_of_the_size_also_before_1970(): void {
  assert(windowStart(0, 10, 0) == 0);
  assert(windowStart(9, 10, 0) == 0);
  assert(windowStart(-1, 10, 0) == -10);
  assert(windowStart(-10, 10, 0) == -10);
  assert(windowStart(-11, 10, 0) == -20);
  assert(windowStart(2, 10, 3) == -7);
  assert(windowStart(3, 10, 3) == 3);
  assert(windowStart(3, 10, -3) == -3);
}

export function a_row_joins_its_window_until_the_watermark_reaches_its_last_instant(): void {
  begin();
  assert(add(5, 8, 1));
  assert(add(5, i64.MIN_VALUE, 1));
  assert(fire() == 2);
  assert(!add(5, 9, 1));
  assert(load<u64>(COUNTERS + (COUNTER_LATE << 3)) == 1);
  assert(add(10, 9, 1));
}

export function windows_fire_in_order_of_time_however_they_were_opened(): void {
  begin();
  for (let i: i64 = 0; i < 50; i++) assert(add((i * 37) % 50 * 1000 - 20000, i64.MIN_VALUE, (i * 37) % 50));
  for (let i: i64 = 0; i < 50; i++) {
    assert(WINDOWS.firing().start == i * 1000 - 20000);
    assert(WINDOWS.isDue(i * 1000 - 20000 + 9));
    assert(!WINDOWS.isDue(i * 1000 - 20000 + 8));
    assert(fire() == i);
  }
  assert(!WINDOWS.isDue(i64.MAX_VALUE - 1));
}

export function a_closed_window_gives_its_memory_back(): void {
  begin();
  for (let i: i64 = 0; i < 3; i++) {
    add(i * 10, i64.MIN_VALUE, 1);
    fire();
  }
  const length = stateLength();
  for (let i: i64 = 3; i < 1000; i++) {
    add(i * 10, i64.MIN_VALUE, 1);
    fire();
  }
  assert(stateLength() == length);
}

export function firing_stands_where_it_is_until_the_pane_is_left(): void {
  begin();
  add(1, i64.MIN_VALUE, 4);
  assert(WINDOWS.nextPane<Pane>() == WINDOWS.nextPane<Pane>());
  assert(WINDOWS.nextPane<Pane>() != 0);
  assert(fire() == 4);
}
