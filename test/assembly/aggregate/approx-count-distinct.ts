/** HyperLogLog against the exact count: exact while short, then within four standard errors, of numbers and texts. */
import { PAGE_BYTES, SCRATCH, STATE } from "../../../assembly/abi";
import { ApproxCountDistinct } from "../../../assembly/aggregate/approx-count-distinct";
import { initHeap, stateLength } from "../../../assembly/state/heap";
import { textOf } from "../../../assembly/text/text";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const FROM: usize = SCRATCH + 0x6000;

function counter(at: usize): ApproxCountDistinct {
  if (at == AT) initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const made = changetype<ApproxCountDistinct>(at);
  made.init();
  return made;
}

/** Whether an estimate is within 4 x 1.04 / sqrt(4096) of `count`. */
function isNear(estimate: i64, count: i64): bool { return abs<f64>(<f64>estimate / <f64>count - 1) < 0.065; }

export function a_few_values_are_counted_exactly(): void {
  const made = counter(AT);
  assert(made.result() == 0);
  for (let round = 0; round < 3; round++) for (let i: i64 = 0; i < 64; i++) made.addLong(i);
  assert(made.result() == 64);
}

export function many_numbers_in_a_row_are_counted_within_the_bound_at_every_size(): void {
  const made = counter(AT);
  for (let i: i64 = 1; i <= 1000000; i++) {
    made.addLong(i);
    if (i == 100 || i == 1000 || i == 5000 || i == 20000 || i == 100000 || i == 1000000) assert(isNear(made.result(), i));
  }
}

export function repetitions_do_not_count(): void {
  const made = counter(AT);
  for (let i: i64 = 0; i < 300000; i++) made.addDouble(<f64>(i % 3000) / 7);
  assert(isNear(made.result(), 3000));
}

export function texts_are_counted(): void {
  const made = counter(AT);
  for (let i: i64 = 0; i < 50000; i++) {
    memory.fill(FROM, 97, 40);
    store<i64>(FROM, i, 11);
    made.addText(textOf(FROM, 24));
  }
  made.addText(textOf(FROM, 0));
  assert(isNear(made.result(), 50001));
}

export function merging_counts_the_union(): void {
  const made = counter(AT);
  const other = counter(OTHER);
  for (let i: i64 = 0; i < 50; i++) made.addLong(i);
  for (let i: i64 = 25; i < 75; i++) other.addLong(i);
  made.merge(other);
  assert(isNear(made.result(), 75));
  for (let i: i64 = 0; i < 20000; i++) other.addLong(i);
  made.merge(other);
  assert(isNear(made.result(), 20000));
}

export function all_blocks_come_back(): void {
  let length: u32 = 0;
  const made = counter(AT);
  for (let round = 0; round < 4; round++) {
    for (let i: i64 = 0; i < 100 + round * 40; i++) made.addLong(i);
    made.free();
    made.init();
    if (round == 0) length = stateLength();
    else assert(stateLength() == length);
  }
}
