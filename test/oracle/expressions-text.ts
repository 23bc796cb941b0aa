/** Expressions over text and over times; operands in braces as in expressions-cases.ts. */

const string = (text: string): string => `{CAST('${text.replaceAll("'", "''")}' AS STRING)}`;
const NONE = '{CAST(NULL AS STRING)}';
const UNICODE = string('h\u00e9llo \u{1f600} w\u00f6rld');
const int = (value: number): string => `{CAST(${value} AS INT)}`;
const big = (value: string): string => `{CAST(${value} AS BIGINT)}`;

const LIKES: readonly (readonly [string, string])[] = [
  ['abc', 'abc'], ['abc', 'a%'], ['abc', '%c'], ['abc', '%b%'], ['abc', 'a_c'], ['abc', '___'], ['abc', '__'], ['abc', ''], ['', ''], ['', '%'], ['', '_'], ['abc', 'A%'], ['a%c', 'a\\%c'], ['axc', 'a\\%c'], ['a\\c', 'a\\c'], ['a\\c', 'a\\\\c'], ['a_c', 'a\\_c'],
  ['abc', '%%'], ['a.c', 'a.c'], ['abc', 'a.c'], ['abc', '[a-c]%'], ['a\nc', 'a%c'], ['a\nc', 'a_c'], ['\u00e9', '_'], ['\u{1f600}', '_'], ['\u{1f600}', '__'], ['aab', '%ab'], ['abab', '%ab%ab'], ['abc', 'abc%'], ['abc', 'abcd%'], ['a+b', 'a+b'], ['(a)', '(%)'], ['mississippi', '%iss%ip%'], ['abc', '%_'], ['abc', '_%_%_'], ['ab', '_%_%_'],
];

