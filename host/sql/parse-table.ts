/** CREATE TABLE: columns of three kinds, watermark, primary key, options. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseType } from './parse-type.ts';
import type { ColumnSyntax, CreateTable, Identifier, OptionSyntax } from './syntax.ts';

/** Requires: `CREATE [TEMPORARY] TABLE` was taken. @param start where the statement starts */
export function parseCreateTable(cursor: Cursor, start: number): CreateTable {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const name = parseTableName(cursor);
  if (!cursor.isAtSymbol('(')) {
    if (cursor.isAt('LIKE') || cursor.isAt('AS') || cursor.isAt('WITH')) {
      cursor.unsupported(cursor.peek(), `CREATE TABLE … ${cursor.peek().keyword} without columns`, 'list the columns');
    }
    cursor.expectSymbol('(', 'before the columns');
  }
  cursor.expectSymbol('(');
  const columns: ColumnSyntax[] = [];
  const body: { watermark: CreateTable['watermark']; primaryKey: readonly Identifier[] } = { watermark: undefined, primaryKey: [] };
  cursor.list(() => {
    const token = cursor.peek();
    const isColumn = cursor.peek(1).kind === 'word' && !['FOR', 'KEY'].includes(cursor.peek(1).keyword);
    if (cursor.isAt('WATERMARK') && !isColumn) {
      if (body.watermark !== undefined) cursor.fail('duplicate', token, 'a table has one watermark');
      body.watermark = parseWatermark(cursor);
    } else if (cursor.isAt('PRIMARY') || cursor.isAt('CONSTRAINT')) {
      if (body.primaryKey.length > 0) cursor.fail('duplicate', token, 'a table has one primary key');
      body.primaryKey = parsePrimaryKey(cursor);
    } else if (cursor.isAt('UNIQUE')) {
      cursor.fail('syntax', token, 'Flink has no UNIQUE', 'write PRIMARY KEY (…) NOT ENFORCED');
    } else {
      const column = parseColumn(cursor);
      columns.push(column.column);
      if (column.isPrimaryKey) body.primaryKey = [column.column.name];
    }
  });
  cursor.expectSymbol(')', 'after the columns');
  return { kind: 'createTable', name, columns, ...body, options: parseTail(cursor), ifNotExists, span: { start, end: cursor.lastEnd() } };
}

/** A table's or view's own name. */
export function parseTableName(cursor: Cursor): Identifier {
  const name = cursor.identifier('a table name');
  if (cursor.isAtSymbol('.')) cursor.unsupported(
    cursor.peek(), 'a table of another catalog or database', 'name the table alone',
  );
  return name;
}

function parseTail(cursor: Cursor): readonly OptionSyntax[] {
  if (cursor.take('COMMENT')) cursor.string('the comment');
  for (const keyword of ['PARTITIONED', 'DISTRIBUTED']) {
    if (cursor.isAt(keyword)) cursor.unsupported(
      cursor.peek(), `${keyword} BY`, "leave it out; a Kafka sink is partitioned by 'key.fields'",
    );
  }
  const options = cursor.take('WITH') ? parseOptions(cursor) : [];
  if (cursor.isAt('LIKE') || cursor.isAt('AS')) cursor.unsupported(
    cursor.peek(), `CREATE TABLE … ${cursor.peek().keyword}`, 'list the columns and INSERT INTO the table',
  );
  return options;
}

function parseOptions(cursor: Cursor): readonly OptionSyntax[] {
  cursor.expectSymbol('(', 'after WITH');
  if (cursor.takeSymbol(')')) return [];
  const options = cursor.list((): OptionSyntax => {
    const key = cursor.string("an option, as in 'connector' = 'mqtt'");
    cursor.expectSymbol('=', 'after the option');
    return { key, value: cursor.string('the value in quotes') };
  });
  cursor.expectSymbol(')', 'after the options');
  return options;
}

function parseColumn(cursor: Cursor): { readonly column: ColumnSyntax; readonly isPrimaryKey: boolean } {
  const name = cursor.identifier('a column name');
  const { start } = name.span;
  const ending = (): { name: Identifier; span: { start: number; end: number } } => (
    { name, span: { start, end: cursor.lastEnd() } }
  );
  if (cursor.take('AS')) {
    const expression = parseExpression(cursor);
    const place = ending();
    comment(cursor);
    return { column: { kind: 'computed', expression, ...place }, isPrimaryKey: false };
  }
  const type = parseType(cursor);
  if (cursor.take('METADATA')) {
    const key = cursor.take('FROM') ? cursor.string('the metadata key in quotes') : undefined;
    const isVirtual = cursor.take('VIRTUAL');
    const place = ending();
    comment(cursor);
    return { column: { kind: 'metadata', type, key, isVirtual, ...place }, isPrimaryKey: false };
  }
  const place = ending();
  const isPrimaryKey = cursor.take('PRIMARY', 'KEY');
  if (isPrimaryKey) notEnforced(cursor);
  if (cursor.isAt('DEFAULT')) cursor.fail(
    'syntax', cursor.peek(), 'Flink has no DEFAULT', 'write COALESCE where the column is read',
  );
  comment(cursor);
  return { column: { kind: 'physical', type, ...place }, isPrimaryKey };
}

function comment(cursor: Cursor): void { if (cursor.take('COMMENT')) cursor.string('the comment'); }

function parseWatermark(cursor: Cursor): CreateTable['watermark'] {
  const { start } = cursor.peek();
  cursor.expect('WATERMARK', 'FOR');
  const column = cursor.identifier('the time column');
  if (cursor.isAtSymbol('.')) cursor.unsupported(
    cursor.peek(), 'a watermark on a nested field', `add a computed column: at AS ${column.text}.…`,
  );
  cursor.expect('AS');
  const expression = parseExpression(cursor);
  return { column, expression, span: { start, end: cursor.lastEnd() } };
}

function parsePrimaryKey(cursor: Cursor): readonly Identifier[] {
  if (cursor.take('CONSTRAINT')) cursor.identifier('a name for the constraint');
  cursor.expect('PRIMARY', 'KEY');
  cursor.expectSymbol('(', 'before the key columns');
  const names = cursor.list(() => cursor.identifier('a column name'));
  cursor.expectSymbol(')', 'after the key columns');
  notEnforced(cursor);
  return names;
}

function notEnforced(cursor: Cursor): void {
  if (!cursor.take('NOT', 'ENFORCED')) cursor.unexpected(
    'NOT ENFORCED', 'a stream cannot enforce a primary key: write PRIMARY KEY (…) NOT ENFORCED',
  );
}
