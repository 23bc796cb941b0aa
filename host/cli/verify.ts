/** `millrace verify`: reads a job's results from Kafka and proves from their headers that none is missing, doubled or out of order. */
import { extname } from 'node:path';
import { type VerifyReport, type WriterReport, verifyTopic } from '../../connectors/kafka/verify.ts';
import { openModule } from '../runtime/module.ts';
import { systemClock } from '../platform/node.ts';
import { IoError } from '../ports.ts';
import { explainError, Refusal } from '../runtime/errors.ts';
import { oneFile, readArguments } from './arguments.ts';
import { CommandError, EXIT_CONFIGURATION, EXIT_FAILED, EXIT_OK } from './exit.ts';
import { loadModule, planJob, readJobText } from './job-file.ts';
import { resolveOptions } from './secrets.ts';

const HELP = `Usage: millrace verify JOB.sql|JOB.wasm [--table NAME]

Reads the topics of the job's Kafka sinks as a read_committed reader does and checks the headers of every result:
no gap, no duplicate, in order, for each gateway and each epoch. Exit code 1 when that does not hold.

  --table NAME   only this sink
`;

const ERASE_LINE = '\r\u001b[K';

interface KafkaTable { readonly table: string; readonly options: Readonly<Record<string, string>> }

export async function run(args: readonly string[]): Promise<number> {
  const given = readArguments({ command: 'verify', help: HELP, args, options: { table: { type: 'string' } } });
  if (!given) return EXIT_OK;
  const { values } = given;
  const file = oneFile(given.files, 'verify');
  const tables = (await kafkaTables(file)).filter(({ table }) => values.table === undefined || table === values.table);
  if (tables.length === 0) {
    const which = values.table === undefined ? `${file} writes to no Kafka table` : `${file} has no Kafka sink ${values.table}`;
    throw new Refusal(which, "name a job with an INSERT INTO a table with 'connector' = 'kafka'");
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
  return sinks.filter(({ connector }) => connector === 'kafka' || connector === 'upsert-kafka');
}

async function verified({ table, options }: KafkaTable): Promise<VerifyReport> {
  const log = (line: string): void => { process.stderr.write(`${table}: ${line}\n`); };
  try {
    return await verifyTopic(resolveOptions(options, table), { table, clock: systemClock, log }, (read, total) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${table}: ${read} of about ${total} records`);
    });
  } catch (error) { // exit 1 is kept for a proof that failed
    if (!(error instanceof IoError)) throw error;
    throw new CommandError(`millrace verify: ${explainError(error)}`, EXIT_CONFIGURATION);
  } finally {
    if (process.stderr.isTTY) process.stderr.write(ERASE_LINE);
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
