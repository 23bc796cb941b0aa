/**
 * The step in generated text: for each source the loop over rows, as stages that can be left and entered again; then init,
 * step and drain. Stage 0 judges the row, 1 buries it, the next ones send what stateless queries took, one applies the
 * row to windows and moves the watermark, the last ones fire windows.
 */
import type { Column, SourcePlan } from '../plan/nodes.ts';
import type { Burial } from './dead-letter.ts';
import { block, capital, type Job } from './job.ts';
import type { Query } from './query.ts';
import { at, fillRow, type Row } from './rows.ts';

/** What the step needs of one source. */
export interface SourceTexts {
  readonly plan: SourcePlan;
  readonly index: number;
  readonly row: Row;
  /** Function that parses a payload into `row`. */
  readonly parse: string;
  /** Constant with its event time; undefined without a watermark. */
  readonly time: string | undefined;
  readonly burial: Burial;
  readonly queries: readonly Query[];
}

const STAGE_REJECTED = 1;
const STAGE_SEND = 2;

/** Adds the functions of one source. @returns names of the loop over rows and of what the end of the source does */
export function sourceStep(job: Job, source: SourceTexts): { readonly rows: string; readonly end: string } {
  const name = source.plan.table;
  const admit = admitText(job, name, source);
  const fire = fireText(job, name, source);
  const sends = source.queries.filter(({ send }) => send !== undefined);
  const applyStage = STAGE_SEND + sends.length;
  const applies = source.queries.flatMap((query) => (query.window === undefined ? [] : [`if (hasPassed(${query.index})) ${query.window.apply}();`]));
  const advance = advanceLines(source);
  const rows = job.name('rowsOf', capital(name));
  job.use('operator', 'openBatch', 'pause', 'finishBatch', 'stopFull', 'hasPassed', 'isMark');
  const lines = [
    'const count = openBatch();',
    'for (let row = from, stage = at; row < count; row++, stage = 0) {',
    '  if (stage == 0) {', '    if (isMark(row)) continue;', `    stage = ${admit}(row);`, '    if (stage == 0) return stopFull(row);', '  }',
    `  if (stage == ${STAGE_REJECTED}) {`, `    if (!${source.burial.row}(row)) return pause(row, ${STAGE_REJECTED});`, '    continue;', '  }',
    ...sends.flatMap((query, place) => [
      `  if (stage == ${STAGE_SEND + place}) {`,
      `    if (hasPassed(${query.index}) && !${query.send ?? ''}()) return pause(row, ${STAGE_SEND + place});`,
      '    stage++;', '  }',
    ]),
    `  if (stage == ${applyStage}) {`, ...[...applies, ...advance].map((line) => `    ${line}`), '    stage++;', '  }',
    ...fire === undefined ? [] : [
      `  if (${dueText(source)}) {`, `    stage = ${fire}(stage);`, '    if (stage != 0) return pause(row, stage);', '  }',
    ],
    '}',
    'return finishBatch(count);',
  ];
  job.addFunction(`Rows of ${source.plan.table} from row \`from\`, stage \`at\` on.`, `${rows}(from: u32, at: u32): i32`, lines);
  return { rows, end: endText(job, name, source, fire, applyStage + 1) };
}

