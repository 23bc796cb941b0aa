/**
 * The step in generated text: for each source the loop over rows, as stages that can be left and entered again; then init,
 * step and drain. A row is judged, then handed to the operators that take it, then moves the watermark; then what is due
 * is done (settle.ts). A row behind which others wait in a queue has a stage of its own for each such operator.
 */
import type { Column, SourcePlan } from '../plan/nodes.ts';
import type { Circuit, Leaf } from './circuit.ts';
import type { Burial } from './dead-letter.ts';
import { block, capital, type Job } from './job.ts';
import { at, fillRow, type Row } from './rows.ts';
import { settleText } from './settle.ts';

/** What the step needs of one source. */
export interface SourceTexts {
  readonly plan: SourcePlan;
  readonly index: number;
  readonly row: Row;
  /** Function that parses a payload into `row`. */
  readonly parse: string;
  /** Constant with its event time; '' without a watermark. */
  readonly time: string;
  readonly burial: Burial;
  readonly leaves: readonly Leaf[];
}

/** What `admit` answers. */
const REFUSED = 0;
const ADMITTED = 1;
const NO_ROOM = 2;

/** Adds the functions of one source. @returns names of the loop over rows and of what the end of the source does */
export function sourceStep(circuit: Circuit, source: SourceTexts): StepParts {
  const { job } = circuit;
  const name = source.plan.table;
  const admit = admitText(job, name, source);
  const { settle, isDue } = settleText(circuit, source.index, name);
  const queued = source.leaves.filter(({ next }) => next.drain !== undefined);
  // Left in a queue behind the last window that was due, nothing is due any more when the row goes on.
  const mustSettle = circuit.drains.length === 0 ? isDue : `stage == ${queued.length + 1} || ${isDue}`;
  const plain = source.leaves.filter(({ next }) => next.drain === undefined);
  const emits = source.plan.deadLetterSink !== undefined || source.leaves.some(({ next }) => next.emits);
  job.use('operator', 'openBatch', 'pause', 'finishBatch', 'stopFull', 'isMark');
  if (emits) job.use('emit/output', 'isOutputFull');
  const rows = job.name('rowsOf', capital(name));
  const judged = [
    'if (isMark(row)) continue;',
    ...emits ? ['if (isOutputFull()) return pause(row, 0);'] : [],
    `const verdict = ${admit}(row);`,
    `if (verdict != ${ADMITTED}) {`,
    `  if (verdict == ${NO_ROOM}) return stopFull(row);`,
    `  ${source.burial.row}(row);`,
    '  continue;',
    '}',
    ...plain.flatMap((leaf) => applyLines(job, leaf)),
  ];
  const first = queued.length === 0 ? [...judged, ...advanceLines(source)] : [...judged, ...applyLines(job, queued[0])];
  const lines = [
    'const count = openBatch();',
    'for (let row = from, stage = at; row < count; row++, stage = 0) {',
    '  if (stage == 0) {', ...first.map((line) => `    ${line}`), ...queued.length === 0 ? [] : ['    stage = 1;'], '  }',
    ...queued.flatMap((leaf, place) => queuedLines(job, source, admit, leaf, queued[place + 1], place + 1)),
    ...settle === undefined ? [] : [`  if (${mustSettle}) {`, `    if (!${settle}()) return pause(row, ${queued.length + 1});`, '  }'],
    '}',
    'return finishBatch(count);',
  ];
  job.addFunction(`Rows of ${source.plan.table} from row \`from\`, stage \`at\` on.`, `${rows}(from: u32, at: u32): i32`, lines);
  return { rows, end: endText(job, name, source, settle) };
}

