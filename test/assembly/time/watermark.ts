/** Watermarks follow the newest event time and never go back. */
import { SOURCES } from "../../../assembly/abi";
import { EVENT_TIME_LIMIT, isEventTime, sourceTime } from "../../../assembly/time/watermark";

export function the_watermark_is_the_newest_time_less_the_delay(): void {
  const time = sourceTime(1);
  time.init();
  assert(time.watermark == i64.MIN_VALUE);
  time.advance(1000, 300);
  assert(time.watermark == 700);
  assert(load<i64>(SOURCES + 64) == 1000);
}

export function an_older_row_changes_nothing(): void {
  const time = sourceTime(0);
  time.init();
  time.advance(9, 0);
  time.advance(8, 0);
  assert(time.watermark == 9);
  assert(time.newest == 9);
}

export function there_is_no_watermark_until_it_is_above_0_as_in_flink(): void {
  const time = sourceTime(0);
  time.init();
  time.advance(-5, 0);
  time.advance(2, 2);
  assert(time.watermark == i64.MIN_VALUE);
  assert(time.newest == 2);
  time.advance(3, 2);
  assert(time.watermark == 1);
}

export function after_the_end_no_row_takes_the_watermark_back(): void {
  const time = sourceTime(0);
  time.init();
  time.advance(10, 0);
  time.end();
  time.advance(20, 0);
  assert(time.watermark == i64.MAX_VALUE - 1);
}

export function times_too_far_from_the_epoch_are_no_event_times(): void {
  assert(isEventTime(0));
  assert(isEventTime(-EVENT_TIME_LIMIT));
  assert(isEventTime(EVENT_TIME_LIMIT - 1));
  assert(!isEventTime(EVENT_TIME_LIMIT));
  assert(!isEventTime(-EVENT_TIME_LIMIT - 1));
  assert(!isEventTime(i64.MIN_VALUE));
  assert(!isEventTime(i64.MAX_VALUE));
}
