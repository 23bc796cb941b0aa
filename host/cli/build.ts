/** `millrace build`: one job file to one .wasm that needs no compiler where it runs. */
import { writeFileSync } from 'node:fs';
import { oneSqlFile, readArguments } from './arguments.ts';
import { EXIT_OK } from './exit.ts';
import { compileJob, jobNameOf, planJob, readJobText } from './job-file.ts';

const HELP = `Usage: millrace build JOB.sql [-o FILE.wasm] [--scalar]

Compiles a job to WebAssembly. The same input always gives the same bytes.

  -o, --out FILE   default: the job's name + .wasm, in this folder
  --scalar         without SIMD, for hosts that have none (JVMs); same answers, same saved state
`;

export async function run(args: readonly string[]): Promise<number> {
  const given = readArguments({ command: 'build', help: HELP, args, options: { out: { type: 'string', short: 'o' }, scalar: { type: 'boolean' } } });
  if (!given) return EXIT_OK;
  const { values, files } = given;
  const file = oneSqlFile(files, 'build');
  const out = values.out ?? `${jobNameOf(file)}.wasm`;
  const { wasm } = await compileJob(await planJob(file, readJobText(file)), values.scalar !== true);
  writeFileSync(out, wasm);
  process.stderr.write(`${out}: ${wasm.length} bytes\n`);
  return EXIT_OK;
}
