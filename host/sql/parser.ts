/** A whole job: statements between semicolons. A statement with a problem is given up; the next one is read all the same. */
import type { Problem } from '../plan/problem.ts';
import { nearest } from '../plan/similar.ts';
import { createCursor, SyntaxFault, type Cursor } from './cursor.ts';
import { tokenize } from './lexer.ts';
import { parseNames, parseQuery } from './parse-query.ts';
import { parseCreateTable, parseTableName } from './parse-table.ts';
import type { Identifier, Statement } from './syntax.ts';

export interface Parsed {
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
  /** Tables and views whose CREATE could not be read: they exist, their columns are not known. */
  readonly broken: readonly string[];
}

/** Never throws on any text. Statements with problems are left out. */
export function parse(text: string): Parsed {
  const { tokens, problems: lexical } = tokenize(text);
  const problems = [...lexical];
  const cursor = createCursor(tokens, problems);
  const statements: Statement[] = [];
  const broken: string[] = [];
  const set = { isOpen: false };
  while (cursor.peek().kind !== 'end') {
    if (cursor.takeSymbol(';')) continue;
    const created = createdName(cursor);
    try {
      const statement = parseStatement(cursor, set);
      if (
        statement !== undefined && cursor.peek().kind !== 'end' && !cursor.isAtSymbol(';')
      ) cursor.unexpected('; or the end of the statement');
      if (statement !== undefined) statements.push(statement);
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault;
      if (created !== undefined) broken.push(created);
      while (cursor.peek().kind !== 'end' && !cursor.isAtSymbol(';')) cursor.next();
    }
  }
  if (set.isOpen) cursor.report(
    'syntax', cursor.peek(), 'the statement set has no END', 'write END; after its last INSERT',
  );
  return { statements, problems, broken };
}

/** The name that a CREATE statement standing here would make. */
function createdName(cursor: Cursor): string | undefined {
  if (!cursor.isAt('CREATE')) return undefined;
  let ahead = cursor.peek(1).keyword === 'TEMPORARY' ? 2 : 1;
  if (!['TABLE', 'VIEW'].includes(cursor.peek(ahead).keyword)) return undefined;
  ahead += cursor.peek(ahead + 1).keyword === 'IF' ? 4 : 1;
  return cursor.peek(ahead).text;
}

/** One statement without its semicolon; undefined for the borders of a statement set. */
function parseStatement(cursor: Cursor, set: { isOpen: boolean }): Statement | undefined {
  const token = cursor.peek();
  const { start } = token;
  switch (token.keyword) {
    case 'CREATE': return parseCreate(cursor);
    case 'INSERT': return parseInsert(cursor);
    case 'SELECT': case 'WITH': case 'VALUES': {
      const query = parseQuery(cursor);
      return { kind: 'select', query, span: { start, end: cursor.lastEnd() } };
    }
    case 'SET': return parseSet(cursor);
    case 'EXECUTE': case 'BEGIN': {
      if (set.isOpen) cursor.fail(
        'syntax', token, 'a statement set cannot stand in another', 'close the first one with END;',
      );
      if (cursor.take('EXECUTE') && !cursor.isAt('STATEMENT')) return parseStatement(cursor, set);
      if (token.keyword === 'EXECUTE') cursor.expect('STATEMENT', 'SET');
      cursor.expect('BEGIN');
      if (token.keyword === 'BEGIN') cursor.expect('STATEMENT', 'SET');
      set.isOpen = true;
      return undefined;
    }
    case 'END':
      if (!set.isOpen) cursor.fail(
        'syntax', token, 'this END closes nothing', 'a statement set starts with EXECUTE STATEMENT SET BEGIN',
      );
      cursor.next();
      set.isOpen = false;
      return undefined;
    default: return refuse(cursor);
  }
}

const REFUSED: ReadonlyMap<string, string | undefined> = new Map<string, string | undefined>([
  ['EXPLAIN', 'run millrace explain JOB.sql'], ['DROP', 'leave out what is not wanted'], ['ALTER', 'change the CREATE statement'],
  ['RESET', 'leave out the SET'], ['REPLACE', 'write CREATE TABLE'],
  ...['DESCRIBE', 'DESC', 'SHOW', 'USE', 'DELETE', 'UPDATE', 'MERGE', 'TRUNCATE', 'ADD', 'REMOVE', 'LOAD', 'UNLOAD', 'ANALYZE', 'COMPILE', 'CALL', 'STOP']
    .map((keyword) => [keyword, undefined] as const),
]);

function refuse(cursor: Cursor): never {
  const token = cursor.peek();
  if (REFUSED.has(token.keyword)) return cursor.unsupported(
    token, `the statement ${token.keyword}`, REFUSED.get(token.keyword),
  );
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
    if (
      ['FUNCTION', 'CATALOG', 'DATABASE', 'MODEL', 'MATERIALIZED', 'CONNECTION'].includes(token.keyword)
    ) cursor.unsupported(token, `CREATE ${token.keyword}`);
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
  if (cursor.isAt('PARTITION')) cursor.unsupported(cursor.peek(), 'INSERT INTO … PARTITION');
  const columns = parseNames(cursor);
  const query = parseQuery(cursor);
  return { kind: 'insert', table, columns, query, span: { start, end: cursor.lastEnd() } };
}

function parseSet(cursor: Cursor): Statement {
  const { start, end } = cursor.next();
  if (cursor.peek().kind === 'end' || cursor.isAtSymbol(';')) cursor.fail(
    'syntax', { start, end }, 'SET needs a key and a value', "write SET 'pipeline.name' = 'my-job'",
  );
  const key: Identifier = cursor.string("the key in quotes, as in SET 'pipeline.name' = 'my-job'");
  cursor.expectSymbol('=', 'after the key');
  const value = cursor.string('the value in quotes');
  return { kind: 'set', key, value, span: { start, end: cursor.lastEnd() } };
}
