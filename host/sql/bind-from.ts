/**
 * FROM: tables, subqueries, windows and joins become a tree over one flat row; WHERE is pushed into it, and then it becomes nodes.
 * Only then it is known what kind of join each one is, since `FROM a, b WHERE …` says it in WHERE.
 */
import { columnsOf, conjuncts, mapColumns } from '../plan/columns.ts';
import { nodeCount, type Column, type Expression, type Node, type Span } from '../plan/nodes.ts';
import { suggestion } from '../plan/similar.ts';
import { bindCondition, bindExpression, compare, type Environment } from './bind-expression.ts';
import { joinNodes } from './bind-join.ts';
import { bindQuery, renamed, type Parts } from './bind-query.ts';
import { filterNode } from './bind-rank.ts';
import { elementColumns } from './bind-unnest.ts';
import { bindWindow } from './bind-window.ts';
import { made, type Field, type Job, type Relation } from './job.ts';
import { EMPTY, relocated, type Scope, type ScopeTable } from './scope.ts';
import type { Identifier, JoinKind, Relation as RelationSyntax, Syntax } from './syntax.ts';
import type { Ttl } from './ttl.ts';

/** Columns of a tree are numbered from left to right through all of it. */
type Tree =
  | { readonly kind: 'leaf'; readonly node: Node; readonly name: string | undefined; readonly span: Span }
  | {
    readonly kind: 'join'; readonly type: JoinKind; readonly left: Tree; readonly right: Tree; readonly conditions: readonly Expression[];
    readonly asOf: Expression | undefined; readonly span: Span;
  }
  | {
    readonly kind: 'unnest'; readonly input: Tree; readonly collection: Expression; readonly isLeft: boolean; readonly withOrdinality: boolean;
    readonly columns: readonly Column[]; readonly span: Span;
  };

export interface From { readonly tree: Tree; readonly scope: Scope }

function widthOf(tree: Tree): number {
  switch (tree.kind) {
    case 'leaf': return tree.node.columns.length;
    case 'join': return widthOf(tree.left) + widthOf(tree.right);
    case 'unnest': return widthOf(tree.input) + tree.columns.length;
    default: { const unreachable: never = tree; return unreachable; }
  }
}

export function bindFrom(job: Job, syntax: RelationSyntax, parts: Parts): From | undefined {
  return syntax.kind === 'join' ? bindJoin(job, syntax, parts) : bindLeaf(job, syntax, parts);
}

function bindLeaf(job: Job, syntax: Exclude<RelationSyntax, { kind: 'join' }>, parts: Parts): From | undefined {
  const relation = bindRelation(job, syntax, parts);
  if (relation === undefined) return undefined;
  const inner = syntax.kind === 'window' ? syntax.input : syntax;
  const name = syntax.alias?.text ?? (inner.kind === 'join' ? undefined : inner.alias?.text) ?? (inner.kind === 'table' ? inner.name.text : undefined);
  const { fields } = relation;
  return { tree: { kind: 'leaf', node: relation.node, name, span: syntax.span }, scope: { tables: [{ name, fields }], fields } };
}

/** One relation of FROM under its column aliases; a join in parentheses too. */
export function bindRelation(job: Job, syntax: RelationSyntax, parts: Parts): Relation | undefined {
  const relation = renamed(job, bindBase(job, syntax, parts), syntax.columnAliases);
  if (relation === undefined || nodeCount(relation.node, NODES_MAX) < NODES_MAX) return relation;
  job.report('too-large', syntax.span, `this is made of more than ${NODES_MAX} steps`, 'read the tables once, and join or unite fewer views');
  return undefined;
}

/** Far above what a person writes; views that read each other twice grow without end. */
const NODES_MAX = 1000;

