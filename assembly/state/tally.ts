/**
 * Counted values of one argument in one pane: what DISTINCT has seen, what COLLECT counts, what PERCENTILE ranks. Values lie
 * in their slots: up to 16 bytes, or the address of a longer text. A small tally is one block that doubles up to a page; then
 * pages split by the highest bits of the hash, so that no step moves more than one page and a directory of their addresses.
 * Source: extendible hashing, Fagin et al. 1979; deletion without marks, Knuth, vol. 3, 6.4, algorithm R.
 */
import { PAGE_BYTES } from "../abi";
import { textAddress, textLength, textOf } from "../text/text";
import { announceGrowth, give, runBytesOf, take } from "./heap";
import { hashLong, hashShort, shortHigh, shortLow } from "./key";
import { clear, copyIn, put, write } from "./pages";

/** Pages that adding one value may take: two for a page that splits and the directory; a long text takes a block beside. */
export const TALLY_PAGES: usize = 3;

const INLINE_BYTES: u32 = 16;
const VALUE_SHIFT: u32 = 5;
/** Slots of the smallest block and of a page; the first of each is its header: u32 used slots, depth, slots, highest bits of the hash. */
const SLOTS_MIN: u32 = 4;
const SLOTS_PAGE: u32 = 128;
const DEPTH: usize = 4;
const SLOTS: usize = 8;
const PREFIX: usize = 12;
/** With more bits of the hash in the directory, too few would be left for the place in the page. */
const DEPTH_MAX: u32 = 20;
const SEED: u64 = 0x51_9e37_79b9_7f4a;

/** One value and how often it is there; no value where `count` is 0. 32 bytes, aligned. */
@final @unmanaged
export class Counted {
  low: u64;
  high: u64;
  count: u64;
  tag: u32;
  /** Bytes of the value: 8 for an i64 or the bits of an f64, 16 for an i128, else those of the text. */
  length: u32;

  /** The value as text. Requires: texts went in. It points into the state. */
  @inline text(): u64 { return textOf(this.length <= INLINE_BYTES ? changetype<usize>(this) : <usize>this.low, this.length); }
}

/** State: u32 block or directory, u32 depth of the directory, u32 values, unused u32 (16 bytes), and blocks of the heap. */
@final @unmanaged
export class Tally {
  root: u32;
  depth: u32;
  size: u32;
  unused: u32;

  @inline
  init(): void {
    store<u64>(changetype<usize>(this), 0);
    store<u64>(changetype<usize>(this), 0, 8);
  }

  /**
   * Counts a value of 8 bytes `count` > 0 times. Requires: room for TALLY_PAGES.
   * @returns whether it is new
   */
  @inline addLong(value: i64, count: u64 = 1): bool { return this.addShort(<u64>value, 0, 8, count); }

  /** Counts a DOUBLE; all NaN are one value, 0.0 and -0.0 are two. */
  @inline addDouble(value: f64): bool { return this.addLong(reinterpret<i64>(value == value ? value : NaN)); }

  /** Counts the 16 bytes at `address`. */
  @inline addWide(address: usize): bool { return this.addShort(load<u64>(address), load<u64>(address, 8), 16, 1); }

  /** Counts a text. Requires also: room for a block of its length; 16 bytes behind it may be read. */
  addText(text: u64, count: u64 = 1): bool {
    const address = textAddress(text);
    const length = textLength(text);
    if (length <= INLINE_BYTES) return this.addShort(shortLow(address, length), shortHigh(address, length), length, count);
    const tag = hashLong(address, length, SEED);
    const found = this.findLong(address, length, tag);
    if (found != 0) {
      write<Counted>(found).count += count;
      return false;
    }
    const block = take(length);
    copyIn(block, address, length);
    this.insert(block, 0, tag, length, count);
    return true;
  }

  /** Takes back one time of what addLong counted. Requires: it is there. @returns whether it was the last time */
  removeLong(value: i64): bool { return this.removeShort(<u64>value, 0, 8); }

  /** The same for addDouble. */
  removeDouble(value: f64): bool { return this.removeLong(reinterpret<i64>(value == value ? value : NaN)); }

  /** The same for addWide. */
  removeWide(address: usize): bool { return this.removeShort(load<u64>(address), load<u64>(address, 8), 16); }

  /** The same for addText. */
  removeText(text: u64): bool {
    const address = textAddress(text);
    const length = textLength(text);
    if (length <= INLINE_BYTES) return this.removeShort(shortLow(address, length), shortHigh(address, length), length);
    return this.decrement(this.findLong(address, length, hashLong(address, length, SEED)));
  }

  /** Counts a value of another tally as often as that does. Requires: room as for adding it. @returns whether it is new */
  addCounted(value: Counted): bool {
    return value.length <= INLINE_BYTES ? this.addShort(value.low, value.high, value.length, value.count) : this.addText(value.text(), value.count);
  }

  /** The first value, in an order that only the values and their history decide; 0 for none. */
  first(): usize {
    if (this.root == 0) return 0;
    return this.scan(this.depth == 0 ? <usize>this.root : <usize>load<u32>(<usize>this.root), 1);
  }

