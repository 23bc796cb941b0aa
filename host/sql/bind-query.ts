/** Queries: FROM, WHERE and the select list become scan, filter and projection; GROUP BY is bound in bind-aggregate.ts. */
import type { Column, Expression, Node, Span } from '../plan/nodes.ts';
import { suggestion } from '../plan/similar.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { isTimestamp } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindAggregation } from './bind-aggregate.ts';
import { bindCondition, bindExpression, type Environment } from './bind-expression.ts';
import type { Field, Job, PendingWindow, Relation } from './job.ts';
import { intervalLiteral } from './literals.ts';
import { leaves, resolve, type Scope } from './scope.ts';
import type { Identifier, Query, Relation as RelationSyntax, Select, SelectItem, Syntax } from './syntax.ts';
import { aggregatesOf } from './walk.ts';

/** Queries of WITH by name; undefined for one with problems. */
export type Parts = ReadonlyMap<string, Relation | undefined>;

/** The query's rows, or undefined when it has problems, which were reported. */
export function bindQuery(job: Job, query: Query, outer: Parts = new Map()): Relation | undefined {
  const parts = new Map(outer);
  for (const { name, columns, query: inner } of query.with) {
    parts.set(name.text, renamed(job, bindQuery(job, inner, parts), columns));
  }
  return bindSelect(job, query.select, parts);
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
  return { ...relation, fields: relation.fields.map(
    (field, index) => ({ ...field, name: (names[index] as Identifier).text }),
  ) };
}

export function count(amount: number, noun: string): string { return `${amount} ${noun}${amount === 1 ? '' : 's'}`; }

interface From { readonly relation: Relation; readonly scope: Scope }

function bindSelect(job: Job, select: Select, parts: Parts): Relation | undefined {
  if (select.from === undefined) {
    job.report('unsupported', select.span, 'SELECT without FROM is not supported yet', 'read from a table');
    return undefined;
  }
  const from = bindFrom(job, select.from, parts);
  if (from === undefined) return undefined;
  const filtered = bindWhere(job, select, from);
  const aggregate = [
    ...select.items.flatMap((item) => (item.kind === 'expression' ? aggregatesOf(item.expression) : [])),
    ...(select.having === undefined ? [] : aggregatesOf(select.having))
  ][0];
  const { window } = from.relation;
  if (window !== undefined) return bindAggregation(job, select, { ...from, input: filtered, window });
  if (select.groupBy !== undefined || aggregate !== undefined || select.having !== undefined) {
    const span = select.groupBy?.[0]?.span ?? aggregate?.span ?? (select.having as Syntax).span;
    job.report(
      'unsupported', span, 'aggregation without a window is not supported yet',
      "aggregate in a window: FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
    );
    return undefined;
  }
  const environment: Environment = { scope: from.scope, report: job.report, aggregateProblem: 'it stands only in SELECT and HAVING' };
  const output = bindItems(select.items, from.scope, environment);
  return output && filtered && projection(output, filtered);
}

function bindFrom(job: Job, syntax: RelationSyntax, parts: Parts): From | undefined {
  const bound = bindRelation(job, syntax, parts);
  const relation = renamed(job, bound, syntax.columnAliases);
  const inner = syntax.kind === 'window' ? syntax.input : syntax;
  const name = syntax.alias?.text ?? inner.alias?.text ?? (inner.kind === 'table' ? inner.name.text : undefined);
  return relation && { relation, scope: { table: name, fields: relation.fields } };
}

function bindRelation(job: Job, syntax: RelationSyntax, parts: Parts): Relation | undefined {
  switch (syntax.kind) {
    case 'subquery': return bindQuery(job, syntax.query, parts);
    case 'table': return parts.has(syntax.name.text) ? parts.get(syntax.name.text) : bindTableName(job, syntax.name);
    case 'window': return bindWindow(job, syntax, parts);
    default: { const unreachable: never = syntax; return unreachable; }
  }
}

function bindTableName(job: Job, name: Identifier): Relation | undefined {
  const found = job.tables.get(name.text);
  if (found === undefined) {
    const remedy = suggestion(name.text, job.tables.keys()) ?? (
      job.tables.size === 0 ? 'create it first' : `there are ${[...job.tables.keys()].join(', ')}`
    );
    job.report('unknown-table', name.span, `there is no table or view ${name.text}`, remedy);
    return undefined;
  }
  if (found.kind === 'table' && found.connector !== undefined && found.connector.source === undefined) {
    job.report(
      'not-a-source', name.span, `${name.text} cannot be read: the connector ${found.connector.name} only writes`,
      sourcesOf(job),
    );
    return undefined;
  }
  return found.relation;
}

