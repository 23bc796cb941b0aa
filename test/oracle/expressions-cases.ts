/**
 * Expressions to evaluate. Operands in braces are constants that are also tried as columns of a table with one row, since
 * constant folding and the runtime are two implementations. No other braces may stand in an expression.
 */
import { TEMPORAL, TEXT } from './expressions-text.ts';

const of = (type: string) => (value: string | number): string => `{CAST(${value} AS ${type})}`;
const tiny = of('TINYINT');
const small = of('SMALLINT');
const int = of('INT');
const big = of('BIGINT');
const float = (text: string): string => `{CAST('${text}' AS FLOAT)}`;
const double = (text: string): string => `{CAST('${text}' AS DOUBLE)}`;
/** Without NOT NULL: an overflow is NULL, and what Flink makes of a NULL in a NOT NULL column is undefined. */
const nullable = (operand: string): string => operand.replace(/^\{([^]*)\}$/, '{NULLIF($1, 0)}');
const decimal = (precision: number, scale: number, text: string): string => {
  const operand = `{CAST('${text}' AS DECIMAL(${precision}, ${scale}))}`;
  return precision === 38 ? nullable(operand) : operand;
};
const string = (text: string): string => `{CAST('${text.replaceAll("'", "''")}' AS STRING)}`;
const nothing = (type: string): string => `{CAST(NULL AS ${type})}`;
const MIN_BIG = '{CAST(-9223372036854775807 - 1 AS BIGINT)}';
const TRUTHS = ['{TRUE}', '{FALSE}', nothing('BOOLEAN')];

