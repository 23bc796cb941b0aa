/** docs/sql.md, docs/aggregates.md and docs/functions.md tell the truth: their examples are planned with the real connectors, their lists name all there is. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync } from 'node:fs';
import { catalog } from '../../../host/cli/catalog.ts';
import { AGGREGATES } from '../../../host/plan/aggregates.ts';
import { FUNCTIONS, REWRITTEN } from '../../../host/plan/functions.ts';
import { renderProblems } from '../../../host/plan/problem.ts';
import { COMMON_OPTIONS } from '../../../host/sql/bind-options.ts';
import { planSql } from '../../../host/sql/index.ts';
import { SETTINGS } from '../../../host/sql/settings.ts';

const text = ['docs/sql.md', 'docs/aggregates.md'].map((file) => readFileSync(file, 'utf8')).join('\n');
const functions = readFileSync('docs/functions.md', 'utf8');

test('every example is a job without errors', () => {
  const examples = [...text.matchAll(/```sql\n([^]*?)```/g)].map(([, sql = '']) => sql);
  assert.ok(examples.length >= 6);
  for (const sql of examples) {
    const { problems } = planSql(sql, { fileName: 'docs.sql', catalog });
    assert.is(renderProblems(sql, 'docs.sql', problems.filter(({ severity }) => severity === 'error')), '');
  }
});

test('every function, setting and common option is named', () => {
  const names = [...FUNCTIONS.keys(), ...AGGREGATES.keys(), ...REWRITTEN, ...SETTINGS.map(({ name }) => name), ...COMMON_OPTIONS.map(({ name }) => name)];
  assert.equal(names.filter((name) => !text.includes(name) && !functions.includes(name)), []);
});

test.run();