  /** The value behind `value`, 0 for none. */
  after(value: usize): usize {
    const block = this.blockOf(changetype<Counted>(value).tag);
    return this.scan(block, <u32>((value - block) >> VALUE_SHIFT) + 1);
  }

  /** Gives all blocks back; called when the pane is closed. */
  free(): void {
    if (this.root == 0) return;
    for (let at = this.first(); at != 0; at = this.after(at)) {
      const value = changetype<Counted>(at);
      if (value.length > INLINE_BYTES) give(<usize>value.low, value.length);
    }
    if (this.depth == 0) {
      give(this.root, load<u32>(<usize>this.root, SLOTS) << VALUE_SHIFT);
      return;
    }
    for (let index: u32 = 0; index < <u32>1 << this.depth;) {
      const block = <usize>load<u32>(<usize>this.root + (<usize>index << 2));
      index += <u32>1 << (this.depth - load<u32>(block, DEPTH));
      give(block, PAGE_BYTES);
    }
    give(this.root, <u32>4 << this.depth);
    announceGrowth(-<i32>growthOf(this.depth));
  }

  private addShort(low: u64, high: u64, length: u32, count: u64): bool {
    const tag = hashShort(low, high, length, SEED);
    const found = this.findShort(low, high, length, tag);
    if (found != 0) {
      write<Counted>(found).count += count;
      return false;
    }
    this.insert(low, high, tag, length, count);
    return true;
  }

  private removeShort(low: u64, high: u64, length: u32): bool {
    return this.decrement(this.findShort(low, high, length, hashShort(low, high, length, SEED)));
  }

  private findShort(low: u64, high: u64, length: u32, tag: u32): usize {
    const block = this.blockOf(tag);
    if (block == 0) return 0;
    const last = load<u32>(block, SLOTS) - 1;
    let slot = homeOf(tag, last);
    while (true) {
      const value = changetype<Counted>(block + (<usize>slot << VALUE_SHIFT));
      if (value.count == 0) return 0;
      if (value.tag == tag && value.low == low && value.high == high && value.length == length) return changetype<usize>(value);
      slot = nextOf(slot, last);
    }
  }

  private findLong(address: usize, length: u32, tag: u32): usize {
    const block = this.blockOf(tag);
    if (block == 0) return 0;
    const last = load<u32>(block, SLOTS) - 1;
    let slot = homeOf(tag, last);
    while (true) {
      const value = changetype<Counted>(block + (<usize>slot << VALUE_SHIFT));
      if (value.count == 0) return 0;
      if (value.tag == tag && value.length == length && memory.compare(<usize>value.low, address, length) == 0) return changetype<usize>(value);
      slot = nextOf(slot, last);
    }
  }

  /** The block that holds what has this hash; 0 before the first value. */
  @inline
  private blockOf(tag: u32): usize {
    if (this.depth == 0) return <usize>this.root;
    return <usize>load<u32>(<usize>this.root + (<usize>(tag >> (32 - this.depth)) << 2));
  }

  /** The first value from `slot` of `block` on, there or in the pages behind. */
  private scan(block: usize, slot: u32): usize {
    while (true) {
      for (const slots = load<u32>(block, SLOTS); slot < slots; slot++) {
        const value = block + (<usize>slot << VALUE_SHIFT);
        if (changetype<Counted>(value).count != 0) return value;
      }
      if (this.depth == 0) return 0;
      block = this.pageAfter(block);
      if (block == 0) return 0;
      slot = 1;
    }
  }

  /** The page behind `block` in the directory. */
  private pageAfter(block: usize): usize {
    const next = (load<u32>(block, PREFIX) + 1) << (this.depth - load<u32>(block, DEPTH));
    return next >> this.depth == 0 ? <usize>load<u32>(<usize>this.root + (<usize>next << 2)) : 0;
  }

  private insert(low: u64, high: u64, tag: u32, length: u32, count: u64): void {
    let block = this.blockOf(tag);
    if (block == 0) {
      block = this.emptyBlock(SLOTS_MIN, 0, 0);
      write<Tally>(changetype<usize>(this)).root = <u32>block;
    }
    const slots = load<u32>(block, SLOTS);
    if (load<u32>(block) >= fullFor(slots)) {
      if (slots < SLOTS_PAGE) this.double(block, slots);
      else if (load<u32>(block, DEPTH) < DEPTH_MAX) this.split(block);
      block = this.blockOf(tag);
    }
    if (load<u32>(block) + 2 >= load<u32>(block, SLOTS)) unreachable(); // only values made to collide get here; their rows are refused
    const value = write<Counted>(freeSlot(block, tag));
    value.low = low;
    value.high = high;
    value.count = count;
    value.tag = tag;
    value.length = length;
    write<Tally>(changetype<usize>(this)).size += 1;
  }

  /** Moves a block below a page into one of twice its size. */
  private double(block: usize, slots: u32): void {
    const wider = this.emptyBlock(slots << 1, 0, 0);
    for (let slot: u32 = 1; slot < slots; slot++) move(block + (<usize>slot << VALUE_SHIFT), wider);
    give(block, slots << VALUE_SHIFT);
    write<Tally>(changetype<usize>(this)).root = <u32>wider;
  }

