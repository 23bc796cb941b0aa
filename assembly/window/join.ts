/**
 * Join of the rows of two windows with the same bounds, under each key, when the window ends: one pair at a time, so that the
 * output may be full in between. J stands for generated hooks as in join/regular.ts.
 */
import { ROW_INSERT } from "../abi";
import { write } from "../state/pages";
import { KeptRow, KeptRows } from "./kept-rows";

/** Marks of a row: its key is NULL, so that it matches nothing; it has met a row of the other side. */
export const KEY_IS_NULL: u32 = 1;
const HAS_MATCHED: u32 = 2;

/** The rows of both sides of one window and key. A pane of windows.ts. 40 bytes. */
@final @unmanaged
export class WindowPair {
  rows: u64;
  leftRows: u64;
  leftList: u64;
  rightRows: u64;
  rightList: u64;

  init(): void {
    this.rows = 0;
    this.left().init();
    this.right().init();
  }

  @inline left(): KeptRows { return changetype<KeptRows>(changetype<usize>(this) + 8); }
  @inline right(): KeptRows { return changetype<KeptRows>(changetype<usize>(this) + 24); }

  /** A row of one side comes. Requires: the pane's page is marked. */
  add(list: KeptRows, row: KeptRow): void {
    this.rows += 1;
    list.append(row);
  }

  private free(list: KeptRows): void { while (list.first() != 0) list.remove(changetype<KeptRow>(list.first())); }

  /** Gives all rows back. */
  freeRows(): void {
    write<WindowPair>(changetype<usize>(this));
    this.free(this.left());
    this.free(this.right());
  }
}

/** Where the join of the pane at hand stands. 64 bytes, aligned. */
@final @unmanaged
export class WindowJoin {
  isBegun: u32;
  /** Rows to be joined next; 0 for the right one: the left one has met all. */
  left: u32;
  right: u32;
  hasMatched: u32;

  init(): void { write<WindowJoin>(changetype<usize>(this)).isBegun = 0; }

  /** Goes on until a row was handed on or the pane is done. @returns whether it is done; its rows are given back */
  advance<J>(pair: WindowPair): bool {
    const registers = write<WindowJoin>(changetype<usize>(this));
    this.begin(pair);
    const hooks = changetype<J>(0);
    while (this.left != 0) {
      const left = changetype<KeptRow>(this.left);
      while (this.right != 0) {
        const right = changetype<KeptRow>(this.right);
        registers.right = right.next;
        if (!isPair<J>(left, right)) continue;
        registers.hasMatched = 1;
        if (right.mark != HAS_MATCHED) write<KeptRow>(changetype<usize>(right)).mark = HAS_MATCHED;
        return send<J>();
      }
      // @ts-ignore: J stands for a generated class, which has these
      const isAlone = this.hasMatched == 0 && hooks.isOuter(0);
      this.turn(pair, left);
      if (!isAlone) continue;
      // @ts-ignore: as above
      hooks.load(left.bytes(), 0);
      return send<J>();
    }
    // @ts-ignore: as above
    while (this.right != 0 && hooks.isOuter(1)) {
      const right = changetype<KeptRow>(this.right);
      registers.right = right.next;
      if (right.mark == HAS_MATCHED) continue;
      // @ts-ignore: as above
      hooks.load(0, right.bytes());
      return send<J>();
    }
    return this.end(pair);
  }

  /** The same for a semi or anti join. */
  advanceSemi<J>(pair: WindowPair): bool {
    this.begin(pair);
    const hooks = changetype<J>(0);
    while (this.left != 0) {
      const left = changetype<KeptRow>(this.left);
      let hasMatched: bool = false;
      for (let at = this.right; at != 0 && !hasMatched; at = changetype<KeptRow>(at).next) {
        hasMatched = isPair<J>(left, changetype<KeptRow>(at));
      }
      this.turn(pair, left);
      // @ts-ignore: J stands for a generated class, which has these
      if (hasMatched == hooks.isAnti()) continue;
      // @ts-ignore: as above
      hooks.load(left.bytes(), 0);
      return send<J>();
    }
    return this.end(pair);
  }

  private begin(pair: WindowPair): void {
    if (this.isBegun != 0) return;
    const registers = write<WindowJoin>(changetype<usize>(this));
    registers.isBegun = 1;
    registers.left = <u32>pair.left().first();
    registers.right = <u32>pair.right().first();
    registers.hasMatched = 0;
  }

  /** Turns to the next left row. */
  private turn(pair: WindowPair, left: KeptRow): void {
    const registers = write<WindowJoin>(changetype<usize>(this));
    registers.left = left.next;
    registers.right = <u32>pair.right().first();
    registers.hasMatched = 0;
  }

  private end(pair: WindowPair): bool {
    write<WindowJoin>(changetype<usize>(this)).isBegun = 0;
    pair.freeRows();
    return true;
  }
}

/** Loads a pair. @returns whether it is one */
// @ts-ignore: decorator
@inline
function isPair<J>(left: KeptRow, right: KeptRow): bool {
  if (((left.mark | right.mark) & KEY_IS_NULL) != 0) return false;
  const hooks = changetype<J>(0);
  // @ts-ignore: J stands for a generated class, which has these
  hooks.load(left.bytes(), right.bytes());
  // @ts-ignore: as above
  return hooks.isMatch();
}

// @ts-ignore: decorator
@inline
function send<J>(): bool {
  // @ts-ignore: as above
  changetype<J>(0).push(ROW_INSERT);
  return false;
}
