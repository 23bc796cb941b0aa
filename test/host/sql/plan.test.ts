/** Plans of whole jobs as `explain` prints them: each test/golden/plan/*.sql has its plan beside it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readdirSync, readFileSync } from 'node:fs';
import { explainPlan } from '../../../host/plan/explain.ts';
import { inputsOf, type Plan } from '../../../host/plan/nodes.ts';
import { EVERYTHING } from '../../../host/plan/supported.ts';
import { golden } from '../../golden.ts';
import { assertValid } from '../plan/valid.ts';
import { catalog, planned, TABLES } from './catalog.ts';

const FOLDER = 'test/golden/plan';

function valid(plan: Plan): Plan {
  assertValid(plan);
  return plan;
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.sql')).sort()) {
  test(`the plan of ${file} is as committed`, () => {
    golden(`plan/${file.replace('.sql', '.txt')}`, explainPlan(valid(planned(readFileSync(`${FOLDER}/${file}`, 'utf8'), EVERYTHING)), catalog));
  });
}

test('a job is named by its file where it sets no name', () => {
  assert.is(planned(`${TABLES} SELECT i FROM t`).name, 'job');
});

test('a source is scanned once, for the columns of all queries and its watermark', () => {
  const { sources } = planned(`${TABLES} SELECT i FROM t; SELECT r.b.c, i FROM t WHERE d > 0`);
  assert.is(sources.length, 1);
  assert.equal(sources[0]?.scan.columns.map(({ name }) => name), ['i', 'd', 'ts', 'r.b.c', 'rt']);
  assert.equal(sources[0]?.watermark, { column: 4, delayMs: 2000 });
});

test('tables that no result reads are no sources', () => {
  const { sources } = planned(`${TABLES} CREATE TABLE u (a INT) WITH ('connector' = 'datagen'); SELECT a FROM u`);
  assert.equal(sources.map(({ table }) => table), ['u']);
});

test('an aggregate that is written twice is computed once, one that is not read never', () => {
  const { sinks } = planned(`${TABLES} CREATE VIEW v AS SELECT window_start, SUM(i) AS s, MAX(i) AS m FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' SECOND))
    GROUP BY window_start, window_end HAVING SUM(i) > 0; SELECT s, s + 1 FROM v`);
  let node = sinks[0]?.input;
  while (node !== undefined && node.kind !== 'windowAggregate' && node.kind !== 'scan') [node] = inputsOf(node);
  assert.equal(node?.kind === 'windowAggregate' ? node.aggregates.map(({ name }) => name) : [], ['sum']);
});

test('bare SELECTs print under names that count', () => {
  const { sinks } = planned(`${TABLES} SELECT i FROM t; INSERT INTO out SELECT device, b FROM t; SELECT d, d FROM t`);
  assert.equal(sinks.map(({ name, connector }) => `${name} ${connector}`), ['print print', 'out kafka', 'print-2 print']);
  assert.equal(sinks[2]?.columns.map(({ name }) => name), ['d', 'd0']);
});

test('references to secrets stay as they are written', () => {
  const { sinks } = planned(`${TABLES} CREATE TABLE f (a INT) WITH ('connector' = 'kafka', 'topic' = '\${file:/run/topic}'); INSERT INTO f SELECT i FROM t`);
  assert.equal(sinks[0]?.options, { topic: '${file:/run/topic}' });
});

test('dead letters of two sources share their table', () => {
  const letters = "CREATE TABLE l (reason STRING) WITH ('connector' = 'print');";
  const source = (name: string): string => `CREATE TABLE ${name} (a INT) WITH ('connector' = 'mqtt', 'topic' = 'x', 'dead-letter.table' = 'l');`;
  const { sources, sinks } = planned(`${letters}${source('a')}${source('b')} SELECT a FROM a; SELECT a FROM b`);
  assert.equal(sources.map(({ deadLetterSink }) => deadLetterSink), [2, 2]);
  assert.is(sinks[2]?.input, undefined);
});

test('columns that INSERT does not name are NULL', () => {
  const { sinks } = planned(`${TABLES} INSERT INTO out (n) SELECT i FROM t`);
  const node = sinks[0]?.input;
  assert.equal(node?.kind === 'project' ? node.expressions.map(({ kind, type }) => `${kind} ${type.name}`) : [], ['literal STRING', 'cast BIGINT']);
  assert.equal(sinks[0]?.keyColumns, [0]);
});

test.run();
