/**
 * Integers, DECIMAL and BOOLEAN as JSON text. Every function writes at `out` and answers the address behind; the caller
 * has made sure of the room (host/compile/serialize.ts computes it).
 */

const NULL: u32 = 0x6c6c756e;
const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;

/** `null`. */
// @ts-ignore: decorator
@inline
export function writeNull(out: usize): usize {
  store<u32>(out, NULL);
  return out + 4;
}

/** `true` or `false`. */
// @ts-ignore: decorator
@inline
export function writeBool(out: usize, value: bool): usize {
  store<u32>(out, value ? TRUE : FALS);
  if (value) return out + 4;
  store<u8>(out, 0x65, 4);
  return out + 5;
}

/** A BIGINT, at most 20 bytes. */
export function writeLong(out: usize, value: i64): usize {
  if (value >= 0) return writeDigits(out, <u64>value);
  store<u8>(out, 0x2d);
  return writeDigits(out + 1, <u64>-value); // the least i64 is its own negative, and right as u64
}

/** An INT, at most 11 bytes. */
export function writeInt(out: usize, value: i32): usize { return writeLong(out, value); }

/** An unsigned number without leading zeros, at most 20 bytes. */
export function writeDigits(out: usize, value: u64): usize {
  const length = digitCount(value);
  writePadded(out, value, length);
  return out + length;
}

/** The last `length` decimal digits of `value`, with leading zeros. Requires: `value` has no more of them. */
export function writePadded(out: usize, value: u64, length: usize): void {
  let rest = value;
  let end = out + length;
  // Engines divide 32-bit numbers by a constant as a multiplication, 64-bit ones by a real division: one for eight digits.
  for (; end >= out + 8; end -= 8) {
    const next = rest / 100000000;
    const eight = <u32>(rest - next * 100000000);
    const four = eight / 10000;
    writeFour(end - 8, four);
    writeFour(end - 4, eight - four * 10000);
    rest = next;
  }
  let few = <u32>rest;
  for (; end >= out + 2; end -= 2) {
    const next = few / 100;
    writePair(end - 2, few - next * 100);
    few = next;
  }
  if (end > out) store<u8>(out, <u8>(0x30 + few));
}

/** Four digits. Requires: value < 10,000. */
// @ts-ignore: decorator
@inline
function writeFour(out: usize, value: u32): void {
  const upper = value / 100;
  writePair(out, upper);
  writePair(out + 2, value - upper * 100);
}

/** Two digits. Requires: value < 100. */
// @ts-ignore: decorator
@inline
export function writePair(out: usize, value: u32): void {
  const tens = value / 10;
  store<u16>(out, <u16>(0x3030 + tens + ((value - tens * 10) << 8)));
}

/** Decimal digits of `value`, at least 1. */
export function digitCount(value: u64): usize {
  if (value < 10) return 1;
  if (value >= 10000000000000000000) return 20;
  // log10(2) = 1233 / 4096, right or one too small; one comparison decides.
  const estimate = <usize>(((64 - clz(value)) * 1233) >> 12);
  return estimate + usize(value >= tenTo(estimate));
}

/** 10^power. Requires: power <= 19. */
export function tenTo(power: usize): u64 {
  return load<u64>(TENS + (power << 3));
}

const TENS: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
  10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
  10000000000000000000,
], 8);

/** A DECIMAL(p <= 18, scale), at most 21 bytes: always `scale` digits behind the point, as SQL shows it. */
export function writeDecimal(out: usize, value: i64, scale: i32): usize {
  const isNegative = value < 0;
  if (isNegative) store<u8>(out, 0x2d);
  return placePoint(out + usize(isNegative), <u64>(isNegative ? -value : value), 0, scale);
}

/** A DECIMAL(p > 18, scale) from its 16 bytes at `wide`, at most 41 bytes. */
export function writeWide(out: usize, wide: usize, scale: i32): usize {
  let low = load<u64>(wide);
  let high = load<u64>(wide, 8);
  const isNegative = <i64>high < 0;
  if (isNegative) {
    low = -low;
    high = ~high + u64(low == 0);
    store<u8>(out, 0x2d);
  }
  // Below 10^38 the quotient by 10^19 fits a u64, and so does the remainder.
  const quotient = divideWide(high, low);
  return placePoint(out + usize(isNegative), low - quotient * 10000000000000000000, quotient, scale);
}

/** (high, low) / 10^19 by long division, a bit at a time. Requires: the quotient fits a u64. */
function divideWide(high: u64, low: u64): u64 {
  const divisor: u64 = 10000000000000000000;
  let remainder = high;
  let quotient: u64 = 0;
  for (let bit: u64 = 64; bit > 0; bit -= 1) {
    const carry = remainder >> 63;
    remainder = (remainder << 1) | ((low >> (bit - 1)) & 1);
    quotient <<= 1;
    if (carry != 0 || remainder >= divisor) {
      remainder -= divisor;
      quotient |= 1;
    }
  }
  return quotient;
}

/** upper * 10^19 + lower with `scale` digits behind the point and at least one before it. */
function placePoint(out: usize, lower: u64, upper: u64, scale: i32): usize {
  let length: usize = upper != 0 ? 19 + digitCount(upper) : digitCount(lower);
  length = max(length, <usize>scale + 1);
  if (length > 19) {
    writePadded(out, upper, length - 19);
    writePadded(out + (length - 19), lower, 19);
  } else {
    writePadded(out, lower, length);
  }
  if (scale == 0) return out + length;
  const point = out + (length - <usize>scale);
  memory.copy(point + 1, point, <usize>scale);
  store<u8>(point, 0x2e);
  return out + length + 1;
}
