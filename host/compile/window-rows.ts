/**
 * Rows that windows keep until they end, in generated text: those of a session with their window, the first few of each
 * window in some order, the first or last one by time. Each row that goes on is a unit of work.
 */
import type { Column, DeduplicateNode, Node, OrderKey, RankNode, WindowSpec } from '../plan/nodes.ts';
import type { Continuation, Downstream, Feed } from './circuit.ts';
import { encoding } from './encoding.ts';
import { groupKey } from './group-key.ts';
import { capital } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { addRow, assign, at, type View } from './rows.ts';
import { sortKey, type SortKey } from './sort-key.ts';
import { progressOf, type Progress } from './time.ts';
import { boundsText, fireText, KEY_PAGES } from './window-fire.ts';
import { windowStore, type WindowStore } from './window-store.ts';

/** A block for the row. */
const ROW_PAGES = 1;
const REGISTER_BYTES = 64;
/** Rows in order of arrival have no sort key. */
const UNSORTED: SortKey = { shape: [], encode: [], address: '0', length: '0' };

export interface RowsInWindows {
  readonly input: Node;
  readonly window: WindowSpec;
  readonly partition: readonly number[];
  /** The input's columns, then those of the window or the number. */
  readonly columns: readonly Column[];
  /** Whether start, end and time of the window stand behind the input's columns. */
  readonly isBounded?: boolean;
  /** Which rows are kept; undefined: all, in order of arrival. */
  readonly ranking?: Ranking;
}

interface Ranking {
  readonly order: readonly OrderKey[];
  /** Of rows with the same sort key the last one stands first. */
  readonly isLastFirst: boolean;
  readonly from: number;
  readonly to: number;
  /** Whether the row's number stands behind the input's columns. */
  readonly hasNumber: boolean;
}

/** Top-N of each window: ranked once, when it ends. */
export function windowRank(branch: Branch, node: RankNode, end: number, down: Downstream): void {
  if (node.function !== 'rowNumber') throw new Error(`${node.function} in a window is not compiled; the check refuses it before`);
  const { input, partition, columns, order, from, to, hasNumber } = node;
  rowsInWindows(branch, { input, window: endingAt(end), partition, columns, ranking: { order, from, to, hasNumber, isLastFirst: false } }, down);
}

/** The first or last row of each window by time. */
export function windowDeduplicate(branch: Branch, node: DeduplicateNode, end: number, down: Downstream): void {
  const { input, partition, columns, timeColumn } = node;
  const isLastFirst = node.keep === 'last';
  const order = timeColumn === undefined ? [] : [{ column: timeColumn, isDescending: isLastFirst, isNullsFirst: !isLastFirst }];
  rowsInWindows(branch, { input, window: endingAt(end), partition, columns, ranking: { order, from: 1, to: 1, hasNumber: false, isLastFirst } }, down);
}

/** Windows with the same end are the same here: of one key they have the same start too. */
function endingAt(end: number): WindowSpec { return { kind: 'attached', startColumn: end, endColumn: end }; }

/** Adds the functions of rows in windows and of all below them. */
export function rowsInWindows(branch: Branch, rows: RowsInWindows, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const keys = rows.partition.length > 0 ? job.name(name, 'Keys') : '';
  if (keys !== '') circuit.init.push(keysText(job, keys));
  job.use('window/kept-rows', 'KeptRows', 'KeptRow', 'keepRow', 'keptRowBytes');
  job.use('state/pages', 'write');
  const store = windowStore(branch, rows.window, { keys, pane: 'KeptRows', isShared: false });
  const progress = progressOf(branch, rows.input);
  const fires: string[] = [];
  nodeText(branch, rows.input, {
    over: (feed) => {
      const { next, read } = kept(branch, rows, keys, store, progress, feed);
      fires.push(firing(branch, rows, store, progress, read, down));
      return next;
    },
  });
  circuit.works.push({ sources: progress.sources, isDue: store.isDue(progress.combined), advance: progress.advance, fire: fires[0] ?? '' });
}

