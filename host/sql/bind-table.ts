/** CREATE TABLE: columns become a scan of their leaves, ROWs flattened; computed columns, watermark and key are checked. */
import type { CatalogConnector } from '../plan/catalog.ts';
import type { ColumnSource, ScanColumn, ScanNode, Watermark } from '../plan/nodes.ts';
import { suggestion } from '../plan/similar.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { isTimestamp, withNullable } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindExpression } from './bind-expression.ts';
import { metadataField } from './bind-metadata.ts';
import { checkOptions } from './bind-options.ts';
import type { Field, Job, Report, Table } from './job.ts';
import { merged } from './like.ts';
import { intervalLiteral } from './literals.ts';
import type { ColumnSyntax, CreateTable, Syntax } from './syntax.ts';
import { children } from './walk.ts';

/** Adds the table to the job, also one with problems, so that they are not reported again where it is used. */
export function bindTable(job: Job, written: CreateTable): void {
  const syntax = merged(job, written);
  if (syntax === undefined) {
    if (!job.tables.has(written.name.text)) job.tables.set(written.name.text, { kind: 'view', name: written.name.text, relation: undefined });
    return;
  }
  const name = syntax.name.text;
  if (job.tables.has(name)) {
    if (!syntax.ifNotExists) job.report(
      'duplicate', syntax.name.span, `${name} exists already`, 'give it another name',
    );
    return;
  }
  const { connector, options } = checkOptions(job, syntax);
  const scan: ScanColumn[] = [];
  const keys = new Set(syntax.primaryKey.map((key) => key.text));
  const stored = syntax.columns.filter((column) => column.kind !== 'computed');
  const fields = new Map(stored.map((column): [string, Field] => [
    column.name.text, storedField(column, keys.has(column.name.text), connector, scan, job.report),
  ]));
  const declared = stored.map((column) => fields.get(column.name.text) as Field);
  for (const column of syntax.columns) {
    if (column.kind === 'computed') fields.set(
      column.name.text, computedField(column, syntax, declared, scan, job.report),
    );
  }
  const watermark = bindWatermark(syntax, fields, scan, job.report);
  checkNames(syntax, job.report);
  const key = keyOf(syntax, fields);
  const node: ScanNode = { kind: 'scan', source: job.scanned.length, columns: scan, ...key.length === 0 ? {} : { primaryKey: key } };
  const sinkColumns = syntax.columns.filter((column) => column.kind === 'physical')
    .map((column): Field => ({ ...fields.get(column.name.text) as Field, type: column.type }));
  const table: Table = {
    kind: 'table', name, span: syntax.name.span, primaryKey: syntax.primaryKey.map((column) => column.text), syntax, sinkColumns,
    scan: node, watermark, options, connector,
    relation: { node, fields: [...new Set(syntax.columns.map((column) => column.name.text))].map(
      (column) => fields.get(column) as Field,
    )},
  };
  job.scanned.push(table);
  job.tables.set(name, table);
}

/** Columns of the primary key; none where one of them is no column. */
function keyOf({ primaryKey }: CreateTable, fields: ReadonlyMap<string, Field>): readonly number[] {
  const columns = primaryKey.map((name) => fields.get(name.text)?.place);
  return columns.every((place) => place?.kind === 'column') ? columns.flatMap((place) => (place?.kind === 'column' ? [place.index] : [])) : [];
}

function checkNames({ columns, primaryKey }: CreateTable, report: Report): void {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name.text)) report(
      'duplicate', name.span, `there are two columns ${name.text}`, 'give one another name',
    );
    names.add(name.text);
  }
  for (const key of primaryKey) {
    if (!names.has(key.text)) report(
      'unknown-column', key.span, `no column ${key.text} for the primary key`, suggestion(key.text, names),
    );
  }
}

/** A column of the payload or of its metadata, as leaves added to `scan`. */
function storedField(
  column: Extract<ColumnSyntax, { kind: 'physical' | 'metadata' }>, isKey: boolean, connector: CatalogConnector | undefined,
  scan: ScanColumn[], report: Report,
): Field {
  const name = column.name.text;
  if (column.kind === 'metadata') {
    return leaf(name, column.type, { kind: 'metadata', field: metadataField(column, connector, report) }, scan);
  }
  return payloadField([name], isKey ? { ...column.type, isNullable: false } as SqlType : column.type, false, scan);
}

function leaf(name: string, type: SqlType, source: ColumnSource, scan: ScanColumn[]): Field {
  const index = scan.push({ name, type, source }) - 1;
  return { name, type, place: { kind: 'column', index } };
}

