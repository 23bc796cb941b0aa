/** Expressions whose result types Flink is asked for: over the columns of one table that has every type, nullable and not. */

const COLUMNS: Readonly<Record<string, string>> = {
  b: 'BOOLEAN', ti: 'TINYINT', si: 'SMALLINT', i: 'INT', bi: 'BIGINT', f: 'FLOAT', d: 'DOUBLE',
  dec10: 'DECIMAL(10, 2)', dec18: 'DECIMAL(18, 4)', dec38: 'DECIMAL(38, 10)',
  s: 'STRING', vc: 'VARCHAR(5)', ch: 'CHAR(3)', ts: 'TIMESTAMP(3)', ltz: 'TIMESTAMP_LTZ(3)', dt: 'DATE', tm: 'TIME',
  r: 'ROW<a INT, b ROW<c STRING>>', bin: 'BYTES', ts6: 'TIMESTAMP(6)', ltz0: 'TIMESTAMP_LTZ(0)',
  rn: 'ROW<a INT NOT NULL, b ROW<c STRING NOT NULL> NOT NULL>',
};

/** CREATE TABLE of t: each column twice, the second NOT NULL with an n before its name; rt is the event time. */
export const TABLE: string = `CREATE TABLE t (\n${Object.entries(COLUMNS)
  .map(([name, type]) => `  ${name} ${type}, n${name} ${type} NOT NULL`).join(',\n')},
  rt AS TO_TIMESTAMP_LTZ(bi, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '1' SECOND\n)`;

const NUMBERS = ['ti', 'si', 'i', 'bi', 'f', 'd', 'dec10', 'dec18', 'dec38'];
const TEXTS = ['s', 'vc', 'ch'];
const TIMES = ['ts', 'ltz', 'dt', 'tm'];
const EVERY = ['b', ...NUMBERS, ...TEXTS, ...TIMES, 'r', 'bin'];
const LITERALS = [
  '1', '0', '127', '128', '2147483647', '2147483648', '-2147483648', '9223372036854775807', '9223372036854775808', '1.5', '1.0', '0.001', '100.25',
  '.5', '5.', '1e3', '1E-2', '1.5e3', "'x'", "''", "'xyz'", 'TRUE', 'FALSE', 'UNKNOWN', 'NULL', "DATE '2020-01-01'", "TIME '10:00:00'",
  "TIMESTAMP '2020-01-01 00:00:00'", "TIMESTAMP '2020-01-01 00:00:00.123'", "TIMESTAMP '2020-01-01 00:00:00.123456'",
  "TIMESTAMP_LTZ '2020-01-01 00:00:00'", "INTERVAL '1' SECOND", "INTERVAL '1.5' SECOND", "INTERVAL '1' MINUTE", "INTERVAL '1' HOUR", "INTERVAL '1' DAY",
  "INTERVAL '1' MONTH", "INTERVAL '1' YEAR", "INTERVAL '1 02:03:04' DAY TO SECOND", "X'4142'", "U&'\\00e9'", "_UTF8'x'", '-1', '+1', '- 1.50', '12345678901234567890123456789012345678', '123456789012345678901234567890123456789',
];

const pairs = (names: readonly string[], others: readonly string[], form: (left: string, right: string) => string): string[] =>
  names.flatMap((left) => others.map((right) => form(left, right)));
const each = (names: readonly string[], ...forms: ((name: string) => string)[]): string[] => forms.flatMap((form) => names.map(form));

const ARITHMETIC = [
  ...['+', '-', '*', '/', '%'].flatMap((operator) => pairs(NUMBERS, NUMBERS, (left, right) => `${left} ${operator} ${right}`)),
  ...['+', '-', '*', '/', '%'].flatMap((operator) => [`ni ${operator} ni`, `ni ${operator} i`, `ndec10 ${operator} ndec10`, `nd ${operator} nbi`]),
  ...['+', '-', '*', '/', '%'].flatMap((operator) => each(NUMBERS, (name) => `${name} ${operator} 2`, (name) => `${name} ${operator} 2.5`)),
  ...each(NUMBERS, (name) => `-${name}`, (name) => `+${name}`, (name) => `MOD(${name}, 3)`, (name) => `-n${name}`),
  'd * 1e0', 'i * 1e0', 'i + 2147483648', '1 + 1', '1 / 2', '1.0 / 3', '1.5 * 2', '2147483647 + 1', '1 + 2147483648', '1e3 + 1', 'i + s', 's + i', 's * 2', 's / s', '1 + NULL', 'i + NULL', 'i + b',
  'dec10 * dec10 * dec10', 'dec18 / dec18 / dec18', 'dec38 * dec38', 'dec10 + i * 2.50', 'i - i / 2', 'MOD(i, bi)', 'MOD(dec10, i)', 'MOD(i, dec10)', 'MOD(d, d)', 'MOD(ti, si)', 'MOD(ni, nbi)',
];

