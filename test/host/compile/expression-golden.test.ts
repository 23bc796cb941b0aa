/** Expressions answer as Apache Flink answered (test/golden/expressions.json), with operands as constants and as columns. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync } from 'node:fs';
import { compileExpression } from '../../../host/compile/expression.ts';
import type { Column, Expression } from '../../../host/plan/nodes.ts';
import { bindExpression } from '../../../host/sql/bind-expression.ts';
import { createCursor } from '../../../host/sql/cursor.ts';
import { tokenize } from '../../../host/sql/lexer.ts';
import { parseExpression } from '../../../host/sql/parse-expression.ts';
import type { Scope } from '../../../host/sql/scope.ts';
import { compileExpressions, REJECTED, type Value } from './expression-module.ts';

/** Fewer would mean that the binder has lost some. */
const EXPRESSIONS_MIN = 1200;

interface Golden {
  readonly sql: string; readonly template?: string; readonly type?: string;
  readonly value?: string | null; readonly error?: string; readonly refused?: string;
}

const golden = (JSON.parse(readFileSync('test/golden/expressions.json', 'utf8')) as { expressions: readonly Golden[] }).expressions;
const CHUNK = 400; // expressions a module: asc starts slowly

/** A typed expression over `columns`; undefined when the binder refuses it. */
function bound(sql: string, columns: readonly Column[]): Expression | undefined {
  const scope: Scope = {
    tables: [], fields: columns.map(({ name, type }, index) => ({ name, type, place: { kind: 'column', index } })),
  };
  try {
    const { tokens } = tokenize(sql);
    const cursor = createCursor(tokens, []);
    const syntax = parseExpression(cursor);
    if (cursor.peek().kind !== 'end') return undefined;
    return bindExpression(syntax, { scope, report: () => undefined, aggregateProblem: '' });
  } catch {
    return undefined;
  }
}

function asText(input: Expression): Expression {
  return { kind: 'cast', input, isTry: false, type: { name: 'STRING', isNullable: true }, span: input.span };
}

/** Whether the compiler has it; the binder will refuse what it has not. */
function isCompiled(expression: Expression): boolean {
  try {
    let next = 0;
    const column = (): { value: string; isNull: string } => ({ value: '0', isNull: 'false' });
    compileExpression(expression, { column, fresh: (hint) => `${hint}${next += 1}`, used: new Set(), idOf: () => 0, reserve: () => 0 });
    return true;
  } catch {
    return false;
  }
}

interface Case { readonly golden: Golden; readonly expression: Expression }

/** Evaluates a list of expressions without columns. */
async function evaluated(expressions: readonly Expression[]): Promise<(Value | typeof REJECTED)[]> {
  const found: (Value | typeof REJECTED)[] = [];
  for (let start = 0; start < expressions.length; start += CHUNK) {
    const part = expressions.slice(start, start + CHUNK);
    const module = await compileExpressions([], part);
    found.push(...part.map((_, index) => module.evaluate(index, [])));
  }
  return found;
}

function isSame(answer: Value | typeof REJECTED, { golden: expected, expression }: Case): boolean {
  if (expected.error !== undefined) return answer === REJECTED;
  if (answer === REJECTED || answer === null || expected.value === null || expected.value === undefined) return answer === (expected.value ?? null);
  const isNumber = (text: string): boolean => /^-?(\d+\.\d+(E-?\d+)?|NaN|Infinity)$/.test(text);
  const isApproximate = /DOUBLE|FLOAT/.test(`${expected.sql} ${expression.type.name}`);
  if (isApproximate && isNumber(String(answer)) && isNumber(expected.value)) {
    const round = /FLOAT/.test(`${expected.sql} ${expression.type.name}`) ? Math.fround : (value: number): number => value;
    return Object.is(round(Number(answer)), round(Number(expected.value)));
  }
  return answer === expected.value;
}

/** Where Flink disagrees with itself, or the binder decides: what is not the expression compiler's. */
const LEFT_OUT: readonly RegExp[] = [
  /AS FLOAT\)} (<=|>) /, // compared as FLOAT by = and as DOUBLE by <
  /NaN.* IN /, // yet NaN = NaN
  /\uffee/, // order of UTF-16 while both texts are Java strings, of bytes behind any shuffle
  /TRUE} = /, // text is compared with BOOLEAN as text
];

