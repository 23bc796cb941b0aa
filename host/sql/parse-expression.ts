/** Expressions, by precedence climbing (Pratt 1973): each operator binds as tightly as its row in PRECEDENCE says. */
import type { Span } from '../plan/nodes.ts';
import type { Cursor } from './cursor.ts';
import { RANGE_PRECEDENCE } from './parse-call.ts';
import { parsePrimary } from './parse-primary.ts';
import { isAtQuery, parseQuery } from './parse-query.ts';
import type { BinaryOperator, Syntax } from './syntax.ts';

const PRECEDENCE = { or: 1, and: 2, not: 3, is: 4, compare: 5, between: RANGE_PRECEDENCE, add: 7, multiply: 8, sign: 9 } as const;

const BINARY: Readonly<Record<string, number>> = {
  OR: PRECEDENCE.or, AND: PRECEDENCE.and,
  '=': PRECEDENCE.compare, '<>': PRECEDENCE.compare, '<': PRECEDENCE.compare,
  '<=': PRECEDENCE.compare, '>': PRECEDENCE.compare, '>=': PRECEDENCE.compare,
  '+': PRECEDENCE.add, '-': PRECEDENCE.add, '*': PRECEDENCE.multiply, '/': PRECEDENCE.multiply, '%': PRECEDENCE.multiply, '||': PRECEDENCE.multiply,
};

/** @param above only operators that bind tighter are taken; 0 takes all */
export function parseExpression(cursor: Cursor, above = 0): Syntax { return parseAt(cursor, above); }

/** Parses operators that bind tighter than `above`. Every step of a chain counts as a level: the tree is that deep. */
function parseAt(cursor: Cursor, above: number): Syntax {
  return cursor.nested(() => chain(cursor, above, parsePrefix(cursor)));
}

function chain(cursor: Cursor, above: number, left: Syntax): Syntax {
  const longer = parseInfix(cursor, above, left);
  return longer === undefined ? left : cursor.nested(() => chain(cursor, above, longer));
}

function parsePrefix(cursor: Cursor): Syntax {
  const { start } = cursor.peek();
  const sign = cursor.isAtSymbol('-') ? '-' : cursor.isAtSymbol('+') ? '+' : undefined;
  if (sign !== undefined) {
    cursor.next();
    const operand = parseAt(cursor, PRECEDENCE.sign);
    return { kind: 'unary', operator: sign, operand, span: { start, end: operand.span.end } };
  }
  if (cursor.take('NOT')) {
    const operand = parseAt(cursor, PRECEDENCE.not);
    return { kind: 'unary', operator: 'NOT', operand, span: { start, end: operand.span.end } };
  }
  return parsePrimary(cursor, parseExpression);
}

/** One operator after `left`, or undefined when none that binds tighter than `above` follows. */
function parseInfix(cursor: Cursor, above: number, left: Syntax): Syntax | undefined {
  const token = cursor.peek();
  const operator = token.kind === 'symbol' ? token.text : token.keyword;
  if (operator === '!=') return cursor.fail('syntax', token, 'Flink has no operator !=', 'write <>');
  const binding = token.kind === 'symbol' || token.kind === 'word' ? BINARY[operator] : undefined;
  const { start } = left.span;
  if (binding !== undefined) {
    if (binding <= above) return undefined;
    cursor.next();
    const right = parseAt(cursor, binding);
    return { kind: 'binary', operator: operator as BinaryOperator, left, right, span: { start, end: right.span.end } };
  }
  if (cursor.isAt('IS')) return above < PRECEDENCE.is ? parseIs(cursor, left) : undefined;
  const isNegated = cursor.isAt('NOT');
  const keyword = cursor.peek(isNegated ? 1 : 0).keyword;
  if (above >= PRECEDENCE.between || !['LIKE', 'IN', 'BETWEEN', 'SIMILAR', 'RLIKE'].includes(keyword)) return undefined;
  if (isNegated) cursor.next();
  return parseRange(cursor, left, keyword, isNegated);
}

