/** Room for texts that an expression makes, and the text that stands for NULL. */
import { REJECT_EXPRESSION } from "../abi";
import { fail } from "../error";
import { take, trim } from "../text/arena";
import { textOf } from "../text/text";

/** What a text function gives for NULL. */
export const NO_TEXT: u64 = u64.MAX_VALUE;

/** Room for a new text. @returns 0, and the expression fails, where there is none */
export function room(bytes: u64, expression: i32): usize {
  const address = bytes > 0xffffff ? <usize>0 : take(<u32>bytes); // the arena is smaller by far
  if (address == 0) fail(REJECT_EXPRESSION, expression);
  return address;
}

/** The text from `start` to `end`; the room behind it goes back. */
// @ts-ignore: decorator
@inline
export function closed(start: usize, end: usize): u64 {
  trim(end);
  return textOf(start, <u32>(end - start));
}
