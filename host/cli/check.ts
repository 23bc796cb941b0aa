/** `millrace check`: everything that is wrong with a job, at once, without running it. */
import { parseArgs } from 'node:util';
import { EXIT_OK, usageError } from './exit.ts';
import { planJob, readJobText } from './job-file.ts';

const HELP = `Usage: millrace check JOB.sql ...

Says every error of each job with its place and remedy. Exit code 2 when there is one.
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) { process.stdout.write(HELP); return EXIT_OK; }
  if (positionals.length === 0) throw usageError('name a job file', 'check');
  for (const file of positionals) {
    const { sources, sinks } = await planJob(file, readJobText(file));
    process.stderr.write(`${file}: ok (${sources.length} source${sources.length === 1 ? '' : 's'}, ${sinks.length} sink${sinks.length === 1 ? '' : 's'})\n`);
  }
  return EXIT_OK;
}
