/**
 * The shape cache: how the last payloads of a source looked between their values. A payload that took the long way leaves
 * its shape: each stretch of text up to a value (braces, keys, white space) and the column that the value is for. The next
 * payloads are compared with it 16 bytes at a time. Equal stretches and valid values are the same JSON structure, so the
 * answer is that of the long way; what cannot be promised so (duplicate keys) is never learned.
 *
 * Layout: u32 latest shape (0: none), u32 next to replace, u32 misses in a row, u32 1 when shapes go first; then four
 * shapes: u64 columns that are absent, u32 whether there is one, u32 free; then its segments: u32 length of the stretch,
 * u16 target, u16 depth, the stretch padded to 16.
 */
import { SCRATCH_LEARN_CURSOR, SCRATCH_LEARN_END, SCRATCH_LEARN_FROM } from "../scratch";

/** Targets of segments beyond columns: a value that no column wants, and the end of the payload. */
export const SEGMENT_SKIP: u32 = 0xfffe;
export const SEGMENT_TAIL: u32 = 0xffff;

const SHAPES: usize = 4;
const CACHE_HEADER_BYTES: usize = 16;
const SHAPE_HEADER_BYTES: usize = 16;
/** After so many misses in a row a source has no fixed shape; then only one payload in PATIENCE_STEP is compared or learned. */
const PATIENCE: u32 = 8;
const PATIENCE_STEP: u32 = 32;

// ------------------------------------------------------------------------------------------------------------- comparing

/** Whether the shapes are to be tried before the template: the last hit was theirs. */
// @ts-ignore: decorator
@inline
export function shapesGoFirst(cache: usize): bool { return load<u32>(cache, 12) != 0; }

/** The template fitted: it goes first again. */
// @ts-ignore: decorator
@inline
export function templateHit(cache: usize): void { store<u32>(cache, 0, 12); }

/** The shape to try first, 0 for none. */
// @ts-ignore: decorator
@inline
export function firstShape(cache: usize): usize {
  return isPatient(cache) ? <usize>load<u32>(cache) : 0;
}

/** The shape to try when `shape` did not fit, 0 for none. */
export function nextShape(cache: usize, cacheBytes: usize, shape: usize): usize {
  const bytes = shapeBytes(cacheBytes);
  const first = cache + CACHE_HEADER_BYTES;
  const behind = shape + bytes >= first + SHAPES * bytes ? first : shape + bytes;
  return behind == <usize>load<u32>(cache) || load<u32>(behind, 8) == 0 ? 0 : behind;
}

/** `shape` fitted: it goes first from now on. */
// @ts-ignore: decorator
@inline
export function shapeHit(cache: usize, shape: usize): void {
  store<u32>(cache, <u32>shape);
  store<u32>(cache, 0, 8);
  store<u32>(cache, 1, 12);
}

function isPatient(cache: usize): bool {
  const misses = load<u32>(cache, 8);
  return misses < PATIENCE || misses % PATIENCE_STEP == 0;
}

/** Columns that payloads of this shape lack. */
// @ts-ignore: decorator
@inline
export function shapeAbsent(shape: usize): u64 { return load<u64>(shape); }

/** First segment of `shape`. */
// @ts-ignore: decorator
@inline
export function firstSegment(shape: usize): usize { return shape + SHAPE_HEADER_BYTES; }

/** The segment behind `segment`. */
// @ts-ignore: decorator
@inline
export function nextSegment(segment: usize): usize { return segment + 8 + ((<usize>load<u32>(segment) + 15) & ~15); }

/** Column of the value behind the stretch, or SEGMENT_*. */
// @ts-ignore: decorator
@inline
export function segmentTarget(segment: usize): u32 { return <u32>load<u16>(segment, 4); }

/** Containers around the value behind the stretch. */
// @ts-ignore: decorator
@inline
export function segmentDepth(segment: usize): i32 { return <i32>load<u16>(segment, 6); }

/** Compares the payload at `p` with the segment's stretch. @returns address of the value behind it, or 0 */
// @ts-ignore: decorator
@inline
export function matchSegment(segment: usize, p: usize): usize {
  const length = <usize>load<u32>(segment);
  if (length <= 16) return sameHead(p, segment + 8, length) ? p + length : 0;
  return matchLong(segment + 8, p, length);
}

