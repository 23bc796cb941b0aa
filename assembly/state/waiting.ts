/**
 * Rows that wait for event time: a priority queue by time and, among equal times, by order of arrival. Each row is a block of
 * the heap with its encoded bytes. Entering takes constant time, leaving logarithmic time over many.
 * Source: the pairing heap, Fredman, Sedgewick, Sleator and Tarjan 1986; links in two passes.
 */
import { give, take } from "./heap";
import { copyIn, write } from "./pages";

const HEAD_BYTES: u32 = 40;

/** One row: its place among the others, its time and number, its key's entry and a word of the operator's. 40 bytes, then its own. */
@final @unmanaged
export class WaitingRow {
  child: u32;
  sibling: u32;
  time: i64;
  number: u64;
  entry: u32;
  tag: u32;
  length: u32;
  unused: u32;

  @inline bytes(): usize { return changetype<usize>(this) + HEAD_BYTES; }

  /** Whether it leaves before `other`. */
  @inline
  isBefore(other: WaitingRow): bool { return this.time < other.time || (this.time == other.time && this.number < other.number); }
}

/** Bytes of the heap that a row of `length` bytes takes. */
// @ts-ignore: decorator
@inline
export function waitingRowBytes(length: u32): u32 { return HEAD_BYTES + length; }

/** Registers of one queue. 64 bytes, aligned. */
@final @unmanaged
export class WaitingRows {
  /** Time of the row that leaves next, i64.MAX_VALUE without one. */
  due: i64;
  /** Rows that have entered. */
  number: u64;
  root: u32;
  count: u32;

  init(): void { write<WaitingRows>(changetype<usize>(this)).due = i64.MAX_VALUE; }

  /** A row of `length` bytes at `address` waits for `time`. Requires: room for waitingRowBytes(length). */
  enter(time: i64, entry: usize, tag: u32, address: usize, length: u32): void {
    const block = take(HEAD_BYTES + length);
    copyIn(block + HEAD_BYTES, address, length);
    const row = write<WaitingRow>(block);
    const queue = write<WaitingRows>(changetype<usize>(this));
    row.child = 0;
    row.sibling = 0;
    row.time = time;
    row.number = queue.number;
    row.entry = <u32>entry;
    row.tag = tag;
    row.length = length;
    row.unused = 0;
    queue.number += 1;
    queue.count += 1;
    this.setRoot(queue.root == 0 ? row : linked(changetype<WaitingRow>(queue.root), row));
  }

  /** Whether a row waits no longer. Requires: watermark < i64.MAX_VALUE. */
  @inline isDue(watermark: i64): bool { return this.due <= watermark; }

  /** The row that leaves next. Requires: there is one. */
  @inline first(): WaitingRow { return changetype<WaitingRow>(this.root); }

  /** The first row leaves and is given back. */
  leave(): void {
    const row = this.detach();
    dropWaiting(row);
  }

  /** The first row leaves; the caller gives it back with `dropWaiting`, and may link it in a list (state/list.ts) until then. */
  detach(): WaitingRow {
    const row = this.first();
    const queue = write<WaitingRows>(changetype<usize>(this));
    queue.count -= 1;
    let pairs: usize = 0;
    for (let at = <usize>row.child; at != 0;) {
      const one = write<WaitingRow>(at);
      const two = <usize>one.sibling;
      one.sibling = 0;
      let pair = one;
      at = 0;
      if (two != 0) {
        const other = write<WaitingRow>(two);
        at = <usize>other.sibling;
        other.sibling = 0;
        pair = linked(one, other);
      }
      write<WaitingRow>(changetype<usize>(pair)).sibling = <u32>pairs;
      pairs = changetype<usize>(pair);
    }
    let root: usize = 0;
    while (pairs != 0) {
      const pair = write<WaitingRow>(pairs);
      pairs = <usize>pair.sibling;
      pair.sibling = 0;
      root = root == 0 ? changetype<usize>(pair) : changetype<usize>(linked(changetype<WaitingRow>(root), pair));
    }
    queue.root = 0;
    queue.due = i64.MAX_VALUE;
    if (root != 0) this.setRoot(changetype<WaitingRow>(root));
    return row;
  }

  @inline
  private setRoot(row: WaitingRow): void {
    const queue = write<WaitingRows>(changetype<usize>(this));
    queue.root = <u32>changetype<usize>(row);
    queue.due = row.time;
  }
}

/** Gives a row back. Requires: it was detached, and is in no list. */
export function dropWaiting(row: WaitingRow): void { give(changetype<usize>(row), HEAD_BYTES + row.length); }

/** Two heaps as one: the later root becomes the first child of the earlier one. */
function linked(one: WaitingRow, two: WaitingRow): WaitingRow {
  const isFirst = one.isBefore(two);
  const root = isFirst ? one : two;
  const child = write<WaitingRow>(changetype<usize>(isFirst ? two : one));
  child.sibling = root.child;
  write<WaitingRow>(changetype<usize>(root)).child = <u32>changetype<usize>(child);
  return root;
}
