/** FROM: tables, subqueries, window functions, UNNEST, and joins of them. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseHints } from './parse-hint.ts';
import { isAtQuery, parseNames, parseQuery } from './parse-query.ts';
import { parseAlias } from './parse-select.ts';
import { isAtWindowFunction, parseWindowFunction } from './parse-window.ts';
import type { JoinKind, Relation, RelationBase } from './syntax.ts';

/** Every join counts as a level: the tree is that deep. */
export function parseFrom(cursor: Cursor): Relation {
  return commas(cursor, parseJoined(cursor));
}

function commas(cursor: Cursor, left: Relation): Relation {
  if (!cursor.takeSymbol(',')) return left;
  return cursor.nested(() => commas(cursor, joined({ type: 'inner', isCross: true, isNatural: false }, left, parseJoined(cursor))));
}

type JoinForm = { readonly type: JoinKind; readonly isCross: boolean; readonly isNatural: boolean };

function joined(
  form: JoinForm, left: Relation, right: Relation, on?: Extract<Relation, { kind: 'join' }>['on'], using: readonly NonNullable<Relation['alias']>[] = [],
): Relation {
  return {
    kind: 'join', ...form, left, right, on, using, alias: undefined, columnAliases: [],
    span: { start: left.span.start, end: Math.max(right.span.end, on?.span.end ?? 0) },
  };
}

function parseJoined(cursor: Cursor): Relation { return joins(cursor, parseRelation(cursor)); }

function joins(cursor: Cursor, left: Relation): Relation {
  const form = parseJoinForm(cursor);
  if (form === undefined) return left;
  return cursor.nested(() => {
    const right = parseRelation(cursor);
    if (form.isCross || form.isNatural) return joins(cursor, joined(form, left, right));
    if (cursor.take('USING')) {
      const using = parseNames(cursor);
      if (using.length === 0) cursor.unexpected('( after USING');
      return joins(cursor, joined(form, left, right, undefined, using));
    }
    if (!cursor.take('ON')) {
      // CROSS JOIN UNNEST is also written JOIN UNNEST(…) ON TRUE; all else needs its condition
      cursor.unexpected('ON or USING', 'say which rows belong together: JOIN t ON a.id = t.id');
    }
    return joins(cursor, joined(form, left, right, parseExpression(cursor)));
  });
}

function parseJoinForm(cursor: Cursor): JoinForm | undefined {
  if (cursor.take('CROSS', 'JOIN')) return { type: 'inner', isCross: true, isNatural: false };
  const isNatural = cursor.take('NATURAL');
  const token = cursor.peek();
  let type: JoinKind = 'inner';
  if (cursor.take('INNER')) type = 'inner';
  else if (cursor.isAt('LEFT') || cursor.isAt('RIGHT') || cursor.isAt('FULL')) {
    cursor.next();
    type = token.keyword.toLowerCase() as JoinKind;
    cursor.take('OUTER');
    for (const keyword of ['SEMI', 'ANTI']) {
      if (cursor.isAt(keyword)) cursor.fail(
        'syntax', cursor.peek(), `Flink has no ${keyword} JOIN`, `write WHERE ${keyword === 'ANTI' ? 'NOT ' : ''}EXISTS (SELECT …)`,
      );
    }
  } else if (!cursor.isAt('JOIN')) {
    return isNatural ? cursor.unexpected('JOIN') : undefined;
  }
  cursor.expect('JOIN');
  return { type, isCross: false, isNatural };
}

/** One relation with its alias. */
export function parseRelation(cursor: Cursor): Relation {
  const { start } = cursor.peek();
  const base = cursor.nested(() => parseBase(cursor));
  for (const keyword of ['MATCH_RECOGNIZE', 'TABLESAMPLE', 'PIVOT', 'UNPIVOT']) refuse(cursor, keyword);
  const alias = parseAlias(cursor, 'a name for this table');
  const columnAliases = alias === undefined ? [] : parseNames(cursor);
  for (const keyword of ['MATCH_RECOGNIZE', 'TABLESAMPLE']) refuse(cursor, keyword);
  if (alias === undefined && base.kind === 'join') return { ...base, alias, columnAliases, span: { start, end: cursor.lastEnd() } };
  return { ...base, alias, columnAliases, span: { start, end: cursor.lastEnd() } };
}

function refuse(cursor: Cursor, keyword: string): void { if (cursor.isAt(keyword)) cursor.unsupported(cursor.peek(), keyword); }

function parseBase(cursor: Cursor): RelationBase {
  const token = cursor.peek();
  if (cursor.isAtSymbol('(')) {
    const isQuery = isAtQuery(cursor);
    cursor.next();
    if (isQuery) return subquery(cursor, false);
    const inner = parseFrom(cursor);
    cursor.expectSymbol(')', 'after the joined tables');
    return inner;
  }
  if (cursor.take('LATERAL')) {
    if (cursor.isAt('TABLE')) cursor.unsupported(cursor.peek(), 'LATERAL TABLE of a table function');
    cursor.expectSymbol('(', 'after LATERAL');
    return subquery(cursor, true);
  }
  if (cursor.take('UNNEST')) {
    cursor.expectSymbol('(', 'after UNNEST');
    const collection = parseExpression(cursor);
    cursor.expectSymbol(')', 'after the collection');
    return { kind: 'unnest', collection, withOrdinality: cursor.take('WITH', 'ORDINALITY') };
  }
  if (cursor.isAt('TABLE') && cursor.peek(1).text === '(') {
    cursor.next();
    cursor.next();
    if (!isAtWindowFunction(cursor)) {
      const name = cursor.peek();
      cursor.fail('unknown-function', name, `${name.text || 'this'} is no window function`, 'write TUMBLE, HOP, CUMULATE or SESSION');
    }
    const base = parseWindowFunction(cursor);
    cursor.expectSymbol(')', 'after the window function');
    return base;
  }
  if (isAtWindowFunction(cursor)) return parseWindowFunction(cursor);
  const name = cursor.identifier('a table name');
  if (cursor.isAtSymbol('.')) cursor.unsupported(cursor.peek(), 'a table of another catalog or database', 'name the table alone');
  if (cursor.isAtSymbol('(')) cursor.unsupported({ start: token.start, end: token.end }, `the table function ${name.text}`);
  const hints = parseHints(cursor);
  const asOf = cursor.take('FOR') ? parseAsOf(cursor) : undefined;
  return { kind: 'table', name, asOf, hints };
}

/** Requires: `(` was taken. */
function subquery(cursor: Cursor, isLateral: boolean): RelationBase {
  if (!isAtQuery(cursor)) return cursor.unexpected('SELECT');
  const query = parseQuery(cursor);
  cursor.expectSymbol(')', 'after the subquery');
  return { kind: 'subquery', query, isLateral };
}

function parseAsOf(cursor: Cursor): NonNullable<Extract<RelationBase, { kind: 'table' }>['asOf']> {
  if (!cursor.take('SYSTEM_TIME', 'AS', 'OF')) cursor.unexpected('SYSTEM_TIME AS OF', 'write FOR SYSTEM_TIME AS OF a.at');
  return parseExpression(cursor);
}
