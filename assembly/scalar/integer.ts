/**
 * Integer operations that WebAssembly would trap on or does otherwise: division, MOD and ROUND, as Java and Flink have them.
 * Each that can fail takes the number of its expression.
 */
import { REJECT_EXPRESSION } from "../abi";
import { fail } from "../error";

/** a / b, cut towards zero; MIN / -1 wraps to MIN. Fails, and is 0, when b is 0. */
// @ts-ignore: decorator
@inline
export function divideInt(a: i32, b: i32, expression: i32): i32 {
  if (<u32>(b + 1) > 1) return a / b;
  if (b == 0) fail(REJECT_EXPRESSION, expression);
  return b == 0 ? 0 : -a;
}

/** As divideInt. */
// @ts-ignore: decorator
@inline
export function divideLong(a: i64, b: i64, expression: i32): i64 {
  if (<u64>(b + 1) > 1) return a / b;
  if (b == 0) fail(REJECT_EXPRESSION, expression);
  return b == 0 ? 0 : -a;
}

/** The rest of a / b, with the sign of a. Fails, and is 0, when b is 0. */
// @ts-ignore: decorator
@inline
export function moduloInt(a: i32, b: i32, expression: i32): i32 {
  if (b != 0) return a % b; // WebAssembly has MIN % -1 = 0
  fail(REJECT_EXPRESSION, expression);
  return 0;
}

/** As moduloInt. */
// @ts-ignore: decorator
@inline
export function moduloLong(a: i64, b: i64, expression: i32): i64 {
  if (b != 0) return a % b;
  fail(REJECT_EXPRESSION, expression);
  return 0;
}

/** TRUNCATE(value, digits) in INT. */
export function truncateInt(value: i32, digits: i32): i32 { return <i32>truncateLong(value, digits); }

/** TRUNCATE(value, digits): digits below 0 are cut before the point. */
export function truncateLong(value: i64, digits: i32): i64 {
  if (digits >= 0) return value;
  if (digits < -18) return 0;
  let unit: i64 = 1;
  for (let i = digits; i < 0; i += 1) unit *= 10;
  return value - value % unit;
}

/** ROUND(value, digits) in INT; what does not fit wraps. */
export function roundInt(value: i32, digits: i32): i32 { return <i32>roundLong(value, digits); }

/** ROUND(value, digits): digits below 0 round half away from zero before the point; what does not fit wraps. */
export function roundLong(value: i64, digits: i32): i64 {
  if (digits >= 0) return value;
  if (digits < -19) return 0;
  const size = <u64>(value < 0 ? -value : value);
  if (digits == -19) { // 10^19 is beyond i64, half of it is not
    const one = i64(size >= 5000000000000000000) * <i64>10000000000000000000;
    return value < 0 ? -one : one;
  }
  let unit: u64 = 1;
  for (let i = digits; i < 0; i += 1) unit *= 10;
  const rounded = <i64>((size + unit / 2) / unit * unit);
  return value < 0 ? -rounded : rounded;
}
