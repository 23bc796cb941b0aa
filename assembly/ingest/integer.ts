/**
 * One JSON value -> a BIGINT, INT, SMALLINT or TINYINT column. BIGINT and INT take 12.7 as 12 and 1e3 as 1000, as Jackson
 * does for Flink; in strings, and for the two small types, only integers are taken.
 */
import { REJECT_RANGE, REJECT_TYPE } from "../abi";
import { textAddress, textLength } from "../text/text";
import { ZEROS, eightDigits, nonDigits, numberParts, partsFitLong, partsToDouble, partsToLong, scanNumber } from "./number";
import { VALUE_LONG, VALUE_TEXT, reject } from "./reject";
import { readScalarText } from "./value";

/** 2^63: doubles from here on are no i64. */
const LONG_LIMIT: f64 = 9223372036854775808.0;

/** BIGINT. Up to 16 digits are read in two words. */
export function readLong(p: usize, end: usize, into: usize): usize {
  const isNegative = load<u8>(p) == 0x2d;
  const q = p + usize(isNegative);
  const count = digitRun(q);
  const behind = q + count;
  if (count - 1 >= 16 - 1 || !isPlainEnd(load<u8>(behind)) || (count > 1 && load<u8>(q) == 0x30)) {
    return readLongSlowly(p, end, into, true);
  }
  let value: i64;
  if (count <= 8) {
    value = <i64>eightDigits((load<u64>(q) ^ ZEROS) << (64 - (<u64>count << 3)));
  } else {
    const high = eightDigits((load<u64>(q) ^ ZEROS) << (64 - (<u64>(count - 8) << 3)));
    value = <i64>(high * 100000000 + eightDigits(load<u64>(q + count - 8) ^ ZEROS));
  }
  store<i64>(into, isNegative ? -value : value);
  return behind;
}

/** Digits from `q` on, at most 16. */
// @ts-ignore: decorator
@inline
function digitRun(q: usize): usize {
  if (ASC_FEATURE_SIMD) {
    const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(q), i8x16.splat(0x30)), i8x16.splat(9)));
    return <usize>ctz(others | 0x10000);
  } else {
    const low = <usize>(ctz(nonDigits(load<u64>(q) ^ ZEROS)) >> 3);
    return low < 8 ? low : 8 + <usize>(ctz(nonDigits(load<u64>(q, 8) ^ ZEROS)) >> 3);
  }
}

/** Whether the byte behind digits ends an integer: neither point nor exponent. */
// @ts-ignore: decorator
@inline
function isPlainEnd(byte: u32): bool { return byte != 0x2e && (byte | 0x20) != 0x65; }

/** INT, SMALLINT, TINYINT: an integer from `least` to `most`. Up to 8 digits are read in one word. */
// @ts-ignore: decorator
@inline
function readSmall(p: usize, end: usize, into: usize, least: i32, most: i32, takesFraction: bool): usize {
  const isNegative = load<u8>(p) == 0x2d;
  const q = p + usize(isNegative);
  const word = load<u64>(q) ^ ZEROS;
  const count = <usize>(ctz(nonDigits(word)) >> 3);
  const behind = q + count;
  let value: i64;
  let answer = behind;
  if (count - 1 >= 7 || !isPlainEnd(load<u8>(behind)) || (count > 1 && (word & 0xff) == 0)) {
    answer = readLongSlowly(p, end, VALUE_LONG, takesFraction);
    if (answer == 0) return 0;
    value = load<i64>(VALUE_LONG);
  } else {
    value = <i64>eightDigits(word << (64 - (<u64>count << 3)));
    if (isNegative) value = -value;
  }
  if (value < least || value > most) return reject(REJECT_RANGE);
  store<i32>(into, <i32>value);
  return answer;
}

/** INT. */
export function readInt(p: usize, end: usize, into: usize): usize { return readSmall(p, end, into, i32.MIN_VALUE, i32.MAX_VALUE, true); }

/** SMALLINT, as i32. */
export function readSmallint(p: usize, end: usize, into: usize): usize { return readSmall(p, end, into, -32768, 32767, false); }

/** TINYINT, as i32. */
export function readTinyint(p: usize, end: usize, into: usize): usize { return readSmall(p, end, into, -128, 127, false); }

/** An integer of any length or in a string, as i64; with `takesFraction`, bare numbers are cut to integers. */
export function readLongSlowly(p: usize, end: usize, into: usize, takesFraction: bool): usize {
  const byte = <u32>load<u8>(p);
  const isBare = byte == 0x2d || byte - 0x30 <= 9;
  let behind: usize;
  if (isBare) {
    behind = scanNumber(p, end, false);
    if (behind == 0) return reject(REJECT_TYPE);
    if (!numberParts().isInteger) return takesFraction ? cut(behind, into) : reject(REJECT_TYPE);
  } else {
    if (byte != 0x22) return reject(REJECT_TYPE);
    behind = readScalarText(p, end);
    if (behind == 0) return 0;
    const from = textAddress(load<u64>(VALUE_TEXT));
    const to = from + textLength(load<u64>(VALUE_TEXT));
    if (scanNumber(from, to, true) != to || !numberParts().isInteger) return reject(REJECT_TYPE);
  }
  if (!partsFitLong()) return reject(REJECT_RANGE);
  store<i64>(into, partsToLong());
  return behind;
}

/** The number scanned last without its fraction. */
function cut(behind: usize, into: usize): usize {
  const value = partsToDouble();
  if (value < -LONG_LIMIT || value > LONG_LIMIT) return reject(REJECT_RANGE);
  store<i64>(into, value == LONG_LIMIT ? i64.MAX_VALUE : <i64>value);
  return behind;
}
