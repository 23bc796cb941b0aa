/**
 * 128-bit integers, the representation of DECIMAL with more than 18 digits: 16 bytes at an address, two's complement, little
 * endian. Functions that make one take the address to write to and answer it.
 */

/** A constant 0. */
export const ZERO_WIDE: usize = memory.data<u64>([0, 0], 8);

/** A narrow value as 16 bytes. */
// @ts-ignore: decorator
@inline
export function widen(value: i64, into: usize): usize {
  store<i64>(into, value);
  store<i64>(into, value >> 63, 8);
  return into;
}

/** Copies 16 bytes. */
// @ts-ignore: decorator
@inline
export function copyWide(from: usize, into: usize): usize {
  const high = load<u64>(from, 8);
  store<u64>(into, load<u64>(from));
  store<u64>(into, high, 8);
  return into;
}

/** Its lower 64 bits: the value, where it fits. */
// @ts-ignore: decorator
@inline
export function narrowed(wide: usize): i64 { return load<i64>(wide); }

/** Whether it is 0. */
// @ts-ignore: decorator
@inline
export function isZeroWide(wide: usize): bool { return (load<u64>(wide) | load<u64>(wide, 8)) == 0; }

/** -a */
export function negateWide(a: usize, into: usize): usize {
  const low = -load<u64>(a);
  store<u64>(into, ~load<u64>(a, 8) + u64(low == 0), 8);
  store<u64>(into, low);
  return into;
}

/** The absolute value. */
export function absoluteWide(a: usize, into: usize): usize { return load<i64>(a, 8) < 0 ? negateWide(a, into) : copyWide(a, into); }

/** Negative, 0 or positive as a is less than, equal to or greater than b. */
export function compareWide(a: usize, b: usize): i32 {
  const high = load<i64>(a, 8);
  const otherHigh = load<i64>(b, 8);
  if (high != otherHigh) return high < otherHigh ? -1 : 1;
  const low = load<u64>(a);
  const otherLow = load<u64>(b);
  return i32(low > otherLow) - i32(low < otherLow);
}
