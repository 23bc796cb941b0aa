/** GROUP BY over a window: keys and aggregates become a windowAggregate; what stands above them reads its output row. */
import { aggregateType } from '../plan/type-rules.ts';
import type { AggregateCall, AggregateName, Column, Expression, Node, WindowAggregateNode } from '../plan/nodes.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { bindCondition, bindExpression, type Environment } from './bind-expression.ts';
import { bindItems, projection } from './bind-query.ts';
import type { Bound, Job, PendingWindow, Relation, WindowPart } from './job.ts';
import { resolve, type Scope } from './scope.ts';
import type { Call, Select, Syntax } from './syntax.ts';
import { aggregatesOf, children, fingerprint } from './walk.ts';

export interface AggregationInput {
  readonly relation: Relation;
  readonly scope: Scope;
  /** Rows after WHERE; undefined when that has problems. */
  readonly input: Node | undefined;
  readonly window: PendingWindow;
}

const PARTS: readonly WindowPart[] = ['window_start', 'window_end', 'window_time'];

export function bindAggregation(job: Job, select: Select, from: AggregationInput): Relation | undefined {
  const groups = bindGroups(job, select, from);
  if (groups === undefined) return undefined;
  const aggregates = bindAggregates(job, select, from.scope);
  const environment = outerEnvironment(job, from.scope, groups, aggregates);
  const star = select.items.find((item) => item.kind === 'star');
  if (star !== undefined) job.report(
    'ungrouped', star.span, '* names columns that are neither grouped nor aggregated', 'name the columns',
  );
  const output = bindItems(select.items.filter((item) => item.kind !== 'star'), from.scope, environment);
  const having = select.having && bindCondition(select.having, environment, 'HAVING');
  const hasProblems = star !== undefined || groups.keys.includes(undefined) || aggregates.calls.includes(undefined);
  if (
    output === undefined || from.input === undefined || hasProblems || select.having !== undefined && having === undefined
  ) return undefined;
  const node = aggregateNode(from.input, from.window, groups, aggregates.calls as readonly AggregateCall[]);
  return projection(
    output, having === undefined ? node : { kind: 'filter', input: node, condition: having, columns: node.columns },
  );
}

interface Groups {
  readonly keys: readonly Bound[];
  readonly syntax: readonly Syntax[];
  /** Parts of the window that GROUP BY names. */
  readonly parts: ReadonlySet<WindowPart>;
}

/** Names as in a name syntax that stands for a part of the window. */
function windowPart(syntax: Syntax, scope: Scope): WindowPart | undefined {
  if (syntax.kind !== 'name') return undefined;
  const place = resolve(scope, syntax, () => undefined)?.place;
  return place?.kind === 'window' ? place.part : undefined;
}

function bindGroups(
  job: Job, { groupBy, items, span }: Select, { scope, window }: AggregationInput,
): Groups | undefined {
  const written = groupBy ?? [];
  const parts = new Set(written.map((group) => windowPart(group, scope)).filter((part) => part !== undefined));
  const missing = PARTS.slice(0, 2).filter((part) => !parts.has(part));
  if (missing.length > 0) {
    const isGrouped = groupBy !== undefined;
    const last = written.at(-1)?.span;
    const isAggregating = isGrouped || items.some(
      (item) => item.kind === 'expression' && aggregatesOf(item.expression).length > 0,
    );
    const message = isAggregating
      ? `GROUP BY lacks ${missing.join(' and ')}: only windows can be aggregated`
      : 'rows of a window without GROUP BY are not supported yet';
    const remedy = isGrouped ? `add ${missing.join(', ')} to GROUP BY` : 'add GROUP BY window_start, window_end';
    job.report(
      isAggregating ? 'window-group' : 'unsupported', isGrouped ? last ?? span : isAggregating ? span : window.span,
      message, remedy,
    );
    return undefined;
  }
  const syntax = written.filter((group) => windowPart(group, scope) === undefined);
  const environment: Environment = { scope, report: job.report, aggregateProblem: 'GROUP BY sees single rows' };
  const keys = syntax.map((group) => {
    if (group.kind !== 'number') return bindExpression(group, environment);
    job.report('type', group.span, 'GROUP BY takes columns and expressions, not their numbers', 'write the column');
    return undefined;
  });
  return { keys, syntax, parts };
}

interface Aggregates {
  /** Each different call once; undefined for one with problems. */
  readonly calls: readonly (AggregateCall | undefined)[];
  readonly index: ReadonlyMap<Call, number>;
}

function bindAggregates(job: Job, { items, having }: Select, scope: Scope): Aggregates {
  const roots = [
    ...items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : [])),
    ...(having === undefined ? [] : [having])
  ];
  const calls: (AggregateCall | undefined)[] = [];
  const known = new Map<string, number>();
  const index = new Map<Call, number>();
  for (const syntax of roots.flatMap(aggregatesOf)) {
    const call = bindAggregate(job, syntax, scope);
    const print = call === undefined ? `${calls.length}` : fingerprint(call);
    index.set(syntax, known.get(print) ?? calls.length);
    if (known.has(print)) continue;
    known.set(print, calls.length);
    calls.push(call);
  }
  return { calls, index };
}

