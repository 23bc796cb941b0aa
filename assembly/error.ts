/**
 * The error of the row at hand. Expressions never trap: one that cannot be computed records why and goes on with any
 * value; the row then goes whole to the dead letters.
 */
import { SCRATCH_ERROR_EXPRESSION, SCRATCH_ERROR_REASON } from "./scratch";

/**
 * Records that `expression` failed for `reason` (a REJECT_* of abi.ts). Only the first error of a row is kept.
 * @param expression number the compiler gave it, to be found in the plan
 */
// @ts-ignore: decorator
@inline
export function fail(reason: i32, expression: i32): void {
  if (load<i32>(SCRATCH_ERROR_REASON) != 0) return;
  store<i32>(SCRATCH_ERROR_REASON, reason);
  store<i32>(SCRATCH_ERROR_EXPRESSION, expression);
}

/** Reason of the row's first error, 0 for none. */
// @ts-ignore: decorator
@inline
export function errorReason(): i32 { return load<i32>(SCRATCH_ERROR_REASON); }

/** Expression of the row's first error. Requires: errorReason() is not 0. */
// @ts-ignore: decorator
@inline
export function errorExpression(): i32 { return load<i32>(SCRATCH_ERROR_EXPRESSION); }

/** Forgets the error; called before each row. */
// @ts-ignore: decorator
@inline
export function clearError(): void { store<i32>(SCRATCH_ERROR_REASON, 0); }
