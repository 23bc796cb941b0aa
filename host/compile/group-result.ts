/** From a pane and its key to the columns of a result, in generated text; a group of columns each function. */
import type { GroupKey } from './group-key.ts';
import { capital, type Job } from './job.ts';
import type { Pane } from './pane.ts';
import type { Row } from './rows.ts';

/** Results that one generated function reads. */
const GROUP_COLUMNS = 12;

export interface ResultParts {
  readonly result: Row;
  readonly key: GroupKey | undefined;
  readonly pane: Pane;
  /** Columns of the key, which stand first. */
  readonly keyCount: number;
}

/** Adds the functions that read. @returns statements over `pane` and, where there is a key, `entry` */
export function groupResult(job: Job, name: string, { result, key, pane, keyCount }: ResultParts): string[] {
  const calls: string[] = [`${result.name}.nulls = 0;`];
  if (key !== undefined) {
    const readKey = job.name('read', capital(name), 'Key');
    job.use('state/dictionary', 'Entry');
    job.addFunction(`The key's columns.`, `${readKey}(entry: Entry): void`, key.decode(result));
    calls.push(`${readKey}(entry);`);
  }
  const results = pane.results(result, keyCount);
  for (let start = 0; start < results.length; start += GROUP_COLUMNS) {
    const readPart = job.name('read', capital(name), 'Values', start === 0 ? '' : String(start));
    const lines = results.slice(start, start + GROUP_COLUMNS).flat();
    const address = lines.some((line) => line.includes('at + ')) ? ['const at = changetype<usize>(pane);'] : [];
    job.addFunction(`The aggregates' columns.`, `${readPart}(pane: ${pane.className}): void`, [...address, ...lines]);
    calls.push(`${readPart}(pane);`);
  }
  return calls;
}