/** Stage `stage`: the rows that wait behind `leaf` go on, then the row enters at the next leaf, or moves the watermark. */
function queuedLines(
  job: Job, source: SourceTexts, admit: string, { next: { drain } }: Leaf, following: Leaf | undefined, stage: number,
): string[] {
  const after = following === undefined ? advanceLines(source) : [
    `if (at != 0 && row == from) ${admit}(row);`, // the call before has ended: what was computed of the row is gone
    ...applyLines(job, following),
  ];
  return [
    `  if (stage == ${stage}) {`, `    if (!${drain ?? ''}()) return pause(row, ${stage});`, ...after.map((line) => `    ${line}`), '    stage++;', '  }',
  ];
}

function applyLines(job: Job, leaf: Leaf | undefined): string[] {
  if (leaf === undefined) return [];
  job.use('operator', 'hasPassed');
  const [only, ...more] = leaf.next.apply;
  if (only !== undefined && more.length === 0) return [`if (hasPassed(${leaf.index})) ${only}`];
  return [`if (hasPassed(${leaf.index})) {`, ...leaf.next.apply.map((line) => `  ${line}`), '}'];
}

/** Judges a row: everything that can fail is computed, and the room is found, before the first store into the state. */
function admitText(job: Job, name: string, source: SourceTexts): string {
  const { row, plan } = source;
  job.use('operator', 'startRow', 'isSkipped', 'flagsOf', 'rejectRow', 'payloadOf', 'payloadEndOf', 'hasFailed', 'setPassed');
  job.use('abi', 'REJECT_TRAP', 'REJECT_OVERSIZE', 'ROW_TRUNCATED');
  job.use('error', 'errorReason');
  const computed = computedLines(job, source);
  const needsArrival = job.used.has('SCRATCH_ARRIVAL');
  const lines = [
    'startRow(row);',
    ...needsArrival ? ['noteArrival(row);'] : [],
    'if (isSkipped(row)) return rejectRow(REJECT_TRAP);',
    'if ((flagsOf(row) & ROW_TRUNCATED) != 0) return rejectRow(REJECT_OVERSIZE);',
    `const reason = ${source.parse}(payloadOf(row), payloadEndOf(row), ${row.name});`,
    'if (reason != 0) return rejectRow(reason);',
    ...computed,
    ...eventTimeLines(job, source),
    ...source.leaves.map(({ take, index }) => `if (${take}()) setPassed(${index});`),
    'if (hasFailed()) return rejectRow(errorReason());',
    ...outputLines(job, source),
    ...roomLines(job, source),
    `return ${ADMITTED};`,
  ];
  if (needsArrival) job.use('operator', 'noteArrival');
  const admit = job.name('admit', capital(name));
  const comment = `Judges a row of ${plan.table}. @returns ${REFUSED} refused, ${ADMITTED} admitted, ${NO_ROOM} the state has no room for it`;
  job.addFunction(comment, `${admit}(row: u32): u32`, lines);
  return admit;
}

/** Computed columns read those before them in the same row. */
function computedLines(job: Job, { plan, row }: SourceTexts): string[] {
  const computed = plan.scan.columns.flatMap(({ source }, index) => (source.kind === 'computed' ? [{ index, expression: source.expression }] : []));
  if (computed.length === 0) return [];
  const part: Row = { ...row, layout: { ...row.layout, fields: computed.map(({ index }) => at(row.layout.fields, index)) } };
  const words = (column: Column): string => `computed column ${column.name} of ${plan.table}`;
  const [, ...calls] = fillRow(job, part, computed.map(({ expression }) => expression), row.view, words);
  return calls;
}

function eventTimeLines(job: Job, { plan, row }: SourceTexts): string[] {
  if (plan.watermark === undefined) return [];
  job.use('abi', 'REJECT_EVENT_TIME');
  job.use('time/watermark', 'isEventTime');
  const { value, isNull } = row.view.column(plan.watermark.column);
  const failed = job.places.length > 0 ? ['if (hasFailed()) return rejectRow(errorReason());'] : [];
  return [...failed, `if (${isNull === 'false' ? '' : `(${isNull}) || `}!isEventTime(${value})) return rejectRow(REJECT_EVENT_TIME);`];
}

