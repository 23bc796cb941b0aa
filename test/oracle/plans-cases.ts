/** Queries whose columns, operators and changelog modes Flink's planner is asked for. */

const FIELDS = 'k STRING, g STRING NOT NULL, i INT, n INT NOT NULL, v DOUBLE, ok BOOLEAN, ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), '
  + "WATERMARK FOR rt AS rt - INTERVAL '2' SECOND";
const at = (format: string): string => `WITH ('connector' = 'filesystem', 'path' = '/nowhere', 'format' = '${format}')`;

/** a, b: streams; u: a stream without a time; p: append-only with a primary key; r: a versioned table (changes, key, event time). */
export const SETUP: readonly string[] = [
  `CREATE TABLE a (${FIELDS}) ${at('json')}`,
  `CREATE TABLE b (${FIELDS}) ${at('json')}`,
  `CREATE TABLE u (k STRING, i INT, tm TIMESTAMP(3)) ${at('json')}`,
  `CREATE TABLE p (id INT, k STRING, v DOUBLE, PRIMARY KEY (id) NOT ENFORCED) ${at('json')}`,
  `CREATE TABLE r (k STRING, rate DOUBLE, ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt, PRIMARY KEY (k) NOT ENFORCED) ${at('debezium-json')}`,
  'CREATE VIEW latest AS SELECT k, i, rt FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY rt DESC) AS rn FROM b) WHERE rn = 1',
  "CREATE VIEW minutes AS SELECT k, window_start AS s, window_end AS e, window_time AS t, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY k, window_start, window_end, window_time",
];

const tvf = (call: string): string => `TABLE(${call})`;
const TUMBLE = tvf("TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE)");
const TUMBLE_B = tvf("TUMBLE(TABLE b, DESCRIPTOR(rt), INTERVAL '1' MINUTE)");
const W = 'window_start, window_end';
const WINDOWS: readonly string[] = [
  "HOP(TABLE a, DESCRIPTOR(rt), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)", "HOP(TABLE a, DESCRIPTOR(rt), INTERVAL '7' SECOND, INTERVAL '1' MINUTE)",
  "HOP(TABLE a, DESCRIPTOR(rt), INTERVAL '2' MINUTE, INTERVAL '1' MINUTE)", "HOP(TABLE a, DESCRIPTOR(rt), INTERVAL '10' SECOND, INTERVAL '1' MINUTE, INTERVAL '3' SECOND)",
  "CUMULATE(TABLE a, DESCRIPTOR(rt), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)", "CUMULATE(TABLE a, DESCRIPTOR(rt), INTERVAL '7' SECOND, INTERVAL '1' MINUTE)",
  "SESSION(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE)", "SESSION(TABLE a PARTITION BY k, DESCRIPTOR(rt), INTERVAL '1' MINUTE)",
  "SESSION(TABLE a PARTITION BY (k, g), DESCRIPTOR(rt), INTERVAL '1' MINUTE)", "SESSION(DATA => TABLE a PARTITION BY k, TIMECOL => DESCRIPTOR(rt), GAP => INTERVAL '1' MINUTE)",
  "HOP(DATA => TABLE a, TIMECOL => DESCRIPTOR(rt), SLIDE => INTERVAL '10' SECOND, SIZE => INTERVAL '1' MINUTE)",
  "CUMULATE(DATA => TABLE a, TIMECOL => DESCRIPTOR(rt), STEP => INTERVAL '10' SECOND, SIZE => INTERVAL '1' MINUTE)",
  "HOP(TABLE a, DESCRIPTOR(rt), INTERVAL '0' SECOND, INTERVAL '1' MINUTE)", "SESSION(TABLE a, DESCRIPTOR(rt), INTERVAL '0' SECOND)",
  "TUMBLE(TABLE a, DESCRIPTOR(pt), INTERVAL '1' MINUTE)", "HOP(TABLE a PARTITION BY k, DESCRIPTOR(rt), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)",
];

