/** A temporal join in generated text: the versions of the right side by key, and the left rows that wait for their time. */
import type { TemporalJoinNode } from '../plan/nodes.ts';
import { APPEND, type Downstream } from './circuit.ts';
import { capital } from './job.ts';
import { joinHooks } from './join-hooks.ts';
import { pairRow, REGISTER_BYTES, sideEntry, type Entry, type JoinNames } from './join-side.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { progressOf } from './time.ts';

/** Adds the functions of a temporal join and of all below it. */
export function temporalJoin(branch: Branch, node: TemporalJoinNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const names: JoinNames = { join: '', keys: job.name(name, 'Keys'), table: job.name(name, 'Versions'), drain: '' };
  const waiting = job.name(name, 'Waiting');
  job.use('state/table', 'Table');
  job.use('state/waiting', 'WaitingRows', 'waitingRowBytes');
  job.add('constants', `const ${names.table} = changetype<Table>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  job.add('constants', `const ${waiting} = changetype<WaitingRows>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(keysText(job, names.keys), `${names.table}.init();`, `${waiting}.init();`);
  const progress = progressOf(branch, node.left, node.right);
  const pair = pairRow(branch, node);
  const push = pushText(branch, pair, down, Math.min(...progress.sources), false);
  const loads: string[] = [];
  for (const side of ['left', 'right'] as const) {
    nodeText(branch, node[side], {
      over: (feed) => {
        const time = feed.view.column(side === 'left' ? node.leftTime : node.rightTime).value;
        if (feed.kind === APPEND) job.use('abi', APPEND);
        const { load, next } = sideEntry(branch, node, side, feed, {
          names, pair, record: side === 'left' ? 'waitingRowBytes' : 'joinRowBytes',
          areNullsEqual: true, // as Flink answers, though SQL's = does not
          enter: (entry) => (side === 'left' ? waits(branch, entry, names, time, waiting, progress.watermark) : [
            `addVersion(${names.keys}, ${names.table}, ${entry.entry}, ${feed.kind}, ${time}, ${entry.row.address}, ${entry.row.length});`,
          ]),
        });
        loads.push(load);
        return next;
      },
    });
  }
  job.use('join/temporal', 'addVersion', 'meetVersion');
  job.use('time/late', 'countLate');
  const hooks = joinHooks(branch, { node, pair, loads, push: push.push, isUpdating: false });
  const fire = job.name('fire', capital(name));
  job.use('emit/output', 'isOutputFull');
  job.use('text/arena', 'reset');
  job.addFunction(`Left rows of ${name} whose time has come meet their versions. @returns false when the output was full first`, `${fire}(): bool`, [
    `while (${waiting}.isDue(${progress.watermark})) {`,
    '  if (isOutputFull()) return false;',
    '  reset();',
    `  meetVersion<${hooks}>(${names.keys}, ${names.table}, ${waiting}, ${node.type === 'left'});`,
    ...push.next.drain === undefined ? [] : [`  if (!${push.next.drain}()) return false;`],
    '}',
    'return true;',
  ]);
  circuit.works.push({ sources: progress.sources, isDue: `${waiting}.isDue(${progress.combined})`, advance: progress.advance, fire });
}

/** A left row to those that wait for their time. */
function waits(
  { circuit: { job }, name }: Branch, { entry, row }: Entry, { keys }: JoinNames, time: string, waiting: string, watermark: string,
): readonly string[] {
  const apply = job.name('apply', capital(name));
  job.addFunction(`The row to those of ${name} that wait for their time.`, `${apply}(): void`, [
    `if (${time} <= ${watermark}) return countLate();`, `const entry = ${entry};`, `${keys}.retain(entry);`,
    `${waiting}.enter(${time}, entry, 0, ${row.address}, ${row.length});`,
  ]);
  return [`${apply}();`];
}
