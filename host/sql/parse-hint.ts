/** Hints: `SELECT /*+ STATE_TTL('a' = '1 d') *\/ …`. The lexer keeps each as one token. */
import { createCursor, type Cursor } from './cursor.ts';
import { tokenize } from './lexer.ts';
import type { Hint } from './syntax.ts';

/** Hints that stand here; usually none. */
export function parseHints(cursor: Cursor): readonly Hint[] {
  const token = cursor.peek();
  if (token.kind !== 'hint') return [];
  cursor.next();
  const from = token.start + 3;
  const { tokens, problems } = tokenize(token.text);
  const inner = createCursor(tokens.map((one) => ({ ...one, start: one.start + from, end: one.end + from })), []);
  const hints: Hint[] = [];
  while (inner.peek().kind !== 'end') {
    const hint = problems.length > 0 ? undefined : parseHint(inner);
    if (hint === undefined) return cursor.fail('syntax', token, 'this hint cannot be read', "write it as in /*+ STATE_TTL('t' = '1 d') */");
    hints.push(hint);
    inner.takeSymbol(',');
  }
  return hints;
}

/** undefined: not of this form. */
function parseHint(cursor: Cursor): Hint | undefined {
  const name = cursor.next();
  if (name.kind !== 'word') return undefined;
  const options: { key: Hint['name']; value: Hint['name'] | undefined }[] = [];
  if (cursor.takeSymbol('(')) {
    while (!cursor.takeSymbol(')')) {
      const key = cursor.next();
      if (key.kind === 'end' || key.kind === 'symbol') return undefined;
      const value = cursor.takeSymbol('=') ? cursor.next() : undefined;
      options.push({ key: { text: key.text, span: key }, value: value && { text: value.text, span: value } });
      cursor.takeSymbol(',');
    }
  }
  return { name: { text: name.text, span: name }, options };
}
