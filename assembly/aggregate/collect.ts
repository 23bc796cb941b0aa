/**
 * COLLECT: how often each text is there, as a JSON object from text to count, which is how Flink writes a MULTISET. The state
 * is the tally itself.
 */
import { REJECT_OVERSIZE } from "../abi";
import { writeLong } from "../emit/number";
import { writeText } from "../emit/text";
import { fail } from "../error";
import { Counted, Tally } from "../state/tally";
import { take, trim } from "../text/arena";
import { textLength, textOf } from "../text/text";

/** Most bytes of a comma, quotes, a colon and a count, and what may be written over behind them. */
const FRAME_BYTES: u32 = 44;

/** State: a Tally (16 bytes), and blocks of the heap. Has merge and retract, both exact. */
@final @unmanaged
export class Collect {
  tally: u64;
  tallyRest: u64;

  @inline init(): void { changetype<Tally>(this).init(); }

  /** Requires: room for TALLY_PAGES and a block of its length. */
  @inline add(text: u64): void { changetype<Tally>(this).addText(text); }

  @inline retract(text: u64): void { changetype<Tally>(this).removeText(text); }

  /** Requires: room for adding each text of the other. */
  merge(other: Collect): void {
    for (let at = changetype<Tally>(other).first(); at != 0; at = changetype<Tally>(other).after(at)) {
      changetype<Tally>(this).addCounted(changetype<Counted>(at));
    }
  }

  /** The object as a text of the arena; without room there `expression` fails. */
  result(expression: i32): u64 {
    const tally = changetype<Tally>(this);
    let bytes: u64 = 2 + <u64>FRAME_BYTES;
    for (let at = tally.first(); at != 0; at = tally.after(at)) bytes += <u64>textLength(changetype<Counted>(at).text()) * 6 + <u64>FRAME_BYTES;
    const out = bytes > <u64>u32.MAX_VALUE ? 0 : take(<u32>bytes);
    if (out == 0) {
      fail(REJECT_OVERSIZE, expression);
      return 0;
    }
    let end = out;
    for (let at = tally.first(); at != 0; at = tally.after(at)) {
      store<u8>(end, end == out ? 0x7b : 0x2c);
      end = writeText(end + 1, changetype<Counted>(at).text());
      store<u8>(end, 0x3a);
      end = writeLong(end + 1, <i64>changetype<Counted>(at).count);
    }
    if (end == out) store<u8>(end++, 0x7b);
    store<u8>(end++, 0x7d);
    trim(end);
    return textOf(out, <u32>(end - out));
  }

  @inline free(): void { changetype<Tally>(this).free(); }
}
