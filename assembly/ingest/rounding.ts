/**
 * digits * 10^q -> the nearest double, ties to even. Three steps, each only when the one before cannot decide:
 * one exact operation (Clinger 1990), a 128-bit product (Lemire 2021, after Eisel), a comparison of big integers (exact.ts).
 */
import { POWER_MIN, powerOf } from "./powers";

/** Numbers of this many digits fit a u64. */
export const DIGITS_MAX: i32 = 19;

// 10^0 ... 10^22, the powers that a double holds exactly.
const EXACT_TENS: usize = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
], 8);
const EXACT_TENS_MAX: i32 = 22;
/** Below this, integers are exact doubles. */
const EXACT_INTEGER_MAX: u64 = 1 << 53;

/** 10^q as a double. Requires: 0 <= q <= 22. */
// @ts-ignore: decorator
@inline
export function exactTen(q: usize): f64 { return load<f64>(EXACT_TENS + (q << 3)); }

/** The upper 64 bits of a * b. */
// @ts-ignore: decorator
@inline
export function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const cross = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (cross >> 32);
}

/** digits * 10^q, correctly rounded; the sign is the caller's. */
export function toDouble(digits: u64, q: i32): f64 {
  if (digits <= EXACT_INTEGER_MAX && q >= -EXACT_TENS_MAX && q <= EXACT_TENS_MAX) {
    // Both operands are exact, so one IEEE operation rounds rightly.
    return q < 0 ? <f64>digits / exactTen(-q) : <f64>digits * exactTen(q);
  }
  return roundProduct(digits, q);
}

/**
 * digits * 10^q by a 128-bit product with the power's leading bits.
 * The product decides in every case (Mushtak and Lemire 2023 prove that no 19-digit input needs more).
 */
export function roundProduct(digits: u64, q: i32): f64 {
  if (digits == 0 || q < POWER_MIN) return 0;
  if (q > 308) return Infinity;
  const shift = <i32>clz(digits);
  const factor = digits << shift;
  const power = powerOf(q);
  let low = load<u64>(power, 8);
  // Reciprocals up to 5^27 are rounded up, so that an exact quotient shows as a product with low <= 1.
  const high = load<u64>(power);
  if (q < 0 && q >= -27) low += 1;
  let productLow = factor * high;
  let productHigh = multiplyHigh(factor, high);
  if ((productHigh & 0x1ff) == 0x1ff) {
    const carry = multiplyHigh(factor, low);
    productLow += carry;
    if (productLow < carry) productHigh += 1;
  }
  return assemble(productHigh, productLow, q, shift);
}

/** Rounds a 128-bit product to 53 bits (fewer for subnormals) and packs the double. */
function assemble(high: u64, low: u64, q: i32, shift: i32): f64 {
  const upper = <i32>(high >> 63);
  let mantissa = high >> (upper + 64 - 52 - 3);
  // floor(log2(10^q)) by a multiplication: 217706 / 2^16 = log2(10), exact over the table's range.
  let exponent = ((217706 * q) >> 16) + 63 + upper - shift + 1023;
  if (exponent <= 0) {
    if (1 - exponent >= 64) return 0;
    mantissa >>= 1 - exponent;
    mantissa += mantissa & 1;
    mantissa >>= 1;
    return reinterpret<f64>(mantissa); // a carry into bit 52 makes the smallest normal number, as it should
  }
  // Exactly halfway is only possible for small powers; then the last bit decides, and an exact product shows it.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && (mantissa << (upper + 64 - 52 - 3)) == high) mantissa &= ~1;
  mantissa += mantissa & 1;
  mantissa >>= 1;
  if (mantissa >= <u64>1 << 53) {
    mantissa = <u64>1 << 52;
    exponent += 1;
  }
  if (exponent >= 2047) return Infinity;
  return reinterpret<f64>((mantissa & 0xfffffffffffff) | (<u64>exponent << 52));
}
