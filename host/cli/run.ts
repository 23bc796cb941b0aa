/** `millrace run`: one job file in one process on one data directory, until it ends, fails or is stopped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Manifest } from '../manifest.ts';
import { explainError } from '../runtime/errors.ts';
import { openModule } from '../runtime/module.ts';
import { parseDuration } from './duration.ts';
import { CommandError, EXIT_CONFIGURATION, EXIT_OK, usageError } from './exit.ts';
import { loadModule } from './job-file.ts';
import { progressLine, receivedOf, summaryLines } from './progress.ts';
import { resolveOptions } from './secrets.ts';
import { type Ending, supervise } from './supervisor.ts';

const HELP = `Usage: millrace run JOB.sql|JOB.wasm [OPTIONS]

Runs a job. Rows of a bare SELECT go to stdout (JSON lines; a live table on a terminal), everything else to stderr.
A job whose sources are all bounded ends by itself. Ctrl-C stops gracefully: what was acknowledged is kept, open
windows stay open and go on at the next start. A second Ctrl-C kills.

  --data DIR       where input, state and progress are kept, default .millrace/JOB; one process at a time.
                   A job with only bounded sources keeps nothing unless this is given
  --for TIME       stop after TIME (10s, 5min, 2h), counted from the first row
  --memory SIZE    limit of the job's state and buffers in MiB, default 512
  --new-epoch      go on although the sinks know results of another data directory; announced in the headers
  --take-over      replace another gateway that writes to the same place
  -q, --quiet      no progress on stderr
`;
const MIB = 2 ** 20;
const MEMORY_DEFAULT_MIB = 512;
const PROGRESS_PERIOD_MS = 5000;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true,
    options: {
      'data': { type: 'string' }, 'for': { type: 'string' }, 'memory': { type: 'string' }, 'new-epoch': { type: 'boolean' },
      'take-over': { type: 'boolean' }, 'quiet': { type: 'boolean', short: 'q' }, 'help': { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) { process.stdout.write(HELP); return EXIT_OK; }
  const [file, ...extra] = positionals;
  if (file === undefined || extra.length > 0) throw usageError('name one job file', 'run');
  const forMs = values.for === undefined ? undefined : parseDuration(values.for, '--for');
  const memoryMib = Number(values.memory ?? MEMORY_DEFAULT_MIB);
  if (!Number.isInteger(memoryMib) || memoryMib < 32 || memoryMib > 4095) throw usageError('--memory takes 32 to 4095 MiB', 'run');

  const module = await loadModule(file);
  const manifest = manifestOf(module, file);
  const isEphemeral = values.data === undefined && manifest.sources.every(({ isBounded }) => isBounded);
  const dataFolder = values.data ?? (isEphemeral ? mkdtempSync(join(tmpdir(), 'millrace-')) : join('.millrace', manifest.name));
  for (const { options, table } of [...manifest.sources, ...manifest.sinks]) resolveOptions(options, table); // what is missing is said before anything starts
  const isTable = process.stdout.isTTY && manifest.sinks.some(({ connector }) => connector === 'print');
  if (isTable) process.env['COLUMNS'] = String(process.stdout.columns);
  try {
    const ending = await watch({
      module, dataFolder, memoryMaxBytes: memoryMib * MIB, takeOver: values['take-over'] === true,
      newEpoch: values['new-epoch'] === true || isEphemeral, // a fresh folder each time cannot know what sinks hold
    }, { forMs, isQuiet: values.quiet === true || isTable });
    if (ending.text !== undefined) process.stderr.write(`${ending.text}\n`);
    if (!values.quiet) process.stderr.write(`${summaryLines(ending).join('\n')}\n`);
    return ending.exitCode;
  } finally {
    if (isEphemeral) rmSync(dataFolder, { recursive: true, force: true });
  }
}

function manifestOf(module: Uint8Array, file: string): Manifest {
  try {
    return openModule(module).manifest;
  } catch (error) {
    throw new CommandError(`millrace: ${file}: ${explainError(error)}`, EXIT_CONFIGURATION);
  }
}

type Order = Parameters<typeof supervise>[0];

/** Supervises the job, with signals, the clock of --for and progress on stderr. */
async function watch(order: Order, { forMs, isQuiet }: { readonly forMs: number | undefined; readonly isQuiet: boolean }): Promise<Ending> {
  const job = supervise(order, (line) => process.stderr.write(`${line}\n`));
  let signals = 0;
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) process.exit(130);
    process.stderr.write('stopping (again to kill)\n');
    job.stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);

  let firstRowAt: number | undefined;
  let reportedAt = performance.now();
  let reported = 0;
  const timer = setInterval(() => {
    const metrics = job.metrics();
    if (!metrics) return;
    const now = performance.now();
    const received = receivedOf(metrics);
    if (received > 0) firstRowAt ??= now;
    if (forMs !== undefined && firstRowAt !== undefined && now - firstRowAt >= forMs) job.stop();
    if (!isQuiet && now - reportedAt >= PROGRESS_PERIOD_MS) {
      process.stderr.write(`${progressLine(metrics, (received - reported) / (now - reportedAt) * 1000)}\n`);
      reportedAt = now;
      reported = received;
    }
  }, 50);
  try {
    return await job.ended;
  } finally {
    clearInterval(timer);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
