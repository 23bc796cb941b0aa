/**
 * Group keys in generated text: from the columns of a row to the canonical bytes of assembly/state/key.ts, and back from an
 * entry of the dictionary to the columns of the result.
 */
import type { ValueText } from './expression.ts';
import { cellOf, type Cell } from './layout.ts';
import { assign, at, nullBitText, type Row, type View } from './rows.ts';
import { capital, type Job } from './job.ts';

/** Key columns of one window, as indices of a view. */
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

const BYTES: Readonly<Record<Exclude<Cell, 'text'>, number>> = { bool: 1, i32: 4, i64: 8, f32: 4, f64: 8, wide: 16 };
const STORED: Readonly<Record<Exclude<Cell, 'text' | 'wide'>, string>> = { bool: 'u8', i32: 'i32', i64: 'i64', f32: 'f32', f64: 'f64' };

/** The key made of the first `count` columns of `view`; `keys` is the dictionary's constant. */
export function groupKey(job: Job, name: string, view: View, count: number, keys: string): GroupKey {
  const columns = view.columns.slice(0, count);
  const cells = columns.map(({ type }) => cellOf(type));
  const shape = columns.map(({ type }, index) => `${at(cells, index)}${type.isNullable ? '?' : ''}`);
  if (count === 1 && cells[0] === 'text') return { shape, ...textKey(job, view.column(0), keys) };
  const values = columns.map((_, index) => view.column(index));
  return { shape, ...encodedKey(job, name, cells, values, keys) };
}

/** One text is its own encoding. */
function textKey(job: Job, { value, isNull }: ValueText, keys: string): Omit<GroupKey, 'shape'> {
  job.use('text/text', 'textAddress', 'textLength', 'textOf');
  const entryOf = `${keys}.entryOf(textAddress(${value}), textLength(${value}))`;
  return {
    encode: [],
    entry: isNull === 'false' ? entryOf : `${isNull} ? ${keys}.nullEntry() : ${entryOf}`,
    length: isNull === 'false' ? `textLength(${value})` : `(${isNull} ? 0 : textLength(${value}))`,
    decode: (result) => assign(job, result, at(result.layout.fields, 0), {
      setup: [], value: 'textOf(entry.bytes(), entry.length)', isNull: isNull === 'false' ? 'false' : 'entry.isNull()',
    }),
  };
}

/** NULL bits, fields of fixed size, texts with their lengths. */
function encodedKey(job: Job, name: string, cells: readonly Cell[], values: readonly ValueText[], keys: string): Omit<GroupKey, 'shape'> {
  const nullBytes = Math.ceil(cells.length / 8);
  const offsets: number[] = [];
  let fixedBytes = nullBytes;
  cells.forEach((cell, index) => {
    if (cell === 'text') return;
    offsets[index] = fixedBytes;
    fixedBytes += BYTES[cell];
  });
  const hasTexts = cells.includes('text');
  const words = job.reserve(8);
  const word = `0x${words.toString(16)}`;
  const encode = (hasTexts ? textsEncoded : fixedEncoded)(job, name, cells, values, offsets, fixedBytes, word);
  return {
    encode: [`${encode}();`],
    entry: `${keys}.entryOf(<usize>load<u32>(${word}), ${hasTexts ? `load<u32>(${word}, 4)` : fixedBytes})`,
    length: hasTexts ? `load<u32>(${word}, 4)` : undefined,
    decode: (result) => decoded(job, cells, offsets, fixedBytes, result),
  };
}

function fixedEncoded(
  job: Job, name: string, cells: readonly Cell[], values: readonly ValueText[], offsets: readonly number[], bytes: number, word: string,
): string {
  const place = `0x${job.reserve(bytes + 16).toString(16)}`;
  const encode = job.name('encode', capital(name), 'Key');
  const lines = [`const at: usize = ${place};`, ...fixedLines(cells, values, offsets), `store<u32>(${word}, <u32>at);`];
  job.addFunction(`The key of ${name}: ${bytes} bytes.`, `${encode}(): void`, lines);
  return encode;
}

