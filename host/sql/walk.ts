/** Walks syntax trees: what an expression is made of. */
import { AGGREGATES } from '../plan/aggregates.ts';
import type { Call, Over, Syntax } from './syntax.ts';

/** The expressions directly below this one. */
export function children(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'name': case 'number': case 'string': case 'boolean': case 'null': case 'time': case 'interval': return [];
    case 'unary': case 'is': case 'cast': return [syntax.operand];
    case 'binary': return [syntax.left, syntax.right];
    case 'like': return [syntax.operand, syntax.pattern, ...(syntax.escape === undefined ? [] : [syntax.escape])];
    case 'in': return [syntax.operand, ...syntax.list];
    case 'inQuery': return syntax.operands;
    case 'exists': return [];
    case 'rowValue': return syntax.items;
    case 'between': return [syntax.operand, syntax.low, syntax.high];
    case 'case': {
      const outer = [syntax.operand, syntax.otherwise].filter((part) => part !== undefined);
      return [...outer, ...syntax.branches.flatMap(({ when, then }) => [when, then])];
    }
    case 'call': return [...syntax.args, ...(syntax.filter === undefined ? [] : [syntax.filter]), ...partsOf(syntax.over)];
    default: { const unreachable: never = syntax; return unreachable; }
  }
}

function partsOf(over: Over | undefined): readonly Syntax[] {
  if (over === undefined) return [];
  const bounds = [over.frame?.start.amount, over.frame?.end.amount].filter((amount) => amount !== undefined);
  return [...over.partitionBy, ...over.orderBy.map(({ expression }) => expression), ...bounds];
}

/** An aggregate of a group: one with OVER is none. */
export function isAggregate(syntax: Syntax): syntax is Call {
  return syntax.kind === 'call' && syntax.over === undefined && AGGREGATES.has(syntax.name.text.toUpperCase());
}

/** The outermost calls with OVER of an expression, in order. */
export function overCallsOf(syntax: Syntax): readonly Call[] {
  return syntax.kind === 'call' && syntax.over !== undefined ? [syntax] : children(syntax).flatMap(overCallsOf);
}

/** The outermost aggregate calls of an expression, in order. */
export function aggregatesOf(syntax: Syntax): readonly Call[] {
  return isAggregate(syntax) ? [syntax] : children(syntax).flatMap(aggregatesOf);
}

/** Text that is equal for equal trees, wherever they stand. Works on syntax and on plans. */
export function fingerprint(tree: unknown): string {
  return JSON.stringify(tree, (key, part: unknown) => (key === 'span' ? undefined : typeof part === 'bigint' ? `${part}n` : part));
}
