/**
 * Passes over JSON values that no column wants, checking their syntax all the same: a payload is taken or refused as a
 * whole, whatever the query reads of it (RFC 8259). Each function answers the address behind, or 0 with a reason.
 */
import { malformed } from "./reject";
import { plainRun, scanString } from "./string";

/** Nesting beyond this is refused, so that no payload exhausts the stack. */
export const DEPTH_MAX: i32 = 64;

const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;
const NULL: u32 = 0x6c6c756e;

/** Whether `null` stands at `p`. */
// @ts-ignore: decorator
@inline
export function isNullAt(p: usize): bool { return load<u32>(p) == NULL; }

/** Whether `true` stands at `p`. */
// @ts-ignore: decorator
@inline
export function isTrueAt(p: usize): bool { return load<u32>(p) == TRUE; }

/** Whether `false` stands at `p`. */
// @ts-ignore: decorator
@inline
export function isFalseAt(p: usize): bool { return load<u32>(p) == FALS && load<u8>(p, 4) == 0x65; }

/** First address from `p` on that is no white space; may be `end`. */
// @ts-ignore: decorator
@inline
export function skipSpace(p: usize, end: usize): usize {
  return load<u8>(p) > 0x20 ? p : skipSpaces(p, end);
}

function skipSpaces(p: usize, end: usize): usize {
  let q = p;
  for (; q < end; q += 1) {
    const byte = <u32>load<u8>(q);
    if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) break;
  }
  return q;
}

/** Passes over any value. @param depth containers around it */
export function skipValue(p: usize, end: usize, depth: i32): usize {
  if (p >= end) return malformed();
  const byte = <u32>load<u8>(p);
  if (byte == 0x22) return skipString(p, end);
  if (byte == 0x2d || byte - 0x30 <= 9) return skipNumber(p, end);
  if (byte == 0x7b) return skipObject(p, end, depth + 1);
  if (byte == 0x5b) return skipArray(p, end, depth + 1);
  if (isTrueAt(p) || isNullAt(p)) return within(p + 4, end);
  if (isFalseAt(p)) return within(p + 5, end);
  return malformed();
}

// A word read across the payload's end belongs to the next payload.
// @ts-ignore: decorator
@inline
function within(p: usize, end: usize): usize { return p <= end ? p : malformed(); }

/** Passes over a string. Requires: `p` is at its opening quote. */
// @ts-ignore: decorator
@inline
export function skipString(p: usize, end: usize): usize {
  const close = p + 1 + plainRun(p + 1);
  if (load<u8>(close) == 0x22 && close < end) return close + 1;
  const found = scanString(p + 1, end);
  return found == 0 ? 0 : found + 1;
}

/** Passes over a number in JSON's grammar: -? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)?. */
export function skipNumber(p: usize, end: usize): usize {
  let q = p;
  if (load<u8>(q) == 0x2d) q += 1;
  const whole = q;
  q = skipDigits(q, end);
  if (q == whole || (q > whole + 1 && load<u8>(whole) == 0x30)) return malformed();
  if (load<u8>(q) == 0x2e && q < end) {
    const fraction = q + 1;
    q = skipDigits(fraction, end);
    if (q == fraction) return malformed();
  }
  if ((load<u8>(q) | 0x20) == 0x65 && q < end) {
    q += 1;
    const sign = <u32>load<u8>(q);
    if (sign == 0x2b || sign == 0x2d) q += 1;
    const exponent = q;
    q = skipDigits(exponent, end);
    if (q == exponent) return malformed();
  }
  return q;
}

// @ts-ignore: decorator
@inline
function skipDigits(p: usize, end: usize): usize {
  let q = p;
  while (q < end && <u32>load<u8>(q) - 0x30 <= 9) q += 1;
  return q;
}

function skipObject(p: usize, end: usize, depth: i32): usize {
  if (depth > DEPTH_MAX) return malformed();
  let q = skipSpace(p + 1, end);
  if (q < end && load<u8>(q) == 0x7d) return q + 1;
  while (q < end) {
    if (load<u8>(q) != 0x22) return malformed();
    q = skipString(q, end);
    if (q == 0) return 0;
    q = skipSpace(q, end);
    if (q >= end || load<u8>(q) != 0x3a) return malformed();
    q = skipValue(skipSpace(q + 1, end), end, depth);
    if (q == 0) return 0;
    q = skipSpace(q, end);
    if (q >= end) return malformed();
    const byte = <u32>load<u8>(q);
    if (byte == 0x7d) return q + 1;
    if (byte != 0x2c) return malformed();
    q = skipSpace(q + 1, end);
  }
  return malformed();
}

function skipArray(p: usize, end: usize, depth: i32): usize {
  if (depth > DEPTH_MAX) return malformed();
  let q = skipSpace(p + 1, end);
  if (q < end && load<u8>(q) == 0x5d) return q + 1;
  while (q < end) {
    q = skipValue(q, end, depth);
    if (q == 0) return 0;
    q = skipSpace(q, end);
    if (q >= end) return malformed();
    const byte = <u32>load<u8>(q);
    if (byte == 0x5d) return q + 1;
    if (byte != 0x2c) return malformed();
    q = skipSpace(q + 1, end);
  }
  return malformed();
}
