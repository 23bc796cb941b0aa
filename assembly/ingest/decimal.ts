/**
 * One JSON value -> a DECIMAL column: a scaled i64 (precision up to 18) or 16 bytes in two's complement (up to 38), rounded
 * half up to the column's scale, as Flink does. What needs more digits than the precision is refused (Flink makes it NULL).
 */
import { REJECT_RANGE, REJECT_TYPE } from "../abi";
import { textAddress, textLength } from "../text/text";
import { numberParts, scanNumber } from "./number";
import { VALUE_TEXT, reject } from "./reject";
import { multiplyHigh } from "./rounding";
import { readScalarText } from "./value";

/** DECIMAL(precision <= 18, scale). */
export function readDecimal(p: usize, end: usize, into: usize, precision: i32, scale: i32): usize {
  const behind = scanDecimal(p, end);
  if (behind == 0) return 0;
  const kept = keptDigits(scale);
  if (kept > precision) return reject(REJECT_RANGE);
  let value: u64 = 0;
  let limit: u64 = 1;
  for (let i: i32 = 0; i < precision; i += 1) limit *= 10;
  let taken: i32 = 0;
  let next: u32 = 0;
  for (let q = firstDigit(); taken <= kept; taken += 1) {
    next = digitAt(q);
    if (taken < kept) value = value * 10 + next;
    q = digitBehind(q);
  }
  if (kept >= 0 && next >= 5) value += 1;
  if (value >= limit) return reject(REJECT_RANGE);
  store<i64>(into, numberParts().isNegative ? -<i64>value : <i64>value);
  return behind;
}

/** DECIMAL(18 < precision <= 38, scale), as 16 bytes, little endian. */
export function readWide(p: usize, end: usize, into: usize, precision: i32, scale: i32): usize {
  const behind = scanDecimal(p, end);
  if (behind == 0) return 0;
  const kept = keptDigits(scale);
  if (kept > precision) return reject(REJECT_RANGE);
  store<u64>(into, 0);
  store<u64>(into, 0, 8);
  let taken: i32 = 0;
  let next: u32 = 0;
  for (let q = firstDigit(); taken <= kept; taken += 1) {
    next = digitAt(q);
    if (taken < kept) timesTenPlus(into, next);
    q = digitBehind(q);
  }
  if (kept >= 0 && next >= 5) addOne(into);
  if (!isBelowTenTo(into, precision)) return reject(REJECT_RANGE);
  if (numberParts().isNegative) {
    store<u64>(into, ~load<u64>(into));
    store<u64>(into, ~load<u64>(into, 8), 8);
    addOne(into);
  }
  return behind;
}

/** Splits a bare number, or one in a string, into its parts. @returns address behind the value, or 0 */
function scanDecimal(p: usize, end: usize): usize {
  const byte = <u32>load<u8>(p);
  if (byte == 0x2d || byte - 0x30 <= 9) {
    const behind = scanNumber(p, end, false);
    return behind == 0 ? reject(REJECT_TYPE) : behind;
  }
  if (byte != 0x22) return reject(REJECT_TYPE);
  const behind = readScalarText(p, end);
  if (behind == 0) return 0;
  const from = textAddress(load<u64>(VALUE_TEXT));
  const to = from + textLength(load<u64>(VALUE_TEXT));
  return scanNumber(from, to, true) == to ? behind : reject(REJECT_TYPE);
}

/**
 * How many significant digits of the number scanned last stand before the place where `scale` cuts: the value is the first
 * so many of them, zeros appended where it has fewer. Negative: even its first digit lies behind the next place.
 */
function keptDigits(scale: i32): i32 {
  const parts = numberParts();
  if (parts.digits == 0) return -1;
  let whole: i32 = 0; // significant digits before the point, or, negative, zeros behind it
  let hasPoint = false;
  let isSignificant = false;
  for (let q = <usize>parts.mantissa; q < <usize>parts.mantissaEnd; q += 1) {
    const byte = load<u8>(q);
    if (byte == 0x2e) {
      hasPoint = true;
      if (isSignificant) break;
      continue;
    }
    isSignificant = isSignificant || byte != 0x30;
    if (isSignificant && hasPoint) break;
    if (isSignificant) whole += 1;
    else if (hasPoint) whole -= 1;
  }
  return max(min(whole + parts.exponentText + scale, 1000), -1);
}

/** Address of the first significant digit. */
function firstDigit(): usize {
  let q = <usize>numberParts().mantissa;
  while (q < <usize>numberParts().mantissaEnd && (load<u8>(q) == 0x30 || load<u8>(q) == 0x2e)) q += 1;
  return q;
}

/** Digit at `q`, 0 behind the last. */
// @ts-ignore: decorator
@inline
function digitAt(q: usize): u32 { return q < <usize>numberParts().mantissaEnd ? <u32>load<u8>(q) - 0x30 : 0; }

/** Address of the digit behind the one at `q`. */
// @ts-ignore: decorator
@inline
function digitBehind(q: usize): usize { return load<u8>(q, 1) == 0x2e ? q + 2 : q + 1; }

function timesTenPlus(wide: usize, digit: u32): void {
  const low = load<u64>(wide);
  const product = low * 10;
  const sum = product + digit;
  store<u64>(wide, sum);
  store<u64>(wide, load<u64>(wide, 8) * 10 + multiplyHigh(low, 10) + u64(sum < product), 8);
}

function addOne(wide: usize): void {
  const low = load<u64>(wide) + 1;
  store<u64>(wide, low);
  if (low == 0) store<u64>(wide, load<u64>(wide, 8) + 1, 8);
}

/** Whether the unsigned number at `wide` is below 10^power. Requires: power <= 38. */
function isBelowTenTo(wide: usize, power: i32): bool {
  let low: u64 = 1;
  let high: u64 = 0;
  for (let i: i32 = 0; i < power; i += 1) {
    high = high * 10 + multiplyHigh(low, 10);
    low *= 10;
  }
  const top = load<u64>(wide, 8);
  return top != high ? top < high : load<u64>(wide) < low;
}
