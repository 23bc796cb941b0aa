/** One statement: CREATE, INSERT, SELECT, SET, and those that only tell or tidy up. */
import { nearest } from '../plan/similar.ts';
import type { Cursor } from './cursor.ts';
import { parseHints } from './parse-hint.ts';
import { isAtQuery, parseNames, parseQuery } from './parse-query.ts';
import { parseCreateTable, parseTableName } from './parse-table.ts';
import type { Identifier, Statement } from './syntax.ts';

/** Whether a statement set is open. */
export interface SetState { isOpen: boolean }

/** One statement without its semicolon; undefined for the borders of a statement set. */
export function parseStatement(cursor: Cursor, set: SetState): Statement | undefined {
  const token = cursor.peek();
  const { start } = token;
  if (isAtQuery(cursor)) {
    const query = parseQuery(cursor);
    return { kind: 'select', query, span: { start, end: cursor.lastEnd() } };
  }
  switch (token.keyword) {
    case 'CREATE': return parseCreate(cursor);
    case 'INSERT': return parseInsert(cursor);
    case 'SET': return parseSet(cursor);
    case 'RESET': return parseReset(cursor);
    case 'DROP': return parseDrop(cursor);
    case 'DESCRIBE': case 'DESC': return parseDescribe(cursor);
    case 'EXPLAIN': return parseExplain(cursor, set);
    case 'EXECUTE': case 'BEGIN': return parseSetStart(cursor, set);
    case 'END':
      if (!set.isOpen) cursor.fail('syntax', token, 'this END closes nothing', 'a statement set starts with EXECUTE STATEMENT SET BEGIN');
      cursor.next();
      set.isOpen = false;
      return undefined;
    default: return refuse(cursor);
  }
}

/** EXECUTE STATEMENT SET BEGIN, BEGIN STATEMENT SET, or EXECUTE before one statement. */
function parseSetStart(cursor: Cursor, set: SetState): Statement | undefined {
  const token = cursor.peek();
  if (set.isOpen) cursor.fail('syntax', token, 'a statement set cannot stand in another', 'close the first one with END;');
  if (cursor.take('EXECUTE') && !cursor.isAt('STATEMENT')) return parseStatement(cursor, set);
  if (token.keyword === 'EXECUTE') cursor.expect('STATEMENT', 'SET');
  cursor.expect('BEGIN');
  if (token.keyword === 'BEGIN') cursor.expect('STATEMENT', 'SET');
  set.isOpen = true;
  return undefined;
}

const REFUSED: ReadonlyMap<string, string | undefined> = new Map<string, string | undefined>([
  ['ALTER', 'change the CREATE statement'], ['REPLACE', 'write CREATE TABLE'],
  ...['SHOW', 'USE', 'DELETE', 'UPDATE', 'MERGE', 'TRUNCATE', 'ADD', 'REMOVE', 'LOAD', 'UNLOAD', 'ANALYZE', 'COMPILE', 'CALL', 'STOP']
    .map((keyword) => [keyword, undefined] as const),
]);

function refuse(cursor: Cursor): never {
  const token = cursor.peek();
  if (REFUSED.has(token.keyword)) return cursor.unsupported(token, `the statement ${token.keyword}`, REFUSED.get(token.keyword));
  const near = nearest(token.text, ['CREATE', 'INSERT', 'SELECT', 'SET', 'EXECUTE']);
  const remedy = 'a job is made of CREATE TABLE, CREATE VIEW, INSERT INTO, SELECT and SET';
  return cursor.unexpected('a statement', near === undefined ? remedy : `did you mean ${near}?`);
}

function parseCreate(cursor: Cursor): Statement {
  const { start } = cursor.next();
  if (cursor.isAt('OR')) cursor.unsupported(cursor.peek(), 'CREATE OR REPLACE', 'write CREATE');
  const isTemporary = cursor.take('TEMPORARY');
  if (isTemporary) cursor.take('SYSTEM');
  if (cursor.take('TABLE')) return parseCreateTable(cursor, start);
  if (!cursor.take('VIEW')) {
    const token = cursor.peek();
    if (['FUNCTION', 'CATALOG', 'DATABASE', 'MODEL', 'MATERIALIZED', 'CONNECTION'].includes(token.keyword)) {
      cursor.unsupported(token, `CREATE ${token.keyword}`);
    }
    return cursor.unexpected('TABLE or VIEW');
  }
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const name = parseTableName(cursor);
  const columns = parseNames(cursor);
  if (cursor.take('COMMENT')) cursor.string('the comment');
  cursor.expect('AS');
  const query = parseQuery(cursor);
  return { kind: 'createView', name, columns, query, ifNotExists, span: { start, end: cursor.lastEnd() } };
}

