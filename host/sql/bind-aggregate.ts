/** The aggregates of a query, each different one once. */
import { bindAggregate, type BoundAggregate } from './bind-aggregate-call.ts';
import type { Job } from './job.ts';
import type { Scope } from './scope.ts';
import type { Call, Syntax } from './syntax.ts';
import { aggregatesOf, fingerprint } from './walk.ts';

export interface Aggregates {
  /** undefined for one with problems. */
  readonly bound: readonly (BoundAggregate | undefined)[];
  /** Which of them each call is. */
  readonly index: ReadonlyMap<Call, number>;
}

/** @param mayBeEmpty there is no GROUP BY, so that the answer of no rows is asked for too */
export function bindAggregates(job: Job, roots: readonly Syntax[], scope: Scope, mayBeEmpty: boolean): Aggregates {
  const all: (BoundAggregate | undefined)[] = [];
  const known = new Map<string, number>();
  const index = new Map<Call, number>();
  for (const syntax of roots.flatMap(aggregatesOf)) {
    const bound = bindAggregate(syntax, { scope, report: job.report, aggregateProblem: '' }, mayBeEmpty);
    const print = bound === undefined ? `${all.length}` : fingerprint(bound);
    index.set(syntax, known.get(print) ?? all.length);
    if (known.has(print)) continue;
    known.set(print, all.length);
    all.push(bound);
  }
  return { bound: all, index };
}
