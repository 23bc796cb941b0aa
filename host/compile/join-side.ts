/** What all joins share in generated text: the row that holds one of each side, and how a row of one side enters. */
import type { AnyJoinNode } from '../plan/nodes.ts';
import type { Continuation, Feed } from './circuit.ts';
import { encoding, type Encoding } from './encoding.ts';
import { groupKey } from './group-key.ts';
import { capital } from './job.ts';
import { withNullable } from '../plan/type-rules.ts';
import { keysText } from './keys.ts';
import type { Branch } from './nodes.ts';
import { addRow, chosen, type Row } from './rows.ts';

/** As assembly/state/dictionary.ts and join/ have them, and a block for the key's bytes. */
const KEY_PAGES = 7;
const JOIN_PAGES = 4;
export const REGISTER_BYTES = 64;

export type Side = 'left' | 'right';

/** Names of a join's constants and of what empties its queue, '' where there is none. */
export interface JoinNames { readonly join: string; readonly keys: string; readonly table: string; readonly drain: string }

/** Adds the constants of a join of the library's class `type`. */
export function joinNames({ circuit, name }: Branch, type: string, module: string): JoinNames {
  const { job } = circuit;
  const names: JoinNames = {
    join: job.name(name, 'Join'), keys: job.name(name, 'Keys'), table: job.name(name, 'Pairs'), drain: job.name('drain', capital(name)),
  };
  job.use(module, type);
  job.use('state/table', 'Table');
  job.add('constants', `const ${names.join} = changetype<${type}>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  job.add('constants', `const ${names.table} = changetype<Table>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(keysText(job, names.keys), `${names.table}.init();`);
  circuit.drains.push(names.drain);
  return names;
}

/** A row of each side; columns of a side that may be missing are nullable. */
export function pairRow({ circuit: { job }, name, words }: Branch, { left, right, type }: AnyJoinNode): Row {
  const isPadded = (column: number): boolean => type === 'full' || (column < left.columns.length ? type === 'right' : type === 'left');
  const columns = [...left.columns, ...right.columns].map(({ name: column, type: of }, index) => (
    { name: column, type: withNullable(of, of.isNullable || isPadded(index)) }));
  return addRow(job, job.name(name, 'Pair'), columns, `A row of each side of ${words}.`);
}

/** A row about to enter. */
export interface Entry {
  /** Expression for the key's entry in the dictionary. */
  readonly entry: string;
  /** LEFT or RIGHT, with UNMATCHED where the key is NULL. */
  readonly side: string;
  readonly row: Encoding;
}

export interface SideOptions {
  readonly names: JoinNames;
  readonly pair: Row;
  /** Function that tells what the row's record takes of the heap; where it waits for its time it is another one. */
  readonly record?: 'joinRowBytes' | 'waitingRowBytes';
  /** Whether NULL equals NULL. */
  readonly areNullsEqual?: boolean;
  /** Statements that let the row enter. */
  readonly enter: (entry: Entry) => readonly string[];
}

/** The function that loads a row of `side` into `pair`, and how a row of that side enters. */
export function sideEntry(
  { circuit: { job }, name }: Branch, node: AnyJoinNode, side: Side, feed: Feed,
  { names, pair, enter, record = 'joinRowBytes', areNullsEqual = false }: SideOptions,
): { readonly load: string; readonly next: Continuation } {
  const isLeft = side === 'left';
  const columns = isLeft ? node.leftKeys : node.rightKeys;
  const keyView = chosen(feed.view, columns);
  const key = groupKey(job, `${name} ${side}`, keyView, columns.length, names.keys);
  const row = encoding(job, `${name} ${side}`, 'Row', feed.view);
  const load = job.name('load', capital(name), capital(side));
  const decoded = row.decode(pair, isLeft ? 0 : node.left.columns.length, 'from');
  job.addFunction(`The ${side} row at \`from\` into ${pair.name}.`, `${load}(from: usize): void`, decoded);
  const nulls = columns.map((_, index) => keyView.column(index).isNull).filter((condition) => condition !== 'false');
  const isNull = areNullsEqual ? [] : nulls.map((condition) => `(${condition})`);
  const isOuter = node.type === 'full' || node.type === side || (node.type === 'anti' && isLeft);
  const isKept = isNull.length > 0 && isOuter; // NULL equals nothing, but an outer side's row goes on
  job.use('join/side', side.toUpperCase(), ...record === 'joinRowBytes' ? [record] : [], ...isKept ? ['UNMATCHED'] : []);
  job.describeState({ join: node.kind, name, side, key: key.shape, row: row.shape });
  const sideText = isKept ? `${side.toUpperCase()} | (${isNull.join(' || ')} ? UNMATCHED : 0)` : side.toUpperCase();
  return {
    load,
    next: {
      take: [...isNull.length > 0 && !isOuter ? [`if (${isNull.join(' || ')}) return false;`] : [], ...key.encode, ...row.encode],
      apply: enter({ entry: key.entry, side: sideText, row }),
      needs: { pages: KEY_PAGES + JOIN_PAGES, lengths: [...key.length === undefined ? [] : [key.length], `${record}(${row.length})`] },
      outputBytes: undefined, emits: false, drain: names.drain === '' ? undefined : names.drain,
    },
  };
}

/** Adds the function that empties the queue by `advance`, a statement that does one piece of the work. */
export function drainText({ circuit: { job }, name }: Branch, { join, drain }: JoinNames, advance: string, downDrain: string | undefined): void {
  job.use('emit/output', 'isOutputFull', 'endChange');
  job.use('text/arena', 'arenaEnd', 'trim');
  job.addFunction(`Rows that wait at ${name} meet the other side. @returns false when the output was full first`, `${drain}(): bool`, [
    'const texts = arenaEnd();',
    `while (${join}.hasWaiting()) {`,
    '  if (isOutputFull()) return false;',
    `  ${advance}`,
    '  trim(texts);',
    ...downDrain === undefined ? [] : [`  if (!${downDrain}()) return false;`],
    '}',
    'endChange();',
    'return true;',
  ]);
}
