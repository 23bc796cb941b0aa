/** What the hash functions share: the text in blocks, the last of them padded, and the digest as hexadecimal digits. */
import { textAddress, textLength, textOf } from "../text/text";
import { room } from "./room";

/** Longest block, twice. */
const TAIL_BYTES: usize = 256;

/** Room for `bytes` of working memory with the padded tail behind it. @returns 0, and the expression fails, where there is none */
export function workspace(bytes: u32, expression: i32): usize { return room(<u64>bytes + TAIL_BYTES, expression); }

/** Whole blocks at the start of the text, which need no copy. */
// @ts-ignore: decorator
@inline
export function wholeBlocks(text: u64, blockBytes: u32): u32 { return textLength(text) / blockBytes; }

/**
 * Writes what is left behind the whole blocks, a bit, zeros and the text's length in bits, which ends a block.
 * @param isBigEndian how the length is written
 * @returns number of blocks written: 1 or 2
 */
export function padTail(tail: usize, text: u64, blockBytes: u32, isBigEndian: bool): u32 {
  const length = textLength(text);
  const rest = length % blockBytes;
  const count: u32 = rest + 1 + blockBytes / 8 > blockBytes ? 2 : 1;
  memory.fill(tail, 0, count * blockBytes);
  memory.copy(tail, textAddress(text) + length - rest, rest);
  store<u8>(tail + rest, 0x80);
  const bits = <u64>length * 8;
  store<u64>(tail + count * blockBytes - 8, isBigEndian ? bswap(bits) : bits);
  return count;
}

/** `count` bytes at `digest` as a text of lower-case digits. */
export function digestText(digest: usize, count: u32, expression: i32): u64 {
  const start = room(count * 2, expression);
  if (start == 0) return 0;
  for (let i: u32 = 0; i < count; i += 1) {
    const byte = <u32>load<u8>(digest + i);
    store<u8>(start + i * 2, digit(byte >> 4));
    store<u8>(start + i * 2, digit(byte & 15), 1);
  }
  return textOf(start, count * 2);
}

// @ts-ignore: decorator
@inline
function digit(value: u32): u8 { return <u8>(value < 10 ? 0x30 + value : 0x61 - 10 + value); }
