/**
 * One JSON value -> a STRING, BOOLEAN, DOUBLE or FLOAT column. A reader gets the value's address `p`, the payload's `end`
 * and where the column lies, and answers the address behind the value, or 0 with a reason.
 * `null` is not theirs: the caller asks `nullAt` when a reader answers 0.
 *
 * What is taken follows Flink's streaming JSON format: STRING takes any scalar as its text and containers as JSON text;
 * numbers are also taken from strings, trimmed, in Java's looser grammar; BOOLEAN takes any scalar and is TRUE for the
 * text `true` in any case. Unlike Flink's, a container as JSON text keeps its numbers and escapes as they came.
 */
import { REJECT_OVERSIZE, REJECT_TYPE } from "../abi";
import { take, trim } from "../text/arena";
import { textAddress, textLength } from "../text/text";
import { ZEROS, eightDigits, nonDigits, partsToDouble, scanNumber } from "./number";
import { PAYLOAD_CHECKED, STRING_ESCAPED, VALUE_TEXT, reject } from "./reject";
import { exactTen } from "./rounding";
import { isFalseAt, isNullAt, isTrueAt, skipValue } from "./skip";
import { decodeString, plainRun, scanString } from "./string";

/** Takes `null` for the column of NULL bit `bit` of `row`. @returns address behind it, or 0 when no `null` stands at `p` */
export function nullAt(p: usize, row: usize, bit: usize): usize {
  if (!isNullAt(p)) return 0;
  setNull(row, bit);
  return p + 4;
}

/** Sets NULL bit `bit` of `row`, whatever the width of its `nulls`. */
// @ts-ignore: decorator
@inline
export function setNull(row: usize, bit: usize): void {
  const at = row + (bit >> 3);
  store<u8>(at, <u8>(<usize>load<u8>(at) | (<usize>1 << (bit & 7))));
}

/** STRING. */
// @ts-ignore: decorator
@inline
export function readText(p: usize, end: usize, into: usize): usize {
  if (load<u8>(p) == 0x22) {
    const run = plainRun(p + 1);
    const close = p + 1 + run;
    if (load<u8>(close) == 0x22) {
      store<u64>(into, (<u64>run << 32) | <u64>(p + 1));
      return close + 1;
    }
  }
  return readTextSlowly(p, end, into);
}

/** STRING of more than 16 bytes, with escapes or beyond ASCII, or not written as a string. */
export function readTextSlowly(p: usize, end: usize, into: usize): usize {
  const byte = <u32>load<u8>(p);
  if (byte == 0x22) {
    const close = scanString(p + 1, end);
    if (close == 0) return 0;
    if (load<u32>(STRING_ESCAPED) != 0) return decodeString(p + 1, close, into) ? close + 1 : 0;
    store<u32>(into, <u32>(p + 1));
    store<u32>(into, <u32>(close - p - 1), 4);
    return close + 1;
  }
  if (isNullAt(p)) return reject(REJECT_TYPE);
  // How deep a container lies is known only to the walk over the whole payload, which bounds it.
  const isContainer = byte == 0x7b || byte == 0x5b;
  if (isContainer && load<u32>(PAYLOAD_CHECKED) == 0) return reject(REJECT_TYPE);
  const behind = skipValue(p, end, 0);
  if (behind == 0) return 0;
  if (isContainer) return compact(p, behind, into) ? behind : 0;
  store<u32>(into, <u32>p);
  store<u32>(into, <u32>(behind - p), 4);
  return behind;
}

/** Copies checked JSON text without the white space between its tokens. @returns whether the arena had room */
function compact(p: usize, end: usize, into: usize): bool {
  const target = take(<u32>(end - p));
  if (target == 0) {
    reject(REJECT_OVERSIZE);
    return false;
  }
  let out = target;
  let isInString = false;
  for (let q = p; q < end; q += 1) {
    const byte = load<u8>(q);
    if (byte == 0x22) {
      isInString = !isInString;
    } else if (isInString && byte == 0x5c) {
      store<u8>(out, byte);
      out += 1;
      q += 1;
    } else if (!isInString && byte <= 0x20) {
      continue;
    }
    store<u8>(out, load<u8>(q));
    out += 1;
  }
  trim(out);
  store<u32>(into, <u32>target);
  store<u32>(into, <u32>(out - target), 4);
  return true;
}

