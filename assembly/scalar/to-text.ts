/**
 * CAST(... AS STRING): values as text in the arena, in the notation of Java and Flink. DOUBLE and FLOAT have the shortest
 * digits that read back as the same value, which Java 17 does not always find (1e23 is 9.999999999999999E22 there).
 * Where the arena is full the expression fails and the text is empty.
 */
import { writeDouble, writeFloat } from "../emit/double";
import { digitCount, writeDecimal, writeDigits, writeLong, writePadded, writeWide } from "../emit/number";
import { placeDate, placeTime } from "../emit/timestamp";
import { DAY_MS, floorDays } from "../ingest/calendar";
import { numberParts, scanNumber } from "../ingest/number";
import { textOf } from "../text/text";
import { closed, room } from "./room";

// TRUE FALSE NaN Infinity, without spaces.
const WORDS: usize = memory.data<u8>([
  0x54, 0x52, 0x55, 0x45, 0x46, 0x41, 0x4c, 0x53, 0x45, 0x4e, 0x61, 0x4e, 0x49, 0x6e, 0x66, 0x69, 0x6e, 0x69, 0x74, 0x79,
]);

/** TRUE or FALSE. */
export function textOfBool(value: bool): u64 { return value ? textOf(WORDS, 4) : textOf(WORDS + 4, 5); }

/** An integer. */
export function textOfLong(value: i64, expression: i32): u64 {
  const start = room(20, expression);
  return start == 0 ? 0 : closed(start, writeLong(start, value));
}

/** A DECIMAL(p <= 18, scale). */
export function textOfNarrow(value: i64, scale: i32, expression: i32): u64 {
  const start = room(42, expression);
  return start == 0 ? 0 : closed(start, writeDecimal(start, value, scale));
}

/** A DECIMAL(p > 18, scale). */
export function textOfWide(value: usize, scale: i32, expression: i32): u64 {
  const start = room(42, expression);
  return start == 0 ? 0 : closed(start, writeWide(start, value, scale));
}

/** A DOUBLE as Double.toString writes it: 100.0, 1.0E7, 1.0E-4. */
export function textOfDouble(value: f64, expression: i32): u64 {
  if (value - value != 0) return specialText(value, expression);
  const start = room(64, expression);
  if (start == 0) return 0;
  const digits = start + 32;
  scanNumber(digits, writeDouble(digits, abs(value)), false);
  return closed(start, writeNotation(start, reinterpret<i64>(value) < 0));
}

/** A FLOAT as Float.toString writes it. */
export function textOfFloat(value: f32, expression: i32): u64 {
  if (value - value != 0) return specialText(<f64>value, expression);
  const start = room(64, expression);
  if (start == 0) return 0;
  const digits = start + 32;
  scanNumber(digits, writeFloat(digits, abs(value)), false);
  return closed(start, writeNotation(start, reinterpret<i32>(value) < 0));
}

function specialText(value: f64, expression: i32): u64 {
  if (value != value) return textOf(WORDS + 9, 3);
  if (value > 0) return textOf(WORDS + 12, 8);
  const start = room(9, expression);
  if (start == 0) return 0;
  store<u8>(start, 0x2d);
  memory.copy(start + 1, WORDS + 12, 8);
  return textOf(start, 9);
}

/** The number scanned last, plain from 1e-3 to below 1e7, else with an exponent; always with a digit behind the point. */
function writeNotation(out: usize, isNegative: bool): usize {
  let digits = numberParts().digits;
  let exponent = numberParts().exponent;
  while (digits != 0 && digits % 10 == 0) {
    digits /= 10;
    exponent += 1;
  }
  let p = out;
  if (isNegative) {
    store<u8>(p, 0x2d);
    p += 1;
  }
  if (digits == 0) exponent = 0;
  const length = <i32>digitCount(digits);
  const point = exponent + length; // digits before the point
  if (point > 7 || point < -2) return writeScientific(p, digits, length, point - 1);
  if (point <= 0) {
    store<u32>(p, 0x30302e30); // "0.00"
    p += <usize>(2 - point);
    writePadded(p, digits, <usize>length);
    return p + <usize>length;
  }
  if (exponent >= 0) {
    p = writeDigits(p, digits);
    memory.fill(p, 0x30, <usize>exponent);
    p += <usize>exponent;
    store<u16>(p, 0x302e);
    return p + 2;
  }
  writePadded(p, digits, <usize>length);
  memory.copy(p + <usize>point + 1, p + <usize>point, <usize>(length - point));
  store<u8>(p + <usize>point, 0x2e);
  return p + <usize>length + 1;
}

function writeScientific(out: usize, digits: u64, length: i32, exponent: i32): usize {
  writePadded(out + 1, digits, <usize>length);
  store<u8>(out, load<u8>(out, 1));
  store<u8>(out, 0x2e, 1);
  if (length == 1) store<u8>(out, 0x30, 2);
  const p = out + <usize>(1 + max(length, 2));
  store<u8>(p, 0x45);
  return writeLong(p + 1, exponent);
}

/** A DATE, days since the epoch: 2020-02-29. */
export function textOfDate(days: i32, expression: i32): u64 {
  const start = room(24, expression);
  return start == 0 ? 0 : closed(start, placeDate(start, days));
}

/** A TIME, ms of the day, in whole seconds: 12:34:56. */
export function textOfTime(ms: i32, expression: i32): u64 {
  const start = room(24, expression);
  return start == 0 ? 0 : closed(start, placeTime(start, max(ms, 0) / 1000 * 1000));
}

/** A TIMESTAMP of `precision` digits behind the seconds, at most 3: 2020-02-29 12:34:56.100. */
export function textOfTimestamp(ms: i64, precision: i32, expression: i32): u64 {
  const start = room(48, expression);
  if (start == 0) return 0;
  const days = floorDays(ms);
  const timeOfDay = <i32>(ms - <i64>days * DAY_MS);
  let p = placeDate(start, days);
  store<u8>(p, 0x20);
  placeTime(p + 1, timeOfDay / 1000 * 1000);
  p += 9;
  if (precision == 0) return closed(start, p);
  store<u8>(p, 0x2e);
  writePadded(p + 1, <u64>(timeOfDay % 1000), 3);
  return closed(start, p + 1 + <usize>precision);
}
