/**
 * Group keys to dense ids. A key is its canonical encoding (state/key.ts) and compared as bytes. Entries lie in pages and
 * never move; a bucket page holds up to 510 slots with linear probing, and the directory of buckets doubles when one is
 * full, so that growth never moves more than one bucket at a time. An entry is freed with its last pane and its id reused,
 * the one that is free for the longest first. Source: extendible hashing, Fagin et al. 1979.
 */
import { PAGE_BYTES } from "../abi";
import { announceGrowth, give, runBytesOf, take } from "./heap";
import { hashLong, hashShort, shortHigh, shortLow } from "./key";
import { clear, copyIn, put, write } from "./pages";

/** Length of a key that is NULL, as a single text may be. */
export const NULL_KEY: u32 = 0xffffffff;
/** Pages that one new key may take: two for a split bucket, entries, its bytes, two tables that double. */
export const KEY_PAGES: usize = 6;

/** Longest key that lies in its entry. */
const INLINE_BYTES: u32 = 16;
const ENTRY_BYTES: u32 = 32;
const ENTRY_SHIFT: u32 = 5;
/** log2 of entries a page. */
const PAGE_ENTRIES_SHIFT: u32 = 7;
/** A bucket page starts with u32 used slots and u32 depth; slots are u32 entry and u32 tag. */
const SLOTS_OFFSET: usize = 16;
/** Three eighths of the slots: most keys stand in their home, so that lookups are seldom mispredicted. */
const BUCKET_FULL: u32 = 192;
const BUCKET_SLOTS: u32 = 510;
/** With more bits of the tag in the directory, too few would be left for the place in the bucket. */
const DEPTH_MAX: u32 = 20;

/** One key: up to 16 bytes of it, or the address of more; its length, id, number of panes, and tag. 32 bytes, aligned. */
@final @unmanaged
export class Entry {
  low: u64;
  high: u64;
  length: u32;
  id: u32;
  paneCount: u32;
  tag: u32;

  /** Where the bytes of the key are. */
  @inline bytes(): usize { return this.length <= INLINE_BYTES || this.length == NULL_KEY ? changetype<usize>(this) : <usize>this.low; }
  @inline isNull(): bool { return this.length == NULL_KEY; }
}

/** Registers of one dictionary. 64 bytes, aligned. */
@final @unmanaged
export class Dictionary {
  seed: u64;
  /** 1 << depth addresses of bucket pages, by the tag's highest bits. */
  directory: u32;
  depth: u32;
  /** Addresses of entry pages, and how many fit and are there. */
  pages: u32;
  pageCapacity: u32;
  pageCount: u32;
  idCount: u32;
  /** Entries to be reused, linked by `low`, oldest first. */
  freeFirst: u32;
  freeLast: u32;
  keyCount: u32;

  /** Lays out an empty dictionary. Requires: room for three pages. */
  init(seed: u64): void {
    const registers = write<Dictionary>(changetype<usize>(this));
    const bucket = take(PAGE_BYTES);
    clear(bucket, SLOTS_OFFSET + (BUCKET_SLOTS << 3));
    registers.seed = seed;
    registers.directory = <u32>take(16);
    put<u32>(this.directory, <u32>bucket);
    registers.pages = <u32>take(16);
    registers.pageCapacity = 4;
  }

  /**
   * Entry of the key of `length` bytes at `address`, made when it is new.
   * Requires: room for KEY_PAGES and the key; 16 bytes behind the key may be read.
   */
  @inline
  entryOf(address: usize, length: u32): usize {
    if (length > INLINE_BYTES) return this.longEntryOf(address, length);
    const low = shortLow(address, length);
    const high = shortHigh(address, length);
    const tag = hashShort(low, high, length, this.seed);
    let slot = this.home(tag);
    while (true) {
      const entry = <usize>load<u32>(slot);
      if (entry == 0) return this.insert(tag, low, high, length);
      if (load<u32>(slot, 4) == tag) {
        const found = changetype<Entry>(entry);
        if (found.low == low && found.high == high && found.length == length) return entry;
      }
      slot = nextSlot(slot);
    }
  }

