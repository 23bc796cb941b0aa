/** Queries: WITH, set operations, VALUES, ORDER BY and LIMIT around SELECTs. */
import type { Column, Expression, Node, OrderKey, Span } from '../plan/nodes.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { commonType, isTimestamp } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindExpression, castTo, commonTypeOf } from './bind-expression.ts';
import { distinctNode, groupNode } from './bind-group.ts';
import { bindSelect, type Selected } from './bind-select.ts';
import { orderKey, sortNode, topNode } from './bind-order.ts';
import { columnOf, filterNode } from './bind-rank.ts';
import { made, type Field, type Job, type Relation } from './job.ts';
import { literal } from './literals.ts';
import { EMPTY } from './scope.ts';
import type { Identifier, Query, QueryBody } from './syntax.ts';
import { ttlOf } from './ttl.ts';

/** Queries of WITH by name; undefined for one with problems. */
export type Parts = ReadonlyMap<string, Relation | undefined>;

/** The query's rows, or undefined when it has problems, which were reported. */
export function bindQuery(job: Job, query: Query, outer: Parts = new Map()): Relation | undefined {
  const parts = withParts(job, query, outer);
  const selected = query.body.kind === 'select' ? bindSelect(job, query.body, parts, query.orderBy) : bindSorted(job, query, parts);
  if (selected === undefined) return undefined;
  const { relation, order, visible } = selected;
  const { limit, orderBy } = query;
  let { node } = relation;
  const [first] = orderBy;
  if (limit !== undefined && first !== undefined) node = topNode(job, node, order, limit, { ...first.expression.span, end: limit.span.end });
  else if (first !== undefined) node = sortNode(job, node, order, first.expression.span);
  else if (limit !== undefined) {
    if (limit.count === undefined) {
      job.report('unsupported', limit.span, 'OFFSET without LIMIT has no end', 'add LIMIT, or leave it out');
      return undefined;
    }
    node = made(job, { kind: 'limit', input: node, count: limit.count, offset: limit.offset, columns: node.columns } as const, limit.span);
  }
  return { node: visible === node.columns.length ? node : shown(node, visible), fields: relation.fields };
}

/** The parts of WITH, each of which may read those before it. */
export function withParts(job: Job, query: Query, outer: Parts): Parts {
  const parts = new Map(outer);
  for (const { name, columns, query: inner } of query.with) parts.set(name.text, renamed(job, bindQuery(job, inner, parts), columns));
  return parts;
}

/** The first columns alone. */
function shown(node: Node, count: number): Node {
  const columns = node.columns.slice(0, count);
  return { kind: 'project', input: node, expressions: columns.map(({ type }, index) => columnOf(index, type)), columns };
}

/** The relation under other column names; none keeps them. */
export function renamed(job: Job, relation: Relation | undefined, names: readonly Identifier[]): Relation | undefined {
  if (relation === undefined || names.length === 0) return relation;
  if (names.length !== relation.fields.length) {
    const span = { start: (names[0] as Identifier).span.start, end: (names.at(-1) as Identifier).span.end };
    job.report(
      'column-count', span, `${count(names.length, 'name')} for ${count(relation.fields.length, 'column')}`,
      `the columns are ${relation.fields.map((field) => field.name).join(', ')}`,
    );
    return undefined;
  }
  return { ...relation, fields: relation.fields.map((field, index) => ({ ...field, name: (names[index] as Identifier).text })) };
}

export function count(amount: number, noun: string): string { return `${amount} ${noun}${amount === 1 ? '' : 's'}`; }

/** A set operation or VALUES; ORDER BY names its columns. */
function bindSorted(job: Job, query: Query, parts: Parts): Selected | undefined {
  const relation = bindBody(job, query.body, parts);
  if (relation === undefined) return undefined;
  const order = query.orderBy.map((item): OrderKey | undefined => {
    const { expression } = item;
    const index = expression.kind === 'number' ? Number(expression.text) - 1
      : expression.kind === 'name' && expression.parts.length === 1 ? relation.fields.findIndex((field) => field.name === expression.parts[0]?.text) : -1;
    const place = relation.fields[index]?.place;
    if (place?.kind === 'column') return orderKey(item, place.index);
    job.report(
      'unknown-column', expression.span, 'ORDER BY names a column of the result here',
      `there are ${relation.fields.map((field) => field.name).join(', ')}`,
    );
    return undefined;
  });
  if (order.includes(undefined)) return undefined;
  return { relation, order: order as readonly OrderKey[], visible: relation.node.columns.length };
}

