/** GROUP BY: keys and aggregates become one node, of a window where the keys name one; what stands above reads its row. */
import { isUniqueBy } from '../plan/changelog.ts';
import { columnsOf, conjuncts, mapColumns } from '../plan/columns.ts';
import type { AggregateCall, Column, Expression, Node, Span } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { windowColumnsOf } from '../plan/windows.ts';
import { bindAggregates, type Aggregates } from './bind-aggregate.ts';
import { bindCondition, bindExpression, call, castTo, type Environment } from './bind-expression.ts';
import { withoutAttribute } from './bind-join.ts';
import { columnOf, filterNode } from './bind-rank.ts';
import type { Stage } from './bind-select.ts';
import { made, type Bound, type Job } from './job.ts';
import { literal } from './literals.ts';
import { resolve, type Scope } from './scope.ts';
import type { Call, Select, SortItem, Syntax } from './syntax.ts';
import { unwindowed } from './unwindow.ts';
import { children, fingerprint } from './walk.ts';

interface Groups {
  /** Each different key once; undefined for one with a problem. */
  readonly keys: readonly Bound[];
  readonly syntax: readonly Syntax[];
  readonly sets: readonly (readonly boolean[])[];
}

export function bindAggregation(
  job: Job, select: Select, stage: Stage, { orderBy, ttlMs }: { readonly orderBy: readonly SortItem[]; readonly ttlMs: number | undefined },
): Stage | undefined {
  const { scope } = stage.environment;
  const groups = bindGroups(job, select, scope);
  if (stage.node !== undefined && !checkWindow(job, select, groups, stage.node, scope)) return undefined;
  const roots = [
    ...select.items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : [])), ...(select.having === undefined ? [] : [select.having]),
    ...(select.qualify === undefined ? [] : [select.qualify]), ...orderBy.map(({ expression }) => expression),
  ];
  const aggregates = bindAggregates(job, roots, scope, groups.keys.length === 0);
  const isRight = !groups.keys.includes(undefined) && !aggregates.bound.includes(undefined);
  const keys = groups.keys.map((key) => key ?? literal(null, { name: 'NULL', isNullable: true }, select.span));
  const calls = aggregates.bound.map((one) => one?.call ?? nothing(select.span));
  const input = stage.node ?? { kind: 'values', rows: [], columns: [] } as const;
  const names = groups.syntax.map(keyName);
  const span = select.groupBy?.span ?? select.having?.span ?? calls[0]?.span ?? select.span;
  const output = isRight && stage.node !== undefined
    ? aggregateNode(job, input, { keys, names, calls, sets: groups.sets, ttlMs }, span) : undefined;
  const environment = outerEnvironment(job, scope, groups, aggregates, output ?? placeholder(keys, calls));
  const having = select.having && bindCondition(select.having, environment, 'HAVING');
  const isFiltered = select.having === undefined || having !== undefined;
  const node = output === undefined || !isFiltered ? undefined
    : having === undefined ? output.node : filterNode(job, output.node, conjuncts(having), select.having?.span ?? span);
  return { node, environment };
}

/** Stands for an aggregate with a problem. */
function nothing(span: Span): AggregateCall { return { name: 'count', args: [], isDistinct: false, filter: undefined, type: BIGINT, span }; }

function keyName(syntax: Syntax, index: number): string {
  return syntax.kind === 'name' ? syntax.parts.at(-1)?.text as string : `key_${index}`;
}

function bindGroups(job: Job, { groupBy }: Select, scope: Scope): Groups {
  const environment: Environment = { scope, report: job.report, aggregateProblem: 'GROUP BY sees single rows' };
  const syntax = groupBy?.keys ?? [];
  const keys = syntax.map((group) => {
    if (group.kind !== 'number') return bindExpression(group, environment);
    job.report('type', group.span, 'GROUP BY takes columns and expressions, not their numbers', 'write the column');
    return undefined;
  });
  return { keys, syntax, sets: groupBy?.sets ?? [[]] };
}

/** Rows of a window that are grouped by half of it: says so instead of grouping them forever. @returns false: reported */
function checkWindow(job: Job, { groupBy, span }: Select, { keys }: Groups, node: Node, scope: Scope): boolean {
  const windows = windowColumnsOf(node);
  if (windows === undefined || windows.starts.size === 0 || windows.ends.size === 0) return true;
  const has = (columns: ReadonlySet<number>): boolean => keys.some((key) => key?.kind === 'column' && columns.has(key.index));
  const nameOf = (columns: ReadonlySet<number>): string => (
    scope.fields.find(({ place }) => place.kind === 'column' && columns.has(place.index))?.name ?? 'the window'
  );
  const missing = [windows.starts, windows.ends].filter((columns) => !has(columns)).map(nameOf);
  if (missing.length === 0) return true;
  const at = groupBy?.keys.at(-1)?.span ?? groupBy?.span ?? span;
  const remedy = groupBy === undefined ? `add GROUP BY ${missing.join(', ')}` : `add ${missing.join(', ')} to GROUP BY`;
  const isCompiled = job.features.has('groupAggregate');
  const report = isCompiled ? job.warn : job.report;
  report('window-group', at, `GROUP BY lacks ${missing.join(' and ')}: ${isCompiled ? 'the groups never end' : 'only windows can be aggregated'}`, remedy);
  return isCompiled;
}

