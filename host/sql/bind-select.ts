/** One SELECT: FROM and WHERE make rows, GROUP BY and OVER add to them, the select list projects them. */
import { conjuncts } from '../plan/columns.ts';
import type { Column, Expression, Node, OrderKey, Span } from '../plan/nodes.ts';
import { isTimestamp } from '../plan/type-rules.ts';
import { bindCondition, bindExpression, type Environment } from './bind-expression.ts';
import { bindFrom, finished } from './bind-from.ts';
import { bindAggregation, distinctNode } from './bind-group.ts';
import { orderKey } from './bind-order.ts';
import { bindOvers } from './bind-over.ts';
import type { Parts } from './bind-query.ts';
import { columnOf, filterNode } from './bind-rank.ts';
import { isSubquery, joinSubquery } from './bind-subquery.ts';
import { made, type Field, type Job, type Relation } from './job.ts';
import { EMPTY, leaves, resolve, type Scope } from './scope.ts';
import type { Select, SelectItem, SortItem, Syntax } from './syntax.ts';
import { bindTtl, type Ttl } from './ttl.ts';
import { aggregatesOf, children, overCallsOf } from './walk.ts';

/** A query's rows; columns behind the `visible` ones are only there for ORDER BY. */
export interface Selected { readonly relation: Relation; readonly order: readonly OrderKey[]; readonly visible: number }

/** Rows and how expressions over them are bound. */
export interface Stage {
  /** undefined: they have problems, which were reported. */
  readonly node: Node | undefined;
  readonly environment: Environment;
}

export function bindSelect(job: Job, select: Select, parts: Parts, orderBy: readonly SortItem[]): Selected | undefined {
  const ttl = bindTtl(job, select.hints);
  const rows = bindRows(job, select, parts, { ttl });
  if (rows === undefined) return undefined;
  const where: Stage = {
    node: rows.node, environment: { scope: rows.scope, report: job.report, aggregateProblem: 'it stands only in SELECT and HAVING' },
  };
  const star = select.items.find((item) => item.kind === 'star');
  const isAggregating = isGrouped(select, orderBy);
  if (isAggregating && star !== undefined) {
    job.report('ungrouped', star.span, '* names columns that are neither grouped nor aggregated', 'name the columns');
  }
  const items = isAggregating ? select.items.filter((item) => item.kind !== 'star') : select.items;
  const grouped = isAggregating ? bindAggregation(job, { ...select, items }, where, { orderBy, ttlMs: ttl.of(tableNameOf(select)) }) : where;
  if (grouped === undefined) return undefined;
  const over = bindOvers(job, { ...select, items }, grouped, orderBy);
  const qualified = bindQualify(job, select, over);
  const output = bindItems(items, rows.scope, qualified.environment);
  const order = output && bindOrder(orderBy, output, qualified.environment);
  if (output === undefined || order === undefined || qualified.node === undefined || isAggregating && star !== undefined) return undefined;
  return selected(job, select, output, order, qualified.node, ttl.of(undefined));
}

function selected(
  job: Job, select: Select, output: readonly OutputField[], order: BoundOrder, node: Node, ttlMs: number | undefined,
): Selected | undefined {
  const hidden = order.hidden.map((expression, index): OutputField => (
    { name: `$order_${index}`, field: { name: `$order_${index}`, type: expression.type, place: { kind: 'column', index: 0 } }, expressions: [expression] }
  ));
  const relation = projection([...output, ...hidden], node);
  const visible = relation.node.columns.length - hidden.length;
  const fields = relation.fields.slice(0, output.length);
  if (!select.isDistinct) return { relation: { node: relation.node, fields }, order: order.keys(visible), visible };
  if (hidden.length > 0) {
    job.report('order', (order.hidden[0] as Expression).span, 'ORDER BY of SELECT DISTINCT names columns of the result', 'add it to the select list');
    return undefined;
  }
  const distinct = distinctNode(job, relation.node, select.span, ttlMs);
  const lost = fields.map((field): Field => {
    const place = field.place.kind === 'column' ? distinct.columns[field.place.index] : undefined;
    const hadTime = isTimestamp(field.type) && field.type.attribute !== undefined;
    const hasTime = place !== undefined && isTimestamp(place.type) && place.type.attribute !== undefined;
    return hadTime && !hasTime ? { ...field, type: (place as Column).type, lostBy: 'DISTINCT' } : field;
  });
  return { relation: { node: distinct, fields: lost }, order: order.keys(visible), visible };
}

