/**
 * Arithmetic on DECIMAL, exact and then rounded half up to the scale of the result. Operands and results are 16 bytes at an
 * address (wide.ts), whatever their precision; scales are given. Every function answers whether the result has no more digits
 * than `precision`: where it has more, SQL has NULL, and nothing is written.
 */
import { REJECT_EXPRESSION } from "../abi";
import { fail } from "../error";
import { BIG_LEFT } from "../ingest/reject";
import { LIMBS_BYTES, addTo, compare, divide, dividedByTenTo, multiply, multiplyAdd, subtract, timesTenTo, trimmed } from "./limbs";
import { isZeroWide } from "./wide";

/** Magnitudes at work; ingest's big integers lie here while it reads, and neither outlives its call. */
const A: usize = BIG_LEFT;
const B: usize = BIG_LEFT + LIMBS_BYTES;
const C: usize = BIG_LEFT + 2 * LIMBS_BYTES;

/** Writes the magnitude of the value to `limbs`. @returns its length */
function magnitude(wide: usize, limbs: usize): i32 {
  let low = load<u64>(wide);
  let high = load<u64>(wide, 8);
  if (<i64>high < 0) {
    low = -low;
    high = ~high + u64(low == 0);
  }
  store<u64>(limbs, low);
  store<u64>(limbs, high, 8);
  return trimmed(limbs, 4);
}

// @ts-ignore: decorator
@inline
function isNegative(wide: usize): bool { return load<i64>(wide, 8) < 0; }

/** Writes a magnitude with its sign, unless it has more than `precision` digits. */
function keep(limbs: usize, length: i32, negative: bool, into: usize, precision: i32): bool {
  if (length > 4) return false;
  for (let i = length; i < 4; i += 1) store<u32>(limbs + (<usize>i << 2), 0);
  const low = load<u64>(limbs);
  const high = load<u64>(limbs, 8);
  if (!isBelowTenTo(high, low, precision)) return false;
  const signedLow = negative ? -low : low;
  store<u64>(into, signedLow);
  store<u64>(into, negative ? ~high + u64(signedLow == 0) : high, 8);
  return true;
}

function isBelowTenTo(high: u64, low: u64, precision: i32): bool {
  const power = TENS + (<usize>precision << 4);
  const powerHigh = load<u64>(power, 8);
  return high != powerHigh ? high < powerHigh : low < load<u64>(power);
}

/** a + b */
export function addDecimal(a: usize, aScale: i32, b: usize, bScale: i32, into: usize, precision: i32, scale: i32): bool {
  return sum(a, aScale, b, bScale, isNegative(b), into, precision, scale);
}

/** a - b */
export function subtractDecimal(a: usize, aScale: i32, b: usize, bScale: i32, into: usize, precision: i32, scale: i32): bool {
  return sum(a, aScale, b, bScale, !isNegative(b), into, precision, scale);
}

function sum(a: usize, aScale: i32, b: usize, bScale: i32, isOtherNegative: bool, into: usize, precision: i32, scale: i32): bool {
  const exactScale = max(aScale, bScale);
  const aLength = timesTenTo(A, magnitude(a, A), exactScale - aScale);
  const bLength = timesTenTo(B, magnitude(b, B), exactScale - bScale);
  let negative = isNegative(a);
  let length: i32;
  if (negative == isOtherNegative) {
    length = addTo(A, aLength, B, bLength);
  } else if (compare(A, aLength, B, bLength) >= 0) {
    length = subtract(A, aLength, B, bLength, A);
  } else {
    length = subtract(B, bLength, A, aLength, A);
    negative = isOtherNegative;
  }
  return place(A, length, exactScale, negative, into, precision, scale);
}

/** Brings a magnitude from one scale to another and keeps it. */
function place(limbs: usize, length: i32, fromScale: i32, negative: bool, into: usize, precision: i32, scale: i32): bool {
  const placed = scale >= fromScale ? timesTenTo(limbs, length, scale - fromScale) : dividedByTenTo(limbs, length, fromScale - scale);
  return keep(limbs, placed, negative, into, precision);
}

