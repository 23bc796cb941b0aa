/**
 * MQTT sessions by client id: whether one is kept, its QoS 2 ids, and what its packet ids held. Folded from the log: rows
 * bring ids, marks (notes of this connector in the log) bring the life of sessions. Bounded; what is evicted is counted.
 */
import { type Clock, FLAG_MARK, FLAG_QOS, type LoggedBatch } from '../../host/ports.ts';
import { createIdSet, type IdSet } from './id-set.ts';
import { clearIds, createIdTable, hashBytes, hashOf, hold, type IdTable, isHeld, listIds } from './redelivery.ts';
import { createReader, createWriter } from './snapshot.ts';

/** First byte of a mark. OPEN: a session to be kept begins, u32 seconds it outlives its connection follow. */
export const MARK_OPEN = 1;
/** The session is not to be kept any more. */
export const MARK_END = 2;
/** A QoS 2 id was released by PUBREL. */
export const MARK_RELEASE = 3;
/** The broker has granted the filters that follow as text. */
export const MARK_SUBSCRIBED = 4;
/** Seconds: a session that never expires. */
export const FOREVER = 0xffff_ffff;

const SESSIONS_MAX = 16_384;
/** Pages of all sessions together, 1 KiB each. Beyond it the sessions idle for longest forget their ids. */
const PAGES_MAX = 8192;
const decoder = new TextDecoder();

export interface Session {
  /** '' for a client without an id: nothing of it outlives its connection. */
  readonly client: string;
  isKept: boolean;
  isConnected: boolean;
  /** Seconds it outlives its connection. */
  expirySeconds: number;
  /** Monotonic time at which a session without a connection expires. */
  expiresAt: number;
  readonly held: IdTable;
  /** QoS 2: received and not released. */
  readonly unreleased: IdSet;
  /** Filters the broker has granted; of the client source alone. */
  subscribed: string;
}

export interface Connected {
  readonly session: Session;
  readonly isResumed: boolean;
  /** The log says that the session is kept. */
  readonly wasKept: boolean;
}

export interface Sessions {
  /**
   * The client connects. A session that is kept and has not expired is resumed unless a fresh one is asked for; any other
   * begins without QoS 2 ids and is not kept until a mark says so.
   */
  connect(client: string, isFresh: boolean): Connected;
  disconnect(session: Session): void;
  hold(session: Session, packetId: number, hash: number): void;
  isHeld(session: Session, packetId: number, hash: number): boolean;
  replay(batch: LoggedBatch): void;
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): void;
  /** Sessions that forgot their ids, or were forgotten, for want of room. */
  evictedCount(): number;
}

/** Applies a mark to a session; the same for live marks and replayed ones. */
export function applyMark(session: Session, mark: Uint8Array, packetId: number): void {
  switch (mark[0]) {
    case MARK_OPEN: {
      session.isKept = true;
      session.expirySeconds = new DataView(mark.buffer, mark.byteOffset).getUint32(1, true);
      session.unreleased.clear();
      session.subscribed = '';
      break;
    }
    case MARK_END: session.isKept = false; break; // its QoS 2 ids are good until the connection ends
    case MARK_RELEASE: session.unreleased.remove(packetId); break;
    case MARK_SUBSCRIBED: session.subscribed = decoder.decode(mark.subarray(1)); break;
    default: throw new Error(`a mark of unknown kind ${mark[0] ?? 'none'}; was the log written by a newer Millrace?`);
  }
}

