/** What the binder knows while it reads a job: tables so far, settings, sinks, and the problems found. */
import type { Catalog, CatalogConnector } from '../plan/catalog.ts';
import type { Expression, Node, ScanNode, Span, Watermark } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import type { SqlType } from '../plan/types.ts';

/** What a name stands for: a column of the row, a ROW of such, a column that a window adds, or one whose problem was reported. */
export type FieldPlace =
  | { readonly kind: 'column'; readonly index: number }
  | { readonly kind: 'row'; readonly fields: readonly Field[] }
  | { readonly kind: 'window'; readonly part: WindowPart }
  | { readonly kind: 'broken' };

export type WindowPart = 'window_start' | 'window_end' | 'window_time';

export interface Field { readonly name: string; readonly type: SqlType; readonly place: FieldPlace }

export interface PendingWindow {
  readonly timeColumn: number;
  readonly timeType: SqlType;
  readonly sizeMs: number;
  readonly offsetMs: number;
  readonly span: Span;
}

/** A bound relation: the node that makes its rows and the names under which they are seen. */
export interface Relation {
  readonly node: Node;
  readonly fields: readonly Field[];
  /** A window function stands above `node` and waits for its GROUP BY. */
  readonly window: PendingWindow | undefined;
}

export interface OptionValue { readonly text: string; readonly keySpan: Span; readonly span: Span }

export interface Table {
  readonly kind: 'table';
  readonly name: string;
  readonly span: Span;
  /** Persisted columns: what an INSERT writes. */
  readonly sinkColumns: readonly Field[];
  readonly relation: Relation;
  readonly scan: ScanNode;
  readonly watermark: Watermark | undefined;
  readonly options: ReadonlyMap<string, OptionValue>;
  /** undefined: there is none, and that was reported. */
  readonly connector: CatalogConnector | undefined;
}

export interface View { readonly kind: 'view'; readonly name: string; readonly relation: Relation | undefined }

export interface JobSink {
  readonly name: string;
  readonly table: Table | undefined;
  readonly relation: Relation;
  readonly span: Span;
}

export type Report = (code: string, span: Span, message: string, remedy?: string) => void;

export interface Job {
  readonly catalog: Catalog;
  readonly problems: Problem[];
  readonly report: Report;
  readonly warn: Report;
  readonly tables: Map<string, Table | View>;
  /** Source tables in order of declaration; ScanNode.source indexes them until the plan is made. */
  readonly scanned: Table[];
  readonly settings: Map<string, string>;
  readonly sinks: JobSink[];
}

export function createJob(catalog: Catalog, problems: Problem[]): Job {
  const reporter = (severity: Problem['severity']): Report => (code, span, message, remedy) => {
    problems.push({ severity, code, message, ...(remedy === undefined ? {} : { remedy }), span: { start: span.start, end: span.end } });
  };
  return {
    catalog, problems, report: reporter('error'), warn: reporter('warning'),
    tables: new Map(), scanned: [], settings: new Map(), sinks: [],
  };
}

/** An expression bound, or undefined when it has a problem, which was reported. */
export type Bound = Expression | undefined;
