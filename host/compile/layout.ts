/**
 * How a row lies in linear memory. One `@final @unmanaged` class a schema: `nulls`, then one field a column.
 * Field representation by SQL type: BOOLEAN u8 · TINYINT/SMALLINT/INT/DATE/TIME i32 · BIGINT/TIMESTAMP/TIMESTAMP_LTZ/INTERVAL i64
 * (ms since epoch) · FLOAT f32 · DOUBLE f64 · DECIMAL(p <= 18) i64, scaled · DECIMAL(p > 18) 16 bytes, two's complement,
 * little endian · STRING/CHAR/VARCHAR/BYTES u64 Text: address in the low half, length in bytes in the high half.
 */
import type { Column } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';

export type Cell = 'bool' | 'i32' | 'i64' | 'f32' | 'f64' | 'wide' | 'text';

export interface Field {
  /** Identifier in generated code: the column's name where it can be one, made unique. */
  readonly name: string;
  readonly column: Column;
  readonly cell: Cell;
  /** Bytes from the row's address; naturally aligned (wide: 8). */
  readonly offset: number;
  /** Bit of `nulls` that is set when the value is NULL; also present for NOT NULL columns, then always clear. */
  readonly nullBit: number;
}

export interface RowLayout {
  /** Name of the generated class, e.g. `Reading`. */
  readonly className: string;
  /** `nulls` is u32 at offset 0 up to 32 columns, u64 above. */
  readonly nullsType: 'u32' | 'u64';
  readonly fields: readonly Field[];
  /** Multiple of 8. */
  readonly sizeBytes: number;
}

const CELLS: Readonly<Record<SqlType['name'], Cell>> = {
  NULL: 'i32', BOOLEAN: 'bool', TINYINT: 'i32', SMALLINT: 'i32', INT: 'i32', DATE: 'i32', TIME: 'i32', BIGINT: 'i64',
  TIMESTAMP: 'i64', TIMESTAMP_LTZ: 'i64', INTERVAL: 'i64', FLOAT: 'f32', DOUBLE: 'f64', DECIMAL: 'wide',
  STRING: 'text', CHAR: 'text', VARCHAR: 'text', BYTES: 'text', ROW: 'text',
};
const CELL_BYTES: Readonly<Record<Cell, number>> = { bool: 1, i32: 4, i64: 8, f32: 4, f64: 8, wide: 16, text: 8 };
/** Most digits of a DECIMAL that an i64 holds whatever they are. */
const NARROW_PRECISION = 18;

export function cellOf(type: SqlType): Cell {
  if (type.name === 'DECIMAL' && type.precision <= NARROW_PRECISION) return 'i64';
  return CELLS[type.name];
}

/** Lays out `columns` in order of falling alignment, so that no padding lies between fields. */
export function rowLayout(className: string, columns: readonly Column[]): RowLayout {
  const nullsType = columns.length <= 32 ? 'u32' : 'u64';
  const names = uniqueNames(columns);
  const order = columns.map((_, index) => index).sort((a, b) => alignment(columns[b]) - alignment(columns[a]) || a - b);
  const offsets: number[] = [];
  let offset = 8; // `nulls` takes four or eight; the widest field is 8-aligned
  for (const index of order) {
    offsets[index] = offset;
    offset += CELL_BYTES[cellOf((columns[index] as Column).type)];
  }
  const fields = columns.map((column, index): Field => ({
    name: names[index] as string, column, cell: cellOf(column.type), offset: offsets[index] as number, nullBit: index,
  }));
  return { className, nullsType, fields, sizeBytes: (offset + 7) & ~7 };
}

function alignment(column: Column | undefined): number {
  return Math.min(8, CELL_BYTES[cellOf((column as Column).type)]);
}

/** Words that AssemblyScript or the row class itself needs. */
const RESERVED = new Set(['nulls', 'class', 'new', 'delete', 'in', 'is', 'as', 'if', 'else', 'for', 'while', 'do', 'return', 'switch', 'case',
  'default', 'const', 'let', 'var', 'function', 'this', 'super', 'null', 'true', 'false', 'void', 'type', 'enum', 'export', 'import',
  'i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64', 'bool', 'usize', 'isize', 'v128', 'min', 'max', 'load', 'store']);

function uniqueNames(columns: readonly Column[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    const plain = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])/, '_') || '_';
    let unique = RESERVED.has(plain) ? `${plain}_` : plain;
    for (let suffix = 2; taken.has(unique); suffix += 1) unique = `${plain}_${suffix}`;
    taken.add(unique);
    return unique;
  });
}
