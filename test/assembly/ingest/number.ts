/** Number text is split by JSON's grammar and rounded to the nearest double, ties to even. */
import { TEXTS } from "../../../assembly/abi";
import { partsFitLong, partsToDouble, partsToLong, scanNumber } from "../../../assembly/ingest/number";

function put(text: string): usize {
  const length = text.length;
  for (let i = 0; i < length; i += 1) store<u8>(TEXTS + i, <u8>text.charCodeAt(i));
  store<u64>(TEXTS + length, 0x2c2c2c2c2c2c2c2c);
  return TEXTS + length;
}

function double(text: string): f64 {
  const end = put(text);
  assert(scanNumber(TEXTS, end, false) == end, text);
  return partsToDouble();
}

function isNumber(text: string): bool {
  const end = put(text);
  return scanNumber(TEXTS, end, false) == end;
}

function isLooseNumber(text: string): bool {
  const end = put(text);
  return scanNumber(TEXTS, end, true) == end;
}

export function short_numbers_are_exact(): void {
  assert(double("0") == 0);
  assert(double("21.5") == 21.5);
  assert(double("-0.1") == -0.1);
  assert(double("1e22") == 1e22);
  assert(reinterpret<u64>(double("-0")) == <u64>1 << 63);
}

export function seventeen_digits_round_to_nearest(): void {
  assert(reinterpret<u64>(double("9007199254740993")) == 0x4340000000000000);
  assert(reinterpret<u64>(double("0.30000000000000004")) == 0x3fd3333333333334);
}

export function a_tie_goes_to_even_and_one_digit_far_behind_breaks_it(): void {
  assert(reinterpret<u64>(double("9007199254740993.000000000000000000000000000000")) == 0x4340000000000000);
  assert(reinterpret<u64>(double("9007199254740993.000000000000000000000000000001")) == 0x4340000000000001);
  assert(reinterpret<u64>(double("9007199254740992.999999999999999999999999999999")) == 0x4340000000000000);
}

export function the_smallest_subnormal_starts_at_half_of_itself(): void {
  assert(double("2.4703282292062327208e-324") == 0);
  assert(reinterpret<u64>(double("2.4703282292062327209e-324")) == 1);
  assert(reinterpret<u64>(double("4.9e-324")) == 1);
}

export function the_largest_double_ends_at_half_a_step_above(): void {
  assert(double("1.7976931348623157e308") == f64.MAX_VALUE);
  assert(double("1.797693134862315807e308") == f64.MAX_VALUE);
  assert(double("1.797693134862315808e308") == Infinity);
  assert(double("1e400") == Infinity);
  assert(double("1e-400") == 0);
  assert(double("1e999999999999") == Infinity);
}

export function json_refuses_what_java_takes(): void {
  assert(!isNumber("01") && !isNumber("+1") && !isNumber(".5") && !isNumber("5.") && !isNumber("-") && !isNumber("1e") && !isNumber("1e+"));
  assert(isLooseNumber("01") && isLooseNumber("+1") && isLooseNumber(".5") && isLooseNumber("5."));
  assert(!isLooseNumber("") && !isLooseNumber(".") && !isLooseNumber("--1") && !isLooseNumber("1x"));
}

export function integers_end_where_64_bits_end(): void {
  double("9223372036854775807");
  assert(partsFitLong() && partsToLong() == i64.MAX_VALUE);
  double("-9223372036854775808");
  assert(partsFitLong() && partsToLong() == i64.MIN_VALUE);
  double("9223372036854775808");
  assert(!partsFitLong());
  double("92233720368547758070");
  assert(!partsFitLong());
  double("1.0");
  assert(!partsFitLong());
}