const windowQueries: readonly string[] = [
  ...WINDOWS.map((call) => `SELECT k, ${W}, COUNT(*) AS c FROM ${tvf(call)} GROUP BY k, ${W}`),
  `SELECT k, i, rt, window_start, window_end, window_time FROM ${TUMBLE}`, `SELECT * FROM ${tvf(WINDOWS[7] as string)}`,
  `SELECT k, COUNT(*) AS c FROM ${TUMBLE} GROUP BY k, window_start`, `SELECT k, COUNT(*) AS c FROM ${TUMBLE} GROUP BY k`,
  `SELECT ${W}, COUNT(*) AS c FROM ${tvf(WINDOWS[7] as string)} GROUP BY ${W}`,
  `SELECT k, g, ${W}, COUNT(*) AS c FROM ${tvf(WINDOWS[7] as string)} GROUP BY k, g, ${W}`,
  `SELECT DISTINCT k, ${W} FROM ${TUMBLE}`, `SELECT ${W}, COUNT(DISTINCT k) AS c FROM ${TUMBLE} GROUP BY ${W}`,
  `SELECT k, ${W}, COUNT(*) AS c FROM ${TUMBLE} WHERE i > 3 GROUP BY k, ${W}`,
  `SELECT k, ${W}, COUNT(*) AS c FROM ${TUMBLE} WHERE window_start > TIMESTAMP '2020-01-01 00:00:00' GROUP BY k, ${W}`,
  `SELECT k, MAX(window_end) AS m, COUNT(*) AS c FROM ${TUMBLE} GROUP BY k, ${W}`,
  `SELECT k, ${W}, COUNT(*) AS c FROM (SELECT UPPER(k) AS k, ${W} FROM ${TUMBLE} WHERE i > 0) GROUP BY k, ${W}`,
  `SELECT ${W}, MAX(c) AS m FROM (SELECT k, ${W}, COUNT(*) AS c FROM ${TUMBLE} GROUP BY k, ${W}) GROUP BY ${W}`,
  `SELECT ${W}, MAX(c) AS m FROM (SELECT k, ${W}, COUNT(*) AS c FROM ${tvf(WINDOWS[0] as string)} GROUP BY k, ${W}) WHERE c > 1 GROUP BY ${W}`,
  `SELECT window_start, window_end, SUM(c) AS total FROM ${tvf("TUMBLE(TABLE minutes, DESCRIPTOR(t), INTERVAL '1' HOUR)")} GROUP BY ${W}`,
  `SELECT k, t, c FROM minutes`, 'SELECT s, e, SUM(c) AS c FROM minutes GROUP BY s, e', 'SELECT k, SUM(c) AS c FROM minutes GROUP BY k',
  `SELECT k, g, ${W}, COUNT(*) AS c FROM ${TUMBLE} GROUP BY ${W}, GROUPING SETS ((k, g), (k), ())`,
  `SELECT k, g, ${W}, GROUPING_ID(k, g) AS id, SUM(n) AS c FROM ${TUMBLE} GROUP BY ${W}, ROLLUP (k, g)`,
  `SELECT COUNT(*) AS c FROM ${TUMBLE}`, `SELECT k, ${W}, window_time, COUNT(*) AS c FROM ${TUMBLE} GROUP BY k, ${W}`,
];

