/**
 * Whether work beyond the row's own found no room in the state. The record then ends FULL; what it has written is dropped
 * with the instance, since the job stops and starts again from its checkpoint.
 */
import { HEADER, HEADER_ROW } from "./abi";
import { SCRATCH_FULL } from "./scratch";

/** Notes that the state is full at the row at hand. */
export function setFull(): void { if (!isFull()) store<u32>(SCRATCH_FULL, load<u32>(HEADER + HEADER_ROW) + 1); }

/** Whether it is. */
// @ts-ignore: decorator
@inline
export function isFull(): bool { return load<u32>(SCRATCH_FULL) != 0; }

/** The row at which it was. Requires: isFull(). */
export function fullRow(): u32 { return load<u32>(SCRATCH_FULL) - 1; }
