/**
 * TO_TIMESTAMP, TO_DATE and UNIX_TIMESTAMP by a format (compiled as in scalar/format-time.ts). TO_TIMESTAMP reads as java.time does:
 * fixed widths, the whole text, and days behind the end of a month are its last; where that fails, any yyyy-m-d [h:m:s[.f]]. The two others
 * read as java.text does: any widths, what lies behind is passed over, and what is too large runs over into the next unit.
 */
import { DAY_MS, daysFromCivil, floorDays, monthLength } from "../ingest/calendar";
import { take, trim } from "../text/arena";
import { textAddress, textLength, textOf } from "../text/text";
import { MONTHS } from "./format-time";

/** Fields read so far. */
@final @unmanaged class Fields {
  year: i32;
  month: i32;
  day: i32;
  hour: i32;
  minute: i32;
  second: i32;
  milli: i32;
  /** Hour of h, -1 for none. */
  half: i32;
  /** 0 for AM, 1 for PM, -1 for neither. */
  isLate: i32;
}

const FIELDS_BYTES: u32 = 36;

/** TO_TIMESTAMP(text, format): ms since 1970. @returns false for NULL */
export function scanTimestamp(text: u64, format: usize, into: usize): bool {
  const area = take(FIELDS_BYTES);
  if (area == 0) return false;
  const fields = changetype<Fields>(area);
  reset(fields);
  let isRead = scan(fields, text, format, false) && areInRange(fields);
  if (isRead) {
    fields.day = min(fields.day, monthLength(fields.year, fields.month));
  } else {
    reset(fields);
    isRead = scanPlain(fields, text);
  }
  if (isRead) store<i64>(into, millisOf(fields));
  trim(area);
  return isRead;
}

/** TO_DATE(text, format): days since 1970. @returns false for NULL */
export function scanDate(text: u64, format: usize, into: usize): bool {
  const area = take(FIELDS_BYTES);
  if (area == 0) return false;
  const fields = changetype<Fields>(area);
  reset(fields);
  const isRead = scan(fields, text, format, true);
  if (isRead) store<i32>(into, floorDays(millisOf(fields)));
  trim(area);
  return isRead;
}

/** UNIX_TIMESTAMP(text, format): seconds since 1970; the least BIGINT for a text that cannot be read, as in Flink. */
export function scanSeconds(text: u64, format: usize): i64 {
  const area = take(FIELDS_BYTES);
  if (area == 0) return i64.MIN_VALUE;
  const fields = changetype<Fields>(area);
  reset(fields);
  const ms = scan(fields, text, format, true) ? millisOf(fields) : i64.MIN_VALUE;
  trim(area);
  return ms == i64.MIN_VALUE ? ms : ms / 1000;
}

function reset(fields: Fields): void {
  fields.year = 1970;
  fields.month = 1;
  fields.day = 1;
  fields.hour = 0;
  fields.minute = 0;
  fields.second = 0;
  fields.milli = 0;
  fields.half = -1;
  fields.isLate = -1;
}

function areInRange(fields: Fields): bool {
  if (fields.half == 0 || fields.half > 12) return false;
  const isMidnight = fields.hour == 24 && (fields.minute | fields.second | fields.milli) == 0;
  return fields.month >= 1 && fields.month <= 12 && fields.day >= 1 && fields.day <= 31 && (fields.hour < 24 || isMidnight)
    && fields.minute < 60 && fields.second < 60;
}

function millisOf(fields: Fields): i64 {
  const months = fields.month - 1;
  const over = months >= 0 ? months / 12 : (months - 11) / 12;
  const days = <i64>daysFromCivil(fields.year + over, months - over * 12 + 1, 1) + fields.day - 1;
  // Without AM or PM java.time leaves hours of h unused.
  const hour = fields.half < 0 || fields.isLate < 0 ? fields.hour : fields.half % 12 + fields.isLate * 12;
  return days * DAY_MS + <i64>hour * 3600000 + <i64>fields.minute * 60000 + <i64>fields.second * 1000 + fields.milli;
}

function scan(fields: Fields, text: u64, format: usize, isLenient: bool): bool {
  const end = textAddress(text) + textLength(text);
  let p = textAddress(text);
  for (let step = format; load<u8>(step) != 255;) {
    const letter = <u32>load<u8>(step);
    const count = <u32>load<u8>(step, 1);
    if (letter == 0) {
      if (end - p < count || memory.compare(p, step + 2, count) != 0) return false;
      p += count;
      step += 2 + count;
      continue;
    }
    step += 2;
    if (isLenient) while (p < end && (load<u8>(p) == 0x20 || load<u8>(p) == 0x09)) p += 1;
    const following = <u32>load<u8>(step);
    p = scanField(fields, p, end, letter, count, isLenient, following != 0 && following != 255);
    if (p == 0) return false;
  }
  return isLenient || p == end;
}

