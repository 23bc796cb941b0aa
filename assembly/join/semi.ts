/**
 * IN and EXISTS (semi), NOT IN and NOT EXISTS (anti) between changing tables: a row of the left side goes on while it has a
 * match, or while it has none. Rows wait and meet the other side as in regular.ts; order of changes as in Flink's
 * StreamingSemiAntiJoinOperator. J stands for generated hooks as there, with `isAnti()` for `isOuter`.
 */
import { ROW_DELETE, ROW_INSERT } from "../abi";
import { Dictionary } from "../state/dictionary";
import { List } from "../state/list";
import { write } from "../state/pages";
import { Table } from "../state/table";
import {
  changesMatches, dropRow, firstOther, forget, isPair, JoinKey, JoinRow, keepAmong, keepRow, keyIdOf, LEFT, loadPair, RIGHT, UNMATCHED,
} from "./side";

/** Registers of one join. 64 bytes, aligned. */
@final @unmanaged
export class SemiJoin {
  /** Rows that wait, linked by `next`. */
  waitingFirst: u32;
  waitingLast: u32;
  isBegun: u32;
  /** Next row of the other side. */
  cursor: u32;
  matched: u32;

  /** A row has come; it waits. Requires: room as for RegularJoin. */
  enter(keys: Dictionary, entry: usize, side: u32, kind: u32, address: usize, length: u32): void {
    const row = keepRow(keys, entry, side, kind, address, length);
    changetype<List>(changetype<usize>(this)).append(changetype<usize>(row));
  }

  @inline hasWaiting(): bool { return this.waitingFirst != 0; }

  /** Goes on until one row was handed on or the first waiting row is done. Requires: hasWaiting(). */
  advance<J>(keys: Dictionary, table: Table): void {
    const registers = write<SemiJoin>(changetype<usize>(this));
    const row = changetype<JoinRow>(this.waitingFirst);
    const side = row.side & 1;
    const pair = table.at<JoinKey>(keyIdOf(row));
    const hooks = changetype<J>(0);
    if (this.isBegun == 0) {
      registers.isBegun = 1;
      registers.cursor = firstOther(pair, row);
      registers.matched = 0;
    }
    while (this.cursor != 0) {
      const other = changetype<JoinRow>(this.cursor);
      registers.cursor = other.next;
      if (!isPair<J>(row, other)) continue;
      registers.matched += 1;
      if (side == RIGHT && changesMatches(row, other)) {
        // @ts-ignore: J stands for a generated class, which has these
        hooks.push(hooks.isAnti() ? (row.isRetraction() ? ROW_INSERT : ROW_DELETE) : row.kind);
        return;
      }
    }
    this.finish<J>(keys, table, row, side);
  }

  private finish<J>(keys: Dictionary, table: Table, row: JoinRow, side: u32): void {
    const registers = write<SemiJoin>(changetype<usize>(this));
    const hooks = changetype<J>(0);
    changetype<List>(changetype<usize>(this)).remove(changetype<usize>(row));
    registers.isBegun = 0;
    // @ts-ignore: J stands for a generated class, which has these
    if (side == LEFT && (this.matched != 0) != hooks.isAnti()) {
      loadPair<J>(row.bytes(), 0, LEFT);
      // @ts-ignore: as above
      hooks.push(row.kind);
    }
    const pair = table.at<JoinKey>(keyIdOf(row));
    if (row.isRetraction() || (row.side & UNMATCHED) != 0) {
      if ((row.side & UNMATCHED) == 0) forget(keys, pair, row, side);
      return dropRow(keys, row);
    }
    row.matches = this.matched;
    keepAmong(keys, table, pair, row, side);
  }
}