const COMPARISONS = [
  ...pairs(['b', 'i', 'd', 'dec10', 's', 'ch', 'ts', 'ltz', 'dt', 'tm', 'r', 'bin'], ['b', 'i', 'd', 'dec10', 's', 'ch', 'ts', 'ltz', 'dt', 'tm', 'r', 'bin'], (left, right) => `${left} = ${right}`),
  'i < d', 'ni < nd', 'ni <> ni', 's >= vc', 's < 1', "i > '1'", "ts < '2020-01-01'", "ltz < '2020-01-01 00:00:00'", "dt = '2020-01-01'", "tm = '10:00:00'", 'b < b', 'b = 1', 'r < r', 'i != bi', 'i = NULL', 'NULL = NULL',
  'b AND b', 'nb AND nb', 'nb OR b', 'NOT b', 'NOT nb', 'b AND NULL', 'i AND b', "s AND b", 'i IS NULL', 'i IS NOT NULL', 'b IS TRUE', 'b IS NOT FALSE', 'b IS UNKNOWN', 'i IS TRUE',
  'i IS DISTINCT FROM bi', 'i IS NOT DISTINCT FROM i', 'i BETWEEN 1 AND 2', 'ni BETWEEN 1 AND 2', 'i NOT BETWEEN bi AND d', "s BETWEEN 'a' AND 'b'", "i BETWEEN '1' AND '2'",
  'i IN (1, 2)', 'ni IN (1, 2)', 'i IN (1, NULL)', 'i IN (1, 2.5)', "i IN ('1')", "s IN ('a', 'bc')", 's IN (1)', 'i NOT IN (1)', 'd IN (1)', 'dec10 IN (1, 2)',
  "s LIKE 'a%'", "ns LIKE 'a%'", "s NOT LIKE 'a%'", "s LIKE 'a!%' ESCAPE '!'", "i LIKE '1'", 's LIKE vc', "s SIMILAR TO 'a'",
];

const COMMON = ['i', 'bi', 'f', 'd', 'dec10', 'dec18', 'dec38', 's', 'vc', 'ch', 'ts', 'ltz', 'dt', 'b'];
const CONDITIONAL = [
  ...pairs(COMMON, COMMON, (left, right) => `CASE WHEN b THEN ${left} ELSE ${right} END`),
  ...['COALESCE', 'NULLIF', 'IFNULL'].flatMap((name) => pairs(['i', 'd', 'dec10', 's'], ['ni', 'nbi', 'nd', 'dec18', 'nch'], (left, right) => `${name}(${left}, ${right})`)),
  ...pairs(['i', 'd', 'dec10', 's', 'ts'], ['ni', 'nbi', 'nd', 'dec18', 'nch', 'nts'], (left, right) => `IF(b, ${left}, ${right})`),
  'CASE WHEN b THEN i END', 'CASE WHEN b THEN ni END', 'CASE WHEN b THEN ni ELSE ni END', 'CASE WHEN b THEN 1 ELSE NULL END', "CASE WHEN b THEN 'a' ELSE 'bcd' END", "CASE WHEN b THEN 'a' WHEN nb THEN 'bcd' END",
  'CASE i WHEN 1 THEN 1.5 WHEN 2 THEN 2 END', 'CASE WHEN b THEN 1 ELSE 2.5 END', 'CASE WHEN b THEN 1 ELSE 2147483648 END', "CASE WHEN b THEN 1 ELSE 'a' END", 'CASE WHEN b THEN NULL ELSE NULL END', "CASE s WHEN 1 THEN 'a' END",
  'CASE WHEN b THEN r ELSE r END', 'CASE WHEN i THEN 1 END', 'COALESCE(i, 1)', 'COALESCE(i, 1.5)', 'COALESCE(i, bi, ni)', 'COALESCE(i, NULL)', "COALESCE(s, 'none')", 'COALESCE(i, s)', "COALESCE(i, 'a')", 'COALESCE(NULL, NULL)', 'COALESCE(i)',
  'NULLIF(i, 0)', "NULLIF(s, '')", 'NULLIF(ni, ni)', 'NULLIF(nd, 0)', 'IFNULL(i, 0)', 'IFNULL(d, 0)', 'IFNULL(dec10, 0)', 'IF(b, 1, 2)', "IF(b, 'a', 'bcd')", 'IF(b, 1, NULL)', 'IF(b, 1, 2.5)', "IF(b, 1, 'a')",
  'GREATEST(i, bi)', 'LEAST(i, d)', 'GREATEST(ni, ni)',
];