function bindBody(job: Job, body: QueryBody, parts: Parts): Relation | undefined {
  switch (body.kind) {
    case 'select': return bindSelect(job, body, parts, [])?.relation;
    case 'query': return bindQuery(job, body.query, parts);
    case 'values': return bindValues(job, body);
    case 'set': return bindSet(job, body, parts);
    default: { const unreachable: never = body; return unreachable; }
  }
}

// ---------------------------------------------------------------------------------------------------------------- values

function bindValues(job: Job, { rows, span }: Extract<QueryBody, { kind: 'values' }>): Relation | undefined {
  const environment = { scope: EMPTY, report: job.report, aggregateProblem: 'VALUES are constants' };
  const bound = rows.map((row) => row.map((value) => bindExpression(value, environment)));
  const width = rows[0]?.length ?? 0;
  const uneven = rows.find((row) => row.length !== width);
  if (uneven !== undefined) {
    job.report('column-count', uneven[0]?.span ?? span, `the first row has ${count(width, 'value')}, this one ${uneven.length}`);
    return undefined;
  }
  if (bound.some((row) => row.includes(undefined))) return undefined;
  const values = bound as readonly (readonly Expression[])[];
  const types = Array.from({ length: width }, (_, index) => commonTypeOf(values.map((row) => row[index] as Expression), job.report));
  if (types.includes(undefined)) return undefined;
  const columns = types.map((type, index): Column => ({ name: `EXPR$${index}`, type: type as SqlType }));
  const cast = values.map((row) => row.map((value, index) => castTo(value, types[index] as SqlType)));
  const node = made(job, { kind: 'values', rows: cast, columns } as const, span);
  return { node, fields: fieldsOf(columns) };
}

function fieldsOf(columns: readonly Column[]): readonly Field[] {
  return columns.map(({ name, type }, index) => ({ name, type, place: { kind: 'column', index } }));
}

// -------------------------------------------------------------------------------------------------------- set operations

type SetBody = Extract<QueryBody, { kind: 'set' }>;

function bindSet(job: Job, body: SetBody, parts: Parts): Relation | undefined {
  const [left, right] = [bindBody(job, body.left, parts), bindBody(job, body.right, parts)];
  if (left === undefined || right === undefined) return undefined;
  const { operator, isAll, operatorSpan } = body;
  if (operator !== 'UNION' && isAll) {
    job.report('unsupported', operatorSpan, `${operator} ALL is not supported yet`, `write ${operator}, which gives each row once`);
    return undefined;
  }
  const columns = commonColumns(job, body, left, right);
  if (columns === undefined) return undefined;
  const inputs = [aligned(left, columns), aligned(right, columns)];
  if (operator === 'UNION') {
    const union = made(job, { kind: 'union', inputs, columns } as const, operatorSpan);
    const node = isAll ? union : distinctNode(job, union, operatorSpan, ttlOf(job).ttlMs);
    const lost = isAll ? columns.map(() => undefined) : columns.map(
      ({ type }) => (isTimestamp(type) && type.attribute !== undefined ? 'UNION without ALL' : undefined),
    );
    return { node, fields: fieldsOf(node.columns).map((field, index) => ({ ...field, lostBy: lost[index] ?? left.fields[index]?.lostBy })) };
  }
  const node = comparedNode(job, operator, inputs, columns, operatorSpan);
  return { node, fields: fieldsOf(columns) };
}

