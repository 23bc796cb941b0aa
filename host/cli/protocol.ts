/** What supervisor (main thread) and worker say to each other. Plain values only: they are copied between threads. */
import type { Metrics } from '../runtime/metrics.ts';

/** workerData of a job's worker. */
export interface JobOrder {
  /** URL of worker.ts or worker.js, for host/platform/worker.mjs. */
  readonly entry: string;
  readonly module: Uint8Array;
  readonly dataFolder: string;
  readonly memoryMaxBytes: number;
  readonly gateway: string | undefined;
  readonly newEpoch: boolean;
  readonly takeOver: boolean;
  /** Bytes of the data directory beyond which nothing more is acknowledged; undefined: what the disk has. */
  readonly diskMaxBytes: number | undefined;
}

export type FromWorker =
  | { readonly kind: 'started' }
  | { readonly kind: 'log'; readonly line: string }
  /** Comes several times a second; silence means that the worker is stuck. */
  | { readonly kind: 'metrics'; readonly metrics: Metrics }
  | { readonly kind: 'done'; readonly metrics: Metrics }
  /** `isRestartable`: starting again from the last checkpoint may help; otherwise somebody must act. */
  | { readonly kind: 'failed'; readonly text: string; readonly exitCode: number; readonly isRestartable: boolean; readonly metrics: Metrics | undefined };

export type ToWorker =
  | { readonly kind: 'stop' }
  /** The terminal of a live table has this size now, or something else was written to it: draw again. */
  | { readonly kind: 'terminal'; readonly columns: number; readonly lines: number };
