/**
 * Unsigned integers of any size for DECIMAL arithmetic: u32 limbs, least first, as long as they need to be; length 0 is zero.
 * At most 16 limbs are ever needed: two values of 38 digits and 76 digits of scale. Functions answer the new length.
 */

/** 10^9, the greatest power of ten in a limb. */
const TEN_TO_9: u32 = 1000000000;

/** Room of one number, bytes, with one limb to spare. */
export const LIMBS_BYTES: usize = 72;

/** Length without zeros at the top. */
// @ts-ignore: decorator
@inline
export function trimmed(number: usize, length: i32): i32 {
  let size = length;
  while (size > 0 && load<u32>(number + ((<usize>size - 1) << 2)) == 0) size -= 1;
  return size;
}

/** number * factor + addend, in place. */
export function multiplyAdd(number: usize, length: i32, factor: u32, addend: u32): i32 {
  let carry: u64 = addend;
  for (let i: i32 = 0; i < length; i += 1) {
    const at = number + (<usize>i << 2);
    const sum = <u64>load<u32>(at) * factor + carry;
    store<u32>(at, <u32>sum);
    carry = sum >> 32;
  }
  if (carry == 0) return length;
  store<u32>(number + (<usize>length << 2), <u32>carry);
  return length + 1;
}

/** 10^digits. Requires: digits < 10. */
function smallTen(digits: i32): u32 {
  let power: u32 = 1;
  for (let i: i32 = 0; i < digits; i += 1) power *= 10;
  return power;
}

/** number * 10^digits, in place. */
export function timesTenTo(number: usize, length: i32, digits: i32): i32 {
  let size = length;
  let left = digits;
  for (; left >= 9; left -= 9) size = multiplyAdd(number, size, TEN_TO_9, 0);
  return left == 0 ? size : multiplyAdd(number, size, smallTen(left), 0);
}

/** number / 10^digits in place, rounded half up (half of a unit counts as one). */
export function dividedByTenTo(number: usize, length: i32, digits: i32): i32 {
  if (digits == 0) return length;
  let size = length;
  let left = digits - 1;
  for (; left > 0 && size > 0; left -= 9) {
    divideSmall(number, size, smallTen(min(left, 9)));
    size = trimmed(number, size);
  }
  // What was cut off is below one unit of the digit that decides, so that digit alone tells.
  const digit = divideSmall(number, size, 10);
  return digit >= 5 ? multiplyAdd(number, trimmed(number, size), 1, 1) : trimmed(number, size);
}

/** number / divisor in place; the length stays. @returns the rest */
export function divideSmall(number: usize, length: i32, divisor: u32): u32 {
  let rest: u64 = 0;
  for (let i = length - 1; i >= 0; i -= 1) {
    const at = number + (<usize>i << 2);
    const part = (rest << 32) | load<u32>(at);
    store<u32>(at, <u32>(part / divisor));
    rest = part % divisor;
  }
  return <u32>rest;
}

/** into = a * b. Requires: into is neither. */
export function multiply(a: usize, aLength: i32, b: usize, bLength: i32, into: usize): i32 {
  memory.fill(into, 0, <usize>(aLength + bLength) << 2);
  for (let i: i32 = 0; i < aLength; i += 1) {
    const factor = <u64>load<u32>(a + (<usize>i << 2));
    let carry: u64 = 0;
    for (let j: i32 = 0; j < bLength; j += 1) {
      const at = into + (<usize>(i + j) << 2);
      const sum = factor * load<u32>(b + (<usize>j << 2)) + load<u32>(at) + carry;
      store<u32>(at, <u32>sum);
      carry = sum >> 32;
    }
    store<u32>(into + (<usize>(i + bLength) << 2), <u32>carry);
  }
  return trimmed(into, aLength + bLength);
}

