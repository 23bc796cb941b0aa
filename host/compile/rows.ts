/**
 * Rows in generated text: their classes and constants, views of them, and the functions that fill them from expressions, a
 * group of columns each, so that no body comes near 4 KB of WASM.
 */
import type { Column, Expression } from '../plan/nodes.ts';
import { compileExpression, rowScope, type Compiled, type Scope, type ValueText } from './expression.ts';
import { block, capital, type Job } from './job.ts';
import { rowLayout, type Cell, type Field, type RowLayout } from './layout.ts';

/** Columns as text, wherever they lie. */
export interface View {
  readonly columns: readonly Column[];
  readonly column: (index: number) => ValueText;
}

/** The columns of a view that `indices` name, in their order. */
export function chosen({ columns, column }: View, indices: readonly number[]): View {
  return { columns: indices.map((index) => at(columns, index)), column: (index) => column(at(indices, index)) };
}

/** A row at a fixed address; `name` is the constant that holds it. */
export interface Row {
  readonly name: string;
  readonly layout: RowLayout;
  readonly view: View;
}

/** Columns that one generated function deals with. */
const GROUP_COLUMNS = 12;
const FIELD_TYPES: Readonly<Record<Cell, string>> = { bool: 'u8', i32: 'i32', i64: 'i64', f32: 'f32', f64: 'f64', wide: 'u64', text: 'u64' };
/** Longer texts are computed once, into a row, and not again wherever the column is used. */
const ALIAS_LENGTH_MAX = 100;

/** A scope whose columns are those of `view`; errors are ascribed to `words`. */
export function scopeOf(job: Job, view: View, words: string): Scope {
  const place = { number: -1 };
  const scope = rowScope({
    layout: rowLayout('None', []), rowName: '', reserve: job.reserve, used: job.used,
    idOf: () => { if (place.number < 0) place.number = job.place(words); return place.number; },
  });
  return { ...scope, column: view.column };
}

/** Adds a row's class and a row of it. */
export function addRow(job: Job, name: string, columns: readonly Column[], comment: string): Row {
  const layout = rowLayout(job.name(capital(name)), columns);
  job.add('classes', `/** ${comment} */\n${classText(layout)}`);
  job.add('constants', `const ${name} = changetype<${layout.className}>(0x${job.reserve(layout.sizeBytes).toString(16)});`);
  const { column } = rowScope({ layout, rowName: name, idOf: () => 0, reserve: job.reserve, used: job.used });
  return { name, layout, view: { columns, column } };
}

/** The class of a row. */
export function classText(layout: RowLayout): string {
  const lines = [`nulls: ${layout.nullsType};`];
  if (layout.nullsType === 'u32') lines.push('nullsRest: u32;');
  for (const { name, cell } of [...layout.fields].sort((a, b) => a.offset - b.offset)) {
    lines.push(`${name}: ${FIELD_TYPES[cell]};`);
    if (cell === 'wide') lines.push(`${name}High: u64;`);
  }
  return `@final @unmanaged\nclass ${layout.className} {\n${block(lines)}}`;
}

/** Fills `row` from `expressions` over `view`. @returns the statements that do it */
export function fillRow(job: Job, row: Row, expressions: readonly Expression[], view: View, words: (column: Column) => string): string[] {
  const calls = [`${row.name}.nulls = 0;`];
  for (let start = 0; start < expressions.length; start += GROUP_COLUMNS) {
    const fields = row.layout.fields.slice(start, start + GROUP_COLUMNS);
    const lines = fields.flatMap((field, index) => {
      const expression = expressions[start + index];
      if (expression === undefined) return [];
      return assign(job, row, field, compileExpression(expression, scopeOfField(job, view, words(field.column), field)));
    });
    const name = job.name('fill', capital(row.name), start === 0 ? '' : String(start));
    job.addFunction(`${fields.map(({ name: column }) => column).join(', ')} of ${row.name}.`, `${name}(): void`, lines);
    calls.push(`${name}();`);
  }
  return calls;
}

