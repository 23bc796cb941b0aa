/** Windows of every kind written down from the words of the SQL semantics, as slowly and plainly as that can be done. */
import type { Reading } from './reference.ts';

export type Kind =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly sizeMs: number; readonly stepMs: number; readonly offsetMs: number }
  | { readonly kind: 'session'; readonly gapMs: number };

export interface Bounds { readonly start: number; readonly end: number }

/** One window of one key that has ended, with its rows in order of arrival. */
export interface Ended<R> extends Bounds { readonly key: string; readonly rows: readonly R[] }

const floorTo = (time: number, size: number, offset: number): number => Math.floor((time - offset) / size) * size + offset;

/** The windows that a time lies in; of a session the one that a row alone makes. */
export function windowsOf(kind: Kind, time: number): Bounds[] {
  switch (kind.kind) {
    case 'tumble': {
      const start = floorTo(time, kind.sizeMs, kind.offsetMs);
      return [{ start, end: start + kind.sizeMs }];
    }
    case 'hop': {
      const found: Bounds[] = [];
      for (let start = floorTo(time, kind.slideMs, kind.offsetMs); start > time - kind.sizeMs; start -= kind.slideMs) found.unshift({ start, end: start + kind.sizeMs });
      return found;
    }
    case 'cumulate': {
      const start = floorTo(time, kind.sizeMs, kind.offsetMs);
      const ends = Array.from({ length: kind.sizeMs / kind.stepMs }, (_, index) => start + (index + 1) * kind.stepMs);
      return ends.filter((end) => end > time).map((end) => ({ start, end }));
    }
    case 'session': return [{ start: time, end: time + kind.gapMs }];
  }
}

/** Event time of a stream and the windows that are open at it. */
export class OpenWindows<R> {
  readonly ended: Ended<R>[] = [];
  late = 0;
  watermark: number = -Infinity;
  private open: { key: string; start: number; end: number; rows: R[] }[] = [];
  private readonly isMerging: boolean;

  constructor(isMerging: boolean = false) { this.isMerging = isMerging; }

  /** A row comes with its windows; it is late where all of them have ended. */
  add(key: string, row: R, windows: readonly Bounds[]): void {
    const taken = windows.filter((window) => this.enter(key, row, window));
    if (taken.length === 0 && windows.length > 0) this.late += 1;
  }

  /** Windows whose last instant is not beyond the watermark end, the earliest first. */
  advance(watermark: number): void {
    this.watermark = Math.max(this.watermark, watermark);
    const due = this.open.filter(({ end }) => end - 1 <= this.watermark).sort((a, b) => a.end - b.end);
    this.open = this.open.filter((window) => !due.includes(window));
    this.ended.push(...due);
  }

  private enter(key: string, row: R, { start, end }: Bounds): boolean {
    const met = this.open.filter((window) => window.key === key && (this.isMerging ? window.start <= end && window.end >= start : window.start === start && window.end === end));
    const merged = { key, start: Math.min(start, ...met.map((one) => one.start)), end: Math.max(end, ...met.map((one) => one.end)), rows: [...met.flatMap(({ rows }) => rows), row] };
    if (merged.end - 1 <= this.watermark) return false;
    this.open = [...this.open.filter((window) => !met.includes(window)), merged];
    return true;
  }
}

/** The windows of readings by key that have ended when the stream has, in that order; and how many rows were late. */
export function endedWindows(
  readings: readonly Reading[], kind: Kind, { delayMs, keyOf }: { readonly delayMs: number; readonly keyOf: (reading: Reading) => string },
): { readonly ended: readonly Ended<Reading>[]; readonly late: number } {
  const windows = new OpenWindows<Reading>(kind.kind === 'session');
  for (const reading of readings) {
    if (reading.ts === null) continue;
    windows.add(keyOf(reading), reading, windowsOf(kind, reading.ts));
    if (reading.ts - delayMs > 0) windows.advance(reading.ts - delayMs); // Flink emits none until it is above 0
  }
  windows.advance(Infinity);
  return { ended: windows.ended, late: windows.late };
}
