/**
 * SIN, COS, TAN and COT. An angle of any size is taken modulo a quarter turn exactly, with as many bits of 2/pi as it needs; then the
 * series of Taylor. Results are within one unit in the last place of the exact ones.
 * Source: Payne and Hanek 1983.
 */
import { take, trim } from "../text/arena";
import { high, low, multiplyPairs, place, productError } from "./pair";

// 64 zeros, then 2/pi in binary.
const TWO_OVER_PI: usize = memory.data<u64>([
  0x0, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c,
  0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
  0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
], 8);
const HALF_PI_HIGH: f64 = 1.5707963267948966;
const HALF_PI_LOW: f64 = 6.123233995736766e-17;
const QUARTER_PI: f64 = 0.7853981633974483;
const PAIR: usize = 16;

/** SIN(x) of radians; NaN of infinities. */
export function sine(x: f64): f64 { return turned(x, 0); }

/** COS(x) */
export function cosine(x: f64): f64 { return turned(x, 1); }

/** TAN(x) */
export function tangent(x: f64): f64 {
  if (x - x != 0) return NaN;
  if (x == 0) return x;
  const area = take(<u32>(PAIR * 3));
  if (area == 0) return NaN; // cannot be: what fills the arena fails before
  const quadrant = reduce(area, x);
  sinePair(area + PAIR, high(area), low(area));
  cosinePair(area + PAIR * 2, high(area), low(area));
  const result = (quadrant & 1) == 0 ? quotient(area + PAIR, area + PAIR * 2) : -quotient(area + PAIR * 2, area + PAIR);
  trim(area);
  return result;
}

/** COT(x): 1 / TAN(x), rounded twice as in Flink. */
export function cotangent(x: f64): f64 { return 1.0 / tangent(x); }

/** The sine of an angle `quarters` quarter turns further. */
function turned(x: f64, quarters: i32): f64 {
  if (x - x != 0) return NaN;
  if (x == 0) return quarters == 0 ? x : 1;
  const area = take(<u32>(PAIR * 2));
  if (area == 0) return NaN; // cannot be: what fills the arena fails before
  const quadrant = reduce(area, x) + quarters;
  if ((quadrant & 1) == 0) sinePair(area + PAIR, high(area), low(area));
  else cosinePair(area + PAIR, high(area), low(area));
  const result = high(area + PAIR) + low(area + PAIR);
  trim(area);
  return (quadrant & 2) == 0 ? result : -result;
}

function quotient(a: usize, b: usize): f64 {
  const rough = high(a) / high(b);
  // The rest of the division, with the low parts, in one correction.
  const area = take(<u32>PAIR);
  if (area == 0) return rough;
  place(area, rough, 0);
  multiplyPairs(area, area, b);
  const rest = (high(a) - high(area)) - low(area) + low(a);
  trim(area);
  return rough + rest / high(b);
}

/**
 * Writes x modulo a quarter turn, between -pi/4 and pi/4, as a pair; the pair behind it is overwritten.
 * @returns how many quarter turns were taken off, modulo 4
 */
function reduce(into: usize, x: f64): i32 {
  if (abs(x) <= QUARTER_PI) {
    place(into, x, 0);
    return 0;
  }
  const bits = reinterpret<u64>(x);
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1075;
  // Bits of 2/pi whose product with the mantissa is a multiple of 4 are left out; 192 others are taken.
  const skipped = <u32>(64 + exponent - 2);
  const first = bitsAt(skipped);
  const second = bitsAt(skipped + 64);
  const third = bitsAt(skipped + 128);
  // The lowest 192 bits of the product: two bits of quadrant and 190 of fraction.
  const productLow = third * mantissa;
  const middle = second * mantissa;
  const productMiddle = middle + highProduct(third, mantissa);
  const productHigh = first * mantissa + highProduct(second, mantissa) + u64(productMiddle < middle);
  let quadrant = <i32>(productHigh >> 62);
  let top = (productHigh << 2) | (productMiddle >> 62);
  let bottom = (productMiddle << 2) | (productLow >> 62);
  let isNegative = reinterpret<i64>(x) < 0;
  if (isNegative) quadrant = -quadrant;
  if (<i64>top < 0) { // beyond half a quarter: from the other side
    quadrant += isNegative ? -1 : 1;
    isNegative = !isNegative;
    top = ~top;
    bottom = ~bottom; // the missing 1 is 2^-128
  }
  const shift = <i32>clz(top);
  if (shift > 0 && shift < 64) {
    top = (top << shift) | (bottom >> (64 - shift));
    bottom = bottom << shift;
  } else if (shift == 64) {
    top = bottom;
    bottom = 0;
  }
  const sign: f64 = isNegative ? -1 : 1;
  const fractionHigh = <f64>(top >> 11) * powerOfTwo(-53 - shift);
  const fractionLow = <f64>(((top & 0x7ff) << 42) | (bottom >> 22)) * powerOfTwo(-106 - shift);
  const halfPi = into + PAIR;
  place(into, fractionHigh * sign, fractionLow * sign);
  place(halfPi, HALF_PI_HIGH, HALF_PI_LOW);
  multiplyPairs(into, into, halfPi);
  return quadrant;
}

// @ts-ignore: decorator
@inline
function powerOfTwo(exponent: i32): f64 { return reinterpret<f64>(<i64>(exponent + 1023) << 52); }

/** Sine of the pair (angle, low), at most pi/4: Taylor's series up to the power of 17. */
function sinePair(into: usize, angle: f64, low: f64): void {
  const z = angle * angle;
  let sum = z / 355687428096000.0 - 1.0 / 1307674368000.0;
  sum = sum * z + 1.0 / 6227020800.0;
  sum = sum * z - 1.0 / 39916800.0;
  sum = sum * z + 1.0 / 362880.0;
  sum = sum * z - 1.0 / 5040.0;
  sum = sum * z + 1.0 / 120.0;
  sum = sum * z - 1.0 / 6.0;
  place(into, angle, angle * z * sum + low * (1.0 - 0.5 * z));
}

/** Cosine of the pair, at most pi/4: Taylor's series up to the power of 18. */
function cosinePair(into: usize, angle: f64, low: f64): void {
  const z = angle * angle;
  let sum = -z / 6402373705728000.0 + 1.0 / 20922789888000.0;
  sum = sum * z - 1.0 / 87178291200.0;
  sum = sum * z + 1.0 / 479001600.0;
  sum = sum * z - 1.0 / 3628800.0;
  sum = sum * z + 1.0 / 40320.0;
  sum = sum * z - 1.0 / 720.0;
  sum = sum * z + 1.0 / 24.0;
  const half = 0.5 * z;
  const main = 1.0 - half;
  const lost = ((1.0 - main) - half) - 0.5 * productError(angle, angle, z);
  place(into, main, lost + (z * z * sum - angle * low));
}

/** 64 bits of the table from bit `index` on. */
function bitsAt(index: u32): u64 {
  const word = TWO_OVER_PI + <usize>(index >> 6) * 8;
  const shift = <u64>(index & 63);
  return shift == 0 ? load<u64>(word) : (load<u64>(word) << shift) | (load<u64>(word, 8) >> (64 - shift));
}

/** The high 64 bits of a * b. */
function highProduct(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + (aLow * bLow >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (other >> 32);
}
