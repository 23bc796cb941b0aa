/**
 * The operators of a job as a circuit: each sink's tree of nodes is walked from the sink down to its scans, and every node
 * tells the one below how its rows go on. What a row needs is computed while it is judged (`take`); then it is handed on
 * (`apply`). Operators that wait for time or for room do their work piece by piece when the step settles (settle.ts).
 */
import type { Column, Expression, Plan } from '../plan/nodes.ts';
import type { Burial } from './dead-letter.ts';
import type { Job } from './job.ts';
import type { Row, View } from './rows.ts';

/** Rows of a node, as the one above sees them. */
export interface Feed {
  readonly view: View;
  /** Text of the row's kind, a ROW_*; APPEND where rows are never taken back. */
  readonly kind: string;
}

/** Kind of rows that only come. */
export const APPEND = 'ROW_INSERT';

/** How a row goes on. */
export interface Continuation {
  /** Statements that compute what comes next without a store into the state; they `return false` where the row is dropped. */
  readonly take: readonly string[];
  /** Statements that hand on what was taken. */
  readonly apply: readonly string[];
  /** What `apply` may take from the heap. */
  readonly needs: Needs;
  /** Expression for the bytes of an output record, where it may be too large; undefined where none is made or it is surely small. */
  readonly outputBytes: string | undefined;
  /** Whether `apply` may write output records itself. */
  readonly emits: boolean;
  /** Function that must have answered true before the next row is applied: rows wait in a queue behind this one. */
  readonly drain: string | undefined;
}

/** Room in the state, asked for before the first store. */
export interface Needs {
  readonly pages: number;
  /** Expressions for lengths of texts, or of encoded rows, that are copied. */
  readonly lengths: readonly string[];
}

export const NOTHING: Needs = { pages: 0, lengths: [] };

/** The node above. */
export interface Downstream {
  /** Called once, when what is below knows its rows. */
  readonly over: (feed: Feed) => Continuation;
  /** The same for rows that are still to be computed, where that saves a copy. */
  readonly project?: (feed: Feed, expressions: readonly Expression[], columns: readonly Column[]) => Continuation;
}

/** Where rows of a source enter a sink's tree. */
export interface Leaf {
  /** Bit of the row's mask of leaves that take it. */
  readonly index: number;
  readonly source: number;
  /** `take(): bool` evaluates the leaf for the row at hand. */
  readonly take: string;
  readonly next: Continuation;
}

/** An operator that does something when time has passed. */
export interface Work {
  /** Sources whose watermarks it follows. */
  readonly sources: ReadonlySet<number>;
  /** Condition under the sources' watermarks: something is due. */
  readonly isDue: string;
  /** Statements before it is asked, which move its own watermark. */
  readonly advance: readonly string[];
  /** `fire(): bool` does what is due; false when the output was full first. */
  readonly fire: string;
}

export interface Circuit {
  readonly job: Job;
  readonly plan: Plan;
  /** Row of each source. */
  readonly rows: readonly Row[];
  /** Constant with each source's event time, '' without one. */
  readonly times: readonly string[];
  readonly burials: readonly Burial[];
  readonly leaves: Leaf[];
  /** In topological order: an operator stands behind all that feed it. */
  readonly works: Work[];
  /** Functions that empty queues between operators, `drain(): bool`; the one farthest from the sources first. */
  readonly drains: string[];
  /** Statements of `init`. */
  readonly init: string[];
}
