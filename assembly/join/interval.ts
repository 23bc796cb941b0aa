/**
 * Join of rows whose times lie near each other: a row meets at once the rows of the other side that are kept under its key,
 * one at a time as in regular.ts, and is kept itself until the watermark says that no row can come that it would meet. Then
 * one of an outer side that has met none goes on with NULLs. Rows are never taken back.
 * J stands for generated hooks as in regular.ts; `isMatch()` also compares the times.
 */
import { ROW_INSERT } from "../abi";
import { Dictionary } from "../state/dictionary";
import { List } from "../state/list";
import { put, write } from "../state/pages";
import { Table } from "../state/table";
import { WaitingRows } from "../state/waiting";
import { dropRow, firstOther, isPair, JoinKey, JoinRow, keepAmong, keepRow, keyIdOf, loadPair, UNMATCHED } from "./side";

/** Bytes that an expiry keeps: the address of its row. */
const EXPIRY_BYTES: u32 = 8;

/** Registers of one join. 64 bytes, aligned. */
@final @unmanaged
export class IntervalJoin {
  /** Rows that have come and have not met all yet. */
  enteredFirst: u32;
  enteredLast: u32;
  isBegun: u32;
  /** Next row of the other side. */
  cursor: u32;
  /** Where the address of a row is put for its expiry. */
  scratch: u64;

  /** A row has come that is kept until `expiry`. Requires: room for the row, its key and its expiry. */
  enter(keys: Dictionary, entry: usize, side: u32, expiry: i64, address: usize, length: u32): void {
    const row = keepRow(keys, entry, side, ROW_INSERT, address, length);
    row.expiry = expiry;
    this.entered().append(changetype<usize>(row));
  }

  @inline hasWaiting(): bool { return this.enteredFirst != 0; }

  /** Goes on until one row was handed on or the first entered row has met all. Requires: hasWaiting(). */
  advance<J>(keys: Dictionary, table: Table, expiries: WaitingRows, watermark: i64): void {
    const registers = write<IntervalJoin>(changetype<usize>(this));
    const row = changetype<JoinRow>(this.enteredFirst);
    const side = row.side & 1;
    const pair = table.at<JoinKey>(keyIdOf(row));
    if (this.isBegun == 0) {
      registers.isBegun = 1;
      registers.cursor = firstOther(pair, row);
    }
    while (this.cursor != 0) {
      const other = changetype<JoinRow>(this.cursor);
      registers.cursor = other.next;
      if (!isPair<J>(row, other)) continue;
      row.matches = 1;
      put<u32>(changetype<usize>(other) + offsetof<JoinRow>("matches"), 1);
      // @ts-ignore: J stands for a generated class, which has it
      return changetype<J>(0).push(ROW_INSERT);
    }
    registers.isBegun = 0;
    this.entered().remove(changetype<usize>(row));
    if (row.expiry <= watermark || (row.side & UNMATCHED) != 0) return this.leave<J>(keys, row);
    keepAmong(keys, table, pair, row, side);
    registers.scratch = <u64>changetype<usize>(row);
    expiries.enter(row.expiry, 0, 0, changetype<usize>(this) + offsetof<IntervalJoin>("scratch"), EXPIRY_BYTES);
  }

  /** The row that expires first goes. Requires: it is due. */
  expire<J>(keys: Dictionary, table: Table, expiries: WaitingRows): void {
    const row = changetype<JoinRow>(<usize>load<u64>(expiries.first().bytes()));
    expiries.leave();
    const pair = table.at<JoinKey>(keyIdOf(row));
    pair.list(row.side & 1).remove(changetype<usize>(row));
    pair.rows -= 1;
    this.leave<J>(keys, row);
  }

  /** A row of an outer side that has met none goes on alone; the row is dropped. */
  private leave<J>(keys: Dictionary, row: JoinRow): void {
    const side = row.side & 1;
    const hooks = changetype<J>(0);
    // @ts-ignore: J stands for a generated class, which has these
    if (row.matches == 0 && hooks.isOuter(side)) {
      loadPair<J>(row.bytes(), 0, side);
      // @ts-ignore: as above
      hooks.push(ROW_INSERT);
    }
    dropRow(keys, row);
  }

  @inline private entered(): List { return changetype<List>(changetype<usize>(this)); }
}