const groupQueries: readonly string[] = [
  'SELECT k, COUNT(*) AS c FROM a GROUP BY k', 'SELECT COUNT(*) AS c, SUM(n) AS s, MAX(n) AS m FROM a', 'SELECT g, SUM(n) AS s FROM a GROUP BY g HAVING COUNT(*) > 1',
  'SELECT DISTINCT k, g FROM a', 'SELECT DISTINCT k, c FROM (SELECT k, COUNT(*) AS c FROM a GROUP BY k)', 'SELECT DISTINCT g FROM a WHERE n > 0', 'SELECT COUNT(DISTINCT k) AS c FROM a', 'SELECT g, SUM(DISTINCT n) AS s, COUNT(DISTINCT i) FILTER (WHERE ok) AS c FROM a GROUP BY g',
  'SELECT c, COUNT(*) AS n FROM (SELECT k, COUNT(*) AS c FROM a GROUP BY k) GROUP BY c', 'SELECT k FROM a GROUP BY k', 'SELECT UPPER(k) AS k, COUNT(*) AS c FROM a GROUP BY UPPER(k)',
  'SELECT k, g, COUNT(*) AS c, SUM(n) AS s, MAX(k) AS m FROM a GROUP BY ROLLUP (k, g)', 'SELECT k, g, n, GROUPING(k) AS gk, GROUPING_ID(k, g, n) AS id FROM a GROUP BY CUBE (k, g, n)',
  'SELECT g, GROUPING(g) AS x, COUNT(*) AS c FROM a GROUP BY GROUPING SETS ((g), ())', 'SELECT g, n, COUNT(*) AS c FROM a GROUP BY GROUPING SETS ((g, n), (g))', 'SELECT g, n, SUM(n) AS s FROM a GROUP BY g, ROLLUP (n)',
  'SELECT g, COUNT(*) FROM a GROUP BY g, g', 'SELECT i + 1 AS x, COUNT(*) AS c FROM a GROUP BY i + 1', 'SELECT i + 1 AS x, COUNT(*) AS c FROM a GROUP BY x', 'SELECT i + 2 AS x, COUNT(*) AS c FROM a GROUP BY i', 'SELECT k, COUNT(*) AS c FROM a GROUP BY 1',
  'SELECT rt, COUNT(*) AS c FROM a GROUP BY rt', 'SELECT k, MAX(rt) AS m FROM a GROUP BY k', 'SELECT COUNT(*) AS c FROM a HAVING COUNT(*) > 1', 'SELECT k, g, COUNT(*) AS c FROM a GROUP BY (k, g)', 'SELECT COUNT(*) AS c FROM a GROUP BY ()',
];

const setQueries: readonly string[] = [
  'SELECT k, i FROM a UNION ALL SELECT k, i FROM b', 'SELECT k, n FROM a UNION SELECT k, i FROM b', 'SELECT n FROM a UNION ALL SELECT v FROM b', 'SELECT n, rt FROM a UNION ALL SELECT n, rt FROM b',
  'SELECT g FROM a UNION ALL SELECT k FROM b', "SELECT g FROM a UNION ALL SELECT 'xyz' FROM b", 'SELECT n FROM a UNION ALL SELECT k FROM b', 'SELECT n, i FROM a UNION ALL SELECT n FROM b', 'SELECT rt FROM a UNION ALL SELECT tm FROM u',
  'SELECT k FROM a INTERSECT SELECT k FROM b', 'SELECT k FROM a EXCEPT SELECT k FROM b', 'SELECT g FROM a INTERSECT ALL SELECT g FROM b', 'SELECT n FROM a UNION ALL SELECT n FROM b UNION SELECT n FROM a',
  'SELECT n FROM a UNION ALL SELECT n FROM b INTERSECT SELECT n FROM a', '(SELECT n FROM a) UNION ALL (SELECT n FROM b)', 'SELECT g, n FROM a UNION ALL SELECT g, COUNT(*) FROM b GROUP BY g', "VALUES (1, 'a'), (2, 'bcd')", 'VALUES (1, 2.5), (2, 3)',
  "SELECT x, y FROM (VALUES (1, 'a'), (CAST(NULL AS INT), 'b')) AS t(x, y)", "SELECT * FROM (VALUES (1, 'a'))", 'WITH q AS (SELECT k FROM a), w(x) AS (SELECT k FROM q) SELECT x FROM w',
];

