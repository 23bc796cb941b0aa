/**
 * CONVERT_TZ: wall clocks of one zone as those of another. A zone is a table of i64: how many entries, then the second since 1970 from
 * which each holds and its offset in seconds east of Greenwich (host/plan/time-zone.ts).
 */
import { formatTime } from "./format-time";
import { NO_TEXT } from "./room";
import { scanSeconds } from "./scan-time";

const DAY_S: i64 = 86400;
// yyyy-MM-dd HH:mm:ss
const FORMAT: usize = memory.data<u8>([
  0x79, 4, 0, 1, 0x2d, 0x4d, 2, 0, 1, 0x2d, 0x64, 2, 0, 1, 0x20, 0x48, 2, 0, 1, 0x3a, 0x6d, 2, 0, 1, 0x3a, 0x73, 2, 255,
]);

/** CONVERT_TZ(text, from, to): NULL where the text is no time. */
export function convertZone(text: u64, from: usize, to: usize, expression: i32): u64 {
  const wall = scanSeconds(text, FORMAT);
  if (wall == i64.MIN_VALUE) return NO_TEXT;
  const instant = instantOf(from, wall);
  return formatTime((instant + offsetAt(to, instant)) * 1000, FORMAT, expression);
}

/** Seconds east of Greenwich at the instant. */
export function offsetAt(zone: usize, seconds: i64): i64 {
  let low: i64 = 0;
  let high = load<i64>(zone);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<i64>(zone + <usize>middle * 16, 8) <= seconds) low = middle;
    else high = middle;
  }
  return load<i64>(zone + <usize>low * 16, 16);
}

/** The instant at which the zone's clocks show `wall`: of two the later one, in a gap as if the clocks had not been put forward. */
export function instantOf(zone: usize, wall: i64): i64 {
  const before = offsetAt(zone, wall - DAY_S);
  const after = offsetAt(zone, wall + DAY_S);
  return offsetAt(zone, wall - after) == after ? wall - after : wall - before;
}
