/** What operators with windows have in common in generated text: the loop over what fires, and the window's bounds as columns. */
import { capital, type Job } from './job.ts';
import type { Branch } from './nodes.ts';
import { assign, at, type Row } from './rows.ts';
import type { WindowStore } from './window-store.ts';

/** As assembly/state/dictionary.ts has it, and a block for the key's bytes. */
export const KEY_PAGES = 7;

/**
 * Adds `fire(): bool`, which runs `unit` for what fires next at `at`, until nothing is due; false when the output was full first.
 * @param unit hands on what one unit may send, and leaves what is done
 */
export function fireText({ circuit: { job }, name }: Branch, store: WindowStore, watermark: string, unit: readonly string[]): string {
  const fire = job.name('fire', capital(name));
  job.use('text/arena', 'reset');
  job.use('emit/output', 'isOutputFull');
  job.addFunction(`Windows of ${name} that the watermark has passed. @returns false when the output was full first`, `${fire}(): bool`, [
    ...store.begin ?? [],
    `while (${store.isDue(watermark)}) {`,
    `  for (let at = ${store.next(watermark)}; at != 0; at = ${store.next(watermark)}) {`,
    '    if (isOutputFull()) return false;',
    ...unit.map((line) => `    ${line}`),
    '  }',
    ...store.close.map((line) => `  ${line}`),
    '}',
    'return true;',
  ]);
  return fire;
}

/** Statements that put start, end and last instant of the firing window into three columns of `row` from `first` on. */
export function boundsText(job: Job, row: Row, first: number, store: WindowStore): string[] {
  return [
    `const start = ${store.start};`, `const end = ${store.end};`,
    ...['start', 'end', 'end - 1'].flatMap((value, index) => assign(job, row, at(row.layout.fields, first + index), { setup: [], value, isNull: 'false' })),
  ];
}
