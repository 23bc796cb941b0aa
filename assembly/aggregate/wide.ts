/** DECIMAL of up to 38 digits in aggregates: 128 bits in two's complement, low word first, as rows hold them. */

/** 10^38, the first value that needs 39 digits. */
export const WIDE_DIGITS_LOW: u64 = 0x098a224000000000;
export const WIDE_DIGITS_HIGH: i64 = 0x4b3b4ca85a86c47a;

/** Adds to the value at `target`. Two values below 10^38 do not leave 128 bits. */
// @ts-ignore: decorator
@inline
export function wideAdd(target: usize, low: u64, high: i64): void {
  const sum = load<u64>(target) + low;
  store<i64>(target, load<i64>(target, 8) + high + i64(sum < low), 8);
  store<u64>(target, sum);
}

/** Whether the first value is less than the second. */
// @ts-ignore: decorator
@inline
export function wideLess(low: u64, high: i64, otherLow: u64, otherHigh: i64): bool {
  return high < otherHigh || (high == otherHigh && low < otherLow);
}

/** Whether a value lies at or beyond `limit` on either side of zero. */
export function wideAbove(low: u64, high: i64, limitLow: u64, limitHigh: i64): bool {
  const isNegative = high < 0;
  const positiveLow = isNegative ? 0 - low : low;
  const positiveHigh = isNegative ? ~high + i64(low == 0) : high;
  return !wideLess(positiveLow, positiveHigh, limitLow, limitHigh);
}
