/**
 * CHAR_LENGTH, SUBSTRING, POSITION, CONCAT, REPLACE and the lengths of CHAR and VARCHAR. Positions and lengths are code points.
 * A part of a text points into it; new texts lie in the arena, and where that is full the expression fails.
 */
import { textAddress, textLength, textOf } from "../text/text";
import { countPoints, findBytes, pointBytes, skipPoints } from "./points";
import { room } from "./room";

// @ts-ignore: decorator
@inline
function endOf(text: u64): usize { return textAddress(text) + textLength(text); }

/** CHAR_LENGTH */
export function charLength(text: u64): i32 { return countPoints(textAddress(text), endOf(text)); }

/**
 * SUBSTRING as Flink has it: positions count from 1, a start of 0 is 1, a negative one counts from the end, and one before
 * the text gives nothing. A negative length is NULL, which the caller sees to.
 */
export function substring(text: u64, start: i32, length: i32): u64 {
  const end = endOf(text);
  let from = textAddress(text);
  if (start > 0) {
    from = skipPoints(from, end, start - 1);
  } else if (start < 0) {
    const before = countPoints(from, end) + start;
    if (before < 0) return 0;
    from = skipPoints(from, end, before);
  }
  return length <= 0 ? 0 : textOf(from, <u32>(skipPoints(from, end, length) - from));
}

/** POSITION(part IN text): 0 where it is not in it, 1 for an empty part. */
export function position(part: u64, text: u64): i32 {
  if (textLength(part) == 0) return 1;
  const start = textAddress(text);
  const found = findBytes(start, endOf(text), textAddress(part), textLength(part));
  return found == 0 ? 0 : countPoints(start, found) + 1;
}

/** a || b */
export function concatTexts(a: u64, b: u64, expression: i32): u64 {
  const length = textLength(a);
  if (length == 0) return b;
  if (textLength(b) == 0) return a;
  const start = room(<u64>length + textLength(b), expression);
  if (start == 0) return 0;
  memory.copy(start, textAddress(a), length);
  memory.copy(start + length, textAddress(b), textLength(b));
  return textOf(start, length + textLength(b));
}

/** REPLACE(text, search, by). An empty search stands before each code point and at the end, as in Java. */
export function replaceText(text: u64, search: u64, by: u64, expression: i32): u64 {
  if (textLength(search) == 0) return interleaved(text, by, expression);
  const end = endOf(text);
  const length = textLength(search);
  let count: u32 = 0;
  let p = findBytes(textAddress(text), end, textAddress(search), length);
  for (; p != 0; p = findBytes(p + length, end, textAddress(search), length)) count += 1;
  if (count == 0) return text;
  const size = <u64>textLength(text) + <u64>count * textLength(by) - <u64>count * length;
  const start = room(size, expression);
  if (start == 0) return 0;
  let out = start;
  let from = textAddress(text);
  for (; count > 0; count -= 1) {
    const found = findBytes(from, end, textAddress(search), length);
    memory.copy(out, from, found - from);
    out += found - from;
    memory.copy(out, textAddress(by), textLength(by));
    out += textLength(by);
    from = found + length;
  }
  memory.copy(out, from, end - from);
  return textOf(start, <u32>size);
}

function interleaved(text: u64, by: u64, expression: i32): u64 {
  const size = <u64>textLength(text) + <u64>(charLength(text) + 1) * textLength(by);
  const start = room(size, expression);
  if (start == 0) return 0;
  memory.copy(start, textAddress(by), textLength(by));
  let out = start + textLength(by);
  for (let p = textAddress(text); p < endOf(text);) {
    const bytes = pointBytes(load<u8>(p));
    memory.copy(out, p, bytes);
    memory.copy(out + bytes, textAddress(by), textLength(by));
    out += bytes + textLength(by);
    p += bytes;
  }
  return textOf(start, <u32>size);
}

/** VARCHAR(length): the first code points. */
export function cutText(text: u64, length: i32): u64 {
  if (textLength(text) <= <u32>length) return text;
  return textOf(textAddress(text), <u32>(skipPoints(textAddress(text), endOf(text), length) - textAddress(text)));
}

/** CHAR(length): the first code points, with spaces where there are fewer. */
export function padText(text: u64, length: i32, expression: i32): u64 {
  const missing = length - charLength(text);
  if (missing <= 0) return cutText(text, length);
  const start = room(<u64>textLength(text) + missing, expression);
  if (start == 0) return 0;
  memory.copy(start, textAddress(text), textLength(text));
  memory.fill(start + textLength(text), 0x20, <usize>missing);
  return textOf(start, textLength(text) + missing);
}
