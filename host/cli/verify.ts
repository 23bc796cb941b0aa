/** `millrace verify`: reads a job's results from Kafka and proves from their headers that none is missing, doubled or out of order. */
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { type VerifyReport, type WriterReport, verifyTopic } from '../../connectors/kafka/verify.ts';
import { IoError } from '../ports.ts';
import { openModule } from '../runtime/module.ts';
import { CommandError, EXIT_CONFIGURATION, EXIT_FAILED, EXIT_OK, usageError } from './exit.ts';
import { loadModule, planJob, readJobText } from './job-file.ts';
import { resolveOptions } from './secrets.ts';

const HELP = `Usage: millrace verify JOB.sql|JOB.wasm [--table NAME]

Reads the topics of the job's Kafka sinks as a read_committed reader does and checks the headers of every result:
no gap, no duplicate, in order, for each gateway and each epoch. Exit code 1 when that does not hold.

  --table NAME   only this sink
`;

interface KafkaTable { readonly table: string; readonly options: Readonly<Record<string, string>> }

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true, options: { table: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) { process.stdout.write(HELP); return EXIT_OK; }
  const [file, ...extra] = positionals;
  if (file === undefined || extra.length > 0) throw usageError('name one job file', 'verify');
  const tables = (await kafkaTables(file)).filter(({ table }) => values.table === undefined || table === values.table);
  if (tables.length === 0) {
    const which = values.table === undefined ? `${file} writes to no Kafka table` : `${file} has no Kafka sink ${values.table}`;
    throw new CommandError(`millrace verify: ${which}\n  remedy: name a job with an INSERT INTO a table with 'connector' = 'kafka'`, EXIT_CONFIGURATION);
  }
  let isProven = true;
  for (const table of tables) {
    const report = await verified(table);
    process.stdout.write(`${reportLines(report).join('\n')}\n`);
    isProven &&= report.isProven;
  }
  return isProven ? EXIT_OK : EXIT_FAILED;
}

async function kafkaTables(file: string): Promise<readonly KafkaTable[]> {
  const isModule = extname(file) === '.wasm';
  const { sinks } = isModule ? openModule(await loadModule(file)).manifest : await planJob(file, readJobText(file));
  return sinks.filter(({ connector }) => connector === 'kafka');
}

async function verified({ table, options }: KafkaTable): Promise<VerifyReport> {
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    wake(delayMs: number, call: () => void): () => void {
      const timer = setTimeout(call, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const log = (line: string): void => { process.stderr.write(`${table}: ${line}\n`); };
  try {
    return await verifyTopic(resolveOptions(options, table), { table, clock, log }, (read, total) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${table}: ${read} of about ${total} records`);
    });
  } catch (error) {
    if (!(error instanceof IoError)) throw error;
    throw new CommandError(`millrace verify: ${error.message}${error.remedy === undefined ? '' : `\n  remedy: ${error.remedy}`}`, EXIT_CONFIGURATION);
  }
}

function reportLines({ topic, recordCount, foreignCount, openCount, writers, isProven }: VerifyReport): string[] {
  return [
    `${topic}: ${recordCount} results, ${isProven ? 'each exactly once and in order' : 'NOT exactly once'}`,
    ...writers.map(writerLine),
    ...(foreignCount > 0 ? [`  ${foreignCount} records of other programs`] : []),
    ...(openCount > 0 ? [`  ${openCount} in a transaction that is not decided yet: no committed reader sees them`] : []),
  ];
}

function writerLine({ gateway, job, sink, epoch, count, first, last, missing, expired, duplicated, disordered, examples }: WriterReport): string {
  const faults = [
    [missing, 'missing'], [duplicated, 'duplicated'], [disordered, 'out of order'],
  ].filter(([times]) => times !== 0).map(([times, what]) => `${times} ${what}`);
  const verdict = faults.length === 0 ? 'no gap, no duplicate, in order' : `${faults.join(', ')} (for example ${examples.join(', ')})`;
  const deleted = expired > 0 ? `, ${expired} deleted by retention before` : '';
  return `  gateway ${gateway} job ${job} sink ${sink} epoch ${epoch}: ${count} results, ${first} to ${last}: ${verdict}${deleted}`;
}
