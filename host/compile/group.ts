/**
 * An aggregation without windows in generated text: the pane of each key, the hooks by which assembly/group/groups.ts reads
 * and compares its results, and the function that puts a row into its group.
 */
import type { GroupAggregateNode } from '../plan/nodes.ts';
import { APPEND, type Continuation, type Downstream, type Feed } from './circuit.ts';
import { groupKey, type GroupKey } from './group-key.ts';
import { aggregateInputs } from './group-inputs.ts';
import { groupResult } from './group-result.ts';
import { block, capital, type Job } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { paneRecord, type Pane } from './pane.ts';
import { pushText, type Push } from './push.ts';
import { addRow, type Row } from './rows.ts';
import { copyRowLines, keptTexts, sameText } from './row-change.ts';
import { sourcesOf } from './time.ts';

/** As assembly/state/dictionary.ts and group/groups.ts have them, and a block for the key's bytes. */
const KEY_PAGES = 7;
const GROUP_PAGES = 2;
const REGISTER_BYTES = 64;

/** Adds the functions of a grouped aggregation and of all below it. */
export function groupAggregate(branch: Branch, node: GroupAggregateNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const groups = job.name(name, 'Groups');
  const keys = job.name(name, 'Keys');
  const registers = job.registers.take(REGISTER_BYTES);
  job.use('state/table', 'Table');
  job.add('constants', `const ${groups} = changetype<Table>(0x${registers.toString(16)});`);
  circuit.init.push(`${groups}.init();`, keysText(job, keys));
  nodeText(branch, node.input, { over: (feed) => grouped(branch, node, feed, down, { groups, keys }) });
}

interface Constants { readonly groups: string; readonly keys: string }

/** The row into its group. */
function grouped(branch: Branch, node: GroupAggregateNode, feed: Feed, down: Downstream, { groups, keys }: Constants): Continuation {
  const { circuit: { job }, name, words } = branch;
  const inputs = aggregateInputs(job, name, node, feed.view, words);
  const key = groupKey(job, name, inputs.view, node.keys.length, keys);
  const isUpdating = feed.kind !== APPEND;
  const pane = paneRecord(job, name, inputs.calls, { isRetracting: isUpdating });
  const result = addRow(job, job.name(name, 'Result'), node.columns, `A result of ${words}, before HAVING and projection.`);
  const before = addRow(job, job.name(name, 'Before'), node.columns, 'The same before the row at hand.');
  const push = pushText(branch, result, down, Math.min(...sourcesOf(node)), true, pane.hasHeap);
  const hooks = hooksText(job, name, { result, before, key, pane, push, node });
  job.use('group/groups', 'addToGroup', ...isUpdating ? ['takeFromGroup'] : []);
  const change = (verb: string): string => `${verb}<${hooks}, ${pane.className}>(${groups}, ${keys}, ${key.entry});`;
  if (isUpdating) job.use('abi', 'ROW_UPDATE_BEFORE', 'ROW_DELETE');
  const apply = job.name('apply', capital(name));
  job.addFunction(`The row into its group of ${name}.`, `${apply}(${isUpdating ? 'kind: u32' : ''}): void`, isUpdating
    ? [`if (kind == ROW_UPDATE_BEFORE || kind == ROW_DELETE) ${change('takeFromGroup')}`, `else ${change('addToGroup')}`]
    : [change('addToGroup')]);
  job.describeState({ group: name, key: key.shape, pane: pane.shape });
  return {
    take: [...inputs.lines, ...key.encode],
    apply: [`${apply}(${isUpdating ? feed.kind : ''});`],
    needs: {
      pages: KEY_PAGES + GROUP_PAGES + pane.heapPages,
      lengths: [...key.length === undefined ? [] : [key.length], ...pane.blockLengths],
    },
    outputBytes: undefined, emits: true, drain: push.next.drain,
  };
}

interface HookParts {
  readonly result: Row; readonly before: Row; readonly key: GroupKey; readonly pane: Pane; readonly push: Push; readonly node: GroupAggregateNode;
}

/** Adds the class of hooks, which has no state. @returns its name */
function hooksText(job: Job, name: string, { result, before, key, pane, push, node }: HookParts): string {
  if (pane.hasHeap) job.use('error', 'clearError');
  const read = [...pane.hasHeap ? ['clearError();'] : [], ...groupResult(job, name, { result, key, pane, keyCount: node.keys.length })];
  job.use('state/dictionary', 'Entry');
  const readPane = job.name('read', capital(name));
  job.addFunction(`The result of a group into ${result.name}.`, `${readPane}(pane: ${pane.className}, entry: Entry): void`, read);
  const hooks = job.name(capital(name), 'Hooks');
  const same = sameText(job, name, result, before, node.keys.length);
  job.add('classes', `/** How results of ${name} are read, compared and handed on. */\n@final @unmanaged\nclass ${hooks} {\n${block([
    `@inline read(pane: ${pane.className}, entry: usize): void { ${readPane}(pane, changetype<Entry>(entry)); }`, '',
    'keep(): void {', ...[...copyRowLines(before, result), ...keptTexts(job, before, node.keys.length)].map((line) => `  ${line}`), '}', '',
    `@inline isSame(): bool { return ${same}(); }`, '',
    'swap(): void {', `  swapRows(changetype<usize>(${result.name}), changetype<usize>(${before.name}), ${result.layout.sizeBytes});`, '}', '',
    `@inline push(kind: u32): void { ${push.push}(kind); }`,
  ])}}`);
  job.use('state/rows', 'swapRows');
  return hooks;
}