function sourcesOf(job: Job): string {
  const names = job.catalog.connectors.filter((connector) => connector.source !== undefined).map((connector) => connector.name);
  return `connectors that read: ${names.join(', ')}`;
}

/** TUMBLE: the rows stay as they are; window_start, window_end and window_time come in sight. */
function bindWindow(job: Job, syntax: Extract<RelationSyntax, { kind: 'window' }>, parts: Parts): Relation | undefined {
  const { report } = job;
  const from = bindFrom(job, syntax.input, parts);
  const size = windowInterval(syntax.size, 'size', report);
  const offset = syntax.offset === undefined ? 0 : windowInterval(syntax.offset, 'offset', report);
  if (size !== undefined && size <= 0) report(
    'window', syntax.size.span, 'the size of a window is above zero', "write INTERVAL '10' SECOND",
  );
  if (size !== undefined && offset !== undefined && size > 0 && Math.abs(offset) >= size) report(
    'window', syntax.offset?.span ?? syntax.span, 'the offset of a window is smaller than its size',
  );
  if (from === undefined) return undefined;
  if (hasWindow(from.relation.node)) {
    report(
      'unsupported', syntax.input.span, 'a window over the results of a window is not supported yet',
      'take a larger window over the table',
    );
    return undefined;
  }
  const field = resolve(from.scope, { kind: 'name', parts: [syntax.timeColumn], span: syntax.timeColumn.span }, report);
  if (field === undefined || field.place.kind === 'broken') return undefined;
  if (!isTimestamp(field.type) || field.type.attribute !== 'event' || field.place.kind !== 'column') {
    reportTimeColumn(job, syntax.timeColumn, field);
    return undefined;
  }
  if (size === undefined || size <= 0 || offset === undefined) return undefined;
  const timeType: SqlType = { ...field.type, isNullable: false };
  const bound: SqlType = { name: 'TIMESTAMP', precision: 3, isNullable: false };
  const window: PendingWindow = { timeColumn: field.place.index, timeType, sizeMs: size, offsetMs: offset, span: syntax.span };
  const added: readonly Field[] = [
    { name: 'window_start', type: bound, place: { kind: 'window', part: 'window_start' } },
    { name: 'window_end', type: bound, place: { kind: 'window', part: 'window_end' } },
    { name: 'window_time', type: timeType, place: { kind: 'window', part: 'window_time' } },
  ];
  return { node: from.relation.node, fields: [...from.relation.fields, ...added], window };
}

function hasWindow(node: Node): boolean { return node.kind === 'windowAggregate' || node.kind !== 'scan' && hasWindow(node.input); }

function reportTimeColumn(job: Job, column: Identifier, { name, type }: Field): void {
  if (isTimestamp(type) && type.attribute === 'arrival') {
    job.report(
      'unsupported', column.span, 'windows of processing time are not supported yet',
      'use an event time: a column with WATERMARK FOR',
    );
  } else if (isTimestamp(type)) {
    job.report(
      'time-attribute', column.span, `${name} is ${bareTypeText(type)}, but no event time`,
      `add WATERMARK FOR ${name} AS ${name} - INTERVAL '2' SECOND to its table, and pass the column on as it is`,
    );
  } else {
    job.report(
      'time-attribute', column.span, `a window needs an event time, and ${name} is ${bareTypeText(type)}`,
      `add to its table: at AS TO_TIMESTAMP_LTZ(${name}, 3), WATERMARK FOR at AS at - INTERVAL '2' SECOND`,
    );
  }
}

function windowInterval(syntax: Syntax, what: string, report: Job['report']): number | undefined {
  const isNegative = syntax.kind === 'unary' && syntax.operator === '-';
  const inner = isNegative ? syntax.operand : syntax;
  if (inner.kind !== 'interval') {
    report('window', syntax.span, `the ${what} of a window is an interval`, "write INTERVAL '10' SECOND");
    return undefined;
  }
  const interval = intervalLiteral(inner, report);
  if (interval === undefined) return undefined;
  if (interval.type.name === 'INTERVAL' && interval.type.unit === 'month') {
    report('window', syntax.span, `the ${what} of a window is a fixed time: months and years vary`, 'use days');
    return undefined;
  }
  return isNegative ? -Number(interval.value) : Number(interval.value);
}

