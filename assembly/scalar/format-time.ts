/**
 * DATE_FORMAT and FROM_UNIXTIME: a time as text by a format that was compiled to steps of two bytes (a letter of java.time and
 * its count), where letter 0 is followed by `count` bytes that stand for themselves, and letter 255 ends it. Names are English.
 */
import { digitCount, writeDigits, writePadded } from "../emit/number";
import { DAY_MS, civilFromDays, daysFromCivil, floorDays } from "../ingest/calendar";
import { closed, room } from "./room";

/** Bytes that a field of any kind takes at most. */
const FIELD_BYTES_MAX: u64 = 24;
/** January to December in 10 bytes each, padded with zeros. */
export const MONTHS: usize = memory.data<u8>([
  74, 97, 110, 117, 97, 114, 121, 0, 0, 0, 70, 101, 98, 114, 117, 97, 114, 121, 0, 0, 77, 97, 114, 99, 104, 0, 0, 0, 0, 0,
  65, 112, 114, 105, 108, 0, 0, 0, 0, 0, 77, 97, 121, 0, 0, 0, 0, 0, 0, 0, 74, 117, 110, 101, 0, 0, 0, 0, 0, 0,
  74, 117, 108, 121, 0, 0, 0, 0, 0, 0, 65, 117, 103, 117, 115, 116, 0, 0, 0, 0, 83, 101, 112, 116, 101, 109, 98, 101, 114, 0,
  79, 99, 116, 111, 98, 101, 114, 0, 0, 0, 78, 111, 118, 101, 109, 98, 101, 114, 0, 0, 68, 101, 99, 101, 109, 98, 101, 114, 0, 0,
]);
// Sunday to Saturday, the same.
const WEEKDAYS: usize = memory.data<u8>([
  83, 117, 110, 100, 97, 121, 0, 0, 0, 0, 77, 111, 110, 100, 97, 121, 0, 0, 0, 0, 84, 117, 101, 115, 100, 97, 121, 0, 0, 0,
  87, 101, 100, 110, 101, 115, 100, 97, 121, 0, 84, 104, 117, 114, 115, 100, 97, 121, 0, 0, 70, 114, 105, 100, 97, 121, 0, 0, 0, 0,
  83, 97, 116, 117, 114, 100, 97, 121, 0, 0,
]);

/** A time, ms since 1970, by the format. */
export function formatTime(ms: i64, format: usize, expression: i32): u64 {
  let bytes: u64 = 0;
  for (let step = format; load<u8>(step) != 255; step = next(step)) bytes += load<u8>(step) == 0 ? <u64>load<u8>(step, 1) : FIELD_BYTES_MAX;
  const start = room(bytes, expression);
  if (start == 0) return 0;
  const days = floorDays(ms);
  const civil = civilFromDays(days);
  const timeOfDay = <u32>(ms - <i64>days * DAY_MS);
  let out = start;
  for (let step = format; load<u8>(step) != 255; step = next(step)) {
    const count = <u32>load<u8>(step, 1);
    if (load<u8>(step) == 0) {
      memory.copy(out, step + 2, count);
      out += count;
    } else {
      out = writeField(out, load<u8>(step), count, days, civil, timeOfDay);
    }
  }
  return closed(start, out);
}

// @ts-ignore: decorator
@inline
function next(step: usize): usize { return step + 2 + (load<u8>(step) == 0 ? <usize>load<u8>(step, 1) : 0); }

function writeField(out: usize, letter: u32, count: u32, days: i32, civil: i64, timeOfDay: u32): usize {
  const year = <i32>(civil >> 9);
  const month = <i32>(civil >> 5) & 15;
  const hour = timeOfDay / 3600000;
  switch (letter) {
    case 0x79: // y
      return count == 2 ? writeNumber(out, <u32>year % 100, 2) : writeNumber(out, <u32>year, count);
    case 0x4d: // M
      return count < 3 ? writeNumber(out, <u32>month, count) : writeName(out, MONTHS + <usize>(month - 1) * 10, count);
    case 0x64: return writeNumber(out, <u32>civil & 31, count); // d
    case 0x44: return writeNumber(out, <u32>(days - daysFromCivil(year, 1, 1) + 1), count); // D
    case 0x48: return writeNumber(out, hour, count); // H
    case 0x6b: return writeNumber(out, hour == 0 ? 24 : hour, count); // k
    case 0x4b: return writeNumber(out, hour % 12, count); // K
    case 0x68: return writeNumber(out, hour % 12 == 0 ? 12 : hour % 12, count); // h
    case 0x6d: return writeNumber(out, timeOfDay / 60000 % 60, count); // m
    case 0x73: return writeNumber(out, timeOfDay / 1000 % 60, count); // s
    case 0x53: { // S: the first digits of the fraction
      writePadded(out, timeOfDay % 1000, 3);
      memory.fill(out + 3, 0x30, 6);
      return out + count;
    }
    case 0x61: { // a
      store<u8>(out, hour < 12 ? 0x41 : 0x50);
      store<u8>(out, 0x4d, 1);
      return out + 2;
    }
    case 0x51: return writeNumber(out, <u32>(month + 2) / 3, count); // Q
    default: { // E, e
      const weekday = (days % 7 + 11) % 7; // 1970-01-01 was a Thursday; 0 is Sunday
      return letter == 0x65 ? writeNumber(out, <u32>weekday + 1, count) : writeName(out, WEEKDAYS + <usize>weekday * 10, max<u32>(count, 3));
    }
  }
}

function writeNumber(out: usize, value: u32, width: u32): usize {
  if (<u32>digitCount(value) > width) return writeDigits(out, value);
  writePadded(out, value, width);
  return out + width;
}

/** The first three letters, all of them for a count of 4, the first one for 5. */
function writeName(out: usize, name: usize, count: u32): usize {
  const most: usize = count == 3 ? 3 : count == 4 ? 10 : 1;
  let length: usize = 0;
  while (length < most && load<u8>(name + length) != 0) {
    store<u8>(out + length, load<u8>(name + length));
    length += 1;
  }
  return out + length;
}
