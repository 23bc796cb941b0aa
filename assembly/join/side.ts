/**
 * What a regular join keeps: under each key the rows of both sides in order of arrival, as encoded bytes, and the rows that
 * wait for their turn. A row is a block of the heap; it holds its key in the dictionary.
 */
import { ROW_DELETE, ROW_UPDATE_BEFORE } from "../abi";
import { Dictionary, Entry } from "../state/dictionary";
import { give, take } from "../state/heap";
import { List } from "../state/list";
import { copyIn, write } from "../state/pages";
import { Table } from "../state/table";

/** Sides, and a mark for rows whose key is NULL, which never match. */
export const LEFT: u32 = 0;
export const RIGHT: u32 = 1;
export const UNMATCHED: u32 = 2;

const HEAD_BYTES: u32 = 40;

/** One row: where it is linked, its key, how many rows of the other side match it, its side and kind. 40 bytes, then its own. */
@final @unmanaged
export class JoinRow {
  next: u32;
  previous: u32;
  entry: u32;
  /** Kept for rows of an outer side. */
  matches: u32;
  length: u32;
  side: u32;
  kind: u32;
  unused: u32;
  /** Watermark at which an interval join forgets it. */
  expiry: i64;

  @inline bytes(): usize { return changetype<usize>(this) + HEAD_BYTES; }

  /** Whether it takes back a row that came before. */
  @inline isRetraction(): bool { return this.kind == ROW_UPDATE_BEFORE || this.kind == ROW_DELETE; }
}

/** Bytes of the heap that a row of `length` bytes takes. */
// @ts-ignore: decorator
@inline
export function joinRowBytes(length: u32): u32 { return HEAD_BYTES + length; }

/** A row of `length` bytes at `address`, in the heap. Requires: room for it. */
export function keepRow(keys: Dictionary, entry: usize, side: u32, kind: u32, address: usize, length: u32): JoinRow {
  const block = take(HEAD_BYTES + length);
  copyIn(block + HEAD_BYTES, address, length);
  const row = write<JoinRow>(block);
  row.next = 0;
  row.previous = 0;
  row.entry = <u32>entry;
  row.matches = 0;
  row.length = length;
  row.side = side;
  row.kind = kind;
  row.unused = 0;
  row.expiry = 0;
  keys.retain(entry);
  return row;
}

/** Gives a row back, and its key when it was the last of it. */
export function dropRow(keys: Dictionary, row: JoinRow): void {
  keys.release(row.entry);
  give(changetype<usize>(row), HEAD_BYTES + row.length);
}

/** The oldest row of `list` with the same bytes as `other`; 0 when there is none. Takes time in proportion to the rows of the key. */
function equalRow(list: List, other: JoinRow): usize {
  for (let at = <usize>list.first; at != 0; at = <usize>changetype<JoinRow>(at).next) {
    const row = changetype<JoinRow>(at);
    if (row.length == other.length && memory.compare(row.bytes(), other.bytes(), row.length) == 0) return at;
  }
  return 0;
}

/** The rows of one key. A record of state/table.ts: 0 rows, no record. 32 bytes. */
@final @unmanaged
export class JoinKey {
  rows: u64;
  leftFirst: u32;
  leftLast: u32;
  rightFirst: u32;
  rightLast: u32;
  unused: u64;

  /** The rows of a side. */
  @inline list(side: u32): List { return changetype<List>(changetype<usize>(this) + 8 + (<usize>side << 3)); }
}

/** Dense id of a row's key. */
// @ts-ignore: decorator
@inline
export function keyIdOf(row: JoinRow): u32 { return changetype<Entry>(row.entry).id; }

/** The kept row that `row` takes back is dropped, if there is one. */
export function forget(keys: Dictionary, pair: JoinKey, row: JoinRow, side: u32): void {
  const list = pair.list(side);
  const kept = equalRow(list, row);
  if (kept == 0) return;
  list.remove(kept);
  pair.rows -= 1;
  dropRow(keys, changetype<JoinRow>(kept));
}

/** A row that has met all is kept among the rows of its side. */
export function keepAmong(keys: Dictionary, table: Table, pair: JoinKey, row: JoinRow, side: u32): void {
  pair.list(side).append(changetype<usize>(row));
  pair.rows += 1;
  table.announce<JoinKey>(keys.pageCount);
}

/** First row of the other side under the row's key; none where the key is NULL. */
// @ts-ignore: decorator
@inline
export function firstOther(pair: JoinKey, row: JoinRow): u32 {
  return (row.side & UNMATCHED) != 0 ? 0 : pair.list((row.side & 1) ^ 1).first;
}

/** `other` has one match more, or one less where `row` takes back. @returns whether it had none before, or has none now */
export function changesMatches(row: JoinRow, other: JoinRow): bool {
  const change = write<JoinRow>(changetype<usize>(other));
  if (row.isRetraction()) {
    change.matches -= 1;
    return change.matches == 0;
  }
  change.matches += 1;
  return change.matches == 1;
}

/** Loads a row of `side` and one of the other, 0 for NULLs. */
// @ts-ignore: decorator
@inline
export function loadPair<J>(own: usize, other: usize, side: u32): void {
  // @ts-ignore: J stands for a generated class, which has it
  changetype<J>(0).load(side == LEFT ? own : other, side == LEFT ? other : own);
}

/** Loads both rows. @returns whether they match */
// @ts-ignore: decorator
@inline
export function isPair<J>(row: JoinRow, other: JoinRow): bool {
  loadPair<J>(row.bytes(), other.bytes(), row.side & 1);
  // @ts-ignore: as above
  return changetype<J>(0).isMatch();
}
