/**
 * Hopping windows made of slices: a row touches the pane of one slice, and a window that fires merges the panes of its slices,
 * the newest first, as Flink does, so that sums of DOUBLE have the same last bits. A slice is given back with the last window
 * that covers it. P is a mergeable pane (windows.ts) without blocks in the heap.
 * Source: Li, Maier, Tufte, Papadimos and Tucker 2005, No pane, no gain.
 */
import { Dictionary } from "../state/dictionary";
import { write } from "../state/pages";
import { recordsPerPage } from "../state/table";
import { countLate } from "../time/late";
import { nextBound, windowStart } from "./bounds";
import { Window, Windows } from "./windows";

/** Merged panes of one page of key ids, and one more than the number of that page, 0 for none; scratch of one call. */
const MERGED: usize = memory.data(4096, 16);
const MERGED_PAGE: usize = memory.data(8, 8);

/** Registers of the windows above the slices of one operator. 64 bytes, aligned. */
@final @unmanaged
export class Hop {
  /** Last instant of the window that fires next, i64.MAX_VALUE without one. */
  due: i64;
  /** Key id at which firing goes on. */
  firingId: u32;
  /** The last slice of the firing window, 0 before it is looked for; key ids are below `idEnd`. */
  newest: u32;
  idEnd: u32;

  init(): void { write<Hop>(changetype<usize>(this)).due = i64.MAX_VALUE; }

  /**
   * Takes the slice of `time` in hand. Requires: room for WINDOW_PAGES; isEventTime(time).
   * @param step common divisor of size and slide
   * @returns false when no window takes the row: all of its windows have fired, and it is counted, or it lies between two
   */
  @inline
  enterAt(slices: Windows, time: i64, size: i64, slide: i64, step: i64, offset: i64, watermark: i64): bool {
    return <u64>(time - slices.start) < <u64>step || this.seek(slices, time, size, slide, step, offset, watermark);
  }

  @inline isDue(watermark: i64): bool { return this.due <= watermark; }

  /** End of the window that fires next. */
  @inline firingEnd(): i64 { return this.due + 1; }

  /** Called before nextPane() in each call of the module: what was merged in the last one is gone. */
  @inline begin(): void { store<u32>(MERGED_PAGE, 0); }

  /** The next pane of the firing window, merged; 0 when none is left. Asked again, it answers the same. */
  nextPane<P>(slices: Windows): usize {
    if (this.newest == 0) this.findSlices<P>(slices);
    const perPage = recordsPerPage<P>();
    for (let id = this.firingId; id < this.idEnd;) {
      const index = id / perPage;
      if (load<u32>(MERGED_PAGE) != index + 1 && !this.merge<P>(index)) {
        id = (index + 1) * perPage;
        continue;
      }
      const pane = MERGED + <usize>(id % perPage) * offsetof<P>();
      if (load<u64>(pane) != 0) {
        if (id != this.firingId) write<Hop>(changetype<usize>(this)).firingId = id;
        return pane;
      }
      id++;
    }
    return 0;
  }

  /** Goes on behind the pane that nextPane() answered. */
  @inline leavePane(): void { write<Hop>(changetype<usize>(this)).firingId += 1; }

  /** The firing window is done: slices that no later window covers are given back, and their keys; 0 for no keys. */
  close<P>(slices: Windows, keys: usize, size: i64, slide: i64, step: i64, offset: i64): void {
    const end = this.firingEnd();
    while (slices.first != 0 && slices.firing().start < end - size + slide) {
      if (keys != 0) slices.releasePanes<P>(changetype<Dictionary>(keys));
      slices.close();
    }
    const registers = write<Hop>(changetype<usize>(this));
    store<u32>(MERGED_PAGE, 0);
    registers.firingId = 0;
    registers.newest = 0;
    registers.due = slices.first == 0 ? i64.MAX_VALUE
      : max<i64>(end + slide, nextBound(slices.firing().start + step - 1, slide, offset + size)) - 1;
  }

  private seek(slices: Windows, time: i64, size: i64, slide: i64, step: i64, offset: i64, watermark: i64): bool {
    const last = windowStart(time, slide, offset) + size;
    if (time >= last) return false;
    if (last - 1 <= watermark) {
      countLate();
      return false;
    }
    const start = windowStart(time, step, offset);
    slices.enter(start, start + step);
    const end = nextBound(max<i64>(start + step - 1, watermark + 1), slide, offset + size);
    if (end - 1 < this.due) write<Hop>(changetype<usize>(this)).due = end - 1;
    return true;
  }

  /** Finds the slices of the firing window: all from the first on that end in it. */
  private findSlices<P>(slices: Windows): void {
    let newest = slices.firing();
    let capacity = newest.capacity;
    while (newest.next != 0 && changetype<Window>(newest.next).end <= this.firingEnd()) {
      newest = changetype<Window>(newest.next);
      capacity = max<u32>(capacity, newest.capacity);
    }
    const registers = write<Hop>(changetype<usize>(this));
    registers.newest = <u32>changetype<usize>(newest);
    registers.idEnd = capacity * recordsPerPage<P>();
  }

  /** Merges the panes of a page of key ids, slice by slice, so that memory is read in order. @returns whether some slice has the page */
  private merge<P>(index: u32): bool {
    const bytes = <usize>recordsPerPage<P>() * offsetof<P>();
    memory.fill(MERGED, 0, bytes);
    let isThere = false;
    for (let at = <usize>this.newest; at != 0; at = <usize>changetype<Window>(at).previous) {
      const slice = changetype<Window>(at);
      const page = index < slice.capacity ? <usize>load<u32>(<usize>slice.directory + (<usize>index << 2)) : 0;
      if (page == 0) continue;
      isThere = true;
      for (let offset: usize = 0; offset < bytes; offset += offsetof<P>()) {
        if (load<u64>(page + offset) == 0) continue;
        if (load<u64>(MERGED + offset) == 0) {
          memory.copy(MERGED + offset, page + offset, offsetof<P>());
        } else {
          // @ts-ignore: P stands for a generated record, which has it
          changetype<P>(MERGED + offset).merge(changetype<P>(page + offset));
        }
      }
    }
    store<u32>(MERGED_PAGE, isThere ? index + 1 : 0);
    return isThere;
  }
}