/** A record must fit the output area on its own; whether it may not is asked before anything is stored. */
function outputLines(job: Job, { leaves }: SourceTexts): string[] {
  return leaves.flatMap(({ index, next: { outputBytes } }) => {
    if (outputBytes === undefined) return [];
    job.use('emit/output', 'RECORD_BYTES_MAX');
    job.use('abi', 'REJECT_OUTPUT');
    job.use('operator', 'hasPassed');
    return [`if (hasPassed(${index}) && ${outputBytes} > RECORD_BYTES_MAX) return rejectRow(REJECT_OUTPUT);`];
  });
}

/** The worst that the row may take from the heap. */
function roomLines(job: Job, { leaves }: SourceTexts): string[] {
  const pages = leaves.reduce((total, { next }) => total + next.needs.pages, 0);
  if (pages === 0) return [];
  job.use('state/heap', 'hasRoom');
  const withTexts = leaves.filter(({ next }) => next.needs.lengths.length > 0);
  if (withTexts.length === 0) return [`if (!hasRoom(${pages}, 0)) return ${NO_ROOM};`];
  job.use('state/heap', 'runBytesOf');
  job.use('operator', 'hasPassed');
  const lines = ['let runs: usize = 0;'];
  for (const { index, next } of withTexts) {
    lines.push(`if (hasPassed(${index})) runs += ${next.needs.lengths.map((length) => `runBytesOf(${length})`).join(' + ')};`);
  }
  return [...lines, `if (!hasRoom(${pages}, runs)) return ${NO_ROOM};`];
}

function advanceLines({ plan, row, time }: SourceTexts): string[] {
  if (plan.watermark === undefined) return [];
  return [`${time}.advance(${row.view.column(plan.watermark.column).value}, ${plan.watermark.delayMs});`];
}

/** A bounded source ends: nothing waits for its rows any longer. */
function endText(job: Job, name: string, { time, plan }: SourceTexts, settle: string | undefined): string {
  const end = job.name('endOf', capital(name));
  const lines = plan.watermark === undefined ? [] : [`${time}.end();`];
  if (settle !== undefined) lines.push(`if (!${settle}()) return pause(0, 1);`);
  job.addFunction(`The end of ${plan.table}.`, `${end}(): i32`, [...lines, 'return finishBatch(0);']);
  return end;
}

export interface StepParts { readonly rows: string; readonly end: string }

/** Adds init, step and drain. `init` are statements that lay out the operators' state. */
export function exportsText(job: Job, sources: readonly StepParts[], init: readonly string[]): void {
  job.use('operator', 'initState', 'pausedRow', 'pausedStage');
  job.use('emit/output', 'startOutput');
  job.use('ingest/batch', 'batchKind', 'batchSource');
  job.use('abi', 'BATCH_DATA', 'BATCH_END', 'STATUS_DONE');
  const lines = [`initState(0x${job.registers.heapStart().toString(16)});`, ...init];
  job.add('exports', `/** Lays out an empty state. */\nexport function init(): void {\n${block(lines)}}`);
  job.add('exports', '/** Steps the log record in INPUT. @returns STATUS_* */\nexport function step(length: i32): i32 { return run(0, 0); }');
  job.add('exports', '/** Goes on after MORE. @returns STATUS_* */\nexport function drain(): i32 { return run(pausedRow(), pausedStage()); }');
  const cases = sources.map(({ rows, end }, index) => (
    `    case ${index}: return kind == BATCH_DATA ? ${rows}(row, stage) : ${end}();\n`)).join('');
  job.add('exports', `function run(row: u32, stage: u32): i32 {
  startOutput();
  const kind = batchKind();
  if (kind != BATCH_DATA && kind != BATCH_END) return STATUS_DONE;
  switch (batchSource()) {
${cases}  }
  return STATUS_DONE;
}`);
}