// ------------------------------------------------------------------------------------------------------------- the node

interface Grouping {
  readonly keys: readonly Expression[];
  readonly names: readonly string[];
  readonly calls: readonly AggregateCall[];
  readonly ttlMs?: number | undefined;
}

interface Grouped {
  readonly node: Node;
  /** Where each key and each aggregate is. */
  readonly keyAt: readonly number[];
  readonly callAt: readonly number[];
  /** `$grouping`, and the bit that each key has in it; undefined without grouping sets, or for keys in all sets. */
  readonly grouping: number | undefined;
  readonly bits: readonly (number | undefined)[];
}

function placeholder(keys: readonly Expression[], calls: readonly AggregateCall[]): Grouped {
  const columns = [...keys, ...calls].map(({ type }, index): Column => ({ name: `$${index}`, type }));
  const node: Node = { kind: 'values', rows: [], columns };
  return {
    node, keyAt: keys.map((_, index) => index), callAt: calls.map((_, index) => keys.length + index), grouping: undefined, bits: keys.map(() => undefined),
  };
}

function aggregateNode(
  job: Job, input: Node, { keys, names, calls, sets, ttlMs }: Grouping & { readonly sets: readonly (readonly boolean[])[] }, span: Span,
): Grouped {
  const isExpanded = keys.map((_, index) => sets.some((set) => set[index] === false));
  const expanded = isExpanded.flatMap((is, index) => (is ? [index] : []));
  if (expanded.length === 0) {
    const grouped = groupedNode(job, input, { keys, names, calls, ttlMs }, span);
    return { ...grouped, grouping: undefined, bits: keys.map(() => undefined) };
  }
  const distinct = new Set(sets.map((set) => expanded.map((index) => set[index] === true).join()));
  if (distinct.size < sets.length) job.report('unsupported', span, 'the same grouping set twice is not supported yet', 'name each set once');
  const count = expanded.length;
  const front = expanded.map((index) => keys[index] as Expression);
  const rows: Node = {
    kind: 'project', input, expressions: [...front, ...input.columns.map(({ type }, index) => columnOf(index, type))],
    columns: [...front.map(({ type }, index) => ({ name: names[expanded[index] as number] as string, type })), ...input.columns],
  };
  const columns = rows.columns.map((column, index): Column => (index < count ? { ...column, type: { ...column.type, isNullable: true } as SqlType } : column));
  const node = made(job, {
    kind: 'expand', input: rows, sets: sets.map((set) => expanded.map((index) => set[index] === true)), columns: [
      ...columns, { name: '$grouping', type: BIGINT },
    ],
  } as const, span);
  const move = (one: Expression): Expression => mapColumns(one, (column) => ({ ...column, index: column.index + count }));
  const moved = calls.map((one) => ({
    ...one, args: one.args.map(move), filter: one.filter && move(one.filter),
  }));
  const inner = keys.map((key, index) => {
    const at = expanded.indexOf(index);
    return at === -1 ? move(key) : columnOf(at, (columns[at] as Column).type);
  });
  const grouped = groupedNode(job, node, {
    keys: [...inner, columnOf(columns.length, BIGINT)], names: [...names, '$grouping'], calls: moved, ttlMs,
  }, span);
  return {
    ...grouped, grouping: grouped.keyAt[keys.length] as number,
    bits: keys.map((_, index) => (expanded.includes(index) ? count - 1 - expanded.indexOf(index) : undefined)),
  };
}

const BIGINT: SqlType = { name: 'BIGINT', isNullable: false };

