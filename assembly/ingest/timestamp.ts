/**
 * Text of dates and times in JSON strings -> DATE (days), TIME (ms of the day), TIMESTAMP and TIMESTAMP_LTZ (ms since the
 * epoch), as json.timestamp-format.standard says: SQL `2020-12-30 12:13:14.123` or ISO-8601 `2020-12-30T12:13:14.123`,
 * with a closing `Z` for TIMESTAMP_LTZ. Up to 9 digits of a second's fraction are taken; those beyond ms are cut.
 * A date that does not exist is refused (Flink's SQL format turns 30 February into the 28th).
 */
import { REJECT_RANGE, REJECT_TYPE } from "../abi";
import { textAddress, textLength } from "../text/text";
import { DAY_MS, daysFromCivil, monthLength } from "./calendar";
import { VALUE_LONG, VALUE_TEXT, reject } from "./reject";
import { readText } from "./value";

/** DATE: `2020-12-30`. */
export function readDate(p: usize, end: usize, into: usize): usize {
  if (load<u8>(p) != 0x22) return reject(REJECT_TYPE);
  const behind = readText(p, end, VALUE_TEXT);
  if (behind == 0) return 0;
  const from = textAddress(load<u64>(VALUE_TEXT));
  const to = from + textLength(load<u64>(VALUE_TEXT));
  const rest = scanDate(from, to);
  if (rest == 0) return 0;
  if (rest != to) return reject(REJECT_TYPE);
  store<i32>(into, load<i32>(VALUE_LONG));
  return behind;
}

/** TIME: `12:13:14` with an optional fraction. */
export function readTime(p: usize, end: usize, into: usize): usize {
  if (load<u8>(p) != 0x22) return reject(REJECT_TYPE);
  const behind = readText(p, end, VALUE_TEXT);
  if (behind == 0) return 0;
  const from = textAddress(load<u64>(VALUE_TEXT));
  const to = from + textLength(load<u64>(VALUE_TEXT));
  const rest = scanTime(from, to, false);
  if (rest == 0) return 0;
  if (rest != to) return reject(REJECT_TYPE);
  store<i32>(into, load<i32>(VALUE_LONG));
  return behind;
}

/** TIMESTAMP(3) in SQL form. */
export function readTimestamp(p: usize, end: usize, into: usize): usize { return readInstant(p, end, into, false, false); }

/** TIMESTAMP_LTZ(3) in SQL form. */
export function readTimestampLtz(p: usize, end: usize, into: usize): usize { return readInstant(p, end, into, false, true); }

/** TIMESTAMP(3) in ISO-8601 form. */
export function readTimestampIso(p: usize, end: usize, into: usize): usize { return readInstant(p, end, into, true, false); }

/** TIMESTAMP_LTZ(3) in ISO-8601 form. */
export function readTimestampLtzIso(p: usize, end: usize, into: usize): usize { return readInstant(p, end, into, true, true); }

function readInstant(p: usize, end: usize, into: usize, isIso: bool, hasZone: bool): usize {
  if (load<u8>(p) != 0x22) return reject(REJECT_TYPE);
  const behind = readText(p, end, VALUE_TEXT);
  if (behind == 0) return 0;
  const from = textAddress(load<u64>(VALUE_TEXT));
  const to = from + textLength(load<u64>(VALUE_TEXT));
  let q = scanDate(from, to);
  if (q == 0) return 0;
  const days = load<i32>(VALUE_LONG);
  if (q >= to) return reject(REJECT_TYPE);
  const separator = <u32>load<u8>(q);
  // Java's ISO parser takes its letters in either case, and the closing Z of the pattern only as written.
  if (isIso ? (separator | 0x20) != 0x74 : separator != 0x20) return reject(REJECT_TYPE);
  q = scanTime(q + 1, to, isIso);
  if (q == 0) return 0;
  if (hasZone) {
    if (q >= to || load<u8>(q) != 0x5a) return reject(REJECT_TYPE);
    q += 1;
  }
  if (q != to) return reject(REJECT_TYPE);
  store<i64>(into, <i64>days * DAY_MS + load<i32>(VALUE_LONG));
  return behind;
}

/** `[+-]yyyy-MM-dd`, a year of 4 digits, or with a sign of up to 6. Leaves days since the epoch in VALUE_LONG. */
function scanDate(from: usize, to: usize): usize {
  if (from >= to) return reject(REJECT_TYPE);
  const sign = <u32>load<u8>(from);
  const isSigned = sign == 0x2b || sign == 0x2d;
  let q = from + usize(isSigned);
  let year: i32 = 0;
  const first = q;
  for (; q < to; q += 1) {
    const digit = <u32>load<u8>(q) - 0x30;
    if (digit > 9) break;
    if (q - first >= 6) return reject(REJECT_RANGE);
    year = year * 10 + <i32>digit;
  }
  const digits = q - first;
  // As in java.time: more than four digits need a '+', so that 12020-01-01 is no accident.
  if (digits < 4 || (digits > 4) != (sign == 0x2b) && sign != 0x2d) return reject(REJECT_TYPE);
  if (sign == 0x2d) year = -year;
  if (to - q < 6 || load<u8>(q) != 0x2d || load<u8>(q, 3) != 0x2d) return reject(REJECT_TYPE);
  const month = twoDigits(q + 1);
  const day = twoDigits(q + 4);
  if (month < 0 || day < 0) return reject(REJECT_TYPE);
  if (day < 1 || day > monthLength(year, month)) return reject(REJECT_RANGE);
  store<i32>(VALUE_LONG, daysFromCivil(year, month, day));
  return q + 6;
}

/** `HH:mm:ss[.fraction]`, in ISO form also `HH:mm`. Leaves ms of the day in VALUE_LONG. */
function scanTime(from: usize, to: usize, isIso: bool): usize {
  if (to < from + 5 || load<u8>(from, 2) != 0x3a) return reject(REJECT_TYPE);
  const hour = twoDigits(from);
  const minute = twoDigits(from + 3);
  let second: i32 = 0;
  let q = from + 5;
  let ms: i32 = 0;
  if (q < to && load<u8>(q) == 0x3a) {
    if (to - q < 3) return reject(REJECT_TYPE);
    second = twoDigits(q + 1);
    q += 3;
    if (q < to && load<u8>(q) == 0x2e) {
      const fraction = q + 1;
      let scale: i32 = 100;
      for (q = fraction; q < to; q += 1) {
        const digit = <u32>load<u8>(q) - 0x30;
        if (digit > 9) break;
        ms += <i32>digit * scale;
        scale /= 10;
      }
      if (q == fraction || q - fraction > 9) return reject(REJECT_TYPE);
    }
  } else if (!isIso) {
    return reject(REJECT_TYPE);
  }
  if (hour < 0 || minute < 0 || second < 0) return reject(REJECT_TYPE);
  if (hour > 23 || minute > 59 || second > 59) return reject(REJECT_RANGE);
  store<i32>(VALUE_LONG, ((hour * 60 + minute) * 60 + second) * 1000 + ms);
  return q;
}

/** Two digits as a number, -1 when they are not. */
function twoDigits(p: usize): i32 {
  const tens = <u32>load<u8>(p) - 0x30;
  const ones = <u32>load<u8>(p, 1) - 0x30;
  return tens > 9 || ones > 9 ? -1 : <i32>(tens * 10 + ones);
}
