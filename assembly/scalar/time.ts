/** Times plus intervals. Milliseconds since 1970 or days since it; months keep the day, or take the last of a shorter month. */
import { DAY_MS, civilFromDays, daysFromCivil, floorDays, monthLength } from "../ingest/calendar";

/** A TIMESTAMP plus months. */
export function addMonths(ms: i64, months: i32): i64 {
  const days = floorDays(ms);
  return <i64>addMonthsDate(days, months) * DAY_MS + (ms - <i64>days * DAY_MS);
}

/** A DATE plus months. */
export function addMonthsDate(days: i32, months: i32): i32 {
  const civil = civilFromDays(days);
  const fromZero = <i32>(civil >> 9) * 12 + <i32>((civil >> 5) & 15) - 1 + months;
  const year = fromZero >= 0 ? fromZero / 12 : (fromZero - 11) / 12;
  const month = fromZero - year * 12 + 1;
  return daysFromCivil(year, month, min(<i32>(civil & 31), monthLength(year, month)));
}

/** A TIME plus milliseconds, over midnight and back. */
export function addTime(time: i32, ms: i64): i32 { return timeOfDay(<i64>time + ms % DAY_MS); }

/** Milliseconds since midnight. */
export function timeOfDay(ms: i64): i32 {
  const rest = <i32>(ms % DAY_MS);
  return rest < 0 ? rest + <i32>DAY_MS : rest;
}
