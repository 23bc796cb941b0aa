/** Medians, quantiles and spreads, and how they are printed; what a process takes of the machine. */
import { readFileSync } from 'node:fs';

/** Ticks of /proc a second; USER_HZ is 100 on every Linux that Node runs on. */
const TICKS = 100;

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** `median (lowest to highest)` */
export function spread(values: readonly number[], digits = 0): string {
  return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;
}

/** CPU seconds that a process has taken so far, all threads, user and system. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Resident memory in MiB: what is the process's own, and pages of files (LMDB's map, programs), which the kernel may drop. */
export function memoryMib(pid: number): { readonly anonymous: number; readonly file: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024;
  return { anonymous: of('Anonymous'), file: of('Rss') - of('Anonymous') };
}
