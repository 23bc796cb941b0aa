/**
 * CAST of text to BOOLEAN and numbers, as Flink reads them. Each parser writes to `into` and answers whether it could read the
 * text; integers are written as i64, DECIMALs as 16 bytes.
 */
import { partsToDouble, scanNumber } from "../ingest/number";
import { textAddress, textLength } from "../text/text";
import { decimalOfNumber } from "./approximate";

/** An integer from `least` to `most`, spaces around it and a fraction behind it allowed: ' 12.9 ' is 12. */
export function parseInteger(text: u64, into: usize, least: i64, most: i64): bool {
  let p = textAddress(text);
  let end = p + textLength(text);
  while (p < end && load<u8>(p) == 0x20) p += 1;
  while (p < end && load<u8>(end - 1) == 0x20) end -= 1;
  if (p == end) return false;
  const sign = load<u8>(p);
  const isNegative = sign == 0x2d;
  if (isNegative || sign == 0x2b) {
    p += 1;
    if (p == end) return false;
  }
  let value: u64 = 0;
  for (; p < end; p += 1) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) break;
    if (value > 922337203685477580) return false;
    value = value * 10 + digit; // below 2^64, since value was at most 2^63 / 10
  }
  if (p < end) {
    if (load<u8>(p) != 0x2e) return false;
    for (p += 1; p < end; p += 1) if (<u32>load<u8>(p) - 0x30 > 9) return false;
  }
  if (value > <u64>i64.MAX_VALUE + u64(isNegative)) return false;
  const signed = isNegative ? -<i64>value : <i64>value;
  store<i64>(into, signed);
  return signed >= least && signed <= most;
}

/** t, true, y, yes, 1 and f, false, n, no, 0, in any case, without spaces. */
export function parseBool(text: u64, into: usize): bool {
  const length = textLength(text);
  if (length == 0 || length > 5) return false;
  let word: u64 = 0;
  for (let i: u32 = 0; i < length; i += 1) {
    const byte = <u64>load<u8>(textAddress(text) + i);
    word = (word << 8) | (byte - 0x41 < 26 ? byte | 0x20 : byte);
  }
  const isTrue = word == 0x31 || word == 0x74 || word == 0x79 || word == 0x796573 || word == 0x74727565;
  store<u8>(into, u8(isTrue));
  return isTrue || word == 0x30 || word == 0x66 || word == 0x6e || word == 0x6e6f || word == 0x66616c7365;
}

/** A number as Double.parseDouble reads it, but for hexadecimal digits: '1e3', ' .5 ', '1d', 'NaN', '-Infinity'. */
export function parseDouble(text: u64, into: usize): bool {
  let p = textAddress(text);
  let end = p + textLength(text);
  while (p < end && load<u8>(p) <= 0x20) p += 1;
  while (p < end && load<u8>(end - 1) <= 0x20) end -= 1;
  if (p == end) return false;
  const letter = <u32>load<u8>(end - 1) | 0x20;
  const behind = scanNumber(p, end, true);
  if (behind != 0 && (behind == end || (behind + 1 == end && (letter == 0x64 || letter == 0x66)))) {
    store<f64>(into, partsToDouble());
    return true;
  }
  return parseSpecial(p, end, into);
}

/** NaN and Infinity, with a sign or without. */
function parseSpecial(start: usize, end: usize, into: usize): bool {
  const sign = load<u8>(start);
  const p = sign == 0x2d || sign == 0x2b ? start + 1 : start;
  if (end - p == 3 && load<u16>(p) == 0x614e && load<u8>(p, 2) == 0x4e) {
    store<f64>(into, NaN);
    return true;
  }
  if (end - p != 8 || load<u64>(p) != 0x7974696e69666e49) return false;
  store<f64>(into, sign == 0x2d ? -Infinity : Infinity);
  return true;
}

/** As parseDouble; a number halfway between two FLOATs by its DOUBLE may go to the wrong one of them. */
export function parseFloat(text: u64, into: usize): bool {
  if (!parseDouble(text, into)) return false;
  store<f32>(into, <f32>load<f64>(into));
  return true;
}

/**
 * A DECIMAL(precision, scale), rounded half up. As in Flink, a text of at most 18 bytes for at most 18 digits may have one
 * stray character behind its digits ('1d'); unlike Flink, there must be digits.
 */
export function parseDecimal(text: u64, into: usize, precision: i32, scale: i32): bool {
  let p = textAddress(text);
  let end = p + textLength(text);
  while (p < end && isSpace(load<u8>(p))) p += 1;
  while (p < end && isSpace(load<u8>(end - 1))) end -= 1;
  if (precision <= 18 && textLength(text) <= 18) return parseNarrow(p, end, into, precision, scale);
  return p < end && scanNumber(p, end, true) == end && decimalOfNumber(into, precision, scale);
}

// @ts-ignore: decorator
@inline
function isSpace(byte: u32): bool { return byte == 0x20 || byte == 0x0a || byte == 0x09; }

function parseNarrow(start: usize, end: usize, into: usize, precision: i32, scale: i32): bool {
  const behind = scanNumber(start, end, true);
  if (behind == end && start < end) return decimalOfNumber(into, precision, scale);
  if (start == end || <u32>load<u8>(end - 1) - 0x30 <= 9) return false;
  return scanNumber(start, end - 1, true) == end - 1 && decimalOfNumber(into, precision, scale);
}