/** @returns address behind the field, 0 where it cannot be read */
function scanField(fields: Fields, p: usize, end: usize, letter: u32, count: u32, isLenient: bool, isFollowed: bool): usize {
  if (letter == 0x61) return scanHalf(fields, p, end, isLenient);
  if (letter == 0x4d && count == 3) return scanMonth(fields, p, end, isLenient);
  const isFixed = isLenient ? isFollowed : count > 1;
  const width = isFixed ? min<usize>(count, end - p) : end - p;
  let value = 0;
  let q = p;
  while (q < p + width && <u32>load<u8>(q) - 0x30 < 10 && q - p < 9) {
    value = value * 10 + <i32>load<u8>(q) - 0x30;
    q += 1;
  }
  const digits = <u32>(q - p);
  if (digits == 0 || (!isLenient && isFixed && digits != count)) return 0;
  switch (letter) {
    case 0x79: fields.year = count == 2 && digits == 2 ? 2000 + value : value; break;
    case 0x4d: fields.month = value; break;
    case 0x64: fields.day = value; break;
    case 0x48: fields.hour = value; break;
    case 0x68: fields.half = value; break;
    case 0x6d: fields.minute = value; break;
    case 0x73: fields.second = value; break;
    default: fields.milli = isLenient ? value : millisOfFraction(value, digits); break;
  }
  return q;
}

function millisOfFraction(value: i32, digits: u32): i32 {
  let result = value;
  for (let i = digits; i < 3; i += 1) result *= 10;
  for (let i = digits; i > 3; i -= 1) result /= 10;
  return result;
}

// @ts-ignore: decorator
@inline
function folded(byte: u32, isFolded: bool): u32 { return isFolded && byte - 0x61 < 26 ? byte & ~0x20 : byte; }

/** AM or PM. */
function scanHalf(fields: Fields, p: usize, end: usize, isFolded: bool): usize {
  if (end - p < 2 || folded(load<u8>(p, 1), isFolded) != 0x4d) return 0;
  const first = folded(load<u8>(p), isFolded);
  if (first != 0x41 && first != 0x50) return 0;
  fields.isLate = first == 0x50 ? 1 : 0;
  return p + 2;
}

/** The first three letters of a month's name. */
function scanMonth(fields: Fields, p: usize, end: usize, isFolded: bool): usize {
  if (end - p < 3) return 0;
  for (let month = 0; month < 12; month += 1) {
    const name = MONTHS + <usize>month * 10;
    let same = 0;
    while (same < 3 && folded(load<u8>(p + <usize>same), isFolded) == folded(load<u8>(name + <usize>same), isFolded)) same += 1;
    if (same < 3) continue;
    fields.month = month + 1;
    return p + 3;
  }
  return 0;
}

// "yyyy-M-d" and "H:m:s": what java.sql.Timestamp.valueOf reads.
const PLAIN_DATE: usize = memory.data<u8>([0x79, 4, 0, 1, 0x2d, 0x4d, 1, 0, 1, 0x2d, 0x64, 1, 255]);
const PLAIN_CLOCK: usize = memory.data<u8>([0x48, 1, 0, 1, 0x3a, 0x6d, 1, 0, 1, 0x3a, 0x73, 1, 255]);

function scanPlain(fields: Fields, text: u64): bool {
  let start = textAddress(text);
  let end = start + textLength(text);
  while (start < end && load<u8>(start) <= 0x20) start += 1;
  while (start < end && load<u8>(end - 1) <= 0x20) end -= 1;
  let space = start;
  while (space < end && load<u8>(space) != 0x20) space += 1;
  if (!scan(fields, textOf(start, <u32>(space - start)), PLAIN_DATE, false)) return false;
  if (fields.month < 1 || fields.month > 12 || fields.day < 1 || fields.day > 31) return false;
  if (space == end) return true;
  let point = space + 1;
  while (point < end && load<u8>(point) != 0x2e) point += 1;
  if (!scan(fields, textOf(space + 1, <u32>(point - space - 1)), PLAIN_CLOCK, false)) return false;
  if (point == end) return true;
  const digits = end - point - 1;
  if (digits < 1 || digits > 9) return false;
  return scanField(fields, point + 1, end, 0x53, <u32>digits, false, false) == end;
}
