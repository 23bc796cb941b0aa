/**
 * OVER: each row with the aggregates of its frame, the rows of its partition before it and itself, in order of time. Rows come in
 * that order, out of state/waiting.ts for event time. A frame without a bound only grows; of a bounded one the rows are kept
 * and taken back as they leave it. In a RANGE rows of the same time belong to each other's frame: all are added before the
 * first is sent. Order of adding and taking back as in Flink's bounded and unbounded OVER functions, so that sums are equal.
 * O stands for generated hooks: `load(bytes)` puts a row into the sent one, `send(pane)` adds the aggregates and hands it on. P is
 * a generated pane.
 */
import { Dictionary, Entry } from "../state/dictionary";
import { List } from "../state/list";
import { Table } from "../state/table";
import { dropWaiting, WaitingRow, WaitingRows } from "../state/waiting";

/** Pages that a row may take beside its key: two for each of two tables, one of the row. */
export const OVER_PAGES: usize = 5;

/** Rows in the frame of one partition. A record of state/table.ts. 16 bytes. */
@final @unmanaged
export class History {
  rows: u64;
  first: u32;
  last: u32;

  @inline list(): List { return changetype<List>(changetype<usize>(this) + 8); }
}

/** Rows of one time that were added and are not sent yet. 64 bytes are kept for it. */
@final @unmanaged
export class Peers {
  first: u32;
  last: u32;

  @inline list(): List { return changetype<List>(changetype<usize>(this)); }
}

/** ROWS without a bound: the row that waits first. Requires: it is due. */
export function overAllRows<O, P>(waiting: WaitingRows, panes: Table, keys: Dictionary): void {
  const row = waiting.detach();
  overRow<O, P>(panes, keys, row.entry, row.bytes());
  keys.release(row.entry);
  dropWaiting(row);
}

/** ROWS without a bound: one row in order. */
export function overRow<O, P>(panes: Table, keys: Dictionary, entry: usize, bytes: usize): void {
  const hooks = changetype<O>(0);
  const pane = paneOf<P>(panes, keys, entry);
  // @ts-ignore: O and P stand for generated classes, which have these
  hooks.load(bytes);
  // @ts-ignore: as above
  pane.add();
  // @ts-ignore: as above
  hooks.send(pane);
}

/** ROWS BETWEEN `preceding` PRECEDING AND CURRENT ROW: the row that waits first. Requires: it is due. */
export function overLastRows<O, P>(waiting: WaitingRows, panes: Table, histories: Table, keys: Dictionary, preceding: u64): void {
  const hooks = changetype<O>(0);
  const row = waiting.detach();
  const pane = paneOf<P>(panes, keys, row.entry);
  const history = histories.at<History>(changetype<Entry>(row.entry).id);
  if (history.rows > preceding) takeOldest<O, P>(pane, history, keys);
  history.list().append(changetype<usize>(row));
  history.rows += 1;
  histories.announce<History>(keys.pageCount);
  // @ts-ignore: O and P stand for generated classes, which have these
  hooks.load(row.bytes());
  // @ts-ignore: as above
  pane.add();
  // @ts-ignore: as above
  hooks.send(pane);
}

/** RANGE without a bound: adds all rows of the time that waits first. Requires: they are due, and no peers are left to be sent. */
export function addPeers<O, P>(waiting: WaitingRows, peers: Peers, panes: Table, keys: Dictionary): void {
  const time = waiting.due;
  while (waiting.due == time) {
    const row = waiting.detach();
    addPeer<O, P>(row, peers, paneOf<P>(panes, keys, row.entry));
  }
}

/** RANGE of `preceding` ms: the same, and what has left the frame by then is taken back. */
export function addPeersWithin<O, P>(waiting: WaitingRows, peers: Peers, panes: Table, histories: Table, keys: Dictionary, preceding: i64): void {
  const time = waiting.due;
  while (waiting.due == time) {
    const row = waiting.detach();
    const pane = paneOf<P>(panes, keys, row.entry);
    const history = histories.at<History>(changetype<Entry>(row.entry).id);
    while (history.first != 0 && changetype<WaitingRow>(history.first).time < time - preceding) takeOldest<O, P>(pane, history, keys);
    addPeer<O, P>(row, peers, pane);
  }
}

function addPeer<O, P>(row: WaitingRow, peers: Peers, pane: P): void {
  // @ts-ignore: O and P stand for generated classes, which have these
  changetype<O>(0).load(row.bytes());
  // @ts-ignore: as above
  pane.add();
  peers.list().append(changetype<usize>(row));
}

/** RANGE: sends one of the rows that were added, and keeps it while the frame has a bound. Requires: there is one. */
export function sendPeer<O, P>(peers: Peers, panes: Table, histories: Table, keys: Dictionary, preceding: i64): void {
  const hooks = changetype<O>(0);
  const row = changetype<WaitingRow>(peers.first);
  peers.list().remove(changetype<usize>(row));
  // @ts-ignore: O stands for a generated class, which has these
  hooks.load(row.bytes());
  // @ts-ignore: as above
  hooks.send(panes.at<P>(changetype<Entry>(row.entry).id));
  if (preceding < 0) {
    keys.release(row.entry);
    return dropWaiting(row);
  }
  const history = histories.at<History>(changetype<Entry>(row.entry).id);
  history.list().append(changetype<usize>(row));
  history.rows += 1;
  histories.announce<History>(keys.pageCount);
}

/** The oldest row leaves the frame. */
function takeOldest<O, P>(pane: P, history: History, keys: Dictionary): void {
  const oldest = changetype<WaitingRow>(history.first);
  // @ts-ignore: O and P stand for generated classes, which have these
  changetype<O>(0).load(oldest.bytes());
  // @ts-ignore: as above
  pane.retract();
  history.list().remove(changetype<usize>(oldest));
  history.rows -= 1;
  keys.release(oldest.entry); // the pane holds the key
  dropWaiting(oldest);
}

/** The pane of a partition, which is kept as long as the job. Once begun it has a row whenever it is asked for. */
function paneOf<P>(panes: Table, keys: Dictionary, entry: usize): P {
  const pane = panes.at<P>(changetype<Entry>(entry).id);
  if (load<u64>(changetype<usize>(pane)) == 0) {
    // @ts-ignore: P stands for a generated class, which has it
    pane.init();
    keys.retain(entry);
    panes.announce<P>(keys.pageCount);
  }
  return pane;
}
