/** Statements in order into tables, views and results. Every statement is looked at, whatever was wrong before. */
import type { Expression } from '../plan/nodes.ts';
import { nearest, suggestion } from '../plan/similar.ts';
import { typeText } from '../plan/type-text.ts';
import { isAssignable, isText } from '../plan/type-rules.ts';
import { castTo } from './bind-expression.ts';
import { bindQuery, count, renamed } from './bind-query.ts';
import { withoutPending } from './bind-rank.ts';
import { asProjection } from './bind-select.ts';
import { bindTable } from './bind-table.ts';
import { checkKey, checkResult } from './check-result.ts';
import type { Field, Job, Relation, Table } from './job.ts';
import { literal } from './literals.ts';
import { bindSetting, resetSetting } from './settings.ts';
import type { Identifier, Statement } from './syntax.ts';

export function bindStatements(job: Job, statements: readonly Statement[]): void {
  for (const statement of statements) bindStatement(job, statement);
  for (const table of job.scanned) checkNamedColumns(job, table);
  for (const table of job.scanned) checkDeadLetters(job, table);
}

function bindStatement(job: Job, statement: Statement): void {
  switch (statement.kind) {
    case 'createTable': bindTable(job, statement); break;
    case 'createView': bindView(job, statement); break;
    case 'insert': bindInsert(job, statement); break;
    case 'select': bindPrint(job, statement); break;
    case 'set': bindSetting(job, statement.key, statement.value); break;
    case 'reset': resetSetting(job, statement.key); break;
    case 'drop': bindDrop(job, statement); break;
    case 'describe': if (!job.tables.has(statement.name.text)) unknownTable(job, statement.name); break;
    case 'explain': statement.statements.forEach((one) => bindExplained(job, one)); break;
    default: { const unreachable: never = statement; void unreachable; }
  }
}

/** A view with problems stands for any columns, so that its users are not reported too. */
function bindView(job: Job, { name, columns, query, ifNotExists }: Extract<Statement, { kind: 'createView' }>): void {
  const relation = renamed(job, bindQuery(job, query), columns);
  if (!job.tables.has(name.text)) job.tables.set(name.text, { kind: 'view', name: name.text, relation });
  else if (!ifNotExists) job.report('duplicate', name.span, `${name.text} exists already`, 'give it another name');
}

/** EXPLAIN checks what it names and runs nothing; `millrace explain` prints the plan of the job. */
function bindExplained(job: Job, statement: Statement): void {
  const results = job.sinks.length;
  bindStatement(job, statement);
  job.sinks.splice(results);
}

/** DROP forgets the name; results that read it stay as they are. */
function bindDrop(job: Job, { what, name, ifExists }: Extract<Statement, { kind: 'drop' }>): void {
  const found = job.tables.get(name.text);
  if (found === undefined) {
    if (!ifExists) unknownTable(job, name);
    return;
  }
  if (found.kind !== what && (found.kind === 'table' || found.relation !== undefined)) {
    job.report('drop', name.span, `${name.text} is a ${found.kind}, not a ${what}`, `write DROP ${found.kind.toUpperCase()} ${name.text}`);
    return;
  }
  job.tables.delete(name.text);
}

function unknownTable(job: Job, name: Identifier): void {
  job.report('unknown-table', name.span, `there is no table or view ${name.text}`, suggestion(name.text, job.tables.keys()) ?? 'create it first');
}

/** A bare SELECT: its rows are printed. */
function bindPrint(job: Job, { query, span }: Extract<Statement, { kind: 'select' }>): void {
  const relation = bindQuery(job, query);
  const printed = job.sinks.filter((sink) => sink.table === undefined).length;
  const name = printed === 0 ? 'print' : `print-${printed + 1}`;
  if (relation === undefined) return;
  const row = relation.fields.find((field) => field.place.kind === 'row');
  if (row !== undefined) job.report(
    'unsupported', query.body.span, `${row.name} is a ROW, and writing ROWs is not supported yet`,
    `name its fields: ${fieldExamples(row)}`,
  );
  else job.sinks.push({ name, table: undefined, relation: checked(job, relation, undefined, span), span });
}

/** The rows as they are computed in the end. */
function checked(job: Job, relation: Relation, table: Table | undefined, span: { start: number; end: number }): Relation {
  const node = withoutPending(job, relation.node);
  checkResult(job, node, table, span);
  return { ...relation, node };
}

