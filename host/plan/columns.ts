/** Which columns an expression reads, and the same expression over other columns. */
import type { Expression } from './nodes.ts';

type ColumnExpression = Extract<Expression, { kind: 'column' }>;

/** Columns that an expression reads. */
export function columnsOf(expression: Expression): readonly number[] {
  switch (expression.kind) {
    case 'column': return [expression.index];
    case 'literal': return [];
    case 'call': return expression.args.flatMap(columnsOf);
    case 'cast': return columnsOf(expression.input);
    case 'case': return [
      ...expression.branches.flatMap(({ when, then }) => [...columnsOf(when), ...columnsOf(then)]),
      ...columnsOf(expression.otherwise),
    ];
    default: { const unreachable: never = expression; return unreachable; }
  }
}

/** The expression over the new places of its columns. Requires: each has one. */
export function moved(expression: Expression, place: ReadonlyMap<number, number>): Expression {
  return mapColumns(expression, (column) => ({ ...column, index: place.get(column.index) as number }));
}

/** The expression with each column replaced by the expression that makes it. */
export function substituted(expression: Expression, makers: readonly Expression[]): Expression {
  return mapColumns(expression, (column) => ({ ...makers[column.index] as Expression, span: column.span }));
}

export function mapColumns(expression: Expression, change: (column: ColumnExpression) => Expression): Expression {
  const map = (inner: Expression): Expression => mapColumns(inner, change);
  switch (expression.kind) {
    case 'column': return change(expression);
    case 'literal': return expression;
    case 'call': return { ...expression, args: expression.args.map(map) };
    case 'cast': return { ...expression, input: map(expression.input) };
    case 'case': return {
      ...expression, branches: expression.branches.map(({ when, then }) => ({ when: map(when), then: map(then) })),
      otherwise: map(expression.otherwise),
    };
    default: { const unreachable: never = expression; return unreachable; }
  }
}

/** The conditions that AND joins, from left to right. */
export function conjuncts(condition: Expression): readonly Expression[] {
  return condition.kind === 'call' && condition.name === 'and' ? condition.args.flatMap(conjuncts) : [condition];
}

/** AND of all; undefined of none. */
export function allOf(conditions: readonly Expression[]): Expression | undefined {
  return conditions.reduce<Expression | undefined>((all, one) => (all === undefined ? one : {
    kind: 'call', name: 'and', args: [all, one], type: { name: 'BOOLEAN', isNullable: all.type.isNullable || one.type.isNullable },
    span: { start: all.span.start, end: one.span.end },
  }), undefined);
}
