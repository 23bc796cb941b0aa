/** SHA384 and SHA512: FIPS 180-4, 6.4 and 6.5, over the UTF-8 bytes. */
import { textAddress } from "../text/text";
import { digestText, padTail, wholeBlocks, workspace } from "./hash-blocks";

const BLOCK_BYTES: u32 = 128;
const STATE_BYTES: u32 = 64;
const SCHEDULE_BYTES: u32 = 80 * 8;
// First 64 bits of the fractions of the cube roots of the first 80 primes.
const ROOTS: usize = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b,
  0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1,
  0x9bdc06a725c71235, 0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
  0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
  0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
  0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
  0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8,
  0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
  0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec, 0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
  0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
  0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c, 0x4cc5d4becb3e42b6,
  0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
], 8);
// First 64 bits of the fractions of the square roots of the ninth to sixteenth prime.
const START_384: usize = memory.data<u64>([
  0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7,
  0x47b5481dbefa4fa4,
], 8);
// First 64 bits of the fractions of the square roots of the first eight primes.
const START_512: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b,
  0x5be0cd19137e2179,
], 8);

/** SHA384(text), 96 digits. */
export function sha384(text: u64, expression: i32): u64 { return hashed(text, START_384, 48, expression); }

/** SHA512(text), 128 digits. */
export function sha512(text: u64, expression: i32): u64 { return hashed(text, START_512, 64, expression); }

function hashed(text: u64, start: usize, digestBytes: u32, expression: i32): u64 {
  const state = workspace(STATE_BYTES + SCHEDULE_BYTES, expression);
  if (state == 0) return 0;
  memory.copy(state, start, STATE_BYTES);
  const count = wholeBlocks(text, BLOCK_BYTES);
  for (let i: u32 = 0; i < count; i += 1) addBlock(state, textAddress(text) + i * BLOCK_BYTES);
  const tail = state + STATE_BYTES + SCHEDULE_BYTES;
  const tailCount = padTail(tail, text, BLOCK_BYTES, true);
  for (let i: u32 = 0; i < tailCount; i += 1) addBlock(state, tail + i * BLOCK_BYTES);
  for (let i: u32 = 0; i < STATE_BYTES; i += 8) store<u64>(state + i, bswap(load<u64>(state + i)));
  return digestText(state, digestBytes, expression);
}

function addBlock(state: usize, block: usize): void {
  const schedule = state + STATE_BYTES;
  for (let i: u32 = 0; i < BLOCK_BYTES; i += 8) store<u64>(schedule + i, bswap(load<u64>(block + i)));
  for (let i = BLOCK_BYTES; i < SCHEDULE_BYTES; i += 8) {
    const p = schedule + i;
    const early = load<u64>(p - 120);
    const late = load<u64>(p - 16);
    const earlyMixed = rotr<u64>(early, 1) ^ rotr<u64>(early, 8) ^ (early >> 7);
    const lateMixed = rotr<u64>(late, 19) ^ rotr<u64>(late, 61) ^ (late >> 6);
    store<u64>(p, load<u64>(p - 128) + earlyMixed + load<u64>(p - 56) + lateMixed);
  }
  let a = load<u64>(state);
  let b = load<u64>(state, 8);
  let c = load<u64>(state, 16);
  let d = load<u64>(state, 24);
  let e = load<u64>(state, 32);
  let f = load<u64>(state, 40);
  let g = load<u64>(state, 48);
  let h = load<u64>(state, 56);
  for (let i: u32 = 0; i < SCHEDULE_BYTES; i += 8) {
    const turned = rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41);
    const first = h + turned + ((e & f) ^ (~e & g)) + load<u64>(ROOTS + i) + load<u64>(schedule + i);
    const second = (rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  store<u64>(state, load<u64>(state) + a);
  store<u64>(state, load<u64>(state, 8) + b, 8);
  store<u64>(state, load<u64>(state, 16) + c, 16);
  store<u64>(state, load<u64>(state, 24) + d, 24);
  store<u64>(state, load<u64>(state, 32) + e, 32);
  store<u64>(state, load<u64>(state, 40) + f, 40);
  store<u64>(state, load<u64>(state, 48) + g, 48);
  store<u64>(state, load<u64>(state, 56) + h, 56);
}