function tableNameOf({ from }: Select): string | undefined {
  return from?.alias?.text ?? (from?.kind === 'table' ? from.name.text : undefined);
}

function isGrouped({ items, groupBy, having, qualify }: Select, orderBy: readonly SortItem[]): boolean {
  const roots = [
    ...items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : [])), ...(qualify === undefined ? [] : [qualify]),
    ...orderBy.map(({ expression }) => expression),
  ];
  return groupBy !== undefined || having !== undefined || roots.some((root) => aggregatesOf(root).length > 0);
}

// -------------------------------------------------------------------------------------------------------- FROM and WHERE

export interface Rows {
  /** undefined: WHERE has problems. */
  readonly node: Node | undefined;
  readonly scope: Scope;
  /** Conditions that name columns of the query around, which count -1, -2, … */
  readonly correlated: readonly Expression[];
}

/** @param outer columns of the query around, for WHERE alone */
export function bindRows(job: Job, select: Select, parts: Parts, { ttl, outer }: { readonly ttl?: Ttl; readonly outer?: Scope } = {}): Rows | undefined {
  const { from: syntax, where } = select;
  if (syntax === undefined) {
    const node = made(job, { kind: 'values', rows: [[]], columns: [] } as const, select.span);
    if (where !== undefined) job.report('unsupported', where.span, 'WHERE without FROM is not supported yet', 'read from a table');
    return { node: where === undefined ? node : undefined, scope: EMPTY, correlated: [] };
  }
  const from = bindFrom(job, syntax, parts);
  if (from === undefined) return undefined;
  const written = where === undefined ? [] : conjunctsOf(where);
  const environment: Environment = {
    scope: { ...from.scope, outer }, report: job.report, aggregateProblem: 'WHERE sees single rows; a condition on groups goes into HAVING',
  };
  const bound = written.filter((one) => !isSubquery(one)).map((one) => bindCondition(one, environment, 'WHERE'));
  const isRight = !bound.includes(undefined);
  const all = isRight ? (bound as readonly Expression[]).flatMap(conjuncts) : [];
  const isCorrelated = (one: Expression): boolean => readsOuter(one);
  const { node, scope } = finished(job, from, all.filter((one) => !isCorrelated(one)), ttl);
  // columns of FROM may have moved: conditions that stay behind are bound again over the finished row
  const correlated = all.some(isCorrelated)
    ? written.filter((one) => !isSubquery(one)).flatMap((one) => {
      const again = bindCondition(one, { ...environment, scope: { ...scope, outer }, report: () => undefined }, 'WHERE');
      return again === undefined ? [] : conjuncts(again).filter(isCorrelated);
    }) : [];
  let joined: Node | undefined = isRight ? node : undefined;
  for (const one of written.filter(isSubquery)) joined = joinSubquery(job, one, { node: joined, base: node, scope, parts, ttl });
  return { node: joined, scope, correlated };
}

/** The conditions that AND joins. */
function conjunctsOf(syntax: Syntax): readonly Syntax[] {
  return syntax.kind === 'binary' && syntax.operator === 'AND' ? [...conjunctsOf(syntax.left), ...conjunctsOf(syntax.right)] : [syntax];
}

function readsOuter(expression: Expression): boolean {
  switch (expression.kind) {
    case 'column': return expression.index < 0;
    case 'literal': return false;
    case 'call': return expression.args.some(readsOuter);
    case 'cast': return readsOuter(expression.input);
    case 'case': return expression.branches.some(({ when, then }) => readsOuter(when) || readsOuter(then)) || readsOuter(expression.otherwise);
    default: { const unreachable: never = expression; return unreachable; }
  }
}

