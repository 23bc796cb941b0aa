/** ORDER BY and LIMIT. */
import type { Node, OrderKey, Span } from '../plan/nodes.ts';
import { made, type Job } from './job.ts';
import type { Limit, SortItem } from './syntax.ts';
import { ttlOf } from './ttl.ts';

/** NULL counts as the lowest value where nothing else is said, as in Flink. */
export function orderKey({ isDescending, isNullsFirst }: SortItem, column: number): OrderKey {
  return { column, isDescending, isNullsFirst: isNullsFirst ?? !isDescending };
}

/** ORDER BY … LIMIT: the first rows of all. */
export function topNode(job: Job, input: Node, order: readonly OrderKey[], limit: Limit, span: Span): Node {
  if (limit.count === undefined) {
    job.report('unsupported', limit.span, 'ORDER BY … OFFSET without LIMIT has no end', 'add LIMIT');
    return input;
  }
  if (limit.count === 0) {
    job.report('limit', limit.span, 'LIMIT 0 gives no rows', 'write LIMIT 1 or more');
    return input;
  }
  return made(job, {
    kind: 'rank', input, function: 'rowNumber', partition: [], order, from: limit.offset + 1, to: limit.offset + limit.count, hasNumber: false,
    window: undefined, columns: input.columns, ...ttlOf(job),
  } as const, span);
}

/** ORDER BY alone: only by an event time, first to last. */
export function sortNode(job: Job, input: Node, order: readonly OrderKey[], span: Span): Node {
  const [first, ...rest] = order;
  const type = first === undefined ? undefined : input.columns[first.column]?.type;
  const attribute = type !== undefined && 'attribute' in type ? type.attribute : undefined;
  if (first === undefined || attribute === undefined || first.isDescending) {
    job.report(
      'unsupported', span, 'ORDER BY without LIMIT is only possible by an event time, ascending: a stream has no end to wait for',
      'add LIMIT 10, or order by a column with WATERMARK FOR',
    );
    return input;
  }
  if (attribute === 'arrival') {
    job.report('unsupported', span, 'ORDER BY a processing time is not supported yet', 'leave it out: rows come in this order');
    return input;
  }
  return made(job, { kind: 'sort', input, timeColumn: first.column, order: rest, columns: input.columns } as const, span);
}
