/** The kind of a changelog's row as text: +I, -U, +U, -D. */
import { textOf } from "../text/text";

const KINDS: usize = memory.data<u8>([
  43, 73, 45, 85, 43, 85, 45, 68, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // texts are copied 16 bytes at a time
]);

/** The text of a ROW_*. */
export function kindText(kind: u32): u64 { return textOf(KINDS + (<usize>kind << 1), 2); }
