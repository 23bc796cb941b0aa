/**
 * POWER, and e to a pair of DOUBLEs: logarithm and exponential with about 100 bits, rounded once at the end, so that a
 * result is the nearest DOUBLE but for cases within a trillionth of halfway. Special values as java.lang.Math.pow has them.
 */
import { take, trim } from "../text/arena";
import { addDouble, addPairs, dividePairs, high, low, multiplyDouble, multiplyPairs, place } from "./pair";

const PAIR: usize = 16;
const LN2_HIGH: f64 = 0.6931471805599453;
const LN2_LOW: f64 = 2.3190468138462996e-17;
/** e^x is Infinity above and 0 below. */
const EXPONENT_MOST: f64 = 709.79;
const EXPONENT_LEAST: f64 = -745.14;

/** POWER(base, exponent) */
export function power(base: f64, exponent: f64): f64 {
  if (exponent == 0) return 1;
  if (exponent == 1) return base;
  if (base != base || exponent != exponent) return NaN;
  const size = abs(base);
  if (abs(exponent) == Infinity) return size == 1 ? NaN : (size > 1) == (exponent > 0) ? Infinity : 0;
  const isWhole = floor(exponent) == exponent;
  const isOdd = isWhole && abs(exponent) < 9007199254740992.0 && (<i64>exponent & 1) != 0;
  if (base == 0 || size == Infinity) {
    const result: f64 = (size == Infinity) == (exponent > 0) ? Infinity : 0;
    return isOdd && reinterpret<i64>(base) < 0 ? -result : result;
  }
  if (base < 0 && !isWhole) return NaN;
  const result = size == 1 ? 1 : powerOf(size, exponent);
  return base < 0 && isOdd ? -result : result;
}

/** SQRT(x): x to the power of 0.5, as in Flink: of -Infinity it is Infinity. */
export function squareRoot(x: f64): f64 { return x == -Infinity ? Infinity : x == 0 ? 0 : sqrt<f64>(x); }

/** Requires: both finite, base > 0. */
function powerOf(base: f64, exponent: f64): f64 {
  const area = take(<u32>(PAIR * 8));
  if (area == 0) return NaN; // cannot be: what fills the arena fails before
  logarithm(area, base, area + PAIR);
  const rough = high(area) * exponent;
  let result: f64;
  if (rough > 800) result = Infinity; // also keeps the product from overflowing
  else if (rough < -800) result = 0;
  else {
    multiplyDouble(area, area, exponent);
    result = exponential(area, area + PAIR);
  }
  trim(area);
  return result;
}

/** into = ln(x), with six pairs of working memory. Requires: x finite, > 0. */
function logarithm(into: usize, x: f64, work: usize): void {
  let bits = reinterpret<i64>(x);
  let shift = 0;
  if (bits < 0x10000000000000) { // below the normal numbers
    bits = reinterpret<i64>(x * 18014398509481984.0);
    shift = -54;
  }
  let exponent = <i32>(bits >> 52) - 1023 + shift;
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent += 1;
  }
  // ln(m) = 2 artanh(s), s = (m - 1) / (m + 1); s^2 < 0.0295, and 20 terms of the series are beyond 100 bits
  const s = work;
  const square = work + PAIR;
  const sum = work + PAIR * 2;
  const term = work + PAIR * 3;
  place(term, mantissa - 1, 0);
  place(sum, 2, mantissa - 1);
  dividePairs(s, term, sum);
  multiplyPairs(square, s, s);
  place(sum, 0, 0);
  for (let n = 41; n > 0; n -= 2) {
    multiplyPairs(sum, sum, square);
    place(term, 1, 0);
    place(into, <f64>n, 0);
    dividePairs(term, term, into);
    addPairs(sum, sum, term);
  }
  multiplyPairs(sum, sum, s);
  multiplyDouble(sum, sum, 2);
  place(term, LN2_HIGH, LN2_LOW);
  multiplyDouble(term, term, <f64>exponent);
  addPairs(into, term, sum);
}

/** e to the pair, with three pairs of working memory. */
function exponential(pair: usize, work: usize): f64 {
  if (high(pair) > EXPONENT_MOST) return Infinity;
  if (high(pair) < EXPONENT_LEAST) return 0;
  const sum = work + PAIR;
  const scale = exponentialPair(sum, pair, work);
  return scaled(high(sum), low(sum), scale);
}

/**
 * e to the pair without its power of two. Working memory: the pairs at `work` and behind `sum`.
 * @returns the power of two
 */
export function exponentialPair(sum: usize, pair: usize, work: usize): i32 {
  const scale = nearest(high(pair) / LN2_HIGH);
  const rest = work;
  const term = sum + PAIR;
  place(term, LN2_HIGH, LN2_LOW);
  multiplyDouble(term, term, -scale);
  addPairs(rest, pair, term);
  // e^r = (e^(r / 256))^256; |r / 256| < 0.0014, and 10 terms of the series are beyond 100 bits
  multiplyDouble(rest, rest, 0.00390625);
  place(sum, 1, 0);
  for (let n = 10; n > 0; n -= 1) {
    multiplyPairs(sum, sum, rest);
    place(term, <f64>n, 0);
    dividePairs(sum, sum, term);
    addDouble(sum, sum, 1);
  }
  for (let n = 0; n < 8; n += 1) multiplyPairs(sum, sum, sum);
  return <i32>scale;
}

/** (high + low) * 2^exponent, rounded. */
function scaled(high: f64, low: f64, exponent: i32): f64 {
  if (exponent > 1023) return (high + low) * 2 * powerOfTwo(exponent - 1);
  if (exponent >= -1021) return (high + low) * powerOfTwo(exponent);
  return high * powerOfTwo(exponent + 200) * powerOfTwo(-200);
}

/** Requires: a normal number. */
// @ts-ignore: decorator
@inline
function powerOfTwo(exponent: i32): f64 { return reinterpret<f64>(<i64>(exponent + 1023) << 52); }
