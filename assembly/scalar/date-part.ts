/**
 * EXTRACT, YEAR to SECOND, FLOOR and CEIL of times to a unit, and TIMESTAMPDIFF, with Flink's choices: before 1970 the day and the time of
 * day are cut towards 1970, but FLOOR and CEIL to days and below go down and up. Days are since 1970-01-01; weeks are those of ISO 8601.
 */
import { DAY_MS, civilFromDays, daysFromCivil, floorDays } from "../ingest/calendar";
import { addMonths } from "./time";

// @ts-ignore: decorator
@inline
function yearIn(civil: i64): i64 { return civil >> 9; }
// @ts-ignore: decorator
@inline
function monthIn(civil: i64): i64 { return (civil >> 5) & 15; }

export function yearOf(days: i32): i64 { return yearIn(civilFromDays(days)); }
export function quarterOf(days: i32): i64 { return (monthIn(civilFromDays(days)) + 2) / 3; }
export function monthOf(days: i32): i64 { return monthIn(civilFromDays(days)); }
export function dayOf(days: i32): i64 { return civilFromDays(days) & 31; }
export function dayOfYear(days: i32): i64 { return days - daysFromCivil(<i32>yearOf(days), 1, 1) + 1; }
/** Sunday is 1. */
export function dayOfWeek(days: i32): i64 { return (days % 7 + 11) % 7 + 1; }
/** Monday is 1. */
export function isoDayOfWeek(days: i32): i64 { return (days % 7 + 10) % 7 + 1; }
/** The year of the week's Thursday. */
export function isoYearOf(days: i32): i64 { return yearOf(days + 4 - <i32>isoDayOfWeek(days)); }
export function weekOf(days: i32): i64 { return (dayOfYear(days + 4 - <i32>isoDayOfWeek(days)) - 1) / 7 + 1; }
export function decadeOf(days: i32): i64 { return yearOf(days) / 10; }
export function centuryOf(days: i32): i64 { return (yearOf(days) + 99) / 100; }
export function millenniumOf(days: i32): i64 { return (yearOf(days) + 999) / 1000; }

/** What is left of `ms` modulo `whole`, in `unit`: hours of a day, minutes of an hour. Before 1970 negative, as in Flink. */
// @ts-ignore: decorator
@inline
export function partOf(ms: i64, whole: i64, unit: i64): i64 { return ms % whole / unit; }

/** The last multiple of `unit` ms at or before `ms`. */
export function floorTo(ms: i64, unit: i64): i64 {
  const rest = ms % unit;
  return ms - (rest < 0 ? rest + unit : rest);
}

/** The first multiple of `unit` ms at or behind `ms`. */
export function ceilTo(ms: i64, unit: i64): i64 { return floorTo(ms + unit - 1, unit); }

/** The Sunday at or before the day. */
export function floorWeek(days: i32): i32 { return days - <i32>dayOfWeek(days) + 1; }

/** The Sunday at or behind the day. */
export function ceilWeek(days: i32): i32 { return floorWeek(days + 6); }

/** The first day of the period of `months` (a divisor or multiple of 12) in which the day is; `base` is the year from which periods of years count. */
export function floorMonths(days: i32, months: i32, base: i32): i32 {
  const civil = civilFromDays(days);
  const count = (<i32>yearIn(civil) - base) * 12 + <i32>monthIn(civil) - 1;
  return firstOf(count - modulo(count, months), base);
}

/** The first day of a period at or behind the day; of a period of decades always behind it, as in Flink. */
export function ceilMonths(days: i32, months: i32, base: i32): i32 {
  const floor = floorMonths(days, months, base);
  if (floor == days && months < 120) return days;
  const civil = civilFromDays(floor);
  return firstOf((<i32>yearIn(civil) - base) * 12 + <i32>monthIn(civil) - 1 + months, base);
}

// @ts-ignore: decorator
@inline
function modulo(a: i32, b: i32): i32 { return (a % b + b) % b; }

/** The first day of month `count` since January of year `base`. */
function firstOf(count: i32, base: i32): i32 {
  const month = modulo(count, 12);
  return daysFromCivil(base + (count - month) / 12, month + 1, 1);
}

/** Whole months from one time to another, cut towards 0: the most months that can be added to the earlier one. */
export function monthsBetween(from: i64, to: i64): i32 {
  if (to < from) return -monthsBetween(to, from);
  const a = civilFromDays(floorDays(from));
  const b = civilFromDays(floorDays(to));
  const months = <i32>((yearIn(b) - yearIn(a)) * 12 + monthIn(b) - monthIn(a));
  return addMonths(from, months) > to ? months - 1 : months;
}
