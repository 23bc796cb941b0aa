/**
 * The composition root in the worker thread: platform, connectors and runtime around one module. Speaks protocol.ts with
 * the supervisor; ends when the job is done, has failed, or was told to stop.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { repaintTables } from '../../connectors/print.ts';
import { openNode } from '../platform/node.ts';
import { exitCodeOf, explainError, isRestartable } from '../runtime/errors.ts';
import { type RunningJob, startJob, type Summary } from '../runtime/job.ts';
import { connectors } from './catalog.ts';
import type { FromWorker, JobOrder, ToWorker } from './protocol.ts';
import { resolveOptions } from './secrets.ts';

const METRICS_PERIOD_MS = 200;

function say(event: FromWorker): void {
  parentPort?.postMessage(event);
}

async function run(order: JobOrder): Promise<void> {
  let job: RunningJob | undefined;
  let isStopping = false;
  const halt = (): void => { job?.stop().catch(() => undefined); }; // `done` says it
  parentPort?.on('message', (event: ToWorker) => {
    switch (event.kind) {
      case 'stop':
        isStopping = true;
        halt();
        break;
      case 'terminal':
        process.env['COLUMNS'] = String(event.columns); // a worker has its own environment
        process.env['LINES'] = String(event.lines);
        repaintTables();
        break;
      default: {
        const unreachable: never = event;
        throw unreachable;
      }
    }
  });
  const platform = await openNode({ dataFolder: order.dataFolder, limitBytes: order.diskMaxBytes });
  let summary: Summary;
  try {
    job = await startJob({
      module: order.module,
      platform,
      connectors,
      settings: { memoryMaxBytes: order.memoryMaxBytes, gateway: order.gateway, newEpoch: order.newEpoch, takeOver: order.takeOver, resolveOptions },
      log: (line) => say({ kind: 'log', line }),
    });
    const running = job;
    say({ kind: 'started' });
    const timer = setInterval(() => say({ kind: 'metrics', metrics: running.metrics() }), METRICS_PERIOD_MS);
    if (isStopping) halt();
    try {
      summary = await job.done;
    } finally {
      clearInterval(timer);
    }
  } finally {
    await platform.store.close();
  }
  say({ kind: 'done', metrics: summary.metrics });
}

run(workerData as JobOrder).catch((error: unknown) => {
  say({
    kind: 'failed', text: `millrace: ${explainError(error)}`, exitCode: exitCodeOf(error), isRestartable: isRestartable(error), metrics: undefined,
  });
}).finally(() => parentPort?.close());