function bindBase(job: Job, syntax: RelationSyntax, parts: Parts): Relation | undefined {
  switch (syntax.kind) {
    case 'subquery':
      if (syntax.isLateral) job.report('unsupported', syntax.span, 'LATERAL is not supported yet', 'join the subquery, or rank its rows with ROW_NUMBER()');
      return syntax.isLateral ? undefined : bindQuery(job, syntax.query, parts);
    case 'table':
      checkTableHints(job, syntax);
      if (syntax.asOf !== undefined) return missingJoin(job, syntax.span, 'FOR SYSTEM_TIME AS OF');
      return bindTableName(job, syntax.name, parts);
    case 'window': return bindWindow(job, syntax, parts);
    case 'unnest': {
      const found = bindUnnest(job, syntax, EMPTY);
      return found && missingJoin(job, syntax.span, 'UNNEST');
    }
    case 'join': {
      const from = bindJoin(job, syntax, parts);
      if (from === undefined) return undefined;
      const { node, scope } = finished(job, from, [], undefined);
      return { node, fields: scope.fields };
    }
    default: { const unreachable: never = syntax; return unreachable; }
  }
}

function missingJoin(job: Job, span: Span, what: string): undefined {
  job.report('syntax', span, `${what} stands only on the right side of a join`, 'write FROM a JOIN …');
}

function checkTableHints(job: Job, { hints }: Extract<RelationSyntax, { kind: 'table' }>): void {
  const hint = hints.find(({ name }) => name.text.toUpperCase() === 'OPTIONS');
  if (hint !== undefined) job.report('unsupported', hint.name.span, 'the hint OPTIONS is not supported yet', 'write the option into the WITH of the table');
}

export function bindTableName(job: Job, name: Identifier, parts: Parts): Relation | undefined {
  if (parts.has(name.text)) return parts.get(name.text);
  const found = job.tables.get(name.text);
  if (found === undefined) {
    const known = [...parts.keys(), ...job.tables.keys()];
    const remedy = suggestion(name.text, known) ?? (known.length === 0 ? 'create it first' : `there are ${known.join(', ')}`);
    job.report('unknown-table', name.span, `there is no table or view ${name.text}`, remedy);
    return undefined;
  }
  if (found.kind === 'table' && found.connector !== undefined && found.connector.source === undefined) {
    const names = job.catalog.connectors.filter((connector) => connector.source !== undefined).map((connector) => connector.name);
    job.report(
      'not-a-source', name.span, `${name.text} cannot be read: the connector ${found.connector.name} only writes`,
      `connectors that read: ${names.join(', ')}`,
    );
    return undefined;
  }
  return found.relation;
}

// ----------------------------------------------------------------------------------------------------------------- joins

type JoinSyntax = Extract<RelationSyntax, { kind: 'join' }>;

function bindJoin(job: Job, syntax: JoinSyntax, parts: Parts): From | undefined {
  const left = bindFrom(job, syntax.left, parts);
  if (syntax.right.kind === 'unnest') return left && bindUnnestJoin(job, syntax, left);
  const asOf = syntax.right.kind === 'table' ? syntax.right.asOf : undefined;
  const right = syntax.right.kind === 'table' ? bindLeaf(job, { ...syntax.right, asOf: undefined }, parts) : bindFrom(job, syntax.right, parts);
  if (left === undefined || right === undefined) return undefined;
  const joined = joinedScope(syntax.type, left, right);
  const environment = (scope: Scope): Environment => ({ scope, report: job.report, aggregateProblem: 'ON sees single rows' });
  const merged = mergedNames(job, syntax, left.scope, right.scope);
  if (merged === undefined) return undefined;
  const conditions = merged.map((name) => sameName(job, name, left, right)).filter((one) => one !== undefined);
  if (syntax.on !== undefined) {
    const on = bindCondition(syntax.on, environment(joined), 'ON');
    if (on === undefined) return undefined;
    conditions.push(...conjuncts(on).filter((one) => one.kind !== 'literal' || one.value !== true));
  }
  let time: Expression | undefined;
  if (asOf !== undefined) {
    const column = asOf.kind === 'name' ? asOf : undefined;
    const bound = column && bindTime(job, column, environment(left.scope));
    if (column === undefined) job.report(
      'time-attribute', asOf.span, 'FOR SYSTEM_TIME AS OF takes the event time of the left side', 'write FOR SYSTEM_TIME AS OF a.at',
    );
    if (bound === undefined) return undefined;
    time = bound;
  }
  const tree: Tree = { kind: 'join', type: syntax.type, left: left.tree, right: right.tree, conditions, asOf: time, span: syntax.span };
  return { tree, scope: merged.length === 0 ? joined : mergedScope(syntax.type, merged, joined) };
}

