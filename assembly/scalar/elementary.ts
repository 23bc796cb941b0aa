/**
 * Elementary functions of DOUBLE that the AssemblyScript library has as plain WebAssembly, without state: the same bits on every
 * machine. Each is within one unit in the last place of what Java answers.
 */

/** EXP(x) */
export function exp(x: f64): f64 { return NativeMath.exp(x); }

/** LN(x), LOG(x) */
export function ln(x: f64): f64 { return NativeMath.log(x); }

/** LOG10(x) */
export function log10(x: f64): f64 { return NativeMath.log10(x); }

/** LOG2(x): the quotient of two logarithms, as in Flink. */
export function log2(x: f64): f64 { return NativeMath.log(x) / 0.6931471805599453; }

/** LOG(base, x): the quotient of two logarithms, as in Flink. */
export function logOf(base: f64, x: f64): f64 { return NativeMath.log(x) / NativeMath.log(base); }

/** ASIN(x) */
export function asin(x: f64): f64 { return NativeMath.asin(x); }

/** ACOS(x) */
export function acos(x: f64): f64 { return NativeMath.acos(x); }

/** ATAN(x) */
export function atan(x: f64): f64 { return NativeMath.atan(x); }

/** ATAN2(y, x) */
export function atan2(y: f64, x: f64): f64 { return NativeMath.atan2(y, x); }

/** DEGREES(x) of radians. */
// @ts-ignore: decorator
@inline
export function degrees(x: f64): f64 { return x * 57.29577951308232; }

/** RADIANS(x) of degrees. */
// @ts-ignore: decorator
@inline
export function radians(x: f64): f64 { return x * 0.017453292519943295; }
