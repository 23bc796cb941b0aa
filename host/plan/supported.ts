/**
 * What the compiler can generate, in one place: the binder asks for every node of a result, and refuses the rest where it is written.
 * An operator that is done is enabled by its name in COMPILED.
 */
import type { JoinType, Node, WindowSpec } from './nodes.ts';

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
  | 'changelogField';

/** What is compiled. */
export const COMPILED: ReadonlySet<Feature> = new Set<Feature>([
  'scan', 'filter', 'project', 'windowAggregate', 'window:tumble', 'groupAggregate', 'union', 'join', 'join:left', 'join:right', 'join:full', 'join:semi',
  'join:anti', 'intervalJoin', 'temporalJoin', 'rank', 'deduplicate', 'over', 'sort', 'cascade', 'updating', 'changelogField',
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
  changelogField: { what: "'changelog' = 'op-field'" },
};

/** All there is, for tests of what the front end can plan. */
export const EVERYTHING: ReadonlySet<Feature> = new Set(Object.keys(FEATURES) as Feature[]);

/** What a node asks of the compiler, what is best said first. */
export function featuresOf(node: Node): readonly Feature[] {
  const features: Feature[] = [];
  const isJoin = node.kind === 'join' || node.kind === 'intervalJoin' || node.kind === 'windowJoin' || node.kind === 'temporalJoin';
  if (isJoin && node.type !== 'inner') features.push(`join:${node.type}`);
  features.push(node.kind);
  if (node.kind === 'windowAggregate' || node.kind === 'windowTable') features.push(`window:${node.window.kind}`);
  const hasAggregates = node.kind === 'windowAggregate' || node.kind === 'groupAggregate' || node.kind === 'over';
  if (hasAggregates && node.aggregates.some(({ isDistinct }) => isDistinct)) features.push('distinctAggregate');
  return features;
}

/** Nodes that keep rows or groups between rows. */
export function hasState(node: Node): boolean {
  if (node.kind === 'windowTable') return node.window.kind === 'session';
  return !['scan', 'filter', 'project', 'expand', 'union', 'unnest', 'values'].includes(node.kind);
}
