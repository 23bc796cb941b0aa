/**
 * Sort keys as bytes whose order, compared as unsigned bytes, is the order of the values: so that one comparison of memory
 * orders rows by any columns. Each value has a byte before it that places NULL; descending columns have all bits turned.
 * Integers: big endian, the sign turned. Floating point: the bits as a signed integer, those of negatives turned, NaN last.
 * Text: its bytes, 0 as 0 255, and 0 0 at the end, so that a prefix stands before what it begins.
 */
import { textAddress, textLength } from "../text/text";

const NULL_FIRST: u8 = 0;
const VALUE: u8 = 1;
const NULL_LAST: u8 = 2;

/** Most bytes of a key part that is no text. */
export const ORDER_BYTES: u32 = 17;

/** Most bytes of a text's part. */
// @ts-ignore: decorator
@inline
export function orderTextBytes(text: u64): u32 { return 3 + (textLength(text) << 1); }

/** A NULL. @returns address behind it */
export function orderNull(at: usize, isFirst: bool): usize {
  store<u8>(at, isFirst ? NULL_FIRST : NULL_LAST);
  return at + 1;
}

/** An integer, a time, a narrow DECIMAL. @returns address behind it */
export function orderLong(at: usize, value: i64, isDescending: bool): usize {
  return orderWord(at, <u64>value ^ 0x8000000000000000, isDescending);
}

/** A DOUBLE; -0.0 and 0.0 are equal. @returns address behind it */
export function orderDouble(at: usize, value: f64, isDescending: bool): usize {
  const bits = reinterpret<i64>(value == 0 ? 0 : value);
  return orderWord(at, <u64>(bits < 0 ? ~bits : bits ^ i64.MIN_VALUE), isDescending);
}

/** A DECIMAL beyond 18 digits, the 16 bytes at `value`. @returns address behind it */
export function orderWide(at: usize, value: usize, isDescending: bool): usize {
  orderWord(at, load<u64>(value, 8) ^ 0x8000000000000000, isDescending);
  const low = load<u64>(value);
  store<u64>(at, bswap<u64>(isDescending ? ~low : low), 9);
  return at + 17;
}

/** A text. @returns address behind it */
export function orderText(at: usize, text: u64, isDescending: bool): usize {
  const turned: u8 = isDescending ? 255 : 0;
  store<u8>(at, VALUE);
  let end = at + 1;
  const behind = textAddress(text) + textLength(text);
  for (let p = textAddress(text); p < behind; p++) {
    const byte = load<u8>(p);
    store<u8>(end++, byte ^ turned);
    if (byte == 0) store<u8>(end++, 255 ^ turned);
  }
  store<u8>(end, turned);
  store<u8>(end, turned, 1);
  return end + 2;
}

/** Order of two keys: negative, 0 or positive. A key that begins another cannot be: parts end by themselves. */
export function compareOrder(one: usize, oneLength: u32, two: usize, twoLength: u32): i32 {
  const order = memory.compare(one, two, min<u32>(oneLength, twoLength));
  return order != 0 ? order : <i32>oneLength - <i32>twoLength;
}

function orderWord(at: usize, word: u64, isDescending: bool): usize {
  store<u8>(at, VALUE);
  store<u64>(at, bswap<u64>(isDescending ? ~word : word), 1);
  return at + 9;
}
