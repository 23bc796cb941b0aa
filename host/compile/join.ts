/**
 * A regular join in generated text: both sides as encoded rows under their key, and the hooks by which assembly/join loads a
 * pair, tests the rest of the condition and hands the joined row on. Rows wait in the join's queue until `drain` takes them.
 */
import type { JoinNode } from '../plan/nodes.ts';
import { changelogOf } from '../plan/changelog.ts';
import { APPEND, type Continuation, type Downstream, type Feed } from './circuit.ts';
import { encoding } from './encoding.ts';
import { compileCondition } from './expression.ts';
import { groupKey } from './group-key.ts';
import { block, capital, type Job } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText, type Push } from './push.ts';
import { addRow, at, scopeOf, type Row, type View } from './rows.ts';
import { sourcesOf } from './time.ts';

/** As assembly/state/dictionary.ts and join/regular.ts have them, and a block for the key's bytes. */
const KEY_PAGES = 7;
const JOIN_PAGES = 3;
const REGISTER_BYTES = 64;
const CLASSES = { pair: { type: 'RegularJoin', module: 'join/regular' }, semi: { type: 'SemiJoin', module: 'join/semi' } } as const;

/** Names of a join's constants and of what empties its queue. */
interface Names { readonly join: string; readonly keys: string; readonly table: string; readonly drain: string }

