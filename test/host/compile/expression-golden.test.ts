/** Expressions answer as Apache Flink answered (test/golden/expressions.json), with operands as constants and as columns. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync } from 'node:fs';
import { REJECTED } from './expression-module.ts';
import { asText, boundCases, evaluated, evaluatedAsColumns, type Answer, type Case, type Golden } from './golden-expressions.ts';

/** Fewer would mean that the binder has lost some. */
const EXPRESSIONS_MIN = 1200;
const OPERAND = /{([^{}]*)}/g;

const golden = (JSON.parse(readFileSync('test/golden/expressions.json', 'utf8')) as { expressions: readonly Golden[] }).expressions;

function isSame(answer: Answer, { golden: expected, expression }: Case): boolean {
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
  /^SIGN\({CAST\(-?\d+ AS (TINYINT|SMALLINT)/, // fails, because generated code casts to the wrong box
  /TRUE} = /, // text is compared with BOOLEAN as text
];

const asked = golden.filter(({ refused, sql, template }) => refused === undefined && !LEFT_OUT.some((pattern) => pattern.test(template ?? sql)));

function wrongOf(all: readonly Case[], answers: readonly Answer[]): string[] {
  return all.flatMap((one, index) => (isSame(answers[index] ?? null, one) ? []
    : [`${one.golden.sql}: ${String(answers[index])}, Flink: ${one.golden.error === undefined ? one.golden.value : 'error'}`]));
}

const test = suite('expressions as in Flink');

test('constants give what Flink gives', async () => {
  const all = boundCases(asked, ({ sql }) => sql, []);
  assert.equal(wrongOf(all, await evaluated(all.map(({ expression }) => asText(expression)))), []);
  assert.ok(all.length > EXPRESSIONS_MIN, `${all.length} of ${golden.length} expressions are bound`);
});

test('columns give what Flink gives', async () => {
  const { cases, answers } = await evaluatedAsColumns(asked, OPERAND);
  assert.equal(wrongOf(cases, answers), []);
});

test.run();