  /** Entry of the key NULL. */
  @inline
  nullEntry(): usize {
    const tag = hashShort(0, 0, NULL_KEY, this.seed);
    let slot = this.home(tag);
    while (true) {
      const entry = <usize>load<u32>(slot);
      if (entry == 0) return this.insert(tag, 0, 0, NULL_KEY);
      if (load<u32>(slot, 4) == tag && changetype<Entry>(entry).isNull()) return entry;
      slot = nextSlot(slot);
    }
  }

  /** Entry of a key that has panes. */
  @inline
  entryAt(id: u32): usize {
    const page = <usize>load<u32>(<usize>this.pages + (<usize>(id >> PAGE_ENTRIES_SHIFT) << 2));
    return page + (<usize>(id & ((1 << PAGE_ENTRIES_SHIFT) - 1)) << ENTRY_SHIFT);
  }

  /** Counts one more pane of the key. */
  @inline
  retain(entry: usize): void { write<Entry>(entry).paneCount += 1; }

  /** Counts one pane less; the key is forgotten with its last one. */
  release(entry: usize): void {
    const record = write<Entry>(entry);
    record.paneCount -= 1;
    if (record.paneCount == 0) this.remove(record);
  }

  private longEntryOf(address: usize, length: u32): usize {
    if (length == NULL_KEY) return this.nullEntry();
    const tag = hashLong(address, length, this.seed);
    let slot = this.home(tag);
    while (true) {
      const entry = <usize>load<u32>(slot);
      if (entry == 0) break;
      if (load<u32>(slot, 4) == tag) {
        const found = changetype<Entry>(entry);
        if (found.length == length && memory.compare(<usize>found.low, address, length) == 0) return entry;
      }
      slot = nextSlot(slot);
    }
    const block = take(length);
    copyIn(block, address, length);
    return this.insert(tag, block, 0, length);
  }

  /** First slot to look at. */
  @inline
  private home(tag: u32): usize {
    return homeIn(<usize>load<u32>(<usize>this.directory + (<usize>((tag >> 1) >> (31 - this.depth)) << 2)), tag);
  }

  private insert(tag: u32, low: u64, high: u64, length: u32): usize {
    const entry = this.takeEntry();
    const record = write<Entry>(entry);
    record.low = low;
    record.high = high;
    record.length = length;
    record.paneCount = 0;
    record.tag = tag;
    write<Dictionary>(changetype<usize>(this)).keyCount += 1;
    let bucket = this.home(tag) & ~(PAGE_BYTES - 1);
    if (load<u32>(bucket) >= BUCKET_FULL && load<u32>(bucket, 4) < DEPTH_MAX) {
      this.split(bucket, tag);
      bucket = this.home(tag) & ~(PAGE_BYTES - 1);
    }
    if (load<u32>(bucket) >= BUCKET_SLOTS - 1) unreachable(); // only keys made to collide get here; their rows are refused
    place(bucket, entry, tag);
    return entry;
  }

  /** An entry with its id, reused or from a page. */
  private takeEntry(): usize {
    const registers = write<Dictionary>(changetype<usize>(this));
    const reused = <usize>this.freeFirst;
    if (reused != 0) {
      registers.freeFirst = <u32>changetype<Entry>(reused).low;
      if (registers.freeFirst == 0) registers.freeLast = 0;
      return reused;
    }
    const id = this.idCount;
    if (id >> PAGE_ENTRIES_SHIFT == this.pageCount) this.addPage();
    registers.idCount = id + 1;
    const entry = this.entryAt(id);
    write<Entry>(entry).id = id;
    return entry;
  }

  private addPage(): void {
    const registers = write<Dictionary>(changetype<usize>(this));
    if (this.pageCount == this.pageCapacity) {
      const bytes = this.pageCapacity << 2;
      const wider = take(bytes << 1);
      copyIn(wider, this.pages, bytes);
      give(this.pages, bytes);
      announceGrowth(<i32>runBytesOf(bytes << 2) - <i32>runBytesOf(bytes << 1));
      registers.pages = <u32>wider;
      registers.pageCapacity <<= 1;
    }
    const page = take(PAGE_BYTES);
    clear(page, PAGE_BYTES);
    put<u32>(<usize>this.pages + (<usize>this.pageCount << 2), <u32>page);
    registers.pageCount += 1;
  }