const ARITHMETIC = [
  ...['+', '-', '*'].flatMap((op) => [
    `${tiny(127)} ${op} ${tiny(1)}`, `${tiny(-128)} ${op} ${tiny(-1)}`, `${tiny(-128)} ${op} ${tiny(1)}`, `${tiny(100)} ${op} ${tiny(100)}`, `${small(32767)} ${op} ${small(2)}`, `${small(-32768)} ${op} ${small(1)}`,
    `${int(2147483647)} ${op} ${int(1)}`, `${int(-2147483648)} ${op} ${int(-1)}`, `${int(-2147483648)} ${op} ${int(1)}`, `${int(65536)} ${op} ${int(65536)}`, `${big('9223372036854775807')} ${op} ${big(1)}`, `${MIN_BIG} ${op} ${big(-1)}`,
    `${big('4294967296')} ${op} ${big('4294967296')}`, `${tiny(100)} ${op} ${small(1000)}`, `${int(2147483647)} ${op} ${big(2)}`, `${tiny(127)} ${op} 1`, `${int(5)} ${op} ${nothing('INT')}`, `${nothing('DOUBLE')} ${op} ${int(5)}`,
    `${double('0.1')} ${op} ${double('0.2')}`, `${float('0.1')} ${op} ${float('0.2')}`, `${float('0.1')} ${op} ${double('0.2')}`, `${int(16777217)} ${op} ${float('1')}`, `${big('9007199254740993')} ${op} ${double('1')}`, `${double('1e308')} ${op} ${double('1e308')}`,
    `${double('NaN')} ${op} ${double('1')}`, `${double('Infinity')} ${op} ${double('Infinity')}`, `${double('-0.0')} ${op} ${double('0.0')}`, `${double('Infinity')} ${op} ${double('0')}`, `${double('4.9e-324')} ${op} ${double('0.5')}`, `${float('3.4028235e38')} ${op} ${float('2')}`,
    `${decimal(10, 2, '99999999.99')} ${op} ${decimal(10, 2, '0.01')}`, `${decimal(38, 10, '1234567890123456789012345678.0123456789')} ${op} ${decimal(38, 10, '0.0000000001')}`, `${decimal(38, 0, '99999999999999999999999999999999999999')} ${op} ${decimal(38, 0, '1')}`,
    `${decimal(38, 0, '99999999999999999999999999999999999999')} ${op} ${decimal(38, 0, '2')}`, `${decimal(38, 0, '-99999999999999999999999999999999999999')} ${op} ${decimal(38, 0, '2')}`, `${decimal(18, 4, '12345678901234.5678')} ${op} ${decimal(10, 2, '-7.25')}`, `${decimal(10, 2, '1.25')} ${op} ${int(3)}`,
    `${decimal(10, 2, '1.25')} ${op} ${double('0.1')}`, `${decimal(38, 10, '0.0000000015')} ${op} ${decimal(38, 10, '0.5')}`, `${decimal(38, 20, '123456789012345678.12345678901234567890')} ${op} ${decimal(38, 20, '2.00000000000000000001')}`, `${big('9223372036854775807')} ${op} ${decimal(5, 2, '1.01')}`,
  ]),
  ...['/', '%'].flatMap((op) => [
    ...[[7, 2], [-7, 2], [7, -2], [-7, -2], [1, 0], [0, 5], [-2147483648, -1]].map(([a = 0, b = 0]) => `${int(a)} ${op} ${int(b)}`),
    `${big(-7)} ${op} ${big(3)}`, `${big(7)} ${op} ${int(0)}`, `${MIN_BIG} ${op} ${big(-1)}`, `${tiny(-128)} ${op} ${tiny(-1)}`, `${small(-32768)} ${op} ${small(-1)}`, `${tiny(7)} ${op} ${int(2)}`, `${int(7)} ${op} ${nothing('INT')}`, `${nothing('INT')} ${op} ${int(0)}`,
    `${decimal(10, 2, '7.50')} ${op} ${decimal(10, 2, '2.00')}`, `${decimal(10, 2, '-7.50')} ${op} ${decimal(10, 2, '2.00')}`, `${decimal(10, 2, '1.00')} ${op} ${decimal(10, 2, '3.00')}`, `${decimal(10, 2, '2.00')} ${op} ${decimal(10, 2, '3.00')}`, `${decimal(10, 2, '-2.00')} ${op} ${decimal(10, 2, '3.00')}`, `${decimal(10, 2, '1.00')} ${op} ${decimal(10, 2, '0.00')}`,
    `${decimal(38, 0, '99999999999999999999999999999999999999')} ${op} ${decimal(38, 10, '0.0000000001')}`, `${decimal(38, 10, '1')} ${op} ${decimal(38, 10, '7')}`, `${decimal(5, 2, '123.45')} ${op} ${int(7)}`, `${int(100)} ${op} ${decimal(5, 2, '0.07')}`,
  ]),
  ...[['1', '0'], ['-1', '0'], ['0', '0'], ['1', '-0.0'], ['NaN', '1'], ['Infinity', 'Infinity'], ['1', '3'], ['1', 'Infinity'], ['-1', 'Infinity']].map(([a = '', b = '']) => `${double(a)} / ${double(b)}`),
  `${float('1')} / ${float('3')}`, `${float('1')} / ${float('0')}`, `${int(1)} / ${double('0')}`, `${double('1')} / ${int(0)}`, `${double('1')} / 0`, `${int(7)} / 2`, `${int(7)} / 2.0`, `${int(7)} * 1.0 / 2`, `${decimal(10, 2, '5.00')} / ${double('0')}`, '1 / 2', '1 / 0', '7 % 0', '1.0 / 3', '2 / 3.0', '10 / 4', '1e0 / 0', '0.1 + 0.2', '1.10 * 1.10', '1.5 * 2', '5 % 3.5', '-5 % 3',
  `-${int(-2147483648)}`, `-${tiny(-128)}`, `-${MIN_BIG}`, `-${double('0')}`, `-${double('-0.0')}`, `-${double('NaN')}`, `-${decimal(5, 2, '1.50')}`, `+${int(5)}`, `-${nothing('INT')}`, `- -${int(5)}`,
  `MOD(${int(-7)}, ${int(3)})`, `MOD(${int(7)}, ${int(-3)})`, `MOD(${int(7)}, 0)`, `MOD(${big(7)}, ${int(4)})`, `MOD(${decimal(5, 2, '7.25')}, ${int(2)})`, `MOD(${decimal(5, 2, '-7.25')}, ${decimal(3, 1, '2.5')})`,
  '2147483647 + 1', '2147483648 * 2', '9223372036854775807 + 1', '1 + 2 * 3 - 4 / 2', '(1 + 2) * 3', '10 - 3 - 2', '100 / 10 / 2', '7 - -3', '2 * 3 % 4',
];

