/**
 * The serialiser of a row as AssemblyScript text: a JSON object with the columns in order, no spaces, keys escaped here and
 * stored as constants. NULL is written as null. Nothing is computed at run time that the schema knows.
 */
import type { Column } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import type { Field, RowLayout } from './layout.ts';
import { bytesStored } from './literal.ts';

/** What a generated text needs: `import { names } from from`. */
export interface SourceImport { readonly names: readonly string[]; readonly from: string }

/** Generated functions and what they import. */
export interface GeneratedSource { readonly text: string; readonly imports: readonly SourceImport[] }

export interface SerializeOptions {
  /** Name of the function; its parts and its bound have names that start so. */
  readonly name: string;
  /** Indices of the layout's fields to write, in order; all when left out. A key is a subset. */
  readonly fields?: readonly number[];
  readonly layout: RowLayout;
  readonly timestampFormat: 'SQL' | 'ISO-8601';
}

/** Columns a function writes, so that no body comes near 4 KB of WASM. */
const GROUP_COLUMNS = 12;
/** Strings are copied 16 bytes at a time, so as much room is needed behind the end. */
const SLACK_BYTES = 16;
const MODULES: Readonly<Record<string, string>> = {
  writeNull: 'emit/number', writeBool: 'emit/number', writeInt: 'emit/number', writeLong: 'emit/number', writeDecimal: 'emit/number',
  writeWide: 'emit/number', writeDouble: 'emit/double', writeFloat: 'emit/double', writeText: 'emit/text', writeBytes: 'emit/text',
  writeDate: 'emit/timestamp', writeTime: 'emit/timestamp', writeTimestamp: 'emit/timestamp', writeTimestampLtz: 'emit/timestamp',
  writeTimestampIso: 'emit/timestamp', writeTimestampLtzIso: 'emit/timestamp', textLength: 'text/text',
};

/** How a column is written: the library's function, the most bytes of a value of fixed size, what its call looks like. */
interface Writer { readonly name: string; readonly bytesMax: number; readonly call: (field: Field) => string }

/**
 * `function <name>(row: <className>, out: usize): usize` writes the object at `out` and answers the address behind it;
 * `function <name>Bound(row: <className>): u32` answers how much room it may take, with what may be written over behind.
 */
export function serializeSource(options: SerializeOptions): GeneratedSource {
  const { name, layout } = options;
  const chosen = (options.fields ?? layout.fields.map((_, index) => index)).map((index) => fieldAt(layout, index));
  const used = new Set<string>(['textLength']);
  const isIso = options.timestampFormat === 'ISO-8601';
  const groups: string[] = [];
  for (let start = 0; start < Math.max(1, chosen.length); start += GROUP_COLUMNS) {
    const group = chosen.slice(start, start + GROUP_COLUMNS);
    const body = group.flatMap((field, index) => columnLines(field, start + index === 0, layout, isIso, used));
    if (start + GROUP_COLUMNS >= chosen.length) body.push(...constantLines(chosen.length === 0 ? '{}' : '}'));
    groups.push(functionText(`${name}Part${groups.length}`, layout.className, body));
  }
  const parts = groups.length === 1 ? groups[0]?.replace(`${name}Part0`, name) ?? '' : [...groups, joined(name, layout, groups.length)].join('\n\n');
  const text = `/** One ${layout.className} as a JSON object. */\n${parts}\n\n${boundText(name, layout, chosen, isIso)}\n`;
  return { text, imports: importsOf(used, MODULES) };
}

/** Groups function names by the library module they come from. */
export function importsOf(used: ReadonlySet<string>, modules: Readonly<Record<string, string>>): readonly SourceImport[] {
  const byModule = new Map<string, string[]>();
  for (const name of [...used].sort()) {
    const from = modules[name];
    if (from === undefined) throw new Error(`no library module exports ${name}`);
    byModule.set(from, [...byModule.get(from) ?? [], name]);
  }
  return [...byModule].sort(([a], [b]) => (a < b ? -1 : 1)).map(([from, names]) => ({ names, from: `millrace/assembly/${from}` }));
}

function fieldAt(layout: RowLayout, index: number): Field {
  const field = layout.fields[index];
  if (field === undefined) throw new Error(`${layout.className} has no field ${index}`);
  return field;
}

