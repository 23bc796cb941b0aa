/** A set of packet ids as bits: QoS 2 ids that were received and not yet released. At most 8 KiB a session. */

const WORDS = 65_536 / 32;

export interface IdSet {
  has(id: number): boolean;
  add(id: number): void;
  /** @returns whether it was there */
  remove(id: number): boolean;
  clear(): void;
  list(): number[];
}

export function createIdSet(): IdSet {
  let words: Uint32Array | undefined; // most sessions never use QoS 2
  const has = (id: number): boolean => words !== undefined && ((words[id >>> 5] as number) & (1 << (id & 31))) !== 0;
  return {
    has,
    add(id) {
      words ??= new Uint32Array(WORDS);
      words[id >>> 5] = (words[id >>> 5] as number) | (1 << (id & 31));
    },
    remove(id) {
      if (!words || !has(id)) return false;
      words[id >>> 5] = (words[id >>> 5] as number) & ~(1 << (id & 31));
      return true;
    },
    clear() { words = undefined; },
    list() {
      const found: number[] = [];
      words?.forEach((word, index) => {
        for (let bit = 0; word !== 0 && bit < 32; bit += 1) if ((word & (1 << bit)) !== 0) found.push(index * 32 + bit);
      });
      return found;
    },
  };
}
