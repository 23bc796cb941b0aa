/**
 * What the compiler can generate, in one place: the binder asks for every node of a result, and refuses the rest where it is written.
 * An operator that is done is enabled by its name in COMPILED.
 */
import { changelogOf } from './changelog.ts';
import type { AggregateCall, JoinType, Node, WindowSpec } from './nodes.ts';

export type Feature =
  | Node['kind']
  | `window:${WindowSpec['kind']}`
  | `join:${Exclude<JoinType, 'inner'>}`
  /** A node with state that reads the results of another one. */
  | 'cascade'
  /** -U, +U and -D at a sink. */
  | 'updating'
  /** A window, OVER, or join in time over rows that change. */
  | 'updatingInput'
  /** COUNT(DISTINCT x). */
  | 'distinctAggregate'
  /** State that is dropped after 'table.exec.state.ttl'. */
  | 'stateTtl'
  /** 'changelog' = 'op-field': each result carries its kind of change. */
  | 'changelogField'
  /** ORDER BY of more than event time. */
  | 'sortKeys'
  /** RANK and DENSE_RANK for Top-N. */
  | 'rankFunction'
  /** Top-N, first and last rows of a window. */
  | 'windowRank'
  /** ROW_NUMBER has a frame's count; RANK, DENSE_RANK and LAG have none. */
  | 'overFunction'
  /** OVER with a bounded frame in order of arrival. */
  | 'arrivalFrame'
  /** MIN, MAX and others that cannot forget a row, of rows that may be taken back. */
  | 'retractedAggregate'
  /** DISTINCT, lists and percentiles with OVER. */
  | 'overHeap';

/** What is compiled. */
export const COMPILED: ReadonlySet<Feature> = new Set<Feature>([
  'scan', 'filter', 'project', 'windowAggregate', 'window:tumble', 'window:hop', 'window:cumulate', 'window:session', 'window:attached',
  'windowTable', 'windowJoin', 'windowRank', 'expand', 'groupAggregate', 'union', 'join', 'join:left', 'join:right', 'join:full', 'join:semi',
  'join:anti', 'intervalJoin', 'temporalJoin', 'rank', 'deduplicate', 'over', 'sort', 'cascade', 'updating', 'changelogField',
  'distinctAggregate',
]);

/** Words for each feature and a way out while it is not compiled. */
export const FEATURES: Readonly<Record<Feature, { readonly what: string; readonly remedy?: string }>> = {
  scan: { what: 'a table' }, filter: { what: 'WHERE' }, project: { what: 'SELECT' }, windowAggregate: { what: 'aggregation in a window' },
  windowTable: { what: 'rows of a window without aggregation', remedy: 'add GROUP BY window_start, window_end' },
  groupAggregate: {
    what: 'aggregation without a window',
    remedy: "aggregate in a window: FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
  },
  expand: { what: 'GROUPING SETS', remedy: 'write one INSERT for each grouping' },
  union: { what: 'UNION', remedy: 'write one INSERT for each part' },
  join: { what: 'JOIN', remedy: 'let the device send what belongs together, or join behind the sink' },
  intervalJoin: { what: 'a join in time' }, windowJoin: { what: 'a join of windows' },
  temporalJoin: { what: 'FOR SYSTEM_TIME AS OF (temporal join)' },
  rank: { what: 'Top-N (ROW_NUMBER, or ORDER BY … LIMIT)', remedy: 'take what you need behind the sink' },
  deduplicate: { what: 'the first or last row of each key (ROW_NUMBER() … = 1)' },
  over: { what: 'OVER', remedy: "aggregate in a window: TABLE(TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND))" },
  unnest: { what: 'UNNEST' }, limit: { what: 'LIMIT', remedy: 'take what you need behind the sink' },
  sort: { what: 'ORDER BY', remedy: 'results come in order of window end; sort behind the sink' },
  values: { what: 'VALUES', remedy: 'read the rows from a file: a table with the connector filesystem' },
  'window:tumble': { what: 'the window TUMBLE' }, 'window:hop': { what: 'the window HOP', remedy: 'write TUMBLE' },
  'window:cumulate': { what: 'the window CUMULATE', remedy: 'write TUMBLE' }, 'window:session': { what: 'the window SESSION', remedy: 'write TUMBLE' },
  'window:attached': { what: 'grouping the results of a window by that window', remedy: 'take a larger window over the table' },
  'join:left': { what: 'LEFT JOIN' }, 'join:right': { what: 'RIGHT JOIN' }, 'join:full': { what: 'FULL JOIN' },
  'join:semi': { what: 'IN or EXISTS with a subquery', remedy: 'list the values' }, 'join:anti': {
    what: 'NOT IN or NOT EXISTS with a subquery', remedy: 'list the values',
  },
  cascade: { what: 'a window, join or aggregation over the results of another one', remedy: 'take a larger window over the table' },
  updating: { what: 'a result that changes rows it has sent' },
  updatingInput: { what: 'a window, OVER or join in time over rows that change' },
  distinctAggregate: { what: 'an aggregate of DISTINCT values', remedy: 'GROUP BY the column in a window of the same size' },
  stateTtl: { what: "'table.exec.state.ttl'", remedy: 'leave it out; a window frees its state when it closes' },
  sortKeys: { what: 'ORDER BY of more than event time', remedy: 'order by the event time alone' },
  rankFunction: { what: 'Top-N with RANK or DENSE_RANK', remedy: 'write ROW_NUMBER' },
  windowRank: { what: 'Top-N of a window' },
  overFunction: { what: 'this function with OVER' },
  arrivalFrame: { what: 'a bounded frame in order of arrival', remedy: 'use an event time: a column with WATERMARK FOR' },
  retractedAggregate: {
    what: 'an aggregate that cannot forget (MIN, MAX, FIRST_VALUE, lists) of rows that are taken back',
    remedy: 'aggregate rows that only come, or ask for SUM, COUNT and AVG',
  },
  overHeap: { what: 'DISTINCT, a list or a percentile with OVER', remedy: 'aggregate in a window of time' },
  changelogField: { what: "'changelog' = 'op-field'" },
};

