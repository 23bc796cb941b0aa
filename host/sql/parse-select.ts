/** SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW … QUALIFY. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseFrom } from './parse-from.ts';
import { parseGroupBy } from './parse-group.ts';
import { parseHints } from './parse-hint.ts';
import { parseOverBody } from './parse-over.ts';
import type { Identifier, Select, SelectItem } from './syntax.ts';

export function parseSelect(cursor: Cursor): Select {
  const { start } = cursor.peek();
  cursor.expect('SELECT');
  const hints = parseHints(cursor);
  if (cursor.isAt('STREAM')) cursor.fail('syntax', cursor.peek(), 'Flink has no SELECT STREAM', 'write SELECT');
  const isDistinct = cursor.take('DISTINCT');
  if (!isDistinct) cursor.take('ALL');
  const items = cursor.list(() => parseItem(cursor));
  const from = cursor.take('FROM') ? parseFrom(cursor) : undefined;
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined;
  const groupBy = cursor.isAt('GROUP', 'BY') ? parseGroupBy(cursor) : undefined;
  const having = cursor.take('HAVING') ? parseExpression(cursor) : undefined;
  const windows = cursor.take('WINDOW') ? cursor.list(() => parseNamedWindow(cursor)) : [];
  const qualify = cursor.take('QUALIFY') ? parseExpression(cursor) : undefined;
  return {
    kind: 'select', hints, isDistinct, items, from, where, groupBy, having, windows, qualify,
    span: { start, end: cursor.lastEnd() },
  };
}

function parseNamedWindow(cursor: Cursor): Select['windows'][number] {
  const name = cursor.identifier('a name for the window');
  cursor.expect('AS');
  return { name, over: parseOverBody(cursor, parseExpression) };
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
  if (cursor.isAtSymbol('/')) cursor.unexpected('a column');
  const expression = parseExpression(cursor);
  return { kind: 'expression', expression, alias: parseAlias(cursor, 'a column name') };
}

/** `AS name`, or a name that cannot be the next clause. */
export function parseAlias(cursor: Cursor, what: string): Identifier | undefined {
  if (cursor.take('AS')) return cursor.identifier(what);
  const token = cursor.peek();
  if (token.kind === 'quoted') return cursor.identifier(what);
  if (token.kind !== 'word' || ALIAS_STOPS.has(token.keyword)) return undefined;
  return cursor.identifier(what);
}

const ALIAS_STOPS: ReadonlySet<string> = new Set([
  'FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'QUALIFY', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'INTERSECT', 'EXCEPT', 'MINUS',
  'JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'NATURAL', 'ON', 'USING', 'END', 'FOR', 'TABLESAMPLE', 'MATCH_RECOGNIZE', 'OVER',
  'AND', 'OR', 'IS', 'NOT', 'LIKE', 'IN', 'BETWEEN', 'INSERT', 'SELECT', 'CREATE', 'SET', 'WITH',
]);
