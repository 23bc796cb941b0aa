/**
 * Dates and times as JSON strings, as Flink's JSON format writes them: `2020-12-30 12:13:14.123` (SQL) or with `T`
 * (ISO-8601), a closing `Z` for TIMESTAMP_LTZ; trailing zeros of the fraction are left out, and a fraction of zero whole.
 */
import { DAY_MS, civilFromDays, floorDays } from "../ingest/calendar";
import { writeDigits, writePadded, writePair } from "./number";

/** Most bytes of a TIMESTAMP with quotes, zone and a year of 9 digits: 1 + 10 + 6 + 1 + 12 + 1 + 1. */
export const TIMESTAMP_BYTES_MAX: i32 = 32;

/** DATE, days since the epoch. */
export function writeDate(out: usize, days: i32): usize {
  store<u8>(out, 0x22);
  return close(placeDate(out + 1, days));
}

/** TIME, ms of the day. */
export function writeTime(out: usize, ms: i32): usize {
  store<u8>(out, 0x22);
  return close(placeTime(out + 1, ms));
}

/** TIMESTAMP(3) in SQL form. */
export function writeTimestamp(out: usize, ms: i64): usize { return close(placeInstant(out, ms, 0x20)); }

/** TIMESTAMP_LTZ(3) in SQL form. */
export function writeTimestampLtz(out: usize, ms: i64): usize { return closeZone(placeInstant(out, ms, 0x20)); }

/** TIMESTAMP(3) in ISO-8601 form. */
export function writeTimestampIso(out: usize, ms: i64): usize { return close(placeInstant(out, ms, 0x54)); }

/** TIMESTAMP_LTZ(3) in ISO-8601 form. */
export function writeTimestampLtzIso(out: usize, ms: i64): usize { return closeZone(placeInstant(out, ms, 0x54)); }

function close(out: usize): usize {
  store<u8>(out, 0x22);
  return out + 1;
}

function closeZone(out: usize): usize {
  store<u16>(out, 0x225a);
  return out + 2;
}

function placeInstant(out: usize, ms: i64, separator: u8): usize {
  const days = floorDays(ms);
  store<u8>(out, 0x22);
  const p = placeDate(out + 1, days);
  store<u8>(p, separator);
  return placeTime(p + 1, <i32>(ms - <i64>days * DAY_MS));
}

/** `yyyy-MM-dd`; as in java.time, years beyond 9999 carry a '+' and those before 0 a '-'. */
export function placeDate(out: usize, days: i32): usize {
  const civil = civilFromDays(days);
  const year = civil >> 9;
  let p = out;
  if (year > 9999 || year < 0) {
    store<u8>(p, year < 0 ? 0x2d : 0x2b);
    p += 1;
  }
  const size = <u64>abs(year);
  if (size > 9999) {
    p = writeDigits(p, size);
  } else {
    const century = <u32>size / 100;
    writePair(p, century);
    writePair(p + 2, <u32>size - century * 100);
    p += 4;
  }
  store<u8>(p, 0x2d);
  writePair(p + 1, <u32>((civil >> 5) & 15));
  store<u8>(p, 0x2d, 3);
  writePair(p + 4, <u32>(civil & 31));
  return p + 6;
}

/** `HH:mm:ss` and up to three digits of fraction. */
export function placeTime(out: usize, ms: i32): usize {
  const seconds = <u32>ms / 1000;
  const minutes = seconds / 60;
  const hours = minutes / 60;
  writePair(out, hours);
  store<u8>(out, 0x3a, 2);
  writePair(out + 3, minutes - hours * 60);
  store<u8>(out, 0x3a, 5);
  writePair(out + 6, seconds - minutes * 60);
  const fraction = <u32>ms - seconds * 1000;
  if (fraction == 0) return out + 8;
  store<u8>(out, 0x2e, 8);
  writePadded(out + 9, <u64>fraction, 3);
  if (fraction % 100 == 0) return out + 10;
  return fraction % 10 == 0 ? out + 11 : out + 12;
}