function bindWhere(job: Job, { where }: Select, { relation, scope }: From): Node | undefined {
  const { node } = relation;
  if (where === undefined) return node;
  const environment: Environment = { scope, report: job.report, aggregateProblem: 'WHERE sees single rows; a condition on groups goes into HAVING' };
  const condition = bindCondition(where, environment, 'WHERE');
  return condition && { kind: 'filter', input: node, condition, columns: node.columns };
}

// ----------------------------------------------------------------------------------------------------------- select list

/** One column of a result; a ROW is the expressions of its leaves, in order. */
export interface OutputField { readonly name: string; readonly field: Field; readonly expressions: readonly Expression[] }

/** The columns of a select list, or undefined when one has a problem; all are looked at. */
export function bindItems(
  items: readonly SelectItem[], scope: Scope, environment: Environment,
): readonly OutputField[] | undefined {
  const found: (OutputField | undefined)[] = [];
  for (const item of items) {
    if (item.kind === 'star') found.push(...bindStar(item, scope, environment));
    else found.push(bindItem(item, found.length, scope, environment));
  }
  return found.includes(undefined) ? undefined : found as readonly OutputField[];
}

function bindStar(
  item: Extract<SelectItem, { kind: 'star' }>, scope: Scope, { report }: Environment,
): readonly (OutputField | undefined)[] {
  if (item.table !== undefined && item.table.text !== scope.table) {
    const isRow = scope.fields.some((field) => field.name === item.table?.text && field.place.kind === 'row');
    if (isRow) report(
      'unsupported', item.span, `${item.table.text}.* of a ROW is not supported yet`, 'name its fields',
    );
    else report(
      'unknown-table', item.table.span, `there is no table ${item.table.text} here`,
      scope.table === undefined ? undefined : `did you mean ${scope.table}?`,
    );
    return [undefined];
  }
  return scope.fields.map(
    (field) => (
      field.place.kind === 'broken' ? undefined : { name: field.name, field, expressions: leafExpressions(field, item.span) }
    ),
  );
}

function leafExpressions(field: Field, span: Span): readonly Expression[] {
  return leaves(field).map(({ index, type }): Expression => ({ kind: 'column', index, type, span }));
}

function bindItem(
  item: Extract<SelectItem, { kind: 'expression' }>, index: number, scope: Scope, environment: Environment,
): OutputField | undefined {
  const { expression, alias } = item;
  const name = alias?.text ?? (expression.kind === 'name' ? expression.parts.at(-1)?.text as string : `EXPR$${index}`);
  if (expression.kind === 'name' && environment.intercept === undefined) {
    const field = resolve(scope, expression, environment.report);
    if (field === undefined) return undefined;
    if (field.place.kind === 'row') return { name, field, expressions: leafExpressions(field, expression.span) };
  }
  const bound = bindExpression(expression, environment);
  if (bound === undefined) return undefined;
  if (bound.type.name === 'NULL') {
    environment.report('type', bound.span, 'NULL alone has no type', 'write CAST(NULL AS STRING), or another type');
    return undefined;
  }
  return { name, field: { name, type: bound.type, place: { kind: 'column', index: 0 } }, expressions: [bound] };
}

/** Projects `input` to the output fields; equal names get a number, as in Flink. */
export function projection(output: readonly OutputField[], input: Node): Relation {
  const expressions: Expression[] = [];
  const columns: Column[] = [];
  const names = new Set<string>();
  const fields = output.map((one): Field => {
    let { name } = one;
    for (let suffix = 0; names.has(name); suffix += 1) name = `${one.name}${suffix}`;
    names.add(name);
    const next = { index: expressions.length };
    expressions.push(...one.expressions);
    const field = placed(one.field, name, next);
    leafNames(field, '').forEach(
      (leaf, at) => columns.push({ name: leaf, type: (one.expressions[at] as Expression).type }),
    );
    return field;
  });
  return { node: { kind: 'project', input, expressions, columns }, fields, window: undefined };
}

/** The field with its leaves numbered from `next` on. */
function placed(field: Field, name: string, next: { index: number }): Field {
  if (field.place.kind === 'row') {
    return { name, type: field.type, place: { kind: 'row', fields: field.place.fields.map(
      (inner) => placed(inner, inner.name, next),
    ) } };
  }
  return { name, type: field.type, place: { kind: 'column', index: next.index++ } };
}

function leafNames({ name, place }: Field, before: string): readonly string[] {
  return place.kind === 'row' ? place.fields.flatMap(
    (inner) => leafNames(inner, `${before}${name}.`),
  ) : [before + name];
}
