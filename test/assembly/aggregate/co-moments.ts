/** Correlation and regression: a line is found exactly, halves merge, constants have neither. */
import { SCRATCH } from "../../../assembly/abi";
import { CoMoments } from "../../../assembly/aggregate/co-moments";

const AT: usize = SCRATCH + 0x6000;
const OTHER: usize = SCRATCH + 0x6100;

function isNear(a: f64, b: f64): bool { return abs(a - b) <= 1e-10 * max(1.0, abs(b)); }

/** Points near y = 3x - 2, as far above as below. */
function filled(at: usize, from: i32, to: i32): CoMoments {
  const moments = changetype<CoMoments>(at);
  moments.init();
  for (let i = from; i < to; i++) {
    moments.add(3.0 * <f64>i - 2.0 + 0.5, <f64>i);
    moments.add(3.0 * <f64>i - 2.0 - 0.5, <f64>i);
  }
  return moments;
}

export function a_line_is_found(): void {
  const moments = filled(AT, 0, 100);
  assert(isNear(moments.slope(), 3) && isNear(moments.intercept(), -2));
  const spread = 9999.0 / 12.0;
  assert(isNear(moments.covarPop(), 3 * spread));
  assert(isNear(moments.covarSamp(), 3 * spread * 200 / 199));
  assert(isNear(moments.determination(), 9 * spread / (9 * spread + 0.25)));
  assert(isNear(moments.corr(), sqrt(moments.determination())));
}

export function halves_merge_and_pairs_are_taken_back(): void {
  const moments = filled(AT, 0, 30);
  moments.merge(filled(OTHER, 30, 100));
  assert(isNear(moments.slope(), 3) && isNear(moments.intercept(), -2));
  moments.add(1000, -50);
  moments.retract(1000, -50);
  assert(isNear(moments.slope(), 3) && isNear(moments.intercept(), -2));
}

export function constants_have_no_line_and_no_correlation(): void {
  const moments = changetype<CoMoments>(AT);
  moments.init();
  assert(moments.isXConstant() && moments.hasFewer(1));
  moments.add(1, 5);
  moments.add(2, 5);
  assert(moments.isXConstant() && !moments.isYConstant());
  moments.init();
  moments.add(2, 1);
  moments.add(2, 5);
  assert(moments.isYConstant() && moments.slope() == 0 && moments.determination() == 1);
}
