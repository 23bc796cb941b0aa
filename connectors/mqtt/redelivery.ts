/**
 * What each packet id of a session last held, so that a redelivered PUBLISH is told from a new one. Rule: DUP = 1, the
 * session was resumed, and the id held the same topic and payload. An id cannot be used again before it was acknowledged,
 * so this is exact as long as payloads in flight are distinct. Ids are never forgotten within a session: a connection may
 * break again while the peer still sends again what it had in flight before.
 */

/** Ids are kept in pages of this many, made at first use: most sessions use few. */
const PAGE_IDS = 256;

export interface IdTable {
  /** Hash of topic and payload by packet id; 0 for none. */
  readonly pages: (Uint32Array | undefined)[];
  pageCount: number;
}

export function createIdTable(): IdTable {
  return { pages: [], pageCount: 0 };
}

export function isHeld(table: IdTable, packetId: number, hash: number): boolean {
  return table.pages[packetId >>> 8]?.[packetId & 255] === hash;
}

/** @returns true when it took a new page */
export function hold(table: IdTable, packetId: number, hash: number): boolean {
  const page = table.pages[packetId >>> 8];
  if (page) {
    page[packetId & 255] = hash;
    return false;
  }
  const fresh = new Uint32Array(PAGE_IDS);
  fresh[packetId & 255] = hash;
  table.pages[packetId >>> 8] = fresh;
  table.pageCount += 1;
  return true;
}

export function clearIds(table: IdTable): void {
  table.pages.length = 0;
  table.pageCount = 0;
}

/** All ids in use, ascending, each followed by its hash. */
export function listIds(table: IdTable): number[] {
  const found: number[] = [];
  table.pages.forEach((page, index) => {
    page?.forEach((hash, low) => { if (hash !== 0) found.push((index << 8) | low, hash); });
  });
  return found;
}

/** Topic and payload in 32 bits, never 0. `topicHash` is `hashBytes` of the topic. */
export function hashOf(topicHash: number, bytes: Uint8Array, start: number, end: number): number {
  return (fold(topicHash, bytes, start, end) | 1) >>> 0;
}

export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  return fold(0x811c9dc5, bytes, start, end);
}

/** The bytes hashed last: many payloads in a row lie in one chunk of the socket, and words are read four times as fast. */
let viewed: Uint8Array = new Uint8Array(0);
let view: DataView = new DataView(viewed.buffer);

/** Source: the multiply-and-xor of FNV-1a, four bytes a step. */
function fold(seed: number, bytes: Uint8Array, start: number, end: number): number {
  if (bytes !== viewed) {
    viewed = bytes;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  let hash = seed ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 13)) >>> 0;
}
