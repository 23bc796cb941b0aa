/** SELECT and what stands in FROM. Clauses of the full language that are not computed yet are refused at their keyword. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import type { Identifier, Query, Relation, RelationBase, Select, SelectItem, Syntax } from './syntax.ts';

export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(() => {
    const { start } = cursor.peek();
    const parts: { name: Identifier; columns: readonly Identifier[]; query: Query }[] = [];
    if (cursor.take('WITH')) parts.push(...cursor.list(() => parsePart(cursor)));
    const select = parseSelect(cursor);
    refuseAfterSelect(cursor);
    return { with: parts, select, span: { start, end: cursor.lastEnd() } };
  });
}

function parsePart(cursor: Cursor): Query['with'][number] {
  const name = cursor.identifier('a name for this query');
  const columns = parseNames(cursor);
  cursor.expect('AS');
  cursor.expectSymbol('(');
  const query = parseQuery(cursor);
  cursor.expectSymbol(')');
  return { name, columns, query };
}

/** `(a, b)`, or nothing. */
export function parseNames(cursor: Cursor): readonly Identifier[] {
  if (!cursor.takeSymbol('(')) return [];
  const names = cursor.list(() => cursor.identifier('a column name'));
  cursor.expectSymbol(')', 'after the column names');
  return names;
}

function parseSelect(cursor: Cursor): Select {
  const { start } = cursor.peek();
  if (cursor.isAt('VALUES')) cursor.unsupported(
    cursor.peek(), 'VALUES', 'read the rows from a file: a table with the connector filesystem',
  );
  if (cursor.isAtSymbol('(')) cursor.unsupported(cursor.peek(), 'a query in parentheses', 'write it without them');
  cursor.expect('SELECT');
  if (cursor.isAtSymbol('/')) cursor.unexpected('a column');
  if (cursor.isAt('DISTINCT')) {
    cursor.unsupported(
      cursor.peek(), 'SELECT DISTINCT', 'GROUP BY the columns in a window, which gives each combination once a window',
    );
  }
  cursor.take('ALL');
  const items = cursor.list(() => parseItem(cursor));
  const from = cursor.take('FROM') ? parseFrom(cursor) : undefined;
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined;
  const groupBy = cursor.take('GROUP', 'BY') ? parseGroupBy(cursor) : undefined;
  const having = cursor.take('HAVING') ? parseExpression(cursor) : undefined;
  return { items, from, where, groupBy, having, span: { start, end: cursor.lastEnd() } };
}

function parseItem(cursor: Cursor): SelectItem {
  const token = cursor.peek();
  if (cursor.takeSymbol('*')) return { kind: 'star', table: undefined, span: { start: token.start, end: token.end } };
  if (cursor.peek(1).text === '.' && cursor.peek(2).text === '*' && cursor.peek(2).kind === 'symbol') {
    const table = cursor.identifier('a table name');
    cursor.next();
    cursor.next();
    return { kind: 'star', table, span: { start: token.start, end: cursor.lastEnd() } };
  }
  const expression = parseExpression(cursor);
  return { kind: 'expression', expression, alias: parseAlias(cursor, 'a column name') };
}

/** Words that go on with a query, so that they are no alias. */
const CLAUSES = new Set(['HAVING', 'QUALIFY', 'MATCH_RECOGNIZE', 'WINDOW']);

function parseAlias(cursor: Cursor, what: string): Identifier | undefined {
  if (cursor.take('AS')) return cursor.identifier(what);
  const token = cursor.peek();
  if (token.kind === 'quoted') return cursor.identifier(what);
  if (token.kind !== 'word' || CLAUSES.has(token.keyword)) return undefined;
  return ALIAS_STOPS.has(token.keyword) ? undefined : cursor.identifier(what);
}

const ALIAS_STOPS: ReadonlySet<string> = new Set([
  'FROM', 'WHERE', 'GROUP', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'INTERSECT', 'EXCEPT', 'MINUS', 'JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL',
  'CROSS', 'NATURAL', 'ON', 'USING', 'END', 'FOR', 'TABLESAMPLE', 'OVER', 'AND', 'OR', 'IS', 'NOT', 'LIKE', 'IN', 'BETWEEN',
  'INSERT', 'SELECT', 'CREATE', 'SET',
]);

function parseGroupBy(cursor: Cursor): readonly Syntax[] {
  const token = cursor.peek();
  for (const keyword of ['GROUPING', 'ROLLUP', 'CUBE']) {
    if (cursor.isAt(keyword)) cursor.unsupported(token, `GROUP BY ${keyword}`, 'write one INSERT for each grouping');
  }
  return cursor.list(() => parseExpression(cursor));
}