const joinQueries: readonly string[] = [
  'SELECT a.k, b.n FROM a JOIN b ON a.k = b.k', 'SELECT a.k, b.n FROM a, b WHERE a.k = b.k', 'SELECT a.n, b.n FROM a LEFT JOIN b ON a.k = b.k', 'SELECT a.n, b.n AS bn FROM a RIGHT JOIN b ON a.k = b.k',
  'SELECT a.n, b.n AS bn FROM a FULL OUTER JOIN b ON a.k = b.k', 'SELECT a.n, b.n AS bn FROM a FULL JOIN b USING (k)', 'SELECT k, a.n FROM a JOIN b USING (k)', 'SELECT k FROM a LEFT JOIN b USING (k)', 'SELECT * FROM u JOIN p USING (k)', 'SELECT * FROM u NATURAL JOIN p',
  'SELECT a.n FROM a CROSS JOIN b', 'SELECT a.n FROM a JOIN b ON a.n < b.n', 'SELECT a.n FROM a JOIN b ON a.k = b.k AND a.n < b.n', 'SELECT a.n FROM a LEFT JOIN b ON a.k = b.k AND a.n > 3 AND b.n > 3',
  'SELECT a.n FROM a JOIN b ON UPPER(a.k) = b.g', 'SELECT a.n FROM a JOIN b ON a.n = b.ts', 'SELECT a.rt, b.n FROM a JOIN b ON a.k = b.k', 'SELECT * FROM a JOIN b ON a.k = b.k', 'SELECT k FROM a JOIN b ON a.k = b.k',
  'SELECT x.n, y.n AS m FROM a AS x JOIN a AS y ON x.k = y.k', 'SELECT p.v, q.v AS w FROM p JOIN p AS q ON p.id = q.id', 'SELECT a.n, p.v FROM a JOIN p ON a.i = p.id', 'SELECT a.n, p.v FROM a LEFT JOIN p ON a.i = p.id',
  'SELECT a.n FROM a LEFT JOIN b ON a.k = b.k WHERE b.n > 3', 'SELECT b.n AS bn FROM a LEFT JOIN b ON a.k = b.k WHERE b.n > 3', 'SELECT a.n FROM a LEFT JOIN b ON a.k = b.k WHERE b.n IS NULL', 'SELECT a.n FROM a LEFT JOIN b ON a.k = b.k WHERE a.n > 3', 'SELECT a.n FROM a, b, p WHERE a.k = b.k AND b.i = p.id AND p.v > 3',
  'SELECT a.n FROM a JOIN b ON a.k = b.k JOIN p ON b.i = p.id', 'SELECT a.n FROM a JOIN (SELECT k, COUNT(*) AS c FROM b GROUP BY k) AS c ON a.k = c.k',
  // in time
  "SELECT a.n, b.n AS bn, a.rt, b.rt AS brt FROM a JOIN b ON a.k = b.k AND a.rt BETWEEN b.rt - INTERVAL '5' SECOND AND b.rt + INTERVAL '1' MINUTE", "SELECT a.n FROM a, b WHERE a.k = b.k AND a.rt BETWEEN b.rt - INTERVAL '5' SECOND AND b.rt",
  "SELECT a.n, b.n AS bn, a.rt, b.rt AS brt FROM a LEFT JOIN b ON a.k = b.k AND b.rt >= a.rt AND b.rt < a.rt + INTERVAL '5' SECOND", "SELECT a.n, b.n AS bn FROM a FULL JOIN b ON a.k = b.k AND a.rt > b.rt AND a.rt - INTERVAL '5' SECOND < b.rt AND a.n <> b.n",
  "SELECT a.n FROM a JOIN b ON a.rt BETWEEN b.rt AND b.rt + INTERVAL '1' SECOND", 'SELECT a.n FROM a JOIN b ON a.k = b.k AND a.rt = b.rt', 'SELECT a.n FROM a JOIN b ON a.k = b.k AND a.rt > b.rt', "SELECT a.n FROM a JOIN b ON a.k = b.k AND a.pt BETWEEN b.pt AND b.pt + INTERVAL '1' SECOND",
  `SELECT l.n, r.n AS m, l.window_start, l.window_end FROM (SELECT * FROM ${TUMBLE}) AS l JOIN (SELECT * FROM ${TUMBLE_B}) AS r ON l.k = r.k AND l.window_start = r.window_start AND l.window_end = r.window_end`,
  `SELECT l.n, r.n AS m FROM (SELECT * FROM ${TUMBLE}) AS l FULL JOIN (SELECT * FROM ${TUMBLE_B}) AS r ON l.k = r.k AND l.window_start = r.window_start AND l.window_end = r.window_end`,
  `SELECT l.n FROM ${TUMBLE} AS l JOIN ${TUMBLE_B} AS r ON l.window_start = r.window_start AND l.window_end = r.window_end AND l.k = r.k`,
  `SELECT * FROM (SELECT * FROM ${TUMBLE}) AS l WHERE l.k IN (SELECT k FROM (SELECT * FROM ${TUMBLE_B}) AS r WHERE l.window_start = r.window_start AND l.window_end = r.window_end)`,
  `SELECT * FROM (SELECT * FROM ${TUMBLE}) AS l WHERE NOT EXISTS (SELECT * FROM (SELECT * FROM ${TUMBLE_B}) AS r WHERE l.k = r.k AND l.window_start = r.window_start AND l.window_end = r.window_end)`,
  `SELECT l.n FROM (SELECT * FROM ${TUMBLE}) AS l JOIN (SELECT * FROM ${TUMBLE_B}) AS r ON l.window_start = r.window_start AND l.window_end = r.window_end`, `SELECT l.n FROM (SELECT * FROM ${TUMBLE}) AS l JOIN (SELECT * FROM ${TUMBLE_B}) AS r ON l.k = r.k AND l.window_start = r.window_start`,
  `SELECT a.n FROM (SELECT * FROM ${TUMBLE}) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(rt), INTERVAL '2' MINUTE))) AS b ON a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end`,
  'SELECT a.n, r.rate, a.rt FROM a JOIN r FOR SYSTEM_TIME AS OF a.rt ON a.k = r.k', 'SELECT a.n, r.rate FROM a LEFT JOIN r FOR SYSTEM_TIME AS OF a.rt AS r ON a.k = r.k', 'SELECT a.n, v.i FROM a JOIN latest FOR SYSTEM_TIME AS OF a.rt AS v ON a.k = v.k', 'SELECT a.n, r.rate FROM a JOIN r FOR SYSTEM_TIME AS OF a.rt ON a.g = r.k AND a.v > r.rate',
  'SELECT a.n FROM a JOIN r FOR SYSTEM_TIME AS OF a.rt ON a.v = r.rate', 'SELECT a.n FROM a JOIN b FOR SYSTEM_TIME AS OF a.rt ON a.k = b.k', 'SELECT a.n FROM a RIGHT JOIN r FOR SYSTEM_TIME AS OF a.rt ON a.k = r.k', 'SELECT a.n FROM a JOIN p FOR SYSTEM_TIME AS OF a.pt ON a.k = p.k',
  // semi and anti
  'SELECT n FROM a WHERE k IN (SELECT k FROM b)', 'SELECT n FROM a WHERE k NOT IN (SELECT k FROM b)', 'SELECT n FROM a WHERE n NOT IN (SELECT n FROM b)', 'SELECT n FROM a WHERE (k, n) IN (SELECT k, n FROM b)', 'SELECT n FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k)', 'SELECT n FROM a WHERE NOT EXISTS (SELECT * FROM b WHERE b.k = a.k AND b.n > a.n)',
  'SELECT n FROM a WHERE n > 3 AND k IN (SELECT k FROM b WHERE n > 3)', 'SELECT n FROM a WHERE n > 3 OR k IN (SELECT k FROM b)', 'SELECT n FROM a WHERE EXISTS (SELECT 1 FROM b)', 'SELECT n FROM a WHERE k IN (SELECT k FROM b GROUP BY k HAVING COUNT(*) > 1)', 'SELECT n FROM a WHERE n = (SELECT MAX(n) FROM b)', 'SELECT n, k IN (SELECT k FROM b) AS x FROM a', 'SELECT n FROM a WHERE k IN (SELECT k, n FROM b)',
  'SELECT n FROM a WHERE k IN (SELECT k FROM b WHERE b.n = a.n)', "SELECT k, rt FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND b.rt BETWEEN a.rt AND a.rt + INTERVAL '1' MINUTE)",
];

