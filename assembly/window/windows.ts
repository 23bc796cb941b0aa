/**
 * Open windows of event time, in order of their ends; each has a directory of pane pages, indexed by dense key id, handed
 * out at first touch. The window of the last row is kept in registers, since the next row mostly falls into it. An open
 * window's end lies beyond the watermark. A pane record P begins with a u64 count of rows, 0 where there is no pane, and
 * has `init()`. Also the slices of windows that overlap: intervals like others, which fire elsewhere (hop.ts, cumulate.ts).
 */
import { PAGE_BYTES } from "../abi";
import { Dictionary, Entry } from "../state/dictionary";
import { announceGrowth, give, runBytesOf, take } from "../state/heap";
import { clear, copyIn, put, write } from "../state/pages";
import { capacityFor, CAPACITY_MIN, recordsPerPage } from "../state/table";
import { countLate } from "../time/late";
import { windowStart } from "./bounds";

/** Pages that a row may take in one window: the window, its directory, panes. */
export const WINDOW_PAGES: usize = 3;
const WINDOW_BYTES: u32 = 64;
/** No time is so near below it that it would fall into the window that starts there. */
const NO_WINDOW: i64 = i64.MIN_VALUE;

/** One open window. 64 bytes, aligned. */
@final @unmanaged
export class Window {
  start: i64;
  end: i64;
  previous: u32;
  next: u32;
  /** `capacity` addresses of pane pages, 0 for none. */
  directory: u32;
  capacity: u32;
  paneCount: u32;
}

/** Registers of the windows of one operator. 64 bytes, aligned. */
@final @unmanaged
export class Windows {
  /** Start and end of the window at hand, and what its record says. */
  start: i64;
  end: i64;
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
  /** Windows that one row may enter. */
  perRow: u32;

  /** @param perRow windows that one row may enter */
  init(perRow: u32): void {
    const registers = write<Windows>(changetype<usize>(this));
    registers.start = NO_WINDOW;
    registers.end = NO_WINDOW;
    registers.perRow = perRow;
    registers.due = i64.MAX_VALUE;
  }

  /**
   * Takes the tumbling window of `time` in hand, opened if need be. Requires: room for WINDOW_PAGES; isEventTime(time).
   * @returns false when the row is late: its window has fired; it is counted
   */
  @inline
  enterAt(time: i64, size: i64, offset: i64, watermark: i64): bool {
    return <u64>(time - this.start) < <u64>size || this.enterBefore(windowStart(time, size, offset), size, watermark);
  }

  /** Takes the window from `start` to `end` in hand, opened if need be; late when its last instant is not beyond the watermark. */
  @inline
  enterWindow(start: i64, end: i64, watermark: i64): bool {
    return (end == this.end && start == this.start) || this.enterBefore(start, end - start, watermark);
  }

  /** Takes the window from `start` to `end` in hand, opened if need be. Requires: it is not late; room for WINDOW_PAGES. */
  @inline
  enter(start: i64, end: i64): void { if (end != this.end || start != this.start) this.seek(start, end); }

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

  /** The earliest open window, which fires next. Requires: there is one. */
  @inline firing(): Window { return changetype<Window>(this.first); }

  /** The next pane to fire of the earliest window, in order of key ids; 0 when none is left. Asked again, it answers the same. */
  nextPane<P>(): usize {
    const window = changetype<Window>(this.first);
    if (window.paneCount == 0) return 0;
    const perPage = recordsPerPage<P>();
    let id = this.firingId;
    while (true) {
      const page = <usize>load<u32>(<usize>window.directory + (<usize>(id / perPage) << 2));
      if (page == 0) {
        id += perPage - id % perPage;
        continue;
      }
      const pane = page + <usize>(id % perPage) * offsetof<P>();
      if (load<u64>(pane) != 0) {
        if (id != this.firingId) write<Windows>(changetype<usize>(this)).firingId = id;
        return pane;
      }
      id++;
    }
  }

  /** Goes on behind the pane that nextPane() answered. */
  leavePane(): void {
    const registers = write<Windows>(changetype<usize>(this));
    registers.firingId += 1;
    write<Window>(this.first).paneCount -= 1;
  }

  /** Gives up the keys of all panes of the earliest window, which are not fired one by one. */
  releasePanes<P>(keys: Dictionary): void {
    for (let pane = this.nextPane<P>(); pane != 0; pane = this.nextPane<P>()) {
      keys.release(keys.entryAt(this.firingId));
      this.leavePane();
    }
  }

  /** Gives back the earliest window. Requires: its panes are left. */
  close(): void {
    const registers = write<Windows>(changetype<usize>(this));
    registers.firingId = 0;
    this.closeAt(changetype<Window>(this.first));
  }

