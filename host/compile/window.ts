/**
 * A windowed aggregation in generated text: what a row needs is computed while it is judged; `apply` adds it to its pane;
 * `fire` sends the panes of windows that the watermark has passed, and can be asked again where it stopped.
 */
import type { Column, Expression, WindowAggregateNode } from '../plan/nodes.ts';
import { groupKey, type GroupKey } from './group-key.ts';
import { capital, type Job } from './job.ts';
import { paneRecord, type BoundCall, type Pane } from './pane.ts';
import { addRow, assign, at, project, type Row, type View } from './rows.ts';

/** The names that the step calls. */
export interface WindowTexts {
  /** `apply(): void` adds the row to its pane. */
  readonly apply: string;
  /** `fire(): bool` sends due windows; false without room in the output. */
  readonly fire: string;
  /** `isDue(): bool` text: whether some window is to fire. */
  readonly isDue: string;
  /** Statements of `init`. */
  readonly init: readonly string[];
  /** Pages of the state that a row may take. */
  readonly pages: number;
  /** Expressions for lengths of texts that the row may copy into the state. */
  readonly textLengths: readonly string[];
}

export interface WindowOptions {
  readonly name: string;
  readonly node: WindowAggregateNode;
  readonly view: View;
  readonly take: string;
  readonly takeLines: readonly string[];
  /** Constant with the source's event time. */
  readonly time: string;
  readonly words: string;
  /** Statements from the result row to the sink's row; they return true where nothing is to be sent. */
  readonly select: (result: Row) => readonly string[];
  readonly send: string;
  readonly outputBytes: string | undefined;
  readonly bury: string;
}

/** As assembly/state/dictionary.ts and window/tumble.ts have them, and a block for the key's bytes. */
const KEYED_PAGES = 6 + 3 + 1;
const SOLE_PAGES = 3;
/** Registers of a dictionary and of a window. */
const REGISTER_BYTES = 64;
/** Results that one generated function reads. */
const GROUP_COLUMNS = 12;

/** Adds the functions of a window. */
export function windowText(job: Job, options: WindowOptions): WindowTexts {
  const { name, node } = options;
  const windows = job.name(name, 'Windows');
  const isKeyed = node.keys.length > 0;
  const keys = isKeyed ? job.name(name, 'Keys') : '';
  const inputs = inputsOf(job, options);
  const key = isKeyed ? groupKey(job, name, inputs.view, node.keys.length, keys) : undefined;
  const pane = paneRecord(job, name, inputs.calls);
  const { size, offset } = { size: node.window.sizeMs, offset: node.window.offsetMs };
  job.addFunction(`Whether ${options.words} takes the row, and what its pane needs of it.`, `${options.take}(): bool`, [
    ...options.takeLines, ...inputs.lines, ...key?.encode ?? [], 'return true;',
  ]);
  const apply = job.name('apply', capital(name));
  const time = options.view.column(node.window.timeColumn).value;
  job.addFunction(`The row into its pane of ${name}.`, `${apply}(): void`, [
    `if (!${windows}.enter(${time}, ${size}, ${offset}, ${options.time}.watermark)) return;`,
    isKeyed ? `${windows}.keyedPane<${pane.className}>(${keys}, ${key?.entry ?? ''}).add();` : `${windows}.solePane<${pane.className}>().add();`,
  ]);
  const fire = fireText(job, options, { windows, keys, key, pane });
  job.use('window/tumble', 'Tumble');
  const registers = job.registers.take(REGISTER_BYTES);
  job.add('constants', `const ${windows} = changetype<Tumble>(0x${registers.toString(16)});`);
  const init = [`${windows}.init();`];
  if (isKeyed) init.push(keysText(job, keys));
  job.describeState({ window: 'tumble', name, size, offset, key: key?.shape ?? [], pane: pane.shape });
  const lengths = [...key?.length === undefined ? [] : [key.length], ...pane.textLengths];
  return {
    apply, fire, isDue: `${windows}.isDue(${options.time}.watermark)`, init, textLengths: lengths,
    pages: (isKeyed ? KEYED_PAGES : SOLE_PAGES) + pane.textLengths.length,
  };
}

/** Adds the dictionary's constant. @returns the statement that lays it out */
function keysText(job: Job, keys: string): string {
  const registers = job.registers.take(REGISTER_BYTES);
  job.use('state/dictionary', 'Dictionary');
  job.add('constants', `const ${keys} = changetype<Dictionary>(0x${registers.toString(16)});`);
  return `${keys}.init(0x${registers.toString(16)}9e3779b97);`;
}

interface Inputs { readonly view: View; readonly calls: readonly BoundCall[]; readonly lines: readonly string[] }

