/** Text into syntax trees: precedence, statements, recovery. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../../host/sql/parser.ts';
import type { Query, QueryBody, Relation, Syntax } from '../../../host/sql/syntax.ts';

/** An expression in parentheses that show what binds to what. */
function shape(syntax: Syntax | undefined): string {
  switch (syntax?.kind) {
    case 'name': return syntax.parts.map(({ text }) => text).join('.');
    case 'number': return syntax.text;
    case 'string': return `'${syntax.value}'`;
    case 'unary': return `(${syntax.operator} ${shape(syntax.operand)})`;
    case 'binary': return `(${shape(syntax.left)} ${syntax.operator} ${shape(syntax.right)})`;
    case 'is': return `(${shape(syntax.operand)} IS ${syntax.isNegated ? 'NOT ' : ''}${syntax.test})`;
    case 'like': return `(${shape(syntax.operand)} LIKE ${shape(syntax.pattern)})`;
    case 'in': return `(${shape(syntax.operand)} IN ${syntax.list.map(shape).join(',')})`;
    case 'between': return `(${shape(syntax.operand)} BETWEEN ${shape(syntax.low)} AND ${shape(syntax.high)})`;
    case 'call': return `${syntax.name.text}(${syntax.isStar ? '*' : syntax.args.map(shape).join(',')})`;
    default: return syntax?.kind ?? 'none';
  }
}

function expression(text: string): string {
  const { statements, problems } = parse(`SELECT ${text} FROM t`);
  assert.equal(problems, []);
  const [statement] = statements;
  const item = statement?.kind === 'select' && statement.query.body.kind === 'select' ? statement.query.body.items[0] : undefined;
  return shape(item?.kind === 'expression' ? item.expression : undefined);
}

const messages = (text: string): string[] => parse(text).problems.map(({ message }) => message);
const kinds = (text: string): string[] => parse(text).statements.map(({ kind }) => kind);

test('operators bind as in SQL: sign, product, sum, comparison, IS, NOT, AND, OR', () => {
  assert.is(expression('a + b * c - d'), '((a + (b * c)) - d)');
  assert.is(expression('-a * b'), '((- a) * b)');
  assert.is(expression('a OR b AND NOT c = d'), '(a OR (b AND (NOT (c = d))))');
  assert.is(expression('a = b IS NOT TRUE'), '((a = b) IS NOT TRUE)');
  assert.is(expression("a || b LIKE 'x%' AND c"), "(((a || b) LIKE 'x%') AND c)");
});

test('BETWEEN keeps its AND', () => {
  assert.is(expression('a BETWEEN 1 AND 2 AND b'), '((a BETWEEN 1 AND 2) AND b)');
  assert.is(expression('a + 1 BETWEEN b AND c * 2'), '((a + 1) BETWEEN b AND (c * 2))');
});

test("functions with SQL's own syntax become plain calls", () => {
  assert.is(expression("TRIM(LEADING 'x' FROM a)"), "LTRIM(a,'x')");
  assert.is(expression('TRIM(BOTH FROM a)'), 'TRIM(a)');
  assert.is(expression('TRIM(a)'), 'TRIM(a)');
  assert.is(expression("POSITION('x' IN a)"), "POSITION('x',a)");
  assert.is(expression('SUBSTRING(a FROM 2 FOR 3)'), 'SUBSTRING(a,2,3)');
  assert.is(expression('COUNT(*)'), 'COUNT(*)');
});

test('after a point even a reserved word is a name', () => {
  assert.is(expression('r.value.`select`'), 'r.value.select');
});

test('a statement with a problem is given up at its semicolon, the others are read', () => {
  const text = "SELECT FROM; SET 'a' = 'b'; SELECT a b c FROM t; SELECT a FROM t";
  assert.equal(kinds(text), ['set', 'select']);
  assert.is(messages(text).length, 2);
});

test('a statement set is its statements', () => {
  assert.equal(kinds('EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT b FROM c; INSERT INTO d SELECT e FROM f; END;'), ['insert', 'insert']);
  assert.equal(messages('EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT b FROM c;'), ['the statement set has no END']);
});

test('keywords may be in any case', () => {
  assert.equal(kinds('create temporary view V as select A from B; insert into C select * from V'), ['createView', 'insert']);
});

test('the place of a problem is the token at fault', () => {
  const { problems } = parse('SELECT a,, b FROM t');
  assert.equal(problems.map(({ span, message }) => `${span.start} ${message}`), ['9 expected an expression, found ,']);
});

function query(text: string): Query {
  const { statements, problems } = parse(text);
  assert.equal(problems, []);
  const [statement] = statements;
  if (statement?.kind !== 'select') throw new Error('no query');
  return statement.query;
}

/** Set operations in parentheses that show what belongs together. */
function sets(body: QueryBody): string {
  switch (body.kind) {
    case 'select': return body.from?.kind === 'table' ? body.from.name.text : '?';
    case 'query': return sets(body.query.body);
    case 'values': return 'values';
    case 'set': return `(${sets(body.left)} ${body.operator}${body.isAll ? ' ALL' : ''} ${sets(body.right)})`;
  }
}

function relation(from: Relation | undefined): string {
  if (from?.kind === 'join') return `(${relation(from.left)} ${from.isCross ? 'cross' : from.type} ${relation(from.right)})`;
  return from?.kind === 'table' ? from.alias?.text ?? from.name.text : from?.kind ?? 'none';
}

