/**
 * Group keys in generated text: from the columns of a row to the canonical bytes of assembly/state/key.ts, and back from an
 * entry of the dictionary to the columns of the result.
 */
import { encoding } from './encoding.ts';
import type { ValueText } from './expression.ts';
import type { Job } from './job.ts';
import { cellOf } from './layout.ts';
import { assign, at, type Row, type View } from './rows.ts';

/** Key columns of one operator, as the first columns of a view. */
export interface GroupKey {
  /** Words for the state's layout. */
  readonly shape: readonly string[];
  /** Statements that encode the key while the row is judged; a single text needs none. */
  readonly encode: readonly string[];
  /** Expression for the address of the key's entry, while the row is applied. */
  readonly entry: string;
  /** Expression for the key's length, where it has texts and so may take a run of pages; undefined where it is short. */
  readonly length: string | undefined;
  /** Statements that put the key of `entry` into the first columns of a result row. */
  readonly decode: (result: Row) => readonly string[];
}

/** The key made of the first `count` columns of `view`; `keys` is the dictionary's constant. */
export function groupKey(job: Job, name: string, view: View, count: number, keys: string): GroupKey {
  const [first] = view.columns;
  if (count === 1 && first !== undefined && cellOf(first.type) === 'text') return textKey(job, view.column(0), keys);
  const key = encoding(job, name, 'Key', view, count);
  return {
    shape: key.shape, encode: key.encode, entry: `${keys}.entryOf(${key.address}, ${key.length})`, length: key.hasTexts ? key.length : undefined,
    decode: (result) => ['const key = entry.bytes();', ...key.decode(result, 0, 'key')],
  };
}

/** One text is its own encoding. */
function textKey(job: Job, { value, isNull }: ValueText, keys: string): GroupKey {
  job.use('text/text', 'textAddress', 'textLength', 'textOf');
  const entryOf = `${keys}.entryOf(textAddress(${value}), textLength(${value}))`;
  return {
    shape: [isNull === 'false' ? 'text' : 'text?'],
    encode: [],
    entry: isNull === 'false' ? entryOf : `${isNull} ? ${keys}.nullEntry() : ${entryOf}`,
    length: isNull === 'false' ? `textLength(${value})` : `(${isNull} ? 0 : textLength(${value}))`,
    decode: (result) => assign(job, result, at(result.layout.fields, 0), {
      setup: [], value: 'textOf(entry.bytes(), entry.length)', isNull: isNull === 'false' ? 'false' : 'entry.isNull()',
    }),
  };
}
