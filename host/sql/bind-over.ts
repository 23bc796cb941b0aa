/** OVER: calls of one window become one node; ranks wait for the condition that bounds them. */
import { AGGREGATES } from '../plan/aggregates.ts';
import { FUNCTIONS_OF_FLINK } from '../plan/functions.ts';
import type { AggregateCall, Column, Expression, Node, OrderKey, OverNode, RankFunction } from '../plan/nodes.ts';
import { isInteger } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindAggregate } from './bind-aggregate-call.ts';
import { bindExpression, castTo, type Environment } from './bind-expression.ts';
import { withColumns } from './bind-join.ts';
import { orderKey } from './bind-order.ts';
import { pendingRank } from './bind-rank.ts';
import type { Stage } from './bind-select.ts';
import { made, type Bound, type Job } from './job.ts';
import { intervalLiteral, literal } from './literals.ts';
import type { Call, Over, Select, SortItem, Syntax } from './syntax.ts';
import { fingerprint, overCallsOf } from './walk.ts';

const RANKS: Readonly<Record<string, RankFunction>> = { ROW_NUMBER: 'rowNumber', RANK: 'rank', DENSE_RANK: 'denseRank' };
/** Flink has them, but not over streams. */
const BATCH_ONLY: ReadonlySet<string> = new Set(['LEAD', 'NTILE', 'PERCENT_RANK', 'CUME_DIST']);

/** The rows with a column for each different call; above, the calls are these columns. */
export function bindOvers(job: Job, select: Select, stage: Stage, orderBy: readonly SortItem[]): Stage {
  const roots = [
    ...select.items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : [])), ...(select.qualify === undefined ? [] : [select.qualify]),
    ...orderBy.map(({ expression }) => expression),
  ];
  const calls = roots.flatMap(overCallsOf);
  if (calls.length === 0) return stage;
  const found = new Map<string, Placed | undefined>();
  const builder: Builder = { job, environment: stage.environment, windows: select.windows, node: stage.node, open: undefined };
  for (const syntax of calls) {
    const print = fingerprint(syntax);
    if (!found.has(print)) found.set(print, bindOverCall(builder, syntax));
  }
  const environment: Environment = {
    ...stage.environment,
    intercept: (syntax) => {
      if (syntax.kind !== 'call' || syntax.over === undefined) return stage.environment.intercept?.(syntax);
      const place = found.get(fingerprint(syntax));
      const bound: Bound = place && { kind: 'column', index: place.index, type: place.computed, span: syntax.span };
      return { bound: bound && place && castTo(bound, place.type) };
    },
  };
  const isRight = ![...found.values()].includes(undefined);
  return { node: isRight ? closed(builder) : undefined, environment };
}

/** Where a call's answer is, what it is computed in, and the type it has. */
interface Placed { readonly index: number; readonly computed: SqlType; readonly type: SqlType }

interface Builder {
  readonly job: Job;
  readonly environment: Environment;
  readonly windows: Select['windows'];
  node: Node | undefined;
  /** The window whose calls are collected; the node for it is made when they are complete. */
  open: OpenWindow | undefined;
}

interface OpenWindow extends Omit<OverNode, 'kind' | 'input' | 'columns' | 'aggregates'> {
  readonly print: string;
  readonly aggregates: AggregateCall[];
  readonly span: Over['span'];
}

function closed(builder: Builder): Node | undefined {
  const { open, node, job } = builder;
  if (open === undefined || node === undefined) return node;
  const { span, partition, time, timeColumn, frame, aggregates } = open;
  const columns = [...node.columns, ...open.aggregates.map((one, index): Column => ({ name: `${one.name}_${index}`, type: one.type }))];
  builder.node = made(job, { kind: 'over', input: node, partition, time, timeColumn, frame, aggregates, columns } as const, span);
  builder.open = undefined;
  return builder.node;
}