/** Judges a row: everything that can fail is computed, and the room is found, before the first store into the state. */
function admitText(job: Job, name: string, source: SourceTexts): string {
  const { row, plan } = source;
  job.use('operator', 'startRow', 'isSkipped', 'flagsOf', 'rejectRow', 'payloadOf', 'payloadEndOf', 'hasFailed', 'setPassed');
  job.use('abi', 'REJECT_TRAP', 'REJECT_OVERSIZE', 'ROW_TRUNCATED');
  job.use('error', 'errorReason');
  const reject = job.name('reject', capital(name));
  job.addFunction('Notes why a row is refused. @returns the stage that buries it', `${reject}(reason: i32): u32`, [
    'rejectRow(reason);', `return ${STAGE_REJECTED};`,
  ]);
  const computed = computedLines(job, source);
  const needsArrival = job.used.has('SCRATCH_ARRIVAL');
  const lines = [
    'startRow(row);',
    ...needsArrival ? ['noteArrival(row);'] : [],
    `if (isSkipped(row)) return ${reject}(REJECT_TRAP);`,
    `if ((flagsOf(row) & ROW_TRUNCATED) != 0) return ${reject}(REJECT_OVERSIZE);`,
    `const reason = ${source.parse}(payloadOf(row), payloadEndOf(row), ${row.name});`,
    `if (reason != 0) return ${reject}(reason);`,
    ...computed,
    ...eventTimeLines(job, source, reject),
    ...source.queries.flatMap((query) => [
      `if (${query.take}()) setPassed(${query.index});`,
    ]),
    `if (hasFailed()) return ${reject}(errorReason());`,
    ...outputLines(job, source, reject),
    ...roomLines(job, source),
    `return ${STAGE_SEND};`,
  ];
  if (needsArrival) job.use('operator', 'noteArrival');
  const admit = job.name('admit', capital(name));
  const comment = `Judges a row of ${plan.table}. @returns the stage it goes on with, 0 where the state has no room for it`;
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

function eventTimeLines(job: Job, { plan, row, time }: SourceTexts, reject: string): string[] {
  if (plan.watermark === undefined || time === undefined) return [];
  job.use('abi', 'REJECT_EVENT_TIME');
  job.use('time/watermark', 'isEventTime');
  const { value, isNull } = row.view.column(plan.watermark.column);
  const failed = job.places.length > 0 ? [`if (hasFailed()) return ${reject}(errorReason());`] : [];
  return [...failed, `if (${isNull === 'false' ? '' : `(${isNull}) || `}!isEventTime(${value})) return ${reject}(REJECT_EVENT_TIME);`];
}

/** A record must fit the output area on its own; whether it may not is asked before anything is stored. */
function outputLines(job: Job, { queries }: SourceTexts, reject: string): string[] {
  return queries.flatMap(({ index, outputBytes }) => {
    if (outputBytes === undefined) return [];
    job.use('emit/output', 'RECORD_BYTES_MAX');
    job.use('abi', 'REJECT_OUTPUT');
    job.use('operator', 'hasPassed');
    return [`if (hasPassed(${index}) && ${outputBytes} > RECORD_BYTES_MAX) return ${reject}(REJECT_OUTPUT);`];
  });
}

/** The worst that the row may take from the heap. */
function roomLines(job: Job, { queries }: SourceTexts): string[] {
  const windows = queries.flatMap((query) => (query.window === undefined ? [] : [{ index: query.index, window: query.window }]));
  if (windows.length === 0) return [];
  job.use('state/heap', 'hasRoom');
  const pages = windows.reduce((total, { window }) => total + window.pages, 0);
  const withTexts = windows.filter(({ window }) => window.textLengths.length > 0);
  if (withTexts.length === 0) return [`if (!hasRoom(${pages}, 0)) return 0;`];
  job.use('state/heap', 'runBytesOf');
  const lines = ['let runs: usize = 0;'];
  for (const { index, window } of withTexts) {
    lines.push(`if (hasPassed(${index})) runs += ${window.textLengths.map((length) => `runBytesOf(${length})`).join(' + ')};`);
  }
  return [...lines, `if (!hasRoom(${pages}, runs)) return 0;`];
}

function advanceLines({ plan, row, time }: SourceTexts): string[] {
  if (plan.watermark === undefined || time === undefined) return [];
  return [`${time}.advance(${row.view.column(plan.watermark.column).value}, ${plan.watermark.delayMs});`];
}

function dueText({ queries }: SourceTexts): string {
  return queries.flatMap(({ window }) => (window === undefined ? [] : [window.isDue])).join(' || ');
}

/** Stages that fire windows, from `stage` on. @returns the function: 0 when all have fired, else the stage that found no room */
function fireText(job: Job, name: string, { queries, plan }: SourceTexts): string | undefined {
  const windows = queries.flatMap(({ window }) => (window === undefined ? [] : [window]));
  if (windows.length === 0) return undefined;
  const first = STAGE_SEND + queries.length - windows.length + 1;
  const fire = job.name('fire', capital(name));
  const lines = windows.map((window, place) => `if (stage <= ${first + place} && !${window.fire}()) return ${first + place};`);
  const comment = `Fires windows over ${plan.table}. @returns 0, or the stage that found no room in the output`;
  job.addFunction(comment, `${fire}(stage: u32): u32`, [...lines, 'return 0;']);
  return fire;
}

/** A bounded source ends: nothing waits for its rows any longer. */
function endText(job: Job, name: string, { time, plan }: SourceTexts, fire: string | undefined, first: number): string {
  const end = job.name('endOf', capital(name));
  const lines = time === undefined ? [] : [`${time}.end();`];
  if (fire !== undefined) lines.push(`const stage = ${fire}(at == 0 ? ${first} : at);`, 'if (stage != 0) return pause(0, stage);');
  job.addFunction(`The end of ${plan.table}.`, `${end}(at: u32): i32`, [...lines, 'return finishBatch(0);']);
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
    `    case ${index}: return kind == BATCH_DATA ? ${rows}(row, stage) : ${end}(stage);\n`)).join('');
  job.add('exports', `function run(row: u32, stage: u32): i32 {
  startOutput();
  const kind = batchKind();
  if (kind != BATCH_DATA && kind != BATCH_END) return STATUS_DONE;
  switch (batchSource()) {
${cases}  }
  return STATUS_DONE;
}`);
}
