/** Sessions: what merges, what is late, the order in which they end, and what is given back. */
import { COUNTERS, COUNTER_LATE, HEADER, HEADER_MEMORY_END, OPERATORS, PAGE_BYTES, STATE } from "../../../assembly/abi";
import { Dictionary } from "../../../assembly/state/dictionary";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { Table } from "../../../assembly/state/table";
import { KeptRow, KeptRows, keepRow } from "../../../assembly/window/kept-rows";
import { Session, Sessions } from "../../../assembly/window/session";

/** Sixteen bytes. */
@final @unmanaged
class Pane {
  rows: i64;
  sum: i64;
  init(): void { this.rows = 0; this.sum = 0; }
  merge(other: Pane): void { this.rows += other.rows; this.sum += other.sum; }
  free(): void {}
}

const SESSIONS = changetype<Sessions>(<usize>OPERATORS + 1024);
const TABLE = changetype<Table>(<usize>OPERATORS + 1088);
const KEYS = changetype<Dictionary>(<usize>OPERATORS + 1152);
const TEXT: usize = memory.data<u8>([97, 98, 99, 100, 101, 102, 103, 104, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const GAP: i64 = 10;

function begin(): void {
  store<u32>(HEADER + HEADER_MEMORY_END, <u32>STATE + (16 << 20));
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  TABLE.init();
  KEYS.init(7);
  SESSIONS.init();
}

/** A row of the key that is the letter `key`. */
function add(key: u32, time: i64, watermark: i64, value: i64): bool {
  const at = SESSIONS.enter<Pane>(TABLE, changetype<usize>(KEYS), KEYS.entryOf(TEXT + key, 1), time, GAP, watermark);
  if (at == 0) return false;
  const pane = changetype<Pane>(at);
  pane.rows += 1;
  pane.sum += value;
  return true;
}

/** Ends one session. @returns its sum; it must be from `start` to `end` */
function end(watermark: i64, start: i64, until: i64): i64 {
  const at = SESSIONS.nextSession<Pane>(watermark);
  assert(at != 0 && at == SESSIONS.nextSession<Pane>(watermark));
  const session = changetype<Session>(at);
  assert(session.start == start);
  assert(session.end == until);
  const sum = changetype<Pane>(session.pane()).sum;
  SESSIONS.leave<Pane>(TABLE, changetype<usize>(KEYS));
  return sum;
}

export function rows_that_follow_by_at_most_the_gap_are_one_session(): void {
  begin();
  assert(add(0, 0, i64.MIN_VALUE, 1));
  assert(add(0, 10, i64.MIN_VALUE, 2));
  assert(add(0, 21, i64.MIN_VALUE, 4));
  assert(SESSIONS.nextSession<Pane>(18) == 0);
  assert(end(100, 0, 20) == 3);
  assert(end(100, 21, 31) == 4);
  assert(!SESSIONS.isDue(i64.MAX_VALUE - 1));
}

export function a_row_bridges_sessions_before_it_is_judged(): void {
  begin();
  assert(add(0, 0, i64.MIN_VALUE, 1));
  assert(add(0, 30, i64.MIN_VALUE, 2));
  assert(add(0, 15, i64.MIN_VALUE, 8));
  assert(add(0, 22, i64.MIN_VALUE, 16));
  assert(add(0, 8, i64.MIN_VALUE, 32));
  assert(end(100, 0, 40) == 59);
  assert(SESSIONS.nextSession<Pane>(1000) == 0);
}

export function a_row_is_late_where_its_own_session_has_ended_and_it_meets_none_that_is_open(): void {
  begin();
  assert(!add(0, 0, 9, 1));
  assert(load<u64>(COUNTERS + (COUNTER_LATE << 3)) == 1);
  assert(KEYS.keyCount == 0);
  assert(add(0, 10, 9, 1));
  assert(add(0, 0, 9, 2)); // touches the session that starts at 10
  assert(end(19, 0, 20) == 3);
  assert(KEYS.keyCount == 0);
}

export function sessions_end_in_order_of_their_ends_however_they_have_grown(): void {
  begin();
  for (let key: u32 = 0; key < 8; key++) assert(add(key, <i64>key, i64.MIN_VALUE, <i64>key));
  for (let time: i64 = 0; time <= 40; time += 5) assert(add(0, time, i64.MIN_VALUE, 0));
  for (let key: u32 = 1; key < 8; key++) assert(end(1000, <i64>key, <i64>key + 10) == <i64>key);
  assert(end(1000, 0, 50) == 0);
}

export function sessions_and_their_keys_give_their_memory_back(): void {
  begin();
  let length: u32 = 0;
  for (let round: i64 = 0; round < 2000; round++) {
    const start = round * 100;
    add(<u32>(round & 7), start, i64.MIN_VALUE, 1);
    add(<u32>(round & 7), start + 15, i64.MIN_VALUE, 1);
    add(<u32>(round & 7), start + 8, i64.MIN_VALUE, 1);
    assert(end(start + 90, start, start + 25) == 3);
    assert(SESSIONS.nextSession<Pane>(start + 90) == 0);
    if (round == 10) length = stateLength();
  }
  assert(stateLength() == length);
  assert(KEYS.keyCount == 0);
}

function letter(index: usize, mark: u32): KeptRow { return keepRow(TEXT + index, 1, TEXT, 8, mark); }

export function kept_rows_stand_in_the_order_of_their_sort_keys_and_of_too_many_the_last_is_dropped(): void {
  begin();
  const rows = changetype<KeptRows>(<usize>OPERATORS + 1216);
  rows.init();
  rows.insert(letter(2, 1), 3, false);
  rows.insert(letter(0, 2), 3, false);
  rows.insert(letter(2, 3), 3, false);
  rows.insert(letter(1, 4), 3, false);
  assert(rows.rows == 3);
  let order: u32 = 0;
  for (let at = rows.first(); at != 0; at = <usize>changetype<KeptRow>(at).next) order = order * 10 + changetype<KeptRow>(at).mark;
  assert(order == 241);
  rows.insert(letter(0, 5), 1, true);
  assert(changetype<KeptRow>(rows.first()).mark == 5);
}

export function lists_of_rows_merge_behind_each_other(): void {
  begin();
  const one = changetype<KeptRows>(<usize>OPERATORS + 1216);
  const two = changetype<KeptRows>(<usize>OPERATORS + 1280);
  one.init();
  two.init();
  one.merge(two);
  assert(one.rows == 0 && one.first() == 0);
  two.append(letter(0, 1));
  one.merge(two);
  two.init();
  two.append(letter(0, 2));
  two.append(letter(0, 3));
  one.merge(two);
  assert(one.rows == 3);
  let order: u32 = 0;
  while (one.first() != 0) {
    order = order * 10 + changetype<KeptRow>(one.first()).mark;
    one.remove(changetype<KeptRow>(one.first()));
  }
  assert(order == 123 && one.rows == 0);
}