/** BOOLEAN, as u8. */
export function readBool(p: usize, end: usize, into: usize): usize {
  if (isTrueAt(p)) {
    store<u8>(into, 1);
    return p + 4;
  }
  if (isFalseAt(p)) {
    store<u8>(into, 0);
    return p + 5;
  }
  const behind = readScalarText(p, end);
  if (behind == 0) return 0;
  const from = textAddress(load<u64>(VALUE_TEXT));
  store<u8>(into, u8(textLength(load<u64>(VALUE_TEXT)) == 4 && (load<u32>(from) | 0x20202020) == 0x65757274));
  return behind;
}

/** Text of a string or number, trimmed as Java's String.trim does, left at VALUE_TEXT. Containers are refused. */
export function readScalarText(p: usize, end: usize): usize {
  const byte = <u32>load<u8>(p);
  if (byte == 0x7b || byte == 0x5b) return reject(REJECT_TYPE);
  const behind = readTextSlowly(p, end, VALUE_TEXT);
  if (behind == 0) return 0;
  let from = textAddress(load<u64>(VALUE_TEXT));
  let to = from + textLength(load<u64>(VALUE_TEXT));
  while (from < to && load<u8>(from) <= 0x20) from += 1;
  while (to > from && load<u8>(to - 1) <= 0x20) to -= 1;
  store<u32>(VALUE_TEXT, <u32>from);
  store<u32>(VALUE_TEXT, <u32>(to - from), 4);
  return behind;
}

/** DOUBLE. Numbers of up to 8 characters behind the sign need one load and one division; sensors send little else. */
export function readDouble(p: usize, end: usize, into: usize): usize {
  const isNegative = load<u8>(p) == 0x2d;
  const q = p + usize(isNegative);
  const word = load<u64>(q) ^ ZEROS;
  const others = nonDigits(word);
  if (others == 0) return readDoubleSlowly(p, end, into);
  const whole = <usize>(ctz(others) >> 3);
  let digits = word;
  let count = whole;
  let fraction: usize = 0;
  let behind = q + whole;
  if (load<u8>(behind) == 0x2e) {
    const next = others & (others - 1);
    if (next == 0) return readDoubleSlowly(p, end, into);
    const last = <usize>(ctz(next) >> 3);
    const below = (<u64>1 << (<u64>whole << 3)) - 1;
    digits = (word & below) | ((word >> 8) & ~below);
    count = last - 1;
    fraction = count - whole;
    if (fraction == 0) return readDoubleSlowly(p, end, into);
    behind = q + last;
  }
  // No digit, a leading zero, an exponent: rare enough for the other path.
  if (whole == 0 || (whole > 1 && (word & 0xff) == 0) || (load<u8>(behind) | 0x20) == 0x65) return readDoubleSlowly(p, end, into);
  const value = <f64><i64>eightDigits(digits << (64 - (<u64>count << 3))) / exactTen(fraction);
  store<f64>(into, isNegative ? -value : value);
  return behind;
}

/** DOUBLE of any length, or in a string: "12.5", "NaN", "Infinity". */
export function readDoubleSlowly(p: usize, end: usize, into: usize): usize {
  const byte = <u32>load<u8>(p);
  if (byte == 0x2d || byte - 0x30 <= 9) {
    const behind = scanNumber(p, end, false);
    if (behind == 0) return reject(REJECT_TYPE);
    store<f64>(into, partsToDouble());
    return behind;
  }
  if (byte != 0x22) return reject(REJECT_TYPE);
  const behind = readScalarText(p, end);
  if (behind == 0) return 0;
  const from = textAddress(load<u64>(VALUE_TEXT));
  const to = from + textLength(load<u64>(VALUE_TEXT));
  if (scanNumber(from, to, true) == to) {
    store<f64>(into, partsToDouble());
    return behind;
  }
  return storeSpecial(from, to, into) ? behind : reject(REJECT_TYPE);
}

/** NaN and the infinities by name, as Java spells them. */
function storeSpecial(from: usize, to: usize, into: usize): bool {
  const sign = from < to ? <u32>load<u8>(from) : 0;
  const name = from + usize(sign == 0x2b || sign == 0x2d);
  if (to - name == 3 && load<u16>(name) == 0x614e && load<u8>(name, 2) == 0x4e) {
    store<f64>(into, NaN);
    return true;
  }
  if (to - name != 8 || load<u64>(name) != 0x7974696e69666e49) return false;
  store<f64>(into, sign == 0x2d ? -Infinity : Infinity);
  return true;
}

/** FLOAT: the nearest double, rounded once more; that differs from Java's only within 2^-53 of a halfway point. */
export function readFloat(p: usize, end: usize, into: usize): usize {
  const behind = readDouble(p, end, VALUE_TEXT);
  if (behind != 0) store<f32>(into, <f32>load<f64>(VALUE_TEXT));
  return behind;
}