/** Names of one column's statements must not meet those of another in the same function. */
function scopeOfField(job: Job, view: View, words: string, field: Field): Scope {
  const scope = scopeOf(job, view, words);
  return { ...scope, fresh: (hint) => scope.fresh(`${hint}Of${capital(field.name)}`) };
}

/** The bit of `nulls` that says that the field is NULL, as text. */
export function nullBitText({ nullsType }: RowLayout, { nullBit }: Field): string {
  return nullsType === 'u64' ? `0x${(1n << BigInt(nullBit)).toString(16)}` : String(2 ** nullBit);
}

/** Statements that store a compiled value into a field whose NULL bit is clear. */
export function assign(job: Job, row: Row, field: Field, compiled: Compiled): string[] {
  const { setup, value, isNull } = compiled;
  const setNull = field.column.type.isNullable ? `${row.name}.nulls |= ${nullBitText(row.layout, field)};` : failText(job, field);
  if (isNull === 'true') return [...setup, setNull];
  const store = storeText(job, row, field, value);
  return isNull === 'false' ? [...setup, store] : [...setup, `if (${isNull}) ${setNull}`, `else ${store}`];
}

function failText(job: Job, field: Field): string {
  job.use('error', 'fail');
  job.use('abi', 'REJECT_TYPE');
  return `fail(REJECT_TYPE, ${job.place(`NULL for column ${field.column.name}, which is NOT NULL`)});`;
}

function storeText(job: Job, row: Row, field: Field, value: string): string {
  switch (field.cell) {
    case 'bool': return `${row.name}.${field.name} = <u8>(${value});`;
    case 'wide': {
      job.used.add('copyWide');
      return `copyWide(${value}, changetype<usize>(${row.name}) + ${field.offset});`;
    }
    case 'f64': case 'f32': return `${row.name}.${field.name} = ${canonical(job, field.cell, value)};`;
    default: return `${row.name}.${field.name} = ${value};`;
  }
}

/** Computed NaNs differ between machines in bits that nobody sees; rows hold one kind only. */
function canonical(job: Job, cell: 'f64' | 'f32', value: string): string {
  if (/^[\w.]+$/.test(value)) return value; // a column or a literal
  const name = cell === 'f64' ? 'canonicalDouble' : 'canonicalFloat';
  job.use('aggregate/nan', name);
  return `${name}(${value})`;
}

/**
 * A view of `expressions` over `view`: what is simple stands for itself, the rest is computed into a row of its own.
 * @returns the view and the statements that must run first
 */
export function project(
  job: Job, name: string, expressions: readonly Expression[], columns: readonly Column[], view: View, words: string,
): { readonly view: View; readonly lines: readonly string[] } {
  const scope = scopeOf(job, view, words);
  const aliases = expressions.map((expression) => aliasOf(expression, scope));
  const computed = expressions.map((_, index) => index).filter((index) => aliases[index] === undefined);
  if (computed.length === 0) return { view: aliasView(columns, aliases), lines: [] };
  const row = addRow(job, name, computed.map((index) => at(columns, index)), `Computed columns of ${words}.`);
  const lines = fillRow(job, row, computed.map((index) => at(expressions, index)), view, (column) => `${column.name} of ${words}`);
  computed.forEach((index, place) => { aliases[index] = row.view.column(place); });
  return { view: aliasView(columns, aliases), lines };
}

/** Only what cannot fail and has no statements is written more than once. A cast to a narrower type may look like a column. */
function aliasOf(expression: Expression, scope: Scope): ValueText | undefined {
  if (expression.kind !== 'column' && expression.kind !== 'literal') return undefined;
  const { setup, value, isNull } = compileExpression(expression, scope);
  return setup.length === 0 && value.length + isNull.length <= ALIAS_LENGTH_MAX ? { value, isNull } : undefined;
}

function aliasView(columns: readonly Column[], aliases: readonly (ValueText | undefined)[]): View {
  return { columns, column: (index) => at(aliases, index) };
}

/** The element at `index`. Throws when there is none. */
export function at<T>(list: readonly (T | undefined)[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index} of ${list.length}`);
  return found;
}
