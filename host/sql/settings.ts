/** SET 'key' = 'value': the keys there are, in one table. */
import { nearest, suggestion } from '../plan/similar.ts';
import { durationMs } from './bind-options.ts';
import { need, type Job } from './job.ts';
import type { Identifier } from './syntax.ts';

export interface Setting {
  readonly name: string;
  /** Values it may have; undefined for any. */
  readonly choices?: readonly string[];
  /** Values that are right and not supported yet. */
  readonly notYet?: readonly string[];
  /** Its value is a time; the manifest has it in ms. */
  readonly isDuration?: boolean;
  /** What it does; of a setting that Flink has and that has no meaning here, why it is accepted. */
  readonly description: string;
}

const ACCEPTED = 'Accepted for Flink; one gateway works without it';

/** A `*` at the end stands for any ending. */
export const SETTINGS: readonly Setting[] = [
  { name: 'pipeline.name', description: "The job's name, part of its identity; default: the file's name" },
  {
    name: 'millrace.expression-error', choices: ['reject'], notYet: ['fail'],
    description: 'A row whose expression fails goes to the dead letters; to stop the job instead, as Flink does, is not possible yet',
  },
  {
    name: 'table.local-time-zone', choices: ['UTC', 'Etc/UTC', 'GMT', 'Z'],
    description: 'Zone in which TIMESTAMP_LTZ is written and cast; UTC only',
  },
  {
    name: 'table.exec.state.ttl', isDuration: true,
    description: "How long groups and rows of joins are kept after their last change, as '1 d'; default: forever, `0`",
  },
  { name: 'execution.runtime-mode', choices: ['streaming', 'STREAMING'], description: 'Streaming only' },
  { name: 'parallelism.default', description: ACCEPTED },
  { name: 'pipeline.max-parallelism', description: ACCEPTED },
  { name: 'pipeline.object-reuse', description: ACCEPTED },
  { name: 'pipeline.auto-watermark-interval', description: 'Accepted for Flink; a watermark follows each row' },
  { name: 'pipeline.operator-chaining.enabled', description: ACCEPTED },
  {
    name: 'execution.checkpointing.interval', isDuration: true,
    description: 'Time between two checkpoints, default 10 s; the shorter, the less is stepped again after a crash',
  },
  { name: 'execution.checkpointing.*', description: 'Accepted for Flink; the log makes results exactly-once, checkpoints only shorten recovery' },
  { name: 'state.*', description: 'Accepted for Flink; state lives in the data directory' },
  { name: 'restart-strategy.*', description: 'Accepted for Flink; the supervisor restarts a failed job' },
  { name: 'table.exec.mini-batch.*', description: ACCEPTED },
  { name: 'table.exec.resource.*', description: ACCEPTED },
  { name: 'table.optimizer.*', description: ACCEPTED },
  { name: 'sql-client.*', description: ACCEPTED },
];

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['table.exec.source.idle-timeout', 'leave it out; an idle source holds its watermark'],
  ['table.exec.sink.not-null-enforcer', 'leave it out, and filter with IS NOT NULL'],
]);

export function bindSetting(job: Job, key: Identifier, value: Identifier): void {
  const setting = SETTINGS.find(
    ({ name }) => (name.endsWith('*') ? key.text.startsWith(name.slice(0, -1)) : name === key.text),
  );
  if (setting === undefined) {
    const names = SETTINGS.map(({ name }) => name);
    if (REFUSED.has(key.text)) job.report(
      'unsupported', key.span, `the setting '${key.text}' is not supported yet`, REFUSED.get(key.text),
    );
    else job.report(
      'unknown-setting', key.span, `there is no setting '${key.text}'`,
      suggestion(key.text, names) ?? 'the settings there are stand in docs/sql.md',
    );
    return;
  }
  if (setting.notYet?.includes(value.text) === true) {
    job.report('unsupported', value.span, `'${setting.name}' = '${value.text}' is not supported yet`, 'leave it out; a failing row goes to the dead letters');
    return;
  }
  if (setting.choices !== undefined && !setting.choices.includes(value.text)) {
    const near = nearest(value.text, setting.choices);
    job.report(
      'setting', value.span, `'${setting.name}' is one of ${setting.choices.join(', ')}, not '${value.text}'`,
      near === undefined ? undefined : `did you mean '${near}'?`,
    );
  } else if (setting.isDuration === true) {
    bindDuration(job, key, value);
  } else if (setting.name === 'pipeline.name' && value.text.trim() === '') {
    job.report('setting', value.span, "a job's name is not empty");
  } else {
    job.settings.set(key.text, value.text);
  }
}

/** RESET takes back one setting, or all. */
export function resetSetting(job: Job, key: Identifier | undefined): void {
  if (key === undefined) job.settings.clear();
  else job.settings.delete(key.text);
}

/** A time, kept in ms. How long state lives may be 0: for ever. */
function bindDuration(job: Job, key: Identifier, value: Identifier): void {
  const ms = durationMs(value.text);
  const isTtl = key.text === 'table.exec.state.ttl';
  if (ms === undefined || (ms === 0 && !isTtl)) job.report('setting', value.span, `'${key.text}' is a time such as '10 s', not '${value.text}'`);
  else if (!isTtl || need(job, 'stateTtl', key.span)) job.settings.set(key.text, String(ms));
}
