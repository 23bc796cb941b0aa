/** Variance against sums of squares of integers, merged and retracted, and where sums of squares would cancel. */
import { SCRATCH } from "../../../assembly/abi";
import { Variance } from "../../../assembly/aggregate/variance";

const AT: usize = SCRATCH + 0x6000;
const OTHER: usize = SCRATCH + 0x6100;

function isNear(a: f64, b: f64): bool { return abs(a - b) <= 1e-12 * max(1.0, abs(b)); }

function filled(at: usize, from: i32, to: i32): Variance {
  const variance = changetype<Variance>(at);
  variance.init();
  for (let i = from; i < to; i++) variance.add(<f64>i);
  return variance;
}

export function of_the_numbers_to_n_it_is_n_squared_less_one_by_twelve(): void {
  const variance = filled(AT, 1, 101);
  assert(isNear(variance.population(), (100.0 * 100.0 - 1.0) / 12.0));
  assert(isNear(variance.sample(), (100.0 * 101.0) / 12.0));
  assert(isNear(variance.populationDeviation(), sqrt((100.0 * 100.0 - 1.0) / 12.0)));
}

export function one_value_has_none_of_a_sample(): void {
  const variance = filled(AT, 5, 6);
  assert(!variance.isNull(1) && variance.isNull(2));
  assert(variance.population() == 0);
  variance.init();
  assert(variance.isNull(1));
}

export function halves_merge_to_the_whole(): void {
  const variance = filled(AT, 1, 40);
  variance.merge(filled(OTHER, 40, 101));
  assert(isNear(variance.population(), 9999.0 / 12.0));
  variance.merge(filled(OTHER, 0, 0));
  assert(variance.count == 100);
}

export function a_value_taken_back_leaves_no_trace_but_rounding(): void {
  const variance = filled(AT, 1, 101);
  variance.add(1000);
  variance.retract(1000);
  assert(isNear(variance.population(), 9999.0 / 12.0));
  const single = filled(AT, 7, 8);
  single.retract(7);
  assert(single.isNull(1));
}

export function a_large_mean_does_not_cancel(): void {
  const variance = changetype<Variance>(AT);
  variance.init();
  for (let i = 0; i < 1000; i++) variance.add(1e9 + <f64>(i % 2));
  assert(isNear(variance.population(), 0.25));
}
