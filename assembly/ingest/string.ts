/**
 * Strings of a JSON payload: finds their end while checking them (control characters, escapes, UTF-8), and gives them as
 * Text, in place where nothing is escaped, else decoded into the arena. A lone surrogate is refused: no UTF-8 can carry it.
 */
import { REJECT_OVERSIZE, REJECT_UTF8 } from "../abi";
import { take, trim } from "../text/arena";
import { textAddress, textLength } from "../text/text";
import { STRING_ESCAPED, malformed, reject } from "./reject";

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/**
 * Length of the run of plain characters at `p`: no quote, no backslash, no control character, ASCII.
 * @returns at most 16; 16 says that the run may go on
 */
// @ts-ignore: decorator
@inline
export function plainRun(p: usize): usize {
  if (ASC_FEATURE_SIMD) {
    const bytes = v128.load(p);
    // Signed: control characters and all beyond ASCII are both below a space.
    const ends = v128.or(v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))), i8x16.lt_s(bytes, i8x16.splat(0x20)));
    return <usize>ctz(i8x16.bitmask(ends) | 0x10000);
  } else {
    const low = plainRunOfWord(load<u64>(p));
    return low < 8 ? low : 8 + plainRunOfWord(load<u64>(p, 8));
  }
}

/** The same for 8 bytes. Exact up to the first hit, which is all that is used. */
// @ts-ignore: decorator
@inline
function plainRunOfWord(word: u64): usize {
  const ones: u64 = 0x0101010101010101;
  const highs: u64 = 0x8080808080808080;
  const quotes = word ^ (ones * 0x22);
  const backslashes = word ^ (ones * 0x5c);
  const hits = (((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes) | (word - ones * 0x20) | word) & highs;
  return <usize>(ctz(hits) >> 3); // ctz(0) is 64
}

/**
 * Checks the string whose first character is at `p`.
 * @returns address of its closing quote, or 0; notes in STRING_ESCAPED whether it holds an escape
 */
export function scanString(p: usize, end: usize): usize {
  store<u32>(STRING_ESCAPED, 0);
  let q = p;
  while (q < end) {
    const run = plainRun(q);
    q += run;
    if (run == 16) continue;
    if (q >= end) break;
    const byte = <u32>load<u8>(q);
    if (byte == QUOTE) return q;
    if (byte == BACKSLASH) {
      store<u32>(STRING_ESCAPED, 1);
      q = scanEscape(q + 1, end);
      if (q == 0) return 0;
    } else if (byte >= 0x80) {
      const length = sequenceLength(q, end);
      if (length == 0) return reject(REJECT_UTF8);
      q += length;
    } else {
      return malformed();
    }
  }
  return malformed();
}

/** Whether `text` is UTF-8 throughout. Requires: 8 bytes behind it may be read. */
export function isUtf8(text: u64): bool {
  let p = textAddress(text);
  const end = p + textLength(text);
  while (p < end) {
    const plain = <usize>(ctz(load<u64>(p) & 0x8080808080808080) >> 3); // ctz(0) is 64
    p += plain;
    if (plain == 8) continue;
    if (p >= end) return true;
    const length = sequenceLength(p, end);
    if (length == 0) return false;
    p += length;
  }
  return true;
}

/**
 * Length of the UTF-8 sequence at `p` whose first byte is not ASCII, 0 when it is not valid (Unicode 15, table 3-7:
 * no overlong form, no surrogate, nothing above U+10FFFF).
 */
export function sequenceLength(p: usize, end: usize): usize {
  const lead = <u32>load<u8>(p);
  const second = <u32>load<u8>(p, 1);
  const left = end - p;
  if (lead < 0xe0) return lead >= 0xc2 && left >= 2 && isContinuation(second) ? 2 : 0;
  if (!isContinuation(<u32>load<u8>(p, 2))) return 0;
  if (lead < 0xf0) {
    const least: u32 = lead == 0xe0 ? 0xa0 : 0x80;
    const most: u32 = lead == 0xed ? 0x9f : 0xbf;
    return left >= 3 && second >= least && second <= most ? 3 : 0;
  }
  const least: u32 = lead == 0xf0 ? 0x90 : 0x80;
  const most: u32 = lead == 0xf4 ? 0x8f : 0xbf;
  return lead <= 0xf4 && left >= 4 && second >= least && second <= most && isContinuation(<u32>load<u8>(p, 3)) ? 4 : 0;
}

// @ts-ignore: decorator
@inline
function isContinuation(byte: u32): bool { return (byte & 0xc0) == 0x80; }

/** Checks the escape behind a backslash. @returns address behind it, or 0 */
function scanEscape(p: usize, end: usize): usize {
  if (p >= end) return malformed();
  const letter = <u32>load<u8>(p);
  if (letter != 0x75) return escaped(letter) != 0 ? p + 1 : malformed();
  if (p + 5 > end) return malformed();
  const unit = fourHex(p + 1);
  if (unit < 0) return malformed();
  if ((unit & 0xf800) != 0xd800) return p + 5;
  if (unit >= 0xdc00) return reject(REJECT_UTF8);
  if (p + 11 > end || load<u16>(p, 5) != 0x755c) return reject(REJECT_UTF8);
  const second = fourHex(p + 7);
  if (second < 0) return malformed();
  return (second & 0xfc00) == 0xdc00 ? p + 11 : reject(REJECT_UTF8);
}

/** The character that a one-letter escape stands for, 0 for no such escape. */
function escaped(letter: u32): u32 {
  switch (letter) {
    case 0x22: case 0x5c: case 0x2f: return letter;
    case 0x62: return 0x08;
    case 0x66: return 0x0c;
    case 0x6e: return 0x0a;
    case 0x72: return 0x0d;
    case 0x74: return 0x09;
    default: return 0;
  }
}

/** Four hexadecimal digits as a number, -1 when they are not. */
function fourHex(p: usize): i32 {
  let value: i32 = 0;
  for (let i: usize = 0; i < 4; i += 1) {
    const byte = <u32>load<u8>(p + i);
    const letter = (byte | 0x20) - 0x61;
    const digit = byte - 0x30;
    if (digit > 9 && letter > 5) return -1;
    value = (value << 4) | <i32>(digit <= 9 ? digit : letter + 10);
  }
  return value;
}

/**
 * Decodes a checked string into the arena.
 * @param p its first character
 * @param close its closing quote
 * @param into where to leave the Text
 * @returns whether the arena had room
 */
export function decodeString(p: usize, close: usize, into: usize): bool {
  const target = take(<u32>(close - p)); // an escape is never shorter than what it stands for
  if (target == 0) {
    reject(REJECT_OVERSIZE);
    return false;
  }
  let out = target;
  let q = p;
  while (q < close) {
    const byte = <u32>load<u8>(q);
    if (byte != BACKSLASH) {
      store<u8>(out, <u8>byte);
      out += 1;
      q += 1;
      continue;
    }
    const letter = <u32>load<u8>(q, 1);
    if (letter != 0x75) {
      store<u8>(out, <u8>escaped(letter));
      out += 1;
      q += 2;
      continue;
    }
    let point = <u32>fourHex(q + 2);
    q += 6;
    if ((point & 0xfc00) == 0xd800) {
      point = 0x10000 + ((point & 0x3ff) << 10) + (<u32>fourHex(q + 2) & 0x3ff);
      q += 6;
    }
    out = writePoint(out, point);
  }
  trim(out);
  store<u32>(into, <u32>target);
  store<u32>(into, <u32>(out - target), 4);
  return true;
}

/** Writes one code point as UTF-8. @returns address behind it */
function writePoint(out: usize, point: u32): usize {
  if (point < 0x80) {
    store<u8>(out, <u8>point);
    return out + 1;
  }
  if (point < 0x800) {
    store<u8>(out, <u8>(0xc0 | (point >> 6)));
    store<u8>(out, <u8>(0x80 | (point & 0x3f)), 1);
    return out + 2;
  }
  if (point < 0x10000) {
    store<u8>(out, <u8>(0xe0 | (point >> 12)));
    store<u8>(out, <u8>(0x80 | ((point >> 6) & 0x3f)), 1);
    store<u8>(out, <u8>(0x80 | (point & 0x3f)), 2);
    return out + 3;
  }
  store<u8>(out, <u8>(0xf0 | (point >> 18)));
  store<u8>(out, <u8>(0x80 | ((point >> 12) & 0x3f)), 1);
  store<u8>(out, <u8>(0x80 | ((point >> 6) & 0x3f)), 2);
  store<u8>(out, <u8>(0x80 | (point & 0x3f)), 3);
  return out + 4;
}
