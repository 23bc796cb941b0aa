/** Numbers: name as in docs/functions.md -> calls to ask Flink for. */
import { big, decimal, double, float, int, MIN_BIG, nothing, pairs, small, string, tiny } from './operands.ts';

const DOUBLES = ['0', '-0.0', '1', '-1', '0.5', '-0.5', '2', '10', '100', '8', '3.141592653589793', '1.5707963267948966', '0.7853981633974483', '1e-10', '1e-300', '4.9e-324', '1e10', '1e22', '1e300', '1.7976931348623157e308', '-123.456', '0.1', '709.78', '710', '-745.2', '20', '0.9999999999999999', '1.0000000000000002', '355', 'NaN', 'Infinity', '-Infinity'].map(double);
const NUMBERS = [int(2), int(-3), int(0), big(1000), tiny(1), small(-1), float('0.5'), float('0.1'), decimal(10, 2, '2.25'), decimal(38, 10, '1234567890.0123456789'), decimal(5, 2, '-0.50'), nothing('DOUBLE'), nothing('INT'), nothing('DECIMAL(10, 2)')];
const unary = (name: string): string[] => [...DOUBLES, ...NUMBERS.filter((_, index) => index % 3 === 0)].map((value) => `${name}(${value})`);
const POWERS = ['0', '-0.0', '1', '-1', '2', '-2', '0.5', '-0.5', '3', '10', '-3', '1e10', 'NaN', 'Infinity', '0.3333333333333333', '1.0000001'].map(double);
const MIXED = [int(5), int(-5), big('9223372036854775807'), MIN_BIG, tiny(-128), small(32767), float('2.5'), double('-2.5'), double('2.567'), double('1e300'), decimal(10, 3, '-2.567'), decimal(38, 10, '1234567890123456789.9999999999'), nothing('INT'), nothing('DOUBLE'), nothing('DECIMAL(10, 3)')];
const choices = (name: string): string[] => [
  `${name}(${int(1)}, ${int(3)}, ${int(2)})`, `${name}(${int(1)}, ${nothing('INT')})`, `${name}(${nothing('INT')}, ${int(1)})`, `${name}(${double('1.5')}, ${int(1)})`, `${name}(${big(5)}, ${int(7)})`, `${name}(${decimal(5, 2, '1.50')}, ${decimal(10, 4, '1.5001')})`, `${name}(${decimal(5, 2, '1.50')}, ${int(2)})`, `${name}(${string('b')}, ${string('abc')}, ${string('')})`, `${name}(${string('\u00e9')}, ${string('z')})`, `${name}(${double('NaN')}, ${double('1')})`, `${name}(${double('1')}, ${double('NaN')})`, `${name}(${double('0')}, ${double('-0.0')})`, `${name}(${double('-0.0')}, ${double('0')})`, `${name}(⟦DATE '2020-01-01'⟧, ⟦DATE '2019-01-01'⟧)`, `${name}(⟦TIMESTAMP '2020-01-01 00:00:00'⟧, ⟦TIMESTAMP '2019-01-01 00:00:00'⟧)`, `${name}(${int(1)})`, `${name}(⟦TRUE⟧, ⟦FALSE⟧)`, `${name}(${tiny(1)}, ${big(2)}, ${float('3')})`, `${name}(${int(1)}, ${string('2')})`, `${name}(⟦CAST('a' AS CHAR(3))⟧, ${string('b')})`,
];