function bindTime(job: Job, column: Syntax, environment: Environment): Expression | undefined {
  const bound = bindExpression(column, environment);
  if (bound === undefined) return undefined;
  const attribute = 'attribute' in bound.type ? bound.type.attribute : undefined;
  if (attribute === 'event') return bound;
  if (attribute === 'arrival') {
    job.report(
      'unsupported', column.span, 'a lookup join (FOR SYSTEM_TIME AS OF a processing time) is not supported yet',
      'use the event time of the left side',
    );
  } else {
    job.report('time-attribute', column.span, 'FOR SYSTEM_TIME AS OF takes the event time of the left side', 'name its column with WATERMARK FOR, as it is');
  }
  return undefined;
}

function shifted(scope: Scope, by: number): Scope {
  const move = (field: Field): Field => relocated(field, (index) => index + by);
  return { tables: scope.tables.map((table) => ({ ...table, fields: table.fields.map(move) })), fields: scope.fields.map(move) };
}

function nullable(scope: Scope): Scope {
  const change = (field: Field): Field => (field.type.name === 'NULL' ? field : { ...field, type: { ...field.type, isNullable: true } });
  return { tables: scope.tables.map((table) => ({ ...table, fields: table.fields.map(change) })), fields: scope.fields.map(change) };
}

function joinedScope(type: JoinKind, left: From, right: From): Scope {
  const lefts = type === 'right' || type === 'full' ? nullable(left.scope) : left.scope;
  const moved = shifted(right.scope, widthOf(left.tree));
  const rights = type === 'left' || type === 'full' ? nullable(moved) : moved;
  return { tables: [...lefts.tables, ...rights.tables], fields: [...lefts.fields, ...rights.fields] };
}

/** Columns that USING or NATURAL joins by; undefined when one has a problem. */
function mergedNames(job: Job, syntax: JoinSyntax, left: Scope, right: Scope): readonly Identifier[] | undefined {
  if (syntax.isNatural) {
    return left.fields.filter((field) => right.fields.some((other) => other.name === field.name)).map(
      (field) => ({ text: field.name, span: syntax.right.span }),
    );
  }
  for (const name of syntax.using) {
    for (const [scope, side] of [[left, 'left'], [right, 'right']] as const) {
      const count = scope.fields.filter((field) => field.name === name.text).length;
      if (count === 1) continue;
      const problem = count === 0 ? `no column ${name.text} on the ${side} side of the join` : `${name.text} stands twice on the ${side} side of the join`;
      job.report(count === 0 ? 'unknown-column' : 'ambiguous', name.span, problem, suggestion(name.text, scope.fields.map((field) => field.name)));
      return undefined;
    }
  }
  return syntax.using;
}

function sameName(job: Job, name: Identifier, left: From, right: From): Expression | undefined {
  const column = (scope: Scope, by: number): Expression | undefined => {
    const field = scope.fields.find((one) => one.name === name.text);
    return field?.place.kind === 'column' ? { kind: 'column', index: field.place.index + by, type: field.type, span: name.span } : undefined;
  };
  const [a, b] = [column(left.scope, 0), column(right.scope, widthOf(left.tree))];
  return a && b && compare('eq', a, b, name.span, job.report);
}

/** Columns of USING come first and once; of both sides one is not NULL. */
function mergedScope(type: JoinKind, names: readonly Identifier[], scope: Scope): Scope {
  const merged = names.flatMap((name): Field[] => {
    const [left, right] = scope.fields.filter((field) => field.name === name.text);
    if (left?.place.kind !== 'column' || right?.place.kind !== 'column') return [];
    if (type === 'full') return [{ ...left, place: { kind: 'either', indices: [left.place.index, right.place.index] } }];
    return [type === 'right' ? right : left];
  });
  const isMerged = (field: Field): boolean => names.some((name) => name.text === field.name);
  return { tables: scope.tables, fields: [...merged, ...scope.fields.filter((field) => !isMerged(field))] };
}

// ---------------------------------------------------------------------------------------------------------------- unnest