const LOGIC = [
  ...TRUTHS.flatMap((left) => TRUTHS.flatMap((right) => [`${left} AND ${right}`, `${left} OR ${right}`, `${left} = ${right}`, `${left} < ${right}`, `${left} IS DISTINCT FROM ${right}`])),
  ...TRUTHS.flatMap((one) => [`NOT ${one}`, `${one} IS TRUE`, `${one} IS NOT TRUE`, `${one} IS FALSE`, `${one} IS NOT FALSE`, `${one} IS UNKNOWN`, `${one} IS NOT UNKNOWN`, `${one} IS NULL`, `${one} IS NOT NULL`]),
  `${int(1)} = 1 OR ${int(1)} / ${int(0)} = 1`, `${int(1)} = 2 AND ${int(1)} / ${int(0)} = 1`, `${int(1)} / ${int(0)} = 1 OR ${int(1)} = 1`, `${nothing('BOOLEAN')} AND ${int(1)} / ${int(0)} = 1`, 'TRUE OR FALSE AND FALSE', 'NOT TRUE OR TRUE', 'NOT FALSE AND FALSE', 'NOT 1 = 2',
];

const COMPARISON = [
  ...['=', '<>', '<', '<=', '>', '>='].flatMap((op) => [
    `${int(1)} ${op} ${big(1)}`, `${int(1)} ${op} ${double('1.5')}`, `${int(1)} ${op} ${decimal(5, 2, '1.00')}`, `${decimal(5, 2, '1.50')} ${op} ${decimal(10, 1, '1.5')}`, `${decimal(5, 2, '0.10')} ${op} ${double('0.1')}`, `${float('0.1')} ${op} ${double('0.1')}`,
    `${double('NaN')} ${op} ${double('NaN')}`, `${double('NaN')} ${op} ${double('1')}`, `${double('0')} ${op} ${double('-0.0')}`, `${string('a')} ${op} ${string('B')}`, `${string('a')} ${op} ${string('ab')}`, `${string('\u00e9')} ${op} ${string('z')}`, `${string('\uffee')} ${op} ${string('\u{1f600}')}`, `${string('')} ${op} ${string(' ')}`,
    `{CAST('a' AS CHAR(3))} ${op} ${string('a')}`, `${int(1)} ${op} ${nothing('INT')}`, `${big('9007199254740993')} ${op} ${double('9007199254740992')}`, `${int(10)} ${op} ${string('9')}`, `${string('10')} ${op} ${int(10)}`, `{DATE '1969-12-31'} ${op} {DATE '1970-01-01'}`, `{TIMESTAMP '2020-01-01 00:00:00'} ${op} {TIMESTAMP '2020-01-01 00:00:00.000'}`,
  ]),
  `${int(1)} = ${string('x')}`, `${int(1)} = ${string(' 1 ')}`, `{TRUE} = ${string('true')}`, `{DATE '2020-01-01'} = ${string('2020-01-01')}`, `{DATE '2020-01-01'} < ${string('2020-01-02 00:00:00')}`, `{TIMESTAMP '2020-01-01 00:00:00'} = ${string('2020-01-01 00:00:00')}`, `{TIMESTAMP '2020-01-01 00:00:00'} > ${string('2019')}`, `{TIME '10:00:00'} = ${string('10:00:00')}`,
  `${int(5)} BETWEEN 1 AND 5`, `${int(5)} BETWEEN 5 AND 1`, `${int(5)} BETWEEN SYMMETRIC 6 AND 1`, `${int(5)} NOT BETWEEN 1 AND 4`, `${int(5)} BETWEEN ${nothing('INT')} AND 4`, `${int(5)} BETWEEN ${nothing('INT')} AND 6`, `${int(5)} NOT BETWEEN ${nothing('INT')} AND 4`, `${string('b')} BETWEEN 'a' AND 'c'`, `${double('NaN')} BETWEEN 0 AND 1`, `${int(2)} BETWEEN 1.5 AND 2.5`,
  `${int(1)} IN (1, 2)`, `${int(3)} IN (1, 2)`, `${int(1)} IN (1, ${nothing('INT')})`, `${int(3)} IN (1, ${nothing('INT')})`, `${int(3)} NOT IN (1, ${nothing('INT')})`, `${int(1)} NOT IN (1, ${nothing('INT')})`, `${nothing('INT')} IN (1, 2)`, `${nothing('INT')} NOT IN (1, 2)`, `${string('a')} IN ('a', 'b')`, `${string('c')} NOT IN ('a', 'b')`,
  `${int(1)} IN (1.0, 2.5)`, `${double('1')} IN (1, 2)`, `${string('1')} IN (1, 2)`, `${int(7)} IN (1, 2, 3, 4, 5, 6, 7, 8)`, `${int(9)} IN (1, 2, 3, 4, 5, 6, 7, 8)`, `${string('a')} IN ('a   ')`, `${double('NaN')} IN (CAST('NaN' AS DOUBLE))`, `${decimal(5, 2, '1.50')} IN (1.5, 2)`,
  `${int(1)} IS NOT DISTINCT FROM ${nothing('INT')}`, `${nothing('INT')} IS NOT DISTINCT FROM ${nothing('INT')}`, `${double('NaN')} IS NOT DISTINCT FROM ${double('NaN')}`,
];

