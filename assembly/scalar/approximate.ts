/**
 * Between DECIMAL and DOUBLE, through decimal text: a DOUBLE becomes the DECIMAL nearest to its shortest text, as Java's
 * BigDecimal.valueOf has it, and a wide DECIMAL the nearest DOUBLE.
 */
import { DOUBLE_BYTES_MAX, writeDouble } from "../emit/double";
import { writeWide } from "../emit/number";
import { numberParts, partsToDouble, scanNumber } from "../ingest/number";
import { toDouble } from "../ingest/rounding";
import { take, trim } from "../text/arena";
import { placeDigits } from "./decimal";

/** Bytes of the longest DECIMAL as text. */
const WIDE_TEXT_BYTES: u32 = 42;

/** value * 10^-scale as the nearest DOUBLE. */
export function doubleOfWide(value: usize, scale: i32): f64 {
  const low = load<i64>(value);
  if (load<i64>(value, 8) == low >> 63) { // it fits an i64
    const size = toDouble(<u64>(low < 0 ? -low : low), -scale);
    return low < 0 ? -size : size;
  }
  const text = take(WIDE_TEXT_BYTES);
  if (text == 0) return NaN; // cannot be: every function that fills the arena fails before
  scanNumber(text, writeWide(text, value, scale), true);
  trim(text);
  return partsToDouble();
}

/**
 * The DECIMAL(precision, scale) of a DOUBLE, rounded half up, as 16 bytes.
 * @returns false when it has more digits, or is no number
 */
export function decimalOfDouble(value: f64, into: usize, precision: i32, scale: i32): bool {
  if (value - value != 0) return false;
  const text = take(DOUBLE_BYTES_MAX);
  if (text == 0) return false;
  scanNumber(text, writeDouble(text, value), true);
  trim(text);
  return decimalOfNumber(into, precision, scale);
}

/** The number scanned last (ingest/number.ts) as DECIMAL(precision, scale). @returns false when it has more digits */
export function decimalOfNumber(into: usize, precision: i32, scale: i32): bool {
  const parts = numberParts();
  return placeDigits(parts.mantissa, parts.mantissaEnd, parts.exponentText, parts.isNegative, into, precision, scale);
}
