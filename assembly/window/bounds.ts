/** Where the windows of a time begin and end. Times are ms since the epoch; all divisions round down, also before 1970. */

/** Start of the tumbling window of `time`: the greatest offset + n * size that is not above it. */
// @ts-ignore: decorator
@inline
export function windowStart(time: i64, size: i64, offset: i64): i64 {
  const past = (time - offset) % size;
  return time - (past < 0 ? past + size : past);
}

/** The least offset + n * step that is above `time`. */
// @ts-ignore: decorator
@inline
export function nextBound(time: i64, step: i64, offset: i64): i64 { return windowStart(time, step, offset) + step; }

/** The first of the hopping windows of `time` whose last instant is beyond the watermark; it starts above `time` where there is none. */
export function firstHop(time: i64, size: i64, slide: i64, offset: i64, watermark: i64): i64 {
  return nextBound(max<i64>(time, watermark + 1) - size, slide, offset);
}

/** End of the first of the cumulating windows of `time` whose last instant is beyond the watermark. */
export function firstCumulation(time: i64, step: i64, offset: i64, watermark: i64): i64 {
  return nextBound(max<i64>(time, watermark + 1), step, offset);
}
