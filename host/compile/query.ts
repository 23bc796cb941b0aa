/**
 * One sink's query in generated text: `take` judges a row of the source, before anything is stored; a stateless query then
 * sends what it took, a windowed one applies it to a pane and sends results when windows fire.
 */
import type { Column, Expression, Node, SinkPlan, WindowAggregateNode } from '../plan/nodes.ts';
import { compileCondition } from './expression.ts';
import { capital, type Job } from './job.ts';
import { addRow, fillRow, project, scopeOf, type Row, type View } from './rows.ts';
import { serializeSource } from './serialize.ts';
import { windowText, type WindowTexts } from './window.ts';

/** The names that the step calls. */
export interface Query {
  readonly name: string;
  /** Bit of the row's mask of queries that take it. */
  readonly index: number;
  readonly source: number;
  /** `take(): bool` evaluates the query for the row at hand. */
  readonly take: string;
  /** `send(): bool` of a stateless query; false without room in the output. */
  readonly send: string | undefined;
  /** Expression for the bytes that the row's record may take, checked before anything is stored; undefined where it is surely small. */
  readonly outputBytes: string | undefined;
  readonly window: WindowTexts | undefined;
}

export interface QueryOptions {
  readonly sink: SinkPlan;
  readonly sinkIndex: number;
  readonly index: number;
  /** Row of each source. */
  readonly sourceRows: readonly Row[];
  /** Constant with each source's event time. */
  readonly sourceTimes: readonly string[];
  /** Function that sends a failed result of the sink's source to the dead letters, `bury(row text): bool`. */
  readonly burials: readonly string[];
}

/** A view and the statements that lead to it; they return false where a row is filtered out. */
export interface Selection { readonly view: View; readonly lines: readonly string[] }

/** Adds the functions of one query. */
export function queryText(job: Job, options: QueryOptions, input: Node): Query {
  const { sink, sinkIndex, index, sourceRows } = options;
  const name = job.name(sink.name);
  const { scan, before, window, after } = chainOf(input);
  const source = scan.source;
  const row = sourceRows[source];
  if (row === undefined) throw new Error(`no source ${source}`);
  const take = job.name('take', capital(name));
  const out = addRow(job, job.name(name, 'Out'), sink.columns, `What ${sink.name} gets.`);
  const emit = emitText(job, name, sink, sinkIndex, out);
  if (window === undefined) {
    const selected = selection(job, name, before, row.view, `sink ${sink.name}`);
    const lines = [...selected.lines, ...copyInto(job, out, selected, before, sink), 'return true;'];
    job.addFunction(`Whether ${sink.name} takes the row, and what it gets.`, `${take}(): bool`, lines);
    return { name, index, source, take, send: emit.send, outputBytes: emit.bytes, window: undefined };
  }
  const selected = selection(job, name, before, row.view, `sink ${sink.name}`, true);
  const texts = windowText(job, {
    name, node: window, view: selected.view, take, takeLines: selected.lines, time: options.sourceTimes[source] ?? '', words: `sink ${sink.name}`,
    select: (result) => {
      const chosen = selection(job, `${name}Result`, after, result.view, `sink ${sink.name}`);
      return [...chosen.lines, ...copyInto(job, out, chosen, after, sink)];
    },
    send: emit.send, outputBytes: emit.bytes, bury: options.burials[source] ?? '',
  });
  return { name, index, source, take, send: undefined, outputBytes: undefined, window: texts };
}

interface Chain {
  readonly scan: Extract<Node, { kind: 'scan' }>;
  readonly before: readonly Step[];
  readonly window: WindowAggregateNode | undefined;
  readonly after: readonly Step[];
}
type Step = Extract<Node, { kind: 'filter' | 'project' }>;

