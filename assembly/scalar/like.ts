/**
 * LIKE: % stands for any text, _ for one code point (as in Flink, no line break), the escape character takes their meaning
 * from them. One % at a time is remembered, so that a match takes at most text times pattern steps.
 */
import { REJECT_EXPRESSION } from "../abi";
import { fail } from "../error";
import { textAddress, textLength } from "../text/text";
import { findByte, pointAt, pointBytes } from "./points";

const PERCENT: u32 = 0x25;
const UNDERSCORE: u32 = 0x5f;
/** No code point. */
const NO_ESCAPE: u32 = 0xffffffff;

/**
 * text LIKE pattern ESCAPE escape. Fails when the escape character stands before anything but %, _ and itself.
 * @param escape empty for none
 */
export function like(text: u64, pattern: u64, escape: u64, expression: i32): bool {
  const patternEnd = textAddress(pattern) + textLength(pattern);
  let escapePoint = NO_ESCAPE;
  if (textLength(escape) != 0) {
    escapePoint = pointAt(textAddress(escape));
    if (!isEscapedWell(textAddress(pattern), patternEnd, escapePoint)) {
      fail(REJECT_EXPRESSION, expression);
      return false;
    }
  }
  return matches(textAddress(text), textAddress(text) + textLength(text), textAddress(pattern), patternEnd, escapePoint);
}

function isEscapedWell(start: usize, end: usize, escape: u32): bool {
  for (let p = start; p < end; p += pointBytes(load<u8>(p))) {
    if (pointAt(p) != escape) continue;
    p += pointBytes(load<u8>(p));
    if (p >= end) return false;
    const next = pointAt(p);
    if (next != PERCENT && next != UNDERSCORE && next != escape) return false;
  }
  return true;
}

function matches(textStart: usize, textEnd: usize, patternStart: usize, patternEnd: usize, escape: u32): bool {
  let t = textStart;
  let p = patternStart;
  let afterPercent: usize = 0; // where the pattern goes on behind the last %
  let retry: usize = 0; // where the text is tried next for it
  while (true) {
    // Most of a pattern is ASCII that stands for itself.
    while (p < patternEnd && t < textEnd && load<u8>(p) == load<u8>(t) && isPlain(load<u8>(p), escape)) {
      p += 1;
      t += 1;
    }
    if (p < patternEnd) {
      let point = pointAt(p);
      let size = pointBytes(load<u8>(p));
      const isEscaped = point == escape;
      if (isEscaped) {
        point = pointAt(p + size);
        size += pointBytes(load<u8>(p + size));
      }
      if (point == PERCENT && !isEscaped) {
        p += size;
        if (p == patternEnd) return true;
        afterPercent = p;
        retry = t;
        continue;
      }
      if (t < textEnd) {
        const isAny = point == UNDERSCORE && !isEscaped;
        const found = pointAt(t);
        if (isAny ? !isLineBreak(found) : found == point) {
          p += size;
          t += pointBytes(load<u8>(t));
          continue;
        }
      }
    } else if (t == textEnd) {
      return true;
    }
    if (afterPercent == 0 || retry >= textEnd) return false;
    retry = nextTry(retry, textEnd, load<u8>(afterPercent), escape);
    t = retry;
    p = afterPercent;
  }
}

/** Whether a byte of a pattern is a character that stands for itself. */
// @ts-ignore: decorator
@inline
function isPlain(byte: u32, escape: u32): bool { return byte < 0x80 && byte != PERCENT && byte != UNDERSCORE && byte != escape; }

/** The next place where the pattern behind a % may begin: at its first byte, where that stands for itself. */
function nextTry(retry: usize, textEnd: usize, first: u8, escape: u32): usize {
  const next = retry + pointBytes(load<u8>(retry));
  if (first == <u8>PERCENT || first == <u8>UNDERSCORE || escape != NO_ESCAPE) return next;
  return findByte(next, textEnd, first);
}

/** Line feed, carriage return, next line, line and paragraph separator: what Java's regular expressions keep '.' from. */
// @ts-ignore: decorator
@inline
function isLineBreak(point: u32): bool { return point == 0x0a || point == 0x0d || point == 0x85 || point == 0x2028 || point == 0x2029; }