const rankQueries: readonly string[] = [
  'SELECT * FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n DESC) AS rn FROM a) WHERE rn <= 3', 'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n DESC) AS rn FROM a) WHERE rn <= 3', 'SELECT k FROM (SELECT k, RANK() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn < 3', 'SELECT k FROM (SELECT k, DENSE_RANK() OVER (ORDER BY n) AS rn FROM a) WHERE 3 >= rn',
  'SELECT k FROM (SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn BETWEEN 2 AND 4', 'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn = 1', 'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn <= 3 AND n > 5', 'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn = 2', 'SELECT k, n, rn FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n NULLS LAST) AS rn FROM a) WHERE rn = 1',
  'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY rt DESC) AS rn FROM a) WHERE rn = 1', 'SELECT k, n, rt FROM (SELECT k, n, rt, ROW_NUMBER() OVER (PARTITION BY k ORDER BY rt) AS rn FROM a) WHERE rn = 1', 'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY pt DESC) AS rn FROM a) WHERE rn = 1', 'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY pt) AS rn FROM a) WHERE rn = 1', 'SELECT k, n, rn FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY pt) AS rn FROM a) WHERE rn = 1',
  'SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY rt DESC) AS rn FROM a) WHERE rn <= 2', 'SELECT k, c FROM (SELECT k, c, ROW_NUMBER() OVER (ORDER BY c DESC) AS rn FROM (SELECT k, COUNT(*) AS c FROM a GROUP BY k)) WHERE rn <= 5', 'SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a', 'SELECT k FROM (SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn > 3', 'SELECT k FROM (SELECT k, i, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn <= i',
  `SELECT k, c, ${W} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${W} ORDER BY c DESC) AS rn FROM (SELECT k, ${W}, COUNT(*) AS c FROM ${TUMBLE} GROUP BY k, ${W})) WHERE rn <= 3`, `SELECT k, n, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${W}, k ORDER BY n DESC) AS rn FROM ${TUMBLE}) WHERE rn <= 3`, `SELECT k, n, window_time FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${W}, k ORDER BY rt DESC) AS rn FROM ${TUMBLE}) WHERE rn = 1`,
  `SELECT k, n FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${W}, k ORDER BY rt) AS rn FROM ${TUMBLE}) WHERE rn <= 1`, `SELECT k, n FROM (SELECT *, RANK() OVER (PARTITION BY ${W}, k ORDER BY n) AS rn FROM ${TUMBLE}) WHERE rn <= 2`, `SELECT k, n FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_end, k ORDER BY n) AS rn FROM ${TUMBLE}) WHERE rn <= 2`,
  'SELECT k, n FROM a ORDER BY n DESC LIMIT 3', 'SELECT k, n FROM a ORDER BY n DESC LIMIT 3 OFFSET 2', 'SELECT k, n FROM a ORDER BY n OFFSET 2 ROWS FETCH NEXT 5 ROWS ONLY', 'SELECT k FROM a LIMIT 3', 'SELECT k FROM a OFFSET 3', 'SELECT k FROM a LIMIT 3 OFFSET 2', 'SELECT k, n FROM a ORDER BY n', 'SELECT k, rt FROM a ORDER BY rt', 'SELECT k, rt FROM a ORDER BY rt, n DESC', 'SELECT k, rt FROM a ORDER BY rt DESC', 'SELECT k FROM a ORDER BY pt', 'SELECT k AS x FROM a ORDER BY x LIMIT 1', 'SELECT k FROM a ORDER BY n + 1 LIMIT 1', 'SELECT k, COUNT(*) AS c FROM a GROUP BY k ORDER BY COUNT(*) DESC LIMIT 2', 'SELECT k, n FROM a ORDER BY 2 LIMIT 1', 'SELECT k, n FROM a ORDER BY rt LIMIT 3',
  'SELECT k, n FROM a FETCH FIRST 3 ROWS ONLY', 'SELECT k, n FROM a FETCH FIRST ROW ONLY', 'SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a QUALIFY rn <= 3', 'SELECT k, n FROM a QUALIFY ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) = 1', 'SELECT TOP FROM a',
];