const CONDITIONAL = [
  `CASE WHEN ${int(1)} = 1 THEN 'a' ELSE 'bcd' END || '|'`, `CASE WHEN ${nothing('BOOLEAN')} THEN 1 ELSE 2 END`, `CASE WHEN FALSE THEN 1 END`, `CASE ${int(2)} WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END`, `CASE ${nothing('INT')} WHEN NULL THEN 'null' ELSE 'else' END`, `CASE WHEN ${int(0)} = 0 THEN 0 ELSE 1 / ${int(0)} END`, `CASE WHEN ${int(0)} <> 0 THEN 1 / ${int(0)} ELSE -1 END`,
  `CASE WHEN 1 / ${int(0)} = 1 THEN 1 ELSE 2 END`, `CASE WHEN ${int(1)} = 1 THEN 1 ELSE 2.5 END`, `CASE WHEN ${int(1)} = 2 THEN 1 ELSE ${double('2.5')} END`, `CASE WHEN ${int(1)} = 1 THEN ${int(1)} ELSE ${big(2)} END`, `CASE WHEN ${int(1)} = 1 THEN ${decimal(5, 2, '1.50')} ELSE ${decimal(10, 4, '1')} END`, `CASE WHEN ${string('x')} = 'x' THEN CAST('bad' AS INT) ELSE 0 END`, `CASE WHEN ${string('x')} = 'y' THEN CAST(${string('bad')} AS INT) ELSE 0 END`,
  `COALESCE(${nothing('INT')}, 1)`, `COALESCE(${int(1)}, 2)`, `COALESCE(${nothing('INT')}, ${nothing('INT')})`, `COALESCE(${nothing('INT')}, ${nothing('INT')}, ${int(3)})`, `COALESCE(${int(1)}, 1 / ${int(0)})`, `COALESCE(${nothing('INT')}, 1 / ${int(0)})`, `COALESCE(${int(1)}, 2.5)`, `COALESCE(${nothing('STRING')}, 'none')`, `COALESCE(${nothing('INT')}, ${big(5)})`, `COALESCE(${nothing('INT')}, ${double('0.5')})`,
  `NULLIF(${int(1)}, 1)`, `NULLIF(${int(1)}, 2)`, `NULLIF(${nothing('INT')}, 1)`, `NULLIF(${int(1)}, ${nothing('INT')})`, `NULLIF(${string('')}, '')`, `NULLIF(${double('NaN')}, ${double('NaN')})`, `NULLIF(${int(1)}, ${double('1')})`, `${int(5)} / NULLIF(${int(0)}, 0)`, `IFNULL(${nothing('INT')}, 7)`, `IFNULL(${int(1)}, 7)`, `IF(${int(1)} = 1, 'yes', 'no')`, `IF(${nothing('BOOLEAN')}, 1, 2)`, `IF(${int(1)} = 1, 1, 1 / ${int(0)})`, `IF(${int(1)} = 2, 1, 2.5)`,
];

