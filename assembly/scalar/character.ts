/** ASCII, CHR, INITCAP and TRANSLATE: single characters. */
import { textAddress, textLength, textOf } from "../text/text";
import { pointAt, pointBytes, writePoint } from "./points";
import { closed, room } from "./room";

// @ts-ignore: decorator
@inline
function endOf(text: u64): usize { return textAddress(text) + textLength(text); }

/** ASCII(text): the first byte as a signed one, 0 of an empty text. */
export function firstByte(text: u64): i32 { return textLength(text) == 0 ? 0 : <i32>load<i8>(textAddress(text)); }

/** CHR(code): the character of the code's last eight bits; nothing below 0. */
export function characterOf(code: i64, expression: i32): u64 {
  if (code < 0) return 0;
  const start = room(4, expression);
  if (start == 0) return 0;
  return closed(start, writePoint(start, <u32>(code & 255)));
}

/** INITCAP(text): letters of ASCII at the start of a run of letters and digits in upper case, those behind in lower case. */
export function initcap(text: u64, expression: i32): u64 {
  const start = room(textLength(text), expression);
  if (start == 0) return 0;
  let isInside = false;
  for (let i: u32 = 0; i < textLength(text); i += 1) {
    const byte = <u32>load<u8>(textAddress(text) + i);
    const isLetter = (byte | 0x20) - 0x61 < 26;
    store<u8>(start + i, <u8>(isLetter ? (isInside ? byte | 0x20 : byte & ~0x20) : byte));
    isInside = isLetter || byte - 0x30 < 10;
  }
  return textOf(start, textLength(text));
}

/** TRANSLATE(text, from, to): each character of `from` becomes the one at its place in `to`, or goes where `to` has none. */
export function translate(text: u64, from: u64, to: u64, expression: i32): u64 {
  // A character of `to` has at most four times the bytes of one of `text`.
  const start = room(<u64>textLength(text) * (textLength(to) == 0 ? 1 : 4), expression);
  if (start == 0) return 0;
  let out = start;
  for (let p = textAddress(text); p < endOf(text);) {
    const bytes = pointBytes(load<u8>(p));
    out = translatePoint(out, p, bytes, from, to);
    p += bytes;
  }
  return closed(start, out);
}

function translatePoint(out: usize, p: usize, bytes: usize, from: u64, to: u64): usize {
  let t = textAddress(to);
  for (let f = textAddress(from); f < endOf(from);) {
    const size = pointBytes(load<u8>(f));
    const hasCounterpart = t < endOf(to);
    const counterpartBytes = hasCounterpart ? pointBytes(load<u8>(t)) : 0;
    if (size == bytes && memory.compare(f, p, bytes) == 0) {
      memory.copy(out, t, counterpartBytes);
      return out + counterpartBytes;
    }
    f += size;
    t += counterpartBytes;
  }
  memory.copy(out, p, bytes);
  return out + bytes;
}