function bindOverCall(builder: Builder, syntax: Call): Placed | undefined {
  const { job } = builder;
  const name = syntax.name.text.toUpperCase();
  const over = resolved(builder, syntax.over as Over);
  const window = over && bindWindow(builder, over);
  if (syntax.filter !== undefined) {
    job.report('syntax', syntax.filter.span, 'FILTER and OVER do not go together', `write ${name}(CASE WHEN … THEN … END) OVER …`);
    return undefined;
  }
  if (BATCH_ONLY.has(name)) {
    job.report('unsupported', syntax.name.span, `${name} looks at rows that are still to come`, name === 'LEAD' ? 'use LAG, which looks back' : undefined);
    return undefined;
  }
  const rank = RANKS[name];
  if (rank !== undefined) return over && window && bindRank(builder, syntax, { rank, over, window });
  const isAggregate = AGGREGATES.has(name);
  if (!isAggregate && name !== 'LAG') {
    const isOfFlink = FUNCTIONS_OF_FLINK.has(name);
    job.report(
      isOfFlink ? 'unsupported' : 'unknown-function', syntax.name.span,
      isOfFlink ? `${name} with OVER is not supported yet` : `${name} does not stand with OVER`,
      'aggregates, ROW_NUMBER, RANK, DENSE_RANK and LAG do',
    );
    return undefined;
  }
  const frame = over && bindFrame(job, over, name === 'LAG');
  const time = over && window && bindTime(job, over, window);
  const scope = builder.environment;
  const call = isAggregate ? bindAggregate(syntax, scope, frame?.preceding !== undefined) : bindLag(syntax, scope);
  if (over === undefined || window === undefined || frame === undefined || time === undefined || call === undefined) return undefined;
  const print = fingerprint([window.partition, window.order, frame]);
  if (builder.open?.print !== print) {
    closed(builder);
    const columns = place(builder, [...window.partition, ...window.order]);
    builder.open = {
      print, partition: columns.slice(0, window.partition.length), timeColumn: columns.at(-1) as number, time, frame, aggregates: [], span: over.span,
    };
  }
  const { open } = builder;
  const index = (builder.node?.columns.length ?? 0) + open.aggregates.push(call.call) - 1;
  return { index, computed: call.call.type, type: call.type };
}

/** Columns of the rows so far for these expressions. */
function place(builder: Builder, expressions: readonly Expression[]): readonly number[] {
  if (builder.node === undefined) return expressions.map(() => 0);
  const { node, columns } = withColumns(builder.node, expressions);
  builder.node = node;
  return columns;
}

// ---------------------------------------------------------------------------------------------------------------- windows

/** The window with what it takes over from a named one. */
function resolved(builder: Builder, over: Over, depth = 0): Over | undefined {
  const { base } = over;
  if (base === undefined) return over;
  const { job, windows } = builder;
  const found = windows.find(({ name }) => name.text === base.text);
  const inner = found && depth <= windows.length ? resolved(builder, found.over, depth + 1) : undefined;
  if (inner === undefined) {
    const names = windows.map(({ name }) => name.text);
    if (found === undefined) job.report(
      'unknown-window', base.span, `there is no window ${base.text}`,
      names.length === 0 ? `write WINDOW ${base.text} AS (PARTITION BY … ORDER BY …)` : `there are ${names.join(', ')}`,
    );
    return undefined;
  }
  return {
    base: undefined, span: over.span, frame: over.frame ?? inner.frame,
    partitionBy: over.partitionBy.length > 0 ? over.partitionBy : inner.partitionBy, orderBy: over.orderBy.length > 0 ? over.orderBy : inner.orderBy,
  };
}

interface Window { readonly partition: readonly Expression[]; readonly order: readonly Expression[]; readonly items: readonly SortItem[] }

function bindWindow({ environment }: Builder, { partitionBy, orderBy }: Over): Window | undefined {
  const inner: Environment = { ...environment, aggregateProblem: 'it cannot stand here' };
  const partition = partitionBy.map((one) => bindExpression(one, inner));
  const order = orderBy.map((one) => bindExpression(one.expression, inner));
  if (partition.includes(undefined) || order.includes(undefined)) return undefined;
  return { partition: partition as readonly Expression[], order: order as readonly Expression[], items: orderBy };
}

/** The time attribute that the rows are ordered by. */
function bindTime(job: Job, { span, orderBy }: Over, { order }: Window): 'event' | 'arrival' | undefined {
  const [first] = order;
  if (first === undefined) {
    job.report('over', span, 'OVER needs the order of time: a stream has no end to wait for', 'write OVER (PARTITION BY k ORDER BY at)');
    return undefined;
  }
  const attribute = 'attribute' in first.type ? first.type.attribute : undefined;
  if (orderBy[0]?.isDescending === true) {
    job.report('over', first.span, 'OVER goes forward in time', 'leave DESC out');
    return undefined;
  }
  if (attribute !== undefined && order.length === 1) return attribute;
  job.report(
    'unsupported', first.span, 'OVER in an order that is not an event time alone is not supported yet',
    'ORDER BY one column with WATERMARK FOR, as it is',
  );
  return undefined;
}

