/** Statements -> plan: tables and their options, views, inserts, settings. Every problem is noted; nothing throws. */
import type { Catalog, CatalogConnector } from '../plan/catalog.ts';
import type { Column, ColumnSource, Expression, Node, Plan, ScanColumn, SinkPlan, SourcePlan, Watermark } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import { suggestion } from '../plan/similar.ts';
import { isAssignable, isSameType, isTimestamp } from '../plan/type-rules.ts';
import { typeText } from '../plan/type-text.ts';
import type { SqlType } from '../plan/types.ts';
import { BindFault, type Binder, createBinder, intervalMs } from './bind-expression.ts';
import { type Bound, createQueryBinder, renamed, type SourceTable } from './bind-query.ts';
import { checkOptions } from './bind-options.ts';
import type { ColumnSyntax, CreateTable, Identifier, Statement } from './syntax.ts';

interface Table { readonly syntax: CreateTable; readonly connector: CatalogConnector | undefined; readonly options: Readonly<Record<string, string>> }
interface OpenSource { readonly index: number; readonly source: SourceTable; readonly table: Table; watermark: Watermark | undefined }

const SETTINGS = ['pipeline.name', 'millrace.expression-error', 'table.local-time-zone', 'execution.runtime-mode', 'parallelism.default', 'pipeline.auto-watermark-interval',
  'execution.checkpointing.interval', 'execution.checkpointing.mode', 'table.exec.mini-batch.enabled', 'sql-client.execution.result-mode'];
const PAYLOAD_MAX_BYTES = 256 * 1024;
const DEAD_LETTER_COLUMNS: Readonly<Record<string, SqlType['name']>> = {
  payload: 'BYTES', topic: 'STRING', reason: 'STRING', offset: 'BIGINT', row: 'INT', arrival: 'TIMESTAMP_LTZ', source: 'STRING', detail: 'STRING',
};

export interface JobOptions { readonly name: string; readonly catalog: Catalog }

