/** Values as JSON texts of the arena, written as results are. Without room there, `expression` fails and the text is empty. */
import { REJECT_OVERSIZE } from "../abi";
import { writeDouble, writeFloat } from "../emit/double";
import { writeBool, writeDecimal, writeLong, writeWide } from "../emit/number";
import { writeBytes, writeText } from "../emit/text";
import { writeDate, writeTime, writeTimestamp, writeTimestampIso, writeTimestampLtz, writeTimestampLtzIso } from "../emit/timestamp";
import { fail } from "../error";
import { take, trim } from "../text/arena";
import { textLength, textOf } from "../text/text";

/** More than any value of fixed size needs. */
const VALUE_BYTES: u32 = 64;
/** Quotes, and what copying 16 bytes at a time may write over. */
const FRAME_BYTES: u32 = 24;
/** An escaped control character. */
const ESCAPE_BYTES: u32 = 6;

export function jsonOfBool(value: bool, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeBool(out, value));
}

export function jsonOfLong(value: i64, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeLong(out, value));
}

export function jsonOfDouble(value: f64, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeDouble(out, value));
}

export function jsonOfFloat(value: f32, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeFloat(out, value));
}

/** DECIMAL of up to 18 digits. */
export function jsonOfNarrow(value: i64, scale: i32, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeDecimal(out, value, scale));
}

/** DECIMAL beyond, 16 bytes at `wide`. */
export function jsonOfWide(wide: usize, scale: i32, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeWide(out, wide, scale));
}

export function jsonOfText(text: u64, expression: i32): u64 {
  const out = room(textLength(text) * ESCAPE_BYTES + FRAME_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeText(out, text));
}

/** Base64. */
export function jsonOfBytes(bytes: u64, expression: i32): u64 {
  const out = room(textLength(bytes) * 2 + FRAME_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeBytes(out, bytes));
}

export function jsonOfDate(days: i32, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeDate(out, days));
}

export function jsonOfTime(ms: i32, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeTime(out, ms));
}

export function jsonOfTimestamp(ms: i64, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeTimestamp(out, ms));
}

/** TIMESTAMP_LTZ, with the zone. */
export function jsonOfInstant(ms: i64, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeTimestampLtz(out, ms));
}

/** Both with a T between date and time. */
export function jsonOfTimestampIso(ms: i64, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeTimestampIso(out, ms));
}

export function jsonOfInstantIso(ms: i64, expression: i32): u64 {
  const out = room(VALUE_BYTES, expression);
  return out == 0 ? 0 : ended(out, writeTimestampLtzIso(out, ms));
}

function room(bytes: u32, expression: i32): usize {
  const out = take(bytes);
  if (out == 0) fail(REJECT_OVERSIZE, expression);
  return out;
}

/** Gives back what was not written. */
function ended(out: usize, end: usize): u64 {
  trim(end);
  return textOf(out, <u32>(end - out));
}
