/** The last value by arrival, also when panes are merged in another order. */
import { PAGE_BYTES, SCRATCH, STATE } from "../../../assembly/abi";
import { LastLong, LastText, LastWide } from "../../../assembly/aggregate/last-value";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { textAddress, textLength, textOf } from "../../../assembly/text/text";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const FROM: usize = SCRATCH + 0x6000;

export function the_last_one_counts_by_arrival(): void {
  const last = changetype<LastLong>(AT);
  const other = changetype<LastLong>(OTHER);
  last.init();
  other.init();
  last.add(1, 3);
  last.add(2, 4);
  other.add(9, 2);
  last.merge(other);
  assert(last.result() == 2);
  other.add(8, 7);
  last.merge(other);
  assert(last.result() == 8);
}

export function of_wide_values_an_empty_pane_takes_the_others(): void {
  const last = changetype<LastWide>(AT);
  const other = changetype<LastWide>(OTHER);
  last.init();
  other.init();
  store<u64>(FROM, 7);
  store<u64>(FROM, 1, 8);
  other.add(FROM, 1);
  last.merge(other);
  assert(last.low == 7 && last.high == 1 && !last.isNull());
}

export function a_replaced_text_is_freed(): void {
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const last = changetype<LastText>(AT);
  last.init();
  memory.fill(FROM, 97, 60);
  last.add(textOf(FROM, 60), 1);
  const length = stateLength();
  for (let order: u64 = 2; order < 200; order++) last.add(textOf(FROM, 60), order);
  assert(stateLength() == length);
  last.add(textOf(FROM, 0), 200);
  assert(textLength(last.result()) == 0 && !last.isNull());
  last.add(textOf(FROM, 40), 201);
  assert(load<u8>(textAddress(last.result())) == 97);
}
