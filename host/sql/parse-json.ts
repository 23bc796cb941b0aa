/** JSON_VALUE and JSON_EXISTS with what SQL lets them say behind their arguments; it becomes arguments of a plain call. */
import type { Cursor } from './cursor.ts';
import type { Identifier, Syntax } from './syntax.ts';

type ParseExpression = (cursor: Cursor) => Syntax;

function word(cursor: Cursor, value: string): Syntax {
  const { start, end } = cursor.peek();
  return { kind: 'string', value, span: { start, end } };
}

/** JSON_EXISTS(text, path [{TRUE | FALSE | UNKNOWN | ERROR} ON ERROR]). The result is its arguments. */
export function parseJsonExists(cursor: Cursor, expression: ParseExpression): readonly Syntax[] {
  const args = parseDocument(cursor, expression);
  const behaviour = ['TRUE', 'FALSE', 'UNKNOWN', 'ERROR'].find((one) => cursor.take(one)) ?? '';
  if (behaviour !== '') cursor.expect('ON', 'ERROR');
  args.push(word(cursor, behaviour === '' ? 'FALSE' : behaviour));
  cursor.expectSymbol(')', 'after the arguments of JSON_EXISTS');
  return args;
}

/**
 * JSON_VALUE(text, path [RETURNING STRING] [{NULL | ERROR | DEFAULT x} ON EMPTY] [{…} ON ERROR]). The result is its arguments: text,
 * path, behaviour and default on empty, the same on error.
 */
export function parseJsonValue(cursor: Cursor, expression: ParseExpression, name: Identifier): readonly Syntax[] {
  const args = parseDocument(cursor, expression);
  if (cursor.isAt('RETURNING')) {
    cursor.take('RETURNING');
    if (!cursor.take('STRING')) cursor.unsupported(cursor.peek(), `${name.text} RETURNING ${cursor.peek().text}`, 'CAST what it returns');
  }
  const nothing: Syntax = { kind: 'null', span: name.span };
  const found = { EMPTY: [word(cursor, 'NULL'), nothing], ERROR: [word(cursor, 'NULL'), nothing] };
  while (!cursor.isAtSymbol(')')) {
    const behaviour = ['NULL', 'ERROR', 'DEFAULT'].find((one) => cursor.take(one)) ?? cursor.unexpected('NULL, ERROR, DEFAULT or )');
    const kind = word(cursor, behaviour);
    const fallback = behaviour === 'DEFAULT' ? expression(cursor) : nothing;
    cursor.expect('ON');
    const isEmpty = cursor.take('EMPTY');
    if (!isEmpty) cursor.expect('ERROR');
    found[isEmpty ? 'EMPTY' : 'ERROR'] = [kind, fallback];
  }
  cursor.expectSymbol(')', 'after the arguments of JSON_VALUE');
  return [...args, ...found.EMPTY, ...found.ERROR];
}

function parseDocument(cursor: Cursor, expression: ParseExpression): Syntax[] {
  const text = expression(cursor);
  cursor.expectSymbol(',', 'before the path');
  return [text, expression(cursor)];
}
