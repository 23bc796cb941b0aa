/**
 * The plan: what is to be computed, as a frozen discriminated union. Front ends (SQL, builder) make it, the compiler and
 * `explain` read it; nothing else passes between them. Every expression is resolved and typed.
 */
import type { FunctionName } from './function-names.ts';
import type { SqlType } from './types.ts';

export type { FunctionName } from './function-names.ts';

/** Half-open range of characters in the job's text. */
export interface Span { readonly start: number; readonly end: number }

export interface Column { readonly name: string; readonly type: SqlType }

// ----------------------------------------------------------------------------------------------------------- expressions

export type LiteralValue = string | number | bigint | boolean | null;

/**
 * `column`: index into the row that the node reads. `literal`: exact value; DECIMAL as bigint scaled by its type,
 * DOUBLE as number, integers as bigint, TIMESTAMP* as bigint ms since 1970, DATE as bigint days since 1970, TIME as bigint ms of the day,
 * INTERVAL as bigint ms or months, texts as string, NULL as null. `call`: a function by its canonical name.
 * BETWEEN, IN, NULLIF, COALESCE and simple CASE are rewritten to these by the binder; implicit casts are explicit `cast` nodes.
 */
export type Expression =
  | { readonly kind: 'column'; readonly index: number; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[]; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'case'; readonly branches: readonly CaseBranch[]; readonly otherwise: Expression; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'cast'; readonly input: Expression; readonly isTry: boolean; readonly type: SqlType; readonly span: Span };

export interface CaseBranch { readonly when: Expression; readonly then: Expression }

// ----------------------------------------------------------------------------------------------------------------- nodes

export interface Watermark {
  /** Column of the scan's output row that is the event time. */
  readonly column: number;
  /** watermark = max(event time) - delayMs */
  readonly delayMs: number;
}

/** What a log record keeps of each payload beside its bytes. */
export type MetadataField = 'topic' | 'arrival' | 'client' | 'qos' | 'retain' | 'partition' | 'offset' | 'timestamp' | 'key';

/** Where a scanned column comes from. `json`: path of field names in the payload. */
export type ColumnSource =
  | { readonly kind: 'json'; readonly path: readonly string[] }
  | { readonly kind: 'metadata'; readonly field: MetadataField }
  | { readonly kind: 'computed'; readonly expression: Expression };

export interface ScanColumn extends Column { readonly source: ColumnSource }

/**
 * Reads one source table. Output row: `columns` in this order. Computed expressions refer to columns before them.
 * Only columns that some query uses are in it.
 */
export interface ScanNode {
  readonly kind: 'scan';
  /** Index into Plan.sources. */
  readonly source: number;
  readonly columns: readonly ScanColumn[];
  /** PRIMARY KEY of the table, where all its columns are read. */
  readonly primaryKey?: readonly number[] | undefined;
}

export interface FilterNode {
  readonly kind: 'filter';
  readonly input: Node;
  readonly condition: Expression;
  readonly columns: readonly Column[];
}

/** Output column i = expressions[i]. */
export interface ProjectNode {
  readonly kind: 'project';
  readonly input: Node;
  readonly expressions: readonly Expression[];
  readonly columns: readonly Column[];
}

/** SQL's names, words joined by capitals: host/plan/aggregates.ts. */
export type AggregateName =
  | 'count' | 'sum' | 'min' | 'max' | 'avg' | 'varPop' | 'varSamp' | 'stddevPop' | 'stddevSamp' | 'firstValue' | 'lastValue'
  | 'listagg' | 'arrayAgg' | 'jsonArrayagg' | 'jsonObjectagg' | 'collect' | 'percentile' | 'approxPercentile' | 'approxCountDistinct'
  | 'corr' | 'covarPop' | 'covarSamp' | 'regrSlope' | 'regrIntercept' | 'regrR2';

export interface AggregateCall {
  readonly name: AggregateName | OverFunctionName;
  /** Values of the row, then literals: how many rows back LAG looks; second, LISTAGG's separator and PERCENTILE's share. Empty: COUNT(*). */
  readonly args: readonly Expression[];
  /** Each value of the first argument counts once. */
  readonly isDistinct: boolean;
  /** FILTER (WHERE ...), over the input row. */
  readonly filter: Expression | undefined;
  readonly type: SqlType;
  readonly span: Span;
}

/** Functions that stand only with OVER. */
export type OverFunctionName = 'rowNumber' | 'rank' | 'denseRank' | 'lag';

/**
 * Windows; columns index the input row, sizes, steps and offsets are in ms. `attached`: the rows carry their window in two columns already
 * (results of another window); each pane is sent when the watermark passes its end.
 */