function bindUnnestJoin(job: Job, syntax: JoinSyntax, left: From): From | undefined {
  if (syntax.right.kind !== 'unnest') return undefined;
  const found = bindUnnest(job, syntax.right, left.scope);
  if (found === undefined) return undefined;
  const isLeft = syntax.type === 'left';
  if (!isLeft && syntax.type !== 'inner') {
    job.report(
      'unsupported', syntax.span, `${syntax.type.toUpperCase()} JOIN UNNEST is not possible: elements are made of the left side`,
      'write CROSS JOIN or LEFT JOIN',
    );
    return undefined;
  }
  const isOnTrue = syntax.isCross || syntax.on?.kind === 'boolean' && syntax.on.value === true;
  if (!isOnTrue) {
    job.report('unsupported', syntax.on?.span ?? syntax.span, 'a condition on UNNEST is not supported yet', 'write ON TRUE, and the condition into WHERE');
    return undefined;
  }
  const { collection, columns } = found;
  const width = widthOf(left.tree);
  const { alias, columnAliases, withOrdinality, span } = syntax.right;
  const fields = columns.map((column, index): Field => ({
    name: columnAliases[index]?.text ?? column.name, type: column.type, place: { kind: 'column', index: width + index },
  }));
  const table: ScopeTable = { name: alias?.text, fields };
  const tree: Tree = { kind: 'unnest', input: left.tree, collection, isLeft, withOrdinality, columns, span };
  const added: Scope = isLeft ? nullable({ tables: [table], fields }) : { tables: [table], fields };
  return { tree, scope: { tables: [...left.scope.tables, ...added.tables], fields: [...left.scope.fields, ...added.fields] } };
}

function bindUnnest(
  job: Job, syntax: Extract<RelationSyntax, { kind: 'unnest' }>, scope: Scope,
): { readonly collection: Expression; readonly columns: readonly Column[] } | undefined {
  const collection = bindExpression(syntax.collection, { scope, report: job.report, aggregateProblem: 'UNNEST sees single rows' });
  return collection && elementColumns(job, collection, syntax.withOrdinality);
}

// -------------------------------------------------------------------------------------------------------------- to nodes

/** The rows of FROM that fulfil the conditions, and the scope over them. @param ttl how long the sides of joins are kept */
export function finished(job: Job, from: From, conditions: readonly Expression[], ttl: Ttl | undefined): { readonly node: Node; readonly scope: Scope } {
  const { node, place } = toNode(job, from.tree, conditions, ttl);
  const move = (field: Field): Field => retyped(relocated(field, (index) => place[index] as number), node);
  const { tables, fields } = from.scope;
  return { node, scope: { tables: tables.map((table) => ({ ...table, fields: table.fields.map(move) })), fields: fields.map(move) } };
}

/**
 * The field with the type its column has now: joins make NULL possible and lose event times. Where WHERE made an inner join of
 * an outer one, the column stays nullable, as Flink's does.
 */
function retyped(field: Field, node: Node): Field {
  if (field.place.kind !== 'column') return field;
  const { type: plain } = node.columns[field.place.index] as Column;
  const type = plain.name === 'NULL' || plain.isNullable ? plain : { ...plain, isNullable: field.type.isNullable } as Column['type'];
  const hadAttribute = 'attribute' in field.type && field.type.attribute !== undefined;
  const hasAttribute = 'attribute' in type && type.attribute !== undefined;
  return { ...field, type, ...hadAttribute && !hasAttribute ? { lostBy: 'a join without a bound in time' } : {} };
}

interface Finished { readonly node: Node; /** Where each column of the tree is. */ readonly place: readonly number[] }

function toNode(job: Job, tree: Tree, conditions: readonly Expression[], ttl: Ttl | undefined): Finished {
  const identity = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  switch (tree.kind) {
    case 'leaf': return { node: filterNode(job, tree.node, conditions, tree.span), place: identity(tree.node.columns.length) };
    case 'unnest': {
      const width = widthOf(tree.input);
      const isBelow = (one: Expression): boolean => columnsOf(one).every((column) => column < width);
      const input = toNode(job, tree.input, conditions.filter(isBelow), ttl);
      const { collection, isLeft, withOrdinality, columns } = tree;
      const place = [...input.place, ...columns.map((_, index) => input.node.columns.length + index)];
      const added = columns.map((column) => (isLeft ? { ...column, type: { ...column.type, isNullable: true } as Column['type'] } : column));
      const node = made(job, {
        kind: 'unnest', input: input.node, collection: placed(collection, input.place), isLeft, withOrdinality, columns: [...input.node.columns, ...added],
      } as const, tree.span);
      return { node: filterNode(job, node, conditions.filter((one) => !isBelow(one)).map((one) => placed(one, place)), tree.span), place };
    }
    case 'join': return joinToNode(job, tree, conditions, ttl);
    default: { const unreachable: never = tree; return unreachable; }
  }
}

