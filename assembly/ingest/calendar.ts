/**
 * Days and civil dates of the proleptic Gregorian calendar, right before 1970 and before year 0 (floor division
 * throughout). Eras of 400 years that start on 1 March, so that the leap day is the last of its year.
 * Source: Hinnant, chrono-compatible low-level date algorithms.
 */
export const DAY_MS: i64 = 86400000;
const ERA_DAYS: i32 = 146097;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_SHIFT: i32 = 719468;

/** Days since 1970-01-01. Requires: a date that exists. */
export function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = (y >= 0 ? y : y - 399) / 400;
  const yearOfEra = y - era * 400;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
  return era * ERA_DAYS + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - EPOCH_SHIFT;
}

/** Year, month and day of `days` since 1970-01-01, packed as year << 9 | month << 5 | day. */
export function civilFromDays(days: i32): i64 {
  const shifted = <i64>days + EPOCH_SHIFT;
  const era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
  const dayOfEra = <i32>(shifted - era * ERA_DAYS);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = <i64>yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return (year << 9) | <i64>(month << 5) | <i64>day;
}

/** Days of a month, 0 for a month that does not exist. */
export function monthLength(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Whole days in `ms`, rounded down. */
// @ts-ignore: decorator
@inline
export function floorDays(ms: i64): i32 {
  const days = ms / DAY_MS;
  return <i32>(ms < days * DAY_MS ? days - 1 : days);
}
