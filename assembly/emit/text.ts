/**
 * Texts and bytes as JSON strings: escapes no more than RFC 8259 asks for (quote, backslash, control characters), in the
 * form that JSON.stringify uses; BYTES in base64. Up to 16 bytes behind the end may be written over.
 */
import { textAddress, textLength } from "../text/text";

/** Room that the caller keeps behind what is written, because strings are copied 16 bytes at a time. */
export const TEXT_SLACK_BYTES: i32 = 16;

/** Writes a string with its quotes: at most 6 bytes a byte, and 2. @returns address behind it */
export function writeText(out: usize, text: u64): usize {
  let p = textAddress(text);
  const end = p + textLength(text);
  store<u8>(out, 0x22);
  let q = out + 1;
  while (p < end) {
    const run = min(copyRun(q, p), end - p);
    p += run;
    q += run;
    if (run < 16 && p < end) {
      q = writeEscape(q, <u32>load<u8>(p));
      p += 1;
    }
  }
  store<u8>(q, 0x22);
  return q + 1;
}

/** Copies 16 bytes. @returns how many of them stand before the first that needs an escape */
// @ts-ignore: decorator
@inline
function copyRun(target: usize, source: usize): usize {
  if (ASC_FEATURE_SIMD) {
    const bytes = v128.load(source);
    v128.store(target, bytes);
    const ends = v128.or(v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))), i8x16.lt_u(bytes, i8x16.splat(0x20)));
    return <usize>ctz(i8x16.bitmask(ends) | 0x10000);
  } else {
    const low = load<u64>(source);
    const high = load<u64>(source, 8);
    store<u64>(target, low);
    store<u64>(target, high, 8);
    const run = runOfWord(low);
    return run < 8 ? run : 8 + runOfWord(high);
  }
}

// @ts-ignore: decorator
@inline
function runOfWord(word: u64): usize {
  const ones: u64 = 0x0101010101010101;
  const quotes = word ^ (ones * 0x22);
  const backslashes = word ^ (ones * 0x5c);
  const hits = ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes) | ((word - ones * 0x20) & ~word);
  return <usize>(ctz(hits & 0x8080808080808080) >> 3);
}

function writeEscape(out: usize, byte: u32): usize {
  let letter: u32 = 0;
  switch (byte) {
    case 0x22: case 0x5c: { letter = byte; break; }
    case 0x08: { letter = 0x62; break; }
    case 0x09: { letter = 0x74; break; }
    case 0x0a: { letter = 0x6e; break; }
    case 0x0c: { letter = 0x66; break; }
    case 0x0d: { letter = 0x72; break; }
  }
  store<u8>(out, 0x5c);
  if (letter != 0) {
    store<u8>(out, <u8>letter, 1);
    return out + 2;
  }
  const low = byte & 0xf;
  store<u32>(out, 0x30303075, 1); // u000
  store<u8>(out, <u8>(0x30 + (byte >> 4)), 4);
  store<u8>(out, <u8>(low < 10 ? 0x30 + low : 0x57 + low), 5);
  return out + 6;
}

/** Writes BYTES in base64 (RFC 4648, 4) with its quotes: 4 bytes for 3, rounded up, and 2. @returns address behind it */
export function writeBytes(out: usize, bytes: u64): usize {
  let p = textAddress(bytes);
  let left = textLength(bytes);
  store<u8>(out, 0x22);
  let q = out + 1;
  for (; left > 0; q += 4) {
    const taken = min<u32>(left, 3);
    let word = <u32>load<u8>(p) << 16;
    if (taken > 1) word |= <u32>load<u8>(p, 1) << 8;
    if (taken > 2) word |= <u32>load<u8>(p, 2);
    store<u8>(q, base64(word >> 18));
    store<u8>(q, base64((word >> 12) & 63), 1);
    store<u8>(q, taken > 1 ? base64((word >> 6) & 63) : 0x3d, 2);
    store<u8>(q, taken > 2 ? base64(word & 63) : 0x3d, 3);
    p += taken;
    left -= taken;
  }
  store<u8>(q, 0x22);
  return q + 1;
}

function base64(six: u32): u8 {
  if (six < 26) return <u8>(0x41 + six);
  if (six < 52) return <u8>(0x61 - 26 + six);
  if (six < 62) return <u8>(0x30 - 52 + six);
  return six == 62 ? 0x2b : 0x2f;
}
