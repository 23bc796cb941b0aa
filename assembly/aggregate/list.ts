/**
 * LISTAGG, ARRAY_AGG and JSON_ARRAYAGG: texts one behind the other in order of arrival, with a separator between, in a rope.
 * Merging adds the other's list behind; what stands in the middle cannot be found again: no retract.
 */
import { REJECT_OVERSIZE } from "../abi";
import { fail } from "../error";
import { Rope } from "../state/rope";
import { take } from "../text/arena";
import { textAddress, textLength, textOf } from "../text/text";

/** State: a Rope, u64 texts in it (24 bytes), and blocks of the heap. */
@final @unmanaged
export class List {
  rope: u64;
  ropeRest: u64;
  count: u64;

  @inline
  init(): void {
    changetype<Rope>(this).init();
    this.count = 0;
  }

  /** Adds a text. Requires: room for ROPE_PAGES and ropeBytesOf() of both lengths. */
  add(text: u64, separator: u64): void {
    const rope = changetype<Rope>(this);
    if (this.count != 0) rope.append(textAddress(separator), textLength(separator));
    rope.append(textAddress(text), textLength(text));
    this.count += 1;
  }

  /** Adds what another list holds. Requires: room as for adding its text. */
  merge(other: List, separator: u64): void {
    if (other.count == 0) return;
    if (this.count != 0) changetype<Rope>(this).append(textAddress(separator), textLength(separator));
    changetype<Rope>(this).merge(changetype<Rope>(other));
    this.count += other.count;
  }

  @inline isNull(): bool { return this.count == 0; }

  /** The list as one text of the arena; without room there `expression` fails. */
  result(expression: i32): u64 {
    const length = changetype<Rope>(this).length;
    const out = take(length);
    if (out == 0) return overflow(expression);
    changetype<Rope>(this).copyTo(out);
    return textOf(out, length);
  }

  /** The same between brackets, which are single ASCII characters. */
  bracketed(open: u8, close: u8, expression: i32): u64 {
    const length = changetype<Rope>(this).length + 2;
    const out = take(length);
    if (out == 0) return overflow(expression);
    store<u8>(out, open);
    store<u8>(changetype<Rope>(this).copyTo(out + 1), close);
    return textOf(out, length);
  }

  @inline free(): void { changetype<Rope>(this).free(); }
}

function overflow(expression: i32): u64 {
  fail(REJECT_OVERSIZE, expression);
  return 0;
}