/** The nodes from the scan up. Throws where a window reads the results of a window, which the check refuses before. */
function chainOf(input: Node): Chain {
  const steps: Step[] = [];
  let after: readonly Step[] = [];
  let window: WindowAggregateNode | undefined;
  let node = input;
  while (node.kind !== 'scan') {
    if (node.kind === 'windowAggregate') {
      if (window !== undefined) throw new Error('a window over the results of a window is not supported');
      window = node;
      after = steps.splice(0).reverse();
    } else steps.push(node);
    node = node.input;
  }
  return { scan: node, before: steps.reverse(), window, after };
}

/** Filters and projections over `view`; unless `isWhole` the last step, if a projection, is left to `copyInto`. */
function selection(job: Job, name: string, steps: readonly Step[], view: View, words: string, isWhole: boolean = false): Selection {
  const lines: string[] = [];
  let current = view;
  steps.forEach((step, index) => {
    if (step.kind === 'filter') {
      const scope = scopeOf(job, current, `WHERE of ${words}`);
      const { setup, isTrue } = compileCondition(step.condition, { ...scope, fresh: (hint) => scope.fresh(`${hint}If${index}`) });
      lines.push(...setup, isTrue === 'false' ? 'return false;' : `if (!(${isTrue})) return false;`);
    } else if (index < steps.length - 1 || isWhole) {
      const projected = project(job, job.name(name, 'Step'), step.expressions, step.columns, current, words);
      lines.push(...projected.lines);
      current = projected.view;
    }
  });
  return { view: current, lines };
}

/** Fills the sink's row from the last projection, or column by column where there is none. */
function copyInto(job: Job, out: Row, selected: Selection, steps: readonly Step[], sink: SinkPlan): string[] {
  const last = steps.at(-1);
  const expressions = last?.kind === 'project' ? last.expressions : selected.view.columns.map(columnExpression);
  return fillRow(job, out, expressions.slice(0, sink.columns.length), selected.view, (column) => `column ${column.name} of sink ${sink.name}`);
}

function columnExpression(column: Column, index: number): Expression {
  return { kind: 'column', index, type: column.type, span: { start: 0, end: 0 } };
}

// -------------------------------------------------------------------------------------------------------------- emission

interface Emission { readonly send: string; readonly bytes: string | undefined }

/** Serialisers of the sink's key and value, and the function that writes one record. */
function emitText(job: Job, name: string, sink: SinkPlan, sinkIndex: number, out: Row): Emission {
  const timestampFormat = sink.options['json.timestamp-format.standard'] === 'ISO-8601' ? 'ISO-8601' : 'SQL';
  const write = job.name('write', capital(name));
  job.addSource(serializeSource({ name: write, layout: out.layout, timestampFormat }));
  const hasKey = sink.keyColumns.length > 0;
  const writeKey = hasKey ? job.name('write', capital(name), 'Key') : '';
  if (hasKey) job.addSource(serializeSource({ name: writeKey, layout: out.layout, fields: sink.keyColumns, timestampFormat }));
  job.use('emit/output', 'hasOutputRoom', 'outputBytes', 'endRecord');
  job.use('abi', 'ROW_INSERT');
  const bound = [`${write}Bound(${out.name})`, ...hasKey ? [`${writeKey}Bound(${out.name})`] : []].join(' + ');
  const send = job.name('send', capital(name));
  const lines = hasKey
    ? [`const keyEnd = ${writeKey}(${out.name}, outputBytes());`, `endRecord(${sinkIndex}, ROW_INSERT, keyEnd, ${write}(${out.name}, keyEnd));`]
    : [`endRecord(${sinkIndex}, ROW_INSERT, 0, ${write}(${out.name}, outputBytes()));`];
  job.addFunction(`One record for ${sink.name}. @returns false without room for it`, `${send}(): bool`, [
    `if (!hasOutputRoom(${bound})) return false;`, ...lines, 'return true;',
  ]);
  const hasTexts = out.layout.fields.some(({ cell }) => cell === 'text');
  return { send, bytes: hasTexts ? bound : undefined };
}
