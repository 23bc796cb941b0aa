/** `millrace check`: everything that is wrong with jobs, at once, without running them. */
import { PlanError } from '../plan/problem.ts';
import { oneSqlFile, readArguments, usageError } from './arguments.ts';
import { EXIT_JOB_WRONG, EXIT_OK } from './exit.ts';
import { planJob, readJobText } from './job-file.ts';

const HELP = `Usage: millrace check JOB.sql ...

Says every error of each job with its place and remedy. Exit code 2 when there is one.
`;

export async function run(args: readonly string[]): Promise<number> {
  const given = readArguments({ command: 'check', help: HELP, args, options: {} });
  if (!given) return EXIT_OK;
  if (given.files.length === 0) throw usageError('name a job file', 'check');
  const jobs = given.files.map((file) => oneSqlFile([file], 'check'));
  let exitCode = EXIT_OK;
  for (const file of jobs) {
    try {
      const { sources, sinks } = await planJob(file, readJobText(file));
      process.stderr.write(`${file}: ok (${counted(sources.length, 'source')}, ${counted(sinks.length, 'sink')})\n`);
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      process.stderr.write(`${error.message}\n`);
      exitCode = EXIT_JOB_WRONG;
    }
  }
  return exitCode;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
