/** Topics of one batch -> dense indices, by the bytes themselves: no string is made on the way in. */

import { type Buffered, buffered, copyBytes, equalBytes } from './words.ts';

/** Bytes of a topic's entry in the record beside the name: reference, length, terminator, alignment. */
const ENTRY_BYTES = 12;
/** FNV-1a, 32 bits: short, and good enough for a table that compares the bytes anyway. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Gives each distinct topic of a batch its index. */
export interface TopicDictionary {
  /** Index of the topic at source[start, end); a new one is copied. Indices count up from 0 since the last `clear`. */
  index(source: Buffered, start: number, end: number): number;
  readonly count: number;
  sizeBytes(): number;
  /** Views, valid until the next `index` or `clear`. */
  names(): Uint8Array[];
  clear(): void;
}

export function createTopicDictionary(topicsMax: number): TopicDictionary {
  const slotCount = 2 ** Math.ceil(Math.log2(topicsMax * 2 + 1));
  const mask = slotCount - 1;
  /** Index + 1 of the topic in this slot, 0 for none. */
  const slots = new Uint16Array(slotCount);
  const used = new Uint32Array(topicsMax);
  const ends = new Uint32Array(topicsMax + 1);
  let names = buffered(new Uint8Array(4096));
  let count = 0;
  let last = -1;

  function equals(index: number, source: Buffered, start: number, end: number): boolean {
    const from = ends[index] as number;
    return (ends[index + 1] as number) - from === end - start && equalBytes(source, start, end, names, from);
  }
  function insert(slot: number, source: Buffered, start: number, end: number): number {
    const from = ends[count] as number;
    const to = from + end - start;
    if (to > names.bytes.length) {
      const larger = new Uint8Array(Math.max(to, names.bytes.length * 2));
      larger.set(names.bytes.subarray(0, from));
      names = buffered(larger);
    }
    copyBytes(source, start, end, names, from);
    used[count] = slot;
    count += 1;
    ends[count] = to;
    slots[slot] = count;
    return count - 1;
  }
  return {
    get count() { return count; },
    sizeBytes: () => (ends[count] as number) + count * ENTRY_BYTES,
    index(source, start, end) {
      if (last >= 0 && equals(last, source, start, end)) return last; // neighbours mostly share their topic
      let hash = FNV_OFFSET;
      for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (source.bytes[at] as number), FNV_PRIME);
      for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
        const found = (slots[slot] as number) - 1;
        if (found >= 0 && !equals(found, source, start, end)) continue;
        last = found >= 0 ? found : insert(slot, source, start, end);
        return last;
      }
    },
    names: () => Array.from({ length: count }, (_, index) => names.bytes.subarray(ends[index], ends[index + 1])),
    clear() {
      for (let index = 0; index < count; index += 1) slots[used[index] as number] = 0;
      count = 0;
      last = -1;
    },
  };
}
