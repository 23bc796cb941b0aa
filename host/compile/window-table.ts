/**
 * Rows with their windows in generated text: tumbling, hopping and cumulating windows are columns that each row gets, once a
 * window; rows of a session wait until it ends (window-rows.ts).
 */
import type { Column, WindowTableNode } from '../plan/nodes.ts';
import { NOTHING, type Continuation, type Downstream, type Feed } from './circuit.ts';
import { capital, type Job } from './job.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { addRow, assign, at, type Row, type View } from './rows.ts';
import { sourcesOf } from './time.ts';
import { rowsInWindows } from './window-rows.ts';

/** Adds the functions of a window table and of all below it. */
export function windowTable(branch: Branch, node: WindowTableNode, down: Downstream): void {
  const { input, window, columns } = node;
  const { circuit: { job }, name, words } = branch;
  const { kind } = window;
  if (kind === 'attached') throw new Error('rows that have a window get no other one by it');
  if (kind === 'session') {
    return rowsInWindows(branch, { input, window, partition: window.partition, columns, isBounded: true }, down);
  }
  const bounds = addRow(job, job.name(name, 'Bounds'), columns.slice(input.columns.length), `The window of a row of ${words}.`);
  nodeText(branch, input, {
    over: (feed) => {
      const view = extended(feed.view, bounds, columns);
      const time = feed.view.column(window.timeColumn).value;
      if (kind === 'tumble') {
        const { sizeMs, offsetMs } = window;
        job.use('window/bounds', 'windowStart');
        const start = `start${bounds.name}`;
        const next = down.over({ view, kind: feed.kind });
        const take = [`const ${start} = windowStart(${time}, ${sizeMs}, ${offsetMs});`, ...assigned(job, bounds, start, `${start} + ${sizeMs}`)];
        return { ...next, take: [...take, ...next.take] };
      }
      return repeated(branch, node, { ...bounds, view }, feed, down);
    },
  });
}

/** Once a window. */
function repeated(branch: Branch, { input, window }: WindowTableNode, bounds: Row, feed: Feed, down: Downstream): Continuation {
  const { circuit: { job }, name } = branch;
  if (window.kind !== 'hop' && window.kind !== 'cumulate') throw new Error(`a row has one window of kind ${window.kind}`);
  const { push, next } = pushText(branch, bounds, down, Math.min(...sourcesOf(input)), false);
  const time = feed.view.column(window.timeColumn).value;
  const { sizeMs, offsetMs } = window;
  job.use('window/bounds', 'windowStart', 'nextBound');
  const apply = job.name('apply', capital(name), 'Windows');
  job.addFunction('The row once for each of its windows.', `${apply}(): void`, window.kind === 'hop' ? [
    `for (let start = nextBound(${time} - ${sizeMs}, ${window.slideMs}, ${offsetMs}); start <= ${time}; start += ${window.slideMs}) {`,
    ...[...assigned(job, bounds, 'start', `start + ${sizeMs}`), `${push}();`].map((line) => `  ${line}`), '}',
  ] : [
    `const start = windowStart(${time}, ${sizeMs}, ${offsetMs});`,
    `for (let end = nextBound(${time}, ${window.stepMs}, ${offsetMs}); end <= start + ${sizeMs}; end += ${window.stepMs}) {`,
    ...[...assigned(job, bounds, 'start', 'end'), `${push}();`].map((line) => `  ${line}`), '}',
  ]);
  return { take: [], apply: [`${apply}();`], needs: NOTHING, outputBytes: undefined, emits: next.emits, drain: next.drain };
}

/** The input's columns, then the window's. */
function extended(view: View, bounds: Row, columns: readonly Column[]): View {
  const own = view.columns.length;
  return { columns, column: (index) => (index < own ? view.column(index) : bounds.view.column(index - own)) };
}

function assigned(job: Job, bounds: Row, start: string, end: string): string[] {
  return [`${bounds.name}.nulls = 0;`, ...[start, end, `${end} - 1`].flatMap((value, index) => (
    assign(job, bounds, at(bounds.layout.fields, index), { setup: [], value, isNull: 'false' })))];
}
