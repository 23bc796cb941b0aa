/**
 * ORDER BY event time in generated text: rows wait until the watermark passes them and go on in order of time, those of the
 * same time in order of their sort keys, then of arrival.
 */
import type { SortNode } from '../plan/nodes.ts';
import type { Downstream } from './circuit.ts';
import { encoding } from './encoding.ts';
import { capital } from './job.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { addRow } from './rows.ts';
import { progressOf } from './time.ts';

/** A block of its own size for the row. */
const ROW_PAGES = 1;
const REGISTER_BYTES = 64;

/** Adds the functions of a sort and of all below it. */
export function sort(branch: Branch, node: SortNode, down: Downstream): void {
  const { circuit, name, words } = branch;
  const { job } = circuit;
  if (node.order.length > 0) throw new Error('ORDER BY of more than event time is not compiled; the check refuses it before');
  const waiting = job.name(name, 'Waiting');
  job.use('state/waiting', 'WaitingRows', 'waitingRowBytes');
  job.add('constants', `const ${waiting} = changetype<WaitingRows>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(`${waiting}.init();`);
  const progress = progressOf(branch, node.input);
  const row = addRow(job, job.name(name, 'Sorted'), node.columns, `A row of ${words} whose time has come.`);
  const { push, next } = pushText(branch, row, down, Math.min(...progress.sources), false);
  const fires: string[] = [];
  nodeText(branch, node.input, {
    over: (feed) => {
      const bytes = encoding(job, name, 'Row', feed.view);
      const read = job.name('read', capital(name));
      job.addFunction(`The row at \`from\` into ${row.name}.`, `${read}(from: usize): void`, [`${row.name}.nulls = 0;`, ...bytes.decode(row, 0, 'from')]);
      fires.push(fireText(branch, { waiting, read, push, watermark: progress.watermark, drain: next.drain }));
      job.describeState({ sort: name, row: bytes.shape });
      const time = feed.view.column(node.timeColumn).value;
      job.use('time/late', 'countLate');
      return {
        take: bytes.encode,
        apply: [`if (${time} <= ${progress.watermark}) countLate();`, `else ${waiting}.enter(${time}, 0, 0, ${bytes.address}, ${bytes.length});`],
        needs: { pages: ROW_PAGES, lengths: [`waitingRowBytes(${bytes.length})`] },
        outputBytes: undefined, emits: false, drain: undefined,
      };
    },
  });
  circuit.works.push({ sources: progress.sources, isDue: `${waiting}.isDue(${progress.combined})`, advance: progress.advance, fire: fires[0] ?? '' });
}

interface FireParts { readonly waiting: string; readonly read: string; readonly push: string; readonly watermark: string; readonly drain: string | undefined }

function fireText({ circuit: { job }, name }: Branch, { waiting, read, push, watermark, drain }: FireParts): string {
  const fire = job.name('fire', capital(name));
  job.use('emit/output', 'isOutputFull');
  job.use('text/arena', 'reset');
  job.addFunction(`Rows of ${name} that the watermark has passed go on. @returns false when the output was full first`, `${fire}(): bool`, [
    `while (${waiting}.isDue(${watermark})) {`,
    '  if (isOutputFull()) return false;',
    '  reset();',
    `  ${read}(${waiting}.first().bytes());`,
    `  ${push}();`,
    `  ${waiting}.leave();`,
    ...drain === undefined ? [] : [`  if (!${drain}()) return false;`],
    '}',
    'return true;',
  ]);
  return fire;
}
