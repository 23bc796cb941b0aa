/**
 * The exact text of problems: each file of test/golden/problems holds cases, each a job over the tables of catalog.ts. not-yet.sql
 * is what the compiler cannot generate yet; the others are wrong whatever it can.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readdirSync, readFileSync } from 'node:fs';
import { PlanError, renderProblems } from '../../../host/plan/problem.ts';
import { planSql } from '../../../host/sql/index.ts';
import { COMPILED, EVERYTHING } from '../../../host/plan/supported.ts';
import { golden } from '../../golden.ts';
import { catalog, problemsOf, TABLES } from './catalog.ts';

const FOLDER = 'test/golden/problems';

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.sql')).sort()) {
  test(`problems of ${file} are told in these words`, () => {
    const cases = readFileSync(`${FOLDER}/${file}`, 'utf8').split(/^(?=---- )/m);
    const features = file === 'not-yet.sql' ? COMPILED : EVERYTHING;
    const texts = cases.map((one) => {
      const sql = one.replace(/^---- .*\n/, '');
      const { problems } = planSql(`${TABLES.replaceAll('\n', ' ')}\n${sql}`, { fileName: 'job.sql', catalog, features });
      assert.ok(problems.length > 0, `no problem: ${sql}`);
      return `${/^---- .*/.exec(one)?.[0] ?? '---- first'}\n${renderProblems(`${TABLES.replaceAll('\n', ' ')}\n${sql}`, 'job.sql', problems)}\n`;
    });
    golden(`problems/${file.replace('.sql', '.txt')}`, texts.join('\n'));
  });
}

test('there are exact texts of at least a hundred problems', () => {
  const texts = readdirSync(FOLDER).filter((name) => name.endsWith('.txt')).map((name) => readFileSync(`${FOLDER}/${name}`, 'utf8'));
  assert.ok(texts.join('').split(/: (?:error|warning)\[/).length > 100);
});

test('problems of all statements are told at once, in order of place', () => {
  const problems = problemsOf("SELECT a FROM nowhere; SELEC b; CREATE TABLE x (c TEXT); SET 'd' = 'e'");
  assert.equal(problems.map((problem) => problem.split(' ')[0]), ['unknown-table', 'syntax', 'unknown-type', 'unknown-setting']);
});

test('views that read each other twice come to an end', () => {
  const views = Array.from({ length: 40 }, (_, index) => `CREATE VIEW v${index + 1} AS SELECT a.i FROM v${index} AS a JOIN v${index} AS b ON a.i = b.i`);
  const [first] = problemsOf(`CREATE VIEW v0 AS SELECT i FROM t; ${views.join('; ')}; SELECT i FROM v40`.replace(/^/, TABLES), EVERYTHING);
  assert.is(first, 'too-large this is made of more than 1000 steps');
});

test('a place on a long line is shown with what stands around it', () => {
  const text = `SELECT ${'a, '.repeat(200)}# FROM t`;
  const [, shown = '', caret = ''] = renderProblems(text, 'f', [{ severity: 'error', code: 'c', message: 'm', span: { start: 607, end: 608 } }]).split('\n');
  assert.is(shown[caret.indexOf('^')], '#');
  assert.ok(shown.length < 200);
});

test('a PlanError carries every problem and prints them', () => {
  const problem = { severity: 'error', code: 'c', message: 'm', remedy: 'r', span: { start: 2, end: 3 } } as const;
  const error = new PlanError('a b', 'f.sql', [problem]);
  assert.is(error.message, 'f.sql:1:3: error[c]: m\n 1 | a b\n   |   ^\n  remedy: r');
  assert.equal(error.problems, [problem]);
});

test.run();