function parseIs(cursor: Cursor, operand: Syntax): Syntax {
  const { start } = cursor.next();
  const isNegated = cursor.take('NOT');
  for (const test of ['NULL', 'TRUE', 'FALSE', 'UNKNOWN'] as const) {
    if (cursor.take(test)) return { kind: 'is', operand, test, isNegated, span: { start: operand.span.start, end: cursor.lastEnd() } };
  }
  const place = { start, end: cursor.peek().end };
  if (cursor.take('DISTINCT')) {
    cursor.expect('FROM');
    const other = parseAt(cursor, PRECEDENCE.is);
    return called(cursor, isNegated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM', place, [operand, other]);
  }
  if (cursor.take('JSON')) {
    const kind = ['VALUE', 'OBJECT', 'ARRAY', 'SCALAR'].find((word) => cursor.take(word)) ?? 'VALUE';
    return negatedIf(isNegated, called(cursor, `IS JSON ${kind}`, place, [operand]));
  }
  return cursor.unexpected('NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM or JSON');
}

function parseRange(cursor: Cursor, operand: Syntax, keyword: string, isNegated: boolean): Syntax {
  const token = cursor.next();
  const spanned = (): Span => ({ start: operand.span.start, end: cursor.lastEnd() });
  if (keyword === 'LIKE') {
    const pattern = parseAt(cursor, PRECEDENCE.between);
    const escape = cursor.take('ESCAPE') ? parseAt(cursor, PRECEDENCE.between) : undefined;
    return { kind: 'like', operand, pattern, escape, isNegated, span: spanned() };
  }
  if (keyword === 'IN') {
    cursor.expectSymbol('(', 'after IN');
    if (isAtQuery(cursor)) {
      const query = parseQuery(cursor);
      cursor.expectSymbol(')', 'after the subquery');
      return { kind: 'inQuery', operands: operand.kind === 'rowValue' ? operand.items : [operand], query, isNegated, span: spanned() };
    }
    const list = cursor.list(() => parseExpression(cursor));
    cursor.expectSymbol(')', 'after the list of values');
    return { kind: 'in', operand, list, isNegated, span: spanned() };
  }
  if (keyword === 'SIMILAR') {
    cursor.expect('TO');
    const args = [operand, parseAt(cursor, PRECEDENCE.between)];
    if (cursor.take('ESCAPE')) args.push(parseAt(cursor, PRECEDENCE.between));
    return negatedIf(isNegated, called(cursor, 'SIMILAR TO', { start: token.start, end: token.end }, args));
  }
  if (keyword !== 'BETWEEN') return cursor.unsupported(token, keyword, 'write REGEXP(text, pattern)');
  const isSymmetric = cursor.take('SYMMETRIC');
  if (!isSymmetric) cursor.take('ASYMMETRIC');
  const low = parseAt(cursor, PRECEDENCE.between);
  cursor.expect('AND');
  const high = parseAt(cursor, PRECEDENCE.between);
  const ascending: Syntax = { kind: 'between', operand, low, high, isNegated: isNegated && !isSymmetric, span: spanned() };
  if (!isSymmetric) return ascending;
  const descending: Syntax = { kind: 'between', operand, low: high, high: low, isNegated: false, span: spanned() };
  return negatedIf(isNegated, { kind: 'binary', operator: 'OR', left: ascending, right: descending, span: spanned() });
}

/** A call that is written in words of its own; its name, which has spaces, cannot be written as that of a function. */
function called(cursor: Cursor, name: string, place: Span, args: readonly Syntax[]): Syntax {
  const span = { start: args[0]?.span.start ?? place.start, end: cursor.lastEnd() };
  return { kind: 'call', name: { text: name, span: place }, args, isStar: false, isDistinct: false, filter: undefined, span };
}

function negatedIf(isNegated: boolean, operand: Syntax): Syntax {
  return isNegated ? { kind: 'unary', operator: 'NOT', operand, span: operand.span } : operand;
}
