/** OVER (…): partition, order and frame of what a call sees beside its own row. */
import type { Cursor } from './cursor.ts';
import type { ParseExpression } from './parse-call.ts';
import type { Frame, FrameBound, Over, SortItem } from './syntax.ts';

/** Requires: OVER was taken. */
export function parseOver(cursor: Cursor, expression: ParseExpression): Over {
  if (cursor.isAtSymbol('(')) return parseOverBody(cursor, expression);
  const base = cursor.identifier('the name of a window, or (');
  return { base, partitionBy: [], orderBy: [], frame: undefined, span: base.span };
}

/** What stands in the parentheses, with them. */
export function parseOverBody(cursor: Cursor, expression: ParseExpression): Over {
  const { start } = cursor.peek();
  cursor.expectSymbol('(');
  const isNamed = cursor.peek().kind === 'quoted'
    || cursor.peek().kind === 'word' && !['PARTITION', 'ORDER', 'ROWS', 'RANGE'].includes(cursor.peek().keyword);
  const base = isNamed ? cursor.identifier('the name of a window') : undefined;
  const partitionBy = cursor.take('PARTITION', 'BY') ? cursor.list(() => expression(cursor)) : [];
  const orderBy = cursor.take('ORDER', 'BY') ? cursor.list(() => parseSort(cursor, expression)) : [];
  const frame = parseFrame(cursor, expression);
  cursor.expectSymbol(')', 'after the window');
  return { base, partitionBy, orderBy, frame, span: { start, end: cursor.lastEnd() } };
}

/** `a DESC NULLS LAST` */
export function parseSort(cursor: Cursor, expression: ParseExpression): SortItem {
  const sorted = expression(cursor);
  const isDescending = cursor.take('DESC');
  if (!isDescending) cursor.take('ASC');
  if (!cursor.take('NULLS')) return { expression: sorted, isDescending, isNullsFirst: undefined };
  const isNullsFirst = cursor.take('FIRST');
  if (!isNullsFirst && !cursor.take('LAST')) cursor.unexpected('FIRST or LAST');
  return { expression: sorted, isDescending, isNullsFirst };
}

function parseFrame(cursor: Cursor, expression: ParseExpression): Frame | undefined {
  const { start } = cursor.peek();
  const unit = cursor.take('ROWS') ? 'ROWS' : cursor.take('RANGE') ? 'RANGE' : undefined;
  if (unit === undefined) return undefined;
  if (!cursor.take('BETWEEN')) {
    const first = parseBound(cursor, expression);
    const end: FrameBound = { kind: 'current', amount: undefined, span: first.span };
    return { unit, start: first, end, span: { start, end: cursor.lastEnd() } };
  }
  const first = parseBound(cursor, expression);
  cursor.expect('AND');
  return { unit, start: first, end: parseBound(cursor, expression), span: { start, end: cursor.lastEnd() } };
}

function parseBound(cursor: Cursor, expression: ParseExpression): FrameBound {
  const { start } = cursor.peek();
  const span = (): FrameBound['span'] => ({ start, end: cursor.lastEnd() });
  if (cursor.take('CURRENT', 'ROW')) return { kind: 'current', amount: undefined, span: span() };
  const amount = cursor.take('UNBOUNDED') ? undefined : expression(cursor);
  if (cursor.take('PRECEDING')) return { kind: 'preceding', amount, span: span() };
  if (cursor.take('FOLLOWING')) return { kind: 'following', amount, span: span() };
  return cursor.unexpected('PRECEDING or FOLLOWING');
}
