/** `millrace explain`: what a job will do and what it promises, or the code made from it. */
import { parseArgs } from 'node:util';
import { EXIT_OK, usageError } from './exit.ts';
import { planJob, readJobText } from './job-file.ts';

const HELP = `Usage: millrace explain JOB.sql [--assembly]

Prints the plan of each result, and the guarantee of each source and sink.

  --assembly   print the generated AssemblyScript instead
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true, options: { assembly: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) { process.stdout.write(HELP); return EXIT_OK; }
  const [file, ...extra] = positionals;
  if (file === undefined || extra.length > 0) throw usageError('name one job file', 'explain');
  const plan = await planJob(file, readJobText(file));
  if (values.assembly) {
    const { jobSource } = await import('../compile/source.ts'); // needs no compiler
    process.stdout.write(jobSource(plan).text);
  } else {
    const [{ explainPlan }, { catalog }] = await Promise.all([import('../plan/explain.ts'), import('./catalog.ts')]);
    process.stdout.write(explainPlan(plan, catalog));
  }
  return EXIT_OK;
}
