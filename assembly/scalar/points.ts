/** Code points in UTF-8 text: counting, walking, finding bytes. Texts are valid UTF-8; nothing behind their end is read. */

/** Bytes of the code point that starts with `byte`. */
// @ts-ignore: decorator
@inline
export function pointBytes(byte: u32): usize { return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4; }

/** The code point at `p`. */
export function pointAt(p: usize): u32 {
  const byte = <u32>load<u8>(p);
  if (byte < 0x80) return byte;
  const second = <u32>load<u8>(p, 1) & 0x3f;
  if (byte < 0xe0) return ((byte & 0x1f) << 6) | second;
  const third = <u32>load<u8>(p, 2) & 0x3f;
  if (byte < 0xf0) return ((byte & 0x0f) << 12) | (second << 6) | third;
  return ((byte & 0x07) << 18) | (second << 12) | (third << 6) | (<u32>load<u8>(p, 3) & 0x3f);
}

/** Writes a code point. @returns address behind it */
export function writePoint(out: usize, point: u32): usize {
  if (point < 0x80) {
    store<u8>(out, <u8>point);
    return out + 1;
  }
  if (point < 0x800) {
    store<u8>(out, <u8>(0xc0 | (point >> 6)));
    store<u8>(out, <u8>(0x80 | (point & 0x3f)), 1);
    return out + 2;
  }
  const isLong = point > 0xffff;
  store<u8>(out, <u8>(isLong ? 0xf0 | (point >> 18) : 0xe0 | (point >> 12)));
  let p = out + 1;
  if (isLong) {
    store<u8>(p, <u8>(0x80 | ((point >> 12) & 0x3f)));
    p += 1;
  }
  store<u8>(p, <u8>(0x80 | ((point >> 6) & 0x3f)));
  store<u8>(p, <u8>(0x80 | (point & 0x3f)), 1);
  return p + 2;
}

/** Start of the code point before `p`. Requires: there is one. */
// @ts-ignore: decorator
@inline
export function pointBefore(p: usize): usize {
  let q = p - 1;
  while ((load<u8>(q) & 0xc0) == 0x80) q -= 1;
  return q;
}

/** How many of the 16 bytes at `p` start a code point. */
// @ts-ignore: decorator
@inline
function startsOf16(p: usize): i32 {
  if (ASC_FEATURE_SIMD) {
    // A byte that goes on a code point is 0x80 to 0xbf: as a signed number the least.
    return popcnt<i32>(i8x16.bitmask(i8x16.gt_s(v128.load(p), i8x16.splat(-65))));
  } else {
    return startsOf8(load<u64>(p)) + startsOf8(load<u64>(p, 8));
  }
}

// @ts-ignore: decorator
@inline
function startsOf8(word: u64): i32 { return 8 - <i32>popcnt<u64>((word >> 7) & ~(word >> 6) & 0x0101010101010101); }

/** Code points from `start` to `end`. */
export function countPoints(start: usize, end: usize): i32 {
  let count: i32 = 0;
  let p = start;
  for (; p + 16 <= end; p += 16) count += startsOf16(p);
  for (; p < end; p += 1) count += i32((load<u8>(p) & 0xc0) != 0x80);
  return count;
}

/** Address `count` code points behind `start`, at most `end`. Requires: count >= 0. */
export function skipPoints(start: usize, end: usize, count: i32): usize {
  let left = count;
  let p = start;
  while (p + 16 <= end) {
    const starts = startsOf16(p);
    if (starts > left) break;
    left -= starts;
    p += 16;
  }
  // A block may have ended inside of a code point.
  while (p < end && (load<u8>(p) & 0xc0) == 0x80) p += 1;
  for (; left > 0 && p < end; left -= 1) p += pointBytes(load<u8>(p));
  return min(p, end);
}

/** Address of the first `length` bytes like those at `part`, from `start` on, or 0. Requires: length > 0. */
export function findBytes(start: usize, end: usize, part: usize, length: usize): usize {
  if (end - start < length || start > end) return 0;
  const last = end - length;
  const first = load<u8>(part);
  let p = start;
  while (p <= last) {
    p = findByte(p, last + 1, first);
    if (p > last) return 0;
    if (memory.compare(p, part, length) == 0) return p;
    p += 1;
  }
  return 0;
}

/** Address of the first such byte, `end` where there is none. */
export function findByte(start: usize, end: usize, byte: u8): usize {
  let p = start;
  for (; p + 16 <= end; p += 16) {
    const run = runWithout(p, byte);
    if (run < 16) return p + run;
  }
  while (p < end && load<u8>(p) != byte) p += 1;
  return p;
}

/** How many of the 16 bytes at `p` stand before the first that is `byte`. */
// @ts-ignore: decorator
@inline
function runWithout(p: usize, byte: u8): usize {
  if (ASC_FEATURE_SIMD) {
    return <usize>ctz(i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(byte))) | 0x10000);
  } else {
    const low = runWithout8(load<u64>(p), byte);
    return low < 8 ? low : 8 + runWithout8(load<u64>(p, 8), byte);
  }
}

// @ts-ignore: decorator
@inline
function runWithout8(word: u64, byte: u8): usize {
  const ones: u64 = 0x0101010101010101;
  const differing = word ^ (ones * byte);
  return <usize>(ctz((differing - ones) & ~differing & 0x8080808080808080) >> 3);
}
