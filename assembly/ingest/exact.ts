/**
 * Decides between two neighbouring doubles by exact arithmetic: a decimal number of any length against the point halfway.
 * Needed when more than 19 digits lie too close to that point, which sensors never send and adversaries do.
 * Big integers are u32 limbs, least first, in SCRATCH; at most 2,700 bits are ever needed.
 */
import { BIG_LEFT, BIG_RIGHT } from "./reject";

/** No double and no halfway point has more significant digits (767), so what follows only breaks a tie. */
const DIGITS_EXACT: i32 = 769;
const FIVE_TO_13: u32 = 1220703125; // the largest power of five in a u32

/**
 * Compares the number `text` * 10^exponent with the point halfway between `low` and the next double above.
 * @param text its digits with at most one '.', up to `end`; no sign, no exponent
 * @returns negative, 0 or positive as the number is below, at or above halfway
 */
export function compareHalfway(text: usize, end: usize, exponent: i32, low: f64): i32 {
  let q = exponent;
  let length: i32 = 0; // limbs of BIG_LEFT
  let taken: i32 = 0;
  let chunk: u32 = 0;
  let scale: u32 = 1;
  let isBeyond = false;
  let hasPoint = false;
  for (let p = text; p < end; p += 1) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) {
      hasPoint = true;
      continue;
    }
    if (taken < DIGITS_EXACT) {
      if (taken > 0 || digit > 0) taken += 1;
      chunk = chunk * 10 + digit;
      scale *= 10;
      if (scale == 1000000000) {
        length = multiplyAdd(BIG_LEFT, length, scale, chunk);
        chunk = 0;
        scale = 1;
      }
      if (hasPoint) q -= 1;
    } else {
      isBeyond = isBeyond || digit != 0;
      if (!hasPoint) q += 1;
    }
  }
  length = multiplyAdd(BIG_LEFT, length, scale, chunk);
  if (isBeyond) {
    length = multiplyAdd(BIG_LEFT, length, 10, 1);
    q -= 1;
  }
  return compareScaled(length, q, low);
}

/** BIG_LEFT * 10^q against the point halfway above `low`: both sides become integers by moving factors across. */
function compareScaled(leftLength: i32, q: i32, low: f64): i32 {
  const bits = reinterpret<u64>(low);
  const biased = <i32>(bits >> 52);
  const fraction = bits & 0xfffffffffffff;
  const mantissa = biased == 0 ? fraction : fraction | (<u64>1 << 52);
  const halfway = 2 * mantissa + 1;
  const halfwayExponent = max(biased, 1) - 1075 - 1;
  store<u32>(BIG_RIGHT, <u32>halfway);
  store<u32>(BIG_RIGHT, <u32>(halfway >> 32), 4);
  let left = leftLength;
  let right: i32 = halfway >> 32 != 0 ? 2 : 1;
  if (q >= 0) left = multiplyFives(BIG_LEFT, left, q);
  else right = multiplyFives(BIG_RIGHT, right, -q);
  const shift = halfwayExponent - q;
  if (shift >= 0) right = shiftLeft(BIG_RIGHT, right, shift);
  else left = shiftLeft(BIG_LEFT, left, -shift);
  return compareLimbs(left, right);
}

/** number = number * factor + addend. @returns its limbs */
function multiplyAdd(number: usize, length: i32, factor: u32, addend: u32): i32 {
  let carry: u64 = addend;
  for (let i: i32 = 0; i < length; i += 1) {
    const limb = number + (<usize>i << 2);
    carry += <u64>load<u32>(limb) * factor;
    store<u32>(limb, <u32>carry);
    carry >>= 32;
  }
  if (carry == 0) return length;
  store<u32>(number + (<usize>length << 2), <u32>carry);
  return length + 1;
}

function multiplyFives(number: usize, length: i32, power: i32): i32 {
  let limbs = length;
  let left = power;
  for (; left >= 13; left -= 13) limbs = multiplyAdd(number, limbs, FIVE_TO_13, 0);
  for (; left > 0; left -= 1) limbs = multiplyAdd(number, limbs, 5, 0);
  return limbs;
}

function shiftLeft(number: usize, length: i32, bits: i32): i32 {
  const whole = bits >> 5;
  const limbs = multiplyAdd(number, length, <u32>1 << (bits & 31), 0);
  if (whole == 0) return limbs;
  memory.copy(number + (<usize>whole << 2), number, <usize>limbs << 2);
  memory.fill(number, 0, <usize>whole << 2);
  return limbs + whole;
}

function compareLimbs(left: i32, right: i32): i32 {
  if (left != right) return left - right;
  for (let i = left - 1; i >= 0; i -= 1) {
    const a = load<u32>(BIG_LEFT + (<usize>i << 2));
    const b = load<u32>(BIG_RIGHT + (<usize>i << 2));
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}
