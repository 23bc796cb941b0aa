/** Top-N: ROW_NUMBER() OVER (…) that a condition bounds becomes a rank, or the first or last row of each key. */
import { changelogOf } from '../plan/changelog.ts';
import { allOf } from '../plan/columns.ts';
import type { AggregateCall, Column, Expression, Node, RankNode, Span } from '../plan/nodes.ts';
import { inputsOf } from '../plan/nodes.ts';
import { windowColumnsOf } from '../plan/windows.ts';
import { made, type Job } from './job.ts';
import { literal } from './literals.ts';
import { ttlOf } from './ttl.ts';

const UNBOUNDED = Number.POSITIVE_INFINITY;
const NUMBER_TYPE: Column['type'] = { name: 'BIGINT', isNullable: false };
export const NUMBER: Column = { name: '$number', type: NUMBER_TYPE };

export function columnOf(index: number, type: Column['type']): Expression { return { kind: 'column', index, type, span: { start: 0, end: 0 } }; }

/** A rank whose end is not known yet: a condition above may say it. */
export function isPending(node: Node): node is RankNode { return node.kind === 'rank' && node.to === UNBOUNDED; }

export function pendingRank(
  job: Job, input: Node, parts: Pick<RankNode, 'function' | 'partition' | 'order'>, span: Span,
): RankNode {
  const node: RankNode = {
    kind: 'rank', input, ...parts, from: 1, to: UNBOUNDED, hasNumber: true, window: undefined, columns: [...input.columns, NUMBER],
    ...ttlOf(job),
  };
  job.places.set(node, span);
  return node;
}

/** The rows that fulfil all conditions; the number of a rank is bounded where it is made. */
export function filterNode(job: Job, node: Node, conditions: readonly Expression[], span: Span): Node {
  const top = conditions.length === 0 ? undefined : boundedBy(job, node, conditions);
  const condition = allOf(top?.rest ?? conditions);
  const input = top?.node ?? node;
  return condition === undefined ? input : made(job, { kind: 'filter', input, condition, columns: input.columns } as const, span);
}

interface Bounded { readonly node: Node; readonly rest: readonly Expression[] }

/** Finds the pending rank below renamings and takes the conditions on its number. */
function boundedBy(job: Job, node: Node, conditions: readonly Expression[]): Bounded | undefined {
  if (node.kind === 'project') {
    const place = node.expressions.map((one) => (one.kind === 'column' ? one.index : -1));
    const below = conditions.map((one) => renumbered(one, place));
    const known = below.flatMap((one) => (one === undefined ? [] : [one]));
    const found = known.length === 0 ? undefined : boundedBy(job, node.input, known);
    if (found === undefined) return undefined;
    const rest = conditions.filter((_, index) => below[index] === undefined || found.rest.includes(below[index] as Expression));
    return { node: { ...node, input: found.node }, rest };
  }
  if (!isPending(node)) return undefined;
  const number = node.input.columns.length;
  let [from, to] = [1, UNBOUNDED];
  const rest = conditions.filter((condition) => {
    const range = rangeOf(condition, number);
    if (range === undefined) return true;
    from = Math.max(from, range.from);
    to = Math.min(to, range.to);
    return false;
  });
  if (to === UNBOUNDED) return undefined;
  const span = job.places.get(node) ?? { start: 0, end: 0 };
  if (to < from) job.report('rank', span, 'no row has this number: it counts from 1', 'write rn <= 10');
  return { node: ranked(job, node, from, to, span), rest };
}

/** The condition over the columns below a projection, where it reads one column that goes through as it is. */
function renumbered(condition: Expression, place: readonly number[]): Expression | undefined {
  if (condition.kind !== 'call' || condition.args.length !== 2) return undefined;
  const args = condition.args.map((arg) => (arg.kind === 'column' ? { ...arg, index: place[arg.index] ?? -1 } : arg));
  return args.some((arg) => arg.kind !== 'literal' && (arg.kind !== 'column' || arg.index < 0)) ? undefined : { ...condition, args };
}

function rangeOf(condition: Expression, number: number): { readonly from: number; readonly to: number } | undefined {
  if (condition.kind !== 'call' || condition.args.length !== 2) return undefined;
  const [a, b] = condition.args as readonly [Expression, Expression];
  const isFlipped = a.kind === 'literal';
  const [column, value] = isFlipped ? [b, a] : [a, b];
  if (column.kind !== 'column' || column.index !== number || value.kind !== 'literal' || typeof value.value !== 'bigint') return undefined;
  if (value.type.name !== 'BIGINT' && value.type.name !== 'INT') return undefined;
  const bound = Number(value.value);
  const flipped: Readonly<Record<string, string>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' };
  switch (isFlipped ? flipped[condition.name] ?? condition.name : condition.name) {
    case 'eq': return { from: bound, to: bound };
    case 'le': return { from: 1, to: bound };
    case 'lt': return { from: 1, to: bound - 1 };
    case 'ge': return { from: bound, to: UNBOUNDED };
    case 'gt': return { from: bound + 1, to: UNBOUNDED };
    default: return undefined;
  }
}

