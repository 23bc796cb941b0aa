/** LOCATE, INSTR, STARTSWITH, ENDSWITH, SPLIT_INDEX, OVERLAY, ELT: finding parts of texts, taking and exchanging them. */
import { textAddress, textLength, textOf } from "../text/text";
import { countPoints, findBytes, skipPoints } from "./points";
import { NO_TEXT, room } from "./room";
import { position } from "./text";

// @ts-ignore: decorator
@inline
function endOf(text: u64): usize { return textAddress(text) + textLength(text); }

/** INSTR(text, part): as POSITION, the other way around. */
export function positionIn(text: u64, part: u64): i32 { return position(part, text); }

/** LOCATE(part, text, from): the place of the first one at or behind place `from`, 0 for none. */
export function locateFrom(part: u64, text: u64, from: i32): i32 {
  if (textLength(part) == 0) return 1;
  const start = textAddress(text);
  const first = skipPoints(start, endOf(text), max(from - 1, 0));
  const found = findBytes(first, endOf(text), textAddress(part), textLength(part));
  return found == 0 ? 0 : countPoints(start, found) + 1;
}

/** STARTSWITH(text, part) */
export function startsWith(text: u64, part: u64): bool {
  return textLength(text) >= textLength(part) && memory.compare(textAddress(text), textAddress(part), textLength(part)) == 0;
}

/** ENDSWITH(text, part) */
export function endsWith(text: u64, part: u64): bool {
  return textLength(text) >= textLength(part) && memory.compare(endOf(text) - textLength(part), textAddress(part), textLength(part)) == 0;
}

/** SPLIT_INDEX(text, separator, index): the part before separator number `index`, counted from 0; NULL where there is none. */
export function splitIndex(text: u64, separator: u64, index: i32): u64 {
  if (textLength(separator) == 0) return splitAtSpace(text, index);
  if (index < 0 || textLength(text) == 0) return NO_TEXT;
  let from = textAddress(text);
  const size = textLength(separator);
  let left = index;
  while (true) {
    const found = findBytes(from, endOf(text), textAddress(separator), size);
    if (left == 0) return textOf(from, <u32>((found == 0 ? endOf(text) : found) - from));
    if (found == 0) return NO_TEXT;
    from = found + size;
    left -= 1;
  }
}

/** An empty separator stands for each white space of ASCII. */
function splitAtSpace(text: u64, index: i32): u64 {
  if (index < 0 || textLength(text) == 0) return NO_TEXT;
  let from = textAddress(text);
  let left = index;
  for (let p = from; p < endOf(text); p += 1) {
    const byte = <u32>load<u8>(p);
    if (byte != 0x20 && byte - 0x09 > 4 && byte - 0x1c > 3) continue;
    if (left == 0) return textOf(from, <u32>(p - from));
    left -= 1;
    from = p + 1;
  }
  return left == 0 ? textOf(from, <u32>(endOf(text) - from)) : NO_TEXT;
}

/** OVERLAY(text PLACING part FROM from FOR length): outside of the text nothing changes, and a length below 1 goes to the end, as in Flink. */
export function overlay(text: u64, part: u64, from: i32, length: i32, expression: i32): u64 {
  const points = countPoints(textAddress(text), endOf(text));
  if (from <= 0 || from > points) return text;
  const kept = skipPoints(textAddress(text), endOf(text), from - 1);
  const isToEnd = length <= 0 || <i64>from - 1 + length >= points;
  const behind = isToEnd ? endOf(text) : skipPoints(kept, endOf(text), length);
  const head = kept - textAddress(text);
  const tail = endOf(text) - behind;
  const size = <u64>head + textLength(part) + tail;
  const start = room(size, expression);
  if (start == 0) return 0;
  memory.copy(start, textAddress(text), head);
  memory.copy(start + head, textAddress(part), textLength(part));
  memory.copy(start + head + textLength(part), behind, tail);
  return textOf(start, <u32>size);
}

/** OVERLAY without FOR: exchanges as many code points as the part has. */
export function overlayAll(text: u64, part: u64, from: i32, expression: i32): u64 {
  return overlay(text, part, from, countPoints(textAddress(part), endOf(part)), expression);
}
