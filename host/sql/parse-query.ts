/** Queries: WITH, set operations, VALUES, ORDER BY and LIMIT. A single SELECT is in parse-select.ts. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseSort } from './parse-over.ts';
import { parseSelect } from './parse-select.ts';
import type { Identifier, Limit, Query, QueryBody, Syntax } from './syntax.ts';

export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(() => {
    const { start } = cursor.peek();
    const parts: { name: Identifier; columns: readonly Identifier[]; query: Query }[] = [];
    if (cursor.take('WITH')) {
      if (cursor.isAt('RECURSIVE')) cursor.unsupported(cursor.peek(), 'WITH RECURSIVE');
      parts.push(...cursor.list(() => parsePart(cursor)));
    }
    const body = parseBody(cursor);
    const orderBy = cursor.take('ORDER', 'BY') ? cursor.list(() => parseSort(cursor, parseExpression)) : [];
    const limit = parseLimit(cursor);
    return { with: parts, body, orderBy, limit, span: { start, end: cursor.lastEnd() } };
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

/** Whether a query starts here, perhaps in parentheses. */
export function isAtQuery(cursor: Cursor): boolean {
  let ahead = 0;
  while (cursor.peek(ahead).kind === 'symbol' && cursor.peek(ahead).text === '(') ahead += 1;
  return ['SELECT', 'WITH', 'VALUES'].includes(cursor.peek(ahead).keyword);
}

/** UNION and EXCEPT from the left; INTERSECT binds tighter. Every step counts as a level: the tree is that deep. */
function parseBody(cursor: Cursor): QueryBody {
  return chain(cursor, ['UNION', 'EXCEPT'], parseIntersections, parseIntersections(cursor));
}

function parseIntersections(cursor: Cursor): QueryBody {
  return chain(cursor, ['INTERSECT'], parseTerm, parseTerm(cursor));
}

function chain(
  cursor: Cursor, operators: readonly ('UNION' | 'INTERSECT' | 'EXCEPT')[], operand: (cursor: Cursor) => QueryBody, left: QueryBody,
): QueryBody {
  const token = cursor.peek();
  if (cursor.isAt('MINUS')) cursor.fail('syntax', token, 'Flink has no MINUS', 'write EXCEPT');
  const operator = operators.find((keyword) => cursor.take(keyword));
  if (operator === undefined) return left;
  const isAll = cursor.take('ALL');
  if (!isAll) cursor.take('DISTINCT');
  const operatorSpan = { start: token.start, end: cursor.lastEnd() };
  return cursor.nested(() => {
    const right = operand(cursor);
    const span = { start: left.span.start, end: right.span.end };
    return chain(cursor, operators, operand, { kind: 'set', operator, isAll, left, right, operatorSpan, span });
  });
}

function parseTerm(cursor: Cursor): QueryBody {
  const { start } = cursor.peek();
  if (cursor.takeSymbol('(')) {
    if (!isAtQuery(cursor)) cursor.unexpected('SELECT');
    const query = parseQuery(cursor);
    cursor.expectSymbol(')', 'after the query');
    return { kind: 'query', query, span: { start, end: cursor.lastEnd() } };
  }
  if (!cursor.take('VALUES')) return parseSelect(cursor);
  const rows = cursor.list(() => parseRow(cursor));
  return { kind: 'values', rows, span: { start, end: cursor.lastEnd() } };
}

/** `(1, 'a')`, `ROW(1, 'a')`, or one value. */
function parseRow(cursor: Cursor): readonly Syntax[] {
  const isRow = cursor.isAt('ROW') && cursor.peek(1).text === '(';
  if (isRow) cursor.next();
  if (!isRow && !cursor.isAtSymbol('(')) return [parseExpression(cursor)];
  cursor.expectSymbol('(');
  const row = cursor.list(() => parseExpression(cursor));
  cursor.expectSymbol(')', 'after the values of a row');
  return row;
}

/** LIMIT, OFFSET and FETCH FIRST, in the orders that Flink takes. */
function parseLimit(cursor: Cursor): Limit | undefined {
  const { start } = cursor.peek();
  let count: number | undefined;
  let offset = 0;
  let isGiven = false;
  if (cursor.take('LIMIT')) {
    isGiven = true;
    if (!cursor.take('ALL')) count = wholeNumber(cursor, 'after LIMIT');
  }
  if (cursor.take('OFFSET')) {
    isGiven = true;
    offset = wholeNumber(cursor, 'after OFFSET');
    if (!cursor.take('ROWS')) cursor.take('ROW');
  }
  if (cursor.isAt('FETCH')) {
    if (count !== undefined) cursor.unexpected('one of LIMIT and FETCH');
    cursor.next();
    isGiven = true;
    if (!cursor.take('FIRST') && !cursor.take('NEXT')) cursor.unexpected('FIRST or NEXT');
    count = cursor.peek().kind === 'number' ? wholeNumber(cursor, 'after FETCH FIRST') : 1;
    if (!cursor.take('ROWS') && !cursor.take('ROW')) cursor.unexpected('ROWS ONLY');
    cursor.expect('ONLY');
  }
  return isGiven ? { count, offset, span: { start, end: cursor.lastEnd() } } : undefined;
}

function wholeNumber(cursor: Cursor, where: string): number {
  const token = cursor.peek();
  if (token.kind !== 'number' || !/^\d{1,15}$/.test(token.text)) cursor.unexpected(`a whole number ${where}`);
  cursor.next();
  return Number(token.text);
}
