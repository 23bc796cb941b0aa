/**
 * What is to be done once a row has been applied and the watermark has moved, in generated text: rows that wait between
 * operators go on first, those farthest from the sources before the others; then operators do what is due, those nearest
 * to the sources first. Left where the output is full, it goes on there when it is called again.
 */
import type { Circuit } from './circuit.ts';
import { capital } from './job.ts';

export interface Settling {
  /** `settle(): bool`, false when the output was full first; undefined where nothing ever waits. */
  readonly settle: string | undefined;
  /** Condition that there is something to do. */
  readonly isDue: string;
}

/** Adds the function for rows of one source. */
export function settleText({ job, works, drains }: Circuit, source: number, table: string): Settling {
  const due = works.filter(({ sources }) => sources.has(source));
  if (due.length === 0) return { settle: undefined, isDue: 'false' };
  const settle = job.name('settle', capital(table));
  job.addFunction(`Does what rows of ${table} have made due. @returns false when the output was full first`, `${settle}(): bool`, [
    ...drains.map((drain) => `if (!${drain}()) return false;`),
    ...due.flatMap(({ advance, fire }) => [...advance, `if (!${fire}()) return false;`]),
    'return true;',
  ]);
  return { settle, isDue: due.map(({ isDue }) => isDue).join(' || ') };
}
