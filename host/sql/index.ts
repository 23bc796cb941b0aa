/** SQL text to a plan, or to every problem in it. */
import type { Catalog } from '../plan/catalog.ts';
import type { Plan } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import { COMPILED, type Feature } from '../plan/supported.ts';
import { assemblePlan } from './assemble.ts';
import { bindStatements } from './bind-job.ts';
import { createJob } from './job.ts';
import { parse } from './parser.ts';

export interface PlanOptions {
  readonly fileName: string;
  readonly catalog: Catalog;
  /** What the compiler can generate; default: what it can. */
  readonly features?: ReadonlySet<Feature>;
}
export interface Planned { readonly plan: Plan | undefined; readonly problems: readonly Problem[] }

/**
 * Plans a job. Never throws, whatever the text. `plan` is there when no problem is an error; `problems` then are warnings.
 * The job's name, where SET 'pipeline.name' gives none, is the file's name without folder and ending.
 */
export function planSql(text: string, { fileName, catalog, features = COMPILED }: PlanOptions): Planned {
  const { statements, problems: found, broken } = parse(text);
  const problems = [...found];
  const job = createJob(catalog, features, problems);
  for (const name of broken) job.tables.set(name, { kind: 'view', name, relation: undefined });
  bindStatements(job, statements);
  const hasErrors = problems.some((problem) => problem.severity === 'error');
  if (!hasErrors && job.sinks.length === 0) {
    job.report('no-result', { start: text.length, end: text.length }, 'the job computes nothing', 'add an INSERT INTO or a SELECT');
  }
  const distinct = withoutRepeats(problems);
  if (hasErrors || job.sinks.length === 0) return { plan: undefined, problems: distinct };
  const name = (fileName.split(/[/\\]/).at(-1) as string).replace(/(.)\.[^.]*$/, '$1');
  return { plan: assemblePlan(job, name), problems: distinct };
}

/** A view's or an aggregate's problem may be met again where it is used. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify(problem);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
