/** Finds the bounds of a join in time among its conditions: `a.at BETWEEN b.at - INTERVAL '5' SECOND AND b.at`. */
import type { Expression, Node, Span } from '../plan/nodes.ts';
import type { EqualPair } from './bind-join.ts';
import type { Job } from './job.ts';

export interface Interval {
  readonly leftTime: number;
  readonly rightTime: number;
  readonly lowerMs: number;
  readonly upperMs: number;
  /** What is left of the conditions. */
  readonly pairs: readonly EqualPair[];
  readonly rest: readonly Expression[];
}

interface Candidate {
  readonly left: Node; readonly right: Node; readonly pairs: readonly EqualPair[]; readonly rest: readonly Expression[]; readonly span: Span;
}

/** left - right >= lowerMs, or <= upperMs, or both */
interface Bound {
  readonly leftTime: number;
  readonly rightTime: number;
  readonly lowerMs: number | undefined;
  readonly upperMs: number | undefined;
  readonly isArrival: boolean;
}

/** undefined where the two sides are not bound in time from above and from below. */
export function intervalOf(job: Job, { left, right, pairs, rest, span }: Candidate): Interval | undefined {
  const bounds = new Map<Expression, Bound>();
  for (const condition of [...pairs.map((pair) => pair.condition), ...rest]) {
    const bound = boundOf(condition, left, right);
    if (bound !== undefined) bounds.set(condition, bound);
  }
  const [first] = bounds.values();
  if (first === undefined) return undefined;
  const same = [...bounds].filter(([, bound]) => bound.leftTime === first.leftTime && bound.rightTime === first.rightTime);
  const lowers = same.flatMap(([, bound]) => (bound.lowerMs === undefined ? [] : [bound.lowerMs]));
  const uppers = same.flatMap(([, bound]) => (bound.upperMs === undefined ? [] : [bound.upperMs]));
  if (lowers.length === 0 || uppers.length === 0) return undefined;
  if (first.isArrival) {
    job.report('unsupported', span, 'a join within a bound of processing time is not supported yet', 'compare event times: columns with WATERMARK FOR');
    return undefined;
  }
  const used = new Set(same.map(([condition]) => condition));
  return {
    leftTime: first.leftTime, rightTime: first.rightTime, lowerMs: Math.max(...lowers), upperMs: Math.min(...uppers),
    pairs: pairs.filter((pair) => !used.has(pair.condition)), rest: rest.filter((condition) => !used.has(condition)),
  };
}

const FLIPPED = { eq: 'eq', ge: 'le', gt: 'lt', le: 'ge', lt: 'gt' } as const;

function boundOf(condition: Expression, left: Node, right: Node): Bound | undefined {
  if (condition.kind !== 'call' || !(condition.name in FLIPPED)) return undefined;
  const columns = [...left.columns, ...right.columns];
  const [a, b] = condition.args.map((one) => timeOf(one, columns));
  if (a === undefined || b === undefined || a.attribute !== b.attribute) return undefined;
  const width = left.columns.length;
  const isInOrder = a.column < width && b.column >= width;
  if (!isInOrder && !(b.column < width && a.column >= width)) return undefined;
  const [ours, theirs] = isInOrder ? [a, b] : [b, a];
  const name = condition.name as keyof typeof FLIPPED;
  const operator = isInOrder ? name : FLIPPED[name];
  const difference = theirs.offsetMs - ours.offsetMs; // ours + o >= theirs + t is ours - theirs >= t - o
  return {
    leftTime: ours.column, rightTime: theirs.column - width, isArrival: ours.attribute === 'arrival',
    lowerMs: operator === 'eq' || operator === 'ge' ? difference : operator === 'gt' ? difference + 1 : undefined,
    upperMs: operator === 'eq' || operator === 'le' ? difference : operator === 'lt' ? difference - 1 : undefined,
  };
}

interface Time { readonly column: number; readonly attribute: 'event' | 'arrival'; readonly offsetMs: number }

/** A time attribute, plus or minus fixed intervals. */
function timeOf(expression: Expression, columns: Node['columns']): Time | undefined {
  if (expression.kind === 'column') {
    const type = columns[expression.index]?.type;
    const attribute = type !== undefined && 'attribute' in type ? type.attribute : undefined;
    return attribute && { column: expression.index, attribute, offsetMs: 0 };
  }
  if (expression.kind !== 'call' || expression.name !== 'plus' && expression.name !== 'minus') return undefined;
  const [time, interval] = expression.args as readonly [Expression, Expression];
  const inner = timeOf(time, columns);
  if (inner === undefined || interval.kind !== 'literal' || interval.type.name !== 'INTERVAL' || interval.type.unit !== 'ms') return undefined;
  const ms = Number(interval.value);
  return { ...inner, offsetMs: inner.offsetMs + (expression.name === 'plus' ? ms : -ms) };
}