/** An aggregation of a window where the keys name its start and end, else of groups that never end. */
function groupedNode(job: Job, input: Node, grouping: Grouping, span: Span): Pick<Grouped, 'node' | 'keyAt' | 'callAt'> {
  const { keys, names, calls } = grouping;
  const windows = windowColumnsOf(input);
  const isIn = (key: Expression, columns: ReadonlySet<number> | undefined): boolean => key.kind === 'column' && columns?.has(key.index) === true;
  const start = keys.find((key) => isIn(key, windows?.starts));
  const end = keys.find((key) => isIn(key, windows?.ends));
  const plain = keys.map((_, index) => index).filter((index) => {
    const key = keys[index] as Expression;
    return !isIn(key, windows?.starts) && !isIn(key, windows?.ends) && !isIn(key, windows?.times);
  });
  const own = { keys: plain.map((index) => keys[index] as Expression), names: plain.map((index) => names[index] as string), calls };
  const source = windows === undefined || start?.kind !== 'column' || end?.kind !== 'column' ? undefined
    : windowSource(input, own, { startColumn: start.index, endColumn: end.index });
  if (windows === undefined || source === undefined) {
    return { node: groupNode(job, input, grouping, span), keyAt: keys.map((_, index) => index), callAt: calls.map((_, index) => keys.length + index) };
  }
  const first = own.keys.length + calls.length;
  const timestamp: SqlType = { name: 'TIMESTAMP', precision: 3, isNullable: false };
  const columns: readonly Column[] = [
    ...own.keys.map((key, index) => ({ name: own.names[index] as string, type: key.type })), ...calls.map(
      (one, index) => ({ name: `${one.name}_${index}`, type: one.type }),
    ),
    { name: 'window_start', type: timestamp }, { name: 'window_end', type: timestamp }, { name: 'window_time', type: windows.timeType },
  ];
  const { origin, ...parts } = source;
  const node = made(job, { kind: 'windowAggregate', ...parts, columns } as const, (origin && job.places.get(origin)) ?? span);
  const keyAt = keys.map((key, index) => {
    if (isIn(key, windows.starts)) return first;
    if (isIn(key, windows.ends)) return first + 1;
    return isIn(key, windows.times) ? first + 2 : plain.indexOf(index);
  });
  return { node, keyAt, callAt: calls.map((_, index) => own.keys.length + index) };
}

type WindowSource = Pick<Extract<Node, { kind: 'windowAggregate' }>, 'input' | 'window' | 'keys' | 'aggregates'> & { readonly origin?: Node };

/**
 * The aggregation over the rows before they got their windows, so that each window is one pane; over rows with windows where
 * something between reads them. undefined: a session whose rows are not grouped by its own keys, which Flink groups forever.
 */
function windowSource(
  input: Node, { keys, calls }: Pick<Grouping, 'keys' | 'calls'>, attached: { readonly startColumn: number; readonly endColumn: number },
): WindowSource | undefined {
  const below = unwindowed(input);
  if (below === undefined) return { input, window: { kind: 'attached', ...attached }, keys, aggregates: calls };
  const { window } = below;
  const place = (index: number): number => below.place.get(index) ?? -1;
  if (window.kind === 'session') {
    const columns = keys.map((key) => (key.kind === 'column' ? place(key.index) : -1));
    const isSame = columns.length === window.partition.length && window.partition.every((column) => columns.includes(column));
    if (!isSame) return undefined;
  }
  const readsWindow = (one: Expression | undefined): boolean => one !== undefined && columnsOf(one).some((column) => !below.place.has(column));
  const isAttached = keys.some(readsWindow) || calls.some((one) => [...one.args, one.filter].some(readsWindow));
  if (isAttached) return { input, window: { kind: 'attached', ...attached }, keys, aggregates: calls };
  const move = (one: Expression): Expression => mapColumns(one, (column) => ({ ...column, index: place(column.index) }));
  const aggregates = calls.map((one) => ({
    ...one, args: one.args.map(move), filter: one.filter && move(one.filter),
  }));
  return { input: below.node, window, keys: keys.map(move), aggregates, origin: below.origin };
}

/** Groups that never end. */
export function groupNode(job: Job, input: Node, { keys, names, calls, ttlMs }: Grouping, span: Span): Node {
  const columns: readonly Column[] = [
    ...keys.map((key, index) => ({ name: names[index] as string, type: withoutAttribute(key.type) })),
    ...calls.map((one, index) => ({ name: `${one.name}_${index}`, type: one.type })),
  ];
  return made(job, { kind: 'groupAggregate', input, keys, aggregates: calls, columns, ...ttlMs === undefined ? {} : { ttlMs } } as const, span);
}

/** SELECT DISTINCT: each combination of all columns once; once a window where the columns name one; as it is where no row comes twice. */
export function distinctNode(job: Job, input: Node, span: Span, ttlMs?: number): Node {
  const keys = input.columns.map(({ type }, index) => columnOf(index, type));
  if (isUniqueBy(input, keys.keys())) return input;
  const { node, keyAt } = groupedNode(job, input, { keys, names: input.columns.map(({ name }) => name), calls: [], ttlMs }, span);
  if (node.kind === 'groupAggregate') return node;
  return {
    kind: 'project', input: node, expressions: keyAt.map((at) => columnOf(at, (node.columns[at] as Column).type)),
    columns: keyAt.map((at, index) => ({ name: (input.columns[index] as Column).name, type: (node.columns[at] as Column).type })),
  };
}

