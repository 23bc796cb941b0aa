/** Text into syntax trees: precedence, statements, recovery. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../../host/sql/parser.ts';
import type { Syntax } from '../../../host/sql/syntax.ts';

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
  const item = statement?.kind === 'select' ? statement.query.select.items[0] : undefined;
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

test('nesting has a limit, and a long list has none', () => {
  assert.is(parse(`SELECT ${'('.repeat(5000)}a${')'.repeat(5000)} FROM t`).problems[0]?.code, 'too-deep');
  assert.is(parse(`SELECT a FROM t WHERE ${'a OR '.repeat(5000)}a`).problems[0]?.code, 'too-deep');
  assert.equal(messages(`SELECT a FROM t WHERE a IN (${'1, '.repeat(5000)}1)`), []);
});

test.run();
