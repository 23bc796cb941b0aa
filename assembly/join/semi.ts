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
import { dropRow, forget, JoinKey, JoinRow, keepRow, keyIdOf, LEFT, RIGHT, UNMATCHED } from "./side";

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
      registers.cursor = (row.side & UNMATCHED) != 0 ? 0 : pair.list(side ^ 1).first;
      registers.matched = 0;
    }
    while (this.cursor != 0) {
      const other = changetype<JoinRow>(this.cursor);
      registers.cursor = other.next;
      // @ts-ignore: J stands for a generated class, which has these
      hooks.load(side == LEFT ? row.bytes() : other.bytes(), side == LEFT ? other.bytes() : row.bytes());
      // @ts-ignore: as above
      if (!hooks.isMatch()) continue;
      registers.matched += 1;
      if (side == RIGHT && this.isTurn(row, other)) {
        // @ts-ignore: as above
        hooks.push(hooks.isAnti() ? (row.isRetraction() ? ROW_INSERT : ROW_DELETE) : row.kind);
        return;
      }
    }
    this.finish<J>(keys, table, row, side);
  }

  /** A left row has one match more or less. @returns whether it had none before, or has none now */
  private isTurn(row: JoinRow, left: JoinRow): bool {
    const change = write<JoinRow>(changetype<usize>(left));
    if (row.isRetraction()) {
      change.matches -= 1;
      return change.matches == 0;
    }
    change.matches += 1;
    return change.matches == 1;
  }

  private finish<J>(keys: Dictionary, table: Table, row: JoinRow, side: u32): void {
    const registers = write<SemiJoin>(changetype<usize>(this));
    const hooks = changetype<J>(0);
    changetype<List>(changetype<usize>(this)).remove(changetype<usize>(row));
    registers.isBegun = 0;
    // @ts-ignore: J stands for a generated class, which has these
    if (side == LEFT && (this.matched != 0) != hooks.isAnti()) {
      // @ts-ignore: as above
      hooks.load(row.bytes(), 0);
      // @ts-ignore: as above
      hooks.push(row.kind);
    }
    const pair = table.at<JoinKey>(keyIdOf(row));
    if (row.isRetraction() || (row.side & UNMATCHED) != 0) {
      if ((row.side & UNMATCHED) == 0) forget(keys, pair, row, side);
      return dropRow(keys, row);
    }
    row.matches = this.matched;
    pair.list(side).append(changetype<usize>(row));
    pair.rows += 1;
    table.announce<JoinKey>(keys.pageCount);
  }
}
