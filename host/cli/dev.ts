/** `millrace dev`: runs a job on a fresh data directory again and again, whenever its file changes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, watchFile } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneSqlFile, readArguments } from './arguments.ts';
import { EXIT_OK } from './exit.ts';
import { readJobText } from './job-file.ts';
import { isCheckout } from './package.ts';

const HELP = `Usage: millrace dev JOB.sql

Runs a job and starts it anew whenever the file is saved. Every start begins with an empty data directory and goes
on at the sinks (--new-epoch): for writing jobs, not for keeping results. Errors are shown, the next save tries again.
`;
const WATCH_PERIOD_MS = 200;

export async function run(args: readonly string[]): Promise<number> {
  const given = readArguments({ command: 'dev', help: HELP, args, options: {} });
  if (!given) return EXIT_OK;
  const file = oneSqlFile(given.files, 'dev');
  readJobText(file); // a wrong name is an error now, not something to wait for

  let changed = (): void => undefined;
  let isOver = false;
  // Polling, because editors save by renaming, which file events report in a different way on every system.
  watchFile(file, { interval: WATCH_PERIOD_MS }, () => changed());
  process.once('SIGINT', () => { isOver = true; changed(); });
  process.once('SIGTERM', () => { isOver = true; changed(); });
  while (!isOver) {
    const change = new Promise<void>((resolve) => { changed = resolve; });
    const folder = mkdtempSync(join(tmpdir(), 'millrace-dev-'));
    const job = startJob(file, folder);
    job.once('exit', () => { if (!isOver) process.stderr.write(`waiting for the next save of ${file} (Ctrl-C ends)\n`); });
    await change;
    await stop(job);
    rmSync(folder, { recursive: true, force: true });
    if (!isOver) process.stderr.write(`\n${file} changed\n`);
  }
  process.exit(EXIT_OK); // watchFile would keep the process alive
}

/** A process of its own: a job that hangs or crashes does not take the watching with it. */
function startJob(file: string, folder: string): ChildProcess {
  const main = fileURLToPath(new URL(isCheckout ? './main.ts' : './main.js', import.meta.url));
  const loader = isCheckout ? ['--import', import.meta.resolve('tsx')] : [];
  return spawn(process.execPath, [...loader, main, 'run', file, '--data', folder, '--new-epoch'], { stdio: 'inherit' });
}

function stop(job: ChildProcess): Promise<void> {
  if (job.exitCode !== null || job.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    job.once('exit', () => resolve());
    job.kill('SIGTERM');
  });
}