function parseFrom(cursor: Cursor): Relation {
  const relation = parseRelation(cursor);
  const token = cursor.peek();
  if (cursor.isAtSymbol(',')) cursor.unsupported(token, 'a join (several tables in FROM)');
  const isJoin = ['JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'NATURAL'].includes(token.keyword);
  if (isJoin) cursor.unsupported(token, 'JOIN', 'let the device send what belongs together, or join behind the sink');
  return relation;
}

function parseRelation(cursor: Cursor): Relation {
  const { start } = cursor.peek();
  const base = cursor.nested(() => parseBase(cursor));
  const refusals: readonly (readonly [string, string])[] = [
    ['MATCH_RECOGNIZE', 'MATCH_RECOGNIZE'], ['TABLESAMPLE', 'TABLESAMPLE'], [
      'FOR', 'FOR SYSTEM_TIME AS OF (temporal join)'
    ],
  ];
  for (const [keyword, what] of refusals) if (cursor.isAt(keyword)) cursor.unsupported(cursor.peek(), what);
  const alias = parseAlias(cursor, 'a name for this table');
  const columnAliases = alias === undefined ? [] : parseNames(cursor);
  if (cursor.isAt('MATCH_RECOGNIZE')) cursor.unsupported(cursor.peek(), 'MATCH_RECOGNIZE');
  return { ...base, alias, columnAliases, span: { start, end: cursor.lastEnd() } };
}


function parseBase(cursor: Cursor): RelationBase {
  if (cursor.takeSymbol('(')) {
    if (!cursor.isAt('SELECT') && !cursor.isAt('WITH') && !cursor.isAt('VALUES')) return cursor.unexpected('SELECT');
    const query = parseQuery(cursor);
    cursor.expectSymbol(')', 'after the subquery');
    return { kind: 'subquery', query };
  }
  if (cursor.isAt('LATERAL') || cursor.isAt('UNNEST')) return cursor.unsupported(cursor.peek(), cursor.peek().keyword);
  if (cursor.isAt('TABLE') && cursor.peek(1).text === '(') {
    cursor.take('TABLE');
    cursor.expectSymbol('(');
    const base = parseWindow(cursor);
    cursor.expectSymbol(')', 'after the window function');
    return base;
  }
  if (
    ['TUMBLE', 'HOP', 'CUMULATE', 'SESSION'].includes(cursor.peek().keyword) && cursor.peek(1).text === '('
  ) return parseWindow(cursor);
  const name = cursor.identifier('a table name');
  if (cursor.isAtSymbol('.')) cursor.unsupported(
    cursor.peek(), 'a table of another catalog or database', 'name the table alone',
  );
  if (cursor.isAtSymbol('(')) cursor.unsupported(name.span, `the table function ${name.text}`);
  return { kind: 'table', name };
}

/** TUMBLE(TABLE t, DESCRIPTOR(at), size [, offset]), its arguments in order or by name. */
function parseWindow(cursor: Cursor): RelationBase {
  const token = cursor.next();
  if (['HOP', 'CUMULATE', 'SESSION'].includes(token.keyword)) cursor.unsupported(
    token, `the window ${token.keyword}`, 'write TUMBLE',
  );
  if (token.keyword !== 'TUMBLE') cursor.fail(
    'unknown-function', token, `${token.text || 'this'} is no window function`, 'write TUMBLE',
  );
  cursor.expectSymbol('(', 'after TUMBLE');
  const found: { DATA?: Relation; TIMECOL?: Identifier; SIZE?: Syntax; OFFSET?: Syntax } = {};
  let position = 0;
  cursor.list(() => {
    const label = cursor.peek();
    const isNamed = cursor.peek(1).text === '=>';
    const name = isNamed ? label.text.toUpperCase() : ARGUMENTS[position];
    position += 1;
    if (isNamed) { cursor.next(); cursor.next(); }
    switch (name) {
      case 'DATA': found.DATA = parseWindowInput(cursor); break;
      case 'TIMECOL': found.TIMECOL = parseDescriptor(cursor); break;
      case 'SIZE': found.SIZE = parseExpression(cursor); break;
      case 'OFFSET': found.OFFSET = parseExpression(cursor); break;
      default: cursor.fail(
        'syntax', label, isNamed ? `TUMBLE has no argument ${label.text}` : 'TUMBLE takes at most four arguments',
        WINDOW_FORM,
      );
    }
  });
  const { DATA, TIMECOL, SIZE, OFFSET } = found;
  if (DATA === undefined || TIMECOL === undefined || SIZE === undefined) {
    return cursor.fail(
      'syntax', { start: token.start, end: cursor.peek().end }, 'TUMBLE needs a table, a time column and a size',
      WINDOW_FORM,
    );
  }
  cursor.expectSymbol(')', 'after the arguments of TUMBLE');
  return { kind: 'window', input: DATA, timeColumn: TIMECOL, size: SIZE, offset: OFFSET };
}

const ARGUMENTS = ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'] as const;
const WINDOW_FORM = "write TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND)";

function parseWindowInput(cursor: Cursor): Relation {
  const { start } = cursor.peek();
  if (cursor.isAtSymbol('(')) return parseRelation(cursor);
  cursor.expect('TABLE');
  const name = cursor.identifier('a table name');
  if (cursor.isAt('PARTITION')) cursor.unsupported(cursor.peek(), 'PARTITION BY in TUMBLE', 'GROUP BY the key');
  return { kind: 'table', name, alias: undefined, columnAliases: [], span: { start, end: cursor.lastEnd() } };
}

function parseDescriptor(cursor: Cursor): Identifier {
  cursor.expect('DESCRIPTOR');
  cursor.expectSymbol('(');
  const column = cursor.identifier('the time column');
  cursor.expectSymbol(')', 'after the time column');
  return column;
}

function refuseAfterSelect(cursor: Cursor): void {
  const token = cursor.peek();
  switch (token.keyword) {
    case 'UNION': case 'INTERSECT': case 'EXCEPT': case 'MINUS':
      cursor.unsupported(
        token, token.keyword === 'UNION' && cursor.peek(1).keyword === 'ALL' ? 'UNION ALL' : token.keyword,
        'write one INSERT for each part, into sinks of their own',
      );
      break;
    case 'ORDER': cursor.unsupported(
      token, 'ORDER BY', 'results come in order of window end; sort behind the sink',
    ); break;
    case 'LIMIT': case 'FETCH': case 'OFFSET': cursor.unsupported(
      token, token.keyword, 'take what you need behind the sink',
    ); break;
    case 'WINDOW': case 'QUALIFY': cursor.unsupported(token, token.keyword); break;
    default:
  }
}
