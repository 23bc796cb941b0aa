/** Changelogs as tests see them. */
import type { TestResult } from './engine.ts';

/** Adds up the changes of a sink. @returns the rows that are valid in the end, as JSON lists in order. Throws when a row is taken back that was not there */
export function content(results: readonly TestResult[], sink: number): string[] {
  const rows = new Map<string, number>();
  for (const { value } of results.filter((result) => result.sink === sink)) {
    const { $op: kind = '+I', ...rest } = JSON.parse(value) as Record<string, unknown>;
    const text = JSON.stringify(Object.values(rest));
    const count = (rows.get(text) ?? 0) + (kind === '+I' || kind === '+U' ? 1 : -1);
    if (count < 0) throw new Error(`${text} is taken back and was never there`);
    rows.set(text, count);
  }
  return [...rows].flatMap(([text, count]) => Array.from({ length: count }, () => text)).sort();
}
