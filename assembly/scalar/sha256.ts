/** SHA224 and SHA256: FIPS 180-4, 6.2 and 6.3, over the UTF-8 bytes. */
import { textAddress } from "../text/text";
import { digestText, padTail, wholeBlocks, workspace } from "./hash-blocks";

const BLOCK_BYTES: u32 = 64;
const STATE_BYTES: u32 = 32;
const SCHEDULE_BYTES: u32 = 64 * 4;
// First 32 bits of the fractions of the cube roots of the first 64 primes.
const ROOTS: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
  0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
], 4);
// Second 32 bits of the fractions of the square roots of the ninth to sixteenth prime.
const START_224: usize = memory.data<u32>([
  0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
], 4);
// First 32 bits of the fractions of the square roots of the first eight primes.
const START_256: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
], 4);

/** SHA224(text), 56 digits. */
export function sha224(text: u64, expression: i32): u64 { return hashed(text, START_224, 28, expression); }

/** SHA256(text), 64 digits. */
export function sha256(text: u64, expression: i32): u64 { return hashed(text, START_256, 32, expression); }

function hashed(text: u64, start: usize, digestBytes: u32, expression: i32): u64 {
  const state = workspace(STATE_BYTES + SCHEDULE_BYTES, expression);
  if (state == 0) return 0;
  memory.copy(state, start, STATE_BYTES);
  const count = wholeBlocks(text, BLOCK_BYTES);
  for (let i: u32 = 0; i < count; i += 1) addBlock(state, textAddress(text) + i * BLOCK_BYTES);
  const tail = state + STATE_BYTES + SCHEDULE_BYTES;
  const tailCount = padTail(tail, text, BLOCK_BYTES, true);
  for (let i: u32 = 0; i < tailCount; i += 1) addBlock(state, tail + i * BLOCK_BYTES);
  for (let i: u32 = 0; i < STATE_BYTES; i += 4) store<u32>(state + i, bswap(load<u32>(state + i)));
  return digestText(state, digestBytes, expression);
}

function addBlock(state: usize, block: usize): void {
  const schedule = state + STATE_BYTES;
  for (let i: u32 = 0; i < BLOCK_BYTES; i += 4) store<u32>(schedule + i, bswap(load<u32>(block + i)));
  for (let i = BLOCK_BYTES; i < SCHEDULE_BYTES; i += 4) {
    const p = schedule + i;
    const early = load<u32>(p - 60);
    const late = load<u32>(p - 8);
    const earlyMixed = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3);
    const lateMixed = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10);
    store<u32>(p, load<u32>(p - 64) + earlyMixed + load<u32>(p - 28) + lateMixed);
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  for (let i: u32 = 0; i < SCHEDULE_BYTES; i += 4) {
    const turned = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const first = h + turned + ((e & f) ^ (~e & g)) + load<u32>(ROOTS + i) + load<u32>(schedule + i);
    const second = (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}
