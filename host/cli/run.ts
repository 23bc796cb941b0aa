/** `millrace run`: one job file in one process on one data directory, until it ends, fails or is stopped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../manifest.ts';
import { Refusal } from '../runtime/errors.ts';
import { openModule } from '../runtime/module.ts';
import { oneFile, readArguments, usageError } from './arguments.ts';
import { parseDuration } from './duration.ts';
import { type Address, type Endpoint, openEndpoint, parseAddress } from './endpoint.ts';
import { EXIT_OK } from './exit.ts';
import { expositionOf } from './exposition.ts';
import { loadModule } from './job-file.ts';
import { packageVersion } from './package.ts';
import { progressLine, receivedOf, summaryLines } from './progress.ts';
import { resolveOptions } from './secrets.ts';
import { type Ending, type Supervised, supervise } from './supervisor.ts';

const HELP = `Usage: millrace run JOB.sql|JOB.wasm [OPTIONS]

Runs a job. Rows of a bare SELECT go to stdout (JSON lines; a live table on a terminal), everything else to stderr.
A job whose sources are all bounded ends by itself. Ctrl-C stops gracefully: what was acknowledged is kept, open
windows stay open and go on at the next start. A second Ctrl-C kills.

  --data DIR       where input, state and progress are kept, default .millrace/JOB; one process at a time.
                   A job with only bounded sources keeps nothing unless this is given
  --for TIME       stop after TIME (10s, 5min, 2h), counted from the first row
  --metrics ADDR   serve /metrics (Prometheus) and /health at ADDR, as in 127.0.0.1:9464
  --memory MIB     limit of the job's state and buffers, default 512
  --disk MIB       limit of the data directory; at the limit nothing more is acknowledged until there is room.
                   Default: what the disk has
  --gateway ID     this gateway's id, instead of a random one in the data directory: with it the sinks also recognise
                   a gateway that has lost its whole data directory
  --new-epoch      go on although the sinks know results of another data directory; announced in the headers
  --take-over      replace another gateway that writes to the same place
  -q, --quiet      no progress and no summary on stderr
`;
const MIB = 2 ** 20;
const MEMORY_DEFAULT_MIB = 512;
const MEMORY_MIN_MIB = 32;
const MEMORY_MAX_MIB = 4095;
/** The log must hold what comes between two checkpoints, twice. */
const DISK_MIN_MIB = 64;
const PROGRESS_PERIOD_MS = 5000;
/** A terminal's Ctrl-C reaches the whole process group, and npm or a script in between passes it on once more. */
const SIGNAL_ECHO_MS = 300;
const ERASE_BELOW = '\r\u001b[J';

export async function run(args: readonly string[]): Promise<number> {
  const given = readArguments({
    command: 'run', help: HELP, args,
    options: {
      'data': { type: 'string' }, 'for': { type: 'string' }, 'metrics': { type: 'string' }, 'memory': { type: 'string' }, 'disk': { type: 'string' },
      'new-epoch': { type: 'boolean' }, 'take-over': { type: 'boolean' }, 'gateway': { type: 'string' }, 'quiet': { type: 'boolean', short: 'q' },
    },
  });
  if (!given) return EXIT_OK;
  const { values, files } = given;
  const file = oneFile(files, 'run');
  const forMs = values.for === undefined ? undefined : parseDuration(values.for, '--for');
  const memoryMaxBytes = mebibytes(values.memory ?? String(MEMORY_DEFAULT_MIB), '--memory', MEMORY_MIN_MIB, MEMORY_MAX_MIB);
  const diskMaxBytes = values.disk === undefined ? undefined : mebibytes(values.disk, '--disk', DISK_MIN_MIB, Number.MAX_SAFE_INTEGER / MIB);
  const address = values.metrics === undefined ? undefined : parseAddress(values.metrics, 'run');
  if (values.gateway !== undefined && !/^[\w.-]{1,64}$/.test(values.gateway)) throw usageError('--gateway takes letters, digits, . _ and -', 'run');

  const module = await loadModule(file);
  const manifest = manifestOf(module, file);
  const isEphemeral = values.data === undefined && manifest.sources.every(({ isBounded }) => isBounded);
  for (const { options, table } of [...manifest.sources, ...manifest.sinks]) resolveOptions(options, table); // what is missing is said before anything starts
  const dataFolder = values.data ?? (isEphemeral ? mkdtempSync(join(tmpdir(), 'millrace-')) : join('.millrace', manifest.name));
  const isTable = process.stdout.isTTY && manifest.sinks.some(({ connector }) => connector === 'print');
  try {
    const ending = await watch({
      module, dataFolder, memoryMaxBytes, diskMaxBytes, takeOver: values['take-over'] === true, gateway: values.gateway,
      newEpoch: values['new-epoch'] === true || isEphemeral, // a fresh folder each time cannot know what sinks hold
    }, { job: manifest.name, forMs, address, isTable, isQuiet: values.quiet === true });
    if (ending.text !== undefined) process.stderr.write(`${ending.text}\n`);
    if (!values.quiet) process.stderr.write(`${summaryLines(ending).join('\n')}\n`);
    return ending.exitCode;
  } finally {
    if (isEphemeral) rmSync(dataFolder, { recursive: true, force: true });
  }
}

