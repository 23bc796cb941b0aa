/** Calls: plain ones, aggregates with DISTINCT and FILTER, and the functions that have a syntax of their own. */
import type { Cursor } from './cursor.ts';
import { parseOver } from './parse-over.ts';
import { parseJsonExists, parseJsonValue } from './parse-json.ts';
import type { Identifier, Syntax } from './syntax.ts';

/** @param above only operators that bind tighter are taken */
export type ParseExpression = (cursor: Cursor, above?: number) => Syntax;

/** How tightly LIKE, IN and BETWEEN bind. */
export const RANGE_PRECEDENCE = 6;

/** Requires: a function name and `(` stand here. */
export function parseCall(cursor: Cursor, expression: ParseExpression): Syntax {
  const token = cursor.next();
  const name: Identifier = { text: token.text, span: { start: token.start, end: token.end } };
  cursor.expectSymbol('(');
  const special = SPECIAL[token.keyword]?.(cursor, expression, name);
  if (special !== undefined) return special;
  const isStar = cursor.takeSymbol('*');
  const isDistinct = !isStar && cursor.take('DISTINCT');
  if (!isDistinct) cursor.take('ALL');
  const args = isStar || cursor.isAtSymbol(')') ? [] : cursor.list(() => expression(cursor));
  if (args.length === 1 && cursor.take('TO')) {
    const unit = parseUnitName(cursor);
    cursor.expectSymbol(')', `after the unit of ${name.text}`);
    return call(cursor, { text: `${name.text} TO`, span: name.span }, [...args, unit]);
  }
  const nulls = parseNulls(cursor);
  if (cursor.isAt('ORDER') || cursor.isAt('FROM')) cursor.unsupported(
    cursor.peek(), `${cursor.peek().keyword} inside ${name.text}(…)`,
  );
  cursor.expectSymbol(')', `after the arguments of ${name.text}`);
  const plain = call(cursor, name, args);
  const filter = parseFilter(cursor, expression);
  const over = cursor.take('OVER') ? parseOver(cursor, expression) : undefined;
  return { ...plain, isStar, isDistinct, nulls, filter, over, span: { start: token.start, end: cursor.lastEnd() } };
}

/** What an aggregate does with NULL: behind its arguments. */
function parseNulls(cursor: Cursor): 'keep' | 'skip' | undefined {
  for (const words of NULLS) {
    if (cursor.take(...words)) return words[0] === 'RESPECT' || words[0] === 'NULL' ? 'keep' : 'skip';
  }
  return undefined;
}
const NULLS = [['RESPECT', 'NULLS'], ['IGNORE', 'NULLS'], ['NULL', 'ON', 'NULL'], ['ABSENT', 'ON', 'NULL']] as const;

function parseFilter(cursor: Cursor, expression: ParseExpression): Syntax | undefined {
  if (cursor.isAt('WITHIN', 'GROUP')) cursor.unsupported(cursor.peek(), 'WITHIN GROUP');
  let filter: Syntax | undefined;
  if (cursor.isAt('FILTER') && cursor.peek(1).text === '(') {
    cursor.take('FILTER');
    cursor.expectSymbol('(');
    cursor.expect('WHERE');
    filter = expression(cursor);
    cursor.expectSymbol(')');
  }
  return filter;
}

function call(cursor: Cursor, name: Identifier, args: readonly Syntax[]): Syntax & { kind: 'call' } {
  return { kind: 'call', name, args, isStar: false, isDistinct: false, filter: undefined, span: { start: name.span.start, end: cursor.lastEnd() } };
}

/** A unit of time, as a text for the binder to judge. */
function parseUnitName(cursor: Cursor): Syntax {
  const token = cursor.peek();
  if (token.kind !== 'word') return cursor.unexpected('a unit of time: SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR');
  cursor.next();
  return { kind: 'string', value: token.keyword, span: { start: token.start, end: token.end } };
}

