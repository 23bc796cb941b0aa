/** UNION ALL in generated text: each input copies its rows into one row, which goes on by one function. */
import { changelogOf } from '../plan/changelog.ts';
import type { UnionNode } from '../plan/nodes.ts';
import { APPEND, NOTHING, type Downstream } from './circuit.ts';
import { columnExpressions, nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { addRow, fillRow } from './rows.ts';
import { sourcesOf } from './time.ts';

/** Adds the functions of a union and of all below it. */
export function union(branch: Branch, node: UnionNode, down: Downstream): void {
  const { circuit: { job }, name, words } = branch;
  const isUpdating = changelogOf(node) === 'updating';
  const row = addRow(job, job.name(name, 'Row'), node.columns, `A row of any input of ${words}.`);
  const { push, next } = pushText(branch, row, down, Math.min(...sourcesOf(node)), isUpdating);
  for (const input of node.inputs) {
    nodeText(branch, input, {
      over: (feed) => ({
        take: [],
        apply: [
          ...fillRow(job, row, columnExpressions(feed.view.columns), feed.view, (column) => `column ${column.name} of ${words}`),
          `${push}(${isUpdating ? feed.kind : ''});`,
        ],
        needs: NOTHING, outputBytes: undefined, emits: next.emits, drain: next.drain,
      }),
    });
  }
  if (isUpdating) job.use('abi', APPEND);
}
