/** Figures of a running job, as plain values that may cross threads. */
import { COUNTER_LATE, COUNTER_REJECTED, COUNTER_RESULTS, COUNTER_ROWS } from '../../assembly/abi.ts';
import type { Millis, Offset } from '../ports.ts';

export interface SourceMetrics {
  readonly name: string;
  /** Since this process started: payloads pushed, their bytes, payloads durable and acknowledged, log records. */
  readonly received: number;
  readonly receivedBytes: number;
  readonly acknowledged: number;
  readonly batches: number;
  readonly isOpen: boolean;
  readonly hasEnded: boolean;
  readonly lastError: string | undefined;
  /** Event time, ms since the epoch; undefined before the first, behind the end, and without event time. */
  readonly watermark: Millis | undefined;
}

export interface SinkMetrics {
  readonly name: string;
  /** Since the data directory was made: sequence of the last result made, and of the last confirmed. */
  readonly made: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly isOpen: boolean;
  readonly lastError: string | undefined;
}

export interface Metrics {
  readonly at: Millis;
  readonly sources: readonly SourceMetrics[];
  readonly sinks: readonly SinkMetrics[];
  /** Since the data directory was made; part of the state, so a replay does not count twice. */
  readonly rows: number;
  readonly late: number;
  readonly results: number;
  /** [reason, count]: REJECT_* of assembly/abi.ts, reasons that occurred. */
  readonly rejected: readonly (readonly [reason: number, count: number])[];
  readonly log: { readonly first: Offset; readonly end: Offset; readonly sizeBytes: number; readonly stepped: Offset };
  readonly store: { readonly liveBytes: number; readonly fileBytes: number; readonly limitBytes: number | undefined };
  readonly stateBytes: number;
  /** ageMs: since the last one, 0 while there is nothing new to save. */
  readonly checkpoint: {
    readonly count: number; readonly offset: Offset; readonly ageMs: number; readonly lastBytes: number; readonly lastPauseMs: number;
  };
  readonly traps: number;
  /** The record being stepped and for how long, for a watchdog; undefined between steps. */
  readonly stepping: { readonly offset: Offset; readonly forMs: number } | undefined;
}

/** What the counters in the state say. */
export function countersOf(counters: readonly number[]): Pick<Metrics, 'rows' | 'late' | 'results' | 'rejected'> {
  const rejected = counters.slice(COUNTER_REJECTED).map((count, reason) => [reason, count] as const).filter(([, count]) => count > 0);
  return { rows: counters[COUNTER_ROWS] ?? 0, late: counters[COUNTER_LATE] ?? 0, results: counters[COUNTER_RESULTS] ?? 0, rejected };
}
