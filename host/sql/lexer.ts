/** SQL text into tokens, each with its place. White space and comments are dropped; what cannot be read is a problem. */
import type { Span } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';

/**
 * `word`: keyword or plain identifier; `quoted`: identifier in back quotes; `hint`: a comment that starts with a plus sign, its text
 * what stands inside; `end`: after the last token.
 */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'hint' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** Words and numbers as written, symbols, contents of strings and quoted identifiers with doubled quotes undone. */
  readonly text: string;
  /** `text` in upper case for words, else ''. */
  readonly keyword: string;
}

const SPACE = /\s+/y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /<>|<=|>=|!=|\|\||=>|[-+*/%=<>().,;[\]{}?:&]/y;

/** Never throws; the last token is always `end`. Unreadable characters become problems and are skipped. */
export function tokenize(text: string): { readonly tokens: readonly Token[]; readonly problems: readonly Problem[] } {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  const add = (kind: TokenKind, start: number, end: number, value: string): void => {
    tokens.push({ kind, text: value, keyword: kind === 'word' ? value.toUpperCase() : '', start, end });
  };
  let at = 0;
  while (at < text.length) {
    const start = at;
    const character = text[at];
    const skipped = matchAt(SPACE, text, at);
    if (skipped > 0) { at += skipped; continue; }
    if (text.startsWith('--', at)) {
      at = endOr(text.indexOf('\n', at), text);
    } else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      at = close === -1 ? text.length : close + 2;
      if (close === -1) problems.push(lexical('unterminated', start, start + 2, 'this comment has no end', 'close it with */'));
      else if (text[start + 2] === '+') add('hint', start, at, text.slice(start + 3, close));
    } else if (character === "'" || character === '`') {
      at = quotedEnd(text, at, character);
      const isOpen = at > text.length;
      at = Math.min(at, text.length);
      const inner = text.slice(start + 1, isOpen ? at : at - 1).replaceAll(character + character, character);
      if (isOpen) problems.push(openQuote(character, start));
      add(character === "'" ? 'string' : 'quoted', start, at, inner);
    } else {
      at += readPlain(text, at, add);
      if (at === start) {
        at += strayLength(text, at);
        problems.push(strayCharacters(text.slice(start, at), start, at));
      }
    }
  }
  add('end', text.length, text.length, '');
  return { tokens, problems };
}

function readPlain(text: string, at: number, add: (kind: TokenKind, start: number, end: number, value: string) => void): number {
  for (const [kind, pattern] of [['word', WORD], ['number', NUMBER], ['symbol', SYMBOL]] as const) {
    const length = matchAt(pattern, text, at);
    if (length > 0) { add(kind, at, at + length, text.slice(at, at + length)); return length; }
  }
  return 0;
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Index after the closing quote; beyond the text's end when there is none. */
function quotedEnd(text: string, start: number, quote: string): number {
  for (let at = start + 1; ; at += 2) {
    const close = text.indexOf(quote, at);
    if (close === -1) return text.length + 1;
    if (text[close + 1] !== quote) return close + 1;
    at = close;
  }
}

function endOr(index: number, text: string): number { return index === -1 ? text.length : index; }

function openQuote(quote: string, start: number): Problem {
  const what = quote === "'" ? 'string' : 'quoted name';
  return lexical('unterminated', start, start + 1, `this ${what} has no end`, `close it with ${quote}; a ${quote} inside is written twice`);
}

/** Characters to skip: one, or all between double quotes, which other dialects have. */
function strayLength(text: string, at: number): number {
  const close = text[at] === '"' ? /^"[^"\n]*"/.exec(text.slice(at, at + 200))?.[0].length : undefined;
  return close ?? ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

function strayCharacters(characters: string, start: number, end: number): Problem {
  const remedy = characters.startsWith('"') ? "write strings in '…' and names in `…`" : undefined;
  return lexical('syntax', start, end, `${characters} does not belong in SQL`, remedy);
}

function lexical(code: string, start: number, end: number, message: string, remedy: string | undefined): Problem {
  return { severity: 'error', code, message, ...(remedy === undefined ? {} : { remedy }), span: { start, end } };
}