test('INTERSECT binds tighter than UNION and EXCEPT, which go from the left', () => {
  assert.is(sets(query('SELECT 1 FROM a UNION SELECT 1 FROM b INTERSECT SELECT 1 FROM c EXCEPT SELECT 1 FROM d').body), '((a UNION (b INTERSECT c)) EXCEPT d)');
  assert.is(sets(query('SELECT 1 FROM a UNION ALL (SELECT 1 FROM b UNION ALL VALUES (1))').body), '(a UNION ALL (b UNION ALL values))');
});

test('joins go from the left, a comma after all of them', () => {
  const from = (text: string): string => {
    const { body } = query(`SELECT 1 FROM ${text}`);
    return body.kind === 'select' ? relation(body.from) : '';
  };
  assert.is(from('a JOIN b ON TRUE LEFT OUTER JOIN c USING (k)'), '((a inner b) left c)');
  assert.is(from('a, b CROSS JOIN c, (d FULL JOIN e ON TRUE)'), '((a cross (b cross c)) cross (d full e))');
  assert.is(from("TABLE(TUMBLE(TABLE a, DESCRIPTOR(t), INTERVAL '1' DAY)) AS w JOIN b AS x ON TRUE"), '(window inner x)');
});

test('GROUPING SETS, ROLLUP and CUBE are multiplied out', () => {
  const setsOf = (text: string): string[] => {
    const { body } = query(`SELECT 1 FROM t GROUP BY ${text}`);
    const groupBy = body.kind === 'select' ? body.groupBy : undefined;
    return (groupBy?.sets ?? []).map((set) => (groupBy?.keys ?? []).map(shape).filter((_, index) => set[index]).join());
  };
  assert.equal(setsOf('a, b'), ['a,b']);
  assert.equal(setsOf('ROLLUP (a, (b, c))'), ['a,b,c', 'a', '']);
  assert.equal(setsOf('CUBE (a, b)'), ['a,b', 'a', 'b', '']);
  assert.equal(setsOf('a, GROUPING SETS ((b), ())'), ['a,b', 'a']);
  assert.equal(setsOf('GROUPING SETS (a, ROLLUP (b), ())'), ['a', 'b', '', '']);
  assert.equal(setsOf('(), (a, b), a'), ['a,b']);
});

test('LIMIT, OFFSET and FETCH say the same', () => {
  const limit = (text: string): unknown => {
    const { limit: found } = query(`SELECT 1 FROM t ${text}`);
    return found && [found.count, found.offset];
  };
  assert.equal(limit('LIMIT 3 OFFSET 2'), [3, 2]);
  assert.equal(limit('OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY'), [3, 2]);
  assert.equal(limit('FETCH FIRST ROW ONLY'), [1, 0]);
  assert.equal(limit('LIMIT ALL'), [undefined, 0]);
});

test('OVER has a base, a partition, an order and a frame', () => {
  const { body } = query('SELECT SUM(a) OVER (w ORDER BY b DESC NULLS LAST ROWS 3 PRECEDING) FROM t WINDOW w AS (PARTITION BY c, d)');
  const item = body.kind === 'select' ? body.items[0] : undefined;
  const over = item?.kind === 'expression' && item.expression.kind === 'call' ? item.expression.over : undefined;
  assert.is(over?.base?.text, 'w');
  assert.equal(over?.orderBy.map(({ isDescending, isNullsFirst }) => [isDescending, isNullsFirst]), [[true, false]]);
  assert.equal([over?.frame?.unit, over?.frame?.start.kind, over?.frame?.end.kind], ['ROWS', 'preceding', 'current']);
  assert.equal(body.kind === 'select' ? body.windows.map(({ name, over: { partitionBy } }) => [name.text, partitionBy.length]) : [], [['w', 2]]);
});

test('a hint is read where it belongs, and comments are dropped', () => {
  const { body } = query("SELECT /*+ STATE_TTL('a' = '1 d', b = '2 h'), BROADCAST(a) */ 1 /* + no hint */ FROM t");
  const hints = body.kind === 'select' ? body.hints : [];
  assert.equal(hints.map(({ name, options }) => [name.text, ...options.map(({ key, value }) => `${key.text}=${value?.text}`)]), [
    ['STATE_TTL', 'a=1 d', 'b=2 h'], ['BROADCAST', 'a=undefined'],
  ]);
});

test('statements that only tell or tidy up are read', () => {
  const text = "EXPLAIN PLAN FOR SELECT 1 FROM t; EXPLAIN CHANGELOG_MODE, JSON_EXECUTION_PLAN INSERT INTO a SELECT 1 FROM t; DESC t; DROP TEMPORARY VIEW IF EXISTS v; RESET; RESET 'a'";
  assert.equal(kinds(text), ['explain', 'explain', 'describe', 'drop', 'reset', 'reset']);
  assert.equal(kinds('EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1 FROM t; INSERT INTO b VALUES (1); END; (SELECT 1 FROM t) UNION SELECT 2 FROM t'), ['explain', 'select']);
});

test('nesting has a limit, and a long list has none', () => {
  assert.is(parse(`SELECT ${'('.repeat(5000)}a${')'.repeat(5000)} FROM t`).problems[0]?.code, 'too-deep');
  assert.is(parse(`SELECT a FROM t WHERE ${'a OR '.repeat(5000)}a`).problems[0]?.code, 'too-deep');
  assert.equal(messages(`SELECT a FROM t WHERE a IN (${'1, '.repeat(5000)}1)`), []);
});

test.run();
