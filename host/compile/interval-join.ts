/** A join in time in generated text: both sides are kept until the watermark has passed all that they could meet. */
import type { IntervalJoinNode } from '../plan/nodes.ts';
import type { Downstream } from './circuit.ts';
import { capital } from './job.ts';
import { joinHooks } from './join-hooks.ts';
import { drainText, joinNames, pairRow, REGISTER_BYTES, sideEntry } from './join-side.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { progressOf } from './time.ts';

/** Adds the functions of a join in time and of all below it. */
export function intervalJoin(branch: Branch, node: IntervalJoinNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const names = joinNames(branch, 'IntervalJoin', 'join/interval');
  const expiries = job.name(name, 'Expiries');
  job.use('state/waiting', 'WaitingRows');
  job.add('constants', `const ${expiries} = changetype<WaitingRows>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(`${expiries}.init();`);
  const progress = progressOf(branch, node.left, node.right);
  const pair = pairRow(branch, node);
  const push = pushText(branch, pair, down, Math.min(...progress.sources), false);
  const loads: string[] = [];
  for (const side of ['left', 'right'] as const) {
    nodeText(branch, node[side], {
      over: (feed) => {
        const time = feed.view.column(side === 'left' ? node.leftTime : node.rightTime).value;
        // The last time of the other side that a row could meet: left - lower, right + upper.
        const expiry = side === 'left' ? `${time} - ${node.lowerMs}` : `${time} + ${node.upperMs}`;
        const { load, next } = sideEntry(branch, node, side, feed, {
          names, pair,
          enter: ({ entry, side: sideText, row }) => [
            `${names.join}.enter(${names.keys}, ${entry}, ${sideText}, ${signed(expiry)}, ${row.address}, ${row.length});`,
          ],
        });
        loads.push(load);
        return next;
      },
    });
  }
  const [left, right] = [pair.view.column(node.leftTime).value, pair.view.column(node.left.columns.length + node.rightTime).value];
  const within = signed(`${left} >= ${right} + ${node.lowerMs} && ${left} <= ${right} + ${node.upperMs}`);
  const hooks = joinHooks(branch, { node, pair, loads, push: push.push, isUpdating: false, within });
  drainText(branch, names, `${names.join}.advance<${hooks}>(${names.keys}, ${names.table}, ${expiries}, ${progress.watermark});`, push.next.drain);
  const fire = job.name('fire', capital(name));
  job.use('text/arena', 'reset');
  job.addFunction(`Rows of ${name} that can meet nothing any more go. @returns false when the output was full first`, `${fire}(): bool`, [
    `while (${expiries}.isDue(${progress.watermark})) {`,
    '  if (isOutputFull()) return false;',
    '  reset();',
    `  ${names.join}.expire<${hooks}>(${names.keys}, ${names.table}, ${expiries});`,
    ...push.next.drain === undefined ? [] : [`  if (!${push.next.drain}()) return false;`],
    '}',
    'return true;',
  ]);
  circuit.works.push({ sources: progress.sources, isDue: `${expiries}.isDue(${progress.combined})`, advance: progress.advance, fire });
}

/** Two signs in a row as one. */
function signed(text: string): string { return text.replaceAll('- -', '+ ').replaceAll('+ -', '- '); }
