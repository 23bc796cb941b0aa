/** IN (SELECT …) and EXISTS (SELECT …) in WHERE: semi joins, and anti joins where they are negated. */
import { mapColumns } from '../plan/columns.ts';
import type { Expression, Node } from '../plan/nodes.ts';
import { bindExpression, booleanType, call, compare, type Environment } from './bind-expression.ts';
import { joinNodes } from './bind-join.ts';
import { bindQuery, count, withParts, type Parts } from './bind-query.ts';
import { columnOf } from './bind-rank.ts';
import { bindItems, bindRows } from './bind-select.ts';
import type { Job } from './job.ts';
import { leaves, outerIndex, type Scope } from './scope.ts';
import type { Query, Syntax } from './syntax.ts';
import type { Ttl } from './ttl.ts';
import { aggregatesOf, overCallsOf } from './walk.ts';

/** A condition that is IN or EXISTS with a query, perhaps negated. */
export function isSubquery(syntax: Syntax): boolean {
  return syntax.kind === 'inQuery' || syntax.kind === 'exists' || syntax.kind === 'unary' && syntax.operator === 'NOT' && isSubquery(syntax.operand);
}

export interface SubqueryPlace {
  /** Rows so far; undefined where a condition before has problems. */
  readonly node: Node | undefined;
  /** Rows of FROM, whose columns all conditions name. */
  readonly base: Node;
  readonly scope: Scope;
  readonly parts: Parts;
  readonly ttl: Ttl | undefined;
}

/** The rows for which the condition holds. Requires: isSubquery(syntax). */
export function joinSubquery(job: Job, syntax: Syntax, place: SubqueryPlace): Node | undefined {
  let isNegated = false;
  let inner = syntax;
  while (inner.kind === 'unary') { isNegated = !isNegated; inner = inner.operand; }
  if (inner.kind !== 'inQuery' && inner.kind !== 'exists') return undefined;
  if (inner.kind === 'inQuery' && inner.isNegated) isNegated = !isNegated;
  const right = bindRight(job, inner.query, place, inner.kind === 'exists');
  const environment: Environment = { scope: place.scope, report: job.report, aggregateProblem: 'WHERE sees single rows' };
  const operands = inner.kind === 'exists' ? [] : inner.operands.map((one) => bindExpression(one, environment));
  if (right === undefined || operands.includes(undefined)) return undefined;
  const left = place.node ?? place.base;
  const width = left.columns.length;
  const conditions = right.correlated.map((one) => mapColumns(one, (column) => (
    { ...column, index: column.index < 0 ? outerIndex(column.index) : column.index + width }
  )));
  if (inner.kind === 'inQuery') {
    if (operands.length !== right.items.length) {
      job.report(
        'column-count', inner.span, `IN compares ${count(operands.length, 'value')} with ${count(right.items.length, 'column')}`,
        'select as many as stand before IN',
      );
      return undefined;
    }
    for (const [index, operand] of (operands as readonly Expression[]).entries()) {
      const item = mapColumns(right.items[index] as Expression, (column) => ({ ...column, index: column.index + width }));
      const equal = compare('eq', operand, item, inner.operands[index]?.span ?? inner.span, job.report);
      if (equal === undefined) return undefined;
      conditions.push(isNegated ? orUnknown(equal, operand, item) : equal);
    }
  }
  if (place.node === undefined) return undefined;
  return joinNodes(job, {
    type: isNegated ? 'anti' : 'semi', left, right: right.node, conditions, asOf: undefined, span: syntax.span,
    leftTtlMs: place.ttl?.of(undefined), rightTtlMs: place.ttl?.of(undefined),
  }).node;
}

/** NOT IN drops a row also where a comparison is neither true nor false. */
function orUnknown(equal: Expression, left: Expression, right: Expression): Expression {
  return [left, right].filter((side) => side.type.isNullable).reduce((all, side): Expression => {
    const isNull = call('isNull', [side], { name: 'BOOLEAN', isNullable: false }, side.span);
    return call('or', [all, isNull], booleanType([all, isNull]), equal.span);
  }, equal);
}

interface Right {
  readonly node: Node;
  /** What the query selects, over the columns of `node`. */
  readonly items: readonly Expression[];
  readonly correlated: readonly Expression[];
}

/** A plain SELECT may name columns of the query around it in WHERE; any other query stands alone. */
function bindRight(job: Job, query: Query, { scope, parts, ttl }: SubqueryPlace, isExists: boolean): Right | undefined {
  const { body } = query;
  const inner = withParts(job, query, parts);
  const isPlain = body.kind === 'select' && body.from !== undefined && body.groupBy === undefined && body.having === undefined && body.qualify === undefined
    && query.limit === undefined && !body.items.some(
      (item) => item.kind === 'expression' && (aggregatesOf(item.expression).length > 0 || overCallsOf(item.expression).length > 0),
    );
  if (!isPlain || body.kind !== 'select') {
    const relation = bindQuery(job, { ...query, with: [] }, inner);
    if (relation === undefined) return undefined;
    const items = relation.fields.flatMap((field) => leaves(field).map(({ index, type }) => columnOf(index, type)));
    return { node: relation.node, items, correlated: [] };
  }
  const rows = bindRows(job, body, inner, { outer: scope, ...ttl === undefined ? {} : { ttl } });
  if (rows === undefined) return undefined;
  const environment: Environment = { scope: rows.scope, report: job.report, aggregateProblem: 'it cannot stand here' };
  const items = isExists ? [] : bindItems(body.items, rows.scope, environment);
  if (items === undefined || rows.node === undefined) return undefined;
  return { node: rows.node, items: items.flatMap((item) => item.expressions), correlated: rows.correlated };
}