function functionText(name: string, className: string, body: readonly string[]): string {
  return `function ${name}(row: ${className}, out: usize): usize {\n  let p = out;\n${body.map((line) => `  ${line}\n`).join('')}  return p;\n}`;
}

function joined(name: string, layout: RowLayout, count: number): string {
  const calls = Array.from({ length: count }, (_, index) => `p = ${name}Part${index}(row, p);`);
  return functionText(name, layout.className, calls);
}

function columnLines(field: Field, isFirst: boolean, layout: RowLayout, isIso: boolean, used: Set<string>): string[] {
  const writer = writerOf(field.column.type, isIso);
  const call = writer.call(field);
  const lines = constantLines(keyText(field.column, isFirst));
  used.add(writer.name);
  if (field.column.type.name === 'NULL' || !field.column.type.isNullable) return [...lines, `p = ${call};`];
  used.add('writeNull');
  return [...lines, `p = ${nullTest(field, layout)} ? writeNull(p) : ${call};`];
}

function keyText(column: Column, isFirst: boolean): string { return `${isFirst ? '{' : ','}${JSON.stringify(column.name)}:`; }

function constantLines(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  const stores = bytesStored('p', bytes);
  return [`// ${text}`, ...stores, `p += ${bytes.length};`];
}

function nullTest(field: Field, layout: RowLayout): string {
  return `(row.nulls & (<${layout.nullsType}>1 << ${field.nullBit})) != 0`;
}

function boundText(name: string, layout: RowLayout, chosen: readonly Field[], isIso: boolean): string {
  let constant = 2 + SLACK_BYTES;
  const texts: string[] = [];
  chosen.forEach((field, index) => {
    constant += new TextEncoder().encode(keyText(field.column, index === 0)).length + Math.max(4, writerOf(field.column.type, isIso).bytesMax);
    // What stands in the field of a NULL is nobody's business, so its length is not asked for.
    if (field.cell === 'text') texts.push(`(${nullTest(field, layout)} ? 0 : textLength(row.${field.name}) * 6)`);
  });
  return `/** Room that ${name} may take. */\nfunction ${name}Bound(row: ${layout.className}): u32 {\n`
    + `  return ${[String(constant), ...texts].join('\n    + ')};\n}`;
}

function plain(name: string, bytesMax: number): Writer {
  return { name, bytesMax, call: (field) => `${name}(p, row.${field.name})` };
}

function writerOf(type: SqlType, isIso: boolean): Writer {
  switch (type.name) {
    case 'NULL': return { name: 'writeNull', bytesMax: 4, call: () => 'writeNull(p)' };
    case 'BOOLEAN': return { name: 'writeBool', bytesMax: 5, call: (field) => `writeBool(p, row.${field.name} != 0)` };
    case 'TINYINT': case 'SMALLINT': case 'INT': return plain('writeInt', 11);
    case 'BIGINT': case 'INTERVAL': return plain('writeLong', 20);
    case 'FLOAT': return plain('writeFloat', 25);
    case 'DOUBLE': return plain('writeDouble', 25);
    case 'STRING': case 'CHAR': case 'VARCHAR': return plain('writeText', 2);
    case 'BYTES': return plain('writeBytes', 6);
    case 'DATE': return plain('writeDate', 32);
    case 'TIME': return plain('writeTime', 32);
    case 'TIMESTAMP': return plain(isIso ? 'writeTimestampIso' : 'writeTimestamp', 32);
    case 'TIMESTAMP_LTZ': return plain(isIso ? 'writeTimestampLtzIso' : 'writeTimestampLtz', 32);
    case 'DECIMAL': return decimalWriter(type.precision, type.scale);
    case 'ROW': throw new Error('a ROW column reaches the serialiser only in parts');
    default: {
      const unreachable: never = type;
      return unreachable;
    }
  }
}

function decimalWriter(precision: number, scale: number): Writer {
  if (precision <= 18) return { name: 'writeDecimal', bytesMax: 21, call: (field) => `writeDecimal(p, row.${field.name}, ${scale})` };
  return { name: 'writeWide', bytesMax: 42, call: (field) => `writeWide(p, changetype<usize>(row) + ${field.offset}, ${scale})` };
}
