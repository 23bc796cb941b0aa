/** How a job runs: what may be set, and what holds when nothing is. */
import type { Manifest } from '../manifest.ts';
import type { ConnectorOptions } from '../ports.ts';
import type { RecoverSettings } from './recover.ts';

/** How a job runs; everything has a default. */
export interface RunSettings extends RecoverSettings {
  /** Linear memory of the job: 12 MiB of areas, the rest is state. */
  readonly memoryMaxBytes?: number;
  readonly checkpointMs?: number;
  readonly checkpointLogBytes?: number;
  readonly lingerMs?: number;
  readonly batchRowsMax?: number;
  readonly batchBytesMax?: number;
  readonly appendsMax?: number;
  /** Output between two looks at the outbox. */
  readonly outputLimitBytes?: number;
  readonly outboxRamBytesMax?: number;
  readonly outboxBytesMax?: number;
  readonly deliverCountMax?: number;
  readonly deliverBytesMax?: number;
  /** How long a graceful stop waits for each of its stages. */
  readonly stopMs?: number;
  /** Turns `${env:NAME}` and `${file:path}` of a table's options into what they stand for. */
  resolveOptions?(options: ConnectorOptions, table: string): ConnectorOptions;
}

/** What is a number in RunSettings. */
export type Limits = Required<Omit<RunSettings, keyof RecoverSettings | 'resolveOptions'>>;

/** What a job's SET statements say of how it runs. */
export function settingsOf(manifest: Pick<Manifest, 'settings'>): Partial<Limits> {
  const checkpointMs = manifest.settings['execution.checkpointing.interval'];
  return checkpointMs === undefined ? {} : { checkpointMs: Number(checkpointMs) };
}

/** The reasons are in docs/delivery.md. */
export const DEFAULTS: Limits = {
  memoryMaxBytes: 256 * 2 ** 20,
  checkpointMs: 10_000, checkpointLogBytes: 64 * 2 ** 20,
  lingerMs: 5, batchRowsMax: 4096, batchBytesMax: 512 * 1024, appendsMax: 4,
  outputLimitBytes: 1024 * 1024, // a step of more output lets the deliver loops in between
  outboxRamBytesMax: 16 * 2 ** 20, outboxBytesMax: 2 ** 30, deliverCountMax: 1000, deliverBytesMax: 768 * 1024, // Kafka's 1 MB a send
  stopMs: 5000,
};
