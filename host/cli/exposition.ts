/** A job's figures in Prometheus' text exposition format 0.0.4; names and units as its naming rules ask for. */
import type { Metrics } from '../runtime/metrics.ts';
import { REJECT_REASONS } from './progress.ts';
import type { SupervisedState } from './supervisor.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number | undefined];

export interface Exposed {
  readonly job: string;
  readonly version: string;
  readonly state: SupervisedState;
  /** Undefined until the job runs. */
  readonly metrics: Metrics | undefined;
  readonly process: { readonly residentBytes: number; readonly cpuSeconds: number; readonly startedAtSeconds: number };
}

/** @returns the whole page; families without a sample are left out */
export function expositionOf({ job, version, state, metrics, process }: Exposed): string {
  const one = (value: number | undefined): readonly Sample[] => [[{}, value]];
  return [
    family('millrace_info', 'gauge', 'Which job this is.', [[{ job, version }, 1]]),
    family('millrace_up', 'gauge', 'Whether the job runs.', one(Number(state.isRunning))),
    family('millrace_restarts_total', 'counter', 'Restarts from a checkpoint after a failure.', one(state.restarts)),
    ...(metrics ? [...sourceFamilies(metrics), ...sinkFamilies(metrics), ...jobFamilies(metrics, one)] : []),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory; includes mapped pages of the store.', one(process.residentBytes)),
    family('process_cpu_seconds_total', 'counter', 'CPU time of the whole process.', one(process.cpuSeconds)),
    family('process_start_time_seconds', 'gauge', 'Start of the process, Unix time.', one(process.startedAtSeconds)),
  ].join('');
}

function sourceFamilies({ sources, at }: Metrics): string[] {
  const each = (value: (source: Metrics['sources'][number]) => number | undefined): readonly Sample[] => (
    sources.map((source) => [{ source: source.name }, value(source)]));
  return [
    family('millrace_received_total', 'counter', 'Payloads taken in.', each(({ received }) => received)),
    family('millrace_received_bytes_total', 'counter', 'Bytes of these payloads.', each(({ receivedBytes }) => receivedBytes)),
    family('millrace_acknowledged_total', 'counter', 'Payloads durable in the log and acknowledged.', each(({ acknowledged }) => acknowledged)),
    family('millrace_source_up', 'gauge', 'Whether the source is open.', each(({ isOpen }) => Number(isOpen))),
    family('millrace_watermark_lag_seconds', 'gauge', 'How far the watermark is behind the clock.', each(({ watermark }) => (
      watermark === undefined ? undefined : (at - watermark) / 1000))),
  ];
}

function sinkFamilies({ sinks }: Metrics): string[] {
  const each = (value: (sink: Metrics['sinks'][number]) => number): readonly Sample[] => sinks.map((sink) => [{ sink: sink.name }, value(sink)]);
  return [
    family('millrace_results_total', 'counter', 'Results made since the data directory was.', each(({ made }) => made)),
    family('millrace_delivered_total', 'counter', 'Results that the sink has confirmed.', each(({ delivered }) => delivered)),
    family('millrace_outbox_results', 'gauge', 'Results that wait for the sink.', each(({ waiting }) => waiting)),
    family('millrace_outbox_bytes', 'gauge', 'Bytes of these results.', each(({ waitingBytes }) => waitingBytes)),
    family('millrace_sink_up', 'gauge', 'Whether the sink is open.', each(({ isOpen }) => Number(isOpen))),
  ];
}

function jobFamilies(metrics: Metrics, one: (value: number | undefined) => readonly Sample[]): string[] {
  const { rows, late, rejected, log, store, stateBytes, checkpoint, traps } = metrics;
  const rejectedTimes = new Map(rejected);
  return [
    family('millrace_rows_total', 'counter', 'Rows stepped since the data directory was made.', one(rows)),
    family('millrace_late_total', 'counter', 'Rows too late for their window.', one(late)),
    family('millrace_rejected_total', 'counter', 'Rows rejected, by reason.', REJECT_REASONS.flatMap((reason, index): Sample[] => (
      index === 0 ? [] : [[{ reason }, rejectedTimes.get(index) ?? 0]]))),
    family('millrace_log_bytes', 'gauge', 'Bytes of the log that are kept.', one(log.sizeBytes)),
    family('millrace_log_waiting_records', 'gauge', 'Log records (batches) not stepped yet.', one(log.end - log.stepped)),
    family('millrace_store_bytes', 'gauge', 'The store: what is live in it, and its file.', [
      [{ kind: 'live' }, store.liveBytes], [{ kind: 'file' }, store.fileBytes],
    ]),
    family('millrace_store_limit_bytes', 'gauge', 'Limit of the store, where there is one.', one(store.limitBytes)),
    family('millrace_state_bytes', 'gauge', "State of the job's operators.", one(stateBytes)),
    family('millrace_checkpoints_total', 'counter', 'Checkpoints since the start of the process.', one(checkpoint.count)),
    family('millrace_checkpoint_age_seconds', 'gauge', 'Since the last checkpoint; 0 while there is nothing new to save.', one(checkpoint.ageMs / 1000)),
    family('millrace_checkpoint_bytes', 'gauge', 'State written by the last checkpoint.', one(checkpoint.lastBytes)),
    family('millrace_checkpoint_pause_seconds', 'gauge', 'How long the last checkpoint held the job.', one(checkpoint.lastPauseMs / 1000)),
    family('millrace_traps_total', 'counter', 'Times the compiled job trapped.', one(traps)),
  ];
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) => (value === undefined ? [] : [`${name}${labelText(labels)} ${value}\n`]));
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