export function bindJob(statements: readonly Statement[], { name, catalog }: JobOptions, problems: Problem[]): Plan | undefined {
  const binder = createBinder(problems);
  const { fail } = binder;
  const tables = new Map<string, Table>();
  const views = new Map<string, { readonly statement: Extract<Statement, { kind: 'createView' }>; bound: Bound | undefined }>();
  const sources = new Map<string, OpenSource>();
  const sinks: SinkPlan[] = [];
  const settings: Record<string, string> = {};
  const queries = createQueryBinder(binder, relation);

  function relation(table: Identifier): SourceTable | Bound {
    const view = views.get(table.text);
    if (view) return (view.bound ??= renamed(queries.query(view.statement.query), view.statement.columns));
    const found = tables.get(table.text);
    if (!found) return fail('unknown-table', table.span, `there is no table or view ${table.text}`, suggestion(table.text, [...tables.keys(), ...views.keys()]));
    if (found.connector && !found.connector.source) return fail('connector', table.span, `connector '${found.connector.name}' cannot be read`);
    const known = sources.get(table.text);
    if (known) return known.source;
    const source = openSource(binder, found, problems);
    const open: OpenSource = { index: sources.size, source, table: found, watermark: undefined };
    (source.scan as { source: number }).source = open.index;
    sources.set(table.text, open);
    open.watermark = watermarkOf(found.syntax, source);
    return source;
  }
  function watermarkOf(syntax: CreateTable, source: SourceTable): Watermark | undefined {
    if (!syntax.watermark) return undefined;
    const column = source.column([syntax.watermark.column]);
    return column === undefined ? undefined : { column, delayMs: delayOf(syntax.watermark.expression, syntax.watermark.column.text) ?? 0 };
  }
  function insert(table: Identifier, columns: readonly Identifier[], bound: Bound): void {
    const target = tables.get(table.text);
    if (!target) return void fail('unknown-table', table.span, `there is no table ${table.text}`, suggestion(table.text, tables.keys()));
    if (target.connector && !target.connector.sink) return void fail('connector', table.span, `connector '${target.connector.name}' cannot be written`);
    const writable = physicalColumns(target.syntax);
    const names = columns.length > 0 ? columns.map(({ text }) => text) : writable.map((column) => column.name);
    columns.forEach((column) => { if (!writable.some((known) => known.name === column.text)) fail('unknown-column', column.span, `${table.text} has no column ${column.text}`, suggestion(column.text, writable.map((known) => known.name))); });
    if (names.length !== bound.columns.length) {
      return void fail('columns', table.span, `${table.text} takes ${names.length} columns (${names.join(', ')}), the query gives ${bound.columns.length} (${bound.columns.map((column) => column.name).join(', ')})`);
    }
    const expressions = writable.map((column): Expression => {
      const index = names.indexOf(column.name);
      const from = bound.columns[index];
      if (!from) return { kind: 'literal', value: null, type: column.type, span: table.span };
      if (!isAssignable(from.type, column.type)) return fail('type', table.span, `column ${column.name} is ${typeText(column.type)}, the query gives ${typeText(from.type)}`, `CAST(… AS ${typeText(column.type)})`);
      const input: Expression = { kind: 'column', index, type: from.type, span: table.span };
      return isSameType(from.type, column.type) ? input : { kind: 'cast', input, isTry: false, type: { ...column.type, isNullable: from.type.isNullable } as SqlType, span: table.span };
    });
    addSink(table.text, target, writable, { kind: 'project', input: bound.node, expressions, columns: writable });
  }
  function addSink(base: string, target: Table, columns: readonly Column[], input: Node | undefined): number {
    const keys = (target.options['key.fields'] ?? '').split(';').filter((key) => key !== '');
    const taken = sinks.filter(({ table }) => table === base).length;
    return sinks.push({
      name: taken === 0 ? base : `${base}-${taken + 1}`, table: base, connector: target.connector?.name ?? '', options: target.options, columns, input,
      keyColumns: keys.map((key) => columns.findIndex((column) => column.name === key)).filter((index) => index >= 0),
    }) - 1;
  }
  function print({ node, columns }: Bound): void {
    const connector = catalog.connectors.find((candidate) => candidate.name === 'print');
    const index = sinks.filter(({ table }) => table.startsWith('print')).length;
    const label = index === 0 ? 'print' : `print-${index + 1}`;
    sinks.push({ name: label, table: label, connector: connector?.name ?? 'print', options: {}, columns, input: node, keyColumns: [] });
  }
  function statement(one: Statement): void {
    switch (one.kind) {
      case 'createTable': {
        if (tables.has(one.name.text) || views.has(one.name.text)) return one.ifNotExists ? undefined : void fail('duplicate', one.name.span, `${one.name.text} exists already`);
        tables.set(one.name.text, { syntax: one, ...checkOptions(one, catalog, problems) });
        return;
      }
      case 'createView': views.set(one.name.text, { statement: one, bound: undefined }); return;
      case 'insert': insert(one.table, one.columns, queries.query(one.query)); return;
      case 'select': print(queries.query(one.query)); return;
      case 'set': {
        if (!SETTINGS.includes(one.key.text)) fail('unknown-setting', one.key.span, `there is no setting '${one.key.text}'`, suggestion(one.key.text, SETTINGS));
        settings[one.key.text] = one.value.text;
        return;
      }
      default: {
        const unreachable: never = one;
        return unreachable;
      }
    }
  }
  for (const one of statements) guarded(() => statement(one));
  for (const view of views.values()) guarded(() => { view.bound ??= queries.query(view.statement.query); });
  if (sinks.length === 0 && problems.length === 0) problems.push({ severity: 'error', code: 'empty', message: 'the job has no result', remedy: 'add a SELECT or INSERT INTO', span: { start: 0, end: 0 } });
  const plans = [...sources.values()].map((open): SourcePlan => sourcePlan(open, deadLetters(open)));
  if (problems.some(({ severity }) => severity === 'error')) return undefined;
  return { name: settings['pipeline.name'] ?? name, sources: plans, sinks, settings };

  function guarded(work: () => void): void {
    try { work(); } catch (error) { if (!(error instanceof BindFault)) throw error; }
  }
  function deadLetters({ table }: OpenSource): number | undefined {
    const target = table.options['dead-letter.table'];
    if (target === undefined) return undefined;
    const option = table.syntax.options.find(({ key }) => key.text === 'dead-letter.table');
    let index: number | undefined;
    guarded(() => {
      const found = tables.get(target) ?? fail('unknown-table', option?.value.span ?? table.syntax.span, `there is no table ${target}`, suggestion(target, tables.keys()));
      const columns = physicalColumns(found.syntax);
      for (const column of columns) {
        const type = DEAD_LETTER_COLUMNS[column.name];
        if (type !== column.type.name) fail('dead-letter', option?.value.span ?? table.syntax.span, `${target}.${column.name} is no column of a dead letter`, `use ${Object.entries(DEAD_LETTER_COLUMNS).map(([key, name]) => `${key} ${name}`).join(', ')}`);
      }
      const known = sinks.findIndex((sink) => sink.table === target);
      index = known >= 0 ? known : addSink(target, found, columns, undefined);
    });
    return index;
  }
  function sourcePlan({ source, table, watermark }: OpenSource, deadLetterSink: number | undefined): SourcePlan {
    return {
      table: source.name, connector: table.connector?.name ?? '', options: table.options, scan: source.scan, watermark, deadLetterSink,
      columns: table.syntax.columns.flatMap((column) => (column.kind === 'computed' ? [] : [{ name: column.name.text, type: column.type }])),
      payloadMaxBytes: Number(table.options['payload.max-bytes'] ?? PAYLOAD_MAX_BYTES), isBounded: table.connector?.source?.isBounded(table.options) ?? false,
    };
  }
}

