/**
 * A DOUBLE or FLOAT as the shortest decimal text that reads back as the same value, in ECMAScript's notation; `-0.0` for
 * minus zero, and the strings "NaN", "Infinity", "-Infinity", since JSON has no such numbers.
 * Source: Giulietti, "The Schubfach way to render doubles", 2020; the powers are those of reading (ingest/powers.ts).
 */
import { POWER_EXACT_MAX, powerOf } from "../ingest/powers";
import { multiplyHigh } from "../ingest/rounding";
import { digitCount, tenTo, writeDigits, writePadded } from "./number";

/** Most bytes that writeDouble and writeFloat write: sign, 17 digits, point, e-308; or "-Infinity". */
export const DOUBLE_BYTES_MAX: i32 = 25;

/**
 * Below it, a value with three digits behind the point or fewer has at most 15 in all. No two decimals of so few digits read
 * back as the same double, so a decimal of them that reads back as the value is its shortest text: what sensors send.
 */
const SHORT_MAX: f64 = 1e12;

/** Writes a DOUBLE. @returns address behind it */
export function writeDouble(out: usize, value: f64): usize {
  const bits = reinterpret<u64>(value);
  const biased = <i32>((bits >> 52) & 0x7ff);
  const fraction = bits & 0xfffffffffffff;
  if (biased == 0x7ff) return writeSpecial(out, fraction != 0, bits >> 63 != 0);
  let p = out;
  if (bits >> 63 != 0) {
    store<u8>(p, 0x2d);
    p += 1;
  }
  if ((bits << 1) == 0) {
    if (p == out) {
      store<u8>(p, 0x30);
      return p + 1;
    }
    store<u32>(p, 0x302e30); // the fourth byte is free room
    return p + 3;
  }
  const mantissa = biased == 0 ? fraction : fraction | (<u64>1 << 52);
  const exponent = (biased == 0 ? 1 : biased) - 1075;
  if (exponent <= 0 && exponent > -53 && (mantissa & ((<u64>1 << -exponent) - 1)) == 0) {
    return writeDigits(p, mantissa >> -exponent); // an integer below 2^53 is its own shortest text
  }
  const magnitude = abs(value);
  if (magnitude < SHORT_MAX) {
    const thousandths = <u64>(magnitude * 1000.0 + 0.5);
    if (<f64>thousandths / 1000.0 == magnitude) return writeNotation(p, thousandths, -3);
  }
  const k = decimalExponent(exponent, fraction == 0 && biased > 1);
  return placeDouble(p, mantissa, exponent, k, fraction == 0 && biased > 1);
}

/** floor(log10 of the width of the value's rounding interval). Constants: log10(2) * 2^22 and log10(4/3) * 2^22. */
// @ts-ignore: decorator
@inline
function decimalExponent(exponent: i32, isBoundary: bool): i32 {
  return (exponent * 1262611 - (isBoundary ? 524031 : 0)) >> 22;
}

/**
 * Finds the shortest decimal in the rounding interval of mantissa * 2^exponent and writes it.
 * @param isBoundary the value is a power of two, so that its lower neighbour is only half as far away
 */
function placeDouble(out: usize, mantissa: u64, exponent: i32, k: i32, isBoundary: bool): usize {
  const odd = mantissa & 1;
  const shift = <u64>(exponent + ((-k * 1741647) >> 19) + 1); // floor(log2(10^-k)) by multiplication
  const power = powerOf(-k);
  const high = load<u64>(power);
  const low = load<u64>(power, 8) + u64(k > 0 || k < -POWER_EXACT_MAX); // rounded up where it was cut off
  const center = mantissa << 2;
  const lower = roundToOdd(high, low, (center - 2 + u64(isBoundary)) << shift) + odd;
  const value = roundToOdd(high, low, center << shift);
  const upper = roundToOdd(high, low, (center + 2) << shift) - odd;
  const digits = value >> 2;
  if (digits >= 10) {
    const shorter = digits / 10;
    const isBelowIn = lower <= 40 * shorter;
    const isAboveIn = 40 * shorter + 40 <= upper;
    if (isBelowIn != isAboveIn) return writeNotation(out, shorter + u64(isAboveIn), k + 1);
  }
  return writeNotation(out, nearest(digits, lower, value, upper), k);
}

/** `digits` or the next number above: the one inside the interval, or the nearer one where both are; ties to even. */
// @ts-ignore: decorator
@inline
function nearest(digits: u64, lower: u64, value: u64, upper: u64): u64 {
  const isBelowIn = lower <= digits << 2;
  const isAboveIn = (digits << 2) + 4 <= upper;
  if (isBelowIn != isAboveIn) return digits + u64(isAboveIn);
  const middle = (digits << 2) + 2;
  return digits + u64(value > middle || (value == middle && (digits & 1) != 0));
}

