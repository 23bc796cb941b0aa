/**
 * The plan: what is to be computed, as a frozen discriminated union. Front ends (SQL, builder) make it, the compiler and
 * `explain` read it; nothing else passes between them. Every expression is resolved and typed.
 */
import type { SqlType } from './types.ts';

/** Half-open range of characters in the job's text. */
export interface Span { readonly start: number; readonly end: number }

export interface Column { readonly name: string; readonly type: SqlType }

// ----------------------------------------------------------------------------------------------------------- expressions

export type LiteralValue = string | number | bigint | boolean | null;

/**
 * `column`: index into the row that the node reads. `literal`: exact value; DECIMAL as bigint scaled by its type,
 * DOUBLE as number, integers as bigint, TIMESTAMP* as bigint ms since 1970, DATE as bigint days since 1970, TIME as bigint ms of the day,
 * INTERVAL as bigint ms or months, texts as string, NULL as null. `call`: a library function by its canonical name.
 */
export type Expression =
  | { readonly kind: 'column'; readonly index: number; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[]; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'case'; readonly branches: readonly CaseBranch[]; readonly otherwise: Expression; readonly type: SqlType; readonly span: Span }
  | { readonly kind: 'cast'; readonly input: Expression; readonly isTry: boolean; readonly type: SqlType; readonly span: Span };

export interface CaseBranch { readonly when: Expression; readonly then: Expression }

/** BETWEEN, IN, NULLIF, COALESCE and simple CASE are rewritten to these by the binder; implicit casts are explicit `cast` nodes. */
export type FunctionName =
  | 'plus' | 'minus' | 'times' | 'divide' | 'mod' | 'negate'
  | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'and' | 'or' | 'not'
  | 'isNull' | 'isNotNull' | 'isTrue' | 'isNotTrue' | 'isFalse' | 'isNotFalse' | 'like'
  | 'coalesce' | 'upper' | 'lower' | 'trim' | 'ltrim' | 'rtrim' | 'charLength' | 'substring' | 'position' | 'concat' | 'concatOperator' | 'replace'
  | 'abs' | 'floor' | 'ceil' | 'round'
  | 'toTimestampLtz' | 'toTimestamp' | 'arrivalTime';

// ----------------------------------------------------------------------------------------------------------------- nodes

export interface Watermark {
  /** Column of the scan's output row that is the event time. */
  readonly column: number;
  /** watermark = max(event time) - delayMs */
  readonly delayMs: number;
}

/** Where a scanned column comes from. `json`: path of field names in the payload. */
export type ColumnSource =
  | { readonly kind: 'json'; readonly path: readonly string[] }
  | { readonly kind: 'metadata'; readonly key: string }
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

export type AggregateName = 'count' | 'sum' | 'min' | 'max' | 'avg';

export interface AggregateCall {
  readonly name: AggregateName;
  /** undefined: COUNT(*). */
  readonly argument: Expression | undefined;
  /** FILTER (WHERE ...), over the input row. */
  readonly filter: Expression | undefined;
  readonly type: SqlType;
  readonly span: Span;
}

/** Windows of event time; `timeColumn` indexes the input row. Sizes and offsets in ms. */
export type WindowSpec =
  | { readonly kind: 'tumble'; readonly timeColumn: number; readonly sizeMs: number; readonly offsetMs: number };

/** Output row: keys, then aggregates, then window_start, window_end (TIMESTAMP(3)) and window_time (event time). */
export interface WindowAggregateNode {
  readonly kind: 'windowAggregate';
  readonly input: Node;
  readonly window: WindowSpec;
  readonly keys: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  readonly columns: readonly Column[];
}

export type Node = ScanNode | FilterNode | ProjectNode | WindowAggregateNode;

/** The nodes whose rows a node reads. */
export function inputsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'scan': return [];
    case 'filter': case 'project': case 'windowAggregate': return [node.input];
    default: { const unreachable: never = node; return unreachable; }
  }
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
}

export interface SinkPlan extends TableOptions {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly Column[];
  /** undefined: fed by dead letters alone; its columns say which parts it wants (see docs/sql.md). */
  readonly input: Node | undefined;
  /** Indices of columns that make the key, in order; empty: no key. */
  readonly keyColumns: readonly number[];
}

export interface Plan {
  readonly name: string;
  readonly sources: readonly SourcePlan[];
  readonly sinks: readonly SinkPlan[];
  readonly settings: Readonly<Record<string, string>>;
}