function fieldExamples(row: Field): string {
  return row.place.kind === 'row' ? row.place.fields.slice(0, 3).map(
    (field) => `${row.name}.${field.name}`,
  ).join(', ') : row.name;
}

function bindInsert(job: Job, { table: name, columns, query, span }: Extract<Statement, { kind: 'insert' }>): void {
  const table = sinkTable(job, name);
  const relation = bindQuery(job, query);
  if (table === undefined) return;
  const targets = columns.length === 0 ? table.sinkColumns : targetColumns(job, table, columns);
  if (relation === undefined || targets === undefined) return;
  if (targets.length !== relation.fields.length) {
    const names = (fields: readonly Field[]): string => fields.map((field) => field.name).join(', ');
    job.report(
      'column-count', query.body.span,
      `${name.text} takes ${count(targets.length, 'column')} (${names(targets)}), `
        + `and the query has ${relation.fields.length} (${names(relation.fields)})`,
      `list the columns to fill: INSERT INTO ${name.text} (…)`,
    );
    return;
  }
  const others = job.sinks.filter((sink) => sink.table === table).length;
  if (others > 0 && table.options.has('path')) {
    job.report(
      'unsupported', name.span, `two results cannot be written into one place: ${name.text} has another INSERT`,
      'give each INSERT a table with a path of its own',
    );
    return;
  }
  const output = assigned(job, table, targets, checked(job, relation, table, query.body.span), query.body.span);
  if (output === undefined) return;
  checkKey(job, table, output.node, query.body.span);
  job.sinks.push({ name: others === 0 ? table.name : `${table.name}-${others + 1}`, table, relation: output, span });
}

function sinkTable(job: Job, name: Identifier): Table | undefined {
  const found = job.tables.get(name.text);
  if (found === undefined) {
    const tables = [...job.tables.values()].filter((table) => table.kind === 'table').map((table) => table.name);
    job.report(
      'unknown-table', name.span, `there is no table ${name.text}`, suggestion(name.text, tables) ?? 'create it first',
    );
  } else if (found.kind === 'view') {
    if (found.relation !== undefined) job.report(
      'not-a-sink', name.span, `${name.text} is a view, and views cannot be written`, 'INSERT INTO a table',
    );
  } else if (found.connector !== undefined && found.connector.sink === undefined) {
    const sinks = job.catalog.connectors.filter(
      (connector) => connector.sink !== undefined,
    ).map((connector) => connector.name);
    job.report(
      'not-a-sink', name.span, `${name.text} cannot be written: the connector ${found.connector.name} only reads`,
      `connectors that write: ${sinks.join(', ')}`,
    );
  } else {
    return found;
  }
  return undefined;
}

/** The columns that `INSERT INTO t (…)` names; the others become NULL. */
function targetColumns(job: Job, table: Table, names: readonly Identifier[]): readonly Field[] | undefined {
  const targets = names.map((name) => {
    const field = table.sinkColumns.find((column) => column.name === name.text);
    if (field === undefined) job.report(
      'unknown-column', name.span, `${table.name} has no column ${name.text} to write`,
      suggestion(name.text, table.sinkColumns.map((column) => column.name)),
    );
    return field;
  });
  names.forEach((name, index) => {
    if (names.findIndex((other) => other.text === name.text) < index) job.report(
      'duplicate', name.span, `${name.text} is listed twice`,
    );
  });
  const missing = table.sinkColumns.find(
    (column) => !column.type.isNullable && !names.some((name) => name.text === column.name),
  );
  if (missing !== undefined) job.report(
    'not-null', (names[0] as Identifier).span, `${missing.name} is NOT NULL and gets no value`, 'add it to the list',
  );
  return targets.includes(undefined) || missing !== undefined ? undefined : targets as readonly Field[];
}

