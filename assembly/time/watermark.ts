/**
 * Event time of one source: the newest seen and the watermark, which is that less the declared delay and never goes back.
 * Both lie in the source's registers. Times are ms since the epoch; i64.MIN_VALUE stands for none yet.
 */
import { SOURCES, SOURCE_BYTES } from "../abi";
import { write } from "../state/pages";

/** Event times at or beyond this distance from the epoch are refused, so that no sum of times leaves i64. */
export const EVENT_TIME_LIMIT: i64 = 1 << 60;

/** Watermark after the end: behind every window, and before i64.MAX_VALUE, which stands for no window at all. */
const END_OF_TIME: i64 = i64.MAX_VALUE - 1;

/** Registers of one source. SOURCE_BYTES bytes. */
@final @unmanaged
export class SourceTime {
  newest: i64;
  watermark: i64;
  flags: u64;

  init(): void {
    const registers = write<SourceTime>(changetype<usize>(this));
    registers.newest = i64.MIN_VALUE;
    registers.watermark = i64.MIN_VALUE;
    registers.flags = 0;
  }

  /** Notes a row's event time, after the row was judged against the watermark before it. Requires: `isEventTime(time)`. */
  @inline
  advance(time: i64, delay: i64): void {
    if (time <= this.newest) return;
    const registers = write<SourceTime>(changetype<usize>(this));
    registers.newest = time;
    // Flink emits no SQL watermark until it is above 0: before 1970 nothing is late and nothing fires.
    if (time - delay > 0) registers.watermark = max<i64>(this.watermark, time - delay);
  }

  /** The source is bounded and has ended: no window of it waits any longer. */
  end(): void { write<SourceTime>(changetype<usize>(this)).watermark = END_OF_TIME; }
}

/** Registers of source `index`. */
// @ts-ignore: decorator
@inline
export function sourceTime(index: usize): SourceTime { return changetype<SourceTime>(<usize>SOURCES + index * SOURCE_BYTES); }

/** Whether `time` can be an event time. */
// @ts-ignore: decorator
@inline
export function isEventTime(time: i64): bool { return <u64>(time + EVENT_TIME_LIMIT) < <u64>(EVENT_TIME_LIMIT << 1); }

/** Event time between two operators. 64 bytes are kept for it. */
@final @unmanaged
export class NodeTime {
  watermark: i64;

  init(): void { write<NodeTime>(changetype<usize>(this)).watermark = i64.MIN_VALUE; }

  /** Goes on to the watermark of the sources. Requires: all below has done what was due by then. */
  @inline
  follow(watermark: i64): void {
    if (watermark > this.watermark) write<NodeTime>(changetype<usize>(this)).watermark = watermark;
  }
}
