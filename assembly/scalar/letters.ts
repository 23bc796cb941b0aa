/**
 * UPPER and LOWER for all letters that have a single counterpart, with the two exceptions that languages notice: the German
 * sharp s becomes SS, and a Greek sigma at the end of a word its final form. Other letters that Java expands to several stay.
 */
import { REJECT_EXPRESSION } from "../abi";
import { fail } from "../error";
import { take, trim } from "../text/arena";
import { textAddress, textLength, textOf } from "../text/text";
import { LOWER_RUNS, LOWER_RUN_COUNT, UPPER_RUNS, UPPER_RUN_COUNT } from "./letter-runs";
import { pointAt, pointBefore, pointBytes, writePoint } from "./points";

const SHARP_S: u32 = 0xdf;
const SIGMA: u32 = 0x3a3;
const FINAL_SIGMA: u32 = 0x3c2;
const DOTTED_I: u32 = 0x130;
const DOT_ABOVE: u32 = 0x307;

/** UPPER(text) */
export function upper(text: u64, expression: i32): u64 { return changed(text, true, expression); }

/** LOWER(text) */
export function lower(text: u64, expression: i32): u64 { return changed(text, false, expression); }

function changed(text: u64, isUpper: bool, expression: i32): u64 {
  const length = textLength(text);
  // No letter grows by more than half: the longest go from two bytes to three.
  const start = length > 0xffffff ? <usize>0 : take(length + length / 2);
  if (start == 0) {
    fail(REJECT_EXPRESSION, expression);
    return 0;
  }
  const end = textAddress(text) + length;
  let p = textAddress(text);
  let out = start;
  while (p < end) {
    if (p + 16 <= end && isAscii16(p)) {
      changeAscii16(out, p, isUpper ? 0x61 : 0x41);
      p += 16;
      out += 16;
      continue;
    }
    const byte = <u32>load<u8>(p);
    if (byte < 0x80) {
      store<u8>(out, <u8>counterpart(byte, isUpper));
      p += 1;
      out += 1;
      continue;
    }
    const point = pointAt(p);
    if (isUpper && point == SHARP_S) {
      store<u16>(out, 0x5353);
      out += 2;
    } else if (!isUpper && point == SIGMA && isFinal(textAddress(text), p, end)) {
      out = writePoint(out, FINAL_SIGMA);
    } else if (!isUpper && point == DOTTED_I) {
      out = writePoint(writePoint(out, 0x69), DOT_ABOVE);
    } else {
      out = writePoint(out, counterpart(point, isUpper));
    }
    p += pointBytes(load<u8>(p));
  }
  trim(out);
  return textOf(start, <u32>(out - start));
}

/** Whether all of the 16 bytes at `p` are ASCII. */
// @ts-ignore: decorator
@inline
function isAscii16(p: usize): bool {
  if (ASC_FEATURE_SIMD) {
    return i8x16.bitmask(v128.load(p)) == 0;
  } else {
    return ((load<u64>(p) | load<u64>(p, 8)) & 0x8080808080808080) == 0;
  }
}

/** Copies 16 bytes of ASCII, the 26 letters from `first` on in the other case. */
// @ts-ignore: decorator
@inline
function changeAscii16(out: usize, p: usize, first: u8): void {
  if (ASC_FEATURE_SIMD) {
    const bytes = v128.load(p);
    const isLetter = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(26));
    v128.store(out, v128.xor(bytes, v128.and(isLetter, i8x16.splat(0x20))));
  } else {
    store<u64>(out, changeAscii8(load<u64>(p), first));
    store<u64>(out, changeAscii8(load<u64>(p, 8), first), 8);
  }
}

/** Bytes of ASCII leave the high bit free: there each one tells whether it is at least `first`, and beyond its last letter. */
// @ts-ignore: decorator
@inline
function changeAscii8(word: u64, first: u8): u64 {
  const ones: u64 = 0x0101010101010101;
  const isAtLeast = word + ones * (0x80 - <u64>first);
  const isBeyond = word + ones * (0x80 - <u64>first - 26);
  return word ^ (((isAtLeast & ~isBeyond) & 0x8080808080808080) >> 2);
}

/** The letter in the other case, or the code point itself. */
function counterpart(point: u32, isUpper: bool): u32 {
  if (point < 0x80) return point - (isUpper ? 0x61 : 0x41) < 26 ? point ^ 0x20 : point;
  const runs = isUpper ? UPPER_RUNS : LOWER_RUNS;
  let low: i32 = 0;
  let high = isUpper ? UPPER_RUN_COUNT : LOWER_RUN_COUNT;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(runs + <usize>middle * 12, 4) >> 2 < point) low = middle + 1;
    else high = middle;
  }
  const run = runs + <usize>low * 12;
  if (low == (isUpper ? UPPER_RUN_COUNT : LOWER_RUN_COUNT) || load<u32>(run) > point) return point;
  const step = load<u32>(run, 4) & 3;
  return (point - load<u32>(run)) % step == 0 ? point + load<i32>(run, 8) : point;
}

/** Whether the sigma at `p` ends a word: a letter stands before it and none behind. */
function isFinal(start: usize, p: usize, end: usize): bool {
  if (p == start || !isLetter(pointAt(pointBefore(p)))) return false;
  const next = p + 2;
  return next >= end || !isLetter(pointAt(next));
}

/** Whether the code point has cases. */
function isLetter(point: u32): bool { return counterpart(point, true) != point || counterpart(point, false) != point; }