export function createSessions(clock: Clock): Sessions {
  /** In order of last use. */
  const sessions = new Map<string, Session>();
  let pageTotal = 0;
  let evicted = 0;

  const expiryOf = ({ expirySeconds }: Session): number => (expirySeconds === FOREVER ? Infinity : clock.monotonic() + expirySeconds * 1000);

  function make(client: string): Session {
    const session: Session = {
      client, isKept: false, isConnected: false, expirySeconds: 0, expiresAt: Infinity, held: createIdTable(), unreleased: createIdSet(), subscribed: '',
    };
    if (client === '') return session;
    sessions.set(client, session);
    if (sessions.size > SESSIONS_MAX) evictSession(session);
    return session;
  }
  function evictSession(newest: Session): void {
    const all = [...sessions.values()];
    const oldest = all.find((session) => !session.isConnected && session !== newest) ?? all[0] as Session;
    pageTotal -= oldest.held.pageCount;
    clearIds(oldest.held);
    sessions.delete(oldest.client);
    evicted += 1;
  }
  function evictPages(user: Session): void {
    for (const oldest of sessions.values()) {
      if (pageTotal <= PAGES_MAX || oldest === user) return;
      if (oldest.held.pageCount > 0) evicted += 1;
      pageTotal -= oldest.held.pageCount;
      clearIds(oldest.held);
    }
  }
  function holdId(session: Session, packetId: number, hash: number): void {
    if (session.client === '' || !hold(session.held, packetId, hash)) return;
    pageTotal += 1;
    if (pageTotal > PAGES_MAX) evictPages(session);
  }
  return {
    connect(client, isFresh) {
      const known = sessions.get(client);
      const session = known ?? make(client);
      const wasKept = session.isKept;
      const isResumed = wasKept && !isFresh && (session.isConnected || clock.monotonic() < session.expiresAt);
      if (known) { // to the end of the order
        sessions.delete(client);
        sessions.set(client, known);
      }
      if (!isResumed) {
        session.isKept = false;
        session.unreleased.clear();
      }
      session.isConnected = true;
      return { session, isResumed, wasKept };
    },
    disconnect(session) {
      session.isConnected = false;
      session.expiresAt = expiryOf(session);
      if (sessions.get(session.client) === session) return;
      pageTotal -= session.held.pageCount; // it was evicted while it was connected
      clearIds(session.held);
    },
    hold: holdId,
    isHeld: (session, packetId, hash) => isHeld(session.held, packetId, hash),
    replay(batch) {
      for (let row = 0; row < batch.count; row += 1) {
        const flags = batch.flags[row] ?? 0;
        const client = batch.clients[batch.client[row] ?? 0] ?? '';
        if (client === '' || (flags & (FLAG_MARK | FLAG_QOS)) === 0) continue;
        const session = sessions.get(client) ?? make(client);
        const packetId = batch.packetIds[row] ?? 0;
        const [start, end] = [batch.offsets[row] as number, batch.offsets[row + 1] as number];
        if ((flags & FLAG_MARK) !== 0) applyMark(session, batch.body.slice(start, end), packetId);
        else if ((flags & FLAG_QOS) === 4) {
          if (session.isKept) session.unreleased.add(packetId);
        } else {
          const topic = batch.topics[batch.topic[row] ?? 0] ?? new Uint8Array(0);
          holdId(session, packetId, hashOf(hashBytes(topic, 0, topic.length), batch.body, start, end));
        }
        session.expiresAt = expiryOf(session); // nobody knows when it lost its connection: at the latest now
      }
    },
    snapshot() {
      const writer = createWriter();
      writer.u32(sessions.size);
      for (const { client, isKept, expirySeconds, held, unreleased, subscribed } of sessions.values()) {
        writer.text(client);
        writer.text(subscribed);
        writer.u32(isKept ? 1 : 0);
        writer.u32(expirySeconds);
        writer.u32s(unreleased.list());
        writer.u32s(listIds(held));
      }
      return writer.bytes();
    },
    restore(bytes) {
      const reader = createReader(bytes);
      for (let count = reader.u32(); count > 0; count -= 1) {
        const session = make(reader.text());
        session.subscribed = reader.text();
        session.isKept = reader.u32() === 1;
        session.expirySeconds = reader.u32();
        session.expiresAt = expiryOf(session);
        for (const id of reader.u32s()) session.unreleased.add(id);
        const ids = reader.u32s();
        for (let index = 0; index < ids.length; index += 2) holdId(session, ids[index] as number, ids[index + 1] as number);
      }
    },
    evictedCount: () => evicted,
  };
}
