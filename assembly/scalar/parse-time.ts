/**
 * CAST of text to DATE, TIME and TIMESTAMP, as Flink reads them. Each parser writes to `into` (i32 days, i32 ms of the day, i64 ms
 * since 1970) and answers whether it could read the text.
 */
import { DAY_MS, daysFromCivil, monthLength } from "../ingest/calendar";
import { textAddress, textLength } from "../text/text";

/** More digits than these make no part of a time. */
const PART_DIGITS_MAX: usize = 9;

/** The unsigned number from `start` to `end`; -1 where it is none. */
function number(start: usize, end: usize): i32 {
  if (start >= end || end - start > PART_DIGITS_MAX) return -1;
  let value: i32 = 0;
  for (let p = start; p < end; p += 1) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) return -1;
    value = value * 10 + <i32>digit;
  }
  return value;
}

/** As `number`, with spaces around it. */
function spacedNumber(start: usize, end: usize): i32 {
  let p = start;
  let q = end;
  while (p < q && load<u8>(p) == 0x20) p += 1;
  while (p < q && load<u8>(q - 1) == 0x20) q -= 1;
  return number(p, q);
}

/** The first such byte, or `end`. */
function find(start: usize, end: usize, byte: u32): usize {
  let p = start;
  while (p < end && load<u8>(p) != byte) p += 1;
  return p;
}

/** A DATE: 2020-02-29, 2020-2, 2020; what stands behind a space is passed over. Days that do not exist are refused. */
export function parseDate(text: u64, into: usize): bool {
  const start = textAddress(text);
  const whole = start + textLength(text);
  const space = find(start, whole, 0x20);
  const end = space > start ? space : whole;
  const first = find(start, end, 0x2d);
  const second = first < end ? find(first + 1, end, 0x2d) : end;
  const year = spacedNumber(start, first);
  const month = first < end ? spacedNumber(first + 1, second) : 1;
  const day = second < end ? spacedNumber(second + 1, end) : 1;
  if (year < 0 || year > 9999 || month < 1 || day < 1 || day > monthLength(year, month)) return false;
  store<i32>(into, daysFromCivil(year, month, day));
  return true;
}

/** A TIME: 12:34:56.789, 12:34, 12. */
export function parseTime(text: u64, into: usize): bool {
  const start = textAddress(text);
  const end = start + textLength(text);
  const first = find(start, end, 0x3a);
  const second = first < end ? find(first + 1, end, 0x3a) : end;
  const point = second < end ? find(second + 1, end, 0x2e) : end;
  const hour = spacedNumber(start, first);
  const minute = first < end ? spacedNumber(first + 1, second) : 0;
  const seconds = second < end ? spacedNumber(second + 1, point) : 0;
  const ms = point < end ? fraction(point + 1, end) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || seconds < 0 || seconds > 59 || ms < 0) return false;
  store<i32>(into, ((hour * 60 + minute) * 60 + seconds) * 1000 + ms);
  return true;
}

/** Milliseconds of up to nine digits behind the point, those beyond the third cut; -1 where they are none. */
function fraction(start: usize, end: usize): i32 {
  if (end - start > 9) return -1;
  let ms: i32 = 0;
  let unit: i32 = 100;
  for (let p = start; p < end; p += 1) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) return -1;
    ms += <i32>digit * unit;
    unit /= 10;
  }
  return ms;
}

/**
 * A TIMESTAMP: a date, then nothing or a space and 12:34:56[.123456789]. As in Flink, parts may have one digit, a day beyond the
 * end of its month is the month's last, and 24:00:00 is the next midnight.
 */
export function parseTimestamp(text: u64, into: usize): bool {
  const start = textAddress(text);
  const end = start + textLength(text);
  const dateEnd = find(start, end, 0x20);
  const first = find(start, dateEnd, 0x2d);
  const second = first < dateEnd ? find(first + 1, dateEnd, 0x2d) : dateEnd;
  if (first - start != 4 || second == dateEnd) return false;
  const year = number(start, first);
  const month = shortNumber(first + 1, second);
  const day = shortNumber(second + 1, dateEnd);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  const ms = dateEnd < end ? clock(dateEnd + 1, end) : 0;
  if (ms < 0) return false;
  store<i64>(into, <i64>daysFromCivil(year, month, min(day, monthLength(year, month))) * DAY_MS + ms);
  return true;
}

/** A number of one or two digits, -1 for others. */
// @ts-ignore: decorator
@inline
function shortNumber(start: usize, end: usize): i32 { return end - start > 2 ? -1 : number(start, end); }

/** Milliseconds of H:m:s[.fraction]; -1 where it is none. */
function clock(start: usize, end: usize): i32 {
  const first = find(start, end, 0x3a);
  const second = first < end ? find(first + 1, end, 0x3a) : end;
  if (second == end) return -1;
  const point = find(second + 1, end, 0x2e);
  const hour = shortNumber(start, first);
  const minute = shortNumber(first + 1, second);
  const seconds = shortNumber(second + 1, point);
  const ms = point < end ? fraction(point + 1, end) : 0;
  if (hour < 0 || minute < 0 || minute > 59 || seconds < 0 || seconds > 59 || ms < 0) return -1;
  if (hour > 23 && (hour != 24 || minute + seconds + ms != 0)) return -1;
  return ((hour * 60 + minute) * 60 + seconds) * 1000 + ms;
}
