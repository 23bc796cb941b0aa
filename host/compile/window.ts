/**
 * A windowed aggregation in generated text: what a row needs is computed while it is judged; `apply` adds it to its pane;
 * `fire` sends the panes of windows that the watermark has passed, and can be asked again where it stopped.
 */
import type { WindowAggregateNode, WindowSpec } from '../plan/nodes.ts';
import { type Continuation, type Downstream, type Feed } from './circuit.ts';
import { groupKey, type GroupKey } from './group-key.ts';
import { capital, type Job } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { paneRecord, type Pane } from './pane.ts';
import { aggregateInputs } from './group-inputs.ts';
import { groupResult } from './group-result.ts';
import { pushText } from './push.ts';
import { addRow, assign, type Row } from './rows.ts';
import { progressOf, type Progress } from './time.ts';

/** As assembly/state/dictionary.ts and window/tumble.ts have them, and a block for the key's bytes. */
const KEYED_PAGES = 6 + 3 + 1;
const SOLE_PAGES = 3;
/** Registers of a dictionary and of a window. */
const REGISTER_BYTES = 64;

type TumbleNode = WindowAggregateNode & { readonly window: Extract<WindowSpec, { kind: 'tumble' }> };

/** Adds the functions of a window and of all below it. Requires: TUMBLE. */
export function windowAggregate(branch: Branch, { window, ...rest }: WindowAggregateNode, down: Downstream): void {
  if (window.kind !== 'tumble') throw new Error(`the window ${window.kind} is not generated yet: host/plan/supported.ts says so`);
  const node: TumbleNode = { ...rest, window };
  const { circuit, name } = branch;
  const { job } = circuit;
  const windows = job.name(name, 'Windows');
  const keys = node.keys.length > 0 ? job.name(name, 'Keys') : '';
  const registers = job.registers.take(REGISTER_BYTES);
  job.use('window/tumble', 'Tumble');
  job.add('constants', `const ${windows} = changetype<Tumble>(0x${registers.toString(16)});`);
  circuit.init.push(`${windows}.init();`, ...keys === '' ? [] : [keysText(job, keys)]);
  const progress = progressOf(branch, node.input);
  const parts: Parts = { branch, node, windows, keys, watermark: progress.watermark };
  const fires: string[] = [];
  nodeText(branch, node.input, {
    over: (feed) => {
      const { next, key, pane } = applied(parts, feed);
      fires.push(fireText(parts, key, pane, progress, down));
      return next;
    },
  });
  circuit.works.push({
    sources: progress.sources, isDue: `${windows}.isDue(${progress.combined})`, advance: progress.advance, fire: fires[0] ?? '',
  });
}

interface Parts {
  readonly branch: Branch;
  readonly node: TumbleNode;
  /** Constants of the windows and of the keys' dictionary, '' without keys. */
  readonly windows: string;
  readonly keys: string;
  readonly watermark: string;
}

/** The row into its pane. */
function applied({ branch: { circuit: { job }, name, words }, node, windows, keys, watermark }: Parts, feed: Feed): {
  readonly next: Continuation; readonly key: GroupKey | undefined; readonly pane: Pane;
} {
  const inputs = aggregateInputs(job, name, node, feed.view, words);
  const key = keys === '' ? undefined : groupKey(job, name, inputs.view, node.keys.length, keys);
  const pane = paneRecord(job, name, inputs.calls);
  const { sizeMs, offsetMs } = node.window;
  const apply = job.name('apply', capital(name));
  const time = feed.view.column(node.window.timeColumn).value;
  job.addFunction(`The row into its pane of ${name}.`, `${apply}(): void`, [
    `if (!${windows}.enter(${time}, ${sizeMs}, ${offsetMs}, ${watermark})) return;`,
    key === undefined ? `${windows}.solePane<${pane.className}>().add();` : `${windows}.keyedPane<${pane.className}>(${keys}, ${key.entry}).add();`,
  ]);
  job.describeState({ window: 'tumble', name, size: sizeMs, offset: offsetMs, key: key?.shape ?? [], pane: pane.shape });
  return {
    key, pane,
    next: {
      take: [...inputs.lines, ...key?.encode ?? []],
      apply: [`${apply}();`],
      needs: {
        pages: (key === undefined ? SOLE_PAGES : KEYED_PAGES) + pane.textLengths.length,
        lengths: [...key?.length === undefined ? [] : [key.length], ...pane.textLengths],
      },
      outputBytes: undefined, emits: false, drain: undefined,
    },
  };
}

/** `fire`, the loop over panes, and what makes a result of one. */
function fireText({ branch, node, windows, keys }: Parts, key: GroupKey | undefined, pane: Pane, progress: Progress, down: Downstream): string {
  const { circuit: { job }, name, words } = branch;
  const result = addRow(job, job.name(name, 'Result'), node.columns, `A result of ${words}, before HAVING and projection.`);
  const read = readText(job, { branch, node, windows, keys }, result, key, pane);
  const { push, next: after } = pushText(branch, result, down, Math.min(...progress.sources), false);
  job.use('text/arena', 'reset');
  job.use('emit/output', 'isOutputFull');
  const fire = job.name('fire', capital(name));
  const next = `${windows}.nextPane<${pane.className}>()`;
  job.addFunction(`Windows of ${name} that the watermark has passed. @returns false when the output was full first`, `${fire}(): bool`, [
    `while (${windows}.isDue(${progress.watermark})) {`,
    `  for (let at = ${next}; at != 0; at = ${next}) {`,
    '    if (isOutputFull()) return false;',
    `    const pane = changetype<${pane.className}>(at);`,
    '    reset();',
    `    ${read}(pane);`,
    `    ${push}();`,
    ...pane.hasTexts ? ['    pane.free();'] : [],
    ...keys === '' ? [] : [`    ${keys}.release(${keys}.entryAt(${windows}.firingId));`],
    `    ${windows}.leavePane();`,
    ...after.drain === undefined ? [] : [`    if (!${after.drain}()) return false;`],
    '  }',
    `  ${windows}.close(${node.window.sizeMs});`,
    '}',
    'return true;',
  ]);
  return fire;
}

/** Adds the function that reads a pane, its key and its window into the result row. @returns its name */
function readText(
  job: Job, { branch: { name }, node, windows, keys }: Omit<Parts, 'watermark'>, result: Row, key: GroupKey | undefined, pane: Pane,
): string {
  const first = node.keys.length + node.aggregates.length;
  const lines = groupResult(job, name, { result, key, pane, keyCount: node.keys.length });
  const bounds = [`start`, `start + ${node.window.sizeMs}`, `start + ${node.window.sizeMs - 1}`];
  const entry = key === undefined ? [] : [`const entry = changetype<Entry>(${keys}.entryAt(${windows}.firingId));`];
  if (key !== undefined) job.use('state/dictionary', 'Entry');
  const read = job.name('read', capital(name));
  job.addFunction(`A pane of the firing window into ${result.name}.`, `${read}(pane: ${pane.className}): void`, [
    ...entry, ...lines, `const start = ${windows}.firingStart();`,
    ...bounds.flatMap((value, index) => {
      const field = result.layout.fields[first + index];
      return field === undefined ? [] : assign(job, result, field, { setup: [], value, isNull: 'false' });
    }),
  ]);
  return read;
}