/** Keys, arguments and filters over the row: columns as they are, the rest computed while the row is judged. */
function inputsOf(job: Job, options: WindowOptions): Inputs {
  const { node, name, view, words } = options;
  const expressions: Expression[] = [...node.keys];
  const columns: Column[] = node.keys.map((expression, index) => ({ name: node.columns[index]?.name ?? `key${index}`, type: expression.type }));
  const add = (expression: Expression | undefined, hint: string): number => {
    if (expression === undefined) return -1;
    const text = sameText(expression);
    const known = expressions.findIndex((other, index) => index >= node.keys.length && sameText(other) === text);
    if (known >= 0) return known;
    columns.push({ name: hint, type: expression.type });
    return expressions.push(expression) - 1;
  };
  const places = node.aggregates.map(({ argument, filter }, index) => {
    const column = node.columns[node.keys.length + index]?.name ?? `aggregate${index}`;
    return { argument: add(argument, column), filter: add(filter, `${column}Filter`) };
  });
  const inputs = project(job, job.name(name, 'In'), expressions, columns, view, words);
  const calls = node.aggregates.map((call, index): BoundCall => {
    const { argument, filter } = at(places, index);
    const text = filter < 0 ? undefined : inputs.view.column(filter);
    const isTaken = text === undefined ? undefined : text.isNull === 'false' ? text.value : `!(${text.isNull}) && ${text.value}`;
    return { call, argument: argument < 0 ? undefined : inputs.view.column(argument), argumentType: call.argument?.type, isTaken };
  });
  return { view: inputs.view, calls, lines: inputs.lines };
}

/** Equal for expressions that are the same but for their place in the job's text. */
function sameText(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => (key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value));
}

interface FireParts { readonly windows: string; readonly keys: string; readonly key: GroupKey | undefined; readonly pane: Pane }

/** `fire`, the loop over panes, and what makes a result of one. */
function fireText(job: Job, options: WindowOptions, { windows, keys, key, pane }: FireParts): string {
  const { name, node } = options;
  const result = addRow(job, job.name(name, 'Result'), node.columns, `A result of ${options.words}, before HAVING and projection.`);
  const read = readText(job, options, result, { windows, keys, key, pane });
  const finish = job.name('finish', capital(name));
  job.use('operator', 'hasFailed');
  job.use('error', 'clearError');
  job.use('text/arena', 'reset');
  job.addFunction('What the sink gets of the result at hand; false where HAVING drops it.', `${finish}(): bool`, [
    ...options.select(result), 'return true;',
  ]);
  const tooLarge = options.outputBytes === undefined ? [] : [`if (${options.outputBytes} > RECORD_BYTES_MAX) return ${options.bury}(REJECT_OUTPUT);`];
  if (tooLarge.length > 0) {
    job.use('emit/output', 'RECORD_BYTES_MAX');
    job.use('abi', 'REJECT_OUTPUT');
  }
  job.use('error', 'errorReason');
  const sendPane = job.name('sendPane', capital(name));
  job.addFunction('One result to the sink, or to the dead letters. @returns false without room for it', `${sendPane}(pane: ${pane.className}): bool`, [
    'clearError();', 'reset();', `${read}(pane);`,
    `const isWanted = ${finish}();`,
    `if (hasFailed()) return ${options.bury}(errorReason());`,
    'if (!isWanted) return true;',
    ...tooLarge, `return ${options.send}();`,
  ]);
  const fire = job.name('fire', capital(name));
  const next = `${windows}.nextPane<${pane.className}>()`;
  job.addFunction(`Windows of ${name} that the watermark has passed. @returns false without room for more results`, `${fire}(): bool`, [
    `while (${windows}.isDue(${options.time}.watermark)) {`,
    `  for (let at = ${next}; at != 0; at = ${next}) {`,
    `    const pane = changetype<${pane.className}>(at);`,
    `    if (!${sendPane}(pane)) return false;`,
    ...pane.hasTexts ? ['    pane.free();'] : [],
    ...keys === '' ? [] : [`    ${keys}.release(${keys}.entryAt(${windows}.firingId));`],
    `    ${windows}.leavePane();`,
    '  }',
    `  ${windows}.close(${node.window.sizeMs});`,
    '}',
    'return true;',
  ]);
  return fire;
}

/** Adds the functions that read a pane, its key and its window into the result row. @returns the one to call */
function readText(job: Job, options: WindowOptions, result: Row, { windows, keys, key, pane }: FireParts): string {
  const { name, node } = options;
  const first = node.keys.length;
  const calls: string[] = [`${result.name}.nulls = 0;`];
  if (key !== undefined) {
    const readKey = job.name('read', capital(name), 'Key');
    job.use('state/dictionary', 'Entry');
    job.addFunction(`The key's columns.`, `${readKey}(entry: Entry): void`, key.decode(result));
    calls.push(`${readKey}(changetype<Entry>(${keys}.entryAt(${windows}.firingId)));`);
  }
  const results = pane.results(result, first);
  for (let start = 0; start < results.length; start += GROUP_COLUMNS) {
    const readPart = job.name('read', capital(name), 'Values', start === 0 ? '' : String(start));
    const lines = results.slice(start, start + GROUP_COLUMNS).flat();
    const address = lines.some((line) => line.includes('at + ')) ? ['const at = changetype<usize>(pane);'] : [];
    job.addFunction(`The aggregates' columns.`, `${readPart}(pane: ${pane.className}): void`, [...address, ...lines]);
    calls.push(`${readPart}(pane);`);
  }
  const bounds = [`start`, `start + ${node.window.sizeMs}`, `start + ${node.window.sizeMs - 1}`];
  calls.push(`const start = ${windows}.firingStart();`);
  bounds.forEach((value, index) => {
    const field = result.layout.fields[first + node.aggregates.length + index];
    if (field !== undefined) calls.push(...assign(job, result, field, { setup: [], value, isNull: 'false' }));
  });
  const read = job.name('read', capital(name));
  job.addFunction(`A pane of the firing window into ${result.name}.`, `${read}(pane: ${pane.className}): void`, calls);
  return read;
}