const TARGETS = ['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DOUBLE PRECISION', 'DECIMAL', 'DEC(5)', 'NUMERIC(12, 3)', 'DECIMAL(38, 38)', 'STRING', 'VARCHAR', 'VARCHAR(3)', 'CHAR', 'CHAR(2)', 'TIMESTAMP', 'TIMESTAMP(0)',
  'TIMESTAMP(3)', 'TIMESTAMP(9)', 'TIMESTAMP_LTZ', 'TIMESTAMP_LTZ(3)', 'TIMESTAMP(3) WITH LOCAL TIME ZONE', 'DATE', 'TIME', 'TIME(3)', 'BYTES', 'VARBINARY(4)', 'BINARY(2)', 'ROW<x INT, y STRING>', 'DECIMAL(39, 0)', 'DECIMAL(5, 6)', 'TIMESTAMP(10)', 'REAL', 'INTERVAL DAY'];
const MATRIX = ['BOOLEAN', 'TINYINT', 'INT', 'BIGINT', 'DOUBLE', 'DECIMAL(10, 2)', 'STRING', 'CHAR(3)', 'TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)', 'DATE', 'TIME', 'BYTES'];
const CASTS = [
  ...TARGETS.flatMap((target) => [`CAST(s AS ${target})`, `CAST(ns AS ${target})`, `TRY_CAST(ns AS ${target})`]),
  ...EVERY.flatMap((name) => MATRIX.map((target) => `CAST(${name} AS ${target})`)),
  'CAST(r AS ROW<x INT, y ROW<z STRING>>)', 'CAST(NULL AS INT)', 'TRY_CAST(ni AS BIGINT)', 'CAST(1 AS INT)', "CAST('x' AS STRING)",
];

const FUNCTIONS = [
  ...each(TEXTS, ...['UPPER', 'LOWER', 'TRIM', 'LTRIM', 'RTRIM', 'CHAR_LENGTH', 'CHARACTER_LENGTH', 'INITCAP', 'REVERSE', 'ASCII'].map((name) => (column: string) => `${name}(${column})`)),
  ...each(['ns', 'nch', 'i'], ...['UPPER', 'TRIM', 'CHAR_LENGTH'].map((name) => (column: string) => `${name}(${column})`)),
  ...TEXTS.flatMap((name) => [`SUBSTRING(${name}, 2)`, `SUBSTRING(${name} FROM 2 FOR 2)`, `SUBSTR(${name}, 1, 2)`, `POSITION('a' IN ${name})`, `CONCAT(${name}, 'a')`, `${name} || 'a'`, `${name} || ${name}`, `REPLACE(${name}, 'a', 'b')`,
    `TRIM(LEADING 'x' FROM ${name})`, `TRIM(BOTH FROM ${name})`, `LEFT(${name}, 1)`, `RIGHT(${name}, 1)`, `LPAD(${name}, 5, 'x')`, `REPEAT(${name}, 2)`, `LOCATE('a', ${name})`, `INSTR(${name}, 'a')`, `SPLIT_INDEX(${name}, ',', 0)`, `REGEXP_REPLACE(${name}, 'a', 'b')`]),
  'SUBSTRING(ns, 2)', 'SUBSTRING(ns, ni, ni)', 'SUBSTRING(ns, i)', 'SUBSTRING(s, bi)', "POSITION('a' IN ns)", 'CONCAT(ns, nvc)', 'CONCAT(ns, i)', "CONCAT('a', 'b')", 'CONCAT(s)', 'ns || nvc', "'a' || 'bc'", 'nch || nch', 's || i', 'i || i', "REPLACE(ns, 'a', 'b')", 's || NULL',
  "CONCAT_WS(',', s, vc)", 'TRIM(i)', 'SUBSTRING(i, 1)', 'CHAR_LENGTH(1)', "UPPER('abc')",
  ...each([...NUMBERS, 'ni', 'nd', 'ndec10'], ...['ABS', 'FLOOR', 'CEIL', 'CEILING', 'ROUND', 'SIGN', 'SQRT', 'EXP', 'LN'].map((name) => (column: string) => `${name}(${column})`), (column) => `ROUND(${column}, 1)`, (column) => `ROUND(${column}, -1)`,
    (column) => `ROUND(${column}, i)`, (column) => `TRUNCATE(${column}, 1)`, (column) => `POWER(${column}, 2)`),
  'ROUND(2.345, 2)', 'ROUND(2.345)', 'FLOOR(2.5)', 'CEIL(-2.5)', 'ABS(-1)', 'ABS(-1.5)', 'ROUND(s)', 'ABS(s)', 'ROUND(dec38, 12)', 'ROUND(dec10, 5)', 'ROUND(dec38, -40)', 'PI()', 'LOG10(d)', 'LOG(d)', 'SIN(d)', 'ATAN2(d, d)',
];