// ----------------------------------------------------------------------------------------------------------- what it gives

/** Above the aggregation: group keys and aggregates are columns; all else must be made of them. */
function outerEnvironment(job: Job, scope: Scope, groups: Groups, { bound: aggregates, index }: Aggregates, output: Grouped): Environment {
  const keys = new Map(groups.keys.map((key, at) => [key && fingerprint(key), at]));
  const hasComputedKeys = groups.syntax.some((syntax) => syntax.kind !== 'name');
  const column = (at: number, syntax: Syntax): { bound: Bound } => (
    { bound: { kind: 'column', index: at, type: (output.node.columns[at] as Column).type, span: syntax.span } }
  );
  const quiet: Environment = { scope, report: () => undefined, aggregateProblem: '' };
  const keyOf = (syntax: Syntax): number | undefined => {
    const bound = bindExpression(syntax, quiet);
    return bound && keys.get(fingerprint(bound));
  };
  const intercept = (syntax: Syntax): { bound: Bound } | undefined => {
    if (syntax.kind === 'call' && index.has(syntax)) {
      const at = index.get(syntax) as number;
      const found = aggregates[at];
      const answer = column(output.callAt[at] as number, syntax).bound;
      return { bound: found && answer && castTo(answer, found.type) };
    }
    if (syntax.kind === 'call' && /^GROUPING(_ID)?$/i.test(syntax.name.text)) return { bound: bindGrouping(job, syntax, output, keyOf) };
    if (syntax.kind !== 'name') {
      const at = hasComputedKeys && children(syntax).length > 0 ? keyOf(syntax) : undefined;
      return at === undefined ? undefined : column(output.keyAt[at] as number, syntax);
    }
    const field = resolve(scope, syntax, job.report);
    if (field === undefined || field.place.kind === 'broken') return { bound: undefined };
    const at = keyOf(syntax);
    if (at !== undefined) return column(output.keyAt[at] as number, syntax);
    if (groups.keys.includes(undefined)) return { bound: undefined }; // a broken key may be the one meant
    const isRow = field.place.kind === 'row';
    const isWindow = /^window_(start|end|time)$/.test(field.name);
    if (isRow) job.report('unsupported', syntax.span, `${field.name} is a ROW, and whole ROWs are not supported yet`, 'name its fields');
    else if (isWindow) job.report('ungrouped', syntax.span, `${field.name} is not in GROUP BY`, `add ${field.name} to GROUP BY`);
    else job.report('ungrouped', syntax.span, `${field.name} is neither in GROUP BY nor aggregated`, `add it to GROUP BY, or write MAX(${field.name})`);
    return { bound: undefined };
  };
  return { scope, report: job.report, intercept, isGrouped: true, aggregateProblem: 'it cannot stand here' };
}

/** GROUPING(a) and GROUPING_ID(a, b, …): a bit a key, the first the highest, set where the key is not in the set of the row. */
function bindGrouping(job: Job, syntax: Call, { grouping, bits }: Grouped, keyOf: (syntax: Syntax) => number | undefined): Bound {
  const keys = syntax.args.map(keyOf);
  if (keys.length === 0 || keys.includes(undefined)) {
    const wrong = syntax.args[Math.max(0, keys.indexOf(undefined))];
    job.report('arguments', wrong?.span ?? syntax.span, `${syntax.name.text.toUpperCase()} takes keys of GROUP BY`, 'name columns that stand in GROUP BY');
    return undefined;
  }
  const number = (value: number): Expression => literal(BigInt(value), BIGINT, syntax.span);
  const parts = keys.flatMap((key, index): Expression[] => {
    const bit = bits[key as number];
    if (bit === undefined || grouping === undefined) return [];
    const all: Expression = { kind: 'column', index: grouping, type: BIGINT, span: syntax.span };
    const high = bit === 0 ? all : call('divide', [all, number(2 ** bit)], BIGINT, syntax.span);
    const flag = call('mod', [high, number(2)], BIGINT, syntax.span);
    const weight = 2 ** (keys.length - 1 - index);
    return [weight === 1 ? flag : call('times', [flag, number(weight)], BIGINT, syntax.span)];
  });
  return parts.reduce<Expression | undefined>((sum, part) => (sum === undefined ? part : call('plus', [sum, part], BIGINT, syntax.span)), undefined) ?? number(
    0,
  );
}
