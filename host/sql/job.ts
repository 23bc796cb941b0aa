/** What the binder knows while it reads a job: tables so far, settings, sinks, and the problems found. */
import type { Catalog, CatalogConnector } from '../plan/catalog.ts';
import type { Expression, Node, ScanNode, Span, Watermark } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import { FEATURES, type Feature } from '../plan/supported.ts';
import type { SqlType } from '../plan/types.ts';
import type { CreateTable } from './syntax.ts';

/** What a name stands for: a column of the row, a ROW of such, one of two columns, or one whose problem was reported. */
export type FieldPlace =
  | { readonly kind: 'column'; readonly index: number }
  | { readonly kind: 'row'; readonly fields: readonly Field[] }
  /** FULL JOIN … USING: the first of these columns that is not NULL. */
  | { readonly kind: 'either'; readonly indices: readonly number[] }
  | { readonly kind: 'broken' };

export interface Field {
  readonly name: string;
  readonly type: SqlType;
  readonly place: FieldPlace;
  /** It was an event time until this step, as in 'a join without a bound in time'. */
  readonly lostBy?: string | undefined;
}

/** A bound relation: the node that makes its rows and the names under which they are seen. */
export interface Relation {
  readonly node: Node;
  readonly fields: readonly Field[];
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
  readonly primaryKey: readonly string[];
  /** As it was written, for CREATE TABLE … LIKE. */
  readonly syntax: CreateTable;
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
  /** What the compiler can generate; anything else is refused where it is written. */
  readonly features: ReadonlySet<Feature>;
  /** Where each node was written. */
  readonly places: WeakMap<Node, Span>;
  readonly problems: Problem[];
  readonly report: Report;
  readonly warn: Report;
  readonly tables: Map<string, Table | View>;
  /** Source tables in order of declaration; ScanNode.source indexes them until the plan is made. */
  readonly scanned: Table[];
  readonly settings: Map<string, string>;
  readonly sinks: JobSink[];
}

export function createJob(catalog: Catalog, features: ReadonlySet<Feature>, problems: Problem[]): Job {
  const reporter = (severity: Problem['severity']): Report => (code, span, message, remedy) => {
    problems.push({ severity, code, message, ...(remedy === undefined ? {} : { remedy }), span: { start: span.start, end: span.end } });
  };
  return {
    catalog, features, places: new WeakMap(), problems, report: reporter('error'), warn: reporter('warning'),
    tables: new Map(), scanned: [], settings: new Map(), sinks: [],
  };
}

/** Refuses what the compiler cannot generate yet. @returns whether it can */
export function need(job: Job, feature: Feature, span: Span): boolean {
  if (job.features.has(feature)) return true;
  const { what, remedy } = FEATURES[feature];
  const isPlural = /^(rows|results)\b/.test(what);
  job.report('unsupported', span, `${what} ${isPlural ? 'are' : 'is'} not supported yet`, remedy);
  return false;
}

/** The node, remembered with its place: it is refused there when it is part of a result and cannot be compiled (check-result.ts). */
export function made<N extends Node>(job: Job, node: N, span: Span): N {
  job.places.set(node, span);
  return node;
}

/** An expression bound, or undefined when it has a problem, which was reported. */
export type Bound = Expression | undefined;