function matchLong(pattern: usize, p: usize, length: usize): usize {
  let left = length;
  let at = pattern;
  let q = p;
  for (; left > 16; left -= 16) {
    if (!sameHead(q, at, 16)) return 0;
    q += 16;
    at += 16;
  }
  return sameHead(q, at, left) ? q + left : 0;
}

/** Whether the first `length` (1 to 16) bytes are equal; 16 are read of both. */
// @ts-ignore: decorator
@inline
function sameHead(a: usize, b: usize, length: usize): bool {
  if (ASC_FEATURE_SIMD) {
    const differs = ~i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)));
    return (<u32>differs << (32 - <u32>length)) == 0;
  } else {
    if (length <= 8) return ((load<u64>(a) ^ load<u64>(b)) << (64 - (<u64>length << 3))) == 0;
    return load<u64>(a) == load<u64>(b) && ((load<u64>(a, 8) ^ load<u64>(b, 8)) << (128 - (<u64>length << 3))) == 0;
  }
}

// -------------------------------------------------------------------------------------------------------------- learning

/** Starts to learn the shape of the payload at `payload`, unless the source has shown that it keeps none. */
export function startLearning(cache: usize, cacheBytes: usize, payload: usize): void {
  const misses = load<u32>(cache, 8);
  const isWanted = isPatient(cache);
  store<u32>(cache, misses + 1, 8);
  store<u32>(SCRATCH_LEARN_CURSOR, 0);
  const bytes = shapeBytes(cacheBytes);
  if (!isWanted || bytes < SHAPE_HEADER_BYTES + 64) return;
  const shape = victim(cache, bytes);
  store<u32>(shape, 0, 8);
  if (<usize>load<u32>(cache) == shape) store<u32>(cache, 0);
  store<u32>(SCRATCH_LEARN_CURSOR, <u32>(shape + SHAPE_HEADER_BYTES));
  store<u32>(SCRATCH_LEARN_END, <u32>(shape + bytes));
  store<u32>(SCRATCH_LEARN_FROM, <u32>payload);
}

/** Bytes of one shape with its header. */
// @ts-ignore: decorator
@inline
function shapeBytes(cacheBytes: usize): usize { return ((cacheBytes - CACHE_HEADER_BYTES) / SHAPES) & ~7; }

// @ts-ignore: decorator
@inline
function victim(cache: usize, bytes: usize): usize { return cache + CACHE_HEADER_BYTES + <usize>load<u32>(cache, 4) * bytes; }

/** Forgets what was learned of this payload: its shape says too little about its values. */
export function stopLearning(): void { store<u32>(SCRATCH_LEARN_CURSOR, 0); }

/** Learns the stretch before the value from `p` to `behind`. */
export function learnValue(p: usize, behind: usize, target: u32, depth: i32): void {
  const cursor = <usize>load<u32>(SCRATCH_LEARN_CURSOR);
  if (cursor == 0) return;
  const from = <usize>load<u32>(SCRATCH_LEARN_FROM);
  const length = p - from;
  const next = cursor + 8 + ((length + 15) & ~15);
  if (next > <usize>load<u32>(SCRATCH_LEARN_END)) {
    stopLearning();
    return;
  }
  store<u32>(cursor, <u32>length);
  store<u16>(cursor, <u16>target, 4);
  store<u16>(cursor, <u16>depth, 6);
  memory.copy(cursor + 8, from, length);
  store<u32>(SCRATCH_LEARN_CURSOR, <u32>next);
  store<u32>(SCRATCH_LEARN_FROM, <u32>behind);
}

/** The payload that ends at `end` was taken: its shape goes first from now on. @param absent columns that it lacks */
export function finishLearning(cache: usize, cacheBytes: usize, end: usize, absent: u64): void {
  learnValue(end, end, SEGMENT_TAIL, 0);
  if (load<u32>(SCRATCH_LEARN_CURSOR) == 0) return;
  const shape = victim(cache, shapeBytes(cacheBytes));
  store<u64>(shape, absent);
  store<u32>(shape, 1, 8);
  store<u32>(cache, <u32>shape);
  store<u32>(cache, (load<u32>(cache, 4) + 1) % <u32>SHAPES, 4);
  stopLearning();
}