/** Negative, 0 or positive. */
export function compare(a: usize, aLength: i32, b: usize, bLength: i32): i32 {
  if (aLength != bLength) return aLength - bLength;
  for (let i = aLength - 1; i >= 0; i -= 1) {
    const x = load<u32>(a + (<usize>i << 2));
    const y = load<u32>(b + (<usize>i << 2));
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** a += b. */
export function addTo(a: usize, aLength: i32, b: usize, bLength: i32): i32 {
  const length = max(aLength, bLength);
  let carry: u64 = 0;
  for (let i: i32 = 0; i < length; i += 1) {
    const at = a + (<usize>i << 2);
    if (i < aLength) carry += load<u32>(at);
    if (i < bLength) carry += load<u32>(b + (<usize>i << 2));
    store<u32>(at, <u32>carry);
    carry >>= 32;
  }
  if (carry == 0) return length;
  store<u32>(a + (<usize>length << 2), <u32>carry);
  return length + 1;
}

/** into = a - b; into may be either. Requires: a >= b. */
export function subtract(a: usize, aLength: i32, b: usize, bLength: i32, into: usize): i32 {
  let borrow: i64 = 0;
  for (let i: i32 = 0; i < aLength; i += 1) {
    borrow += <i64>load<u32>(a + (<usize>i << 2));
    if (i < bLength) borrow -= <i64>load<u32>(b + (<usize>i << 2));
    store<u32>(into + (<usize>i << 2), <u32>borrow);
    borrow >>= 32;
  }
  return trimmed(into, aLength);
}

/**
 * Divides a by b: `a` becomes the rest, `quotient` is written. Requires: bLength > 0.
 * Source: Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D.
 * @returns length of the quotient; that of the rest is trimmed(a, aLength)
 */
export function divide(a: usize, aLength: i32, b: usize, bLength: i32, quotient: usize): i32 {
  if (compare(a, aLength, b, bLength) < 0) return 0;
  if (bLength == 1) {
    memory.copy(quotient, a, <usize>aLength << 2);
    const rest = divideSmall(quotient, aLength, load<u32>(b));
    memory.fill(a, 0, <usize>aLength << 2);
    store<u32>(a, rest);
    return trimmed(quotient, aLength);
  }
  const shift = <u32>clz(load<u32>(b + ((<usize>bLength - 1) << 2)));
  shiftLeft(b, bLength, shift);
  store<u32>(a + (<usize>aLength << 2), 0);
  shiftLeft(a, aLength + 1, shift);
  const places = aLength - bLength + 1;
  for (let place = places - 1; place >= 0; place -= 1) {
    store<u32>(quotient + (<usize>place << 2), quotientDigit(a + (<usize>place << 2), b, bLength));
  }
  shiftRight(a, aLength + 1, shift);
  shiftRight(b, bLength, shift);
  return trimmed(quotient, places);
}

/** One digit of the quotient of bLength + 1 limbs at `a` by `b`, and the rest in place of them. */
function quotientDigit(a: usize, b: usize, bLength: i32): u32 {
  const top = a + (<usize>bLength << 2);
  const divisor = <u64>load<u32>(b + ((<usize>bLength - 1) << 2));
  const below = <u64>load<u32>(b + ((<usize>bLength - 2) << 2));
  const upper = (<u64>load<u32>(top) << 32) | load<u32>(top - 4);
  let digit = upper / divisor;
  let rest = upper % divisor;
  while (digit >> 32 != 0 || digit * below > ((rest << 32) | load<u32>(top - 8))) {
    digit -= 1;
    rest += divisor;
    if (rest >> 32 != 0) break;
  }
  let borrow: i64 = 0;
  let carry: u64 = 0;
  for (let i: i32 = 0; i < bLength; i += 1) {
    const at = a + (<usize>i << 2);
    carry += digit * load<u32>(b + (<usize>i << 2));
    borrow += <i64>load<u32>(at) - <i64>(carry & 0xffffffff);
    store<u32>(at, <u32>borrow);
    borrow >>= 32;
    carry >>= 32;
  }
  borrow += <i64>load<u32>(top) - <i64>carry;
  store<u32>(top, <u32>borrow);
  if (borrow >= 0) return <u32>digit;
  // The estimate was one too large, which happens about twice in 2^32 digits: add the divisor back.
  let sum: u64 = 0;
  for (let i: i32 = 0; i < bLength; i += 1) {
    const at = a + (<usize>i << 2);
    sum += <u64>load<u32>(at) + load<u32>(b + (<usize>i << 2));
    store<u32>(at, <u32>sum);
    sum >>= 32;
  }
  store<u32>(top, load<u32>(top) + <u32>sum);
  return <u32>(digit - 1);
}

function shiftLeft(number: usize, length: i32, bits: u32): void {
  if (bits == 0) return;
  let carry: u32 = 0;
  for (let i: i32 = 0; i < length; i += 1) {
    const at = number + (<usize>i << 2);
    const limb = load<u32>(at);
    store<u32>(at, (limb << bits) | carry);
    carry = limb >> (32 - bits);
  }
}

function shiftRight(number: usize, length: i32, bits: u32): void {
  if (bits == 0) return;
  let carry: u32 = 0;
  for (let i = length - 1; i >= 0; i -= 1) {
    const at = number + (<usize>i << 2);
    const limb = load<u32>(at);
    store<u32>(at, (limb >> bits) | carry);
    carry = limb << (32 - bits);
  }
}
