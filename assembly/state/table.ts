/**
 * One record P a key, found by the key's dense id: a directory of pages of records, handed out at first touch. P begins with
 * a u64 count of rows, 0 where there is no record, and no record crosses a page.
 */
import { PAGE_BYTES } from "../abi";
import { announceGrowth, give, runBytesOf, take } from "./heap";
import { clear, copyIn, put, write } from "./pages";

/** Pages that one row may take: records and a directory below a page. */
export const TABLE_PAGES: usize = 2;
/** Smallest directory, in pages of records or panes. */
export const CAPACITY_MIN: u32 = 4;
/** log2 of the keys for which a dictionary takes a page. */
const KEYS_SHIFT: u32 = 7;

/** Registers of one table. 64 bytes, aligned. */
@final @unmanaged
export class Table {
  /** `capacity` addresses of pages, 0 for none. */
  directory: u32;
  capacity: u32;
  /** Growth announced to the heap. */
  announced: u32;

  /** Lays out an empty table. Requires: room for a page. */
  init(): void {
    const registers = write<Table>(changetype<usize>(this));
    registers.directory = <u32>take(CAPACITY_MIN << 2);
    registers.capacity = CAPACITY_MIN;
    registers.announced = 0;
    clear(registers.directory, CAPACITY_MIN << 2);
  }

  /** The record of key `id` for writing; its rows are 0 when it is new. Requires: room for TABLE_PAGES. */
  @inline
  at<P>(id: u32): P {
    const perPage = recordsPerPage<P>();
    const index = id / perPage;
    const page = index < this.capacity ? <usize>load<u32>(<usize>this.directory + (<usize>index << 2)) : 0;
    return write<P>((page != 0 ? page : this.addPage(index)) + <usize>(id % perPage) * offsetof<P>());
  }

  /** Says to the heap how large a directory the next row may need, when the dictionary's keys take `keyPages`. */
  announce<P>(keyPages: u32): void {
    const bytes = <u32>runBytesOf(capacityFor(((keyPages + 1) << KEYS_SHIFT) / recordsPerPage<P>() + 1) << 2);
    if (bytes == this.announced) return;
    announceGrowth(<i32>bytes - <i32>this.announced);
    write<Table>(changetype<usize>(this)).announced = bytes;
  }

  private addPage(index: u32): usize {
    if (index >= this.capacity) this.widen(index);
    const page = take(PAGE_BYTES);
    clear(page, PAGE_BYTES);
    put<u32>(<usize>this.directory + (<usize>index << 2), <u32>page);
    return page;
  }

  private widen(index: u32): void {
    const capacity = capacityFor(index + 1);
    const registers = write<Table>(changetype<usize>(this));
    const wider = take(capacity << 2);
    clear(wider, capacity << 2);
    copyIn(wider, registers.directory, registers.capacity << 2);
    give(registers.directory, registers.capacity << 2);
    registers.directory = <u32>wider;
    registers.capacity = capacity;
  }
}

/** Records that lie in one page, none across its end. */
// @ts-ignore: decorator
@inline
export function recordsPerPage<P>(): u32 { return <u32>(<usize>PAGE_BYTES / offsetof<P>()); }

/** Smallest directory with `pages` places. */
export function capacityFor(pages: u32): u32 { return max<u32>(CAPACITY_MIN, <u32>1 << (32 - <u32>clz<u32>(pages - 1))); }
