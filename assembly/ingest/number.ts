/**
 * Text of a number -> f64, f32, i64, i32, correctly rounded. A number is first split into its parts (NUMBER_PARTS), which
 * also checks its grammar: JSON's for bare numbers, a looser one for numbers in strings, as Java's parsers take them.
 */
import { compareHalfway } from "./exact";
import { NUMBER_PARTS } from "./reject";
import { DIGITS_MAX, roundProduct, toDouble } from "./rounding";

/** The number scanned last; lives at NUMBER_PARTS. value = digits * 10^exponent, plus what was cut off. */
@final @unmanaged
export class NumberParts {
  /** First 19 significant digits. */
  digits: u64 = 0;
  exponent: i32 = 0;
  /** The part after 'e' alone. */
  exponentText: i32 = 0;
  /** Text of digits and point, without sign and exponent. */
  mantissa: u32 = 0;
  mantissaEnd: u32 = 0;
  isNegative: bool = false;
  /** Digits other than 0 were cut off. */
  isCut: bool = false;
  /** Neither point nor exponent. */
  isInteger: bool = false;
}

/** Parts of the number scanned last. */
// @ts-ignore: decorator
@inline
export function numberParts(): NumberParts { return changetype<NumberParts>(NUMBER_PARTS); }

/** Exponents beyond this are all the same: 0 or infinite. */
const EXPONENT_CLAMP: i32 = 100000000;

/**
 * Splits the number at `p`, which ends before `end`.
 * @param isLoose take '+', leading zeros, '.5' and '5.' too
 * @returns address behind it, or 0 when no number stands there
 */
export function scanNumber(p: usize, end: usize, isLoose: bool): usize {
  const parts = numberParts();
  let q = p;
  const sign = q < end ? load<u8>(q) : 0;
  parts.isNegative = sign == 0x2d;
  if (sign == 0x2d || (isLoose && sign == 0x2b)) q += 1;
  parts.mantissa = <u32>q;
  q = scanMantissa(parts, q, end, isLoose);
  if (q == 0) return 0;
  parts.mantissaEnd = <u32>q;
  parts.exponentText = 0;
  if (q < end && (load<u8>(q) | 0x20) == 0x65) {
    q = scanExponent(parts, q + 1, end);
    parts.isInteger = false;
  }
  return q;
}

function scanMantissa(parts: NumberParts, start: usize, end: usize, isLoose: bool): usize {
  let q = start;
  let digits: u64 = 0;
  let taken: i32 = 0;
  let exponent: i32 = 0;
  let isCut = false;
  let pointAt: usize = 0;
  for (; q < end; q += 1) {
    const digit = <u32>load<u8>(q) - 0x30;
    if (digit > 9) {
      if (digit != <u32>-2 || pointAt != 0) break;
      pointAt = q;
      continue;
    }
    if (taken < DIGITS_MAX) {
      digits = digits * 10 + digit;
      if (digits != 0) taken += 1;
      if (pointAt != 0) exponent -= 1;
    } else {
      isCut = isCut || digit != 0;
      if (pointAt == 0) exponent += 1;
    }
  }
  parts.digits = digits;
  parts.exponent = exponent;
  parts.isCut = isCut;
  parts.isInteger = pointAt == 0;
  const whole = (pointAt == 0 ? q : pointAt) - start;
  const fraction = pointAt == 0 ? <usize>0 : q - pointAt - 1;
  if (isLoose) return whole + fraction > 0 ? q : 0;
  if (whole == 0 || (pointAt != 0 && fraction == 0)) return 0;
  return whole > 1 && load<u8>(start) == 0x30 ? 0 : q;
}

function scanExponent(parts: NumberParts, start: usize, end: usize): usize {
  let q = start;
  const sign = q < end ? load<u8>(q) : 0;
  if (sign == 0x2d || sign == 0x2b) q += 1;
  const first = q;
  let value: i32 = 0;
  for (; q < end; q += 1) {
    const digit = <u32>load<u8>(q) - 0x30;
    if (digit > 9) break;
    if (value < EXPONENT_CLAMP) value = value * 10 + <i32>digit;
  }
  if (q == first) return 0;
  parts.exponentText = sign == 0x2d ? -value : value;
  parts.exponent += parts.exponentText;
  return q;
}

/** The number scanned last as the nearest double; too large is infinite, as in Java and ECMAScript. */
export function partsToDouble(): f64 {
  const parts = numberParts();
  let value: f64;
  if (parts.isCut) {
    value = roundProduct(parts.digits, parts.exponent);
    const above = roundProduct(parts.digits + 1, parts.exponent);
    if (value != above) {
      const side = compareHalfway(parts.mantissa, parts.mantissaEnd, parts.exponentText, value);
      if (side > 0 || (side == 0 && (reinterpret<u64>(value) & 1) != 0)) value = above;
    }
  } else {
    value = toDouble(parts.digits, parts.exponent);
  }
  return parts.isNegative ? -value : value;
}

/** Whether the number scanned last is an integer that an i64 holds. */
export function partsFitLong(): bool {
  const parts = numberParts();
  if (!parts.isInteger || parts.isCut || parts.exponent != 0) return false;
  return parts.digits <= <u64>i64.MAX_VALUE + u64(parts.isNegative);
}

/** The number scanned last as i64. Requires: partsFitLong(). */
export function partsToLong(): i64 {
  const parts = numberParts();
  return parts.isNegative ? -<i64>parts.digits : <i64>parts.digits;
}

// ----------------------------------------------------------------------------------- several digits at once, in one word

/** Eight bytes of '0'. */
export const ZEROS: u64 = 0x3030303030303030;

/** High bit of each byte of `word` (eight characters xor ZEROS) that is not a digit; right up to the first such byte. */
// @ts-ignore: decorator
@inline
export function nonDigits(word: u64): u64 { return ((word + 0x7676767676767676) | word) & 0x8080808080808080; }

/** Eight digit values, most significant in the lowest byte -> their number, in three multiplications. */
// @ts-ignore: decorator
@inline
export function eightDigits(word: u64): u64 {
  const pairs = word * 10 + (word >> 8);
  return (((pairs & 0x000000ff000000ff) * 0x000f424000000064) + (((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32;
}