function parseInsert(cursor: Cursor): Statement {
  const { start } = cursor.next();
  if (cursor.isAt('OVERWRITE')) cursor.unsupported(cursor.peek(), 'INSERT OVERWRITE', 'write INSERT INTO');
  cursor.expect('INTO');
  const table = parseTableName(cursor);
  parseHints(cursor);
  if (cursor.isAt('PARTITION')) cursor.unsupported(cursor.peek(), 'INSERT INTO … PARTITION');
  const columns = cursor.isAtSymbol('(') && !isAtQuery(cursor) ? parseNames(cursor) : [];
  const query = parseQuery(cursor);
  return { kind: 'insert', table, columns, query, span: { start, end: cursor.lastEnd() } };
}

function parseSet(cursor: Cursor): Statement {
  const { start, end } = cursor.next();
  if (cursor.peek().kind === 'end' || cursor.isAtSymbol(';')) {
    cursor.fail('syntax', { start, end }, 'SET needs a key and a value', "write SET 'pipeline.name' = 'my-job'");
  }
  const key: Identifier = cursor.string("the key in quotes, as in SET 'pipeline.name' = 'my-job'");
  cursor.expectSymbol('=', 'after the key');
  const value = cursor.string('the value in quotes');
  return { kind: 'set', key, value, span: { start, end: cursor.lastEnd() } };
}

function parseReset(cursor: Cursor): Statement {
  const { start } = cursor.next();
  const key = cursor.peek().kind === 'string' ? cursor.string('the key') : undefined;
  return { kind: 'reset', key, span: { start, end: cursor.lastEnd() } };
}

function parseDrop(cursor: Cursor): Statement {
  const { start } = cursor.next();
  cursor.take('TEMPORARY');
  const token = cursor.peek();
  const what = cursor.take('TABLE') ? 'table' : cursor.take('VIEW') ? 'view' : undefined;
  if (what === undefined) return cursor.unsupported(token, `DROP ${token.text}`, 'leave out what is not wanted');
  const ifExists = cursor.take('IF', 'EXISTS');
  const name = parseTableName(cursor);
  return { kind: 'drop', what, name, ifExists, span: { start, end: cursor.lastEnd() } };
}

function parseDescribe(cursor: Cursor): Statement {
  const { start } = cursor.next();
  cursor.take('EXTENDED');
  const name = parseTableName(cursor);
  return { kind: 'describe', name, span: { start, end: cursor.lastEnd() } };
}

const EXPLAIN_DETAILS: ReadonlySet<string> = new Set(['ESTIMATED_COST', 'CHANGELOG_MODE', 'JSON_EXECUTION_PLAN', 'PLAN_ADVICE']);

/** EXPLAIN [details] of a query, an INSERT or a statement set, which is read to its END. */
function parseExplain(cursor: Cursor, set: SetState): Statement {
  const { start } = cursor.next();
  if (cursor.take('PLAN')) {
    cursor.expect('FOR');
  } else {
    while (EXPLAIN_DETAILS.has(cursor.peek().keyword)) {
      cursor.next();
      cursor.takeSymbol(',');
    }
  }
  const token = cursor.peek();
  const statements: Statement[] = [];
  if (cursor.take('STATEMENT', 'SET')) {
    cursor.expect('BEGIN');
    while (!cursor.take('END')) {
      if (!cursor.isAt('INSERT')) cursor.unexpected('INSERT or END');
      statements.push(parseInsert(cursor));
      cursor.expectSymbol(';', 'after the INSERT');
    }
  } else if (cursor.isAt('INSERT') || isAtQuery(cursor)) {
    const statement = parseStatement(cursor, set);
    if (statement !== undefined) statements.push(statement);
  } else {
    cursor.fail('syntax', token, 'EXPLAIN takes a query or an INSERT', 'write EXPLAIN SELECT …');
  }
  return { kind: 'explain', statements, span: { start, end: cursor.lastEnd() } };
}
