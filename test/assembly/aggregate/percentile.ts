/** Percentiles: ranks of known numbers, order of odd values, weights, and the error of rounded ones. */
import { PAGE_BYTES, SCRATCH, STATE } from "../../../assembly/abi";
import { Percentile } from "../../../assembly/aggregate/percentile";
import { initHeap } from "../../../assembly/state/heap";

const AT: usize = <usize>STATE + PAGE_BYTES + 512;
const OTHER: usize = <usize>STATE + PAGE_BYTES + 1024;
const RANKS: usize = SCRATCH + 0x6000;

function percentile(at: usize): Percentile {
  if (at == AT) initHeap(<usize>STATE + 2 * PAGE_BYTES);
  const made = changetype<Percentile>(at);
  made.init();
  return made;
}

/** The numbers 0 to 10006 in no order. */
function shuffled(made: Percentile): void { for (let i: u64 = 0; i < 10007; i++) made.add(<f64>(i * 7919 % 10007)); }

export function ranks_of_shuffled_numbers(): void {
  const made = percentile(AT);
  shuffled(made);
  assert(made.result(0, RANKS) == 0);
  assert(made.result(0.5, RANKS) == 5003);
  assert(made.result(1, RANKS) == 10006);
  assert(abs(made.result(0.123, RANKS) - 0.123 * 10006) < 1e-9);
}

export function negative_numbers_come_first_and_nan_last(): void {
  const made = percentile(AT);
  made.add(NaN);
  made.add(-1);
  made.add(0.0);
  made.add(-0.0);
  made.add(-Infinity);
  assert(made.result(0, RANKS) == -Infinity);
  assert(made.result(0.25, RANKS) == -1);
  assert(reinterpret<u64>(made.result(0.5, RANKS)) == 0x8000000000000000);
  assert(reinterpret<u64>(made.result(0.75, RANKS)) == 0);
  assert(isNaN(made.result(1, RANKS)));
}

export function weights_repeat_and_what_is_below_one_is_left_out(): void {
  const made = percentile(AT);
  made.add(1, 3);
  made.add(9, 1);
  made.add(100, 0);
  made.add(100, -4);
  assert(made.total == 4);
  assert(made.result(0.5, RANKS) == 1);
  assert(made.result(1, RANKS) == 9);
}

export function halves_merge_and_values_are_taken_back(): void {
  const made = percentile(AT);
  const other = percentile(OTHER);
  for (let i = 0; i < 1000; i++) (i % 3 == 0 ? made : other).add(<f64>i);
  made.merge(other);
  for (let i = 1000; i < 1500; i++) made.add(<f64>i);
  for (let i = 1000; i < 1500; i++) made.retract(<f64>i);
  assert(made.total == 1000);
  assert(made.result(0.5, RANKS) == 499.5);
}

export function rounded_ones_are_within_four_thousandths(): void {
  const exact = percentile(AT);
  const near = percentile(OTHER);
  let seed: u64 = 42;
  for (let i = 0; i < 20000; i++) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    const unit = <f64>(seed >> 11) / 9007199254740992.0;
    const value = 1 / (unit + 1e-6) - 3; // a long tail, some below zero
    exact.add(value);
    near.addRounded(value);
  }
  for (let step = 0; step <= 100; step++) {
    const truth = exact.result(<f64>step / 100, RANKS);
    assert(abs(near.result(<f64>step / 100, RANKS) - truth) <= abs(truth) / 255 + 1e-3);
  }
}