/** @param isNullable whether a ROW around it may be NULL */
function payloadField(path: readonly string[], type: SqlType, isNullable: boolean, scan: ScanColumn[]): Field {
  const name = path.at(-1) as string;
  const isNull = isNullable || type.isNullable;
  if (type.name !== 'ROW') {
    leaf(path.join('.'), withNullable(type, isNull), { kind: 'json', path }, scan);
    return { name, type, place: { kind: 'column', index: scan.length - 1 } };
  }
  return { name, type, place: { kind: 'row', fields: type.fields.map(
    (field) => payloadField([...path, field.name], field.type, isNull, scan),
  ) } };
}

/** Added after all stored columns, since its expression may name any of them. */
function computedField(
  column: Extract<ColumnSyntax, { kind: 'computed' }>, table: CreateTable, stored: readonly Field[], scan: ScanColumn[], report: Report,
): Field {
  const name = column.name.text;
  const other = namesIn(column.expression).find(
    (part) => table.columns.some((known) => known.kind === 'computed' && known.name.text === part.text),
  );
  let bound;
  if (other !== undefined) report(
    'unsupported', other.span, `${other.text} is computed itself`,
    `write out the expression of ${other.text}, or add ${name} in a view`,
  );
  else bound = bindExpression(
    column.expression,
    { scope: { tables: [], fields: stored }, report, aggregateProblem: 'a column is computed from one row' },
  );
  if (bound !== undefined && bound.type.name !== 'NULL' && bound.type.name !== 'INTERVAL') return leaf(
    name, bound.type, { kind: 'computed', expression: bound }, scan,
  );
  if (bound !== undefined) report('type', column.span, `the type of ${name} is not known`, 'CAST the expression');
  return { name, type: { name: 'NULL', isNullable: true }, place: { kind: 'broken' } };
}

function namesIn(syntax: Syntax): readonly { readonly text: string; readonly span: { readonly start: number; readonly end: number } }[] {
  return syntax.kind === 'name' ? syntax.parts.slice(0, 1) : children(syntax).flatMap(namesIn);
}

function bindWatermark(
  { watermark }: CreateTable, fields: Map<string, Field>, scan: ScanColumn[], report: Report,
): Watermark | undefined {
  if (watermark === undefined) return undefined;
  const { column, expression } = watermark;
  const field = fields.get(column.text);
  if (field === undefined) {
    report(
      'unknown-column', column.span, `no column ${column.text} for the watermark`,
      suggestion(column.text, fields.keys()),
    );
    return undefined;
  }
  const delayMs = watermarkDelay(column.text, expression, report);
  if (field.place.kind === 'broken') return undefined;
  if (!isTimestamp(field.type) || field.place.kind !== 'column') {
    const remedy = `add a computed column: at AS TO_TIMESTAMP_LTZ(${column.text}, 3), and WATERMARK FOR at`;
    report(
      'time-attribute', column.span,
      `an event time is a TIMESTAMP(3) or TIMESTAMP_LTZ(3), and ${column.text} is ${bareTypeText(field.type)}`, remedy,
    );
    return undefined;
  }
  const type: SqlType = { ...field.type, attribute: 'event' };
  const { index } = field.place;
  scan[index] = { ...scan[index] as ScanColumn, type };
  fields.set(column.text, { ...field, type });
  return { column: index, delayMs };
}

/** `c` or `c - INTERVAL …`; 0 when it has a problem. */
function watermarkDelay(column: string, expression: Syntax, report: Report): number {
  const isColumn = (syntax: Syntax): boolean => syntax.kind === 'name' && syntax.parts.length === 1 && syntax.parts[0]?.text === column;
  if (isColumn(expression)) return 0;
  if (
    expression.kind === 'binary' && expression.operator === '-' && isColumn(expression.left) && expression.right.kind === 'interval'
  ) {
    const interval = intervalLiteral(expression.right, report);
    const ms = interval?.type.name === 'INTERVAL' && interval.type.unit === 'ms' ? Number(interval.value) : undefined;
    if (interval === undefined || ms !== undefined && ms >= 0) return ms ?? 0;
    report(
      'type', expression.right.span, 'the delay of a watermark is a fixed time, not negative',
      "write INTERVAL '2' SECOND",
    );
    return 0;
  }
  report(
    'unsupported', expression.span, 'this watermark is not supported yet',
    `write WATERMARK FOR ${column} AS ${column} - INTERVAL '2' SECOND`,
  );
  return 0;
}
