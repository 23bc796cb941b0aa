/**
 * Join of two changing tables: each row that comes is kept and meets the rows of the other side under its key, one of them at
 * a time, so that the output may be full in between. What an outer side has sent padded with NULLs is taken back when
 * its first match comes and sent again when its last one goes. Order of changes as in Flink's StreamingJoinOperator.
 * J stands for generated hooks: `isOuter(side)`, `load(left, right)` puts a pair into the joined row, 0 for NULLs, `isMatch()` is the
 * rest of the condition, `push(kind)` hands the joined row on.
 */
import { ROW_DELETE, ROW_INSERT } from "../abi";
import { Dictionary } from "../state/dictionary";
import { List } from "../state/list";
import { write } from "../state/pages";
import { Table } from "../state/table";
import {
  changesMatches, dropRow, firstOther, forget, isPair, JoinKey, JoinRow, keepAmong, keepRow, keyIdOf, loadPair, UNMATCHED,
} from "./side";

/** Pages that a row may take beside its key: two of the table, one of the row. */
export const JOIN_PAGES: usize = 3;

/** What is being done for the first waiting row. */
const PHASE_NEW: u32 = 0;
/** Rows of an outer other side whose padding changes. */
const PHASE_PAD: u32 = 1;
const PHASE_MATCH: u32 = 2;

/** Registers of one join. 64 bytes, aligned. */
@final @unmanaged
export class RegularJoin {
  /** Rows that wait, linked by `next`. */
  waitingFirst: u32;
  waitingLast: u32;
  phase: u32;
  /** Next row of the other side. */
  cursor: u32;
  matched: u32;

  /** A row has come; it waits. Requires: room for JOIN_PAGES, its key and its bytes. */
  enter(keys: Dictionary, entry: usize, side: u32, kind: u32, address: usize, length: u32): void {
    const row = keepRow(keys, entry, side, kind, address, length);
    changetype<List>(changetype<usize>(this)).append(changetype<usize>(row));
  }

  @inline hasWaiting(): bool { return this.waitingFirst != 0; }

  /** Goes on until one row was handed on or the first waiting row is done. Requires: hasWaiting(). */
  advance<J>(keys: Dictionary, table: Table): void {
    const registers = write<RegularJoin>(changetype<usize>(this));
    const row = changetype<JoinRow>(this.waitingFirst);
    const side = row.side & 1;
    const pair = table.at<JoinKey>(keyIdOf(row));
    if (this.phase == PHASE_NEW) {
      registers.phase = row.isRetraction() || !isOuter<J>(side ^ 1) ? PHASE_MATCH : PHASE_PAD;
      registers.cursor = firstOther(pair, row);
      registers.matched = 0;
    }
    while (true) {
      while (this.cursor != 0) {
        const other = changetype<JoinRow>(this.cursor);
        registers.cursor = other.next;
        if (!isPair<J>(row, other)) continue;
        if (this.phase == PHASE_MATCH) {
          registers.matched += 1;
          return send<J>(this.kindOf<J>(row, side));
        }
        if (this.repad<J>(row, other, side)) return;
      }
      if (!this.isPassOver<J>(row, side)) return this.finish<J>(keys, table, row, side);
      registers.cursor = firstOther(pair, row);
    }
  }

  /** Turns to the second pass over the other side. @returns false when both are done */
  private isPassOver<J>(row: JoinRow, side: u32): bool {
    const next = row.isRetraction() ? PHASE_PAD : PHASE_MATCH;
    if (this.phase == next || (next == PHASE_PAD && !isOuter<J>(side ^ 1))) return false;
    write<RegularJoin>(changetype<usize>(this)).phase = next;
    return true;
  }

  /** A row of the outer other side has one match more or less. @returns whether its padded row changed, and was handed on */
  private repad<J>(row: JoinRow, other: JoinRow, side: u32): bool {
    if (!changesMatches(row, other)) return false;
    loadPair<J>(0, other.bytes(), side);
    send<J>(row.isRetraction() ? ROW_INSERT : ROW_DELETE);
    return true;
  }

  /** Kind of a joined row: that of the row itself, unless an outer join turns updates into insertions and deletions. */
  @inline
  private kindOf<J>(row: JoinRow, side: u32): u32 {
    if (!isOuter<J>(side) && (row.isRetraction() || !isOuter<J>(side ^ 1))) return row.kind;
    return row.isRetraction() ? ROW_DELETE : ROW_INSERT;
  }

  /** The row has met all: it is kept, or what it takes back is forgotten; without a match an outer side's row goes on alone. */
  private finish<J>(keys: Dictionary, table: Table, row: JoinRow, side: u32): void {
    const registers = write<RegularJoin>(changetype<usize>(this));
    changetype<List>(changetype<usize>(this)).remove(changetype<usize>(row));
    registers.phase = PHASE_NEW;
    const isAlone = isOuter<J>(side) && this.matched == 0;
    const isRetraction = row.isRetraction();
    if (isAlone) loadPair<J>(row.bytes(), 0, side);
    if (isAlone) send<J>(isRetraction ? ROW_DELETE : ROW_INSERT);
    const pair = table.at<JoinKey>(keyIdOf(row));
    if (isRetraction || (row.side & UNMATCHED) != 0) {
      if ((row.side & UNMATCHED) == 0) forget(keys, pair, row, side);
      return dropRow(keys, row);
    }
    row.matches = this.matched;
    keepAmong(keys, table, pair, row, side);
  }
}

// @ts-ignore: decorator
@inline
function isOuter<J>(side: u32): bool {
  // @ts-ignore: J stands for a generated class, which has it
  return changetype<J>(0).isOuter(side);
}

// @ts-ignore: decorator
@inline
function send<J>(kind: u32): void {
  // @ts-ignore: as above
  changetype<J>(0).push(kind);
}