const TEMPORAL = [
  'TO_TIMESTAMP_LTZ(bi, 3)', 'TO_TIMESTAMP_LTZ(nbi, 3)', 'TO_TIMESTAMP_LTZ(bi, 0)', 'TO_TIMESTAMP_LTZ(i, 0)', 'TO_TIMESTAMP_LTZ(ti, 3)', 'TO_TIMESTAMP_LTZ(d, 3)', 'TO_TIMESTAMP_LTZ(dec10, 3)', 'TO_TIMESTAMP_LTZ(bi, 6)', 'TO_TIMESTAMP_LTZ(bi, i)', 'TO_TIMESTAMP_LTZ(bi)', 'TO_TIMESTAMP_LTZ(s)', 'TO_TIMESTAMP_LTZ(s, 3)',
  "TO_TIMESTAMP_LTZ(s, 'yyyy-MM-dd')", "TO_TIMESTAMP_LTZ(s, 'yyyy-MM-dd', 'UTC')", 'TO_TIMESTAMP(s)', 'TO_TIMESTAMP(ns)', "TO_TIMESTAMP(s, 'yyyy-MM-dd HH:mm:ss')", 'TO_TIMESTAMP(bi)', 'TO_DATE(s)', "TO_DATE(s, 'yyyy')", 'TO_TIMESTAMP(vc)', 'TO_TIMESTAMP(ch)',
  ...each(['ts', 'ltz', 'dt', 'tm', 'nts', 'nltz', 'rt', 'ts6', 'ltz0'], (name) => `${name} + INTERVAL '1' SECOND`, (name) => `${name} - INTERVAL '1' DAY`, (name) => `${name} + INTERVAL '1' MONTH`, (name) => `FLOOR(${name} TO HOUR)`, (name) => `CEIL(${name} TO DAY)`,
    (name) => `EXTRACT(HOUR FROM ${name})`, (name) => `EXTRACT(DAY FROM ${name})`, (name) => `CAST(${name} AS STRING)`, (name) => `DATE_FORMAT(${name}, 'yyyy')`, (name) => `TIMESTAMPADD(SECOND, 1, ${name})`, (name) => `UNIX_TIMESTAMP(CAST(${name} AS STRING))`),
  "INTERVAL '1' SECOND + ts", "ts - INTERVAL '1.5' SECOND", 'ts - ts', 'ltz - ltz', 'TIMESTAMPDIFF(SECOND, ts, ts)', 'TIMESTAMPDIFF(SECOND, ts, ltz)', 'TIMESTAMPDIFF(DAY, dt, dt)', 'rt', 'pt', 'PROCTIME()', 'NOW()', 'CURRENT_TIMESTAMP', 'LOCALTIMESTAMP', 'CURRENT_DATE', 'CURRENT_TIME', 'CURRENT_ROW_TIMESTAMP()', 'CURRENT_WATERMARK(rt)',
  "i * INTERVAL '1' SECOND", "INTERVAL '1' SECOND * i", "INTERVAL '1' SECOND * 2", "INTERVAL '1' SECOND + INTERVAL '1' MINUTE", "- INTERVAL '1' SECOND", "INTERVAL '1' DAY + INTERVAL '1' MONTH", 'YEAR(ts)', 'HOUR(ltz)', 'DAYOFMONTH(dt)', 'FROM_UNIXTIME(bi)', "CONVERT_TZ(s, 'UTC', 'Asia/Tokyo')", 'UNIX_TIMESTAMP()', 'UNIX_TIMESTAMP(s)',
];

const ROWS = ['r', 'r.a', 'r.b', 'r.b.c', 'nr', 'nr.a', 'nr.b.c', 'rn.a', 'rn.b.c', 'nrn.a', 'nrn.b.c', 't.r.a', 't.i', 'ROW(i, s)', "ROW(1, 'a')", '(i, s)', 'r.z', 'R.A', 'r.A', 'zzz', 'I', '`i`', ...EVERY.map((name) => `n${name}`), 'ts6', 'ltz0'];

