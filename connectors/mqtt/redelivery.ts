/**
 * Tells a redelivered PUBLISH from a new one. Rule: DUP = 1, the session was resumed, and the id held the same topic and payload
 * when its session last used it. A packet id cannot be used again before it was acknowledged, so this is exact as long as
 * payloads in flight are distinct. The table is rebuilt from the log: only what is durable can be a redelivery.
 */
import type { LoggedBatch } from '../../host/ports.ts';
import { FLAG_MARK, FLAG_QOS } from '../../host/ports.ts';

/** Ids are kept in pages of this many, made at first use: most sessions use few. */
const PAGE_IDS = 256;
/** Pages of all sessions together: 8,192 of 1 KiB. Beyond it the sessions idle for longest forget theirs. */
const PAGES_MAX = 8192;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One client's memory. */
export interface Session {
  readonly client: string;
  /** Hash of topic and payload that each id of this and of the former connection held; 0 for none. */
  current: (Uint32Array | undefined)[];
  former: (Uint32Array | undefined)[];
  pageCount: number;
}

export interface Redeliveries {
  session(client: string): Session | undefined;
  /** Starts a connection: a resumed session keeps what its last connection used, any other begins empty. */
  connect(client: string, isClean: boolean): { readonly session: Session; readonly isResumed: boolean };
  forget(client: string): void;
  isKnown(session: Session, packetId: number, hash: number): boolean;
  note(session: Session, packetId: number, hash: number): void;
  replay(batch: LoggedBatch): void;
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): void;
  /** Sessions that forgot their ids for want of room. */
  evictedCount(): number;
}

export function createRedeliveries(): Redeliveries {
  /** In order of last use. */
  const sessions = new Map<string, Session>();
  let pageTotal = 0;
  let evicted = 0;

  function drop(session: Session): void {
    pageTotal -= session.pageCount;
    session.current = [];
    session.former = [];
    session.pageCount = 0;
  }
  function make(client: string): Session {
    const session: Session = { client, current: [], former: [], pageCount: 0 };
    sessions.set(client, session);
    return session;
  }
  function touch(session: Session): void {
    sessions.delete(session.client);
    sessions.set(session.client, session);
  }
  function note(session: Session, packetId: number, hash: number): void {
    const index = packetId >>> 8;
    let page = session.current[index];
    if (!page) {
      page = new Uint32Array(PAGE_IDS);
      session.current[index] = page;
      session.pageCount += 1;
      pageTotal += 1;
      for (const oldest of sessions.values()) {
        if (pageTotal <= PAGES_MAX || oldest === session) break;
        if (oldest.pageCount > 0) evicted += 1;
        drop(oldest);
      }
    }
    page[packetId & 255] = hash;
  }
  const at = (pages: (Uint32Array | undefined)[], packetId: number): number => pages[packetId >>> 8]?.[packetId & 255] ?? 0;

  return {
    session: (client) => sessions.get(client),
    connect(client, isClean) {
      const known = sessions.get(client);
      if (!known || isClean) {
        if (known) drop(known);
        return { session: make(client), isResumed: false };
      }
      pageTotal -= known.former.reduce((count, page) => count + (page ? 1 : 0), 0);
      known.former = known.current;
      known.current = [];
      known.pageCount = known.former.reduce((count, page) => count + (page ? 1 : 0), 0);
      touch(known);
      return { session: known, isResumed: true };
    },
    forget(client) {
      const session = sessions.get(client);
      if (session) drop(session);
      sessions.delete(client);
    },
    isKnown: (session, packetId, hash) => at(session.current, packetId) === hash || at(session.former, packetId) === hash,
    note,
    replay(batch) {
      for (let row = 0; row < batch.count; row += 1) {
        const flags = batch.flags[row] ?? 0;
        const client = batch.clients[batch.client[row] ?? 0] ?? '';
        if ((flags & FLAG_MARK) !== 0 && !sessions.has(client)) make(client);
        if ((flags & FLAG_QOS) === 0) continue;
        const topic = batch.topics[batch.topic[row] ?? 0] ?? new Uint8Array(0);
        const [start, end] = [batch.offsets[row] as number, batch.offsets[row + 1] as number];
        const hash = hashOf(topic, 0, topic.length, batch.body, start, end);
        note(sessions.get(client) ?? make(client), batch.packetIds[row] ?? 0, hash);
      }
    },
    snapshot() {
      const entries = [...sessions.values()].map(({ client, current, former }) => {
        const ids: number[] = [];
        for (let index = 0; index < PAGE_IDS; index += 1) {
          const page = current[index];
          const older = former[index];
          if (!page && !older) continue;
          for (let low = 0; low < PAGE_IDS; low += 1) {
            const hash = page?.[low] || older?.[low] || 0;
            if (hash !== 0) ids.push((index << 8) | low, hash);
          }
        }
        return [client, ids] as const;
      });
      return encoder.encode(JSON.stringify(entries));
    },
    restore(bytes) {
      for (const [client, ids] of JSON.parse(decoder.decode(bytes)) as [string, number[]][]) {
        const session = make(client);
        for (let index = 0; index < ids.length; index += 2) note(session, ids[index] as number, ids[index + 1] as number);
      }
    },
    evictedCount: () => evicted,
  };
}

/** Topic and payload in 32 bits, never 0. Source: the multiply-and-xor of FNV-1a, four bytes a step. */
export function hashOf(topic: Uint8Array, topicStart: number, topicEnd: number, bytes: Uint8Array, start: number, end: number): number {
  return (fold(fold(0x811c9dc5, topic, topicStart, topicEnd), bytes, start, end) | 1) >>> 0;
}

function fold(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = seed ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 13)) >>> 0;
}
