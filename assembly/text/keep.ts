/** Texts that must outlive what they point to, until the next row. */
import { take } from "./arena";
import { textAddress, textLength, textOf } from "./text";

/** A copy of the text in the row's arena. Traps where that is full: the row then gets a verdict and is skipped. */
export function keepText(text: u64): u64 {
  const length = textLength(text);
  const copy = take(length);
  if (copy == 0) unreachable();
  memory.copy(copy, textAddress(text), length);
  return textOf(copy, length);
}