export type WindowSpec =
  | { readonly kind: 'tumble'; readonly timeColumn: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly timeColumn: number; readonly slideMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly timeColumn: number; readonly stepMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'session'; readonly timeColumn: number; readonly gapMs: number; readonly partition: readonly number[] }
  | { readonly kind: 'attached'; readonly startColumn: number; readonly endColumn: number };

/** Output row: keys, then aggregates, then window_start, window_end (TIMESTAMP(3)) and window_time (event time). */
export interface WindowAggregateNode {
  readonly kind: 'windowAggregate';
  readonly input: Node;
  readonly window: WindowSpec;
  readonly keys: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  readonly columns: readonly Column[];
}

/** Each row once for each of its windows: the input's columns, then window_start, window_end and window_time. */
export interface WindowTableNode {
  readonly kind: 'windowTable';
  readonly input: Node;
  readonly window: WindowSpec;
  readonly columns: readonly Column[];
}

/** Updating. Output row: keys, then aggregates. Without aggregates: SELECT DISTINCT. Without keys: one group, there from the first row on. */
export interface GroupAggregateNode extends WithTtl {
  readonly kind: 'groupAggregate';
  readonly input: Node;
  readonly keys: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  readonly columns: readonly Column[];
}

/**
 * GROUPING SETS: each row once a set. The first columns of the input, as many as a set has flags, are the grouping keys; those
 * not in the set become NULL. Output row: the input's columns, then `$grouping` BIGINT, which has a bit a key, the first key the highest one,
 * set where the key is *not* in the set (GROUPING_ID).
 */
export interface ExpandNode {
  readonly kind: 'expand';
  readonly input: Node;
  readonly sets: readonly (readonly boolean[])[];
  readonly columns: readonly Column[];
}

/** UNION ALL; all inputs have the same columns but for nullability. */
export interface UnionNode {
  readonly kind: 'union';
  readonly inputs: readonly Node[];
  readonly columns: readonly Column[];
}

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

/** Keys are columns of each side, equal pairwise; NULL never equals. `condition` reads the joined row: left's columns, then right's. */
interface JoinedNode {
  readonly left: Node;
  readonly right: Node;
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly condition: Expression | undefined;
  /** Left's columns, then right's, those of an outer side nullable; of semi and anti joins left's alone. */
  readonly columns: readonly Column[];
}

/** Regular join: both sides are kept. */
export interface JoinNode extends JoinedNode {
  readonly kind: 'join';
  readonly type: JoinType;
  /** How long a row of each side is kept after its last change; undefined: forever. */
  readonly leftTtlMs?: number | undefined;
  readonly rightTtlMs?: number | undefined;
}

/** left.time between right.time + lowerMs and right.time + upperMs, both inclusive; strict bounds are 1 ms further in. */
export interface IntervalJoinNode extends JoinedNode {
  readonly kind: 'intervalJoin';
  readonly type: 'inner' | 'left' | 'right' | 'full';
  readonly leftTime: number;
  readonly rightTime: number;
  readonly lowerMs: number;
  readonly upperMs: number;
}

/** Both sides carry their window; equal starts and ends are implied and not among the keys. Sent at the window's last millisecond. */
export interface WindowJoinNode extends JoinedNode {
  readonly kind: 'windowJoin';
  readonly type: JoinType;
  readonly leftStart: number;
  readonly leftEnd: number;
  readonly rightStart: number;
  readonly rightEnd: number;
}

/** Each left row with the version of the right row that was valid at its event time. The right side is unique by rightKeys at any time. */
export interface TemporalJoinNode extends JoinedNode {
  readonly kind: 'temporalJoin';
  readonly type: 'inner' | 'left';
  readonly leftTime: number;
  readonly rightTime: number;
}

export interface OrderKey { readonly column: number; readonly isDescending: boolean; readonly isNullsFirst: boolean }
export type RowTime = 'event' | 'arrival';
export type RankFunction = 'rowNumber' | 'rank' | 'denseRank';

/**
 * Top-N: of each partition, the rows whose number in this order is from `from` to `to`, both inclusive and counted from 1. `window`: column with the
 * window's end; then each window is ranked once, when it ends, else the result is updating. Output row: the input's columns, then the number if hasNumber.
 */
export interface RankNode extends WithTtl {
  readonly kind: 'rank';
  readonly input: Node;
  readonly function: RankFunction;
  readonly partition: readonly number[];
  readonly order: readonly OrderKey[];
  readonly from: number;
  readonly to: number;
  readonly hasNumber: boolean;
  readonly window: { readonly end: number } | undefined;
  readonly columns: readonly Column[];
}