function ranked(job: Job, pending: RankNode, from: number, to: number, span: Span): Node {
  const { input, partition, order } = pending;
  const windows = windowColumnsOf(input);
  const start = partition.find((column) => windows?.starts.has(column));
  const end = partition.find((column) => windows?.ends.has(column));
  const window = start === undefined || end === undefined ? undefined : { end };
  const [first] = order;
  const type = first === undefined ? undefined : input.columns[first.column]?.type;
  const attribute = type !== undefined && 'attribute' in type ? type.attribute : undefined;
  const isByTime = attribute !== undefined || window !== undefined && first !== undefined && isWindowTime(input, first.column);
  const isFirst = from === 1 && to === 1 && pending.function === 'rowNumber' && order.length === 1 && isByTime;
  if (!isFirst || first === undefined || changelogOf(input) === 'updating') {
    return made(job, { ...pending, from, to, window }, span);
  }
  const time = attribute === 'arrival' ? 'arrival' : 'event';
  const node = made(job, {
    kind: 'deduplicate', input, partition, time, timeColumn: time === 'arrival' ? undefined : first.column, keep: first.isDescending ? 'last' : 'first', window,
    columns: input.columns, ...pending.ttlMs === undefined ? {} : { ttlMs: pending.ttlMs },
  } as const, span);
  const expressions = [...input.columns.map((column, index) => columnOf(index, column.type)), literal(1n, NUMBER_TYPE, span)];
  return { kind: 'project', input: node, expressions, columns: pending.columns };
}

/** Whether the column was the event time that the rows' window was made of. */
function isWindowTime(node: Node, column: number): boolean {
  switch (node.kind) {
    case 'windowTable': return node.window.kind !== 'attached' && node.window.timeColumn === column;
    case 'filter': return isWindowTime(node.input, column);
    case 'project': {
      const from = node.expressions[column];
      return from?.kind === 'column' && isWindowTime(node.input, from.index);
    }
    default: return false;
  }
}

/** Ranks that nothing bounded: a number in order of time counts rows; any other is refused. */
export function withoutPending(job: Job, node: Node): Node {
  const inputs = inputsOf(node).map((input) => withoutPending(job, input));
  const isSame = inputs.every((input, index) => input === inputsOf(node)[index]);
  const rebuilt = isSame ? node : replaced(node, inputs);
  if (rebuilt !== node && job.places.has(node)) job.places.set(rebuilt, job.places.get(node) as Span);
  return isPending(rebuilt) ? counted(job, rebuilt) : rebuilt;
}

function replaced(node: Node, inputs: readonly Node[]): Node {
  switch (node.kind) {
    case 'scan': case 'values': return node;
    case 'union': return { ...node, inputs };
    case 'join': case 'intervalJoin': case 'windowJoin': case 'temporalJoin': return { ...node, left: inputs[0] as Node, right: inputs[1] as Node };
    default: return { ...node, input: inputs[0] as Node };
  }
}

function counted(job: Job, rank: RankNode): Node {
  const span = job.places.get(rank) ?? { start: 0, end: 0 };
  const { input, order, partition } = rank;
  const [first] = order;
  const type = first === undefined ? undefined : input.columns[first.column]?.type;
  const time = type !== undefined && 'attribute' in type ? type.attribute : undefined;
  const name = { rowNumber: 'ROW_NUMBER', rank: 'RANK', denseRank: 'DENSE_RANK' }[rank.function];
  if (first === undefined || time === undefined || first.isDescending || order.length > 1) {
    job.report(
      'unsupported', span, `${name}() in an order that is not the time needs an upper bound`, 'keep the first ones: SELECT * FROM (…) WHERE rn <= 10',
    );
    return rank;
  }
  const call: AggregateCall = { name: rank.function, args: [], isDistinct: false, filter: undefined, type: NUMBER_TYPE, span };
  return made(job, {
    kind: 'over', input, partition, time, timeColumn: first.column, frame: { unit: rank.function === 'rowNumber' ? 'rows' : 'range', preceding: undefined },
    aggregates: [call], columns: rank.columns,
  } as const, span);
}
