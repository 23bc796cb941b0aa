/** SELECT and what stands in FROM: tables, subqueries, window functions. What is not supported is refused at its place. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import type { Identifier, Query, Relation, Select, SelectItem, Syntax } from './syntax.ts';

const SET_OPERATIONS = ['UNION', 'INTERSECT', 'EXCEPT', 'MINUS'];
const JOINS = ['JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'NATURAL'];
/** Words that end an expression or a relation, so that none of them is taken for an alias. */
const CLAUSES = new Set(['FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'QUALIFY', 'ORDER', 'LIMIT', 'FETCH', 'OFFSET', 'ON', 'USING',
  'MATCH_RECOGNIZE', 'FOR', 'OVER', 'PIVOT', 'TABLESAMPLE', ...SET_OPERATIONS, ...JOINS]);

export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(() => {
    const start = cursor.peek().start;
    const named = cursor.take('WITH') ? cursor.list(() => parseNamedQuery(cursor)) : [];
    const select = parseSelect(cursor);
    const word = cursor.peek().keyword;
    if (SET_OPERATIONS.includes(word)) cursor.unsupported(cursor.peek(), word, 'write one INSERT for each query');
    if (word === 'ORDER') cursor.unsupported(cursor.peek(), 'ORDER BY', 'windows come in order of time; leave it out');
    if (word === 'LIMIT' || word === 'FETCH' || word === 'OFFSET') cursor.unsupported(cursor.peek(), word, 'leave it out');
    return { with: named, select, span: { start, end: cursor.lastEnd() } };
  });
}

function parseNamedQuery(cursor: Cursor): Query['with'][number] {
  const name = cursor.identifier('a name for the query');
  const columns = parseNames(cursor);
  cursor.expect('AS');
  cursor.expectSymbol('(');
  const query = parseQuery(cursor);
  cursor.expectSymbol(')');
  return { name, columns, query };
}

/** `(a, b, c)` or nothing. */
export function parseNames(cursor: Cursor): Identifier[] {
  if (!cursor.takeSymbol('(')) return [];
  const names = cursor.list(() => cursor.identifier('a column name'));
  cursor.expectSymbol(')');
  return names;
}

function parseSelect(cursor: Cursor): Select {
  const { start } = cursor.peek();
  cursor.expect('SELECT');
  if (cursor.isAt('DISTINCT')) cursor.unsupported(cursor.peek(), 'SELECT DISTINCT', 'group by the columns in a window');
  cursor.take('ALL');
  const items = cursor.list(() => parseItem(cursor));
  const from = cursor.take('FROM') ? parseFrom(cursor) : undefined;
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined;
  const groupBy = cursor.take('GROUP', 'BY') ? parseGroupBy(cursor) : undefined;
  const having = cursor.take('HAVING') ? parseExpression(cursor) : undefined;
  if (cursor.isAt('WINDOW') || cursor.isAt('QUALIFY')) cursor.unsupported(cursor.peek(), cursor.peek().keyword);
  return { items, from, where, groupBy, having, span: { start, end: cursor.lastEnd() } };
}

function parseItem(cursor: Cursor): SelectItem {
  const { start } = cursor.peek();
  if (cursor.takeSymbol('*')) return { kind: 'star', table: undefined, span: { start, end: cursor.lastEnd() } };
  const isQualified = cursor.peek(1).text === '.' && cursor.peek(2).kind === 'symbol' && cursor.peek(2).text === '*';
  if (isQualified) {
    const table = cursor.identifier('a table');
    cursor.next();
    cursor.next();
    return { kind: 'star', table, span: { start, end: cursor.lastEnd() } };
  }
  const expression = parseExpression(cursor);
  if (cursor.isAt('OVER')) cursor.unsupported(cursor.peek(), 'OVER');
  return { kind: 'expression', expression, alias: parseAlias(cursor) };
}

function parseAlias(cursor: Cursor): Identifier | undefined {
  if (cursor.take('AS')) return cursor.identifier('a name');
  const { kind, keyword } = cursor.peek();
  const isName = kind === 'quoted' || (kind === 'word' && !CLAUSES.has(keyword));
  return isName ? cursor.identifier('a name') : undefined;
}

function parseGroupBy(cursor: Cursor): Syntax[] {
  const word = cursor.peek();
  const isGrouping = ['GROUPING', 'ROLLUP', 'CUBE'].includes(word.keyword) && (cursor.peek(1).text === '(' || cursor.peek(1).keyword === 'SETS');
  if (isGrouping) cursor.unsupported(word, word.keyword, 'write one INSERT for each grouping');
  return cursor.list(() => parseExpression(cursor));
}

