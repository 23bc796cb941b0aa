/** Whatever the text, planning ends with a plan or with problems inside the text. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { explainPlan } from '../../../host/plan/explain.ts';
import { EVERYTHING } from '../../../host/plan/supported.ts';
import { renderProblems } from '../../../host/plan/problem.ts';
import { tokenize } from '../../../host/sql/lexer.ts';
import { planSql } from '../../../host/sql/index.ts';
import { assertValid } from '../plan/valid.ts';
import { catalog, TABLES } from './catalog.ts';
import { query } from './queries.ts';

const FOLDERS = ['test/golden/plan', 'test/golden/problems'];
const JOBS = FOLDERS.flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.sql')).map((file) => readFileSync(`${folder}/${file}`, 'utf8')));
const WORDS = [...new Set(JOBS.flatMap((job) => tokenize(job).tokens.map(({ start, end }) => job.slice(start, end))))];

const counts = { planned: 0 };

function holds(text: string): void {
  const { plan, problems } = planSql(text, { fileName: 'fuzz.sql', catalog, features: EVERYTHING });
  if (plan !== undefined) {
    assertValid(plan);
    assert.ok(explainPlan(plan, catalog) !== '');
    counts.planned += 1;
  }
  assert.ok(plan !== undefined || problems.some(({ severity }) => severity === 'error'));
  for (const { span } of problems) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, JSON.stringify(span));
  assert.ok(renderProblems(text, 'fuzz.sql', problems) !== undefined);
}

const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const check = (arbitrary: fc.Arbitrary<string>, numRuns: number): void => fc.assert(fc.property(arbitrary, holds), { seed, numRuns });

test('random characters are refused at a place', () => {
  check(fc.string({ unit: 'binary', maxLength: 200 }), 500);
});

test('random words of SQL are planned or refused', () => {
  check(fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => `${TABLES}${words.join(' ')}`), 700);
});

test('jobs with words swapped, lost or doubled are planned or refused', () => {
  const change = fc.tuple(fc.nat(10_000), fc.nat(3), fc.constantFrom(...WORDS));
  const mutated = fc.tuple(fc.constantFrom(...JOBS), fc.array(change, { minLength: 1, maxLength: 4 })).map(([job, changes]) => {
    const words = tokenize(job).tokens.map(({ start, end }) => job.slice(start, end));
    for (const [at, how, word] of changes) {
      const index = at % words.length;
      if (how === 0) words.splice(index, 1);
      else if (how === 1) words.splice(index, 0, words[index] as string);
      else words[index] = word;
    }
    return `${TABLES}${words.join(' ')}`;
  });
  check(mutated, 700);
});

test('queries made by a grammar are planned, or refused', () => {
  const before = counts.planned;
  check(query.map((sql) => `${TABLES}${sql}`), 400);
  assert.ok(counts.planned - before >= 200, `${counts.planned - before} of 400 are planned`);
});

test('every beginning of a job is planned or refused', () => {
  for (const job of JOBS) for (let end = 0; end < job.length; end += 37) holds(`${TABLES}${job.slice(0, end)}`);
});

test.run();