/** Adds the functions of a join and of all below it. */
export function regularJoin(branch: Branch, node: JoinNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const names: Names = {
    join: job.name(name, 'Join'), keys: job.name(name, 'Keys'), table: job.name(name, 'Pairs'), drain: job.name('drain', capital(name)),
  };
  const isSemi = node.type === 'semi' || node.type === 'anti';
  const { type, module } = isSemi ? CLASSES.semi : CLASSES.pair;
  job.use(module, type);
  job.use('state/table', 'Table');
  job.add('constants', `const ${names.join} = changetype<${type}>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  job.add('constants', `const ${names.table} = changetype<Table>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(keysText(job, names.keys), `${names.table}.init();`);
  circuit.drains.push(names.drain);

  const pair = addRow(job, job.name(name, 'Pair'), [...node.left.columns, ...node.right.columns].map((column, index) => (
    { ...column, type: { ...column.type, isNullable: column.type.isNullable || isPadded(node, index) } })), `A row of each side of ${branch.words}.`);
  const sent: Row = isSemi ? { ...pair, view: firstColumns(pair.view, node.left.columns.length) } : pair;
  const push = pushText(branch, sent, down, Math.min(...sourcesOf(node)), changelogOf(node) === 'updating');
  const loads: string[] = [];
  for (const side of ['left', 'right'] as const) {
    nodeText(branch, node[side], { over: (feed) => entered(branch, node, side, feed, names, pair, loads) });
  }
  const hooks = hooksText(branch, node, pair, loads, push, isSemi);
  drainText(job, name, names, hooks, push);
}

/** Whether the column may be NULL because its side may be missing. */
function isPadded({ type, left }: JoinNode, column: number): boolean {
  return type === 'full' || (column < left.columns.length ? type === 'right' : type === 'left');
}

function firstColumns({ columns, column }: View, count: number): View { return { columns: columns.slice(0, count), column }; }

/** A row of one side into the queue. */
function entered(
  { circuit: { job }, name }: Branch, node: JoinNode, side: 'left' | 'right', feed: Feed, { join, keys, drain }: Names, pair: Row, loads: string[],
): Continuation {
  const isLeft = side === 'left';
  const columns = isLeft ? node.leftKeys : node.rightKeys;
  const keyView: View = { columns: columns.map((column) => at(feed.view.columns, column)), column: (index) => feed.view.column(at(columns, index)) };
  const key = groupKey(job, `${name} ${side}`, keyView, columns.length, keys);
  const row = encoding(job, `${name} ${side}`, 'Row', feed.view);
  const load = job.name('load', capital(name), capital(side));
  job.addFunction(`The ${side} row at \`from\` into ${pair.name}.`, `${load}(from: usize): void`, row.decode(pair, isLeft ? 0 : node.left.columns.length, 'from'));
  loads.push(load);
  const isNull = columns.map((_, index) => keyView.column(index).isNull).filter((condition) => condition !== 'false').map((condition) => `(${condition})`);
  const isOuter = node.type === 'full' || node.type === side || (node.type === 'anti' && isLeft);
  const isKept = isNull.length > 0 && isOuter;
  job.use('join/side', isLeft ? 'LEFT' : 'RIGHT', 'joinRowBytes', ...isKept ? ['UNMATCHED'] : []);
  if (feed.kind === APPEND) job.use('abi', APPEND);
  const sideText = isKept ? `${side.toUpperCase()} | (${isNull.join(' || ')} ? UNMATCHED : 0)` : side.toUpperCase();
  job.describeState({ join: name, side, key: key.shape, row: row.shape });
  return {
    take: [...isNull.length > 0 && !isOuter ? [`if (${isNull.join(' || ')}) return false;`] : [], ...key.encode, ...row.encode],
    apply: [`${join}.enter(${keys}, ${key.entry}, ${sideText}, ${feed.kind}, ${row.address}, ${row.length});`],
    needs: { pages: KEY_PAGES + JOIN_PAGES, lengths: [...key.length === undefined ? [] : [key.length], `joinRowBytes(${row.length})`] },
    outputBytes: undefined, emits: false, drain,
  };
}

/** Adds the class of hooks, which has no state. @returns its name */
function hooksText({ circuit: { job, burials }, name, words }: Branch, node: JoinNode, pair: Row, loads: readonly string[], { push, next }: Push, isSemi: boolean): string {
  const hooks = job.name(capital(name), 'Hooks');
  const isMatch = job.name('isMatch', capital(name));
  const { setup, isTrue } = node.condition === undefined ? { setup: [], isTrue: 'true' } : compileCondition(node.condition, scopeOf(job, pair.view, `ON of ${words}`));
  const failed = setup.length === 0 ? [] : [
    'if (hasFailed()) {', `  ${burials[Math.min(...sourcesOf(node))]?.result ?? ''}(errorReason());`, '  return false;', '}',
  ];
  if (setup.length > 0) {
    job.use('operator', 'hasFailed');
    job.use('error', 'clearError', 'errorReason');
  }
  job.addFunction('Whether the pair at hand fulfils the rest of the condition.', `${isMatch}(): bool`, [
    ...setup.length > 0 ? ['clearError();'] : [], ...setup, ...failed, `return ${isTrue};`,
  ]);
  const leftCount = node.left.columns.length;
  const nulls = (first: number, count: number): string => `0x${(((1n << BigInt(count)) - 1n) << BigInt(first)).toString(16)}`;
  const outer = node.type === 'full' ? 'true' : node.type === 'left' ? 'side == 0' : node.type === 'right' ? 'side == 1' : 'false';
  const isUpdating = next.apply.length > 0 && changelogOf(node) === 'updating';
  job.add('classes', `/** How rows of ${name} are loaded, matched and handed on. */\n@final @unmanaged\nclass ${hooks} {\n${block([
    ...isSemi ? [`@inline isAnti(): bool { return ${node.type === 'anti'}; }`] : [`@inline isOuter(side: u32): bool { return ${outer}; }`], '',
    'load(left: usize, right: usize): void {',
    `  ${pair.name}.nulls = 0;`,
    `  if (left != 0) ${loads[0] ?? ''}(left);`, `  else ${pair.name}.nulls |= ${nulls(0, leftCount)};`,
    `  if (right != 0) ${loads[1] ?? ''}(right);`, `  else ${pair.name}.nulls |= ${nulls(leftCount, node.right.columns.length)};`,
    '}', '',
    `@inline isMatch(): bool { return ${isMatch}(); }`, '',
    `@inline push(kind: u32): void { ${push}(${isUpdating ? 'kind' : ''}); }`,
  ])}}`);
  return hooks;
}

/** Adds the function that empties the queue. */
function drainText(job: Job, name: string, { join, keys, table, drain }: Names, hooks: string, { next }: Push): void {
  job.use('emit/output', 'isOutputFull', 'endChange');
  job.use('text/arena', 'arenaEnd', 'trim');
  job.addFunction(`Rows that wait at ${name} meet the other side. @returns false when the output was full first`, `${drain}(): bool`, [
    'const texts = arenaEnd();',
    `while (${join}.hasWaiting()) {`,
    '  if (isOutputFull()) return false;',
    `  ${join}.advance<${hooks}>(${keys}, ${table});`,
    '  trim(texts);',
    ...next.drain === undefined ? [] : [`  if (!${next.drain}()) return false;`],
    '}',
    'endChange();',
    'return true;',
  ]);
}
