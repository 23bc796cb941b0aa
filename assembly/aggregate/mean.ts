/**
 * AVG: a sum and the count of what went into it, both of which other aggregates of the same column share. State: a Sum*
 * record and a Count. As in Flink the sum of integers is BIGINT and the mean is cut towards zero to the column's type.
 */
import { divideDecimal } from "../scalar/decimal";
import { canonicalDouble } from "./nan";
import { SumDouble, SumLong, SumWide } from "./sum";

/** Mean of integers. Requires: count > 0. */
// @ts-ignore: decorator
@inline
export function meanLong(sum: usize, count: i64): i64 { return changetype<SumLong>(sum).sum / count; }

/** Mean of DOUBLE, and of FLOAT, whose sum is kept as DOUBLE here. Requires: count > 0. */
// @ts-ignore: decorator
@inline
export function meanDouble(sum: usize, count: i64): f64 { return canonicalDouble(changetype<SumDouble>(sum).sum / <f64>count); }

/** Mean of DECIMAL into the 16 bytes at `into`, rounded half up to `scale`. Requires: count > 0. @returns false when it is NULL */
export function meanWide(sum: usize, sumScale: i32, count: usize, into: usize, precision: i32, scale: i32): bool {
  return !changetype<SumWide>(sum).isNull() && divideDecimal(sum, sumScale, count, 0, into, precision, scale, 0);
}