function mebibytes(text: string, option: string, min: number, max: number): number {
  const mib = Number(text);
  if (Number.isInteger(mib) && mib >= min && mib <= max) return mib * MIB;
  throw usageError(`${option} takes a number of MiB from ${min}${max < 2 ** 32 ? ` to ${max}` : ' on'}`, 'run');
}

function manifestOf(module: Uint8Array, file: string): Manifest {
  try {
    return openModule(module).manifest;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(`${file}: ${error.message}`, error.remedy);
  }
}

type Order = Parameters<typeof supervise>[0];

interface Watching {
  readonly job: string; readonly forMs: number | undefined; readonly address: Address | undefined;
  readonly isTable: boolean; readonly isQuiet: boolean;
}

/** Supervises the job, with signals, the terminal, the clock of --for, metrics, and progress on stderr. */
async function watch(order: Order, { job: name, forMs, address, isTable, isQuiet }: Watching): Promise<Ending> {
  const say = (line: string): void => {
    process.stderr.write(isTable && process.stderr.isTTY ? `${ERASE_BELOW}${line}\n` : `${line}\n`);
    if (isTable) showTerminal();
  };
  const showTerminal = (): void => {
    Object.assign(process.env, { COLUMNS: String(process.stdout.columns), LINES: String(process.stdout.rows) }); // for a worker yet to start
    job?.terminal(process.stdout.columns, process.stdout.rows);
  };
  let job: Supervised | undefined;
  let endpoint: Endpoint | undefined;
  if (isTable) showTerminal();
  if (address) {
    endpoint = await openEndpoint({ address, state: () => stateOf(job), page: () => pageOf(name, job) });
    say(`metrics at ${endpoint.url}/metrics`);
  }
  const running = supervise(order, say);
  job = running;

  let signalAt: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (signalAt !== undefined) {
      if (now - signalAt < SIGNAL_ECHO_MS) return;
      if (isTable) process.stdout.write(ERASE_BELOW);
      process.exit(130);
    }
    signalAt = now;
    say('stopping (again to kill)');
    running.stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  if (isTable) process.stdout.on('resize', showTerminal);
  const timer = watchProgress(running, { forMs, isQuiet: isQuiet || isTable, say });
  try {
    return await running.ended;
  } finally {
    clearInterval(timer);
    endpoint?.close();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.stdout.off('resize', showTerminal);
  }
}

interface Progress { readonly forMs: number | undefined; readonly isQuiet: boolean; say(line: string): void }

/** Looks at the figures now and then: a line of progress, and the end of --for. */
function watchProgress(job: Supervised, { forMs, isQuiet, say }: Progress): NodeJS.Timeout {
  let firstRowAt: number | undefined;
  let reportedAt = performance.now();
  let reported = 0;
  return setInterval(() => {
    const metrics = job.metrics();
    if (!metrics) return;
    const now = performance.now();
    const received = receivedOf(metrics);
    if (received > 0) firstRowAt ??= now;
    if (forMs !== undefined && firstRowAt !== undefined && now - firstRowAt >= forMs) job.stop();
    if (isQuiet || now - reportedAt < PROGRESS_PERIOD_MS) return;
    say(progressLine(metrics, (received - reported) / (now - reportedAt) * 1000));
    reportedAt = now;
    reported = received;
  }, 50);
}

const NOT_STARTED = { isRunning: false, silentMs: 0, restarts: 0 };

function stateOf(job: Supervised | undefined): ReturnType<Supervised['state']> {
  return job?.state() ?? NOT_STARTED;
}

function pageOf(name: string, job: Supervised | undefined): string {
  const { user, system } = process.cpuUsage();
  return expositionOf({
    job: name, version: packageVersion(), state: stateOf(job), metrics: job?.metrics(),
    process: {
      residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6, startedAtSeconds: Math.round(performance.timeOrigin) / 1000,
    },
  });
}