/** All there is, for tests of what the front end can plan. */
export const EVERYTHING: ReadonlySet<Feature> = new Set(Object.keys(FEATURES) as Feature[]);

/** Aggregates that lose what a row was (docs/aggregates.md). */
const CANNOT_RETRACT: ReadonlySet<string> = new Set<AggregateCall['name']>([
  'min', 'max', 'firstValue', 'lastValue', 'listagg', 'arrayAgg', 'jsonArrayagg', 'jsonObjectagg', 'approxCountDistinct',
]);
/** Aggregates whose state grows with their values. */
const KEEP_MUCH: ReadonlySet<string> = new Set<AggregateCall['name']>([
  'listagg', 'arrayAgg', 'jsonArrayagg', 'jsonObjectagg', 'collect', 'percentile', 'approxPercentile', 'approxCountDistinct',
]);

/** What a node asks of the compiler, what is best said first. */
export function featuresOf(node: Node): readonly Feature[] {
  const features: Feature[] = [];
  const isJoin = node.kind === 'join' || node.kind === 'intervalJoin' || node.kind === 'windowJoin' || node.kind === 'temporalJoin';
  if (isJoin && node.type !== 'inner') features.push(`join:${node.type}`);
  features.push(node.kind);
  if (node.kind === 'windowAggregate' || node.kind === 'windowTable') features.push(`window:${node.window.kind}`);
  const hasAggregates = node.kind === 'windowAggregate' || node.kind === 'groupAggregate' || node.kind === 'over';
  if (hasAggregates && node.aggregates.some(({ isDistinct }) => isDistinct)) features.push('distinctAggregate');
  if (hasAggregates && takesBack(node) && node.aggregates.some(({ name }) => CANNOT_RETRACT.has(name))) features.push('retractedAggregate');
  if (node.kind === 'over' && node.aggregates.some(({ name, isDistinct }) => isDistinct || KEEP_MUCH.has(name))) features.push('overHeap');
  if (node.kind === 'sort' && node.order.length > 0) features.push('sortKeys');
  if (node.kind === 'rank' && node.function !== 'rowNumber') features.push('rankFunction');
  if ((node.kind === 'rank' || node.kind === 'deduplicate') && node.window !== undefined) features.push('windowRank');
  if (node.kind === 'over' && node.aggregates.some(({ name }) => name === 'rank' || name === 'denseRank' || name === 'lag')) features.push('overFunction');
  if (node.kind === 'over' && node.time === 'arrival' && node.frame.preceding !== undefined) features.push('arrivalFrame');
  return features;
}

/** Whether the rows that are aggregated may leave again. */
function takesBack(node: Extract<Node, { kind: 'windowAggregate' | 'groupAggregate' | 'over' }>): boolean {
  return node.kind === 'over' ? node.frame.preceding !== undefined : changelogOf(node.input) === 'updating';
}

/** Nodes that keep rows or groups between rows. */
export function hasState(node: Node): boolean {
  if (node.kind === 'windowTable') return node.window.kind === 'session';
  return !['scan', 'filter', 'project', 'expand', 'union', 'unnest', 'values'].includes(node.kind);
}