/** QUALIFY filters by what OVER computed; it may name columns of the select list. */
function bindQualify(job: Job, { qualify, items }: Select, stage: Stage): Stage {
  if (qualify === undefined) return stage;
  const { environment } = stage;
  const hasOver = overCallsOf(qualify).length > 0 || items.some((item) => item.kind === 'expression' && overCallsOf(item.expression).length > 0);
  if (!hasOver) job.report('syntax', qualify.span, 'QUALIFY filters by a call with OVER, and there is none', 'write WHERE or HAVING');
  const inner: Environment = {
    ...environment,
    intercept: (syntax) => {
      const name = syntax.kind === 'name' && syntax.parts.length === 1 ? syntax.parts[0]?.text : undefined;
      const item = name === undefined || environment.scope.fields.some((field) => field.name === name) ? undefined
        : items.find((one) => one.kind === 'expression' && one.alias?.text === name);
      return item?.kind === 'expression' ? { bound: bindExpression(item.expression, environment) } : environment.intercept?.(syntax);
    },
  };
  const condition = bindCondition(qualify, inner, 'QUALIFY');
  return { ...stage, node: condition && stage.node && filterNode(job, stage.node, conjuncts(condition), qualify.span) };
}

// -------------------------------------------------------------------------------------------------------------- ORDER BY

interface BoundOrder {
  /** Expressions that are no columns of the result. */
  readonly hidden: readonly Expression[];
  /** @param visible where the hidden columns begin */
  readonly keys: (visible: number) => readonly OrderKey[];
}

/** Names of the result, numbers of its columns, or any expression over what the select list reads. */
function bindOrder(
  orderBy: readonly SortItem[], output: readonly OutputField[], environment: Environment,
): BoundOrder | undefined {
  const starts: number[] = [];
  output.reduce((start, { expressions }) => { starts.push(start); return start + expressions.length; }, 0);
  const hidden: Expression[] = [];
  const places = orderBy.map((item): number | undefined => {
    const { expression } = item;
    const isOrdinal = expression.kind === 'number';
    const index = isOrdinal ? Number(expression.text) - 1
      : expression.kind === 'name' && expression.parts.length === 1 ? output.findIndex(({ name }) => name === expression.parts[0]?.text) : -1;
    if (output[index]?.expressions.length === 1) return starts[index];
    if (isOrdinal) {
      environment.report('unknown-column', expression.span, `the result has no column ${expression.text}`, `it has ${output.length}`);
      return undefined;
    }
    const bound = bindExpression(expression, environment);
    return bound && -hidden.push(bound);
  });
  if (places.includes(undefined)) return undefined;
  return {
    hidden,
    keys: (visible) => places.map((place, index) => {
      const at = place as number;
      return orderKey(orderBy[index] as SortItem, at < 0 ? visible - at - 1 : at);
    }),
  };
}

// ----------------------------------------------------------------------------------------------------------- select list

/** One column of a result; a ROW is the expressions of its leaves, in order. */
export interface OutputField { readonly name: string; readonly field: Field; readonly expressions: readonly Expression[] }

/** The columns of a select list, or undefined when one has a problem; all are looked at. */
export function bindItems(items: readonly SelectItem[], scope: Scope, environment: Environment): readonly OutputField[] | undefined {
  const found: (OutputField | undefined)[] = [];
  for (const item of items) {
    if (item.kind === 'star') found.push(...bindStar(item, scope, environment));
    else found.push(bindItem(item, found.length, scope, environment));
  }
  return found.includes(undefined) ? undefined : found as readonly OutputField[];
}