function bindFrame(job: Job, { frame }: Over, isLag: boolean): OverNode['frame'] | undefined {
  if (frame === undefined) return { unit: 'range', preceding: undefined };
  if (isLag) {
    job.report('syntax', frame.span, 'LAG takes no frame: it says itself how many rows it looks back', 'leave the frame out');
    return undefined;
  }
  const { start, end, unit } = frame;
  if (end.kind !== 'current' || start.kind === 'following') {
    job.report('unsupported', frame.span, 'a frame that does not end at the current row is not supported', 'write BETWEEN … PRECEDING AND CURRENT ROW');
    return undefined;
  }
  const kind = unit === 'ROWS' ? 'rows' : 'range';
  if (start.kind === 'current') return { unit: kind, preceding: 0 };
  if (start.amount === undefined) return { unit: kind, preceding: undefined };
  const amount = kind === 'rows' ? rowCount(start.amount) : intervalMs(job, start.amount);
  if (amount !== undefined) return { unit: kind, preceding: amount };
  const form = kind === 'rows' ? 'ROWS BETWEEN 9 PRECEDING AND CURRENT ROW' : "RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW";
  job.report('over', start.span, kind === 'rows' ? 'ROWS takes a whole number of rows' : 'RANGE takes an interval of time', `write ${form}`);
  return undefined;
}

function rowCount(syntax: Syntax): number | undefined {
  return syntax.kind === 'number' && /^\d{1,9}$/.test(syntax.text) ? Number(syntax.text) : undefined;
}

function intervalMs(job: Job, syntax: Syntax): number | undefined {
  const bound = syntax.kind === 'interval' ? intervalLiteral(syntax, job.report) : undefined;
  return bound?.type.name === 'INTERVAL' && bound.type.unit === 'ms' ? Number(bound.value) : undefined;
}

// ------------------------------------------------------------------------------------------------------------------ calls

function bindRank(
  builder: Builder, syntax: Call, { rank, over, window }: { readonly rank: RankFunction; readonly over: Over; readonly window: Window },
): Placed | undefined {
  const { job } = builder;
  const name = syntax.name.text.toUpperCase();
  if (syntax.args.length > 0 || syntax.isStar) {
    job.report('arguments', syntax.span, `${name} takes no arguments`, `write ${name}()`);
    return undefined;
  }
  if (over.orderBy.length === 0) {
    job.report('over', over.span, `${name} needs an order`, 'write OVER (PARTITION BY k ORDER BY v DESC)');
    return undefined;
  }
  if (over.frame !== undefined) {
    job.report('syntax', over.frame.span, `${name} takes no frame`, 'leave the frame out');
    return undefined;
  }
  const input = closed(builder);
  const columns = place(builder, [...window.partition, ...window.order]);
  const number: SqlType = { name: 'BIGINT', isNullable: false };
  if (input === undefined || builder.node === undefined) return { index: 0, computed: number, type: number };
  const order = window.items.map((item, index): OrderKey => orderKey(item, columns[window.partition.length + index] as number));
  builder.node = pendingRank(job, builder.node, { function: rank, partition: columns.slice(0, window.partition.length), order }, syntax.span);
  return { index: builder.node.columns.length - 1, computed: number, type: number };
}

interface BoundCall { readonly call: AggregateCall; readonly type: SqlType }

/** LAG(value [, rows back [, value where there is none]]) */
function bindLag(syntax: Call, environment: Environment): BoundCall | undefined {
  const { report } = environment;
  const args = syntax.args.map((arg) => bindExpression(arg, environment));
  if (args.length < 1 || args.length > 3) {
    report('arguments', syntax.span, `LAG takes 1 to 3 arguments, not ${args.length}`);
    return undefined;
  }
  if (args.includes(undefined)) return undefined;
  const [value, back, otherwise] = args as [Expression, Expression?, Expression?];
  if (back !== undefined && (back.kind !== 'literal' || !isInteger(back.type) || Number(back.value) < 0)) {
    report('type', back.span, 'LAG looks back a fixed number of rows', 'write LAG(v, 2)');
    return undefined;
  }
  const isNullable = value.type.isNullable || (otherwise?.type.isNullable ?? true);
  const type = { ...value.type, isNullable } as SqlType;
  const rows = literal(back?.kind === 'literal' ? back.value : 1n, { name: 'BIGINT', isNullable: false }, syntax.span);
  const given = otherwise === undefined ? literal(null, { ...value.type, isNullable: true } as SqlType, syntax.span) : castTo(otherwise, value.type);
  return { call: { name: 'lag', args: [value, rows, given], isDistinct: false, filter: undefined, type, span: syntax.span }, type };
}