/** Select-list expressions over t. */
export const EXPRESSIONS: readonly string[] = [...new Set([...LITERALS, ...ROWS, ...ARITHMETIC, ...COMPARISONS, ...CONDITIONAL, ...CASTS, ...FUNCTIONS, ...TEMPORAL])];

/** Aggregate calls of `SELECT <sql> FROM t GROUP BY s` (grouped: true) or `SELECT <sql> FROM t`. */
export const AGGREGATES: readonly string[] = [
  ...['SUM', 'AVG', 'MIN', 'MAX', 'COUNT'].flatMap((name) => [...EVERY, ...EVERY.map((column) => `n${column}`), 'rt'].map((column) => `${name}(${column})`)),
  'COUNT(*)', 'COUNT(DISTINCT i)', 'SUM(DISTINCT ni)', 'SUM(1)', 'SUM(1.5)', 'AVG(1)', 'AVG(1.5)', 'MIN(1)', "MAX('x')", 'SUM(NULL)', 'COUNT(NULL)', 'SUM(i + 1)', 'SUM(i * 1.0)', 'SUM(CAST(i AS BIGINT))', 'AVG(CAST(ni AS DOUBLE))',
  'SUM(i) FILTER (WHERE b)', 'SUM(ni) FILTER (WHERE nb)', 'COUNT(*) FILTER (WHERE b)', 'AVG(ni) FILTER (WHERE nb)', 'MIN(ni) FILTER (WHERE nb)', 'SUM(ni) + 1', 'SUM(ni) / COUNT(*)', 'CAST(SUM(i) AS DOUBLE) / COUNT(*)', 'MAX(d) - MIN(d)', 'COUNT(i, bi)', 'SUM(i, bi)',
  'STDDEV_POP(d)', 'VAR_SAMP(i)', 'FIRST_VALUE(i)', 'LAST_VALUE(s)', 'LISTAGG(s)', 'COLLECT(i)', 'COUNT(r.a)', 'SUM(r.a)', 'MAX(nr.a)',
];

const TUMBLE = "TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' MINUTE))";
/** Whole queries; the types of all their columns are asked for. */
export const QUERIES: readonly string[] = [
  'SELECT * FROM t',
  `SELECT i, window_start, window_end, COUNT(*) AS n FROM ${TUMBLE} GROUP BY i, window_start, window_end`,
  `SELECT window_start, window_end, window_time, SUM(ni) AS total, AVG(d) AS mean FROM ${TUMBLE} GROUP BY window_start, window_end, window_time`,
  `SELECT * FROM ${TUMBLE}`,
  `SELECT ns, window_end, COUNT(*), MIN(ni), MAX(i), SUM(nd), AVG(ndec10) FROM ${TUMBLE} GROUP BY ns, window_start, window_end`,
  `SELECT ns, SUM(ni) FILTER (WHERE nb) AS part FROM ${TUMBLE} GROUP BY ns, window_start, window_end HAVING COUNT(*) > 1`,
  `SELECT window_start + INTERVAL '1' SECOND AS a, CAST(window_end AS STRING) AS z, window_time AS w FROM ${TUMBLE} GROUP BY window_start, window_end, window_time`,
  'SELECT i, i + 1, r.a, r.b.c, COUNT(*) AS n FROM t GROUP BY i, r.a, r.b.c',
  "SELECT 1, 'a', NULL, TRUE",
  'SELECT i AS x, x + 1 AS y FROM t',
  'SELECT i FROM t WHERE i', 'SELECT i FROM t WHERE SUM(i) > 1', 'SELECT i, SUM(bi) FROM t', 'SELECT i FROM t GROUP BY s', 'SELECT i FROM t HAVING i > 1', 'SELECT zz FROM t', 'SELECT i FROM nowhere',
  "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
  "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(i), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
  `SELECT COUNT(*) FROM ${TUMBLE} GROUP BY window_start`,
  "SELECT window_start FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' MONTH)) GROUP BY window_start, window_end",
  "SELECT window_start FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '0' SECOND)) GROUP BY window_start, window_end",
  "SELECT window_start, window_end FROM TABLE(TUMBLE(DATA => TABLE t, TIMECOL => DESCRIPTOR(rt), SIZE => INTERVAL '1' MINUTE, `OFFSET` => INTERVAL '5' SECOND)) GROUP BY window_start, window_end",
  "SELECT window_start, window_end FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' MINUTE, INTERVAL '5' SECOND)) GROUP BY window_start, window_end",
  "SELECT TUMBLE_START(rt, INTERVAL '1' MINUTE) AS s, COUNT(*) AS n FROM t GROUP BY TUMBLE(rt, INTERVAL '1' MINUTE)",
];
