/** SHA1(text): FIPS 180-4, 6.1, over the UTF-8 bytes. */
import { textAddress } from "../text/text";
import { digestText, padTail, wholeBlocks, workspace } from "./hash-blocks";

const BLOCK_BYTES: u32 = 64;
const STATE_BYTES: u32 = 24;
const SCHEDULE_BYTES: u32 = 80 * 4;

/** SHA1(text), 40 digits. */
export function sha1(text: u64, expression: i32): u64 {
  const state = workspace(STATE_BYTES + SCHEDULE_BYTES, expression);
  if (state == 0) return 0;
  store<u32>(state, 0x67452301);
  store<u32>(state, 0xefcdab89, 4);
  store<u32>(state, 0x98badcfe, 8);
  store<u32>(state, 0x10325476, 12);
  store<u32>(state, 0xc3d2e1f0, 16);
  const count = wholeBlocks(text, BLOCK_BYTES);
  for (let i: u32 = 0; i < count; i += 1) addBlock(state, textAddress(text) + i * BLOCK_BYTES);
  const tail = state + STATE_BYTES + SCHEDULE_BYTES;
  const tailCount = padTail(tail, text, BLOCK_BYTES, true);
  for (let i: u32 = 0; i < tailCount; i += 1) addBlock(state, tail + i * BLOCK_BYTES);
  for (let i: u32 = 0; i < 20; i += 4) store<u32>(state + i, bswap(load<u32>(state + i)));
  return digestText(state, 20, expression);
}

function addBlock(state: usize, block: usize): void {
  const schedule = state + STATE_BYTES;
  for (let i: u32 = 0; i < 64; i += 4) store<u32>(schedule + i, bswap(load<u32>(block + i)));
  for (let i: u32 = 64; i < SCHEDULE_BYTES; i += 4) {
    const p = schedule + i;
    store<u32>(p, rotl<u32>(load<u32>(p - 12) ^ load<u32>(p - 32) ^ load<u32>(p - 56) ^ load<u32>(p - 64), 1));
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  for (let i: u32 = 0; i < 80; i += 1) {
    let mixed: u32;
    if (i < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
    else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else mixed = (b ^ c ^ d) + 0xca62c1d6;
    const sum = rotl<u32>(a, 5) + mixed + e + load<u32>(schedule + i * 4);
    e = d;
    d = c;
    c = rotl<u32>(b, 30);
    b = a;
    a = sum;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
}
