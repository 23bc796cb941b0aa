/** A whole job: statements between semicolons. A statement with a problem is given up; the next one is read all the same. */
import type { Problem } from '../plan/problem.ts';
import { createCursor, SyntaxFault, type Cursor } from './cursor.ts';
import { tokenize } from './lexer.ts';
import { parseStatement } from './parse-statement.ts';
import type { Statement } from './syntax.ts';

export interface Parsed {
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
  /** Tables and views whose CREATE could not be read: they exist, their columns are not known. */
  readonly broken: readonly string[];
}

/** Never throws on any text. Statements with problems are left out. */
export function parse(text: string): Parsed {
  const { tokens, problems: lexical } = tokenize(text);
  const problems = [...lexical];
  const cursor = createCursor(tokens, problems);
  const statements: Statement[] = [];
  const broken: string[] = [];
  const set = { isOpen: false };
  while (cursor.peek().kind !== 'end') {
    if (cursor.takeSymbol(';')) continue;
    const created = createdName(cursor);
    try {
      const statement = parseStatement(cursor, set);
      if (
        statement !== undefined && cursor.peek().kind !== 'end' && !cursor.isAtSymbol(';')
      ) cursor.unexpected('; or the end of the statement');
      if (statement !== undefined) statements.push(statement);
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault;
      if (created !== undefined) broken.push(created);
      while (cursor.peek().kind !== 'end' && !cursor.isAtSymbol(';')) cursor.next();
    }
  }
  if (set.isOpen) cursor.report(
    'syntax', cursor.peek(), 'the statement set has no END', 'write END; after its last INSERT',
  );
  return { statements, problems, broken };
}

/** The name that a CREATE statement standing here would make. */
function createdName(cursor: Cursor): string | undefined {
  if (!cursor.isAt('CREATE')) return undefined;
  let ahead = cursor.peek(1).keyword === 'TEMPORARY' ? 2 : 1;
  if (!['TABLE', 'VIEW'].includes(cursor.peek(ahead).keyword)) return undefined;
  ahead += cursor.peek(ahead + 1).keyword === 'IF' ? 4 : 1;
  return cursor.peek(ahead).text;
}
