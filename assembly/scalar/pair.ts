/**
 * Numbers of about 106 bits as the sum of two DOUBLEs, the second at most half a unit in the last place of the first; 16 bytes
 * in memory. For functions whose result must be right to the last bit or nearly so.
 * Source: Dekker 1971; the sums and products as Knuth and Veltkamp have them.
 */

const SPLITTER: f64 = 134217729.0; // 2^27 + 1

// @ts-ignore: decorator
@inline
export function high(pair: usize): f64 { return load<f64>(pair); }

// @ts-ignore: decorator
@inline
export function low(pair: usize): f64 { return load<f64>(pair, 8); }

// @ts-ignore: decorator
@inline
export function place(pair: usize, high: f64, low: f64): void {
  const sum = high + low;
  store<f64>(pair, sum);
  store<f64>(pair, low - (sum - high), 8);
}

/** What a + b loses by rounding to `sum`. */
// @ts-ignore: decorator
@inline
function sumError(a: f64, b: f64, sum: f64): f64 {
  const part = sum - a;
  return (a - (sum - part)) + (b - part);
}

/** What a * b loses by rounding to `product`. Requires: no overflow of a * 2^27. */
export function productError(a: f64, b: f64, product: f64): f64 {
  const x = a * SPLITTER;
  const aHigh = x - (x - a);
  const aLow = a - aHigh;
  const y = b * SPLITTER;
  const bHigh = y - (y - b);
  const bLow = b - bHigh;
  return ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
}

/** into = a + b */
export function addPairs(into: usize, a: usize, b: usize): void {
  const sum = high(a) + high(b);
  place(into, sum, sumError(high(a), high(b), sum) + low(a) + low(b));
}

/** into = a + b, of a DOUBLE b */
export function addDouble(into: usize, a: usize, b: f64): void {
  const sum = high(a) + b;
  place(into, sum, sumError(high(a), b, sum) + low(a));
}

/** into = a * b */
export function multiplyPairs(into: usize, a: usize, b: usize): void {
  const product = high(a) * high(b);
  place(into, product, productError(high(a), high(b), product) + (high(a) * low(b) + low(a) * high(b)));
}

/** into = a * b, of a DOUBLE b */
export function multiplyDouble(into: usize, a: usize, b: f64): void {
  const product = high(a) * b;
  place(into, product, productError(high(a), b, product) + low(a) * b);
}

/** into = a / b */
export function dividePairs(into: usize, a: usize, b: usize): void {
  const quotient = high(a) / high(b);
  const product = quotient * high(b);
  const rest = ((high(a) - product) - productError(quotient, high(b), product)) + low(a) - quotient * low(b);
  place(into, quotient, rest / high(b));
}
