/** CAST of BYTES AS STRING, DECODE: bytes as text, with U+FFFD for each part that is not UTF-8, as in Java. */
import { sequenceLength } from "../ingest/string";
import { textAddress, textLength } from "../text/text";
import { pointBytes } from "./points";
import { closed, room } from "./room";

/** The bytes as they are where they are UTF-8, else a repaired copy. */
export function textOfBytes(bytes: u64, expression: i32): u64 {
  const end = textAddress(bytes) + textLength(bytes);
  let p = textAddress(bytes);
  while (p < end) {
    const length = sizeAt(p, end);
    if (length == 0) return repaired(bytes, p, expression);
    p += length;
  }
  return bytes;
}

/** Bytes of the character at `p`, 0 where there is none. */
// @ts-ignore: decorator
@inline
function sizeAt(p: usize, end: usize): usize { return load<u8>(p) < 0x80 ? 1 : sequenceLength(p, end); }

/** @param from the first byte that is at fault */
function repaired(bytes: u64, from: usize, expression: i32): u64 {
  const end = textAddress(bytes) + textLength(bytes);
  const start = room(<u64>textLength(bytes) * 3, expression);
  if (start == 0) return 0;
  const head = from - textAddress(bytes);
  memory.copy(start, textAddress(bytes), head);
  let out = start + head;
  for (let p = from; p < end;) {
    const length = sizeAt(p, end);
    if (length != 0) {
      memory.copy(out, p, length);
      out += length;
      p += length;
    } else {
      store<u16>(out, 0xbfef);
      store<u8>(out, 0xbd, 2);
      out += 3;
      p += brokenBytes(p, end);
    }
  }
  return closed(start, out);
}

/** How many bytes one U+FFFD stands for: the start of a character up to where it can go on no longer. */
function brokenBytes(p: usize, end: usize): usize {
  const first = <u32>load<u8>(p);
  if (first < 0xc2 || first > 0xf4) return 1;
  const whole = pointBytes(first);
  let length: usize = 1;
  while (length < whole && p + length < end && (load<u8>(p + length) & 0xc0) == 0x80) {
    const second = <u32>load<u8>(p, 1);
    const isTooSmall = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const isTooLarge = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
    if (length == 1 && (isTooSmall || isTooLarge)) return 1;
    length += 1;
  }
  return length;
}
