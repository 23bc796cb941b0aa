/**
 * Top-N of each partition: its rows in order of their sort keys, later rows behind earlier ones of the same key, and the
 * changes that a row makes to what lies between the ranks `from` and `to`. Of rows that are never taken back only the first
 * `to` are kept. A row finds its place in time proportional to the rows behind it. Order of changes as in Flink's
 * AppendOnlyTopNFunction and RetractableTopNFunction.
 * R stands for generated hooks: `from()`, `to()`, `hasNumber()`, `keepsAll()` are constants, `load(bytes)` puts a row into the sent
 * one, `setNumber(n)` its rank, `push(kind)` hands it on.
 */
import { ROW_DELETE, ROW_INSERT, ROW_UPDATE_AFTER, ROW_UPDATE_BEFORE } from "../abi";
import { endChange } from "../emit/output";
import { Dictionary, Entry } from "../state/dictionary";
import { give, take } from "../state/heap";
import { compareOrder } from "../state/order";
import { copyIn, write } from "../state/pages";
import { Table } from "../state/table";

/** Pages that a row may take beside its key: two of the table, one of the row. */
export const RANK_PAGES: usize = 3;
const HEAD_BYTES: u32 = 16;

/** One row: its neighbours, the length of its sort key and of its bytes. 16 bytes, then the sort key, then the row. */
@final @unmanaged
class RankedRow {
  next: u32;
  previous: u32;
  orderLength: u32;
  length: u32;

  @inline order(): usize { return changetype<usize>(this) + HEAD_BYTES; }
  @inline bytes(): usize { return changetype<usize>(this) + HEAD_BYTES + this.orderLength; }
}

/** Bytes of the heap that a row takes. */
// @ts-ignore: decorator
@inline
export function rankedRowBytes(orderLength: u32, length: u32): u32 { return HEAD_BYTES + orderLength + length; }

/** The rows of one partition. A record of state/table.ts. 16 bytes. */
@final @unmanaged
export class Ranking {
  rows: u64;
  first: u32;
  last: u32;
}

/** A row comes into the partition of `entry`. Requires: room for RANK_PAGES, the key and rankedRowBytes(). */
export function enterRank<R>(table: Table, keys: Dictionary, entry: usize, order: usize, orderLength: u32, bytes: usize, length: u32): void {
  const hooks = changetype<R>(0);
  const ranking = table.at<Ranking>(changetype<Entry>(entry).id);
  let before = <usize>ranking.last;
  let rank = <i64>ranking.rows + 1;
  while (before != 0 && isBehind(changetype<RankedRow>(before), order, orderLength)) {
    before = <usize>changetype<RankedRow>(before).previous;
    rank--;
  }
  // @ts-ignore: R stands for a generated class, which has these
  if (rank > hooks.to() && !hooks.keepsAll()) {
    keys.retain(entry); // a partition that is new and keeps nothing is forgotten
    keys.release(entry);
    return;
  }
  const row = keptRow(ranking, before, order, orderLength, bytes, length);
  if (ranking.rows == 0) {
    keys.retain(entry);
    table.announce<Ranking>(keys.pageCount);
  }
  ranking.rows += 1;
  // @ts-ignore: as above
  if (hooks.hasNumber()) sendMovedDown<R>(row, rank);
  else sendInAndOut<R>(ranking, row, rank);
  // @ts-ignore: as above
  if (!hooks.keepsAll() && <i64>ranking.rows > hooks.to()) drop(ranking, changetype<RankedRow>(ranking.last));
}

/** A row that came before is taken back. */
export function leaveRank<R>(table: Table, keys: Dictionary, entry: usize, order: usize, orderLength: u32, bytes: usize, length: u32): void {
  const hooks = changetype<R>(0);
  const ranking = table.at<Ranking>(changetype<Entry>(entry).id);
  let at = <usize>ranking.first;
  let rank: i64 = 1;
  while (at != 0 && !isSame(changetype<RankedRow>(at), order, orderLength, bytes, length)) {
    at = <usize>changetype<RankedRow>(at).next;
    rank++;
  }
  if (at == 0) {
    keys.retain(entry);
    keys.release(entry);
    return;
  }
  const row = changetype<RankedRow>(at);
  // @ts-ignore: R stands for a generated class, which has these
  if (hooks.hasNumber()) sendMovedUp<R>(row, rank);
  else sendOutAndIn<R>(ranking, row, rank);
  drop(ranking, row);
  if (ranking.rows == 0) keys.release(entry);
}

/** Without numbers: the row that leaves the range, then the one that comes into it. */
function sendInAndOut<R>(ranking: Ranking, row: RankedRow, rank: i64): void {
  const hooks = changetype<R>(0);
  // @ts-ignore: R stands for a generated class, which has these
  const from: i64 = hooks.from();
  // @ts-ignore: as above
  const to: i64 = hooks.to();
  if (rank > to) return;
  const out = rankedAt(ranking, row, rank, to + 1);
  if (out != 0) send<R>(out, to + 1, ROW_DELETE);
  send<R>(rank >= from ? changetype<usize>(row) : rankedAt(ranking, row, rank, from), from, ROW_INSERT);
}