const NUMERIC_TEXTS = ['1', ' 1', '1 ', '\t1\n', '+1', '-1', '1.0', '1.9', '-1.9', '.5', '5.', '1e3', '1E+3', '1e', '', ' ', 'abc', '1a', '0x10', '1_000', '1,000', '127', '128', '-128', '-129', '2147483648', '9223372036854775807', '9223372036854775808', '99999999999999999999999', 'NaN', 'Infinity', '-Infinity', 'inf', 'true', '00012', '-0', '-0.0', '1e400', '1d', '1f', '1L', '١', 'null', '0.000001', '123456.789'];
const CAST_TEXT = NUMERIC_TEXTS.flatMap((text) => ['TINYINT', 'INT', 'BIGINT', 'DOUBLE', 'DECIMAL(10, 2)'].flatMap((type) => [`TRY_CAST(${string(text)} AS ${type})`]));
const CAST_NUMBERS = [
  ...['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(5, 2)', 'STRING', 'BOOLEAN'].flatMap((type) => [int(300), int(-1), int(0), big('9223372036854775807'), double('1.9'), double('-1.9'), double('1e20'), double('NaN'), double('-Infinity'), float('0.1'), decimal(10, 3, '129.995'), decimal(38, 0, '99999999999999999999')].map((value) => `CAST(${type.startsWith('DEC') && !/NaN|Inf/.test(value) ? nullable(value) : value} AS ${type})`)),
  ...['1', '100', '123456789', '1e7', '9999999', '12345678', '1e-3', '0.001', '0.0001', '1.5e-7', '1e21', '1e22', '123456789012345680', '4.9e-324', '1.7976931348623157e308', '-0.0', '0.1', '0.30000000000000004', '2e-3', '100.25', '2.2250738585072014e-308', '9007199254740993', '1e23', '8.41e21', '2.0e-3', '5e-324'].map((text) => `CAST(${double(text)} AS STRING)`),
  ...['1', '0.1', '1e7', '16777216', '3.4028235e38', '1.4e-45', '1e-3', '0.33333334', '1e10'].map((text) => `CAST(${float(text)} AS STRING)`),
  `CAST(${decimal(10, 2, '1.5')} AS STRING)`, `CAST(${decimal(10, 0, '100')} AS STRING)`, `CAST(${decimal(38, 18, '0.000000000000000001')} AS STRING)`, `CAST(${decimal(10, 2, '1.005')} AS STRING)`, `CAST(${decimal(10, 2, '-1.005')} AS STRING)`, `CAST(${decimal(10, 2, '1.015')} AS STRING)`,
  ...['1.005', '1.015', '-2.675', '2.675', '99999999.995', '0.125'].map((text) => `CAST(${nullable(double(text))} AS DECIMAL(10, 2))`), `CAST(${decimal(10, 4, '2.5000')} AS DECIMAL(5, 0))`, `CAST(${decimal(10, 4, '3.5000')} AS DECIMAL(5, 0))`, `CAST(${decimal(10, 4, '-2.5000')} AS DECIMAL(5, 0))`, `CAST(${nullable(decimal(10, 2, '99999999.99'))} AS DECIMAL(5, 2))`, `TRY_CAST(${decimal(10, 2, '99999999.99')} AS DECIMAL(5, 2))`, `CAST(${nullable(int(100000))} AS DECIMAL(5, 2))`, `CAST(${decimal(10, 2, '-1.99')} AS INT)`, `CAST(${decimal(10, 2, '1.99')} AS DOUBLE)`,
];
const BOOLEAN_TEXTS = ['true', 'TRUE', ' true ', 't', 'T', 'yes', 'y', '1', 'on', 'false', 'f', 'no', 'n', '0', 'off', '', 'x', '2', 'tr'];
const CASTS = [
  ...CAST_TEXT, ...CAST_NUMBERS,
  ...['abc', '', '1.9', '128', ' 12 '].flatMap((text) => ['TINYINT', 'INT', 'DOUBLE', 'DECIMAL(10, 2)', 'BOOLEAN'].map((type) => `CAST(${string(text)} AS ${type})`)),
  ...BOOLEAN_TEXTS.map((text) => `TRY_CAST(${string(text)} AS BOOLEAN)`), ...['{TRUE}', '{FALSE}', nothing('BOOLEAN')].flatMap((one) => ['STRING', 'INT', 'DOUBLE', 'DECIMAL(3, 1)', 'CHAR(2)', 'VARCHAR(2)'].map((type) => `CAST(${one} AS ${type})`)),
  ...['VARCHAR(3)', 'CHAR(3)', 'CHAR(7)'].flatMap((type) => [string('abcde'), string(''), string('\u00e9\u{1f600}xyz'), int(12345), double('1.5'), '{DATE \'2020-01-01\'}'].map((one) => `CAST(${one} AS ${type}) || '|'`)),
  `CAST(${nothing('STRING')} AS INT)`, `TRY_CAST(${nothing('STRING')} AS INT)`, `CAST(ROW(1, 'a') AS STRING)`, `CAST(ROW(1, NULLIF('a', 'a'), ROW(TRUE, 1.5)) AS STRING)`, `CAST(${string('abc')} AS BYTES)`, `CAST(X'00ff41' AS STRING)`, `CAST(${int(65)} AS VARCHAR(1))`,
];