const overQueries: readonly string[] = [
  'SELECT k, SUM(n) OVER (PARTITION BY k ORDER BY rt ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM a', "SELECT k, SUM(n) OVER (PARTITION BY k ORDER BY rt RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW) AS s, rt FROM a", 'SELECT k, COUNT(*) OVER (PARTITION BY k ORDER BY rt) AS c FROM a', 'SELECT SUM(n) OVER (ORDER BY rt ROWS UNBOUNDED PRECEDING) AS s FROM a', 'SELECT SUM(n) OVER (PARTITION BY UPPER(k) ORDER BY pt ROWS 3 PRECEDING) AS s FROM a', 'SELECT SUM(n) OVER w AS s, COUNT(*) OVER w AS c, AVG(n) OVER w + 1 AS m FROM a WINDOW w AS (PARTITION BY k ORDER BY rt ROWS BETWEEN 5 PRECEDING AND CURRENT ROW)', 'SELECT SUM(n) OVER (PARTITION BY k ORDER BY rt) AS s, SUM(n) OVER (PARTITION BY g ORDER BY rt) AS t FROM a', 'SELECT SUM(n) OVER (PARTITION BY k ORDER BY rt ROWS 3 PRECEDING) AS s, SUM(n) OVER (PARTITION BY k ORDER BY rt) AS t FROM a', 'SELECT SUM(n) OVER (PARTITION BY k) AS s FROM a', 'SELECT SUM(n) OVER (PARTITION BY k ORDER BY n) AS s FROM a', 'SELECT SUM(n) OVER (PARTITION BY k ORDER BY rt DESC) AS s FROM a', 'SELECT SUM(n) OVER (PARTITION BY k ORDER BY rt ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING) AS s FROM a', 'SELECT SUM(n) OVER (PARTITION BY k ORDER BY rt ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS s FROM a',
  'SELECT k, LAG(n) OVER (PARTITION BY k ORDER BY rt) AS p FROM a', 'SELECT k, LAG(n, 2, 0) OVER (PARTITION BY k ORDER BY rt) AS p FROM a', 'SELECT k, LEAD(n) OVER (PARTITION BY k ORDER BY rt) AS p FROM a', 'SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY rt) AS rn, rt FROM a', 'SELECT k, RANK() OVER (PARTITION BY k ORDER BY rt) AS rn FROM a', 'SELECT k, DENSE_RANK() OVER (PARTITION BY k ORDER BY pt) AS rn FROM a', 'SELECT FIRST_VALUE(n) OVER (PARTITION BY k ORDER BY rt) AS f, LAST_VALUE(i) OVER (PARTITION BY k ORDER BY rt) AS l FROM a', 'SELECT COUNT(DISTINCT n) OVER (PARTITION BY k ORDER BY rt ROWS 3 PRECEDING) AS c FROM a', 'SELECT SUM(i) FILTER (WHERE ok) OVER (PARTITION BY k ORDER BY rt) AS c FROM a', 'SELECT k, SUM(COUNT(*)) OVER (ORDER BY window_time) AS s FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL \'1\' MINUTE)) GROUP BY k, window_start, window_end, window_time', 'SELECT NTILE(3) OVER (PARTITION BY k ORDER BY rt) AS x FROM a', 'SELECT PERCENT_RANK() OVER (PARTITION BY k ORDER BY rt) AS x FROM a', 'SELECT MIN(n) OVER (PARTITION BY k ORDER BY rt ROWS 3 PRECEDING) AS x, STDDEV_POP(v) OVER (PARTITION BY k ORDER BY rt ROWS 3 PRECEDING) AS y FROM a', 'SELECT n FROM a WHERE SUM(n) OVER (PARTITION BY k ORDER BY rt) > 3', 'SELECT SUM(n) OVER w AS s FROM a', "SELECT SUM(n) OVER (PARTITION BY k ORDER BY rt RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM a", 'SELECT * FROM (SELECT k, SUM(n) OVER (PARTITION BY k ORDER BY rt) AS s FROM a) WHERE s > 3', 'SELECT LAG(i) OVER (PARTITION BY k ORDER BY rt) AS p, SUM(n) OVER (PARTITION BY k ORDER BY rt ROWS 3 PRECEDING) AS s FROM a', 'SELECT SUM(n) OVER (PARTITION BY k ORDER BY rt ROWS 3 PRECEDING) AS s FROM (SELECT k, rt, COUNT(*) AS n FROM a GROUP BY k, rt)',
];

