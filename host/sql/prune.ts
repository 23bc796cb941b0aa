/** Drops what no result needs: unread columns, unread aggregates, projections that only rename. */
import type { Expression, Node, ScanNode } from '../plan/nodes.ts';

/** A node without what is not needed, and where each column of the old one is now. */
export interface Pruned { readonly node: Node; readonly place: ReadonlyMap<number, number> }

/** Finds a scan's columns; told which of them are needed. */
export type ScanOf = (scan: ScanNode, needed: ReadonlySet<number>) => Pruned;

/** @param needed columns of `node` that are read above it */
export function prune(node: Node, needed: ReadonlySet<number>, scanOf: ScanOf): Pruned {
  switch (node.kind) {
    case 'scan': return scanOf(node, needed);
    case 'filter': {
      const input = prune(node.input, new Set([...needed, ...columnsOf(node.condition)]), scanOf);
      return { node: { ...node, input: input.node, condition: moved(node.condition, input.place), columns: input.node.columns }, place: input.place };
    }
    case 'project': {
      const kept = node.expressions.map((_, index) => index).filter((index) => needed.has(index));
      const expressions = kept.map((index) => node.expressions[index] as Expression);
      const input = prune(node.input, new Set(expressions.flatMap(columnsOf)), scanOf);
      const columns = kept.map((index) => node.columns[index] as Node['columns'][number]);
      const place = new Map(kept.map((index, at) => [index, at]));
      return { node: { ...node, input: input.node, expressions: expressions.map(
        (one) => moved(one, input.place),
      ), columns }, place };
    }
    case 'windowAggregate': return pruneAggregate(node, needed, scanOf);
    default: { const unreachable: never = node; return unreachable; }
  }
}

/** Keys and the parts of the window always stay: they say which rows there are. */
function pruneAggregate(
  node: Extract<Node, { kind: 'windowAggregate' }>, needed: ReadonlySet<number>, scanOf: ScanOf,
): Pruned {
  const { keys, aggregates, window } = node;
  const end = keys.length + aggregates.length;
  const kept = node.columns.map((_, index) => index).filter(
    (index) => index < keys.length || index >= end || needed.has(index),
  );
  const calls = aggregates.filter((_, index) => needed.has(keys.length + index));
  const read = [
    window.timeColumn, ...keys.flatMap(columnsOf),
    ...calls.flatMap(
      ({ argument, filter }) => [argument, filter].flatMap((one) => (one === undefined ? [] : columnsOf(one))),
    )
  ];
  const input = prune(node.input, new Set(read), scanOf);
  const move = (one: Expression | undefined): Expression | undefined => one && moved(one, input.place);
  const pruned: Node = {
    ...node, input: input.node,
    window: { ...window, timeColumn: input.place.get(window.timeColumn) as number },
    keys: keys.map((key) => moved(key, input.place)),
    aggregates: calls.map((call) => ({ ...call, argument: move(call.argument), filter: move(call.filter) })),
    columns: kept.map((index) => node.columns[index] as Node['columns'][number]),
  };
  return { node: pruned, place: new Map(kept.map((index, at) => [index, at])) };
}

/**
 * Merges a projection of nothing but columns and literals into what reads it: a renaming view costs nothing.
 * Expressions are left where they are, so that each is computed once.
 */
export function inlined(node: Node): Node {
  if (node.kind === 'scan') return node;
  const input = inlined(node.input);
  const isRenaming = input.kind === 'project' && input.expressions.every(
    ({ kind }) => kind === 'column' || kind === 'literal',
  );
  if (!isRenaming) return node.kind === 'filter' ? { ...node, input, columns: input.columns } : { ...node, input };
  const replaced = (expression: Expression): Expression => substituted(expression, input.expressions);
  switch (node.kind) {
    case 'project': return { ...node, input: input.input, expressions: node.expressions.map(replaced) };
    case 'filter': {
      const filter: Node = { kind: 'filter', input: input.input, condition: replaced(node.condition), columns: input.input.columns };
      return { ...input, input: filter };
    }
    case 'windowAggregate': {
      const time = input.expressions[node.window.timeColumn];
      if (time?.kind !== 'column') return { ...node, input };
      const replacedOrNone = (expression: Expression | undefined): Expression | undefined => expression && replaced(expression);
      return {
        ...node, input: input.input, window: { ...node.window, timeColumn: time.index }, keys: node.keys.map(replaced),
        aggregates: node.aggregates.map(
          (call) => ({ ...call, argument: replacedOrNone(call.argument), filter: replacedOrNone(call.filter) }),
        ),
      };
    }
    default: { const unreachable: never = node; return unreachable; }
  }
}

/** Columns that an expression reads. */
export function columnsOf(expression: Expression): readonly number[] {
  switch (expression.kind) {
    case 'column': return [expression.index];
    case 'literal': return [];
    case 'call': return expression.args.flatMap(columnsOf);
    case 'cast': return columnsOf(expression.input);
    case 'case': return [
      ...expression.branches.flatMap(({ when, then }) => [...columnsOf(when), ...columnsOf(then)]),
      ...columnsOf(expression.otherwise)
    ];
    default: { const unreachable: never = expression; return unreachable; }
  }
}

/** The expression over the new places of its columns. */
export function moved(expression: Expression, place: ReadonlyMap<number, number>): Expression {
  return mapColumns(expression, (column) => ({ ...column, index: place.get(column.index) as number }));
}

/** The expression with each column replaced by the expression that makes it. */
function substituted(expression: Expression, makers: readonly Expression[]): Expression {
  return mapColumns(expression, (column) => ({ ...makers[column.index] as Expression, span: column.span }));
}

function mapColumns(
  expression: Expression, change: (column: Extract<Expression, { kind: 'column' }>) => Expression,
): Expression {
  const map = (inner: Expression): Expression => mapColumns(inner, change);
  switch (expression.kind) {
    case 'column': return change(expression);
    case 'literal': return expression;
    case 'call': return { ...expression, args: expression.args.map(map) };
    case 'cast': return { ...expression, input: map(expression.input) };
    case 'case': return { ...expression, branches: expression.branches.map(
      ({ when, then }) => ({ when: map(when), then: map(then) }),
    ), otherwise: map(expression.otherwise) };
    default: { const unreachable: never = expression; return unreachable; }
  }
}