function physicalColumns({ columns }: CreateTable): Column[] {
  return columns.flatMap((column) => (column.kind === 'physical' ? [{ name: column.name.text, type: column.type }] : []));
}

function delayOf(syntax: CreateTable['watermark'] extends infer W | undefined ? W extends { expression: infer E } ? E : never : never, column: string): number | undefined {
  if (syntax.kind === 'name' && syntax.parts.at(-1)?.text === column) return 0;
  if (syntax.kind === 'binary' && syntax.operator === '-' && syntax.right.kind === 'interval') return intervalMs(syntax.right);
  return undefined;
}

/** A table's scan, columns added as they are asked for. Computed columns are bound at their first use. */
function openSource(binder: Binder, { syntax }: Table, problems: Problem[]): SourceTable {
  const columns: ScanColumn[] = [];
  const indices = new Map<string, number>();
  const byName = new Map(syntax.columns.map((column) => [column.name.text, column]));
  const watermarked = syntax.watermark?.column.text;
  function add(key: string, name: string, type: SqlType, source: ColumnSource): number {
    const index = columns.push({ name, type: key === watermarked && isTimestamp(type) ? { ...type, attribute: 'event' } : type, source }) - 1;
    indices.set(key, index);
    return index;
  }
  function column(parts: readonly Identifier[]): number | undefined {
    const key = parts.map(({ text }) => text).join('.');
    const known = indices.get(key);
    if (known !== undefined) return known;
    const found = byName.get(parts[0]?.text ?? '');
    return found && addColumn(found, parts, key);
  }
  function addColumn(found: ColumnSyntax, parts: readonly Identifier[], key: string): number | undefined {
    if (found.kind === 'metadata') return parts.length > 1 ? undefined : add(key, found.name.text, found.type, { kind: 'metadata', key: found.key?.text ?? found.name.text });
    if (found.kind === 'computed') {
      if (parts.length > 1) return undefined;
      const expression = binder.expression(found.expression, { resolve, names: () => [...byName.keys()] });
      return add(key, found.name.text, expression.type, { kind: 'computed', expression });
    }
    let type: SqlType = found.type;
    let isNullable = type.isNullable;
    for (const part of parts.slice(1)) {
      const field = type.name === 'ROW' ? type.fields.find(({ name }) => name === part.text) : undefined;
      if (!field) return undefined;
      type = field.type;
      isNullable ||= type.isNullable;
    }
    if (type.name === 'ROW') return binder.fail('unsupported', parts[0]?.span ?? found.span, `${key} is a ROW as a whole`, `name its fields: ${type.fields.map(({ name }) => `${key}.${name}`).join(', ')}`);
    return add(key, parts.length === 1 ? found.name.text : key.replaceAll('.', '_'), { ...type, isNullable } as SqlType, { kind: 'json', path: parts.map(({ text }) => text) });
  }
  function resolve(parts: readonly Identifier[]): Expression | undefined {
    const index = column(parts);
    return index === undefined ? undefined : { kind: 'column', index, type: (columns[index] as ScanColumn).type, span: parts[0]?.span ?? syntax.span };
  }
  void problems;
  return { name: syntax.name.text, scan: { kind: 'scan', source: 0, columns }, column, names: [...byName.keys()] };
}