/** a * b; exactScale is the sum of their scales. */
export function multiplyDecimal(a: usize, b: usize, exactScale: i32, into: usize, precision: i32, scale: i32): bool {
  const length = multiply(A, magnitude(a, A), B, magnitude(b, B), C);
  return place(C, length, exactScale, isNegative(a) != isNegative(b), into, precision, scale);
}

/** a / b. Fails when b is 0. */
export function divideDecimal(
  a: usize, aScale: i32, b: usize, bScale: i32, into: usize, precision: i32, scale: i32, expression: i32,
): bool {
  if (isZeroWide(b)) {
    fail(REJECT_EXPRESSION, expression);
    return false;
  }
  const up = scale - aScale + bScale;
  const aLength = timesTenTo(A, magnitude(a, A), max(up, 0));
  const bLength = timesTenTo(B, magnitude(b, B), max(-up, 0));
  let length = divide(A, aLength, B, bLength, C);
  const doubled = multiplyAdd(A, trimmed(A, aLength), 2, 0);
  if (compare(A, doubled, B, bLength) >= 0) length = multiplyAdd(C, length, 1, 1);
  return keep(C, length, isNegative(a) != isNegative(b), into, precision);
}

/** The rest of a / b, with the sign of a. Fails when b is 0. */
export function moduloDecimal(
  a: usize, aScale: i32, b: usize, bScale: i32, into: usize, precision: i32, scale: i32, expression: i32,
): bool {
  if (isZeroWide(b)) {
    fail(REJECT_EXPRESSION, expression);
    return false;
  }
  const exactScale = max(aScale, bScale);
  const aLength = timesTenTo(A, magnitude(a, A), exactScale - aScale);
  const bLength = timesTenTo(B, magnitude(b, B), exactScale - bScale);
  divide(A, aLength, B, bLength, C);
  return place(A, trimmed(A, aLength), exactScale, isNegative(a), into, precision, scale);
}

/** The same value with another scale, rounded half up. */
export function rescale(a: usize, aScale: i32, into: usize, precision: i32, scale: i32): bool {
  return place(A, magnitude(a, A), aScale, isNegative(a), into, precision, scale);
}

/** ROUND(a, digits) where digits < aScale; `scale` is that of the result, which is never below 0. */
export function roundDecimal(a: usize, aScale: i32, digits: i32, into: usize, precision: i32, scale: i32): bool {
  if (digits >= aScale) return rescale(a, aScale, into, precision, scale);
  if (digits < -38) return keep(A, 0, false, into, precision);
  const length = dividedByTenTo(A, magnitude(a, A), aScale - digits);
  return keep(A, timesTenTo(A, length, scale - digits), isNegative(a), into, precision);
}

/** TRUNCATE(a, digits): as roundDecimal, cut towards zero. */
export function truncateDecimal(a: usize, aScale: i32, digits: i32, into: usize, precision: i32, scale: i32): bool {
  if (digits >= aScale) return rescale(a, aScale, into, precision, scale);
  if (aScale - digits > 38) return keep(A, 0, false, into, precision); // there are no more digits than these
  const length = cutToInteger(A, magnitude(a, A), aScale - digits);
  return keep(A, timesTenTo(A, length, scale - digits), isNegative(a), into, precision);
}

/** SIGN(a) in the scale of a: -1, 0 or 1. */
export function signDecimal(a: usize, into: usize, precision: i32, scale: i32): bool {
  const isZero = (load<u64>(a) | load<u64>(a, 8)) == 0;
  store<u32>(A, 1);
  return keep(A, isZero ? 0 : timesTenTo(A, 1, scale), isNegative(a), into, precision);
}

/** FLOOR(a) */
export function floorDecimal(a: usize, aScale: i32, into: usize, precision: i32, scale: i32): bool {
  return whole(a, aScale, true, into, precision, scale);
}

/** CEIL(a) */
export function ceilDecimal(a: usize, aScale: i32, into: usize, precision: i32, scale: i32): bool {
  return whole(a, aScale, false, into, precision, scale);
}

function whole(a: usize, aScale: i32, isDown: bool, into: usize, precision: i32, scale: i32): bool {
  const length = magnitude(a, A);
  memory.copy(C, A, 16);
  let cut = cutToInteger(A, length, aScale);
  memory.copy(B, A, 16);
  const back = timesTenTo(B, cut, aScale);
  const hasFraction = compare(B, back, C, length) != 0;
  if (hasFraction && isNegative(a) == isDown) cut = multiplyAdd(A, cut, 1, 1);
  return keep(A, timesTenTo(A, cut, scale), isNegative(a), into, precision);
}

