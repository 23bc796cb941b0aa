/** One text that a pane keeps: a copy in the heap, replaced by another one now and then. */
import { textAddress, textLength, textOf } from "../text/text";
import { give, take } from "./heap";
import { copyIn } from "./pages";

const NONE: u32 = 0xffffffff;

/** State: u32 block, u32 length, 0xffffffff for no text (8 bytes). Its page is marked by who writes to it. */
@final @unmanaged
export class HeldText {
  block: u32;
  length: u32;

  @inline
  init(): void {
    this.block = 0;
    this.length = NONE;
  }

  @inline isEmpty(): bool { return this.length == NONE; }

  /** The text; it lies in the state. Requires: there is one. */
  @inline result(): u64 { return textOf(this.block, this.length); }

  /** Keeps a copy of `text` instead, which does not lie in the heap itself. Requires: room for a block of its length. */
  replace(text: u64): void {
    this.free();
    const length = textLength(text);
    const block = length == 0 ? 0 : take(length);
    copyIn(block, textAddress(text), length);
    this.block = <u32>block;
    this.length = length;
  }

  /** Takes over what another one holds, which is then empty. */
  steal(other: HeldText): void {
    this.free();
    this.block = other.block;
    this.length = other.length;
    other.init();
  }

  /** Gives the copy back; called when the pane is closed. */
  @inline free(): void { if (!this.isEmpty() && this.length != 0) give(this.block, this.length); }
}
