/** TRIM and its kin: takes code points out of a set off the ends of a text. The result points into it. */
import { textAddress, textLength, textOf } from "../text/text";
import { pointBefore, pointBytes } from "./points";

/** TRIM(BOTH characters FROM text) */
export function trimBoth(text: u64, characters: u64): u64 { return trimTrailing(trimLeading(text, characters), characters); }

/** TRIM(LEADING characters FROM text), LTRIM */
export function trimLeading(text: u64, characters: u64): u64 {
  const end = textAddress(text) + textLength(text);
  let p = textAddress(text);
  while (p < end && isAmong(p, pointBytes(load<u8>(p)), characters)) p += pointBytes(load<u8>(p));
  return textOf(p, <u32>(end - p));
}

/** TRIM(TRAILING characters FROM text), RTRIM */
export function trimTrailing(text: u64, characters: u64): u64 {
  const start = textAddress(text);
  let end = start + textLength(text);
  while (end > start) {
    const last = pointBefore(end);
    if (!isAmong(last, end - last, characters)) break;
    end = last;
  }
  return textOf(start, <u32>(end - start));
}

/** Whether the code point of `bytes` bytes at `p` is one of `characters`. */
function isAmong(p: usize, bytes: usize, characters: u64): bool {
  const end = textAddress(characters) + textLength(characters);
  let q = textAddress(characters);
  while (q < end) {
    const size = pointBytes(load<u8>(q));
    if (size == bytes && memory.compare(p, q, bytes) == 0) return true;
    q += size;
  }
  return false;
}