/** Upper 64 bits of the 192-bit product (high, low) * factor, its last bit set when anything was cut off. */
// @ts-ignore: decorator
@inline
function roundToOdd(high: u64, low: u64, factor: u64): u64 {
  const carry = multiplyHigh(low, factor);
  const middle = high * factor + carry;
  const top = multiplyHigh(high, factor) + u64(middle < carry);
  return top | u64(middle > 1);
}

/** Writes a FLOAT: the shortest text that reads back as the same f32. @returns address behind it */
export function writeFloat(out: usize, value: f32): usize {
  const bits = reinterpret<u32>(value);
  const biased = <i32>((bits >> 23) & 0xff);
  const fraction = bits & 0x7fffff;
  if (biased == 0xff || (bits << 1) == 0) return writeDouble(out, <f64>value);
  let p = out;
  if (bits >> 31 != 0) {
    store<u8>(p, 0x2d);
    p += 1;
  }
  const mantissa = biased == 0 ? fraction : fraction | 0x800000;
  const exponent = (biased == 0 ? 1 : biased) - 150;
  const isBoundary = fraction == 0 && biased > 1;
  const k = decimalExponent(exponent, isBoundary);
  const shift = <u64>(exponent + ((-k * 1741647) >> 19) + 1);
  const power = powerOf(-k);
  const high = load<u64>(power) + u64(load<u64>(power, 8) != 0); // 64 bits of the power are enough here
  const odd = <u64>(mantissa & 1);
  const center = <u64>mantissa << 2;
  const lower = roundToOddShort(high, (center - 2 + u64(isBoundary)) << shift) + odd;
  const middle = roundToOddShort(high, center << shift);
  const upper = roundToOddShort(high, (center + 2) << shift) - odd;
  const digits = middle >> 2;
  if (digits >= 10) {
    const shorter = digits / 10;
    const isBelowIn = lower <= 40 * shorter;
    const isAboveIn = 40 * shorter + 40 <= upper;
    if (isBelowIn != isAboveIn) return writeNotation(p, shorter + u64(isAboveIn), k + 1);
  }
  return writeNotation(p, nearest(digits, lower, middle, upper), k);
}

/** Upper part of the 96-bit product high * factor beyond 64 bits, its last bit set when anything was cut off. */
// @ts-ignore: decorator
@inline
function roundToOddShort(high: u64, factor: u64): u64 {
  const top = (high >> 32) * factor + (((high & 0xffffffff) * factor) >> 32);
  return (top >> 32) | u64((top & 0xffffffff) > 1);
}

/** digits * 10^exponent in ECMAScript's notation (Number::toString): plain from 1e-6 to below 1e21, else with an exponent. */
function writeNotation(out: usize, digits: u64, exponent: i32): usize {
  let significant = digits;
  let e = exponent;
  while (true) {
    const next = significant / 10;
    if (next * 10 != significant) break;
    significant = next;
    e += 1;
  }
  const length = <i32>digitCount(significant);
  const point = length + e; // digits before the point
  if (e >= 0 && point <= 21) {
    const end = writeDigits(out, significant);
    memory.fill(end, 0x30, <usize>e);
    return end + <usize>e;
  }
  if (point > 0 && point <= 21) {
    const behind = out + <usize>length + 1;
    const whole = significant / tenTo(<usize>-e);
    writePadded(out, whole, <usize>point);
    store<u8>(out + <usize>point, 0x2e);
    writePadded(behind + <usize>e, significant - whole * tenTo(<usize>-e), <usize>-e);
    return behind;
  }
  if (point > -6 && point <= 0) {
    store<u64>(out, 0x3030303030302e30); // "0.000000"
    writePadded(out + <usize>(2 - point), significant, <usize>length);
    return out + <usize>(2 - point + length);
  }
  return writeExponent(out, significant, length, point - 1);
}

function writeExponent(out: usize, significant: u64, length: i32, exponent: i32): usize {
  writePadded(out + 1, significant, <usize>length);
  store<u8>(out, load<u8>(out, 1));
  let p = out + 1;
  if (length > 1) {
    store<u8>(p, 0x2e);
    p += <usize>length;
  }
  store<u8>(p, 0x65);
  store<u8>(p, exponent < 0 ? 0x2d : 0x2b, 1);
  return writeDigits(p + 2, <u64>abs(exponent));
}

/** "NaN", "Infinity" or "-Infinity", as JSON strings. */
function writeSpecial(out: usize, isNaN: bool, isNegative: bool): usize {
  store<u8>(out, 0x22);
  if (isNaN) {
    store<u32>(out, 0x224e614e, 1);
    return out + 5;
  }
  let p = out + 1;
  if (isNegative) {
    store<u8>(p, 0x2d);
    p += 1;
  }
  store<u64>(p, 0x7974696e69666e49);
  store<u8>(p, 0x22, 8);
  return p + 9;
}
