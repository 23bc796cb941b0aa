/** What rows mean and what identifies them, for queries as users write them; Flink's own answers are in plans.test.ts. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changelogOf, uniqueKeyOf } from '../../../host/plan/changelog.ts';
import type { Node } from '../../../host/plan/nodes.ts';
import { EVERYTHING } from '../../../host/plan/supported.ts';
import { planned, TABLES } from '../sql/catalog.ts';

const MORE = `CREATE TABLE p (id INT, k STRING, x DOUBLE, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = 'p');
CREATE TABLE q (id INT, y DOUBLE, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = 'q');
CREATE VIEW totals AS SELECT device, COUNT(*) AS c FROM t GROUP BY device;\n`;

function root(sql: string): Node {
  const input = planned(`${TABLES}${MORE}${sql}`, EVERYTHING).sinks[0]?.input;
  if (input === undefined) throw new Error(sql);
  return input;
}

const changes = (sql: string): string => changelogOf(root(sql));

function key(sql: string): string {
  const node = root(sql);
  return uniqueKeyOf(node)?.map((column) => node.columns[column]?.name).join(', ') ?? 'none';
}

test('groups change, and are found by their keys', () => {
  assert.is(changes('SELECT device, COUNT(*) FROM t GROUP BY device'), 'updating');
  assert.is(key('SELECT COUNT(*) AS c, device, ok FROM t GROUP BY device, ok'), 'device, ok');
  assert.is(key('SELECT COUNT(*) AS c FROM t GROUP BY device'), 'none');
  assert.is(key('SELECT COUNT(*) AS c FROM t'), '');
});

test('windows only add, and are found by key and window', () => {
  const window = "FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' SECOND)) GROUP BY device, window_start, window_end";
  assert.is(changes(`SELECT device, COUNT(*) AS c ${window}`), 'append');
  assert.is(key(`SELECT device, window_end AS e, window_start AS s, COUNT(*) AS c ${window}`), 'device, s, e');
});

test('an inner join changes with its inputs, an outer one by itself', () => {
  assert.is(changes('SELECT i, x FROM t JOIN p ON t.i = p.id'), 'append');
  assert.is(changes('SELECT i, x FROM t LEFT JOIN p ON t.i = p.id'), 'updating');
  assert.is(changes('SELECT i, c FROM t JOIN totals ON t.device = totals.device'), 'updating');
  assert.is(changes('SELECT i FROM t WHERE i IN (SELECT id FROM p)'), 'append');
  assert.is(changes('SELECT i FROM t WHERE i NOT IN (SELECT id FROM p)'), 'updating');
});

test('a join keeps the key of a side that meets at most one row', () => {
  assert.is(key('SELECT p.id, x, y FROM p JOIN q ON p.id = q.id'), 'id');
  assert.is(key('SELECT c, p.id, x FROM p JOIN totals ON p.k = totals.device'), 'id');
  assert.is(key('SELECT device, p.id, x FROM p JOIN totals ON p.x > totals.c'), 'id, device');
  assert.is(key('SELECT i, x FROM t JOIN p ON t.i = p.id'), 'none');
  assert.is(key('SELECT p.id, y FROM p RIGHT JOIN q ON p.id = q.id'), 'none');
});

test('a key goes through filters, renaming and casts that keep values apart', () => {
  assert.is(key('SELECT x, CAST(id AS BIGINT) AS number FROM p WHERE x > 1'), 'number');
  assert.is(key('SELECT CAST(id AS TINYINT) AS number FROM p'), 'none');
  assert.is(key('SELECT id + 1 AS number FROM p'), 'none');
});

test('of a ranking, partition and number identify a row; of a first row the partition alone', () => {
  const ranked = (columns: string, condition: string): string => (
    `SELECT ${columns} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY device ORDER BY i) AS rn FROM t) WHERE ${condition}`
  );
  assert.is(key(ranked('device, i, rn', 'rn <= 3')), 'device, rn');
  assert.is(key(ranked('device, i', 'rn <= 3')), 'none');
  assert.is(key(ranked('device, i', 'rn = 1')), 'device');
  assert.is(changes(ranked('device', 'rn = 1')), 'updating');
});

test('the first row in time stays, the last one changes', () => {
  const by = (order: string): string => `SELECT device FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY device ORDER BY ${order}) AS rn FROM t) WHERE rn = 1`;
  assert.is(changes(by('rt')), 'append');
  assert.is(changes(by('pt')), 'append');
  assert.is(changes(by('rt DESC')), 'updating');
});

test('what is ordered, limited or computed over changes only with its input', () => {
  assert.is(changes('SELECT i FROM t LIMIT 3'), 'append');
  assert.is(changes('SELECT i FROM t ORDER BY i LIMIT 3'), 'updating');
  assert.is(changes('SELECT i FROM t ORDER BY rt'), 'append');
  assert.is(changes('SELECT SUM(i) OVER (ORDER BY rt) FROM t'), 'append');
  assert.is(changes('SELECT c FROM totals LIMIT 3'), 'updating');
  assert.is(changes('SELECT i FROM t UNION ALL SELECT id FROM p'), 'append');
  assert.is(changes('SELECT device FROM t UNION ALL SELECT device FROM totals'), 'updating');
});

test.run();