/** number / 10^scale in place, cut towards zero. */
function cutToInteger(limbs: usize, length: i32, scale: i32): i32 {
  store<u32>(B, 1);
  const unit = timesTenTo(B, 1, scale);
  const quotient = BIG_LEFT + 3 * LIMBS_BYTES;
  const size = divide(limbs, length, B, unit, quotient);
  memory.copy(limbs, quotient, <usize>size << 2);
  return size;
}

/** The integer part, of which the lower 64 bits are kept, as in Java. */
export function longOfDecimal(a: usize, aScale: i32): i64 {
  const size = cutToInteger(A, magnitude(a, A), aScale);
  for (let i = size; i < 2; i += 1) store<u32>(A + (<usize>i << 2), 0);
  const value = load<i64>(A);
  return isNegative(a) ? -value : value;
}

/** Significant digits that are read: more than any result keeps, so that what lies behind them rounds nothing. */
const DIGITS_READ: i32 = 80;

/**
 * A number in decimal digits, rounded half up to `scale`.
 * @param text its digits with at most one '.', up to `end`; no sign, no exponent
 */
export function placeDigits(text: usize, end: usize, exponent: i32, negative: bool, into: usize, precision: i32, scale: i32): bool {
  let length: i32 = 0;
  let taken: i32 = 0;
  let shift = <i64>exponent + scale;
  let hasPoint = false;
  for (let p = text; p < end; p += 1) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) {
      hasPoint = true;
    } else if (taken < DIGITS_READ) {
      length = multiplyAdd(A, length, 10, digit);
      length = trimmed(A, length);
      if (taken > 0 || digit != 0) taken += 1;
      if (hasPoint) shift -= 1;
    } else if (!hasPoint) {
      shift += 1;
    }
  }
  if (length == 0 || shift < -DIGITS_READ) return keep(A, 0, false, into, precision);
  if (taken + shift > 39) return false;
  const placedLength = shift >= 0 ? timesTenTo(A, length, <i32>shift) : dividedByTenTo(A, length, <i32>-shift);
  return keep(A, placedLength, negative, into, precision);
}

/** 10^0 ... 10^38 as 16 bytes each. */
const TENS: usize = memory.data<u64>([
  0x1, 0x0, 0xa, 0x0, 0x64, 0x0, 0x3e8, 0x0, 0x2710, 0x0, 0x186a0, 0x0, 0xf4240, 0x0, 0x989680, 0x0, 0x5f5e100, 0x0,
  0x3b9aca00, 0x0, 0x2540be400, 0x0, 0x174876e800, 0x0, 0xe8d4a51000, 0x0, 0x9184e72a000, 0x0, 0x5af3107a4000, 0x0,
  0x38d7ea4c68000, 0x0, 0x2386f26fc10000, 0x0, 0x16345785d8a0000, 0x0, 0xde0b6b3a7640000, 0x0,
  0x8ac7230489e80000, 0x0, 0x6bc75e2d63100000, 0x5, 0x35c9adc5dea00000, 0x36, 0x19e0c9bab2400000, 0x21e,
  0x2c7e14af6800000, 0x152d, 0x1bcecceda1000000, 0xd3c2, 0x161401484a000000, 0x84595, 0xdcc80cd2e4000000, 0x52b7d2,
  0x9fd0803ce8000000, 0x33b2e3c, 0x3e25026110000000, 0x204fce5e, 0x6d7217caa0000000, 0x1431e0fae,
  0x4674edea40000000, 0xc9f2c9cd0, 0xc0914b2680000000, 0x7e37be2022, 0x85acef8100000000, 0x4ee2d6d415b,
  0x38c15b0a00000000, 0x314dc6448d93, 0x378d8e6400000000, 0x1ed09bead87c0, 0x2b878fe800000000, 0x13426172c74d82,
  0xb34b9f1000000000, 0xc097ce7bc90715, 0xf436a000000000, 0x785ee10d5da46d9, 0x98a224000000000, 0x4b3b4ca85a86c47a,
], 8);
