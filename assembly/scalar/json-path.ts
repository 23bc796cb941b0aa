/**
 * JSON_VALUE, JSON_EXISTS and IS JSON over a text. The text is checked as a whole first, so that the walk along the path needs no checks.
 * A path is bytes: 1, length (u16), name for a member; 2, index (u32) for an element; 0 at its end. Of equal names the last counts.
 */
import { skipSpace, skipString, skipValue, isFalseAt, isNullAt, isTrueAt } from "../ingest/skip";
import { decodeString, scanString } from "../ingest/string";
import { STRING_ESCAPED } from "../ingest/reject";
import { take, trim } from "../text/arena";
import { textAddress, textLength, textOf } from "../text/text";
import { NO_TEXT } from "./room";

/** The value is not there although it should be, or the text is no JSON. */
export const BROKEN_TEXT: u64 = u64.MAX_VALUE - 1;

const MISSING: usize = 1;

/** Address of the only value of the text, 0 when it is not JSON. */
function checked(text: u64): usize {
  const end = textAddress(text) + textLength(text);
  const start = skipSpace(textAddress(text), end);
  if (textLength(text) == 0 || start >= end) return 0;
  const behind = skipValue(start, end, 0);
  return behind == 0 || (behind < end && skipSpace(behind, end) != end) ? 0 : start;
}

/** text IS JSON. @param kind 0 any value, 1 object, 2 array, 3 scalar */
export function isJson(text: u64, kind: i32): bool {
  const start = checked(text);
  if (start == 0) return false;
  const byte = load<u8>(start);
  const found = byte == 0x7b ? 1 : byte == 0x5b ? 2 : 3;
  return kind == 0 || kind == found;
}

/** JSON_EXISTS(text, path): 0 when it is empty or NULL, 1 when it is there, 2 for an error. */
export function jsonExists(text: u64, path: usize, isLax: bool): i32 {
  const found = walk(text, path);
  if (found <= MISSING) return found == MISSING && isLax ? 0 : 2;
  return i32(!isNullAt(found));
}

/** JSON_VALUE(text, path): a scalar as text, NO_TEXT where it is empty or NULL, BROKEN_TEXT for an error. Numbers stay as they are written. */
export function jsonValue(text: u64, path: usize, isLax: bool): u64 {
  const found = walk(text, path);
  if (found <= MISSING) return found == MISSING && isLax ? NO_TEXT : BROKEN_TEXT;
  const end = textAddress(text) + textLength(text);
  const byte = <u32>load<u8>(found);
  if (byte == 0x7b || byte == 0x5b) return isLax ? NO_TEXT : BROKEN_TEXT;
  if (isNullAt(found)) return NO_TEXT;
  if (byte != 0x22) return textOf(found, <u32>(isTrueAt(found) ? 4 : isFalseAt(found) ? 5 : skipValue(found, end, 0) - found));
  return stringAt(found, end);
}

/** The checked string whose opening quote is at `p`. */
function stringAt(p: usize, end: usize): u64 {
  const close = scanString(p + 1, end);
  if (load<u32>(STRING_ESCAPED) == 0) return textOf(p + 1, <u32>(close - p - 1));
  const into = take(8);
  return into != 0 && decodeString(p + 1, close, into) ? load<u64>(into) : BROKEN_TEXT;
}

/** Address of the value at the path, 1 when it is missing, 0 when the text is no JSON. */
function walk(text: u64, path: usize): usize {
  const end = textAddress(text) + textLength(text);
  let value = checked(text);
  for (let step = path; value > MISSING && load<u8>(step) != 0;) {
    if (load<u8>(step) == 1) {
      const length = <u32>load<u16>(step, 1);
      value = load<u8>(value) == 0x7b ? member(value, end, textOf(step + 3, length)) : MISSING;
      step += 3 + length;
    } else {
      value = load<u8>(value) == 0x5b ? element(value, end, load<u32>(step, 1)) : MISSING;
      step += 5;
    }
  }
  return value;
}

/** Address of the value of the last member of that name. Requires: the object was checked. */
function member(object: usize, end: usize, name: u64): usize {
  let found = MISSING;
  let p = skipSpace(object + 1, end);
  while (load<u8>(p) != 0x7d) {
    const isName = isNamed(p, end, name);
    p = skipSpace(skipSpace(skipString(p, end), end) + 1, end);
    if (isName) found = p;
    p = skipSpace(skipValue(p, end, 0), end);
    if (load<u8>(p) == 0x2c) p = skipSpace(p + 1, end);
  }
  return found;
}

function isNamed(p: usize, end: usize, name: u64): bool {
  const mark = take(0);
  const key = stringAt(p, end);
  const isSame = key != BROKEN_TEXT && textLength(key) == textLength(name) && memory.compare(textAddress(key), textAddress(name), textLength(name)) == 0;
  if (mark != 0) trim(mark);
  return isSame;
}

/** Address of the element of that index. Requires: the array was checked. */
function element(array: usize, end: usize, index: u32): usize {
  let p = skipSpace(array + 1, end);
  for (let left = index; load<u8>(p) != 0x5d; left -= 1) {
    if (left == 0) return p;
    p = skipSpace(skipValue(p, end, 0), end);
    if (load<u8>(p) == 0x2c) p = skipSpace(p + 1, end);
  }
  return MISSING;
}
