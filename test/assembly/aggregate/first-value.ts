/** The first value by arrival, also when panes are merged in another order. */
import { PAGE_BYTES, SCRATCH, STATE } from "../../../assembly/abi";
import { FirstLong, FirstText, FirstWide } from "../../../assembly/aggregate/first-value";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { textAddress, textOf } from "../../../assembly/text/text";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const FROM: usize = SCRATCH + 0x6000;

export function the_first_one_stays(): void {
  const first = changetype<FirstLong>(AT);
  first.init();
  assert(first.isNull());
  first.addDouble(1.5, 3);
  first.addDouble(2.5, 4);
  assert(first.resultDouble() == 1.5);
}

export function merging_goes_by_arrival(): void {
  const first = changetype<FirstWide>(AT);
  const other = changetype<FirstWide>(OTHER);
  first.init();
  other.init();
  store<u64>(FROM, 7);
  store<u64>(FROM, 0, 8);
  first.merge(other);
  assert(first.isNull());
  first.add(FROM, 9);
  store<u64>(FROM, 8);
  other.add(FROM, 2);
  first.merge(other);
  assert(first.low == 8 && first.order == 2);
  other.init();
  first.merge(other);
  assert(first.low == 8);
}

export function a_merged_text_changes_its_owner(): void {
  initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const first = changetype<FirstText>(AT);
  const other = changetype<FirstText>(OTHER);
  first.init();
  other.init();
  memory.fill(FROM, 97, 50);
  first.add(textOf(FROM, 50), 5);
  memory.fill(FROM, 98, 50);
  other.add(textOf(FROM, 50), 4);
  const length = stateLength();
  first.merge(other);
  assert(load<u8>(textAddress(first.result())) == 98);
  other.free();
  first.free();
  first.init();
  first.add(textOf(FROM, 50), 6);
  other.init();
  other.add(textOf(FROM, 50), 7);
  assert(stateLength() == length);
}
