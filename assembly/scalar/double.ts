/** What DOUBLE and FLOAT do otherwise in SQL than in WebAssembly: comparing NaN, rounding to decimal places, integers of them. */
import { REJECT_EXPRESSION } from "../abi";
import { DOUBLE_BYTES_MAX, writeDouble } from "../emit/double";
import { tenTo } from "../emit/number";
import { fail } from "../error";
import { numberParts, scanNumber } from "../ingest/number";
import { toDouble } from "../ingest/rounding";
import { take, trim } from "../text/arena";

/** a = b, where a NaN equals a NaN. */
// @ts-ignore: decorator
@inline
export function equalDouble(a: f64, b: f64): bool { return a == b || (a != a && b != b); }

/** a = b, where a NaN equals a NaN. */
// @ts-ignore: decorator
@inline
export function equalFloat(a: f32, b: f32): bool { return a == b || (a != a && b != b); }

/** a <= b, where a NaN equals a NaN. */
// @ts-ignore: decorator
@inline
export function atMostDouble(a: f64, b: f64): bool { return a <= b || (a != a && b != b); }

/** a <= b, where a NaN equals a NaN. */
// @ts-ignore: decorator
@inline
export function atMostFloat(a: f32, b: f32): bool { return a <= b || (a != a && b != b); }

/** Order of all DOUBLEs as java.lang.Double.compare has it: -0.0 before 0.0, NaN last. Negative, 0 or positive. */
export function compareDoubles(a: f64, b: f64): i32 {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a != a || b != b) return i32(a != a) - i32(b != b);
  return a == 0 ? i32(reinterpret<i64>(a) >= 0) - i32(reinterpret<i64>(b) >= 0) : 0;
}

/** SIGN(value): a zero keeps its sign, NaN stays. */
// @ts-ignore: decorator
@inline
export function signDouble(value: f64): f64 { return value > 0 ? 1 : value < 0 ? -1 : value; }

/** The integer part as Java's (int): NaN is 0, beyond the range the nearest INT. */
// @ts-ignore: decorator
@inline
export function intOfDouble(value: f64): i32 {
  if (value > -2147483649.0 && value < 2147483648.0) return <i32>value;
  return value != value ? 0 : value < 0 ? i32.MIN_VALUE : i32.MAX_VALUE;
}

/** The integer part as Java's (long): NaN is 0, beyond the range the nearest BIGINT. */
// @ts-ignore: decorator
@inline
export function longOfDouble(value: f64): i64 {
  if (value >= -9223372036854775808.0 && value < 9223372036854775808.0) return <i64>value;
  return value != value ? 0 : value < 0 ? i64.MIN_VALUE : i64.MAX_VALUE;
}

/**
 * ROUND(value, digits): half up on the shortest decimal text of the value, as Flink rounds, so that ROUND(1.005, 2) is 1.01.
 * Fails, and is 0, on NaN and infinities.
 */
export function roundDouble(value: f64, digits: i32, expression: i32): f64 { return placed(value, digits, true, expression); }

/** TRUNCATE(value, digits): as roundDouble, cut towards zero. Fails also where the number has more than 38 digits, as in Flink. */
export function truncateDouble(value: f64, digits: i32, expression: i32): f64 {
  return placed(abs(value) < 1e38 ? value : NaN, digits, false, expression);
}

/** TRUNCATE(value, digits) of a FLOAT, by way of DOUBLE as in Flink. */
export function truncateFloat(value: f32, digits: i32, expression: i32): f32 { return <f32>truncateDouble(<f64>value, digits, expression); }

function placed(value: f64, digits: i32, isRounded: bool, expression: i32): f64 {
  if (value - value != 0) {
    fail(REJECT_EXPRESSION, expression);
    return 0;
  }
  const text = take(DOUBLE_BYTES_MAX);
  if (text == 0) {
    fail(REJECT_EXPRESSION, expression);
    return 0;
  }
  scanNumber(text, writeDouble(text, abs(value)), false);
  trim(text);
  const parts = numberParts();
  const dropped = -<i64>parts.exponent - <i64>digits;
  if (dropped <= 0) return value == 0 ? 0 : value;
  if (dropped > 17) return 0; // there are at most 17 digits, so not even the first one is half of a unit
  const unit = tenTo(<usize>dropped);
  const size = toDouble((parts.digits + (isRounded ? unit / 2 : 0)) / unit, -digits);
  return value < 0 && size != 0 ? -size : size;
}

/** ROUND(value, digits) of a FLOAT, by way of DOUBLE as in Flink. */
export function roundFloat(value: f32, digits: i32, expression: i32): f32 { return <f32>roundDouble(<f64>value, digits, expression); }
