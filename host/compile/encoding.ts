/**
 * Rows as bytes in generated text, for keys and for rows that the state keeps: NULL bits, fields of fixed size in order, 0
 * where NULL, then texts, each with its length before it (assembly/state/key.ts). Equal rows have equal bytes.
 */
import type { Column } from '../plan/nodes.ts';
import type { ValueText } from './expression.ts';
import { capital, type Job } from './job.ts';
import { cellOf, type Cell } from './layout.ts';
import { assign, at, nullBitText, type Row, type View } from './rows.ts';

export interface Encoding {
  /** Words for the state's layout. */
  readonly shape: readonly string[];
  /** Statements that encode the row at hand; with texts that find no room the row gets an error. */
  readonly encode: readonly string[];
  /** Where the bytes are then, and how many; they lie in scratch or in the row's arena. */
  readonly address: string;
  readonly length: string;
  /** Whether the length varies. */
  readonly hasTexts: boolean;
  /** Statements that put the row whose bytes begin at the variable `from` into columns of `row` from `first` on; texts point into the bytes. */
  readonly decode: (row: Row, first: number, from: string) => readonly string[];
}

const BYTES: Readonly<Record<Exclude<Cell, 'text'>, number>> = { bool: 1, i32: 4, i64: 8, f32: 4, f64: 8, wide: 16 };
const STORED: Readonly<Record<Exclude<Cell, 'text' | 'wide'>, string>> = { bool: 'u8', i32: 'i32', i64: 'i64', f32: 'f32', f64: 'f64' };

/** How the columns lie: cells, offsets of those of fixed size, bytes before the texts. */
interface Form { readonly cells: readonly Cell[]; readonly offsets: readonly number[]; readonly fixedBytes: number }

/** Adds the function that encodes the first `count` columns of `view`. @param what names it: Key, Row */
export function encoding(job: Job, name: string, what: string, view: View, count: number = view.columns.length): Encoding {
  const columns = view.columns.slice(0, count);
  const form = formOf(columns);
  const values = columns.map((_, index) => view.column(index));
  const hasTexts = form.cells.includes('text');
  const word = `0x${job.reserve(8).toString(16)}`;
  const names: Names = { name: job.name('encode', capital(name), what), words: `${what.toLowerCase()} of ${name}` };
  const encode = (hasTexts ? textsEncoded : fixedEncoded)(job, names, form, values, word);
  return {
    shape: columns.map(({ type }, index) => `${at(form.cells, index)}${type.isNullable ? '?' : ''}`),
    encode: [`${encode}();`], address: `<usize>load<u32>(${word})`, length: hasTexts ? `load<u32>(${word}, 4)` : String(form.fixedBytes), hasTexts,
    decode: (row, first, from) => decoded(job, form, row, first, from),
  };
}

function formOf(columns: readonly Column[]): Form {
  const cells = columns.map(({ type }) => cellOf(type));
  const offsets: number[] = [];
  let fixedBytes = Math.ceil(cells.length / 8);
  cells.forEach((cell, index) => {
    if (cell === 'text') return;
    offsets[index] = fixedBytes;
    fixedBytes += BYTES[cell];
  });
  return { cells, offsets, fixedBytes };
}

interface Names { readonly name: string; readonly words: string }

function fixedEncoded(job: Job, { name: encode, words }: Names, form: Form, values: readonly ValueText[], word: string): string {
  const place = `0x${job.reserve(form.fixedBytes + 16).toString(16)}`;
  const lines = [`const at: usize = ${place};`, ...fixedLines(form, values), `store<u32>(${word}, <u32>at);`];
  job.addFunction(`The ${words}: ${form.fixedBytes} bytes.`, `${encode}(): void`, lines);
  return encode;
}

function textsEncoded(job: Job, { name: encode, words }: Names, form: Form, values: readonly ValueText[], word: string): string {
  job.use('state/key', 'startKey', 'addText', 'keyTextBytes');
  job.use('error', 'fail');
  job.use('abi', 'REJECT_OVERSIZE');
  const texts = form.cells.flatMap((cell, index) => (cell === 'text' ? [at(values, index)] : []));
  const sizes = texts.map(({ value, isNull }) => (isNull === 'false' ? `keyTextBytes(${value})` : `(${isNull} ? 0 : keyTextBytes(${value}))`));
  const lines = [
    `const at = startKey(${[form.fixedBytes, ...sizes].join(' + ')});`,
    `if (at == 0) {`, `  fail(REJECT_OVERSIZE, ${job.place(words)});`, '  return;', '}',
    ...fixedLines(form, values),
    `let end = at + ${form.fixedBytes};`,
    ...texts.map(({ value, isNull }) => (isNull === 'false' ? `end = addText(end, ${value});` : `if (!(${isNull})) end = addText(end, ${value});`)),
    `store<u32>(${word}, <u32>at);`,
    `store<u32>(${word}, <u32>(end - at), 4);`,
  ];
  job.addFunction(`The ${words}, in the row's arena.`, `${encode}(): void`, lines);
  return encode;
}

/** Statements that store NULL bits and fields of fixed size at `at`. */
function fixedLines({ cells, offsets }: Form, values: readonly ValueText[]): string[] {
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

function decoded(job: Job, { cells, offsets, fixedBytes }: Form, row: Row, first: number, from: string): string[] {
  const lines: string[] = [];
  if (cells.includes('text')) {
    job.use('state/key', 'keyText');
    job.use('text/text', 'textLength');
    lines.push(`let text = ${from} + ${fixedBytes};`);
  }
  cells.forEach((cell, index) => {
    const field = at(row.layout.fields, first + index);
    const isNull = field.column.type.isNullable ? `(load<u8>(${from}, ${index >> 3}) & ${1 << (index & 7)}) != 0` : 'false';
    if (cell !== 'text') {
      const offset = at(offsets, index);
      const value = cell === 'wide' ? `${from} + ${offset}`
        : cell === 'bool' ? `load<u8>(${from}, ${offset}) != 0` : `load<${STORED[cell]}>(${from}, ${offset})`;
      lines.push(...assign(job, row, field, { setup: [], value, isNull }));
      return;
    }
    const take = [`${row.name}.${field.name} = keyText(text);`, `text += 4 + textLength(${row.name}.${field.name});`];
    if (isNull === 'false') lines.push(...take);
    else {
      lines.push(`if (${isNull}) ${row.name}.nulls |= ${nullBitText(row.layout, field)};`, 'else {');
      lines.push(...take.map((line) => `  ${line}`), '}');
    }
  });
  return lines;
}