  /** Splits a full page in two by the next bit of the hash. */
  private split(block: usize): void {
    const depth = load<u32>(block, DEPTH);
    if (depth == this.depth) this.widen();
    const prefix = load<u32>(block, PREFIX) << 1;
    const zero = this.emptyBlock(SLOTS_PAGE, depth + 1, prefix);
    const one = this.emptyBlock(SLOTS_PAGE, depth + 1, prefix + 1);
    for (let slot: u32 = 1; slot < SLOTS_PAGE; slot++) {
      const value = block + (<usize>slot << VALUE_SHIFT);
      move(value, (changetype<Counted>(value).tag >> (31 - depth)) & 1 ? one : zero);
    }
    const span = <u32>1 << (this.depth - depth);
    const first = prefix << (this.depth - depth - 1);
    for (let index: u32 = 0; index < span; index++) {
      put<u32>(<usize>this.root + (<usize>(first + index) << 2), <u32>(index < span >> 1 ? zero : one));
    }
    give(block, PAGE_BYTES);
  }

  /** Makes a directory, or doubles it. */
  private widen(): void {
    const wider = take(<u32>8 << this.depth);
    if (this.depth == 0) {
      put<u32>(wider, this.root);
      put<u32>(wider + 4, this.root);
    } else {
      const bytes = <u32>4 << this.depth;
      for (let offset: usize = 0; offset < bytes; offset += 4) {
        const block = load<u32>(<usize>this.root + offset);
        put<u32>(wider + (offset << 1), block);
        put<u32>(wider + (offset << 1) + 4, block);
      }
      give(this.root, bytes);
    }
    announceGrowth(<i32>growthOf(this.depth + 1) - <i32>growthOf(this.depth));
    const registers = write<Tally>(changetype<usize>(this));
    registers.root = <u32>wider;
    registers.depth += 1;
  }

  private emptyBlock(slots: u32, depth: u32, prefix: u32): usize {
    const block = take(slots << VALUE_SHIFT);
    clear(block, slots << VALUE_SHIFT);
    store<u32>(block, depth, DEPTH);
    store<u32>(block, slots, SLOTS);
    store<u32>(block, prefix, PREFIX);
    return block;
  }

  private decrement(address: usize): bool {
    if (address == 0) unreachable(); // a retraction without its value
    const value = write<Counted>(address);
    value.count -= 1;
    if (value.count != 0) return false;
    if (value.length > INLINE_BYTES) give(<usize>value.low, value.length);
    closeGap(this.blockOf(value.tag), address);
    write<Tally>(changetype<usize>(this)).size -= 1;
    return true;
  }
}

/** Bytes of a run that the next growth of a directory may take. */
function growthOf(depth: u32): usize { return runBytesOf(<u32>8 << depth); }

/** Three quarters of the slots, and always one free to end a search. */
// @ts-ignore: decorator
@inline
function fullFor(slots: u32): u32 { return (slots * 3 >> 2) - 1; }

/** Slots are 1 to `last`. */
// @ts-ignore: decorator
@inline
function homeOf(tag: u32, last: u32): u32 { return max<u32>(tag & last, 1); }

// @ts-ignore: decorator
@inline
function nextOf(slot: u32, last: u32): u32 { return slot == last ? 1 : slot + 1; }

/** The first free slot from the home of `tag` on, counted as used; the block is marked. */
function freeSlot(block: usize, tag: u32): usize {
  const last = load<u32>(block, SLOTS) - 1;
  let slot = homeOf(tag, last);
  while (changetype<Counted>(block + (<usize>slot << VALUE_SHIFT)).count != 0) slot = nextOf(slot, last);
  put<u32>(block, load<u32>(block) + 1);
  return block + (<usize>slot << VALUE_SHIFT);
}

/** Copies the value at `from`, if there is one, into another block. */
function move(from: usize, block: usize): void {
  if (changetype<Counted>(from).count == 0) return;
  memory.copy(freeSlot(block, changetype<Counted>(from).tag), from, offsetof<Counted>());
}

/** Empties a slot and moves those behind it that would not be found any more. */
function closeGap(block: usize, address: usize): void {
  const last = load<u32>(block, SLOTS) - 1;
  let gap = <u32>((address - block) >> VALUE_SHIFT);
  let slot = gap;
  while (true) {
    slot = nextOf(slot, last);
    const value = block + (<usize>slot << VALUE_SHIFT);
    if (changetype<Counted>(value).count == 0) break;
    const home = homeOf(changetype<Counted>(value).tag, last);
    if (distance(home, slot, last) < distance(gap, slot, last)) continue;
    memory.copy(block + (<usize>gap << VALUE_SHIFT), value, offsetof<Counted>());
    gap = slot;
  }
  clear(block + (<usize>gap << VALUE_SHIFT), offsetof<Counted>());
  put<u32>(block, load<u32>(block) - 1);
}

/** Slots from `from` forward to `to`, around the end of the block. */
function distance(from: u32, to: u32, last: u32): u32 { return to >= from ? to - from : to + last - from; }
