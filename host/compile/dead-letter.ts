/**
 * Dead letters in generated text: what is refused goes, with its reason, to the table that the source names; without one it
 * is only counted. The table's columns are found by name: payload (BYTES), topic, source, reason, detail, offset, row, arrival.
 */
import type { Plan, SinkPlan, SourcePlan } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { block, capital, type Job } from './job.ts';
import type { Field } from './layout.ts';
import { addRow, nullBitText, type Row } from './rows.ts';
import { serializeSource } from './serialize.ts';

/** Functions of one source; both count what they send. */
export interface Burial {
  /** `buryRow(row: u32): void` for a row of the batch that `rejection()` tells of. */
  readonly row: string;
  /** `buryResult(reason: i32): void` for a result that cannot be computed. */
  readonly result: string;
}

const BYTES: SqlType = { name: 'BYTES', isNullable: true };

/** Adds a source's functions. `sourceRow` tells the names of columns that a payload failed at. */
export function burialText(job: Job, plan: Plan, source: SourcePlan, sourceRow: Row): Burial {
  const sinkIndex = source.deadLetterSink;
  const name = source.table;
  const row = job.name('bury', capital(name));
  const result = job.name('bury', capital(name), 'Result');
  job.use('operator', 'countRejected', 'rejection');
  const sink = sinkIndex === undefined ? undefined : plan.sinks[sinkIndex];
  if (sink === undefined || sinkIndex === undefined) {
    job.addFunction('Counts a refused row.', `${row}(row: u32): void`, ['countRejected(rejection());']);
    job.addFunction('Counts a result that cannot be computed.', `${result}(reason: i32): void`, ['countRejected(reason);']);
    return { row, result };
  }
  const columns = sink.columns.map(({ name: column, type }) => (
    { name: column, type: column === 'payload' ? BYTES : { ...type, isNullable: true } as SqlType }));
  const letter = addRow(job, job.name(name, 'Letter'), columns, `A dead letter of ${source.table}.`);
  const detail = detailText(job, name, sourceRow);
  const texts = { reason: 'reasonText(reason)', detail: `${detail}(reason)` };
  const send = sendText(job, name, sink, sinkIndex, letter);
  job.use('operator', 'payloadOf', 'payloadEndOf');
  job.use('emit/dead-letter', 'payloadText', 'reasonText');
  job.use('text/arena', 'reset');
  job.addFunction('A refused row to the dead letters.', `${row}(row: u32): void`, [
    'const reason = rejection();', 'reset();',
    ...letterLines(job, letter, source, { ...texts, payload: 'payloadText(payloadOf(row), payloadEndOf(row))' }),
    `${send}();`, 'countRejected(reason);',
  ]);
  job.addFunction('A result that cannot be computed to the dead letters.', `${result}(reason: i32): void`, [
    'const row = load<u32>(SCRATCH_ROW);',
    ...letterLines(job, letter, source, { ...texts, payload: undefined }),
    `${send}();`, 'countRejected(reason);',
  ]);
  job.use('scratch', 'SCRATCH_ROW');
  return { row, result };
}

interface LetterTexts { readonly payload: string | undefined; readonly reason: string; readonly detail: string }

function letterLines(job: Job, letter: Row, source: SourcePlan, texts: LetterTexts): string[] {
  const lines = [`${letter.name}.nulls = 0;`];
  for (const field of letter.layout.fields) {
    const value = valueOf(job, field, source, texts);
    if (value === undefined) lines.push(`${letter.name}.nulls |= ${nullBitText(letter.layout, field)};`);
    else lines.push(`${letter.name}.${field.name} = ${field.cell === 'i32' ? `<i32>${value}` : value};`);
  }
  return lines;
}

function valueOf(job: Job, field: Field, source: SourcePlan, texts: LetterTexts): string | undefined {
  const isText = field.cell === 'text';
  const isNumber = field.cell === 'i64' || field.cell === 'i32';
  switch (field.column.name) {
    case 'payload': return texts.payload;
    case 'reason': return isText ? texts.reason : undefined;
    case 'detail': return isText ? texts.detail : undefined;
    case 'source': return isText ? staticText(job, source.table) : undefined;
    case 'topic': {
      if (!isText) return undefined;
      job.use('ingest/batch', 'rowTopic');
      return 'rowTopic(row)';
    }
    case 'offset': {
      if (!isNumber) return undefined;
      job.use('emit/dead-letter', 'recordOffset');
      return 'recordOffset()';
    }
    case 'row': return isNumber ? '<i64>row' : undefined;
    case 'arrival': {
      if (field.cell !== 'i64') return undefined;
      job.use('ingest/batch', 'rowArrival');
      return 'rowArrival(row)';
    }
    default: return undefined;
  }
}

/** Adds the function that tells in words what was wrong: the column of a payload, the place of an expression. */
function detailText(job: Job, name: string, sourceRow: Row): string {
  const detail = job.name('detail', capital(name));
  job.use('abi', 'REJECT_EXPRESSION');
  job.use('error', 'errorExpression', 'errorReason');
  job.use('ingest/reject', 'rejectColumn');
  job.use('text/text', 'textOf');
  const columns = sourceRow.layout.fields.map(({ column, nullBit }) => `    case ${nullBit}: return ${staticText(job, `column ${column.name}`)};`);
  job.add('exports', `/** What was wrong with the row at hand. */\nfunction ${detail}(reason: i32): u64 {\n${block([
    'if (errorReason() != 0) return placeText(errorExpression());',
    'if (reason == REJECT_EXPRESSION) return textOf(0, 0);',
    'switch (rejectColumn()) {', ...columns.map((line) => line.slice(2)), '}', 'return textOf(0, 0);',
  ])}}`);
  return detail;
}

/** The function that names the places where expressions can fail; made last, when all are known. */
export function placesText(job: Job): void {
  job.use('text/text', 'textOf');
  const cases = job.places.map((words, index) => `    case ${index}: return ${staticText(job, words)};\n`).join('');
  const body = `  switch (place) {\n${cases}  }\n  return textOf(0, 0);\n`;
  job.add('exports', `/** Where an expression failed, in words. */\nfunction placeText(place: i32): u64 {\n${body}}`);
}

/** A constant text; its bytes lie among the module's constants. */
function staticText(job: Job, text: string): string {
  job.use('text/text', 'textOf');
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0) return 'textOf(0, 0)';
  const padded = [...bytes, ...new Uint8Array(16)]; // texts are copied 16 bytes at a time
  return `textOf(memory.data<u8>([${padded.join(', ')}]), ${bytes.length})`;
}

function sendText(job: Job, name: string, sink: SinkPlan, sinkIndex: number, letter: Row): string {
  const write = job.name('write', capital(name), 'Letter');
  const timestampFormat = sink.options['json.timestamp-format.standard'] === 'ISO-8601' ? 'ISO-8601' : 'SQL';
  job.addSource(serializeSource({ name: write, layout: letter.layout, timestampFormat }));
  job.use('emit/output', 'beginRecord', 'endRecord', 'RECORD_BYTES_MAX');
  job.use('abi', 'ROW_INSERT');
  const send = job.name('send', capital(name), 'Letter');
  job.addFunction(`One record for ${sink.name}.`, `${send}(): void`, [
    `const out = beginRecord(min<u32>(${write}Bound(${letter.name}), RECORD_BYTES_MAX));`,
    `endRecord(${sinkIndex}, ROW_INSERT, 0, ${write}(${letter.name}, out));`,
  ]);
  return send;
}
