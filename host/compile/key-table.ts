/**
 * The hash table of field names that assembly/ingest/keys.ts looks up: its layout and hash are described there, and the two
 * must agree. A node is an object of the payload that holds wanted fields; node 0 is the payload itself.
 */

/** A wanted field: where it lies and which column it fills. */
export interface KeyedColumn { readonly path: readonly string[]; readonly column: number }

const TARGET_NODE = 64;
const FIRST_FACTOR = 0x9e3779b97f4a7c15n;
const LAST_FACTOR = 0xc2b2ae3d27d4eb4fn;
const SLOT_BYTES = 32;
const U64 = (1n << 64n) - 1n;

interface Key { readonly node: number; readonly name: Uint8Array; readonly target: number }
interface Nodes { readonly keys: Key[]; readonly masks: bigint[] }

/**
 * The table as 64-bit words, for `memory.data<u64>`.
 * Throws when one field would have to be both a value and an object.
 */
export function keyTable(columns: readonly KeyedColumn[]): readonly bigint[] {
  const { keys, masks } = nodesOf(columns);
  let slotCount = 4;
  while (slotCount < keys.length * 2) slotCount *= 2;
  const slotsAt = 8 + masks.length * 8;
  const namesAt = slotsAt + slotCount * SLOT_BYTES;
  const nameBytes = keys.reduce((total, { name }) => total + ((name.length + 7) & ~7), 0);
  const bytes = new Uint8Array(namesAt + nameBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, slotCount - 1, true);
  view.setUint32(4, slotsAt, true);
  masks.forEach((mask, node) => view.setBigUint64(8 + node * 8, mask, true));
  let nameAt = namesAt;
  for (const { node, name, target } of keys) {
    const { first, last, hash } = hashOf(name, node);
    let slot = Number((hash >> 40n) & BigInt(slotCount - 1));
    while (view.getUint32(slotsAt + slot * SLOT_BYTES + 24, true) !== 0) slot = (slot + 1) % slotCount;
    const at = slotsAt + slot * SLOT_BYTES;
    view.setBigUint64(at, first, true);
    view.setBigUint64(at + 8, last, true);
    view.setUint32(at + 16, name.length, true);
    view.setUint32(at + 20, node, true);
    view.setUint32(at + 24, target + 1, true);
    view.setUint32(at + 28, nameAt, true);
    bytes.set(name, nameAt);
    nameAt += (name.length + 7) & ~7;
  }
  return Array.from({ length: bytes.length / 8 }, (_, index) => view.getBigUint64(index * 8, true));
}

function nodesOf(columns: readonly KeyedColumn[]): Nodes {
  const keys: Key[] = [];
  const masks: bigint[] = [0n];
  const nodes = new Map<string, number>([['[]', 0]]);
  const taken = new Set<string>();
  for (const { path, column } of columns) {
    let node = 0;
    masks[0] = (masks[0] ?? 0n) | (1n << BigInt(column));
    for (let depth = 1; depth < path.length; depth += 1) {
      const prefix = JSON.stringify(path.slice(0, depth));
      let child = nodes.get(prefix);
      if (child === undefined) {
        if (taken.has(prefix)) throw new Error(`field ${prefix} is read both as a value and as an object`);
        child = masks.length;
        masks.push(0n);
        nodes.set(prefix, child);
        keys.push({ node, name: encoded(path[depth - 1]), target: TARGET_NODE + child });
      }
      masks[child] = (masks[child] ?? 0n) | (1n << BigInt(column));
      node = child;
    }
    const whole = JSON.stringify(path);
    if (nodes.has(whole) || taken.has(whole)) throw new Error(`field ${whole} is read twice`);
    taken.add(whole);
    keys.push({ node, name: encoded(path.at(-1)), target: column });
  }
  return { keys, masks };
}

function encoded(name: string | undefined): Uint8Array { return new TextEncoder().encode(name ?? ''); }

function hashOf(name: Uint8Array, node: number): { readonly first: bigint; readonly last: bigint; readonly hash: bigint } {
  const first = littleEndian(name.subarray(0, 8));
  const last = name.length < 8 ? first : littleEndian(name.subarray(name.length - 8));
  const mixed = first ^ ((last * LAST_FACTOR) & U64) ^ (BigInt(name.length) << 16n) ^ BigInt(node);
  return { first, last, hash: (mixed * FIRST_FACTOR) & U64 };
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
}