function sendOutAndIn<R>(ranking: Ranking, row: RankedRow, rank: i64): void {
  const hooks = changetype<R>(0);
  // @ts-ignore: R stands for a generated class, which has these
  const from: i64 = hooks.from();
  // @ts-ignore: as above
  const to: i64 = hooks.to();
  if (rank > to) return;
  send<R>(rank >= from ? changetype<usize>(row) : rankedAt(ranking, row, rank, from), from, ROW_DELETE);
  send<R>(rankedAt(ranking, row, rank, to + 1), to, ROW_INSERT);
}

/** With numbers: every row from the new one on has one rank more. */
function sendMovedDown<R>(row: RankedRow, rank: i64): void {
  const hooks = changetype<R>(0);
  // @ts-ignore: R stands for a generated class, which has these
  const from: i64 = hooks.from();
  // @ts-ignore: as above
  const to: i64 = hooks.to();
  let at = row;
  for (let number = rank; number <= to; number++) {
    const next = <usize>at.next;
    if (number >= from) {
      if (next == 0) return send<R>(changetype<usize>(at), number, ROW_INSERT);
      send<R>(next, number, ROW_UPDATE_BEFORE);
      send<R>(changetype<usize>(at), number, ROW_UPDATE_AFTER);
      endChange();
    }
    if (next == 0) return;
    at = changetype<RankedRow>(next);
  }
}

/** Every row behind the one that goes has one rank less. */
function sendMovedUp<R>(row: RankedRow, rank: i64): void {
  const hooks = changetype<R>(0);
  // @ts-ignore: R stands for a generated class, which has these
  const from: i64 = hooks.from();
  // @ts-ignore: as above
  const to: i64 = hooks.to();
  let at = row;
  for (let number = rank; number <= to; number++) {
    const next = <usize>at.next;
    if (number >= from) {
      if (next == 0) return send<R>(changetype<usize>(at), number, ROW_DELETE);
      send<R>(changetype<usize>(at), number, ROW_UPDATE_BEFORE);
      send<R>(next, number, ROW_UPDATE_AFTER);
      endChange();
    }
    if (next == 0) return;
    at = changetype<RankedRow>(next);
  }
}

function send<R>(row: usize, number: i64, kind: u32): void {
  if (row == 0) return;
  const hooks = changetype<R>(0);
  // @ts-ignore: R stands for a generated class, which has these
  hooks.load(changetype<RankedRow>(row).bytes());
  // @ts-ignore: as above
  hooks.setNumber(number);
  // @ts-ignore: as above
  hooks.push(kind);
}

/** The row at rank `wanted`, walked to from `row` at `rank`; 0 when there is none. */
function rankedAt(ranking: Ranking, row: RankedRow, rank: i64, wanted: i64): usize {
  if (<u64>wanted > ranking.rows) return 0;
  let at = row;
  for (let number = rank; number < wanted; number++) at = changetype<RankedRow>(at.next);
  for (let number = rank; number > wanted; number--) at = changetype<RankedRow>(at.previous);
  return changetype<usize>(at);
}

function isBehind(row: RankedRow, order: usize, orderLength: u32): bool { return compareOrder(row.order(), row.orderLength, order, orderLength) > 0; }

function isSame(row: RankedRow, order: usize, orderLength: u32, bytes: usize, length: u32): bool {
  return row.orderLength == orderLength && row.length == length && memory.compare(row.order(), order, orderLength) == 0
    && memory.compare(row.bytes(), bytes, length) == 0;
}

function keptRow(ranking: Ranking, before: usize, order: usize, orderLength: u32, bytes: usize, length: u32): RankedRow {
  const block = take(HEAD_BYTES + orderLength + length);
  copyIn(block + HEAD_BYTES, order, orderLength);
  copyIn(block + HEAD_BYTES + orderLength, bytes, length);
  const row = write<RankedRow>(block);
  row.orderLength = orderLength;
  row.length = length;
  row.previous = <u32>before;
  row.next = before == 0 ? ranking.first : changetype<RankedRow>(before).next;
  if (before == 0) ranking.first = <u32>block;
  else write<RankedRow>(before).next = <u32>block;
  if (row.next == 0) ranking.last = <u32>block;
  else write<RankedRow>(row.next).previous = <u32>block;
  return row;
}

function drop(ranking: Ranking, row: RankedRow): void {
  if (row.previous == 0) ranking.first = row.next;
  else write<RankedRow>(row.previous).next = row.next;
  if (row.next == 0) ranking.last = row.previous;
  else write<RankedRow>(row.next).previous = row.previous;
  ranking.rows -= 1;
  give(changetype<usize>(row), HEAD_BYTES + row.orderLength + row.length);
}
