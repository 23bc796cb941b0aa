/** A regular join in generated text: both sides as encoded rows under their key, which wait in a queue until `drain` takes them. */
import { changelogOf } from '../plan/changelog.ts';
import type { JoinNode } from '../plan/nodes.ts';
import { APPEND, type Downstream } from './circuit.ts';
import { joinHooks } from './join-hooks.ts';
import { drainText, joinNames, pairRow, sideEntry } from './join-side.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import type { Row, View } from './rows.ts';
import { sourcesOf } from './time.ts';

/** Adds the functions of a join and of all below it. */
export function regularJoin(branch: Branch, node: JoinNode, down: Downstream): void {
  const { job } = branch.circuit;
  const isSemi = node.type === 'semi' || node.type === 'anti';
  const names = isSemi ? joinNames(branch, 'SemiJoin', 'join/semi') : joinNames(branch, 'RegularJoin', 'join/regular');
  const pair = pairRow(branch, node);
  const sent: Row = isSemi ? { ...pair, view: firstColumns(pair.view, node.left.columns.length) } : pair;
  const isUpdating = changelogOf(node) === 'updating';
  const push = pushText(branch, sent, down, Math.min(...sourcesOf(node)), isUpdating);
  const loads: string[] = [];
  for (const side of ['left', 'right'] as const) {
    nodeText(branch, node[side], {
      over: (feed) => {
        if (feed.kind === APPEND) job.use('abi', APPEND);
        const { load, next } = sideEntry(branch, node, side, feed, {
          names, pair,
          enter: ({ entry, side: sideText, row }) => [
            `${names.join}.enter(${names.keys}, ${entry}, ${sideText}, ${feed.kind}, ${row.address}, ${row.length});`,
          ],
        });
        loads.push(load);
        return next;
      },
    });
  }
  const hooks = joinHooks(branch, { node, pair, loads, push: push.push, isUpdating });
  drainText(branch, names, `${names.join}.advance<${hooks}>(${names.keys}, ${names.table});`, push.next.drain);
}

function firstColumns({ columns, column }: View, count: number): View { return { columns: columns.slice(0, count), column }; }
