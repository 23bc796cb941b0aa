/** Queries -> plan nodes: relations, filters, projections, windowed aggregation. */
import type { AggregateCall, AggregateName, Column, Expression, Node, ScanColumn, ScanNode, Span } from '../plan/nodes.ts';
import { suggestion } from '../plan/similar.ts';
import { aggregateType, isTimestamp } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { type Binder, intervalMs, type Scope } from './bind-expression.ts';
import type { Identifier, Query, Relation, Select, SelectItem, Syntax } from './syntax.ts';

/** A source table: its scan grows a column at a time, as queries ask for them. */
export interface SourceTable {
  readonly name: string;
  readonly scan: ScanNode & { readonly columns: ScanColumn[] };
  /** Index in the scan of the column at this path; undefined when there is none. */
  column(parts: readonly Identifier[]): number | undefined;
  /** Names of the columns that SELECT * gives. */
  readonly names: readonly string[];
}

export interface Bound { readonly node: Node; readonly columns: readonly Column[] }

export interface QueryBinder { query(query: Query): Bound }

const AGGREGATES = new Set(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG']);
const NONE = { start: 0, end: 0 };

export function createQueryBinder(binder: Binder, table: (name: Identifier) => SourceTable | Bound): QueryBinder {
  const { fail } = binder;
  let named: { readonly name: string; readonly bound: Bound }[] = [];

  interface Source { readonly node: Node; readonly scope: Scope; readonly star: () => Expression[]; readonly names: readonly string[]; readonly alias: string | undefined }

  function relation(from: Relation): Source {
    if (from.kind === 'window') return fail('unsupported', from.span, 'rows of a window without GROUP BY window_start, window_end are not supported yet', 'group by window_start, window_end');
    const found = from.kind === 'subquery' ? query(from.query) : named.findLast(({ name }) => name === from.name.text)?.bound ?? table(from.name);
    const alias = from.alias?.text ?? (from.kind === 'table' ? from.name.text : undefined);
    return 'scan' in found ? scanSource(found, alias) : boundSource(found, alias, from.columnAliases);
  }
  function scanSource(source: SourceTable, alias: string | undefined): Source {
    const at = (index: number, span: Span): Expression => ({ kind: 'column', index, type: (source.scan.columns[index] as ScanColumn).type, span });
    const resolve = (parts: readonly Identifier[]): Expression | undefined => {
      const span = spanOf(parts);
      const index = source.column(parts) ?? (parts.length > 1 && parts[0]?.text === alias ? source.column(parts.slice(1)) : undefined);
      return index === undefined ? undefined : at(index, span);
    };
    return {
      node: source.scan, alias, names: source.names, scope: { resolve, names: () => source.names },
      star: () => source.names.map((name) => resolve([{ text: name, span: NONE }]) as Expression),
    };
  }
  function boundSource({ node, columns }: Bound, alias: string | undefined, aliases: readonly Identifier[]): Source {
    const names = columns.map(({ name }, index) => aliases[index]?.text ?? name);
    const at = (index: number, span: Span): Expression => ({ kind: 'column', index, type: (columns[index] as Column).type, span });
    const resolve = (parts: readonly Identifier[]): Expression | undefined => {
      const rest = parts.length > 1 && parts[0]?.text === alias ? parts.slice(1) : parts;
      const index = rest.length === 1 ? names.indexOf(rest[0]?.text ?? '') : -1;
      return index < 0 ? undefined : at(index, spanOf(parts));
    };
    return { node, alias, names, scope: { resolve, names: () => names }, star: () => names.map((_, index) => at(index, NONE)) };
  }
  function filtered(source: Source, where: Syntax | undefined): Node {
    if (!where) return source.node;
    const condition = binder.expression(where, noAggregates(source.scope));
    if (condition.type.name !== 'BOOLEAN') return fail('type', where.span, 'WHERE needs a condition');
    return { kind: 'filter', input: source.node, condition, columns: source.node.columns };
  }
  function noAggregates(scope: Scope): Scope {
    return { ...scope, intercept: (syntax) => (isAggregate(syntax) ? fail('aggregate', syntax.span, 'an aggregate cannot stand here', 'filter groups with HAVING') : undefined) };
  }
  function project(items: readonly SelectItem[], source: Source, input: Node, scope: Scope): Bound {
    const columns: Column[] = [];
    const expressions: Expression[] = [];
    const add = (name: string, expression: Expression): void => {
      columns.push({ name, type: expression.type });
      expressions.push(expression);
    };
    for (const item of items) {
      if (item.kind === 'star') {
        if (item.table && item.table.text !== source.alias) fail('unknown-table', item.table.span, `there is no table ${item.table.text} here`);
        source.star().forEach((expression, index) => add(source.names[index] as string, expression));
      } else add(item.alias?.text ?? nameOf(item.expression, columns.length), binder.expression(item.expression, scope));
    }
    return { node: { kind: 'project', input, expressions, columns }, columns };
  }
  function aggregate(select: Select, from: Extract<Relation, { kind: 'window' }>): Bound {
    const source = relation(from.input);
    const time = source.scope.resolve([from.timeColumn]) ?? fail('unknown-column', from.timeColumn.span, `there is no column ${from.timeColumn.text}`, suggestion(from.timeColumn.text, source.names));
    if (!isTimestamp(time.type) || time.type.attribute !== 'event' || time.kind !== 'column') {
      return fail('time-attribute', from.timeColumn.span, `${from.timeColumn.text} is not an event time attribute`, `declare WATERMARK FOR ${from.timeColumn.text} in the table`);
    }
    const sizeMs = milliseconds(from.size);
    const offsetMs = from.offset ? milliseconds(from.offset) : 0;
    if (sizeMs <= 0) fail('window', from.size.span, 'a window needs a size above zero');
    const input = filtered(source, select.where);
    const groups = select.groupBy ?? [];
    const isWindow = (syntax: Syntax, name: string): boolean => syntax.kind === 'name' && syntax.parts.at(-1)?.text === name;
    if (!groups.some((group) => isWindow(group, 'window_start')) || !groups.some((group) => isWindow(group, 'window_end'))) {
      fail('window', select.span, 'a windowed query groups by window_start and window_end', 'add GROUP BY window_start, window_end');
    }
    const keySyntax = groups.filter((group) => !['window_start', 'window_end', 'window_time'].some((name) => isWindow(group, name)));
    const keys = keySyntax.map((syntax) => binder.expression(syntax, noAggregates(source.scope)));
    const calls: AggregateCall[] = [];
    const columns: Column[] = keys.map(({ type }, index) => ({ name: nameOf(keySyntax[index] as Syntax, index), type }));
    const node: Extract<Node, { kind: 'windowAggregate' }> & { columns: Column[] } = {
      kind: 'windowAggregate', input, window: { kind: 'tumble', timeColumn: time.index, sizeMs, offsetMs }, keys, aggregates: calls, columns,
    };
    const timestamp: SqlType = { name: 'TIMESTAMP', precision: 3, isNullable: false };
    const windowColumns: Column[] = [
      { name: 'window_start', type: timestamp }, { name: 'window_end', type: timestamp },
      { name: 'window_time', type: { ...time.type, isNullable: false } },
    ];
    const pending: { index: number; window: number }[] = [];
    const scope: Scope = {
      names: () => [...source.names, ...windowColumns.map(({ name }) => name)],
      resolve: (parts) => (source.scope.resolve(parts) ? fail('ungrouped', spanOf(parts), `${parts.at(-1)?.text} is neither grouped nor aggregated`, `add it to GROUP BY, or write MAX(${parts.at(-1)?.text})`) : undefined),
      intercept(syntax) {
        const window = windowColumns.findIndex(({ name }) => isWindow(syntax, name));
        if (window >= 0) {
          const column = { kind: 'column' as const, index: -1, type: (windowColumns[window] as Column).type, span: syntax.span };
          pending.push({ index: -1, window });
          return windowReference(column, window);
        }
        const key = keySyntax.findIndex((candidate) => sameSyntax(candidate, syntax) || sameColumn(candidate, syntax, source.scope));
        if (key >= 0) return { kind: 'column', index: key, type: (keys[key] as Expression).type, span: syntax.span };
        if (!isAggregate(syntax)) return undefined;
        const call = aggregateCall(syntax, source.scope);
        const known = calls.findIndex((other) => sameCall(other, call));
        const index = known >= 0 ? known : calls.push(call) - 1;
        return { kind: 'column', index: keys.length + index, type: call.type, span: syntax.span };
      },
    };
    const bound = project(select.items, source, node, scope);
    const condition = select.having && binder.expression(select.having, scope);
    calls.forEach((call, index) => columns.push({ name: `${call.name}_${index}`, type: call.type }));
    columns.push(...windowColumns);
    const settle = (expression: Expression): Expression => settled(expression, keys.length + calls.length);
    const top: Node = condition ? { kind: 'filter', input: node, condition: settle(condition), columns } : node;
    const project_ = bound.node as Extract<Node, { kind: 'project' }>;
    return { node: { ...project_, input: top, expressions: project_.expressions.map(settle) }, columns: bound.columns };
  }
  function aggregateCall(syntax: Extract<Syntax, { kind: 'call' }>, scope: Scope): AggregateCall {
    const name = syntax.name.text.toLowerCase() as AggregateName;
    if (syntax.isDistinct) fail('unsupported', syntax.span, 'DISTINCT in an aggregate is not supported yet');
    if (!syntax.isStar && syntax.args.length !== 1) fail('type', syntax.span, `${syntax.name.text} takes one argument`);
    const inner = noAggregates(scope);
    const argument = syntax.isStar ? undefined : binder.expression(syntax.args[0] as Syntax, inner);
    const filter = syntax.filter && binder.expression(syntax.filter, inner);
    const type = aggregateType(name, argument?.type, filter !== undefined) ?? fail('type', syntax.span, `${syntax.name.text} does not take this argument`);
    const isPlainCount = name === 'count' && argument && !argument.type.isNullable;
    return { name, argument: isPlainCount ? undefined : argument, filter, type, span: syntax.span };
  }
  function milliseconds(syntax: Syntax): number {
    const sign = syntax.kind === 'unary' && syntax.operator === '-' ? -1 : 1;
    const interval = syntax.kind === 'unary' ? syntax.operand : syntax;
    const ms = interval.kind === 'interval' ? intervalMs(interval) : undefined;
    return ms === undefined ? fail('window', syntax.span, 'a window needs an interval of constant length', "write INTERVAL '10' SECOND") : sign * ms;
  }
  function select(query: Select): Bound {
    if (!query.from) return fail('unsupported', query.span, 'SELECT without FROM is not supported yet', 'select from a table');
    if (query.from.kind === 'window') return aggregate(query, query.from);
    const aggregated = query.groupBy ?? query.having;
    if (aggregated || query.items.some((item) => item.kind === 'expression' && hasAggregate(item.expression))) {
      return fail('unsupported', query.span, 'aggregation without a window is not supported yet', "aggregate in a window: FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) … GROUP BY window_start, window_end");
    }
    const source = relation(query.from);
    return project(query.items, source, filtered(source, query.where), source.scope);
  }
  function query(syntax: Query): Bound {
    const outer = named;
    for (const { name, query: inner, columns } of syntax.with) named = [...named, { name: name.text, bound: renamed(query(inner), columns) }];
    try { return select(syntax.select); } finally { named = outer; }
  }
  return { query };
}

/** The same rows under other column names. */
export function renamed(bound: Bound, names: readonly Identifier[]): Bound {
  return { node: bound.node, columns: bound.columns.map((column, index) => ({ ...column, name: names[index]?.text ?? column.name })) };
}

/** Window columns stand behind the aggregates, whose number is known only at the end: -1, -2, -3 until then. */
function windowReference(column: Extract<Expression, { kind: 'column' }>, window: number): Expression { return { ...column, index: -1 - window }; }

function settled(expression: Expression, first: number): Expression {
  const settle = (inner: Expression): Expression => settled(inner, first);
  switch (expression.kind) {
    case 'column': return expression.index < 0 ? { ...expression, index: first - 1 - expression.index } : expression;
    case 'literal': return expression;
    case 'call': return { ...expression, args: expression.args.map(settle) };
    case 'case': return { ...expression, branches: expression.branches.map(({ when, then }) => ({ when: settle(when), then: settle(then) })), otherwise: settle(expression.otherwise) };
    case 'cast': return { ...expression, input: settle(expression.input) };
    default: {
      const unreachable: never = expression;
      return unreachable;
    }
  }
}

function spanOf(parts: readonly Identifier[]): Span { return { start: parts[0]?.span.start ?? 0, end: parts.at(-1)?.span.end ?? 0 }; }
function isAggregate(syntax: Syntax): syntax is Extract<Syntax, { kind: 'call' }> { return syntax.kind === 'call' && AGGREGATES.has(syntax.name.text.toUpperCase()); }
function nameOf(syntax: Syntax, index: number): string { return syntax.kind === 'name' ? syntax.parts.at(-1)?.text ?? '' : `EXPR$${index}`; }
const withoutSpans = (value: unknown): string => JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : typeof part === 'bigint' ? `${part}n` : part));
function sameSyntax(a: Syntax, b: Syntax): boolean { return a.kind === b.kind && withoutSpans(a) === withoutSpans(b); }
function sameColumn(a: Syntax, b: Syntax, scope: Scope): boolean {
  if (a.kind !== 'name' || b.kind !== 'name') return false;
  const [left, right] = [scope.resolve(a.parts), scope.resolve(b.parts)];
  return left !== undefined && right !== undefined && withoutSpans(left) === withoutSpans(right);
}
function sameCall(a: AggregateCall, b: AggregateCall): boolean { return withoutSpans(a) === withoutSpans(b); }
function hasAggregate(syntax: Syntax): boolean { return isAggregate(syntax) || /"kind":"call","name":\{"text":"(?:count|sum|min|max|avg)"/i.test(withoutSpans(syntax)); }
