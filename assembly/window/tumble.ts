/**
 * Tumbling windows of event time. Open windows form a list in order of time; each has a directory of pane pages, indexed by
 * dense key id, handed out at first touch. The window of the last row is kept in registers, since the next row mostly
 * falls into it. An open window's end lies beyond the watermark, so a row whose window is not open is late or opens it.
 * A pane record P begins with a u64 count of rows, 0 where there is no pane, and has `init()`.
 */
import { PAGE_BYTES } from "../abi";
import { Dictionary, Entry } from "../state/dictionary";
import { announceGrowth, give, runBytesOf, take } from "../state/heap";
import { clear, copyIn, put, write } from "../state/pages";
import { countLate } from "../time/late";

/** Pages that one row may take: a window, its directory, panes. */
export const WINDOW_PAGES: usize = 3;
/** Smallest directory, in pages of panes. */
const CAPACITY_MIN: u32 = 4;
const WINDOW_BYTES: u32 = 32;
/** No time is so near below it that it would fall into the window that starts there. */
const NO_WINDOW: i64 = i64.MIN_VALUE;

/** One open window. 32 bytes, aligned. */
@final @unmanaged
export class Window {
  start: i64;
  previous: u32;
  next: u32;
  /** `capacity` addresses of pane pages, 0 for none. */
  directory: u32;
  capacity: u32;
  paneCount: u32;
}

/** Registers of one tumbling window. 64 bytes, aligned. */
@final @unmanaged
export class Tumble {
  /** Start of the window at hand, and what its record says. */
  start: i64;
  /** Last instant of the earliest open window, i64.MAX_VALUE without one. */
  due: i64;
  current: u32;
  directory: u32;
  capacity: u32;
  /** Earliest open window. */
  first: u32;
  /** Key id at which firing goes on. */
  firingId: u32;
  /** Growth announced to the heap. */
  announced: u32;

  init(): void {
    const registers = write<Tumble>(changetype<usize>(this));
    registers.start = NO_WINDOW;
    registers.due = i64.MAX_VALUE;
  }

  /**
   * Takes the window of `time` in hand, opened if need be. Requires: room for WINDOW_PAGES; isEventTime(time).
   * @returns false when the row is late: its window has fired; it is counted
   */
  @inline
  enter(time: i64, size: i64, offset: i64, watermark: i64): bool {
    return <u64>(time - this.start) < <u64>size || this.seek(windowStart(time, size, offset), size, watermark);
  }

  /** The pane of `entry` in the window at hand, for writing; made when it is new. Requires: enter() was true. */
  @inline
  keyedPane<P>(keys: Dictionary, entry: usize): P {
    const pane = this.paneAt<P>(changetype<Entry>(entry).id);
    if (load<u64>(changetype<usize>(pane)) == 0) {
      this.open<P>(pane);
      keys.retain(entry);
      this.announce<P>(keys.pageCount);
    }
    return pane;
  }

  /** The only pane of the window at hand, where there is no key. Requires: enter() was true. */
  @inline
  solePane<P>(): P {
    const pane = this.paneAt<P>(0);
    if (load<u64>(changetype<usize>(pane)) == 0) this.open<P>(pane);
    return pane;
  }

  /** Whether a window is to fire. Requires: watermark < i64.MAX_VALUE. */
  @inline isDue(watermark: i64): bool { return this.due <= watermark; }

  /** Start of the earliest open window, which fires next. Requires: there is one. */
  @inline firingStart(): i64 { return changetype<Window>(this.first).start; }

  /** The next pane to fire of the earliest window, in order of key ids; 0 when none is left. Asked again, it answers the same. */
  nextPane<P>(): usize {
    const window = changetype<Window>(this.first);
    if (window.paneCount == 0) return 0;
    const perPage = panesPerPage<P>();
    let id = this.firingId;
    while (true) {
      const page = <usize>load<u32>(<usize>window.directory + (<usize>(id / perPage) << 2));
      if (page == 0) {
        id += perPage - id % perPage;
        continue;
      }
      const pane = page + <usize>(id % perPage) * offsetof<P>();
      if (load<u64>(pane) != 0) {
        if (id != this.firingId) write<Tumble>(changetype<usize>(this)).firingId = id;
        return pane;
      }
      id++;
    }
  }

  /** Goes on behind the pane that nextPane() answered. */
  leavePane(): void {
    const registers = write<Tumble>(changetype<usize>(this));
    registers.firingId += 1;
    write<Window>(this.first).paneCount -= 1;
  }

