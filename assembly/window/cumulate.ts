/**
 * Cumulating windows made of slices: a row touches the pane of one slice; a window that fires merges its newest slice into the
 * first one, the base, which holds all rows of the windows with this start, and is given back with the last of them. A row
 * whose slice has been merged goes to the base. As Flink's CumulativeSliceAssigner does, so that sums have the same last bits.
 * P is a mergeable pane (windows.ts) without blocks in the heap.
 */
import { setFull } from "../full";
import { Dictionary } from "../state/dictionary";
import { hasRoom } from "../state/heap";
import { write } from "../state/pages";
import { recordsPerPage } from "../state/table";
import { countLate } from "../time/late";
import { firstCumulation, windowStart } from "./bounds";
import { paneIn, Window, Windows, WINDOW_PAGES } from "./windows";

/** Registers of the windows above the slices of one operator. 64 bytes, aligned. */
@final @unmanaged
export class Cumulate {
  /** Last instant of the window that fires next, i64.MAX_VALUE without one. */
  due: i64;
  /** Key id at which firing goes on. */
  firingId: u32;

  init(): void { write<Cumulate>(changetype<usize>(this)).due = i64.MAX_VALUE; }

  /**
   * Takes the slice of `time` in hand. Requires: room for WINDOW_PAGES; isEventTime(time); size is a multiple of step.
   * @returns false when the row is late: all of its windows have fired; it is counted
   */
  @inline
  enterAt(slices: Windows, time: i64, size: i64, step: i64, offset: i64, watermark: i64): bool {
    return <u64>(time - slices.start) < <u64>step || this.seek(slices, time, size, step, offset, watermark);
  }

  @inline isDue(watermark: i64): bool { return this.due <= watermark; }

  /** End of the window that fires next, and its start. */
  @inline firingEnd(): i64 { return this.due + 1; }
  @inline firingStart(size: i64, offset: i64): i64 { return windowStart(this.due, size, offset); }

  /** The next pane of the firing window, in the base; 0 when none is left, or the state is full. Asked again, it answers the same. */
  nextPane<P>(slices: Windows, keys: usize, size: i64, step: i64, offset: i64): usize {
    const base = this.baseOf(slices, size, step, offset);
    const slice = this.sliceOf(base);
    const perPage = recordsPerPage<P>();
    const idEnd = max<u32>(base.capacity, slice == 0 ? 0 : changetype<Window>(slice).capacity) * perPage;
    for (let id = this.firingId; id < idEnd;) {
      let pane = paneIn<P>(base, id);
      const added = slice == 0 ? 0 : paneIn<P>(changetype<Window>(slice), id);
      if (pane == 0 && added == 0 && id % perPage == 0) {
        id += perPage;
        continue;
      }
      if (added != 0 && load<u64>(added) != 0) {
        if (!hasRoom(WINDOW_PAGES, 0)) {
          setFull();
          return 0;
        }
        pane = this.moved<P>(slices, keys, base, changetype<Window>(slice), id, added);
      }
      if (pane != 0 && load<u64>(pane) != 0) {
        if (id != this.firingId) write<Cumulate>(changetype<usize>(this)).firingId = id;
        return pane;
      }
      id++;
    }
    return 0;
  }

  /** Goes on behind the pane that nextPane() answered. */
  @inline leavePane(): void { write<Cumulate>(changetype<usize>(this)).firingId += 1; }

  /** The firing window is done: its newest slice is given back, and the base with the last window; 0 for no keys. */
  close<P>(slices: Windows, keys: usize, size: i64, step: i64, offset: i64): void {
    const end = this.firingEnd();
    const base = slices.firing();
    const slice = this.sliceOf(base);
    if (slice != 0) slices.closeAt(changetype<Window>(slice));
    const registers = write<Cumulate>(changetype<usize>(this));
    registers.firingId = 0;
    if (end < base.start + size) {
      registers.due = end + step - 1;
      return;
    }
    if (keys != 0) slices.releasePanes<P>(changetype<Dictionary>(keys));
    slices.close();
    registers.due = slices.first == 0 ? i64.MAX_VALUE : slices.firing().end - 1;
  }

  private seek(slices: Windows, time: i64, size: i64, step: i64, offset: i64, watermark: i64): bool {
    const first = windowStart(time, size, offset);
    if (first + size - 1 <= watermark) {
      countLate();
      return false;
    }
    const own = windowStart(time, step, offset);
    const start = own + step - 1 <= watermark ? first : own;
    slices.enter(start, start + step);
    const end = firstCumulation(time, step, offset, watermark);
    if (end - 1 < this.due) write<Cumulate>(changetype<usize>(this)).due = end - 1;
    return true;
  }

  /** The slice that holds what has fired: the first one, which becomes the base if there was none. */
  private baseOf(slices: Windows, size: i64, step: i64, offset: i64): Window {
    const base = slices.firing();
    const start = this.firingStart(size, offset);
    if (base.start != start) slices.move(base, start, start + step);
    return base;
  }

  /** The newest slice of the firing window, 0 where it has no rows or is the base. */
  @inline
  private sliceOf(base: Window): usize {
    const next = <usize>base.next;
    return next != 0 && changetype<Window>(next).end == this.firingEnd() ? next : 0;
  }

  /** Merges a pane of the slice into the base. @returns the pane there */
  private moved<P>(slices: Windows, keys: usize, base: Window, slice: Window, id: u32, added: usize): usize {
    const pane = slices.paneFor<P>(base, id);
    if (load<u64>(pane) == 0) {
      memory.copy(pane, added, offsetof<P>());
      write<Window>(changetype<usize>(base)).paneCount += 1;
    } else {
      // @ts-ignore: P stands for a generated record, which has it
      changetype<P>(pane).merge(changetype<P>(added));
      if (keys != 0) changetype<Dictionary>(keys).release(changetype<Dictionary>(keys).entryAt(id));
    }
    write<Window>(added & ~(<usize>4095));
    store<u64>(added, 0);
    write<Window>(changetype<usize>(slice)).paneCount -= 1;
    return pane;
  }
}
