/** SQL text -> plan. The facade of this folder: it never throws on what users write. */
import type { Catalog } from '../plan/catalog.ts';
import type { Plan } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import { bindJob } from './bind-job.ts';
import { parseJob } from './parse-statement.ts';

export interface PlanOptions { readonly fileName: string; readonly catalog: Catalog }

/** `plan` is undefined when a problem is an error; warnings alone leave it. */
export function planSql(text: string, { fileName, catalog }: PlanOptions): { readonly plan: Plan | undefined; readonly problems: readonly Problem[] } {
  const { statements, problems: found } = parseJob(text);
  const problems = [...found];
  const name = fileName.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  const plan = bindJob(statements, { name, catalog }, problems);
  return { plan: problems.some(({ severity }) => severity === 'error') ? undefined : plan, problems };
}
