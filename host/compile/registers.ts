/** Static addresses of operators' registers in the first pages of the state; the heap begins behind them. */
import { OPERATORS, PAGE_BYTES } from '../../assembly/abi.ts';

/** What the library keeps for itself from OPERATORS on: the heap's registers and the step's cursor. */
const LIBRARY_BYTES = 512;

export interface Registers {
  /** Address of `sizeBytes` bytes, 64-aligned, so that no record of up to 64 bytes crosses a page. */
  readonly take: (sizeBytes: number) => number;
  /** First address behind all that was taken: a multiple of PAGE_BYTES. */
  readonly heapStart: () => number;
}

/** Hands out registers from the state's second page on. */
export function operatorRegisters(): Registers {
  let next = OPERATORS + LIBRARY_BYTES;
  return {
    take: (sizeBytes) => {
      const address = next;
      next = (next + sizeBytes + 63) & ~63;
      return address;
    },
    heapStart: () => (next + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1),
  };
}
