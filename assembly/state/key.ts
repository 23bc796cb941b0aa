/**
 * Group keys as bytes: a single text as it is; anything else as its NULL bits, then fields of fixed size in order, 0 where
 * NULL, then texts, each with its length before it. Equal keys have equal bytes. Also the hash of such bytes.
 */
import { take } from "../text/arena";
import { textAddress, textLength, textOf } from "../text/text";

/** Odd constants with well spread bits, from the golden ratio and square roots. */
const SPREAD_LOW: u64 = 0x9e3779b97f4a7c15;
const SPREAD_HIGH: u64 = 0xc2b2ae3d27d4eb4f;
const SPREAD_LAST: u64 = 0xd6e8feb86659fd93;
/** Sixteen bytes of ones, then of zeros: loaded from 16 - n it keeps the first n bytes. */
const KEEP: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
], 16);

/** Room for an encoded key of `bytes` in the row's arena, or 0. Texts are added with `addText`. */
// @ts-ignore: decorator
@inline
export function startKey(bytes: u32): usize { return take(bytes); }

/** Bytes that `text` adds to a key. */
// @ts-ignore: decorator
@inline
export function keyTextBytes(text: u64): u32 { return 4 + textLength(text); }

/** Adds a text. @returns address behind it */
export function addText(at: usize, text: u64): usize {
  const length = textLength(text);
  store<u32>(at, length);
  memory.copy(at + 4, textAddress(text), length);
  return at + 4 + length;
}

/** The text that `addText` put at `at`; it points into the key. */
// @ts-ignore: decorator
@inline
export function keyText(at: usize): u64 { return textOf(at + 4, load<u32>(at)); }

/** The first eight bytes of a key of at most 16, the rest of the word zero. 16 bytes from `address` on may be read. */
// @ts-ignore: decorator
@inline
export function shortLow(address: usize, length: u32): u64 { return load<u64>(address) & load<u64>(KEEP + 16 - <usize>length); }

/** The second eight. */
// @ts-ignore: decorator
@inline
export function shortHigh(address: usize, length: u32): u64 { return load<u64>(address, 8) & load<u64>(KEEP + 16 - <usize>length, 8); }

/** Hash of a key of at most 16 bytes. */
// @ts-ignore: decorator
@inline
export function hashShort(low: u64, high: u64, length: u32, seed: u64): u32 {
  return finish(((low ^ seed) * SPREAD_LOW) ^ ((high + <u64>length) * SPREAD_HIGH));
}

/** Hash of a longer key. 16 bytes behind it may be read. */
export function hashLong(address: usize, length: u32, seed: u64): u32 {
  let hash = seed ^ <u64>length;
  let left = length;
  for (let p = address; left != 0; p += 16) {
    const bytes = min<u32>(left, 16);
    const low = shortLow(p, bytes);
    const high = shortHigh(p, bytes);
    hash = (hash ^ low) * SPREAD_LOW;
    hash = ((hash ^ (hash >> 32)) + high) * SPREAD_HIGH;
    hash ^= hash >> 29;
    left -= bytes;
  }
  return finish(hash);
}

// @ts-ignore: decorator
@inline
function finish(hash: u64): u32 { return <u32>(((hash ^ (hash >> 29)) * SPREAD_LAST) >> 32); }