/** The row into the list of its window. */
function kept(
  branch: Branch, { partition, ranking }: RowsInWindows, keys: string, store: WindowStore, progress: Progress, feed: Feed,
): { readonly next: Continuation; readonly read: (row: Parameters<ReturnType<typeof encoding>['decode']>[0]) => readonly string[] } {
  const { circuit: { job }, name } = branch;
  const key = keys === '' ? undefined : groupKey(job, name, columnsOf(feed.view, partition), partition.length, keys);
  const bytes = encoding(job, name, 'Row', feed.view);
  const { order } = ranking ?? {};
  const sort = order === undefined || order.length === 0 ? UNSORTED : sortKey(job, name, feed.view, order);
  const row = `keepRow(${sort.address}, ${sort.length}, ${bytes.address}, ${bytes.length}, 0)`;
  const apply = job.name('apply', capital(name));
  job.addFunction(`The row into its windows of ${name}.`, `${apply}(): void`, store.enter({
    view: feed.view, watermark: progress.watermark, entry: key?.entry,
    add: (pane) => [ranking === undefined ? `${pane}.append(${row});` : `${pane}.insert(${row}, ${ranking.to}, ${ranking.isLastFirst});`],
  }));
  job.describeState({ ...store.shape, rows: name, key: key?.shape ?? [], row: bytes.shape, order: sort.shape });
  return {
    read: (target) => bytes.decode(target, 0, 'from'),
    next: {
      take: [...key?.encode ?? [], ...bytes.encode, ...sort.encode],
      apply: [`${apply}();`],
      needs: {
        pages: store.pages + ROW_PAGES + (key === undefined ? 0 : KEY_PAGES),
        lengths: [...key?.length === undefined ? [] : [key.length], `keptRowBytes(${sort.length}, ${bytes.length})`],
      },
      outputBytes: undefined, emits: false, drain: undefined,
    },
  };
}

/** Some columns of a view. */
export function columnsOf(view: View, columns: readonly number[]): View {
  return { columns: columns.map((column) => at(view.columns, column)), column: (index) => view.column(at(columns, index)) };
}

/** `fire`, a row a unit. @returns its name */
function firing(
  branch: Branch, { input, columns, isBounded, ranking }: RowsInWindows, store: WindowStore, progress: Progress,
  decode: ReturnType<typeof kept>['read'], down: Downstream,
): string {
  const { circuit: { job, init }, name, words } = branch;
  const result = addRow(job, job.name(name, 'Kept'), columns, `A row of ${words} whose window has ended.`);
  const read = job.name('read', capital(name));
  const isNumbered = ranking !== undefined && (ranking.hasNumber || ranking.from > 1);
  const own = input.columns.length;
  job.addFunction(`The row at \`from\` into ${result.name}.`, `${read}(from: usize${isBounded ? ', at: usize' : ''}): void`, [
    `${result.name}.nulls = 0;`, ...decode(result), ...isBounded ? boundsText(job, result, own, store) : [],
  ]);
  const { push, next: { drain } } = pushText(branch, result, down, Math.min(...progress.sources), false);
  let number = '';
  if (isNumbered) {
    number = job.name(name, 'Number');
    job.use('window/kept-rows', 'RowNumber');
    job.add('constants', `const ${number} = changetype<RowNumber>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
    init.push(`${number}.init();`);
  }
  const send = [
    `${read}(row.bytes()${isBounded ? ', at' : ''});`,
    ...ranking?.hasNumber ? assign(job, result, at(result.layout.fields, own), { setup: [], value: 'number', isNull: 'false' }) : [],
    `${push}();`,
  ];
  return fireText(branch, store, progress.watermark, [
    'reset();',
    `const rows = write<KeptRows>(${store.pane});`,
    'const row = changetype<KeptRow>(rows.first());',
    ...isNumbered ? [`const number = ${number}.next();`] : [],
    ...ranking !== undefined && ranking.from > 1 ? [`if (number >= ${ranking.from}) {`, ...send.map((line) => `  ${line}`), '}'] : send,
    'rows.remove(row);',
    'if (rows.rows == 0) {', ...isNumbered ? [`  ${number}.reset();`] : [], ...store.leave.map((line) => `  ${line}`), '}',
    ...drain === undefined ? [] : [`if (!${drain}()) return false;`],
  ]);
}