export const MATH_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  ABS: [...MIXED.map((value) => `ABS(${value})`)],
  SIGN: [...MIXED, double('0'), double('-0.0'), double('NaN'), int(0), decimal(5, 2, '0.00')].map((value) => `SIGN(${value})`),
  'CEIL, CEILING': [...MIXED.map((value) => `CEIL(${value})`), `CEILING(${double('2.1')})`],
  FLOOR: MIXED.map((value) => `FLOOR(${value})`),
  ROUND: pairs(MIXED, ['2', '-1', '12'].map(int), (value, digits) => `ROUND(${value}, ${digits})`).concat(MIXED.map((value) => `ROUND(${value})`), `ROUND(${double('1.5')}, ${nothing('INT')})`),
  TRUNCATE: [...pairs(MIXED, ['2', '-1', '12'].map(int), (value, digits) => `TRUNCATE(${value}, ${digits})`), ...pairs(MIXED, ['0', '1', '-20'], (value, digits) => `TRUNCATE(${value}, ${digits})`), ...MIXED.map((value) => `TRUNCATE(${value})`), `TRUNCATE(${double('1.5')}, ${nothing('INT')})`, `TRUNCATE(${double('NaN')}, 1)`, `TRUNCATE(${double('42.324')}, 2)`, `TRUNCATE(${float('42.324')}, 2)`, `TRUNCATE(${float('0.1')}, 1)`],
  MOD: [`MOD(${int(-7)}, ${int(3)})`, `MOD(${big(-7)}, ${int(3)})`, `MOD(${tiny(7)}, ${small(4)})`, `MOD(${decimal(10, 2, '7.25')}, ${decimal(5, 1, '2.5')})`, `MOD(${int(1)}, ${int(0)})`, `MOD(${nothing('INT')}, ${int(0)})`, `MOD(${int(-2147483648)}, ${int(-1)})`],
  POWER: [...pairs(POWERS, POWERS.filter((_, index) => index % 2 === 0), (a, b) => `POWER(${a}, ${b})`), ...pairs(NUMBERS, [int(2), double('0.5'), decimal(5, 2, '-1.50'), nothing('DOUBLE')], (a, b) => `POWER(${a}, ${b})`)],
  SQRT: unary('SQRT'), EXP: unary('EXP'), LN: unary('LN'), LOG10: unary('LOG10'), LOG2: unary('LOG2'),
  LOG: [...unary('LOG'), ...pairs(['2', '10', '0.5', '1', '0', '-1', 'NaN', '3'].map(double), ['8', '100', '0.1', '0', '-1', '1', 'NaN', 'Infinity'].map(double), (base, value) => `LOG(${base}, ${value})`), `LOG(${int(2)}, ${decimal(5, 2, '8.00')})`, `LOG(${nothing('DOUBLE')}, 2)`],
  SIN: unary('SIN'), COS: unary('COS'), TAN: unary('TAN'), COT: unary('COT'), ASIN: unary('ASIN'), ACOS: unary('ACOS'), ATAN: unary('ATAN'), SINH: unary('SINH'), COSH: unary('COSH'), TANH: unary('TANH'),
  ATAN2: [...pairs(['0', '-0.0', '1', '-1', 'Infinity', '-Infinity', 'NaN', '1e-300', '3.5'].map(double), ['0', '-0.0', '1', '-1', 'Infinity', '-Infinity', 'NaN', '1e300', '-7.25'].map(double), (y, x) => `ATAN2(${y}, ${x})`), `ATAN2(${int(1)}, ${decimal(5, 2, '2.00')})`, `ATAN2(${nothing('DOUBLE')}, ${double('1')})`],
  DEGREES: unary('DEGREES'), RADIANS: unary('RADIANS'),
  'PI, E': ['PI()', 'E()', 'PI', 'E'],
  BIN: [...['0', '1', '4', '-1', '2147483647', '-2147483648'].map((value) => `BIN(${int(value)})`), `BIN(${big('9223372036854775807')})`, `BIN(${MIN_BIG})`, `BIN(${tiny(-1)})`, `BIN(${nothing('INT')})`],
  GREATEST: choices('GREATEST'), LEAST: choices('LEAST'),
  '+ - * / %': [`${int(7)} / ${int(2)}`, `${int(7)} / ${int(0)}`, `${int(-7)} % ${int(2)}`, `${big(1)} + ${int(1)}`, `${decimal(10, 2, '1.50')} * ${int(2)}`, `${float('1.5')} + ${int(1)}`],
  CONV: [`CONV('100', 2, 10)`],
};