const ROUNDING = [
  ...['ABS', 'FLOOR', 'CEIL', 'ROUND', 'SIGN'].flatMap((name) => [tiny(-128), int(-2147483648), int(5), MIN_BIG, float('-2.5'), float('2.675'), double('-2.5'), double('2.5'), double('0.5'), double('-0.5'), double('-0.0'), double('NaN'), double('-Infinity'), double('1e300'), double('0.49999999999999994'), decimal(10, 2, '-2.50'), decimal(10, 2, '2.49'), decimal(10, 2, '99999999.99'), decimal(38, 2, '-99.99'), nothing('INT'), nothing('DOUBLE')].map((one) => `${name}(${one})`)),
  ...[0, 1, 2, 5, -1, -2, 20].flatMap((digits) => [int(12355), int(-15), big('9223372036854775807'), double('1234.5678'), double('-2.675'), double('1.005'), float('2.345'), decimal(10, 2, '-125.55'), decimal(10, 4, '125.4550')].map((one) => `ROUND(${one}, ${digits})`)),
  `ROUND(${double('2.5')}, ${nothing('INT')})`, `ROUND(${double('NaN')}, 1)`, `ROUND(${double('1.25')}, ${int(1)})`, `ROUND(${decimal(5, 2, '999.99')}, 1)`, `TRUNCATE(${double('-2.679')}, 2)`, `TRUNCATE(${decimal(10, 3, '2.679')}, 1)`, `CEIL(${decimal(3, 1, '99.9')})`, `FLOOR(${decimal(3, 1, '-99.9')})`, `SQRT(${double('-1')})`, `POWER(${int(2)}, 10)`, `LN(${double('0')})`, `EXP(${int(1)})`, `GREATEST(${int(1)}, ${nothing('INT')})`, `LEAST(${int(1)}, ${int(-1)})`,
];

/** Every expression, with operands in braces. */
export const EXPRESSIONS: readonly string[] = [...new Set([...ARITHMETIC, ...LOGIC, ...COMPARISON, ...CONDITIONAL, ...CASTS, ...ROUNDING, ...TEXT, ...TEMPORAL])];
/** Those that are asked for as constants too. */
export const FOLDED: ReadonlySet<string> = new Set([...ARITHMETIC, ...LOGIC, ...CONDITIONAL]);
