/**
 * A plan as the readable text of assembly/job.ts: it instantiates the operator library and holds no algorithm but the
 * parsers and serialisers made for its tables. In order: rows, addresses, parsers, queries, the step.
 */
import type { Plan, SourcePlan } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { SOURCES, SOURCE_BYTES, SOURCES_MAX, SINKS_MAX } from '../../assembly/abi.ts';
import { burialText, placesText, type Burial } from './dead-letter.ts';
import { createJob, type Job } from './job.ts';
import { layoutHash } from './layout-hash.ts';
import { parseSource, shapeCache } from './parse.ts';
import { queryText, type Query } from './query.ts';
import { addRow, type Row } from './rows.ts';
import { exportsText, sourceStep, type SourceTexts } from './step.ts';

export interface JobSource {
  /** The module's text. */
  readonly text: string;
  /** Hash of the layout of its state. */
  readonly layout: string;
}

/** Generates the module of a plan. Requires: the plan passed its check. */
export function jobSource(plan: Plan): JobSource {
  if (plan.sources.length > SOURCES_MAX) throw new Error(`a job has at most ${SOURCES_MAX} sources`);
  if (plan.sinks.length > SINKS_MAX) throw new Error(`a job has at most ${SINKS_MAX} sinks`);
  const job = createJob();
  const rows = plan.sources.map(({ table, scan }) => (
    addRow(job, job.name(table.charAt(0).toLowerCase() + table.slice(1)), scan.columns, `One row of ${table}.`)));
  const times = plan.sources.map((source, index) => timeText(job, source, index));
  const parsers = plan.sources.map((source, index) => parserText(job, source, rows, index, plan.sources.length));
  const burials = plan.sources.map((source, index) => burialText(job, plan, source, rowAt(rows, index)));
  const queries = queriesOf(job, plan, rows, times, burials);
  const steps = plan.sources.map((source, index) => sourceStep(job, {
    plan: source, index, row: rowAt(rows, index), parse: parsers[index] ?? '', time: times[index], burial: burials[index] ?? { row: '', result: '' },
    queries: queries.filter((query) => query.source === index),
  } satisfies SourceTexts));
  const init = [...times.flatMap((time) => (time === undefined ? [] : [`${time}.init();`])), ...queries.flatMap(({ window }) => window?.init ?? [])];
  if (plan.sources.some(({ deadLetterSink }) => deadLetterSink !== undefined)) placesText(job);
  exportsText(job, steps, init);
  job.describeState({ sources: plan.sources.map(({ table }) => table), sinks: plan.sinks.map(({ name }) => name), heap: job.registers.heapStart() });
  const head = `// The job ${JSON.stringify(plan.name)}, compiled from its plan. Do not edit.`;
  return { text: `${head}\n${job.text()}\n`, layout: layoutHash(job.stateParts) };
}

function rowAt(rows: readonly Row[], index: number): Row {
  const row = rows[index];
  if (row === undefined) throw new Error(`no source ${index}`);
  return row;
}

/** Adds the constant of a source's event time. */
function timeText(job: Job, source: SourcePlan, index: number): string | undefined {
  if (source.watermark === undefined) return undefined;
  const name = job.name(source.table, 'Time');
  job.use('time/watermark', 'SourceTime');
  job.add('constants', `const ${name} = changetype<SourceTime>(0x${(SOURCES + index * SOURCE_BYTES).toString(16)});`);
  return name;
}

function parserText(job: Job, source: SourcePlan, rows: readonly Row[], index: number, count: number): string {
  const name = job.name('read', source.table.charAt(0).toUpperCase() + source.table.slice(1));
  job.addSource(parseSource({
    name, columns: source.scan.columns, layout: rowAt(rows, index).layout, cache: shapeCache(index, count), fields: declaredFields(source),
    timestampFormat: source.options['json.timestamp-format.standard'] === 'ISO-8601' ? 'ISO-8601' : 'SQL',
  }));
  return name;
}

/** Paths of the fields that payloads are declared to have, in order, those that no query uses among them. */
function declaredFields(source: SourcePlan): readonly (readonly string[])[] {
  const others = new Set(source.scan.columns.flatMap((column) => (column.source.kind === 'json' ? [] : [column.name])));
  const wanted = source.scan.columns.flatMap((column) => (column.source.kind === 'json' ? [column.source.path] : []));
  const declared = source.columns.filter(({ name }) => !others.has(name)).flatMap(({ name, type }) => leaves([name], type));
  const known = new Set(declared.map((path) => path.join('\n')));
  return wanted.every((path) => known.has(path.join('\n'))) ? declared : wanted;
}

function leaves(path: readonly string[], type: SqlType): (readonly string[])[] {
  return type.name === 'ROW' ? type.fields.flatMap((field) => leaves([...path, field.name], field.type)) : [path];
}

function queriesOf(
  job: Job, plan: Plan, sourceRows: readonly Row[], times: readonly (string | undefined)[], burials: readonly Burial[],
): Query[] {
  const queries: Query[] = [];
  plan.sinks.forEach((sink, sinkIndex) => {
    if (sink.input === undefined) return;
    queries.push(queryText(job, {
      sink, sinkIndex, index: queries.length, sourceRows, sourceTimes: times.map((time) => time ?? ''), burials: burials.map(({ result }) => result),
    }, sink.input));
  });
  return queries;
}