function parseFrom(cursor: Cursor): Relation {
  const relation = parseRelation(cursor);
  const { keyword, text } = cursor.peek();
  if (text === ',' || JOINS.includes(keyword)) cursor.unsupported(cursor.peek(), text === ',' ? 'a join by comma' : 'JOIN');
  return relation;
}

function parseRelation(cursor: Cursor): Relation {
  const { start } = cursor.peek();
  const plain = parsePlainRelation(cursor, start);
  const { keyword } = cursor.peek();
  if (keyword === 'MATCH_RECOGNIZE' || keyword === 'FOR' || keyword === 'TABLESAMPLE') cursor.unsupported(cursor.peek(), keyword);
  const alias = parseAlias(cursor);
  const columnAliases = alias ? parseNames(cursor) : [];
  return { ...plain, alias, columnAliases, span: { start, end: cursor.lastEnd() } };
}

function parsePlainRelation(cursor: Cursor, start: number): Relation {
  const rest = (): Pick<Relation, 'alias' | 'columnAliases' | 'span'> => ({ alias: undefined, columnAliases: [], span: { start, end: cursor.lastEnd() } });
  if (cursor.takeSymbol('(')) {
    const query = parseQuery(cursor);
    cursor.expectSymbol(')');
    return { kind: 'subquery', query, ...rest() };
  }
  if (cursor.isAt('TABLE') && cursor.peek(1).text === '(') {
    cursor.next();
    cursor.next();
    const window = parseWindow(cursor, start);
    cursor.expectSymbol(')');
    return window;
  }
  if (cursor.peek(1).text === '(' && cursor.peek().kind === 'word') return parseWindow(cursor, start);
  const name = cursor.identifier('a table');
  if (cursor.isAtSymbol('.')) cursor.unsupported(cursor.peek(), 'a catalog or database before a table', 'name the table alone');
  return { kind: 'table', name, ...rest() };
}

const WINDOW_ARGUMENTS = ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'];
const WINDOW_REMEDY = "write TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)";

/** TUMBLE(TABLE t, DESCRIPTOR(rt), size [, offset]), also with named arguments. */
function parseWindow(cursor: Cursor, start: number): Relation {
  const name = cursor.next();
  if (name.keyword !== 'TUMBLE') cursor.unsupported(name, `the table function ${name.text}`, 'only TUMBLE is there');
  cursor.expectSymbol('(');
  const found = new Map<string, Relation | Identifier | Syntax>();
  do {
    const isNamed = cursor.peek(1).text === '=>';
    const key = isNamed ? cursor.next().keyword : WINDOW_ARGUMENTS[found.size] ?? 'more';
    if (isNamed) cursor.next();
    if (!WINDOW_ARGUMENTS.includes(key) || found.has(key)) cursor.fail('syntax', cursor.peek(), `TUMBLE takes ${WINDOW_ARGUMENTS.join(', ')}`, WINDOW_REMEDY);
    found.set(key, parseWindowArgument(cursor, key));
  } while (cursor.takeSymbol(','));
  cursor.expectSymbol(')');
  const [input, timeColumn, size] = WINDOW_ARGUMENTS.map((key) => found.get(key));
  if (!input || !timeColumn || !size) return cursor.fail('syntax', name, 'TUMBLE needs a table, a time column and a size', WINDOW_REMEDY);
  return {
    kind: 'window', input: input as Relation, timeColumn: timeColumn as Identifier, size: size as Syntax, offset: found.get('OFFSET') as Syntax | undefined,
    alias: undefined, columnAliases: [], span: { start, end: cursor.lastEnd() },
  };
}

function parseWindowArgument(cursor: Cursor, key: string): Relation | Identifier | Syntax {
  if (key === 'DATA') {
    const { start } = cursor.peek();
    if (cursor.take('TABLE') && !cursor.isAtSymbol('(')) {
      const name = cursor.identifier('a table');
      return { kind: 'table', name, alias: undefined, columnAliases: [], span: { start, end: cursor.lastEnd() } };
    }
    return parsePlainRelation(cursor, start);
  }
  if (key !== 'TIMECOL') return parseExpression(cursor);
  cursor.expect('DESCRIPTOR');
  cursor.expectSymbol('(');
  const column = cursor.identifier('a time column');
  cursor.expectSymbol(')');
  return column;
}
