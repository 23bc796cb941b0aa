/**
 * Rows that a window keeps until it ends, as encoded bytes, linked in order of arrival or of a sort key whose bytes stand
 * before the row's own (state/order.ts). Each is a block of the heap. A list is a pane: a count of rows first.
 */
import { give, take } from "../state/heap";
import { compareOrder } from "../state/order";
import { copyIn, write } from "../state/pages";

const HEAD_BYTES: u32 = 24;

/** One row. 24 bytes, then its sort key, then its own bytes. */
@final @unmanaged
export class KeptRow {
  next: u32;
  previous: u32;
  orderBytes: u32;
  length: u32;
  /** Of the operator. */
  mark: u32;
  unused: u32;

  @inline order(): usize { return changetype<usize>(this) + HEAD_BYTES; }
  @inline bytes(): usize { return changetype<usize>(this) + HEAD_BYTES + this.orderBytes; }

  /** Negative, 0 or positive as the sort key stands to that of `other`. */
  compare(other: KeptRow): i32 {
    return compareOrder(this.order(), this.orderBytes, other.order(), other.orderBytes);
  }
}

/** Bytes of the heap that a row takes. */
// @ts-ignore: decorator
@inline
export function keptRowBytes(orderBytes: u32, length: u32): u32 { return HEAD_BYTES + orderBytes + length; }

/** A row with its sort key, in the heap. Requires: room for keptRowBytes(). */
export function keepRow(order: usize, orderBytes: u32, address: usize, length: u32, mark: u32): KeptRow {
  const block = take(keptRowBytes(orderBytes, length));
  copyIn(block + HEAD_BYTES, order, orderBytes);
  copyIn(block + HEAD_BYTES + orderBytes, address, length);
  const row = write<KeptRow>(block);
  row.next = 0;
  row.previous = 0;
  row.orderBytes = orderBytes;
  row.length = length;
  row.mark = mark;
  row.unused = 0;
  return row;
}

/** A list of rows. 16 bytes; a pane of windows.ts and session.ts. */
@final @unmanaged
export class KeptRows {
  rows: u64;
  firstRow: u32;
  lastRow: u32;

  init(): void {
    this.rows = 0;
    this.firstRow = 0;
    this.lastRow = 0;
  }

  /** The first row, 0 without one. */
  @inline first(): usize { return <usize>this.firstRow; }

  /** A row comes last. Requires: the list's page is marked. */
  append(row: KeptRow): void { this.insertBehind(<usize>this.lastRow, row); }

  /**
   * A row comes to its place in the order, behind or before those with the same sort key; of more than `limit` rows the
   * last one is dropped. Takes time in proportion to the rows behind its place. Requires: the list's page is marked.
   */
  insert(row: KeptRow, limit: u64, isBeforeEqual: bool): void {
    let before = <usize>this.lastRow;
    while (before != 0) {
      const order = row.compare(changetype<KeptRow>(before));
      if (order > 0 || (order == 0 && !isBeforeEqual)) break;
      before = <usize>changetype<KeptRow>(before).previous;
    }
    this.insertBehind(before, row);
    if (this.rows > limit) this.remove(changetype<KeptRow>(this.lastRow));
  }

  /** The rows of another list come behind those of this one. */
  merge(other: KeptRows): void {
    if (other.rows == 0) return;
    if (this.rows == 0) {
      this.firstRow = other.firstRow;
    } else {
      write<KeptRow>(this.lastRow).next = other.firstRow;
      write<KeptRow>(other.firstRow).previous = this.lastRow;
    }
    this.lastRow = other.lastRow;
    this.rows += other.rows;
  }

  /** There is nothing left to give back: every row was sent, or went to another list. */
  @inline free(): void {}

  /** Gives a row back. Requires: the list's page is marked. */
  remove(row: KeptRow): void {
    if (row.previous == 0) this.firstRow = row.next;
    else write<KeptRow>(row.previous).next = row.next;
    if (row.next == 0) this.lastRow = row.previous;
    else write<KeptRow>(row.next).previous = row.previous;
    this.rows -= 1;
    give(changetype<usize>(row), keptRowBytes(row.orderBytes, row.length));
  }

  private insertBehind(before: usize, row: KeptRow): void {
    const after = before == 0 ? this.firstRow : changetype<KeptRow>(before).next;
    row.previous = <u32>before;
    row.next = after;
    if (before == 0) this.firstRow = <u32>changetype<usize>(row);
    else write<KeptRow>(before).next = <u32>changetype<usize>(row);
    if (after == 0) this.lastRow = <u32>changetype<usize>(row);
    else write<KeptRow>(after).previous = <u32>changetype<usize>(row);
    this.rows += 1;
  }
}

/** How many rows of the pane at hand have been taken. 64 bytes, aligned. */
@final @unmanaged
export class RowNumber {
  taken: u64;

  init(): void { this.reset(); }

  reset(): void { write<RowNumber>(changetype<usize>(this)).taken = 0; }

  /** Number of the next row, from 1. */
  next(): i64 {
    write<RowNumber>(changetype<usize>(this)).taken += 1;
    return <i64>this.taken;
  }
}
