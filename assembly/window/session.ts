/**
 * Session windows: rows of a key that follow each other by at most the gap, also where a late row bridges two. A row merges
 * first and is judged then, as in Flink: it is late when no open session meets it and its own would have ended. Each session
 * is a block of the heap with its pane behind it; sessions of a key are linked in order of time, and a queue by end, re-armed only
 * when an end comes that has moved on, so that a row of an open session touches nothing but the session.
 * P is a generated pane: u64 rows first; init(), merge(other), free().
 */
import { setFull } from "../full";
import { Dictionary, Entry } from "../state/dictionary";
import { give, hasRoom, take } from "../state/heap";
import { write } from "../state/pages";
import { Table } from "../state/table";
import { WaitingRows } from "../state/waiting";
import { countLate } from "../time/late";

/** Pages that a row may take beside its key: two for the table, the session, its place in the queue. */
export const SESSION_PAGES: usize = 4;
/** Largest pane behind a session's head in one page. */
export const SESSION_PANE_BYTES_MAX: u32 = 4096 - 32;
const HEAD_BYTES: usize = 32;
/** What merging two sessions may need beyond the row: 1 MiB of lists and texts. */
const MERGE_PAGES: usize = 256;

/** One open session: first instant, end behind its last, what is next of its key, the key's entry. 32 bytes, then the pane. */
@final @unmanaged
export class Session {
  start: i64;
  end: i64;
  next: u32;
  entry: u32;
  /** It was merged into another one; it stays until the queue comes to it. */
  isMerged: u32;
  unused: u32;

  @inline pane(): usize { return changetype<usize>(this) + HEAD_BYTES; }
}

/** Sessions of one key, a record of state/table.ts. 16 bytes. */
@final @unmanaged
class KeySessions {
  sessionCount: u64;
  first: u32;
  unused: u32;
}

/** The open sessions of one operator: the queue's registers. 64 bytes, aligned. */
@final @unmanaged
export class Sessions {
  queue: u64;

  @inline private waiting(): WaitingRows { return changetype<WaitingRows>(changetype<usize>(this)); }

  init(): void { this.waiting().init(); }

  /**
   * The pane of the session of a row, for writing. Requires: room for SESSION_PAGES; isEventTime(time).
   * @param keys the dictionary, 0 where there is no key
   * @param entry the key's entry, 0 where there is no key
   * @returns 0 when the row is late; it is counted
   */
  enter<P>(table: Table, keys: usize, entry: usize, time: i64, gap: i64, watermark: i64): usize {
    const sessions = table.at<KeySessions>(entry == 0 ? 0 : changetype<Entry>(entry).id);
    const end = time + gap;
    let before: usize = 0;
    let at = <usize>sessions.first;
    while (at != 0 && changetype<Session>(at).end < time) {
      before = at;
      at = <usize>changetype<Session>(at).next;
    }
    if (at != 0 && changetype<Session>(at).start <= end) {
      const session = write<Session>(at);
      session.start = min<i64>(session.start, time);
      session.end = max<i64>(session.end, end);
      while (session.next != 0 && changetype<Session>(session.next).start <= session.end) this.absorb<P>(sessions, keys, session);
      return session.pane();
    }
    if (end - 1 <= watermark) {
      if (keys != 0) {
        changetype<Dictionary>(keys).retain(entry); // a key that has nothing else is not kept
        changetype<Dictionary>(keys).release(entry);
      }
      countLate();
      return 0;
    }
    const session = this.open<P>(sessions, before, at, entry, time, end);
    if (keys != 0) {
      changetype<Dictionary>(keys).retain(entry);
      table.announce<KeySessions>(changetype<Dictionary>(keys).pageCount);
    }
    return session.pane();
  }

  @inline isDue(watermark: i64): bool { return this.waiting().isDue(watermark); }

  /** The session that ends first among those that the watermark has passed; 0 when there is none. Asked again, it answers the same. */
  nextSession<P>(watermark: i64): usize {
    const queue = this.waiting();
    while (queue.isDue(watermark)) {
      const at = <usize>queue.first().entry;
      const session = changetype<Session>(at);
      if (session.isMerged == 0 && session.end - 1 == queue.first().time) return at;
      queue.leave();
      if (session.isMerged == 0) queue.enter(session.end - 1, at, 0, 0, 0);
      else give(at, HEAD_BYTES + <u32>offsetof<P>());
    }
    return 0;
  }

  /** The session that nextSession() answered is done; its pane holds nothing in the heap any more. */
  leave<P>(table: Table, keys: usize): void {
    const at = <usize>this.waiting().first().entry;
    const session = changetype<Session>(at);
    const sessions = table.at<KeySessions>(session.entry == 0 ? 0 : changetype<Entry>(session.entry).id);
    let before: usize = 0;
    for (let other = <usize>sessions.first; other != at; other = <usize>changetype<Session>(other).next) before = other;
    if (before == 0) sessions.first = session.next;
    else write<Session>(before).next = session.next;
    sessions.sessionCount -= 1;
    if (keys != 0) changetype<Dictionary>(keys).release(session.entry);
    this.waiting().leave();
    give(at, HEAD_BYTES + <u32>offsetof<P>());
  }

  private open<P>(sessions: KeySessions, before: usize, after: usize, entry: usize, start: i64, end: i64): Session {
    const at = take(<u32>HEAD_BYTES + <u32>offsetof<P>());
    const session = write<Session>(at);
    session.start = start;
    session.end = end;
    session.next = <u32>after;
    session.entry = <u32>entry;
    session.isMerged = 0;
    session.unused = 0;
    if (before == 0) sessions.first = <u32>at;
    else write<Session>(before).next = <u32>at;
    sessions.sessionCount += 1;
    // @ts-ignore: P stands for a generated record, which has it
    changetype<P>(session.pane()).init();
    this.waiting().enter(end - 1, at, 0, 0, 0);
    return session;
  }

  /** The session behind `session` becomes part of it. */
  private absorb<P>(sessions: KeySessions, keys: usize, session: Session): void {
    const other = write<Session>(session.next);
    session.end = max<i64>(session.end, other.end);
    session.next = other.next;
    other.isMerged = 1;
    sessions.sessionCount -= 1;
    // What the other session holds in the heap is copied before it is given back; how much that is only its pane knows.
    if (!hasRoom(MERGE_PAGES, 0)) setFull();
    // @ts-ignore: as above
    else changetype<P>(session.pane()).merge(changetype<P>(other.pane()));
    // @ts-ignore: as above
    changetype<P>(other.pane()).free();
    if (keys != 0) changetype<Dictionary>(keys).release(other.entry);
  }
}