function bindStar(
  item: Extract<SelectItem, { kind: 'star' }>, scope: Scope, environment: Environment,
): readonly (OutputField | undefined)[] {
  const { report } = environment;
  const tables = scope.tables.filter((table) => item.table !== undefined && table.name === item.table.text);
  if (item.table !== undefined && tables.length === 0) {
    const isRow = scope.fields.some((field) => field.name === item.table?.text && field.place.kind === 'row');
    const names = scope.tables.flatMap(({ name }) => (name === undefined ? [] : [name]));
    if (isRow) report('unsupported', item.span, `${item.table.text}.* of a ROW is not supported yet`, 'name its fields');
    else report(
      'unknown-table', item.table.span, `there is no table ${item.table.text} here`,
      names.length === 0 ? undefined : `did you mean ${names.join(' or ')}?`,
    );
    return [undefined];
  }
  if (scope.fields.length === 0) {
    report('syntax', item.span, '* needs a FROM', 'name the columns');
    return [undefined];
  }
  return (tables[0]?.fields ?? scope.fields).map((field) => {
    if (field.place.kind === 'broken') return undefined;
    if (field.place.kind !== 'either') return { name: field.name, field, expressions: leafExpressions(field, item.span) };
    const name: Syntax = { kind: 'name', parts: [{ text: field.name, span: item.span }], span: item.span };
    const bound = bindExpression(name, environment);
    return bound && { name: field.name, field: plainField(field.name, bound), expressions: [bound] };
  });
}

function plainField(name: string, bound: Expression): Field { return { name, type: bound.type, place: { kind: 'column', index: 0 } }; }

function leafExpressions(field: Field, span: Span): readonly Expression[] {
  return leaves(field).map(({ index, type }): Expression => ({ kind: 'column', index, type, span }));
}

function bindItem(
  item: Extract<SelectItem, { kind: 'expression' }>, index: number, scope: Scope, environment: Environment,
): OutputField | undefined {
  const { expression, alias } = item;
  const name = alias?.text ?? (expression.kind === 'name' ? expression.parts.at(-1)?.text as string : `EXPR$${index}`);
  if (expression.kind === 'name' && environment.isGrouped !== true) {
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
  return { name, field: { ...plainField(name, bound), lostBy: lostBy(expression, bound, scope, environment) }, expressions: [bound] };
}

/** What took the event time from a column that was one. */
function lostBy(expression: Syntax, bound: Expression, scope: Scope, { isGrouped }: Environment): string | undefined {
  if (!isTimestamp(bound.type) || bound.type.attribute !== undefined) return undefined;
  if (expression.kind === 'name') {
    const field = resolve(scope, expression, () => undefined);
    const hadTime = field !== undefined && isTimestamp(field.type) && field.type.attribute !== undefined;
    return field?.lostBy ?? (hadTime && isGrouped === true ? 'GROUP BY without a window' : undefined);
  }
  const isComputed = (syntax: Syntax): boolean => {
    if (syntax.kind !== 'name') return children(syntax).some(isComputed);
    const type = resolve(scope, syntax, () => undefined)?.type;
    return type !== undefined && isTimestamp(type) && type.attribute === 'event';
  };
  return isComputed(expression) ? 'a computation' : undefined;
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
    leafNames(field, '').forEach((leaf, at) => columns.push({ name: leaf, type: (one.expressions[at] as Expression).type }));
    return field;
  });
  return { node: { kind: 'project', input, expressions, columns }, fields };
}

/** The rows as they are, under a projection of their own. */
export function asProjection(node: Node): Extract<Node, { kind: 'project' }> {
  if (node.kind === 'project') return node;
  return { kind: 'project', input: node, expressions: node.columns.map(({ type }, index) => columnOf(index, type)), columns: node.columns };
}

/** The field with its leaves numbered from `next` on. */
function placed(field: Field, name: string, next: { index: number }): Field {
  if (field.place.kind === 'row') {
    return { ...field, name, place: { kind: 'row', fields: field.place.fields.map((inner) => placed(inner, inner.name, next)) } };
  }
  return { ...field, name, place: { kind: 'column', index: next.index++ } };
}

function leafNames({ name, place }: Field, before: string): readonly string[] {
  return place.kind === 'row' ? place.fields.flatMap((inner) => leafNames(inner, `${before}${name}.`)) : [before + name];
}
