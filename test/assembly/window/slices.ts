/** Windows made of slices: which windows take a row, what they merge and in which order, and what is given back. */
import { COUNTERS, COUNTER_LATE, HEADER, HEADER_MEMORY_END, OPERATORS, PAGE_BYTES, STATE } from "../../../assembly/abi";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { firstCumulation, firstHop, nextBound } from "../../../assembly/window/bounds";
import { Cumulate } from "../../../assembly/window/cumulate";
import { Hop } from "../../../assembly/window/hop";
import { Windows } from "../../../assembly/window/windows";

/** Sums, and a number whose decimal digits are the values in the order in which they were merged. 24 bytes. */
@final @unmanaged
class Pane {
  rows: i64;
  sum: i64;
  digits: i64;
  init(): void { this.rows = 0; this.sum = 0; this.digits = 0; }
  add(value: i64): void { this.rows += 1; this.sum += value; this.digits = this.digits * 10 + value; }
  merge(other: Pane): void {
    this.rows += other.rows;
    this.sum += other.sum;
    let shift: i64 = 1;
    while (shift <= other.digits) shift *= 10;
    this.digits = this.digits * shift + other.digits;
  }
}

const SLICES = changetype<Windows>(<usize>OPERATORS + 1024);
const HOP = changetype<Hop>(<usize>OPERATORS + 1088);
const CUMULATE = changetype<Cumulate>(<usize>OPERATORS + 1152);

function begin(): void {
  store<u32>(HEADER + HEADER_MEMORY_END, <u32>STATE + (16 << 20));
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  SLICES.init(1);
  HOP.init();
  CUMULATE.init();
}

/** Windows of 6 every 4, in slices of 2. */
function hop(time: i64, watermark: i64, value: i64): bool {
  if (!HOP.enterAt(SLICES, time, 6, 4, 2, 0, watermark)) return false;
  SLICES.solePane<Pane>().add(value);
  return true;
}

function fireHop(): i64 {
  HOP.begin();
  const pane = HOP.nextPane<Pane>(SLICES);
  HOP.begin();
  assert(pane != 0 && HOP.nextPane<Pane>(SLICES) == pane);
  const digits = changetype<Pane>(pane).digits;
  HOP.leavePane();
  assert(HOP.nextPane<Pane>(SLICES) == 0);
  HOP.close<Pane>(SLICES, 0, 6, 4, 2, 0);
  return digits;
}

/** Windows up to 6 in steps of 2. */
function cumulate(time: i64, watermark: i64, value: i64): bool {
  if (!CUMULATE.enterAt(SLICES, time, 6, 2, 0, watermark)) return false;
  SLICES.solePane<Pane>().add(value);
  return true;
}

function fireCumulate(): i64 {
  const digits = changetype<Pane>(CUMULATE.nextPane<Pane>(SLICES, 0, 6, 2, 0)).digits;
  CUMULATE.leavePane();
  assert(CUMULATE.nextPane<Pane>(SLICES, 0, 6, 2, 0) == 0);
  CUMULATE.close<Pane>(SLICES, 0, 6, 2, 0);
  return digits;
}

export function the_next_bound_is_above_the_time_also_before_1970(): void {
  assert(nextBound(0, 10, 0) == 10);
  assert(nextBound(9, 10, 0) == 10);
  assert(nextBound(-1, 10, 0) == 0);
  assert(nextBound(-10, 10, 3) == -7);
  assert(firstHop(7, 6, 4, 0, i64.MIN_VALUE) == 4);
  assert(firstHop(5, 6, 4, 0, i64.MIN_VALUE) == 0);
  assert(firstHop(5, 6, 4, 0, 4) == 0);
  assert(firstHop(5, 6, 4, 0, 5) == 4);
  assert(firstHop(5, 6, 4, 0, 9) > 5);
  assert(firstCumulation(1, 2, 0, i64.MIN_VALUE) == 2);
  assert(firstCumulation(1, 2, 0, 1) == 4);
}

export function a_hopping_window_merges_its_slices_the_newest_first(): void {
  begin();
  for (let time: i64 = 0; time < 6; time++) assert(hop(time, i64.MIN_VALUE, time + 1));
  assert(HOP.isDue(1) && !HOP.isDue(0)); // the window that began at -4
  assert(HOP.firingEnd() == 2);
  assert(fireHop() == 12);
  assert(HOP.firingEnd() == 6);
  assert(fireHop() == 563412);
  assert(HOP.firingEnd() == 10);
  assert(fireHop() == 56);
  assert(!HOP.isDue(i64.MAX_VALUE - 1));
}

export function a_late_row_joins_the_hopping_windows_that_are_open_and_is_counted_where_none_is(): void {
  begin();
  assert(hop(5, 5, 7));
  assert(HOP.firingEnd() == 10);
  assert(fireHop() == 7);
  assert(!hop(5, 9, 1));
  assert(load<u64>(COUNTERS + (COUNTER_LATE << 3)) == 1);
}

export function a_row_between_two_windows_is_not_late(): void {
  begin();
  assert(!HOP.enterAt(SLICES, 3, 3, 5, 1, 0, i64.MIN_VALUE));
  assert(HOP.enterAt(SLICES, 2, 3, 5, 1, 0, i64.MIN_VALUE));
  assert(load<u64>(COUNTERS + (COUNTER_LATE << 3)) == 0);
}

export function cumulating_windows_are_sent_again_without_new_rows(): void {
  begin();
  assert(cumulate(1, i64.MIN_VALUE, 1));
  assert(cumulate(5, i64.MIN_VALUE, 3));
  assert(CUMULATE.firingEnd() == 2 && CUMULATE.firingStart(6, 0) == 0);
  assert(fireCumulate() == 1);
  assert(CUMULATE.firingEnd() == 4);
  assert(fireCumulate() == 1);
  assert(CUMULATE.firingEnd() == 6);
  assert(fireCumulate() == 13);
  assert(!CUMULATE.isDue(i64.MAX_VALUE - 1));
}

export function a_window_that_cumulates_sends_nothing_before_its_first_row(): void {
  begin();
  assert(cumulate(3, i64.MIN_VALUE, 2));
  assert(CUMULATE.firingEnd() == 4);
  assert(fireCumulate() == 2);
  assert(fireCumulate() == 2);
}

export function a_late_row_joins_the_cumulating_windows_that_are_still_to_come(): void {
  begin();
  assert(cumulate(1, i64.MIN_VALUE, 1));
  assert(fireCumulate() == 1);
  assert(cumulate(0, 1, 4));
  assert(cumulate(2, 1, 5));
  assert(fireCumulate() == 145);
  assert(fireCumulate() == 145);
  assert(!cumulate(1, 5, 1));
  assert(load<u64>(COUNTERS + (COUNTER_LATE << 3)) == 1);
}

export function slices_of_hopping_windows_give_their_memory_back(): void {
  begin();
  let length: u32 = 0;
  for (let round: i64 = 0; round < 500; round++) {
    hop(round * 4, i64.MIN_VALUE, 1);
    fireHop();
    fireHop();
    if (round == 2) length = stateLength();
  }
  assert(stateLength() == length);
}

export function slices_of_cumulating_windows_give_their_memory_back(): void {
  begin();
  let length: u32 = 0;
  for (let round: i64 = 0; round < 500; round++) {
    cumulate(round * 6, i64.MIN_VALUE, 1);
    cumulate(round * 6 + 2, i64.MIN_VALUE, 1);
    for (let step = 0; step < 3; step++) fireCumulate();
    if (round == 2) length = stateLength();
  }
  assert(stateLength() == length);
}