/** Text functions, LIKE and concatenation. */
export const TEXT: readonly string[] = [
  ...LIKES.map(([text, pattern]) => `${string(text)} LIKE '${pattern}'`),
  `${string('abc')} LIKE ${string('a%')}`, `${string('a%c')} LIKE 'a!%c' ESCAPE '!'`, `${string('abc')} LIKE 'a!%c' ESCAPE '!'`, `${string('a!c')} LIKE 'a!!c' ESCAPE '!'`, `${string('abc')} LIKE 'a!bc' ESCAPE '!'`, `${string('abc')} LIKE 'abc!' ESCAPE '!'`, `${string('abc')} LIKE 'a%' ESCAPE 'xy'`, `${string('abc')} LIKE 'a\\bc'`, `${string('abc')} NOT LIKE 'a%'`,
  `${NONE} LIKE 'a%'`, `${string('a')} LIKE ${NONE}`, `${NONE} NOT LIKE 'a%'`, `${string('a_c')} LIKE ${string('a\\_c')}`, `${string('abc')} LIKE ${string('a!_c')} ESCAPE '!'`,
  ...['UPPER', 'LOWER', 'CHAR_LENGTH', 'TRIM', 'LTRIM', 'RTRIM', 'REVERSE', 'INITCAP'].flatMap((name) => [string('aBc'), UNICODE, string(''), string('  a b  '), string('\t a \n'), string('stra\u00dfe \u0130I\u0131'), string('\u00c9\u01c5\u03a3\u03c2'), NONE].map((text) => `${name}(${text}) || '|'`.replace(/^CHAR_LENGTH(.*) \|\| '\|'$/s, 'CHAR_LENGTH$1'))),
  `CHAR_LENGTH({CAST('ab' AS CHAR(5))})`, `CHAR_LENGTH(${string('e\u0301')})`, `CHARACTER_LENGTH(${UNICODE})`,
  ...[1, 2, 0, -1, -3, -5, -10, 5, 6, 100].flatMap((start) => [`SUBSTRING(${string('abcde')}, ${int(start)})`, `SUBSTRING(${string('abcde')}, ${int(start)}, ${int(2)})`]),
  ...[[1, 0], [1, -1], [2, 100], [0, 1], [0, 0], [-2, 1], [-2, 5], [-7, 4], [3, 2147483647], [-2147483648, 3]].map(([start = 0, length = 0]) => `SUBSTRING(${string('abcde')} FROM ${int(start)} FOR ${int(length)})`),
  `SUBSTRING(${UNICODE}, 2, 1)`, `SUBSTRING(${UNICODE}, 7, 1)`, `SUBSTRING(${UNICODE}, 8)`, `SUBSTRING(${string('')}, 1)`, `SUBSTRING(${NONE}, 1)`, `SUBSTRING(${string('abc')}, {CAST(NULL AS INT)})`, `SUBSTRING(${string('abc')}, 1, {CAST(NULL AS INT)})`, `SUBSTR(${string('abc')}, 2)`, `SUBSTRING({CAST('ab' AS CHAR(5))}, 3) || '|'`,
  ...[['b', 'abcb'], ['z', 'abc'], ['', 'abc'], ['', ''], ['abc', ''], ['\u{1f600}', 'h\u00e9llo \u{1f600}'], ['w', 'h\u00e9llo \u{1f600} w'], ['A', 'abc']].map(([part = '', text = '']) => `POSITION(${string(part)} IN ${string(text)})`), `POSITION(${NONE} IN 'a')`, `POSITION('a' IN ${NONE})`,
  `TRIM(LEADING FROM ${string('  a  ')}) || '|'`, `TRIM(TRAILING FROM ${string('  a  ')}) || '|'`, `TRIM(BOTH FROM ${string('  a  ')}) || '|'`, `TRIM(BOTH 'x' FROM ${string('xxaxx')})`, `TRIM(LEADING 'x' FROM ${string('xxaxx')})`, `TRIM(TRAILING 'x' FROM ${string('xxaxx')})`, `TRIM('x' FROM ${string('xxaxx')})`, `TRIM(BOTH 'xy' FROM ${string('xyaxyx')})`, `TRIM(BOTH '' FROM ${string('xa')})`, `TRIM(BOTH ${NONE} FROM 'xa')`,
  `TRIM(BOTH '\u00e9' FROM ${string('\u00e9a\u00e9')})`, `TRIM(${string('\u00a0a\u00a0')}) || '|'`, `LTRIM(${string('xxa')}, 'x')`, `RTRIM(${string('axx')}, 'x')`, `BTRIM(${string('xax')}, 'x')`,
  `CONCAT(${string('a')}, 'b', 'c')`, `CONCAT(${string('a')}, ${NONE})`, `CONCAT(${NONE}, ${NONE})`, `CONCAT(${string('a')}, ${int(1)})`, `CONCAT(${string('')}, '')`, `CONCAT(${string('a')}, {TRUE}, {CAST(1.5 AS DECIMAL(3, 1))}, {CAST('1e10' AS DOUBLE)})`, `${string('a')} || 'b'`, `${string('a')} || ${NONE}`, `${NONE} || 'a'`, `${string('a')} || ${int(1)}`, `${int(1)} || ${int(2)}`, `{CAST('a' AS CHAR(3))} || 'b'`, `{CAST('a' AS CHAR(3))}`, `'a' || 'b' || 'c'`, `CONCAT_WS(',', ${string('a')}, ${NONE}, 'b')`,
  `REPLACE(${string('aaa')}, 'a', 'b')`, `REPLACE(${string('aaa')}, 'aa', 'b')`, `REPLACE(${string('abc')}, '', 'x')`, `REPLACE(${string('abc')}, 'z', 'x')`, `REPLACE(${string('abc')}, 'b', '')`, `REPLACE(${string('')}, 'b', 'x')`, `REPLACE(${NONE}, 'b', 'x')`, `REPLACE(${string('abc')}, ${NONE}, 'x')`, `REPLACE(${string('abc')}, 'b', ${NONE})`, `REPLACE(${UNICODE}, '\u{1f600}', 'x')`, `REPLACE(${string('a.c')}, '.', '$1')`,
  "'it''s'", "'a\\nb'", "U&'\\00e9'", "'\u{1f600}'", `CHAR_LENGTH('it''s')`, `LEFT(${string('abc')}, 2)`, `RIGHT(${string('abc')}, 2)`, `LPAD(${string('a')}, 3, 'xy')`, `RPAD(${string('abcd')}, 3, 'xy')`, `REPEAT(${string('ab')}, 3)`, `SPLIT_INDEX(${string('a,b,c')}, ',', 1)`, `LOCATE('b', ${string('abcb')}, 3)`,
];

const TIME_TEXTS = ['2020-02-29 12:34:56', '2020-02-29 12:34:56.1', '2020-02-29 12:34:56.123456789', '2020-02-29T12:34:56', '2020-02-29 12:34:56Z', '2020-02-29T12:34:56.123Z', '2020-02-29 12:34', '2020-02-29 12', '2020-02-29', '2020-2-9 1:2:3', '2019-02-29 00:00:00', '2020-13-01 00:00:00', '2020-01-01 24:00:00', '2020-01-01 23:59:60', ' 2020-01-01 00:00:00 ', '1969-12-31 23:59:59.999', '0001-01-01 00:00:00', '9999-12-31 23:59:59', '10000-01-01 00:00:00', '-0001-01-01 00:00:00', '', 'x', '2020', '2020-01', '12:34:56', '12:34', '12:34:56.789', '12', '25:00:00', '1:2:3', '20200229', '2020/02/29', '1582-10-10'];
const UNITS = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'MONTH', 'YEAR'];
const TIMES = ["{TIMESTAMP '2020-02-29 12:34:56.789'}", "{TIMESTAMP '1969-12-31 23:59:59.999'}", '{TO_TIMESTAMP_LTZ(1582979696789, 3)}', '{TO_TIMESTAMP_LTZ(-1, 3)}', "{DATE '2020-02-29'}", "{DATE '1969-12-31'}", "{TIME '12:34:56'}"];