/** The query's columns as the table's columns, cast where Flink casts by itself. */
function assigned(
  job: Job, table: Table, targets: readonly Field[], relation: Relation, span: { start: number; end: number },
): Relation | undefined {
  const node = asProjection(relation.node);
  let isRight = true;
  const refuse = (
    code: string, message: string, remedy: string, at: { start: number; end: number } = span,
  ): undefined => {
    isRight = false;
    job.report(code, at, message, remedy);
    return undefined;
  };
  const expressions = table.sinkColumns.map((column): Expression | undefined => {
    const from = relation.fields[targets.indexOf(column)];
    if (from === undefined) return literal(null, { ...column.type, isNullable: true } as Expression['type'], span);
    if (from.place.kind !== 'column' || column.place.kind !== 'column') {
      return refuse(
        'unsupported', `column ${column.name}: writing ROWs is not supported yet`,
        'write their fields into columns of their own',
      );
    }
    const value = node.expressions[from.place.index] as Expression;
    if (!isAssignable(value.type, column.type)) {
      const target = typeText({ ...column.type, isNullable: true } as Expression['type']);
      return refuse(
        'type',
        `column ${column.name} of ${table.name} is ${typeText(column.type)}, and the query gives ${typeText(value.type)}`,
        `write CAST(… AS ${target})`, value.span,
      );
    }
    if (value.type.isNullable && !column.type.isNullable) job.warn(
      'not-null', value.span, `column ${column.name} of ${table.name} is NOT NULL, and this value may be NULL`,
      'filter with IS NOT NULL, or write COALESCE',
    );
    const bothTexts = isText(value.type) && isText(column.type); // Flink neither cuts nor pads what a sink gets
    return bothTexts ? value : castTo(value, column.type);
  });
  if (!isRight) return undefined;
  const written = expressions as readonly Expression[];
  const columns = table.sinkColumns.map((column, index) => ({
    name: column.name,
    type: { ...column.type, isNullable: column.type.isNullable || (written[index] as Expression).type.isNullable } as Expression['type'],
  }));
  return { node: { kind: 'project', input: node.input, expressions: written, columns }, fields: table.sinkColumns };
}

/** 'key.fields' names columns that exist. */
function checkNamedColumns(job: Job, table: Table): void {
  const option = table.options.get('key.fields');
  if (option === undefined) return;
  const names = table.sinkColumns.map((column) => column.name);
  for (const key of option.text.split(';').map((part) => part.trim())) {
    if (!names.includes(key)) job.report(
      'unknown-column', option.span,
      `'key.fields' names ${key === '' ? 'nothing' : key}, which is no column of ${table.name}`,
      suggestion(key, names) ?? "write it as in 'a;b'",
    );
  }
}

/** Columns a dead letter can have. */
const DEAD_LETTER_COLUMNS: Readonly<Record<string, string>> = {
  payload: 'BYTES', topic: 'STRING', reason: 'STRING', offset: 'BIGINT', row: 'INT', arrival: 'TIMESTAMP_LTZ(3)', source: 'STRING', detail: 'STRING',
};

function checkDeadLetters(job: Job, source: Table): void {
  const option = source.options.get('dead-letter.table');
  if (option === undefined) return;
  const table = job.tables.get(option.text);
  const sinks = job.scanned.filter((known) => known.connector?.sink !== undefined).map((known) => known.name);
  if (table?.kind !== 'table') {
    const near = nearest(option.text, sinks);
    job.report(
      'dead-letter', option.span, `there is no table ${option.text} for the dead letters of ${source.name}`,
      near === undefined ? 'create it' : `did you mean ${near}?`,
    );
    return;
  }
  if (table.connector !== undefined && table.connector.sink === undefined) {
    job.report(
      'dead-letter', option.span,
      `${table.name} cannot take dead letters: the connector ${table.connector.name} only reads`,
      'name a table that can be written',
    );
  }
  const written = job.sinks.find((sink) => sink.table === table);
  if (written !== undefined) job.report(
    'dead-letter', written.span, `${table.name} takes dead letters, so it can take no INSERT`,
    'write into another table',
  );
  const forms = Object.entries(DEAD_LETTER_COLUMNS).map(([name, type]) => `${name} ${type}`).join(', ');
  for (const { name, type } of table.sinkColumns) {
    const expected = DEAD_LETTER_COLUMNS[name];
    const actual = typeText({ ...type, isNullable: true } as Expression['type']);
    if (expected === undefined) job.report(
      'dead-letter', table.span, `a dead letter has no ${name}`, `its columns are any of ${forms}`,
    );
    else if (actual !== expected) job.report(
      'dead-letter', table.span, `${name} of a dead letter is ${expected}, not ${actual}`,
      `its columns are any of ${forms}`,
    );
  }
}
