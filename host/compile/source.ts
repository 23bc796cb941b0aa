/**
 * A plan as the readable text of assembly/job.ts: it instantiates the operator library and holds no algorithm but the
 * parsers and serialisers made for its tables. In order: rows, addresses, parsers, queries, the step.
 */
import type { Plan, SourcePlan } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { SOURCES, SOURCE_BYTES, SOURCES_MAX, SINKS_MAX } from '../../assembly/abi.ts';
import { burialText, placesText } from './dead-letter.ts';
import { createJob, type Job } from './job.ts';
import { layoutHash } from './layout-hash.ts';
import { parseSource, shapeCache } from './parse.ts';
import type { Circuit } from './circuit.ts';
import { nodeText } from './nodes.ts';
import { addRow, at, type Row } from './rows.ts';
import { sinkEnd } from './sink.ts';
import { exportsText, sourceStep } from './step.ts';

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
  const burials = plan.sources.map((source, index) => burialText(job, plan, source, at(rows, index)));
  const circuit: Circuit = { job, plan, rows, times, burials, leaves: [], works: [], drains: [], init: [] };
  plan.sinks.forEach((sink, index) => {
    if (sink.input === undefined) return;
    const branch = { circuit, name: job.name(sink.name), words: `sink ${sink.name}` };
    nodeText(branch, sink.input, sinkEnd(branch, sink, index));
  });
  const steps = plan.sources.map((source, index) => sourceStep(circuit, {
    plan: source, index, row: at(rows, index), parse: at(parsers, index), time: at(times, index), burial: at(burials, index),
    leaves: circuit.leaves.filter((leaf) => leaf.source === index),
  }));
  const init = [...times.flatMap((time) => (time === '' ? [] : [`${time}.init();`])), ...circuit.init];
  if (plan.sources.some(({ deadLetterSink }) => deadLetterSink !== undefined)) placesText(job);
  exportsText(job, steps, init);
  job.describeState({ sources: plan.sources.map(({ table }) => table), sinks: plan.sinks.map(({ name }) => name), heap: job.registers.heapStart() });
  const head = `// The job ${JSON.stringify(plan.name)}, compiled from its plan. Do not edit.`;
  return { text: `${head}\n${job.text()}\n`, layout: layoutHash(job.stateParts) };
}

/** Adds the constant of a source's event time. @returns '' without one */
function timeText(job: Job, source: SourcePlan, index: number): string {
  if (source.watermark === undefined) return '';
  const name = job.name(source.table, 'Time');
  job.use('time/watermark', 'SourceTime');
  job.add('constants', `const ${name} = changetype<SourceTime>(0x${(SOURCES + index * SOURCE_BYTES).toString(16)});`);
  return name;
}

function parserText(job: Job, source: SourcePlan, rows: readonly Row[], index: number, count: number): string {
  const name = job.name('read', source.table.charAt(0).toUpperCase() + source.table.slice(1));
  job.addSource(parseSource({
    name, columns: source.scan.columns, layout: at(rows, index).layout, cache: shapeCache(index, count), fields: declaredFields(source),
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