/** Conversions between times, text and numbers, and time arithmetic. */
export const TEMPORAL: readonly string[] = [
  ...TIME_TEXTS.flatMap((text) => ['TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)', 'DATE', 'TIME'].map((type) => `TRY_CAST(${string(text)} AS ${type})`)),
  ...TIME_TEXTS.slice(0, 16).map((text) => `TO_TIMESTAMP(${string(text)})`), `CAST(${string('x')} AS TIMESTAMP(3))`, `CAST(${string('2019-02-29')} AS DATE)`, `CAST(${string('25:00:00')} AS TIME)`, `TO_TIMESTAMP(${string('29.02.2020 12:34')}, 'dd.MM.yyyy HH:mm')`, `TO_TIMESTAMP(${string('x')}, 'yyyy-MM-dd')`, `TO_TIMESTAMP(${NONE})`,
  ...TIMES.flatMap((time) => ['STRING', 'TIMESTAMP(3)', 'TIMESTAMP(0)', 'TIMESTAMP_LTZ(3)', 'TIMESTAMP(6)', 'DATE', 'TIME'].map((type) => `CAST(${time} AS ${type})`)),
  ...['0', '1', '-1', '999', '-1000', '1700000000000', '253402300799999', '253402300800000', '-62135596800000', '-62135596800001', '9223372036854775807'].flatMap((ms) => [`TO_TIMESTAMP_LTZ(${big(ms)}, 3)`, `CAST(TO_TIMESTAMP_LTZ(${big(ms)}, 3) AS TIMESTAMP(3))`]),
  `TO_TIMESTAMP_LTZ(${big('1700000000')}, 0)`, `TO_TIMESTAMP_LTZ(${int(5)}, 0)`, `TO_TIMESTAMP_LTZ(${big('NULL')}, 3)`, `TO_TIMESTAMP_LTZ(${big('1')}, 6)`, `TO_TIMESTAMP_LTZ(${big('1')}, 9)`, `TO_TIMESTAMP_LTZ({CAST('1700000000123.9' AS DOUBLE)}, 3)`, `TO_TIMESTAMP_LTZ({CAST('1.5' AS DOUBLE)}, 0)`, `TO_TIMESTAMP_LTZ({CAST('-1.5' AS DECIMAL(5, 1))}, 3)`, `TO_TIMESTAMP_LTZ(${big('1700000000000')})`, `TO_TIMESTAMP_LTZ(${string('2020-01-01 00:00:00')})`,
  ...TIMES.flatMap((time) => ["INTERVAL '1' SECOND", "INTERVAL '1.5' SECOND", "INTERVAL '90' MINUTE", "INTERVAL '1' DAY", "INTERVAL '1 02:03:04.005' DAY TO SECOND", "INTERVAL '1' MONTH", "INTERVAL '-1' YEAR"].flatMap((interval) => [`${time} + ${interval}`, `${time} - ${interval}`])),
  ...TIMES.flatMap((time) => UNITS.slice(0, 5).flatMap((unit) => [`FLOOR(${time} TO ${unit})`, `CEIL(${time} TO ${unit})`, `EXTRACT(${unit} FROM ${time})`])),
  "{DATE '2020-01-31'} + INTERVAL '1' MONTH", "{TIMESTAMP '2020-03-31 00:00:00'} - INTERVAL '1' MONTH", "{TIMESTAMP '2020-02-29 00:00:00'} + INTERVAL '12' MONTH", "{TIME '23:59:59'} + INTERVAL '2' SECOND", "INTERVAL '1' SECOND + {TIMESTAMP '2020-01-01 00:00:00'}", `${int(3)} * INTERVAL '1' MINUTE`, "INTERVAL '1' DAY + INTERVAL '1' SECOND", "- INTERVAL '1' HOUR", "INTERVAL '10' MONTH", "INTERVAL '1-2' YEAR TO MONTH",
  ...UNITS.map((unit) => `TIMESTAMPDIFF(${unit}, {TIMESTAMP '2020-02-29 12:34:56'}, {TIMESTAMP '2021-02-28 12:34:55'})`), ...UNITS.map((unit) => `TIMESTAMPADD(${unit}, ${int(-1)}, {TIMESTAMP '2020-03-31 00:00:00'})`),
  "DATE_FORMAT({TIMESTAMP '2020-02-29 12:34:56.789'}, 'yyyy/MM/dd HH:mm:ss.SSS')", "DATE_FORMAT({TO_TIMESTAMP_LTZ(0, 3)}, 'yyyy-MM-dd')", 'CAST({TO_TIMESTAMP_LTZ(1700000000123, 3)} AS BIGINT)', "CAST({TIMESTAMP '1970-01-02 00:00:00'} AS BIGINT)", `CAST(${big('1700000000')} AS TIMESTAMP_LTZ(3))`, `CAST(${big('1700000000')} AS TIMESTAMP(3))`,
];