/** The first or last row of each partition by a time attribute; `window` as in RankNode. */
export interface DeduplicateNode extends WithTtl {
  readonly kind: 'deduplicate';
  readonly input: Node;
  readonly partition: readonly number[];
  readonly time: RowTime;
  /** undefined: the order of arrival. */
  readonly timeColumn: number | undefined;
  readonly keep: 'first' | 'last';
  readonly window: { readonly end: number } | undefined;
  readonly columns: readonly Column[];
}

/** Aggregates over rows before each row, of its partition, in order of time. Output row: the input's columns, then the aggregates. */
export interface OverNode {
  readonly kind: 'over';
  readonly input: Node;
  readonly partition: readonly number[];
  readonly time: RowTime;
  readonly timeColumn: number;
  /** `preceding`: rows, or ms of time, before the row; undefined: unbounded. Rows of the same time belong to a `range`. */
  readonly frame: { readonly unit: 'rows' | 'range'; readonly preceding: number | undefined };
  readonly aggregates: readonly AggregateCall[];
  readonly columns: readonly Column[];
}

/** Each row once an element of its collection. Output row: the input's columns, the element's, then its number from 1 if withOrdinality. */
export interface UnnestNode {
  readonly kind: 'unnest';
  readonly input: Node;
  readonly collection: Expression;
  /** A row without elements stays, with NULLs. */
  readonly isLeft: boolean;
  readonly withOrdinality: boolean;
  readonly columns: readonly Column[];
}

/** `count` rows in order of arrival, after the first `offset`. */
export interface LimitNode {
  readonly kind: 'limit';
  readonly input: Node;
  readonly count: number;
  readonly offset: number;
  readonly columns: readonly Column[];
}

/** Rows in order of event time, then of `order`; each is held back until the watermark passes it. */
export interface SortNode {
  readonly kind: 'sort';
  readonly input: Node;
  readonly timeColumn: number;
  readonly order: readonly OrderKey[];
  readonly columns: readonly Column[];
}

/** Rows of constants: a bounded input. */
export interface ValuesNode {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
  readonly columns: readonly Column[];
}

interface WithTtl {
  /** How long the state of a key is kept after its last change; undefined: forever. */
  readonly ttlMs?: number | undefined;
}

export type AnyJoinNode = JoinNode | IntervalJoinNode | WindowJoinNode | TemporalJoinNode;

export type Node =
  | ScanNode | FilterNode | ProjectNode | WindowAggregateNode | WindowTableNode | GroupAggregateNode | ExpandNode | UnionNode
  | AnyJoinNode | RankNode | DeduplicateNode | OverNode | UnnestNode | LimitNode | SortNode | ValuesNode;

/** The nodes below, from left to right. */
export function inputsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'scan': case 'values': return [];
    case 'union': return node.inputs;
    case 'join': case 'intervalJoin': case 'windowJoin': case 'temporalJoin': return [node.left, node.right];
    default: return [node.input];
  }
}

/**
 * Nodes of the tree, those that stand in it several times counted as often. Stops at `most`, so that views of views of
 * views, each joined to itself, are not walked to their end.
 */
export function nodeCount(node: Node, most: number): number {
  let count = 1;
  for (const input of inputsOf(node)) {
    if (count >= most) return most;
    count += nodeCount(input, most - count);
  }
  return Math.min(count, most);
}

// ------------------------------------------------------------------------------------------------------------------ plan

export interface TableOptions { readonly connector: string; readonly options: Readonly<Record<string, string>> }

export interface SourcePlan extends TableOptions {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly scan: ScanNode;
  readonly watermark: Watermark | undefined;
  readonly payloadMaxBytes: number;
  readonly isBounded: boolean;
  /** Index into Plan.sinks of 'dead-letter.table', or undefined. */
  readonly deadLetterSink: number | undefined;
  /** Indices into `columns`; empty: the table declares none. */
  readonly primaryKey?: readonly number[];
}

export interface SinkPlan extends TableOptions {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly Column[];
  /** undefined: fed by dead letters alone; its columns say which parts it wants (see docs/sql.md). */
  readonly input: Node | undefined;
  /** Indices of columns that make the key, in order; empty: no key. */
  readonly keyColumns: readonly number[];
  /** Indices of the columns of PRIMARY KEY; empty: the table declares none. */
  readonly primaryKey?: readonly number[];
  /** How changes are written: not at all, the last row of each key and tombstones, or every row with its kind. Default: append. */
  readonly changelog?: 'append' | 'upsert' | 'all';
}

export interface Plan {
  readonly name: string;
  readonly sources: readonly SourcePlan[];
  readonly sinks: readonly SinkPlan[];
  readonly settings: Readonly<Record<string, string>>;
}
