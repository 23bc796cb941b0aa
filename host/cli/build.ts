/** `millrace build`: one job file to one .wasm that needs no compiler where it runs. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXIT_OK, usageError } from './exit.ts';
import { compileJob, jobNameOf, planJob, readJobText } from './job-file.ts';

const HELP = `Usage: millrace build JOB.sql [-o FILE.wasm] [--scalar]

Compiles a job to WebAssembly. The same input always gives the same bytes.

  -o, --out FILE   default: the job's name + .wasm, in this folder
  --scalar         without SIMD, for hosts that have none (JVMs); same answers, same saved state
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true,
    options: { out: { type: 'string', short: 'o' }, scalar: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) { process.stdout.write(HELP); return EXIT_OK; }
  const [file, ...extra] = positionals;
  if (file === undefined || extra.length > 0) throw usageError('name one job file', 'build');
  const out = values.out ?? `${jobNameOf(file)}.wasm`;
  const { wasm } = await compileJob(await planJob(file, readJobText(file)), values.scalar !== true);
  writeFileSync(out, wasm);
  process.stderr.write(`${out}: ${wasm.length} bytes\n`);
  return EXIT_OK;
}