function textsEncoded(
  job: Job, name: string, cells: readonly Cell[], values: readonly ValueText[], offsets: readonly number[], fixedBytes: number, word: string,
): string {
  job.use('state/key', 'startKey', 'addText', 'keyTextBytes');
  job.use('error', 'fail');
  job.use('abi', 'REJECT_OVERSIZE');
  const encode = job.name('encode', capital(name), 'Key');
  const texts = cells.flatMap((cell, index) => (cell === 'text' ? [at(values, index)] : []));
  const sizes = texts.map(({ value, isNull }) => (isNull === 'false' ? `keyTextBytes(${value})` : `(${isNull} ? 0 : keyTextBytes(${value}))`));
  const lines = [
    `const at = startKey(${[fixedBytes, ...sizes].join(' + ')});`,
    `if (at == 0) {`, `  fail(REJECT_OVERSIZE, ${job.place(`key of ${name}`)});`, '  return;', '}',
    ...fixedLines(cells, values, offsets),
    `let end = at + ${fixedBytes};`,
    ...texts.map(({ value, isNull }) => (isNull === 'false' ? `end = addText(end, ${value});` : `if (!(${isNull})) end = addText(end, ${value});`)),
    `store<u32>(${word}, <u32>at);`,
    `store<u32>(${word}, <u32>(end - at), 4);`,
  ];
  job.addFunction(`The key of ${name}, in the row's arena.`, `${encode}(): void`, lines);
  return encode;
}

/** Statements that store NULL bits and fields of fixed size at `at`. */
function fixedLines(cells: readonly Cell[], values: readonly ValueText[], offsets: readonly number[]): string[] {
  const lines: string[] = [];
  for (let byte = 0; byte * 8 < cells.length; byte += 1) {
    const bits = values.slice(byte * 8, byte * 8 + 8).flatMap(({ isNull }, bit) => (isNull === 'false' ? [] : [`(u8(${isNull}) << ${bit})`]));
    lines.push(`store<u8>(at, ${bits.length === 0 ? '0' : bits.join(' | ')}${byte === 0 ? '' : `, ${byte}`});`);
  }
  cells.forEach((cell, index) => {
    if (cell === 'text') return;
    const { value, isNull } = at(values, index);
    const orZero = (text: string): string => (isNull === 'false' ? text : `${isNull} ? 0 : ${text}`);
    if (cell === 'wide') {
      lines.push(`store<u64>(at, ${orZero(`load<u64>(${value})`)}, ${at(offsets, index)});`);
      lines.push(`store<u64>(at, ${orZero(`load<u64>(${value}, 8)`)}, ${at(offsets, index) + 8});`);
    } else lines.push(`store<${STORED[cell]}>(at, ${orZero(cell === 'bool' ? `u8(${value})` : value)}, ${at(offsets, index)});`);
  });
  return lines;
}

function decoded(job: Job, cells: readonly Cell[], offsets: readonly number[], fixedBytes: number, result: Row): string[] {
  const lines = ['const key = entry.bytes();'];
  if (cells.includes('text')) {
    job.use('state/key', 'keyText');
    job.use('text/text', 'textLength');
    lines.push(`let text = key + ${fixedBytes};`);
  }
  cells.forEach((cell, index) => {
    const field = at(result.layout.fields, index);
    const isNull = field.column.type.isNullable ? `(load<u8>(key, ${index >> 3}) & ${1 << (index & 7)}) != 0` : 'false';
    if (cell !== 'text') {
      const offset = at(offsets, index);
      const value = cell === 'wide' ? `key + ${offset}` : cell === 'bool' ? `load<u8>(key, ${offset}) != 0` : `load<${STORED[cell]}>(key, ${offset})`;
      lines.push(...assign(job, result, field, { setup: [], value, isNull }));
      return;
    }
    const take = [`${result.name}.${field.name} = keyText(text);`, `text += 4 + textLength(${result.name}.${field.name});`];
    if (isNull === 'false') lines.push(...take);
    else {
      lines.push(`if (${isNull}) ${result.name}.nulls |= ${nullBitText(result.layout, field)};`, 'else {');
      lines.push(...take.map((line) => `  ${line}`), '}');
    }
  });
  return lines;
}