/** TIMESTAMPADD(unit, count, time), TIMESTAMPDIFF(unit, from, to) */
function parseUnitAndTwo(cursor: Cursor, expression: ParseExpression, name: Identifier): Syntax {
  const args = [parseUnitName(cursor)];
  while (cursor.takeSymbol(',')) args.push(expression(cursor));
  cursor.expectSymbol(')', `after the arguments of ${name.text}`);
  return call(cursor, name, args);
}

type Special = (cursor: Cursor, expression: ParseExpression, name: Identifier) => Syntax | undefined;

const SPECIAL: Readonly<Record<string, Special>> = {
  /** JSON_OBJECTAGG([KEY] key VALUE value [NULL ON NULL | ABSENT ON NULL]). */
  JSON_OBJECTAGG(cursor, expression, name) {
    cursor.take('KEY');
    const key = expression(cursor);
    cursor.expect('VALUE');
    const args = [key, expression(cursor)];
    const nulls = parseNulls(cursor);
    cursor.expectSymbol(')', 'after the arguments of JSON_OBJECTAGG');
    return { ...call(cursor, name, args), nulls };
  },
  /** TRIM([BOTH | LEADING | TRAILING] [characters] FROM text): becomes TRIM, LTRIM or RTRIM (text [, characters]). */
  TRIM(cursor, expression, name) {
    const side = cursor.take('LEADING') ? 'LTRIM' : cursor.take('TRAILING') ? 'RTRIM' : 'TRIM';
    const isNamed = cursor.take('BOTH') || side !== 'TRIM';
    const characters = cursor.isAt('FROM') ? undefined : expression(cursor);
    if (!isNamed && characters !== undefined && !cursor.isAt('FROM')) {
      cursor.expectSymbol(')', 'after the argument of TRIM');
      return call(cursor, name, [characters]);
    }
    cursor.expect('FROM');
    const text = expression(cursor);
    cursor.expectSymbol(')', 'after the text to trim');
    return call(cursor, { text: side, span: name.span }, characters === undefined ? [text] : [text, characters]);
  },
  /** POSITION(part IN text): parsed below IN, so that the first argument stops there. */
  POSITION(cursor, expression, name) {
    const part = expression(cursor, RANGE_PRECEDENCE);
    cursor.expect('IN');
    const text = expression(cursor);
    cursor.expectSymbol(')', 'after the arguments of POSITION');
    return call(cursor, name, [part, text]);
  },
  /** SUBSTRING(text FROM start [FOR length]) or with commas. */
  SUBSTRING(cursor, expression, name) {
    const args = [expression(cursor)];
    const isSpelled = cursor.take('FROM');
    if (isSpelled || cursor.takeSymbol(',')) args.push(expression(cursor));
    if (isSpelled ? cursor.take('FOR') : cursor.takeSymbol(',')) args.push(expression(cursor));
    cursor.expectSymbol(')', 'after the arguments of SUBSTRING');
    return call(cursor, name, args);
  },
  /** OVERLAY(text PLACING part FROM start [FOR length]) */
  OVERLAY(cursor, expression, name) {
    const args = [expression(cursor)];
    cursor.expect('PLACING');
    args.push(expression(cursor));
    cursor.expect('FROM');
    args.push(expression(cursor));
    if (cursor.take('FOR')) args.push(expression(cursor));
    cursor.expectSymbol(')', 'after the arguments of OVERLAY');
    return call(cursor, name, args);
  },
  /** EXTRACT(unit FROM time) */
  EXTRACT(cursor, expression, name) {
    const unit = parseUnitName(cursor);
    cursor.expect('FROM');
    const time = expression(cursor);
    cursor.expectSymbol(')', 'after the time of EXTRACT');
    return call(cursor, name, [unit, time]);
  },
  JSON_EXISTS: (cursor, expression, name) => call(cursor, name, parseJsonExists(cursor, expression)),
  JSON_VALUE: (cursor, expression, name) => call(cursor, name, parseJsonValue(cursor, expression, name)),
  TIMESTAMPADD: parseUnitAndTwo, TIMESTAMPDIFF: parseUnitAndTwo,
  DESCRIPTOR(cursor, _, name) { return cursor.fail(
    'syntax', name.span, 'DESCRIPTOR stands only inside a window function', 'write the column alone',
  ); },
};
