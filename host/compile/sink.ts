/** The end of a sink's tree in generated text: its row, the serialisers of key and value, and the function that writes one record. */
import { isUniqueBy, uniqueKeyOf } from '../plan/changelog.ts';
import type { Column, Expression, SinkPlan } from '../plan/nodes.ts';
import { APPEND, NOTHING, type Continuation, type Downstream, type Feed } from './circuit.ts';
import { capital, type Job } from './job.ts';
import type { Branch } from './nodes.ts';
import { columnExpressions } from './nodes.ts';
import { addRow, fillRow, type Row } from './rows.ts';
import { serializeSource } from './serialize.ts';

/** Column that carries the kind of a change to a sink that takes all of them; one that keeps the last row of a key needs none. */
const KIND_COLUMN: Column = { name: '$op', type: { name: 'STRING', isNullable: false } };

/** What `sink` does with a row. */
export function sinkEnd({ circuit: { job }, name }: Branch, sink: SinkPlan, sinkIndex: number): Downstream {
  const finished = (feed: Feed, expressions: readonly Expression[]): Continuation => {
    const isUpdating = feed.kind !== APPEND;
    const hasKind = isUpdating && sink.changelog !== 'upsert';
    const out = addRow(job, job.name(name, 'Out'), [...hasKind ? [KIND_COLUMN] : [], ...sink.columns], `What ${sink.name} gets.`);
    const columns: Row = { ...out, layout: { ...out.layout, fields: out.layout.fields.slice(hasKind ? 1 : 0) } };
    const take = fillRow(job, columns, expressions.slice(0, sink.columns.length), feed.view, (column) => `column ${column.name} of sink ${sink.name}`);
    const { send, bytes } = sendText(job, { name, sink, sinkIndex, out, isUpdating, hasKind });
    return { take, apply: [`${send}(${isUpdating ? feed.kind : ''});`], needs: NOTHING, outputBytes: bytes, emits: true, drain: undefined };
  };
  return {
    over: (feed) => finished(feed, columnExpressions(feed.view.columns)),
    project: finished,
  };
}

interface Emission { readonly send: string; readonly bytes: string | undefined }

/**
 * Whether every row that is taken back is followed by one with the same key: nothing between the sink and what changes its rows
 * may drop one half of a change. Otherwise a sink of last rows must hear of it, and takes the key away.
 */
function isReplaced({ input, primaryKey = [] }: SinkPlan): boolean {
  let node = input;
  while (node?.kind === 'project') node = node.input;
  const isWhole = node?.kind === 'groupAggregate' || node?.kind === 'deduplicate';
  return isWhole && input !== undefined && isUniqueBy(input, primaryKey) && uniqueKeyOf(input)?.length === primaryKey.length;
}

interface SendParts {
  readonly name: string; readonly sink: SinkPlan; readonly sinkIndex: number; readonly out: Row; readonly isUpdating: boolean; readonly hasKind: boolean;
}

function sendText(job: Job, { name, sink, sinkIndex, out, isUpdating, hasKind }: SendParts): Emission {
  const timestampFormat = sink.options['json.timestamp-format.standard'] === 'ISO-8601' ? 'ISO-8601' : 'SQL';
  const write = job.name('write', capital(name));
  job.addSource(serializeSource({ name: write, layout: out.layout, timestampFormat }));
  const keyFields = sink.keyColumns.map((index) => index + (hasKind ? 1 : 0));
  const writeKey = keyFields.length > 0 ? job.name('write', capital(name), 'Key') : '';
  if (writeKey !== '') job.addSource(serializeSource({ name: writeKey, layout: out.layout, fields: keyFields, timestampFormat }));
  job.use('emit/output', 'beginRecord', 'endRecord');
  job.use('abi', APPEND);
  const bound = [`${write}Bound(${out.name})`, ...writeKey === '' ? [] : [`${writeKey}Bound(${out.name})`]].join(' + ');
  const send = job.name('send', capital(name));
  const kind = isUpdating ? 'kind' : APPEND;
  const lines = writeKey === ''
    ? [`endRecord(${sinkIndex}, ${kind}, 0, ${write}(${out.name}, beginRecord(${bound})));`]
    : [`const keyEnd = ${writeKey}(${out.name}, beginRecord(${bound}));`, `endRecord(${sinkIndex}, ${kind}, keyEnd, ${write}(${out.name}, keyEnd));`];
  if (isUpdating && !hasKind && isReplaced(sink)) {
    job.use('abi', 'ROW_UPDATE_BEFORE');
    lines.unshift('if (kind == ROW_UPDATE_BEFORE) return; // the row that follows replaces it');
  }
  if (hasKind) {
    job.use('emit/kind', 'kindText');
    lines.unshift(`${out.name}.${out.layout.fields[0]?.name ?? ''} = kindText(kind);`);
  }
  job.addFunction(`One record for ${sink.name}.`, `${send}(${isUpdating ? 'kind: u32' : ''}): void`, lines);
  const hasTexts = out.layout.fields.some(({ cell, column }) => cell === 'text' && column !== KIND_COLUMN);
  return { send, bytes: hasTexts ? bound : undefined };
}