/** Types that hold the columns of both sides; reports what does not fit. */
function commonColumns(job: Job, { operator, operatorSpan }: SetBody, left: Relation, right: Relation): readonly Column[] | undefined {
  if (left.fields.length !== right.fields.length) {
    job.report('column-count', operatorSpan, `the left side of ${operator} has ${count(left.fields.length, 'column')}, the right side ${right.fields.length}`);
    return undefined;
  }
  const row = [...left.fields, ...right.fields].find((field) => field.place.kind === 'row');
  if (row !== undefined) {
    job.report('unsupported', operatorSpan, `${row.name} is a ROW, and ${operator} of ROWs is not supported yet`, 'name its fields');
    return undefined;
  }
  const columns = left.fields.map((field, index): Column | undefined => {
    const other = right.fields[index] as Field;
    const [a, b] = [field.type, other.type];
    const isTime = isTimestamp(a) && isTimestamp(b) && a.attribute === b.attribute && a.name === b.name && a.precision === b.precision;
    const type = isTime ? { ...a, isNullable: a.isNullable || b.isNullable } : commonType(a, b);
    if (type !== undefined) return { name: field.name, type };
    job.report(
      'type', operatorSpan,
      `column ${index + 1} of ${operator} is ${bareTypeText(a)} (${field.name}) on the left and ${bareTypeText(b)} (${other.name}) on the right`,
      'CAST one to the type of the other',
    );
    return undefined;
  });
  return columns.includes(undefined) ? undefined : columns as readonly Column[];
}

function aligned({ node, fields }: Relation, columns: readonly Column[]): Node {
  const expressions = fields.map((field, index): Expression => {
    const from = columnOf(field.place.kind === 'column' ? field.place.index : 0, field.type);
    return castTo(from, (columns[index] as Column).type);
  });
  return {
    kind: 'project', input: node, expressions,
    columns: columns.map((column, index) => ({ ...column, type: withTime(expressions[index] as Expression, column.type) })),
  };
}

function withTime(expression: Expression, type: SqlType): SqlType {
  const isTime = isTimestamp(type) && type.attribute !== undefined && isTimestamp(expression.type);
  return isTime ? { ...type, isNullable: expression.type.isNullable } : expression.type;
}

/** INTERSECT and EXCEPT: the rows of both sides counted by side. NULLs are equal to each other here, as in groups. */
function comparedNode(job: Job, operator: 'INTERSECT' | 'EXCEPT', [left, right]: readonly Node[], columns: readonly Column[], span: Span): Node {
  const flag = (input: Node | undefined, side: boolean): Node => {
    const node = input as Node;
    return {
      kind: 'project', input: node, expressions: [
        ...node.columns.map(({ type }, index) => columnOf(index, type)), literal(side, { name: 'BOOLEAN', isNullable: false }, span),
      ],
      columns: [...node.columns, { name: '$left', type: { name: 'BOOLEAN', isNullable: false } }],
    };
  };
  const width = columns.length;
  const flags: readonly Column[] = [...columns, { name: '$left', type: { name: 'BOOLEAN', isNullable: false } }];
  const union = made(job, { kind: 'union', inputs: [flag(left, true), flag(right, false)], columns: flags } as const, span);
  const side = columnOf(width, { name: 'BOOLEAN', isNullable: false });
  const isRight: Expression = { kind: 'call', name: 'not', args: [side], type: side.type, span };
  const counted = (filter: Expression) => ({ name: 'count', args: [], isDistinct: false, filter, type: { name: 'BIGINT', isNullable: false }, span } as const);
  const keys = columns.map(({ type }, index) => columnOf(index, type));
  const group = groupNode(job, union, { keys, names: columns.map(({ name }) => name), calls: [counted(side), counted(isRight)], ...ttlOf(job) }, span);
  const zero = literal(0n, { name: 'BIGINT', isNullable: false }, span);
  const test = (name: 'gt' | 'eq', index: number): Expression => (
    { kind: 'call', name, args: [columnOf(index, { name: 'BIGINT', isNullable: false }), zero], type: { name: 'BOOLEAN', isNullable: false }, span }
  );
  const kept = filterNode(job, group, [test('gt', width), test(operator === 'INTERSECT' ? 'gt' : 'eq', width + 1)], span);
  return shown(kept, width);
}