  /** Gives back the earliest window. Requires: nextPane() answered 0. */
  close(size: i64): void {
    const window = changetype<Window>(this.first);
    const registers = write<Tumble>(changetype<usize>(this));
    const directory = <usize>window.directory;
    for (let index: u32 = 0; index < window.capacity; index++) {
      const page = <usize>load<u32>(directory + (<usize>index << 2));
      if (page != 0) give(page, PAGE_BYTES);
    }
    give(directory, window.capacity << 2);
    const next = window.next;
    give(changetype<usize>(window), WINDOW_BYTES);
    if (registers.current == registers.first) {
      registers.current = 0;
      registers.start = NO_WINDOW;
    }
    registers.first = next;
    registers.firingId = 0;
    if (next != 0) write<Window>(next).previous = 0;
    registers.due = next == 0 ? i64.MAX_VALUE : changetype<Window>(next).start + size - 1;
  }

  /** The pane's place, in a page that is there; its page is marked. */
  @inline
  private paneAt<P>(id: u32): P {
    const perPage = panesPerPage<P>();
    const index = id / perPage;
    const page = index < this.capacity ? <usize>load<u32>(<usize>this.directory + (<usize>index << 2)) : 0;
    return write<P>((page != 0 ? page : this.addPage(index)) + <usize>(id % perPage) * offsetof<P>());
  }

  @inline
  private open<P>(pane: P): void {
    // @ts-ignore: P stands for a generated record, which has it
    pane.init();
    write<Window>(this.current).paneCount += 1;
  }

  /** A page for panes at `index` of the directory, which is widened if need be. */
  private addPage(index: u32): usize {
    if (index >= this.capacity) this.widen(index);
    const page = take(PAGE_BYTES);
    clear(page, PAGE_BYTES);
    put<u32>(<usize>this.directory + (<usize>index << 2), <u32>page);
    return page;
  }

  private widen(index: u32): void {
    const capacity = capacityFor(index + 1);
    const window = write<Window>(this.current);
    const wider = take(capacity << 2);
    clear(wider, capacity << 2);
    copyIn(wider, window.directory, window.capacity << 2);
    give(window.directory, window.capacity << 2);
    window.directory = <u32>wider;
    window.capacity = capacity;
    this.hold(window);
  }

  /** Says to the heap how large a directory the next row may need: one for all keys there are, and a page of new ones. */
  private announce<P>(entryPages: u32): void {
    const bytes = <u32>runBytesOf(capacityFor(((entryPages + 1) << 7) / panesPerPage<P>() + 1) << 2);
    if (bytes == this.announced) return;
    announceGrowth(<i32>bytes - <i32>this.announced);
    write<Tumble>(changetype<usize>(this)).announced = bytes;
  }

  /** Finds or opens the window that starts at `start`, from the window at hand on. */
  private seek(start: i64, size: i64, watermark: i64): bool {
    if (start + size - 1 <= watermark) {
      countLate();
      return false;
    }
    let before = <usize>this.current;
    while (before != 0 && changetype<Window>(before).start > start) before = <usize>changetype<Window>(before).previous;
    let after = before != 0 ? <usize>changetype<Window>(before).next : <usize>this.first;
    while (after != 0 && changetype<Window>(after).start <= start) {
      before = after;
      after = <usize>changetype<Window>(after).next;
    }
    const isOpen = before != 0 && changetype<Window>(before).start == start;
    this.hold(isOpen ? changetype<Window>(before) : this.openWindow(start, size, before, after));
    return true;
  }

  private openWindow(start: i64, size: i64, before: usize, after: usize): Window {
    const address = take(WINDOW_BYTES);
    const window = write<Window>(address);
    window.start = start;
    window.previous = <u32>before;
    window.next = <u32>after;
    window.directory = <u32>take(CAPACITY_MIN << 2);
    window.capacity = CAPACITY_MIN;
    window.paneCount = 0;
    clear(window.directory, CAPACITY_MIN << 2);
    if (after != 0) write<Window>(after).previous = <u32>address;
    if (before != 0) {
      write<Window>(before).next = <u32>address;
    } else {
      const registers = write<Tumble>(changetype<usize>(this));
      registers.first = <u32>address;
      registers.due = start + size - 1;
    }
    return window;
  }

  /** Takes a window in hand. */
  private hold(window: Window): void {
    const registers = write<Tumble>(changetype<usize>(this));
    registers.start = window.start;
    registers.current = <u32>changetype<usize>(window);
    registers.directory = window.directory;
    registers.capacity = window.capacity;
  }
}

/** Start of the window of `time`: the greatest offset + n * size that is not above it, also before 1970. */
// @ts-ignore: decorator
@inline
export function windowStart(time: i64, size: i64, offset: i64): i64 {
  const past = (time - offset) % size;
  return time - (past < 0 ? past + size : past);
}

/** Panes that lie in one page, none across its end. */
// @ts-ignore: decorator
@inline
function panesPerPage<P>(): u32 { return <u32>(<usize>PAGE_BYTES / offsetof<P>()); }

/** Smallest directory with `pages` places. */
function capacityFor(pages: u32): u32 { return max<u32>(CAPACITY_MIN, <u32>1 << (32 - <u32>clz<u32>(pages - 1))); }