const asked = golden.filter(({ refused, sql, template }) => refused === undefined && !LEFT_OUT.some((pattern) => pattern.test(template ?? sql)));

/** The expressions that the binder and the compiler have. */
function cases(sqlOf: (one: Golden) => string, columns: readonly Column[]): Case[] {
  return asked.flatMap((one): Case[] => {
    const expression = bound(sqlOf(one), columns);
    if (expression === undefined || expression.type.name === 'INTERVAL' || !isCompiled(expression)) return [];
    return [{ golden: one, expression }];
  });
}

function wrongOf(all: readonly Case[], answers: readonly (Value | typeof REJECTED)[]): string[] {
  return all.flatMap((one, index) => (isSame(answers[index] ?? null, one) ? []
    : [`${one.golden.sql}: ${String(answers[index])}, Flink: ${one.golden.error === undefined ? one.golden.value : 'error'}`]));
}

const test = suite('expressions as in Flink');

test('constants give what Flink gives', async () => {
  const all = cases(({ sql }) => sql, []);
  assert.equal(wrongOf(all, await evaluated(all.map(({ expression }) => asText(expression)))), []);
  assert.ok(all.length > EXPRESSIONS_MIN, `${all.length} of ${golden.length} expressions are bound`);
});

test('columns give what Flink gives', async () => {
  const texts = [...new Set(asked.flatMap(({ template }) => [...(template ?? '').matchAll(/{([^{}]*)}/g)].map(([, text]) => text ?? '')))];
  const operands = texts.flatMap((text) => {
    const expression = bound(text, []);
    return expression === undefined || !isCompiled(expression) ? [] : [{ text, expression }];
  });
  const values = await evaluated(operands.map(({ expression }) => expression));
  const columns = operands.map(({ text, expression }): Column => (
    { name: `c${texts.indexOf(text)}`, type: { ...expression.type, isNullable: true } as Column['type'] }));
  const all = cases(({ sql, template }) => (template ?? sql).replace(/{([^{}]*)}/g, (_, text: string) => `c${texts.indexOf(text)}`), columns);
  assert.equal(wrongOf(all, await evaluatedOnColumns(all, columns, values)), []);
});

/** Each expression on a row of just the columns that its part of the list uses. */
async function evaluatedOnColumns(
  all: readonly Case[], columns: readonly Column[], values: readonly (Value | typeof REJECTED)[],
): Promise<(Value | typeof REJECTED)[]> {
  const found: (Value | typeof REJECTED)[] = [];
  for (let start = 0; start < all.length;) {
    const used = new Map<number, number>();
    const part: Expression[] = [];
    while (start + part.length < all.length && part.length < CHUNK) {
      const { expression } = all[start + part.length] as Case;
      const wanted = [...new Set(columnsOf(expression))].filter((index) => !used.has(index));
      if (used.size + wanted.length > 64) break;
      wanted.forEach((index) => used.set(index, used.size));
      part.push(renumbered(expression, used));
    }
    const indices = [...used.keys()];
    const module = await compileExpressions(indices.map((index) => columns[index] as Column), part.map(asText));
    const row = indices.map((index) => values[index] as Value);
    found.push(...part.map((_, index) => module.evaluate(index, row)));
    start += part.length;
  }
  return found;
}

function columnsOf(expression: Expression): number[] {
  switch (expression.kind) {
    case 'column': return [expression.index];
    case 'literal': return [];
    case 'cast': return columnsOf(expression.input);
    case 'call': return expression.args.flatMap(columnsOf);
    case 'case': return [...expression.branches.flatMap(({ when, then }) => [...columnsOf(when), ...columnsOf(then)]), ...columnsOf(expression.otherwise)];
  }
}

function renumbered(expression: Expression, index: ReadonlyMap<number, number>): Expression {
  const go = (inner: Expression): Expression => renumbered(inner, index);
  switch (expression.kind) {
    case 'column': return { ...expression, index: index.get(expression.index) ?? 0 };
    case 'literal': return expression;
    case 'cast': return { ...expression, input: go(expression.input) };
    case 'call': return { ...expression, args: expression.args.map(go) };
    case 'case': {
      const branches = expression.branches.map(({ when, then }) => ({ when: go(when), then: go(then) }));
      return { ...expression, branches, otherwise: go(expression.otherwise) };
    }
  }
}

test.run();
