/** What an expression starts with: literals, names, parentheses, CASE, CAST and calls. */
import type { Cursor } from './cursor.ts';
import { BARE_CALLS, CALLABLE, isReserved } from './keywords.ts';
import { parseCall, type ParseExpression } from './parse-call.ts';
import { isAtQuery, parseQuery } from './parse-query.ts';
import { parseType } from './parse-type.ts';
import type { Branch, Identifier, IntervalUnit, Syntax } from './syntax.ts';

export function parsePrimary(cursor: Cursor, expression: ParseExpression): Syntax {
  const token = cursor.peek();
  const span = { start: token.start, end: token.end };
  switch (token.kind) {
    case 'number': cursor.next(); return { kind: 'number', text: token.text, span };
    case 'string': cursor.next(); return { kind: 'string', value: token.text, span };
    case 'quoted': return parseName(cursor);
    case 'symbol': return parseSymbol(cursor, expression);
    case 'word': return parseKeyword(cursor, expression) ?? parseNameOrCall(cursor, expression);
    case 'end': case 'hint': return cursor.unexpected('an expression');
  }
}

function parseSymbol(cursor: Cursor, expression: ParseExpression): Syntax {
  const { start } = cursor.peek();
  if (!cursor.takeSymbol('(')) return cursor.unexpected('an expression');
  if (cursor.isAt('SELECT') || cursor.isAt('WITH')) {
    return cursor.unsupported(cursor.peek(), 'a query inside an expression', 'join it: FROM t, (SELECT MAX(x) AS m FROM u) AS v');
  }
  const first = expression(cursor);
  if (!cursor.isAtSymbol(',')) {
    cursor.expectSymbol(')');
    return first;
  }
  cursor.next();
  const items = [first, ...cursor.list(() => expression(cursor))];
  cursor.expectSymbol(')');
  return { kind: 'rowValue', items, span: { start, end: cursor.lastEnd() } };
}

/** Literals and special forms that a keyword opens; undefined when the word is a name or a function. */
function parseKeyword(cursor: Cursor, expression: ParseExpression): Syntax | undefined {
  const token = cursor.peek();
  const span = { start: token.start, end: token.end };
  const follower = cursor.peek(1);
  switch (token.keyword) {
    case 'TRUE': cursor.next(); return { kind: 'boolean', value: true, span };
    case 'FALSE': cursor.next(); return { kind: 'boolean', value: false, span };
    case 'UNKNOWN': cursor.next(); return { kind: 'boolean', value: undefined, span };
    case 'NULL': cursor.next(); return { kind: 'null', span };
    case 'CASE': return parseCase(cursor, expression);
    case 'INTERVAL': return parseInterval(cursor);
    case 'DATE': case 'TIME': case 'TIMESTAMP':
      if (follower.kind !== 'string') return undefined;
      cursor.next();
      cursor.next();
      return { kind: 'time', type: token.keyword, text: follower.text, span: { start: token.start, end: follower.end } };
    case 'CAST': case 'TRY_CAST':
      return follower.text === '(' ? parseCast(cursor, expression) : undefined;
    case 'EXISTS': return parseExists(cursor);
    case 'UNIQUE': return cursor.unsupported(token, token.keyword);
    default:
      if (follower.kind === 'string' && follower.start === token.end || follower.text === '&' && follower.kind === 'symbol') {
        return cursor.unsupported(token, `a string with the prefix ${token.text}`, "write a plain '…' string");
      }
      return undefined;
  }
}

function parseExists(cursor: Cursor): Syntax {
  const { start } = cursor.next();
  cursor.expectSymbol('(', 'after EXISTS');
  if (!isAtQuery(cursor)) cursor.unexpected('SELECT');
  const query = parseQuery(cursor);
  cursor.expectSymbol(')', 'after the subquery');
  return { kind: 'exists', query, span: { start, end: cursor.lastEnd() } };
}

function parseCase(cursor: Cursor, expression: ParseExpression): Syntax {
  const { start } = cursor.next();
  const operand = cursor.isAt('WHEN') ? undefined : expression(cursor);
  const branches: Branch[] = [];
  while (cursor.take('WHEN')) {
    const when = expression(cursor);
    cursor.expect('THEN');
    branches.push({ when, then: expression(cursor) });
  }
  if (branches.length === 0) cursor.unexpected('WHEN');
  const otherwise = cursor.take('ELSE') ? expression(cursor) : undefined;
  cursor.expect('END');
  return { kind: 'case', operand, branches, otherwise, span: { start, end: cursor.lastEnd() } };
}

function parseCast(cursor: Cursor, expression: ParseExpression): Syntax {
  const token = cursor.next();
  cursor.expectSymbol('(');
  const operand = expression(cursor);
  cursor.expect('AS');
  const type = parseType(cursor);
  cursor.expectSymbol(')', 'after the type');
  return { kind: 'cast', operand, type, isTry: token.keyword === 'TRY_CAST', span: { start: token.start, end: cursor.lastEnd() } };
}

const UNITS: ReadonlyMap<string, IntervalUnit> = new Map(
  (
    ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const
  ).flatMap((unit) => [[unit, unit], [`${unit}S`, unit]]),
);

function parseInterval(cursor: Cursor): Syntax {
  const { start } = cursor.next();
  const sign = cursor.takeSymbol('-') ? '-' : '';
  if (cursor.peek().kind === 'number') cursor.unexpected(
    'the amount in quotes', `write INTERVAL '${cursor.peek().text}'`,
  );
  const text = cursor.string("the amount, as in INTERVAL '10' SECOND").text;
  const from = parseUnit(cursor);
  const to = cursor.take('TO') ? parseUnit(cursor) : from;
  return { kind: 'interval', text: sign + text, from, to, span: { start, end: cursor.lastEnd() } };
}

function parseUnit(cursor: Cursor): IntervalUnit {
  const unit = UNITS.get(cursor.peek().keyword);
  if (unit === undefined) return cursor.unexpected('a unit of time: SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR');
  cursor.next();
  if (cursor.takeSymbol('(')) { // precision of the unit: does not change the amount
    cursor.list(() => cursor.next());
    cursor.expectSymbol(')');
  }
  return unit;
}

function parseNameOrCall(cursor: Cursor, expression: ParseExpression): Syntax {
  const token = cursor.peek();
  const isCall = cursor.peek(1).kind === 'symbol' && cursor.peek(1).text === '(';
  if (BARE_CALLS.has(token.keyword) && !isCall) {
    cursor.next();
    const span = { start: token.start, end: token.end };
    return { kind: 'call', name: { text: token.text, span }, args: [], isStar: false, isDistinct: false, filter: undefined, span };
  }
  if (
    isCall && (!isReserved(token.keyword) || CALLABLE.has(token.keyword) || token.keyword === 'TRIM')
  ) return parseCall(cursor, expression);
  return parseName(cursor);
}

function parseName(cursor: Cursor): Syntax {
  const parts: Identifier[] = [cursor.identifier('an expression')];
  while (cursor.isAtSymbol('.') && (cursor.peek(1).kind === 'word' || cursor.peek(1).kind === 'quoted')) {
    cursor.next();
    const token = cursor.next(); // after a point even a reserved word can only be a name
    parts.push({ text: token.text, span: { start: token.start, end: token.end } });
  }
  if (cursor.isAtSymbol('[')) cursor.unsupported(cursor.peek(), 'access by index');
  const [first] = parts as [Identifier];
  return { kind: 'name', parts, span: { start: first.span.start, end: cursor.lastEnd() } };
}
