/** `millrace explain`: what a job will do and what it promises, or the code made from it. */
import { oneSqlFile, readArguments } from './arguments.ts';
import { EXIT_OK } from './exit.ts';
import { planJob, readJobText } from './job-file.ts';

const HELP = `Usage: millrace explain JOB.sql [--assembly]

Prints the plan of each result, and the guarantee of each source and sink.

  --assembly   print the generated AssemblyScript instead
`;

export async function run(args: readonly string[]): Promise<number> {
  const given = readArguments({ command: 'explain', help: HELP, args, options: { assembly: { type: 'boolean' } } });
  if (!given) return EXIT_OK;
  const { values, files } = given;
  const file = oneSqlFile(files, 'explain');
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
