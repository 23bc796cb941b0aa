/** Statements: CREATE TABLE, CREATE VIEW, INSERT INTO, SELECT, SET, statement sets. Goes on after `;` when one is wrong. */
import type { Span } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import { createCursor, type Cursor, SyntaxFault } from './cursor.ts';
import { tokenize } from './lexer.ts';
import { parseExpression } from './parse-expression.ts';
import { parseNames, parseQuery } from './parse-query.ts';
import { parseType } from './parse-type.ts';
import type { ColumnSyntax, CreateTable, Identifier, OptionSyntax, Statement } from './syntax.ts';

export function parseJob(text: string): { readonly statements: readonly Statement[]; readonly problems: readonly Problem[] } {
  const { tokens, problems: lexical } = tokenize(text);
  const problems: Problem[] = [...lexical];
  const cursor = createCursor(tokens, problems);
  const statements: Statement[] = [];
  while (cursor.peek().kind !== 'end') {
    if (cursor.takeSymbol(';')) continue;
    try {
      parseStatement(cursor, statements);
      if (cursor.peek().kind !== 'end' && !cursor.isAtSymbol(';')) cursor.unexpected('; and the next statement');
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      while (cursor.peek().kind !== 'end' && !cursor.isAtSymbol(';')) cursor.next();
    }
  }
  return { statements, problems };
}

function parseStatement(cursor: Cursor, statements: Statement[]): void {
  const { start } = cursor.peek();
  const span = (): Span => ({ start, end: cursor.lastEnd() });
  if (cursor.take('EXECUTE', 'STATEMENT', 'SET') || cursor.take('BEGIN', 'STATEMENT', 'SET')) {
    cursor.take('BEGIN');
    cursor.takeSymbol(';');
    while (!cursor.isAt('END')) {
      parseStatement(cursor, statements);
      cursor.expectSymbol(';', 'after a statement of the set');
    }
    cursor.expect('END');
    return;
  }
  if (cursor.take('CREATE')) {
    cursor.take('TEMPORARY');
    if (cursor.take('TABLE')) statements.push(parseTable(cursor, start));
    else if (cursor.take('VIEW')) statements.push(parseView(cursor, start));
    else cursor.unsupported(cursor.peek(), `CREATE ${cursor.peek().text}`, 'TABLE and VIEW can be created');
    return;
  }
  if (cursor.take('INSERT')) {
    if (cursor.isAt('OVERWRITE')) cursor.unsupported(cursor.peek(), 'INSERT OVERWRITE', 'write INSERT INTO');
    cursor.expect('INTO');
    const table = cursor.identifier('a table');
    const columns = parseNames(cursor);
    if (cursor.isAt('VALUES')) cursor.unsupported(cursor.peek(), 'INSERT … VALUES', 'select from a table');
    statements.push({ kind: 'insert', table, columns, query: parseQuery(cursor), span: span() });
    return;
  }
  if (cursor.take('SET')) {
    const key = cursor.string("a key in quotes, SET 'key' = 'value'");
    cursor.expectSymbol('=');
    statements.push({ kind: 'set', key, value: cursor.string('a value in quotes'), span: span() });
    return;
  }
  if (cursor.isAt('SELECT') || cursor.isAt('WITH')) {
    statements.push({ kind: 'select', query: parseQuery(cursor), span: span() });
    return;
  }
  cursor.unexpected('CREATE TABLE, CREATE VIEW, INSERT INTO, SELECT or SET');
}

const ifNotExists = (cursor: Cursor): boolean => cursor.take('IF', 'NOT', 'EXISTS');

function parseView(cursor: Cursor, start: number): Statement {
  const missingOnly = ifNotExists(cursor);
  const name = cursor.identifier('a name for the view');
  const columns = parseNames(cursor);
  if (cursor.take('COMMENT')) cursor.string('a comment');
  cursor.expect('AS');
  const query = parseQuery(cursor);
  return { kind: 'createView', name, columns, query, ifNotExists: missingOnly, span: { start, end: cursor.lastEnd() } };
}

function parseTable(cursor: Cursor, start: number): CreateTable {
  const missingOnly = ifNotExists(cursor);
  const name = cursor.identifier('a name for the table');
  const columns: ColumnSyntax[] = [];
  let watermark: CreateTable['watermark'];
  let primaryKey: readonly Identifier[] = [];
  cursor.expectSymbol('(');
  cursor.list(() => {
    const at = cursor.peek().start;
    if (cursor.take('WATERMARK', 'FOR')) {
      const column = cursor.identifier('the event time column');
      cursor.expect('AS');
      const expression = parseExpression(cursor);
      watermark = { column, expression, span: { start: at, end: cursor.lastEnd() } };
    } else if (cursor.take('PRIMARY', 'KEY')) {
      primaryKey = parseNames(cursor);
      if (!cursor.take('NOT', 'ENFORCED')) cursor.unexpected('NOT ENFORCED', 'a stream cannot enforce a key; say so');
    } else columns.push(parseColumn(cursor));
  });
  cursor.expectSymbol(')');
  if (cursor.take('COMMENT')) cursor.string('a comment');
  if (cursor.isAt('PARTITIONED') || cursor.isAt('DISTRIBUTED')) cursor.unsupported(cursor.peek(), cursor.peek().text, 'leave it out');
  const options = cursor.take('WITH') ? parseOptions(cursor) : [];
  if (cursor.isAt('LIKE') || cursor.isAt('AS')) cursor.unsupported(cursor.peek(), `CREATE TABLE … ${cursor.peek().text}`, 'write the columns out');
  return { kind: 'createTable', name, columns, watermark, primaryKey, options, ifNotExists: missingOnly, span: { start, end: cursor.lastEnd() } };
}

function parseColumn(cursor: Cursor): ColumnSyntax {
  const { start } = cursor.peek();
  const name = cursor.identifier('a column name');
  const span = (): Span => ({ start, end: cursor.lastEnd() });
  if (cursor.take('AS')) {
    const expression = parseExpression(cursor);
    comment(cursor);
    return { kind: 'computed', name, expression, span: span() };
  }
  const type = parseType(cursor);
  if (!cursor.take('METADATA')) {
    if (cursor.take('PRIMARY', 'KEY')) cursor.unsupported(name.span, 'PRIMARY KEY beside a column', 'write PRIMARY KEY (column) NOT ENFORCED as an entry of its own');
    comment(cursor);
    return { kind: 'physical', name, type, span: span() };
  }
  const key = cursor.take('FROM') ? cursor.string('a metadata key in quotes') : undefined;
  const isVirtual = cursor.take('VIRTUAL');
  comment(cursor);
  return { kind: 'metadata', name, type, key, isVirtual, span: span() };
}

function comment(cursor: Cursor): void {
  if (cursor.take('COMMENT')) cursor.string('a comment');
}

function parseOptions(cursor: Cursor): OptionSyntax[] {
  cursor.expectSymbol('(');
  const options = cursor.list(() => {
    const key = cursor.string("an option in quotes, 'connector' = 'mqtt'");
    cursor.expectSymbol('=');
    return { key, value: cursor.string('a value in quotes') };
  });
  cursor.expectSymbol(')');
  return options;
}
