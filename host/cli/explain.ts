/** `millrace explain`: what a job will do and what it promises, or the code made from it. */
import { extname } from 'node:path';
import type { ManifestSink, ManifestSource } from '../manifest.ts';
import type { GuaranteeStatement } from '../ports.ts';
import { openModule } from '../runtime/module.ts';
import { oneFile, oneSqlFile, readArguments } from './arguments.ts';
import { catalog } from './catalog.ts';
import { EXIT_OK } from './exit.ts';
import { loadModule, planJob, readJobText } from './job-file.ts';

const HELP = `Usage: millrace explain JOB.sql|JOB.wasm [--assembly]

Prints the plan of each result, and the guarantee of each source and sink; of a module the tables and the guarantees.

  --assembly   print the generated AssemblyScript instead
`;

export async function run(args: readonly string[]): Promise<number> {
  const given = readArguments({ command: 'explain', help: HELP, args, options: { assembly: { type: 'boolean' } } });
  if (!given) return EXIT_OK;
  const { values, files } = given;
  const file = values.assembly ? oneSqlFile(files, 'explain') : oneFile(files, 'explain');
  if (extname(file) === '.wasm') {
    process.stdout.write(explainModule(await loadModule(file)));
    return EXIT_OK;
  }
  const plan = await planJob(file, readJobText(file));
  if (values.assembly) {
    const { jobSource } = await import('../compile/source.ts'); // needs no compiler
    process.stdout.write(jobSource(plan).text);
  } else {
    const { explainPlan } = await import('../plan/explain.ts');
    process.stdout.write(explainPlan(plan, catalog));
  }
  return EXIT_OK;
}

/** What the manifest of a finished module says: the plan itself is compiled away. */
function explainModule(wasm: Uint8Array): string {
  const { name, compiler, layout, isSimd, sources, sinks } = openModule(wasm).manifest;
  const connector = (of: ManifestSource | ManifestSink) => catalog.connectors.find((known) => known.name === of.connector);
  const columns = (of: ManifestSource | ManifestSink): string => of.columns.map((column) => `${column.name} ${column.type}`).join(', ');
  return [
    `job ${name}, compiled by millrace ${compiler}${isSimd ? ', SIMD' : ', scalar'}, state layout ${layout}`,
    ...sources.map((source) => [
      `source ${source.table} (${source.connector}${source.isBounded ? ', bounded' : ''})`,
      `  guarantee ${guaranteeText(connector(source)?.source?.guarantee(source.options))}`,
      `  columns ${columns(source)}`,
    ].join('\n')),
    ...sinks.map((sink) => [
      `sink ${sink.name} (${sink.connector})`,
      `  guarantee ${guaranteeText(connector(sink)?.sink?.guarantee(sink.options))}`,
      `  row ${columns(sink)}`,
    ].join('\n')),
  ].join('\n\n').concat('\n');
}

function guaranteeText(statement: GuaranteeStatement | undefined): string {
  if (!statement) return 'unknown: this version has no such connector';
  return statement.note === undefined ? statement.level : `${statement.level}: ${statement.note}`;
}
