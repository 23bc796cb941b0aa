/** Rows that an operator makes itself, on their way to the node above: one function that takes and applies one row. */
import { APPEND, type Continuation, type Downstream, type Needs } from './circuit.ts';
import { capital, type Job } from './job.ts';
import type { Branch } from './nodes.ts';
import type { Row } from './rows.ts';

export interface Push {
  /** `push(kind): void`, without the parameter for rows that only come. */
  readonly push: string;
  /** What the row goes on with. */
  readonly next: Continuation;
}

/**
 * Adds the function that hands on what stands in `row`. A row with an error goes to the dead letters of `source`; one that
 * finds no room in the state stops the job.
 * @param isUpdating rows may be taken back; the function then has a parameter `kind`
 * @param mayHaveFailed the row may have an error when it comes; the caller then calls clearError() before it makes the row
 */
export function pushText({ circuit, name }: Branch, row: Row, down: Downstream, source: number, isUpdating: boolean, mayHaveFailed: boolean = false): Push {
  const { job, burials } = circuit;
  const next = down.over({ view: row.view, kind: isUpdating ? 'kind' : APPEND });
  const bury = burials[source]?.result ?? '';
  const lines: string[] = [];
  if (next.take.length === 0 && mayHaveFailed) {
    job.use('error', 'errorReason');
    job.use('operator', 'hasFailed');
    lines.push(`if (hasFailed()) return ${bury}(errorReason());`);
  }
  if (next.take.length > 0) {
    const finish = job.name('finish', capital(name));
    job.addFunction('What comes of the row at hand; false where it is dropped.', `${finish}(): bool`, [...next.take, 'return true;']);
    job.use('error', 'errorReason', ...mayHaveFailed ? [] : ['clearError']);
    job.use('operator', 'hasFailed');
    if (!mayHaveFailed) lines.push('clearError();');
    lines.push(`const isWanted = ${finish}();`, `if (hasFailed()) return ${bury}(errorReason());`, 'if (!isWanted) return;');
  }
  if (next.outputBytes !== undefined) {
    job.use('emit/output', 'RECORD_BYTES_MAX');
    job.use('abi', 'REJECT_OUTPUT');
    lines.push(`if (${next.outputBytes} > RECORD_BYTES_MAX) return ${bury}(REJECT_OUTPUT);`);
  }
  const room = roomCondition(job, next.needs);
  if (room !== undefined) {
    job.use('full', 'setFull');
    lines.push(`if (!${room}) return setFull();`);
  }
  const push = job.name('push', capital(name));
  job.addFunction('The row at hand to what comes next.', `${push}(${isUpdating ? 'kind: u32' : ''}): void`, [...lines, ...next.apply]);
  return { push, next };
}

/** Condition that the state has room for `needs`; undefined where nothing is needed. */
export function roomCondition(job: Job, { pages, lengths }: Needs): string | undefined {
  if (pages === 0 && lengths.length === 0) return undefined;
  job.use('state/heap', 'hasRoom');
  if (lengths.length === 0) return `hasRoom(${pages}, 0)`;
  job.use('state/heap', 'runBytesOf');
  return `hasRoom(${pages}, ${lengths.map((length) => `runBytesOf(${length})`).join(' + ')})`;
}
