/** CREATE TABLE: columns of three kinds, watermark, primary key, options. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseType } from './parse-type.ts';
import type { ColumnSyntax, CreateTable, Identifier, LikeClause, LikeFeature, LikeStrategy, OptionSyntax } from './syntax.ts';

/** Requires: `CREATE [TEMPORARY] TABLE` was taken. @param start where the statement starts */
export function parseCreateTable(cursor: Cursor, start: number): CreateTable {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const name = parseTableName(cursor);
  const columns: ColumnSyntax[] = [];
  const body: Body = { watermark: undefined, primaryKey: [] };
  const isLike = ['WITH', 'LIKE', 'COMMENT', 'PARTITIONED'].includes(cursor.peek().keyword);
  if (!isLike) {
    if (cursor.isAt('AS')) refuseAs(cursor);
    cursor.expectSymbol('(', 'before the columns');
    parseColumns(cursor, columns, body);
  }
  const tail = parseTail(cursor);
  if (isLike && tail.like === undefined) cursor.unexpected('LIKE', 'list the columns, or write LIKE and the table that has them');
  return { kind: 'createTable', name, columns, ...body, ...tail, ifNotExists, span: { start, end: cursor.lastEnd() } };
}

interface Body { watermark: CreateTable['watermark']; primaryKey: readonly Identifier[] }

function parseColumns(cursor: Cursor, columns: ColumnSyntax[], body: Body): void {
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
}

function refuseAs(cursor: Cursor): never {
  return cursor.unsupported(cursor.peek(), 'CREATE TABLE … AS', 'list the columns and INSERT INTO the table');
}

/** A table's or view's own name. */
export function parseTableName(cursor: Cursor): Identifier {
  const name = cursor.identifier('a table name');
  if (cursor.isAtSymbol('.')) cursor.unsupported(
    cursor.peek(), 'a table of another catalog or database', 'name the table alone',
  );
  return name;
}

/** PARTITIONED BY is taken for Flink's files: a sink here writes one place. */
function parseTail(cursor: Cursor): Pick<CreateTable, 'options' | 'like'> {
  if (cursor.take('COMMENT')) cursor.string('the comment');
  if (cursor.isAt('DISTRIBUTED')) cursor.unsupported(cursor.peek(), 'DISTRIBUTED BY', "leave it out; a Kafka sink is partitioned by 'key.fields'");
  if (cursor.take('PARTITIONED', 'BY')) {
    cursor.expectSymbol('(', 'after PARTITIONED BY');
    cursor.list(() => cursor.identifier('a column name'));
    cursor.expectSymbol(')', 'after the columns');
  }
  const options = cursor.take('WITH') ? parseOptions(cursor) : [];
  const like = cursor.take('LIKE') ? parseLike(cursor) : undefined;
  if (cursor.isAt('AS')) refuseAs(cursor);
  return { options, like };
}

const LIKE_FEATURES: readonly LikeFeature[] = ['ALL', 'CONSTRAINTS', 'DISTRIBUTION', 'GENERATED', 'METADATA', 'OPTIONS', 'PARTITIONS', 'WATERMARKS'];

/** `t (INCLUDING ALL OVERWRITING OPTIONS …)` */
function parseLike(cursor: Cursor): LikeClause {
  const table = parseTableName(cursor);
  const strategies = new Map<LikeFeature, LikeStrategy>();
  if (!cursor.takeSymbol('(')) return { table, strategies };
  do {
    const strategy = (['INCLUDING', 'EXCLUDING', 'OVERWRITING'] as const).find((keyword) => cursor.take(keyword));
    if (strategy === undefined) return cursor.unexpected('INCLUDING, EXCLUDING or OVERWRITING');
    const feature = LIKE_FEATURES.find((keyword) => cursor.isAt(keyword));
    if (feature === undefined) return cursor.unexpected(`one of ${LIKE_FEATURES.join(', ')}`);
    const token = cursor.next();
    if (strategy === 'OVERWRITING' && ['ALL', 'CONSTRAINTS', 'DISTRIBUTION', 'PARTITIONS'].includes(feature)) {
      cursor.fail('syntax', token, `${feature} cannot be overwritten`, `write INCLUDING ${feature} or EXCLUDING ${feature}`);
    }
    if (strategies.has(feature)) cursor.fail('duplicate', token, `${feature} is named twice`);
    strategies.set(feature, strategy);
  } while (!cursor.takeSymbol(')'));
  return { table, strategies };
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