function bindAggregate(job: Job, syntax: Call, scope: Scope): AggregateCall | undefined {
  const { report } = job;
  const written = syntax.name.text.toUpperCase();
  const name = written.toLowerCase() as AggregateName;
  const environment: Environment = { scope, report, aggregateProblem: 'aggregates do not stand in each other; compute the inner one in a view' };
  const args = syntax.args.map((arg) => bindExpression(arg, environment));
  const filter = syntax.filter && bindCondition(syntax.filter, environment, 'FILTER');
  if (syntax.isDistinct) report(
    'unsupported', syntax.span, `${written}(DISTINCT …) is not supported yet`,
    'GROUP BY the column in a window of the same size',
  );
  if (syntax.isStar ? name !== 'count' : args.length !== 1) {
    const isSeveral = name === 'count' && args.length > 1;
    report(
      isSeveral ? 'unsupported' : 'arguments', syntax.span,
      isSeveral ? 'COUNT of several columns is not supported yet' : `${written} takes 1 argument, not ${syntax.isStar ? '*' : args.length}`,
    );
    return undefined;
  }
  const [argument] = args;
  if (
    args.includes(undefined) || syntax.isDistinct || syntax.filter !== undefined && filter === undefined
  ) return undefined;
  if (argument?.type.name === 'NULL') {
    report('type', argument.span, 'NULL alone has no type', 'write CAST(NULL AS INT), or another type');
    return undefined;
  }
  const type = aggregateType(name, argument?.type, filter !== undefined);
  if (
    type === undefined || argument !== undefined && name !== 'count' && (
      argument.type.name === 'BYTES' || argument.type.name === 'INTERVAL'
    )
  ) {
    const needed = name === 'sum' || name === 'avg' ? 'a number' : 'a comparable value';
    report(
      type === undefined ? 'type' : 'unsupported', syntax.span,
      `${written} needs ${needed}, and this is ${argument === undefined ? '*' : bareTypeText(argument.type)}`,
    );
    return undefined;
  }
  const isCountOfAll = name === 'count' && argument?.type.isNullable === false;
  return { name, argument: isCountOfAll ? undefined : argument, filter, type, span: syntax.span };
}

/** Above the aggregation: group keys, aggregates and parts of the window are columns; all else must be made of them. */
function outerEnvironment(job: Job, scope: Scope, groups: Groups, { calls, index }: Aggregates): Environment {
  const keys = new Map(groups.keys.map((key, at) => [key && fingerprint(key), at]));
  const hasComputedKeys = groups.syntax.some((syntax) => syntax.kind !== 'name');
  const column = (at: number, source: Expression, syntax: Syntax): { bound: Bound } => (
    { bound: { kind: 'column', index: at, type: source.type, span: syntax.span } }
  );
  const quiet: Environment = { scope, report: () => undefined, aggregateProblem: '' };
  const key = (syntax: Syntax): { bound: Bound } | undefined => {
    const bound = bindExpression(syntax, quiet);
    const at = bound && keys.get(fingerprint(bound));
    return at === undefined ? undefined : column(at, groups.keys[at] as Expression, syntax);
  };
  const intercept = (syntax: Syntax): { bound: Bound } | undefined => {
    if (syntax.kind === 'call' && index.has(syntax)) {
      const at = index.get(syntax) as number;
      const call = calls[at];
      return { bound: call && { kind: 'column', index: groups.keys.length + at, type: call.type, span: syntax.span } };
    }
    if (syntax.kind !== 'name') return hasComputedKeys && children(syntax).length > 0 ? key(syntax) : undefined;
    const field = resolve(scope, syntax, job.report);
    if (field === undefined || field.place.kind === 'broken') return { bound: undefined };
    if (field.place.kind === 'window') {
      const { part } = field.place;
      if (!groups.parts.has(part)) job.report(
        'ungrouped', syntax.span, `${part} is not in GROUP BY`, `add ${part} to GROUP BY`,
      );
      return { bound: { kind: 'column', index: groups.keys.length + calls.length + PARTS.indexOf(part), type: field.type, span: syntax.span } };
    }
    const found = key(syntax);
    if (found !== undefined) return found;
    if (groups.keys.includes(undefined)) return { bound: undefined }; // a broken key may be the one meant
    const isRow = field.place.kind === 'row';
    if (isRow) job.report(
      'unsupported', syntax.span, `${field.name} is a ROW, and whole ROWs are not supported yet`, 'name its fields',
    );
    else job.report(
      'ungrouped', syntax.span, `${field.name} is neither in GROUP BY nor aggregated`,
      `add it to GROUP BY, or write MAX(${field.name})`,
    );
    return { bound: undefined };
  };
  return { scope, report: job.report, intercept, aggregateProblem: 'it cannot stand here' };
}

function aggregateNode(
  input: Node, { timeColumn, timeType, sizeMs, offsetMs }: PendingWindow, groups: Groups,
  aggregates: readonly AggregateCall[],
): WindowAggregateNode {
  const keys = groups.keys as readonly Expression[];
  const timestamp = { name: 'TIMESTAMP', precision: 3, isNullable: false } as const;
  const columns: Column[] = [
    ...keys.map((key, index) => ({ name: keyName(groups.syntax[index] as Syntax, index), type: key.type })),
    ...aggregates.map((call, index) => ({ name: `${call.name}_${index}`, type: call.type })),
    { name: 'window_start', type: timestamp }, { name: 'window_end', type: timestamp }, { name: 'window_time', type: timeType },
  ];
  return { kind: 'windowAggregate', input, window: { kind: 'tumble', timeColumn, sizeMs, offsetMs }, keys, aggregates, columns };
}

function keyName(syntax: Syntax, index: number): string {
  return syntax.kind === 'name' ? syntax.parts.at(-1)?.text as string : `key_${index}`;
}
