/** Walks over tokens for the parser: looks ahead, takes what is expected, or gives the statement up with a problem. */
import type { Span } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import { isReserved } from './keywords.ts';
import type { Token } from './lexer.ts';
import type { Identifier } from './syntax.ts';

/** Ends the parse of one statement; caught where the parser goes on after the next `;`. */
export class SyntaxFault extends Error {}

/** Deeper nesting would exhaust the stack of this or a later stage. */
const NESTING_MAX = 200;

export interface Cursor {
  /** The token `ahead` places from here; the `end` token from the last one on. */
  peek(ahead?: number): Token;
  next(): Token;
  /** End of the token taken last. */
  lastEnd(): number;
  /** Whether the keywords (case-insensitive) stand here, in this order. */
  isAt(...keywords: readonly string[]): boolean;
  /** Takes the keywords when they stand here. */
  take(...keywords: readonly string[]): boolean;
  expect(...keywords: readonly string[]): void;
  isAtSymbol(symbol: string): boolean;
  takeSymbol(symbol: string): boolean;
  expectSymbol(symbol: string, after?: string): void;
  /** A name, plain or in back quotes. @param what names it in the problem, e.g. 'a column name' */
  identifier(what: string): Identifier;
  string(what: string): Identifier;
  /** One or more, separated by commas. */
  list<T>(parse: () => T): T[];
  /** Runs `parse` one level of nesting deeper. */
  nested<T>(parse: () => T): T;
  report(code: string, span: Span, message: string, remedy?: string): void;
  fail(code: string, span: Span, message: string, remedy?: string): never;
  /** Gives up because of the token here. */
  unexpected(expected: string, remedy?: string): never;
  /** Refuses what Flink has and Millrace has not. */
  unsupported(span: Span, what: string, remedy?: string): never;
}

export function createCursor(tokens: readonly Token[], problems: Problem[]): Cursor {
  let at = 0;
  let depth = 0;
  const last = tokens.length - 1;
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, last)] as Token;
  const next = (): Token => {
    const token = peek();
    if (at < last) at += 1;
    return token;
  };
  const report: Cursor['report'] = (code, span, message, remedy) => {
    problems.push(
      { severity: 'error', code, message, ...(
        remedy === undefined ? {} : { remedy }
      ), span: { start: span.start, end: span.end } },
    );
  };
  const fail = (code: string, span: Span, message: string, remedy?: string): never => {
    report(code, span, message, remedy);
    throw new SyntaxFault(message);
  };
  const unexpected = (expected: string, remedy?: string): never => fail(
    'syntax', peek(), `expected ${expected}, found ${shown(peek())}`, remedy,
  );
  const isAt = (...keywords: readonly string[]): boolean => keywords.every(
    (keyword, ahead) => peek(ahead).keyword === keyword,
  );
  const isAtSymbol = (symbol: string): boolean => peek().kind === 'symbol' && peek().text === symbol;
  const take = (...keywords: readonly string[]): boolean => {
    if (!isAt(...keywords)) return false;
    at = Math.min(at + keywords.length, last);
    return true;
  };
  const takeSymbol = (symbol: string): boolean => isAtSymbol(symbol) && next() !== undefined;
  const lastEnd = (): number => tokens[Math.max(0, at - 1)]?.end ?? 0;
  const identifier = (what: string): Identifier => {
    const token = peek();
    if (token.kind === 'quoted') return named(next());
    if (token.kind !== 'word') return unexpected(what);
    if (isReserved(token.keyword)) return unexpected(
      what, `${token.text} is a reserved word; as a name it is written \`${token.text}\``,
    );
    return named(next());
  };
  return {
    peek, next, isAt, take, isAtSymbol, takeSymbol, report, fail, unexpected, lastEnd, identifier,
    expect: (...keywords) => { if (!take(...keywords)) unexpected(keywords.join(' ')); },
    expectSymbol: (symbol, after) => { if (!takeSymbol(symbol)) unexpected(
      after === undefined ? symbol : `${symbol} ${after}`,
    ); },
    string: (what) => (peek().kind === 'string' ? named(next()) : unexpected(what)),
    list: (parse) => {
      const found = [parse()];
      while (takeSymbol(',')) found.push(parse());
      return found;
    },
    nested: (parse) => {
      if (depth >= NESTING_MAX) return fail(
        'too-deep', peek(), `nested deeper than ${NESTING_MAX} levels`,
        'compute parts of it in a view; write long chains of OR as IN (…)',
      );
      depth += 1;
      try { return parse(); } finally { depth -= 1; }
    },
    unsupported: (span, what, remedy) => fail('unsupported', span, `${what} is not supported yet`, remedy),
  };
}

function named(token: Token): Identifier { return { text: token.text, span: { start: token.start, end: token.end } }; }

function shown(token: Token): string {
  if (token.kind === 'end') return 'the end of the text';
  if (token.kind === 'hint') return 'a hint';
  if (token.kind === 'string') return `the string '${token.text.slice(0, 40)}'`;
  return token.kind === 'quoted' ? `the name \`${token.text}\`` : token.text;
}