function placed(expression: Expression, place: readonly number[]): Expression {
  return mapColumns(expression, (column) => ({ ...column, index: place[column.index] as number }));
}

function joinToNode(job: Job, tree: Extract<Tree, { kind: 'join' }>, where: readonly Expression[], ttl: Ttl | undefined): Finished {
  const width = widthOf(tree.left);
  const isLeft = (one: Expression): boolean => columnsOf(one).every((column) => column < width);
  const isRight = (one: Expression): boolean => columnsOf(one).length > 0 && columnsOf(one).every((column) => column >= width);
  const type = narrowedType(tree.type, where, width);
  const lefts = where.filter((one) => (type === 'inner' || type === 'left') && isLeft(one));
  const rights = where.filter((one) => (type === 'inner' || type === 'right') && tree.asOf === undefined && isRight(one));
  const onLeft = tree.conditions.filter((one) => (type === 'inner' || type === 'right') && isLeft(one));
  const onRight = tree.conditions.filter((one) => (type === 'inner' || type === 'left') && tree.asOf === undefined && isRight(one));
  const pushed = new Set([...lefts, ...rights, ...onLeft, ...onRight]);
  const rest = where.filter((one) => !pushed.has(one));
  const on = tree.conditions.filter((one) => !pushed.has(one));
  const left = toNode(job, tree.left, [...onLeft, ...lefts], ttl);
  const toRight = (one: Expression): Expression => mapColumns(one, (column) => ({ ...column, index: column.index - width }));
  const right = toNode(job, tree.right, [...onRight, ...rights].map(toRight), ttl);
  const leftWidth = left.node.columns.length;
  const flat = [...left.place, ...right.place.map((index) => leftWidth + index)];
  const nameOf = (side: Tree): string | undefined => (side.kind === 'leaf' ? side.name : undefined);
  const joint = (type === 'inner' ? [...on, ...rest] : on).map((one) => placed(one, flat));
  const joined = joinNodes(job, {
    type, left: left.node, right: right.node, conditions: joint, asOf: tree.asOf && placed(tree.asOf, left.place), span: tree.span,
    leftTtlMs: ttl?.of(nameOf(tree.left)), rightTtlMs: ttl?.of(nameOf(tree.right)),
  });
  const place = [...left.place, ...right.place.map((index) => joined.leftWidth + index)];
  const above = type === 'inner' ? [] : rest.map((one) => placed(one, place));
  return { node: filterNode(job, joined.node, above, tree.span), place };
}

/** An outer join whose added rows WHERE drops anyway is an inner one, as in Flink. */
function narrowedType(type: JoinKind, where: readonly Expression[], width: number): JoinKind {
  const isRejected = (isSide: (column: number) => boolean): boolean => where.some((one) => rejectsNull(one, isSide));
  const dropsLeft = type !== 'inner' && type !== 'left' && isRejected((column) => column < width); // rows without a left side
  const dropsRight = type !== 'inner' && type !== 'right' && isRejected((column) => column >= width);
  if (type === 'full') return dropsLeft ? (dropsRight ? 'inner' : 'left') : dropsRight ? 'right' : 'full';
  return dropsLeft || dropsRight ? 'inner' : type;
}

const STRICT: ReadonlySet<string> = new Set(
  ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'like', 'plus', 'minus', 'times', 'divide', 'mod', 'negate', 'isNotNull', 'isTrue', 'upper', 'lower'],
);

/** Whether the condition is not TRUE when all columns of that side are NULL. */
function rejectsNull(condition: Expression, isSide: (column: number) => boolean): boolean {
  switch (condition.kind) {
    case 'column': return isSide(condition.index);
    case 'cast': return rejectsNull(condition.input, isSide);
    case 'call':
      if (condition.name === 'or') return condition.args.every((one) => rejectsNull(one, isSide));
      if (condition.name === 'and' || STRICT.has(condition.name)) return condition.args.some((one) => rejectsNull(one, isSide));
      return false;
    default: return false;
  }
}