  /** Splits a full bucket in two by the next bit of the tag. */
  private split(bucket: usize, tag: u32): void {
    const depth = load<u32>(bucket, 4);
    if (depth == this.depth) this.widen();
    const zero = take(PAGE_BYTES);
    const one = take(PAGE_BYTES);
    clear(zero, PAGE_BYTES);
    clear(one, PAGE_BYTES);
    store<u32>(zero, depth + 1, 4);
    store<u32>(one, depth + 1, 4);
    for (let slot = bucket + SLOTS_OFFSET; slot < bucket + PAGE_BYTES; slot += 8) {
      const entry = <usize>load<u32>(slot);
      if (entry == 0) continue;
      const moved = load<u32>(slot, 4);
      place((moved >> (31 - depth)) & 1 ? one : zero, entry, moved);
    }
    const span = <u32>1 << (this.depth - depth);
    const first = ((tag >> 1) >> (31 - this.depth)) & ~(span - 1);
    for (let index: u32 = 0; index < span; index++) {
      put<u32>(<usize>this.directory + (<usize>(first + index) << 2), <u32>(index < span >> 1 ? zero : one));
    }
    give(bucket, PAGE_BYTES);
  }

  /** Doubles the directory. */
  private widen(): void {
    const bytes = <u32>4 << this.depth;
    const wider = take(bytes << 1);
    for (let offset: usize = 0; offset < bytes; offset += 4) {
      const bucket = load<u32>(<usize>this.directory + offset);
      put<u32>(wider + (offset << 1), bucket);
      put<u32>(wider + (offset << 1) + 4, bucket);
    }
    give(this.directory, max<u32>(bytes, 16));
    announceGrowth(<i32>runBytesOf(bytes << 2) - <i32>runBytesOf(bytes << 1));
    const registers = write<Dictionary>(changetype<usize>(this));
    registers.directory = <u32>wider;
    registers.depth += 1;
  }

  private remove(record: Entry): void {
    if (record.length > INLINE_BYTES && record.length != NULL_KEY) give(<usize>record.low, record.length);
    let slot = this.home(record.tag);
    while (<usize>load<u32>(slot) != changetype<usize>(record)) slot = nextSlot(slot);
    closeGap(slot);
    record.low = 0;
    const registers = write<Dictionary>(changetype<usize>(this));
    if (registers.freeLast != 0) write<Entry>(registers.freeLast).low = changetype<usize>(record);
    else registers.freeFirst = <u32>changetype<usize>(record);
    registers.freeLast = <u32>changetype<usize>(record);
    registers.keyCount -= 1;
  }
}

/** Puts an entry into the first free slot from its home on. */
function place(bucket: usize, entry: usize, tag: u32): void {
  let slot = homeIn(bucket, tag);
  while (load<u32>(slot) != 0) slot = nextSlot(slot);
  put<u64>(slot, (<u64>tag << 32) | <u64>entry);
  store<u32>(bucket, load<u32>(bucket) + 1);
}

/** Empties a slot and moves those behind it that would not be found any more. Source: Knuth, vol. 3, 6.4, algorithm R. */
function closeGap(slot: usize): void {
  const bucket = slot & ~(PAGE_BYTES - 1);
  let gap = slot;
  let next = slot;
  while (true) {
    next = nextSlot(next);
    const tag = load<u32>(next, 4);
    if (load<u32>(next) == 0) break;
    if (distance(homeIn(bucket, tag), next) < distance(gap, next)) continue;
    put<u64>(gap, load<u64>(next));
    gap = next;
  }
  put<u64>(gap, 0);
  store<u32>(bucket, load<u32>(bucket) - 1);
}

/** The first two slots are the bucket's header, so the tags that would go there start two slots later. */
// @ts-ignore: decorator
@inline
function homeIn(bucket: usize, tag: u32): usize {
  const index = tag & 511;
  return bucket + (<usize>(index < 2 ? index + 2 : index) << 3);
}

// @ts-ignore: decorator
@inline
function nextSlot(slot: usize): usize {
  const next = slot + 8;
  return (next & (PAGE_BYTES - 1)) == 0 ? next - PAGE_BYTES + SLOTS_OFFSET : next;
}

/** Slots from `from` forward to `to`, around the end of the bucket. */
function distance(from: usize, to: usize): usize { return to >= from ? to - from : to + (BUCKET_SLOTS << 3) - from; }
