/** Tumbling windows written down from the words of the SQL semantics, as slowly and plainly as that can be done. */

export interface Reading { readonly device: string | null; readonly ts: number | null; readonly temperature: number | null; readonly status: string | null }

export interface WindowOptions { readonly sizeMs: number; readonly offsetMs: number; readonly delayMs: number }

export interface Mean {
  readonly device: string | null; readonly window_start: string; readonly window_end: string; readonly n: number;
  readonly low: number | null; readonly high: number | null; readonly mean: number | null; readonly total: number | null;
}

interface Pane { readonly device: string | null; readonly start: number; rows: number; values: number[] }

/** What the job `means` of test/plans.ts answers, in the order in which windows fire; keys of one window in any order. */
export function referenceMeans(readings: readonly Reading[], options: WindowOptions): { readonly results: Mean[]; readonly late: number; readonly rejected: number } {
  const open = new Map<string, Pane>();
  const results: Mean[] = [];
  let watermark = -Infinity;
  let late = 0;
  let rejected = 0;
  const fire = (): void => {
    const due = [...open].filter(([, { start }]) => start + options.sizeMs - 1 <= watermark).sort(([, a], [, b]) => a.start - b.start);
    for (const [key, pane] of due) {
      open.delete(key);
      results.push(meanOf(pane, options.sizeMs));
    }
  };
  for (const { device, ts, temperature, status } of readings) {
    if (ts === null) { rejected += 1; continue; }
    if (status === 'OK') {
      const start = Math.floor((ts - options.offsetMs) / options.sizeMs) * options.sizeMs + options.offsetMs;
      if (start + options.sizeMs - 1 <= watermark) late += 1;
      else {
        const key = JSON.stringify([start, device]);
        const pane = open.get(key) ?? { device, start, rows: 0, values: [] };
        open.set(key, pane);
        pane.rows += 1;
        if (temperature !== null) pane.values.push(temperature);
      }
    }
    if (ts - options.delayMs > 0) watermark = Math.max(watermark, ts - options.delayMs); // Flink emits none until it is above 0
    fire();
  }
  watermark = Infinity;
  fire();
  return { results, late, rejected };
}

function meanOf({ device, start, rows, values }: Pane, sizeMs: number): Mean {
  const total = values.length === 0 ? null : values.reduce((sum, value) => sum + value);
  return {
    device, window_start: sqlTime(start), window_end: sqlTime(start + sizeMs), n: rows,
    low: values.length === 0 ? null : Math.min(...values), high: values.length === 0 ? null : Math.max(...values),
    mean: total === null ? null : total / values.length, total,
  };
}

/** `2023-11-14 22:13:20.5`: no more digits of the second than it has. */
export function sqlTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '').replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : ''));
}
