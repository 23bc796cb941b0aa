/** SINH, COSH and TANH from e^x - 1, as in Sun's fdlibm, which java.lang.StrictMath follows. */

import { take, trim } from "../text/arena";
import { exponentialPair } from "./exponential";
import { addPairs, dividePairs, high, low, multiplyDouble, place } from "./pair";

/** Where e^-x no longer counts beside e^x. */
const LARGE: f64 = 22;
/** Where e^x overflows but half of it does not. */
const OVERFLOW: f64 = 709.782712893384;

/** SINH(x) */
export function sinh(x: f64): f64 {
  if (x - x != 0) return x;
  const size = abs(x);
  const half: f64 = x < 0 ? -0.5 : 0.5;
  if (size < LARGE) {
    if (size < 3.725290298461914e-9) return x; // 2^-28
    if (size >= 1) return x < 0 ? -halfSum(size, -1) : halfSum(size, -1);
    const t = NativeMath.expm1(size);
    return half * (2.0 * t - t * t / (t + 1.0));
  }
  return expOfLarge(size, half);
}

/** COSH(x) */
export function cosh(x: f64): f64 {
  if (x != x) return x;
  const size = abs(x);
  if (size < 0.34657359027997264) { // ln(2) / 2
    const t = NativeMath.expm1(size);
    const w = 1.0 + t;
    return size < 5.551115123125783e-17 ? w : 1.0 + (t * t) / (w + w);
  }
  if (size < LARGE) {
    return halfSum(size, 1);
  }
  return expOfLarge(size, 0.5);
}

/** Half of e^x + sign * e^-x. Requires: x from 0.3 to 22. */
function halfSum(x: f64, sign: f64): f64 {
  const area = take(80);
  if (area == 0) return NaN; // cannot be: what fills the arena fails before
  const grown = area + 16;
  place(area, x, 0);
  const scale = reinterpret<f64>(<i64>(exponentialPair(grown, area, area + 48) + 1023) << 52);
  multiplyDouble(grown, grown, scale);
  place(area, sign, 0);
  dividePairs(area, area, grown);
  addPairs(grown, grown, area);
  const result = 0.5 * (high(grown) + low(grown));
  trim(area);
  return result;
}

/** factor * e^x, beyond the range of e^x alone. */
function expOfLarge(x: f64, factor: f64): f64 {
  if (x < OVERFLOW) return factor * NativeMath.exp(x);
  const root = NativeMath.exp(0.5 * x);
  return (factor * root) * root;
}

/** TANH(x) */
export function tanh(x: f64): f64 {
  if (x != x) return x;
  const size = abs(x);
  let result: f64;
  if (size >= LARGE) {
    result = 1;
  } else if (size < 2.7755575615628914e-17) { // 2^-55
    return x;
  } else if (size >= 1) {
    result = 1.0 - 2.0 / (NativeMath.expm1(2.0 * size) + 2.0);
  } else {
    const t = NativeMath.expm1(-2.0 * size);
    result = -t / (t + 2.0);
  }
  return x < 0 ? -result : result;
}
