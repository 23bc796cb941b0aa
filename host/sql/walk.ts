/** Walks syntax trees: what an expression is made of. */
import { AGGREGATES } from '../plan/functions.ts';
import type { Call, Syntax } from './syntax.ts';

/** The expressions directly below this one. */
export function children(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'name': case 'number': case 'string': case 'boolean': case 'null': case 'time': case 'interval': return [];
    case 'unary': case 'is': case 'cast': return [syntax.operand];
    case 'binary': return [syntax.left, syntax.right];
    case 'like': return [syntax.operand, syntax.pattern, ...(syntax.escape === undefined ? [] : [syntax.escape])];
    case 'in': return [syntax.operand, ...syntax.list];
    case 'between': return [syntax.operand, syntax.low, syntax.high];
    case 'case': {
      const outer = [syntax.operand, syntax.otherwise].filter((part) => part !== undefined);
      return [...outer, ...syntax.branches.flatMap(({ when, then }) => [when, then])];
    }
    case 'call': return [...syntax.args, ...(syntax.filter === undefined ? [] : [syntax.filter])];
    default: { const unreachable: never = syntax; return unreachable; }
  }
}

export function isAggregate(syntax: Syntax): syntax is Call { return syntax.kind === 'call' && AGGREGATES.has(syntax.name.text.toUpperCase()); }

/** The outermost aggregate calls of an expression, in order. */
export function aggregatesOf(syntax: Syntax): readonly Call[] {
  return isAggregate(syntax) ? [syntax] : children(syntax).flatMap(aggregatesOf);
}

/** Text that is equal for equal trees, wherever they stand. Works on syntax and on plans. */
export function fingerprint(tree: unknown): string {
  return JSON.stringify(tree, (key, part: unknown) => (key === 'span' ? undefined : typeof part === 'bigint' ? `${part}n` : part));
}
