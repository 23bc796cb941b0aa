/** Which NaN a computation gives is up to the machine, in bits that nobody sees; saved state holds one kind only. */

/** The value, NaN with the one pattern that is stored. */
// @ts-ignore: decorator
@inline
export function canonicalDouble(value: f64): f64 { return value == value ? value : NaN; }

/** The same for FLOAT. */
// @ts-ignore: decorator
@inline
export function canonicalFloat(value: f32): f32 { return value == value ? value : f32.NaN; }
