/**
 * The field names that a table wants, as a hash table of constants that host/compile/keys.ts lays out. An object of the
 * payload that holds wanted fields is a node: 0 is the payload itself, each nested ROW is one more.
 *
 * Layout: u32 slot mask, u32 offset of the slots; u64 a node: its columns; then the slots of 32 bytes:
 * u64 first 8 bytes, u64 last 8 bytes, u32 length, u32 node, u32 target + 1 (0: empty), u32 offset of the name.
 */

/** Targets below this are columns, those from it on are nodes. */
export const TARGET_NODE: i32 = 64;
/** Nobody wants the field. */
export const TARGET_NONE: i32 = -1;

const FIRST_FACTOR: u64 = 0x9e3779b97f4a7c15;
const LAST_FACTOR: u64 = 0xc2b2ae3d27d4eb4f;
const SLOT_BYTES: usize = 32;

/** What the field `name` (decoded bytes) of `node` is to the table: a column, a node, or nothing. */
export function findKey(keys: usize, node: u32, name: usize, length: u32): i32 {
  let first = load<u64>(name);
  let last = first;
  if (length < 8) {
    first &= (<u64>1 << (<u64>length << 3)) - 1;
    last = first;
  } else {
    last = load<u64>(name + length - 8);
  }
  const hash = (first ^ (last * LAST_FACTOR) ^ (<u64>length << 16) ^ <u64>node) * FIRST_FACTOR;
  const mask = load<u32>(keys);
  const slots = keys + <usize>load<u32>(keys, 4);
  let at = <u32>(hash >> 40) & mask;
  while (true) {
    const slot = slots + <usize>at * SLOT_BYTES;
    const target = load<u32>(slot, 24);
    if (target == 0) return TARGET_NONE;
    const isAlike = load<u64>(slot) == first && load<u64>(slot, 8) == last && load<u32>(slot, 16) == length && load<u32>(slot, 20) == node;
    if (isAlike && (length <= 16 || memory.compare(keys + <usize>load<u32>(slot, 28), name, length) == 0)) return <i32>target - 1;
    at = (at + 1) & mask;
  }
}

/** Bits of the columns that lie in `node` or deeper. */
// @ts-ignore: decorator
@inline
export function nodeColumns(keys: usize, node: u32): u64 { return load<u64>(keys + 8 + (<usize>node << 3)); }
