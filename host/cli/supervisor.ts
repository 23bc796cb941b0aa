/**
 * Keeps one job's worker alive: starts it, watches that it answers, restarts it from its checkpoint after a failure of
 * ours with growing pauses, and passes signals on. Resolves with how the job ended.
 */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Metrics } from '../runtime/metrics.ts';
import { isCheckout, packageRoot } from './package.ts';
import { EXIT_FAILED, EXIT_OK } from './exit.ts';
import type { FromWorker, JobOrder, ToWorker } from './protocol.ts';

/** A step of one record takes milliseconds; a worker silent this long is stuck in one. */
const SILENCE_MAX_MS = 60_000;
const RESTARTS_MAX = 8;
const PAUSE_FIRST_MS = 500;
const PAUSE_MAX_MS = 60_000;
/** A worker that ran this long has recovered: its next failure counts as the first again. */
const HEALTHY_AFTER_MS = 10 * 60_000;

export interface Ending { readonly exitCode: number; readonly text: string | undefined; readonly metrics: Metrics | undefined; readonly restarts: number }

type LifeEnding = Extract<FromWorker, { kind: 'done' | 'failed' }>;

export interface SupervisedState { readonly isRunning: boolean; readonly silentMs: number; readonly restarts: number }

export interface Supervised {
  readonly ended: Promise<Ending>;
  /** Asks for a graceful stop: stop reading, flush, checkpoint, acknowledge, close. */
  stop(): void;
  /** Newest figures of the running worker, also of one that has ended; undefined before the first. */
  metrics(): Metrics | undefined;
  state(): SupervisedState;
  /** Tells the live tables the terminal's size, or that it was written to. */
  terminal(columns: number, lines: number): void;
}

export function supervise(order: Omit<JobOrder, 'entry'>, log: (line: string) => void): Supervised {
  let metrics: Metrics | undefined;
  let worker: Worker | undefined;
  let isStopping = false;
  let isRunning = false;
  let heardAt = performance.now();
  let restarts = 0;
  let endPause = (): void => undefined;

  /** One life of the worker. */
  function live(): Promise<LifeEnding> {
    return new Promise((resolve) => {
      const life = startWorker({ ...order, entry: workerEntry() });
      worker = life;
      heardAt = performance.now();
      let ending: LifeEnding = { kind: 'failed', text: 'the worker ended without a word', exitCode: EXIT_FAILED, isRestartable: true, metrics: undefined };
      const watchdog = setInterval(() => {
        if (performance.now() - heardAt < SILENCE_MAX_MS) return;
        ending = { ...ending, kind: 'failed', text: `the job did not answer for ${SILENCE_MAX_MS / 1000} s`, exitCode: EXIT_FAILED, isRestartable: true };
        void life.terminate();
      }, 1000);
      life.on('message', (event: FromWorker) => {
        heardAt = performance.now();
        if (event.kind === 'log') log(event.line);
        else if (event.kind === 'metrics') metrics = event.metrics;
        else if (event.kind === 'started') isRunning = true;
        else ending = event;
      });
      life.on('error', (error) => {
        ending = { kind: 'failed', text: error.stack ?? error.message, exitCode: EXIT_FAILED, isRestartable: true, metrics: undefined };
      });
      life.on('exit', () => { // its store is closed now
        clearInterval(watchdog);
        isRunning = false;
        resolve(ending);
      });
      if (isStopping) life.postMessage({ kind: 'stop' } satisfies ToWorker);
    });
  }

  async function run(): Promise<Ending> {
    let failures = 0;
    for (;;) {
      const startedAt = performance.now();
      const ending = await live();
      metrics = ending.metrics ?? metrics;
      if (ending.kind === 'done') return { exitCode: EXIT_OK, text: undefined, metrics, restarts };
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) failures = 0;
      failures += 1;
      if (!ending.isRestartable || isStopping || failures > RESTARTS_MAX) return { exitCode: ending.exitCode, text: ending.text, metrics, restarts };
      const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** (failures - 1));
      log(`${ending.text}\nrestart ${failures} of ${RESTARTS_MAX} from the last checkpoint in ${pauseMs / 1000} s`);
      restarts += 1;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        endPause = () => { clearTimeout(timer); resolve(); };
      });
      if (isStopping) return { exitCode: ending.exitCode, text: undefined, metrics, restarts };
    }
  }

  return {
    ended: run(),
    stop() {
      isStopping = true;
      endPause();
      worker?.postMessage({ kind: 'stop' } satisfies ToWorker);
    },
    metrics: () => metrics,
    state: () => ({ isRunning, silentMs: performance.now() - heardAt, restarts }),
    terminal(columns, lines) { worker?.postMessage({ kind: 'terminal', columns, lines } satisfies ToWorker); },
  };
}

function workerEntry(): string {
  return new URL(isCheckout ? './worker.ts' : './worker.js', import.meta.url).href;
}

function startWorker(order: JobOrder): Worker {
  const bootstrap = pathToFileURL(join(packageRoot(), 'host/platform/worker.mjs'));
  return new Worker(bootstrap, { workerData: order });
}