/** Time attributes: kept or lost. */
const timeQueries: readonly string[] = [
  'SELECT rt FROM (SELECT k, rt FROM a WHERE n > 0)', 'SELECT rt FROM (SELECT rt FROM a UNION ALL SELECT rt FROM b)', 'SELECT rt FROM (SELECT DISTINCT k, rt FROM a)', 'SELECT rt FROM (SELECT k, rt, COUNT(*) AS c FROM a GROUP BY k, rt)', 'SELECT rt FROM (SELECT rt FROM a LIMIT 3)', 'SELECT rt FROM (SELECT a.rt FROM a JOIN b ON a.k = b.k)', 'SELECT rt FROM (SELECT a.rt FROM a LEFT JOIN b ON a.k = b.k)', 'SELECT rt FROM a WHERE k IN (SELECT k FROM b)', 'SELECT rt FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM a) WHERE rn <= 3', 'SELECT rt FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY rt DESC) AS rn FROM a) WHERE rn = 1', 'SELECT rt FROM (SELECT *, SUM(n) OVER (PARTITION BY k ORDER BY rt) AS s FROM a)', 'SELECT COALESCE(rt, rt) AS rt FROM a', 'SELECT CAST(rt AS TIMESTAMP(3)) AS rt FROM a', 'SELECT CASE WHEN n > 0 THEN rt END AS rt FROM a',
  "SELECT window_time FROM (SELECT l.window_time FROM (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(rt), INTERVAL '1' MINUTE))) AS l JOIN (SELECT * FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(rt), INTERVAL '1' MINUTE))) AS r ON l.k = r.k AND l.window_start = r.window_start AND l.window_end = r.window_end)", 'SELECT * FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(t), INTERVAL \'1\' HOUR))', "SELECT a.rt, r.rt AS vrt FROM a JOIN r FOR SYSTEM_TIME AS OF a.rt ON a.k = r.k",
  "SELECT window_start, window_end, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE latest, DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end", "SELECT k, window_start, window_end, COUNT(*) AS c FROM TABLE(TUMBLE((SELECT k, rt FROM a WHERE n > 3), DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY k, window_start, window_end", "SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE((SELECT a.rt FROM a JOIN b ON a.k = b.k), DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
];

export const PLANS: readonly string[] = [...windowQueries, ...groupQueries, ...setQueries, ...joinQueries, ...rankQueries, ...overQueries, ...timeQueries];
