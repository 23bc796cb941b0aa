/** Rows as wholes: records of SCRATCH whose size is a multiple of eight. */

/** Exchanges two rows of `bytes` bytes. */
export function swapRows(one: usize, two: usize, bytes: u32): void {
  for (let offset: usize = 0; offset < bytes; offset += 8) {
    const word = load<u64>(one + offset);
    store<u64>(one + offset, load<u64>(two + offset));
    store<u64>(two + offset, word);
  }
}
