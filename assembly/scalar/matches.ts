/** REGEXP and its kin over the matches that scalar/regexp.ts finds. `program` is the compiled pattern; slots 0 and 1 bound a match. */
import { textAddress, textLength, textOf } from "../text/text";
import { countPoints, pointBytes } from "./points";
import { close, find, open, slotOf } from "./regexp";
import { NO_TEXT, room } from "./room";

// @ts-ignore: decorator
@inline
function endOf(text: u64): usize { return textAddress(text) + textLength(text); }

/** The text, or an empty one that lies somewhere: slots tell by 0 that a group took no part. */
// @ts-ignore: decorator
@inline
function located(text: u64, program: usize): u64 { return textLength(text) == 0 ? textOf(program, 0) : text; }

/** REGEXP(text, pattern): whether it is found somewhere. */
export function hasMatch(anyText: u64, program: usize, expression: i32): bool {
  const text = located(anyText, program);
  const search = open(text, program, expression);
  if (search == 0) return false;
  const isFound = find(search, textAddress(text));
  close(search);
  return isFound;
}

/** REGEXP_EXTRACT, REGEXP_SUBSTR: what the slots bound in the first match; NULL where there is none or its group took no part. */
export function firstMatch(anyText: u64, program: usize, expression: i32): u64 {
  const text = located(anyText, program);
  const search = open(text, program, expression);
  if (search == 0) return NO_TEXT;
  const isFound = find(search, textAddress(text)) && slotOf(search, 1) != 0;
  const found = isFound ? textOf(slotOf(search, 0), <u32>(slotOf(search, 1) - slotOf(search, 0))) : NO_TEXT;
  close(search);
  return found;
}

/** REGEXP_INSTR(text, pattern): place of the first match, counted from 1; 0 for none. */
export function matchPosition(anyText: u64, program: usize, expression: i32): i32 {
  const text = located(anyText, program);
  const search = open(text, program, expression);
  if (search == 0) return 0;
  const place = find(search, textAddress(text)) ? countPoints(textAddress(text), slotOf(search, 0)) + 1 : 0;
  close(search);
  return place;
}

/** Where the search for the match behind this one begins; 0 at the end of the text. */
// @ts-ignore: decorator
@inline
function nextStart(search: usize, end: usize): usize {
  const from = slotOf(search, 1);
  if (from != slotOf(search, 0)) return from;
  return from == end ? 0 : from + pointBytes(load<u8>(from));
}

/** REGEXP_COUNT(text, pattern) */
export function countMatches(anyText: u64, program: usize, expression: i32): i32 {
  const text = located(anyText, program);
  const search = open(text, program, expression);
  if (search == 0) return 0;
  let count = 0;
  for (let from = textAddress(text); find(search, from); count += 1) {
    from = nextStart(search, endOf(text));
    if (from == 0) {
      count += 1;
      break;
    }
  }
  close(search);
  return count;
}

/** REGEXP_REPLACE(text, pattern, by): all matches. Two passes, so that the result lies in one piece behind nothing else. */
export function replaceMatches(anyText: u64, program: usize, by: u64, expression: i32): u64 {
  const text = located(anyText, program);
  const search = open(text, program, expression);
  if (search == 0) return 0;
  const size = writeReplaced(search, text, by, 0);
  const start = room(size, expression);
  if (start != 0) writeReplaced(search, text, by, start);
  return start == 0 ? 0 : textOf(start, <u32>size);
}

/** @param out 0 to write nothing. @returns bytes of the result */
function writeReplaced(search: usize, text: u64, by: u64, out: usize): u64 {
  let size: u64 = 0;
  let copied = textAddress(text);
  let from = copied;
  while (from != 0 && find(search, from)) {
    const head = slotOf(search, 0) - copied;
    if (out != 0) {
      memory.copy(out + <usize>size, copied, head);
      memory.copy(out + <usize>size + head, textAddress(by), textLength(by));
    }
    size += head + textLength(by);
    copied = slotOf(search, 1);
    from = nextStart(search, endOf(text));
  }
  const tail = endOf(text) - copied;
  if (out != 0) memory.copy(out + <usize>size, copied, tail);
  return size + tail;
}