  /** Gives back a window. Requires: its panes are left. */
  closeAt(window: Window): void {
    const registers = write<Windows>(changetype<usize>(this));
    const directory = <usize>window.directory;
    for (let index: u32 = 0; index < window.capacity; index++) {
      const page = <usize>load<u32>(directory + (<usize>index << 2));
      if (page != 0) give(page, PAGE_BYTES);
    }
    give(directory, window.capacity << 2);
    const previous = <usize>window.previous;
    const next = <usize>window.next;
    const wasFirst = previous == 0;
    if (registers.current == <u32>changetype<usize>(window)) this.letGo();
    give(changetype<usize>(window), WINDOW_BYTES);
    if (next != 0) write<Window>(next).previous = <u32>previous;
    if (!wasFirst) {
      write<Window>(previous).next = <u32>next;
      return;
    }
    registers.first = <u32>next;
    registers.due = next == 0 ? i64.MAX_VALUE : changetype<Window>(next).end - 1;
  }

  /** Gives a window other bounds. Requires: its place among the others stays the same. */
  move(window: Window, start: i64, end: i64): void {
    const moved = write<Window>(changetype<usize>(window));
    moved.start = start;
    moved.end = end;
    if (this.current == <u32>changetype<usize>(window)) this.letGo();
  }

  /** Place of the pane of key `id` in `window`, in a page that is there; its page is marked. Requires: room for WINDOW_PAGES. */
  paneFor<P>(window: Window, id: u32): usize {
    this.hold(window);
    return changetype<usize>(this.paneAt<P>(id));
  }

  /** The pane's place, in a page that is there; its page is marked. */
  @inline
  private paneAt<P>(id: u32): P {
    const perPage = recordsPerPage<P>();
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

  /** Says to the heap how large directories the next row may need: for all keys there are, and a page of new ones. */
  private announce<P>(entryPages: u32): void {
    const bytes = <u32>runBytesOf(capacityFor(((entryPages + 1) << 7) / recordsPerPage<P>() + 1) << 2) * this.perRow;
    if (bytes == this.announced) return;
    announceGrowth(<i32>bytes - <i32>this.announced);
    write<Windows>(changetype<usize>(this)).announced = bytes;
  }

  private enterBefore(start: i64, size: i64, watermark: i64): bool {
    if (start + size - 1 <= watermark) {
      countLate();
      return false;
    }
    this.seek(start, start + size);
    return true;
  }

  /** Finds or opens a window, from the window at hand on. */
  private seek(start: i64, end: i64): void {
    let before = <usize>this.current;
    while (before != 0 && isBehind(changetype<Window>(before), start, end)) before = <usize>changetype<Window>(before).previous;
    let after = before != 0 ? <usize>changetype<Window>(before).next : <usize>this.first;
    while (after != 0 && !isBehind(changetype<Window>(after), start, end)) {
      before = after;
      after = <usize>changetype<Window>(after).next;
    }
    const isOpen = before != 0 && changetype<Window>(before).end == end && changetype<Window>(before).start == start;
    this.hold(isOpen ? changetype<Window>(before) : this.openWindow(start, end, before, after));
  }

  private openWindow(start: i64, end: i64, before: usize, after: usize): Window {
    const address = take(WINDOW_BYTES);
    const window = write<Window>(address);
    window.start = start;
    window.end = end;
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
      const registers = write<Windows>(changetype<usize>(this));
      registers.first = <u32>address;
      registers.due = end - 1;
    }
    return window;
  }

  /** Takes no window in hand. */
  private letGo(): void {
    const registers = write<Windows>(changetype<usize>(this));
    registers.current = 0;
    registers.start = NO_WINDOW;
    registers.end = NO_WINDOW;
  }

  /** Takes a window in hand. */
  private hold(window: Window): void {
    const registers = write<Windows>(changetype<usize>(this));
    registers.start = window.start;
    registers.end = window.end;
    registers.current = <u32>changetype<usize>(window);
    registers.directory = window.directory;
    registers.capacity = window.capacity;
  }
}

/** Where the pane of key `id` is in `window`, 0 where there is no page for it; without rows there is no pane. */
// @ts-ignore: decorator
@inline
export function paneIn<P>(window: Window, id: u32): usize {
  const perPage = recordsPerPage<P>();
  const index = id / perPage;
  const page = index < window.capacity ? <usize>load<u32>(<usize>window.directory + (<usize>index << 2)) : 0;
  return page == 0 ? 0 : page + <usize>(id % perPage) * offsetof<P>();
}

/** Whether `window` fires after one from `start` to `end`. */
// @ts-ignore: decorator
@inline
function isBehind(window: Window, start: i64, end: i64): bool { return window.end > end || (window.end == end && window.start > start); }
