/** LEFT, RIGHT, LPAD, RPAD, REPEAT, REVERSE: texts cut, filled up, repeated and turned around, by code points. */
import { textAddress, textLength, textOf } from "../text/text";
import { countPoints, pointBytes, skipPoints } from "./points";
import { NO_TEXT, room } from "./room";

// @ts-ignore: decorator
@inline
function endOf(text: u64): usize { return textAddress(text) + textLength(text); }

/** LEFT(text, count): the first code points, none below 1. */
export function left(text: u64, count: i32): u64 {
  if (count <= 0) return 0;
  return textOf(textAddress(text), <u32>(skipPoints(textAddress(text), endOf(text), count) - textAddress(text)));
}

/** RIGHT(text, count): the last code points, none below 1. */
export function right(text: u64, count: i32): u64 {
  if (count <= 0) return 0;
  const skipped = countPoints(textAddress(text), endOf(text)) - count;
  if (skipped <= 0) return text;
  const from = skipPoints(textAddress(text), endOf(text), skipped);
  return textOf(from, <u32>(endOf(text) - from));
}

/** LPAD(text, length, padding): cut to `length`, or filled up in front. NULL for a length below 0 and for an empty padding. */
export function padLeft(text: u64, length: i32, padding: u64, expression: i32): u64 { return padded(text, length, padding, true, expression); }

/** RPAD(text, length, padding): as padLeft, filled up behind. */
export function padRight(text: u64, length: i32, padding: u64, expression: i32): u64 { return padded(text, length, padding, false, expression); }

function padded(text: u64, length: i32, padding: u64, isLeft: bool, expression: i32): u64 {
  if (length < 0 || textLength(padding) == 0) return NO_TEXT;
  const missing = length - countPoints(textAddress(text), endOf(text));
  if (missing <= 0) return left(text, length);
  const paddingPoints = countPoints(textAddress(padding), endOf(padding));
  const whole = missing / paddingPoints;
  const rest = skipPoints(textAddress(padding), endOf(padding), missing % paddingPoints) - textAddress(padding);
  const size = <u64>textLength(text) + <u64>whole * textLength(padding) + rest;
  const start = room(size, expression);
  if (start == 0) return 0;
  let out = start;
  if (!isLeft) {
    memory.copy(out, textAddress(text), textLength(text));
    out += textLength(text);
  }
  out = repeatInto(out, padding, whole);
  memory.copy(out, textAddress(padding), rest);
  if (isLeft) memory.copy(out + rest, textAddress(text), textLength(text));
  return textOf(start, <u32>size);
}

/** REPEAT(text, count): nothing below 1. */
export function repeatText(text: u64, count: i32, expression: i32): u64 {
  if (count <= 0 || textLength(text) == 0) return 0;
  const size = <u64>textLength(text) * <u64>count;
  const start = room(size, expression);
  if (start == 0) return 0;
  repeatInto(start, text, count);
  return textOf(start, <u32>size);
}

/** @returns address behind the last copy */
function repeatInto(out: usize, text: u64, count: i32): usize {
  let p = out;
  for (let i = 0; i < count; i += 1) {
    memory.copy(p, textAddress(text), textLength(text));
    p += textLength(text);
  }
  return p;
}

/** REVERSE(text): code points in the opposite order. */
export function reverseText(text: u64, expression: i32): u64 {
  const start = room(textLength(text), expression);
  if (start == 0) return 0;
  let out = start + textLength(text);
  for (let p = textAddress(text); p < endOf(text);) {
    const bytes = pointBytes(load<u8>(p));
    out -= bytes;
    memory.copy(out, p, bytes);
    p += bytes;
  }
  return textOf(start, textLength(text));
}
