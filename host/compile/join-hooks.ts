/** The hooks of a join in generated text: how a pair of rows is loaded, whether it matches, how the joined row goes on. */
import type { AnyJoinNode } from '../plan/nodes.ts';
import { compileCondition } from './expression.ts';
import { block, capital } from './job.ts';
import type { Branch } from './nodes.ts';
import { scopeOf, type Row } from './rows.ts';
import { sourcesOf } from './time.ts';

export interface HookOptions {
  readonly node: AnyJoinNode;
  readonly pair: Row;
  /** Functions that load a left row and a right row. */
  readonly loads: readonly string[];
  /** Function that hands the joined row on, and whether it takes the row's kind. */
  readonly push: string;
  readonly isUpdating: boolean;
  /** Condition beside that of the node; undefined for none. */
  readonly within?: string;
}

/** Adds the class of hooks, which has no state. @returns its name */
export function joinHooks({ circuit: { job, burials }, name, words }: Branch, { node, pair, loads, push, isUpdating, within }: HookOptions): string {
  const hooks = job.name(capital(name), 'Hooks');
  const isMatch = job.name('isMatch', capital(name));
  const { setup, isTrue } = node.condition === undefined ? { setup: [], isTrue: 'true' }
    : compileCondition(node.condition, scopeOf(job, pair.view, `ON of ${words}`));
  const failed = setup.length === 0 ? [] : [
    'if (hasFailed()) {', `  ${burials[Math.min(...sourcesOf(node))]?.result ?? ''}(errorReason());`, '  return false;', '}',
  ];
  if (setup.length > 0) {
    job.use('operator', 'hasFailed');
    job.use('error', 'clearError', 'errorReason');
  }
  job.addFunction('Whether the pair at hand fulfils the rest of the condition.', `${isMatch}(): bool`, [
    ...within === undefined ? [] : [`if (!(${within})) return false;`], ...setup.length > 0 ? ['clearError();'] : [], ...setup, ...failed, `return ${isTrue};`,
  ]);
  const leftCount = node.left.columns.length;
  const nulls = (first: number, count: number): string => `0x${(((1n << BigInt(count)) - 1n) << BigInt(first)).toString(16)}`;
  const outer = node.type === 'full' ? 'true' : node.type === 'left' ? 'side == 0' : node.type === 'right' ? 'side == 1' : 'false';
  const isSemi = node.type === 'semi' || node.type === 'anti';
  job.add('classes', `/** How rows of ${name} are loaded, matched and handed on. */\n@final @unmanaged\nclass ${hooks} {\n${block([
    isSemi ? `@inline isAnti(): bool { return ${node.type === 'anti'}; }` : `@inline isOuter(side: u32): bool { return ${outer}; }`, '',
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
