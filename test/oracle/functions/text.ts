/** Text functions: name as in docs/functions.md -> calls to ask Flink for. */
import { big, int, NONE, nothing, string, tiny, UNICODE } from './operands.ts';

const ONE = [string(''), string('a'), string('Hello, World'), string(' x  y '), UNICODE, string('\u00df\u01c5\ufb01'), NONE];
const one = (name: string): string[] => ONE.map((text) => `${name}(${text})`);
const COUNTS = ['0', '1', '2', '3', '99', '-1', '2147483647'];
const counted = (name: string): string[] => [
  ...COUNTS.slice(0, 6).flatMap((count) => [`${name}(${string('abc')}, ${int(count)})`, `${name}(${UNICODE}, ${int(count)})`]),
  `${name}(${string('')}, 2)`, `${name}(${NONE}, 2)`, `${name}(${string('abc')}, ${nothing('INT')})`, `${name}('abc', 2)`, `${name}(${string('abc')}, ${int('-2147483648')})`,
];
const padded = (name: string): string[] => [
  ...['0', '1', '4', '5', '10', '-1'].flatMap((length) => [`${name}(${string('hi')}, ${int(length)}, ${string('xyz')})`, `${name}(${string('h\u00e9llo')}, ${int(length)}, ${string('\u20ac')})`]),
  `${name}(${string('hi')}, 5, ${string('')})`, `${name}(${string('')}, 3, 'ab')`, `${name}(${NONE}, 3, 'ab')`, `${name}('hi', ${nothing('INT')}, 'ab')`, `${name}('hi', 3, ${NONE})`, `${name}(${string('\u{1f600}')}, 4, 'ab')`, `${name}(${string('x')}, 5, ${string('\u{1f600}')})`, `${name}('hi', 1, '')`, `${name}('hi', 5)`,
];
const SEARCHED: readonly (readonly [string, string])[] = [['abcabc', 'c'], ['abcabc', 'bc'], ['abcabc', 'x'], ['abcabc', ''], ['', ''], ['', 'a'], ['aaa', 'aa'], ['\u00e9\u20ac\u{1f600}b\u{1f600}', 'b'], ['\u{1f600}x\u{1f600}y', '\u{1f600}'], ['ab', 'abc'], ['ABC', 'b']];

export const TEXT_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  'CHAR_LENGTH, CHARACTER_LENGTH': [...one('CHAR_LENGTH'), ...one('CHARACTER_LENGTH')],
  UPPER: one('UPPER'),
  LOWER: one('LOWER'),
  INITCAP: [...one('INITCAP'), ...['hELLO wORLD', '1abc', 'a1b', 'foo-bar_baz', "o'neil", '\u00e9t\u00e9 \u00c9T\u00c9', 'a\tb\nc', 'x.y/z', '\u{1f600}abc', 'ab12cd', '_a'].map((text) => `INITCAP(${string(text)})`)],
  REVERSE: [...one('REVERSE'), `REVERSE(${string('e\u0301x')})`],
  ASCII: [...one('ASCII'), `ASCII(${string('\u00e9')})`, `ASCII(${string('\u20ac')})`, `ASCII(${string('\u{1f600}')})`, `ASCII(${string('0')})`, `ASCII(${string('~')})`],
  CHR: [...['65', '97', '0', '255', '256', '321', '-1', '128', '233', '8364', '2147483647'].map((code) => `CHR(${int(code)})`), `CHR(${big('9223372036854775807')})`, `CHR(${nothing('INT')})`, `CHR(${tiny(65)})`, `CHR(${big(4294967361)})`],
  LEFT: counted('LEFT'),
  RIGHT: counted('RIGHT'),
  LPAD: padded('LPAD'),
  RPAD: padded('RPAD'),
  REPEAT: [...['0', '1', '3', '-1'].flatMap((count) => [`REPEAT(${string('ab')}, ${int(count)})`, `REPEAT(${UNICODE}, ${int(count)})`]), `REPEAT(${string('')}, 5)`, `REPEAT(${NONE}, 2)`, `REPEAT('a', ${nothing('INT')})`, `REPEAT(${string('a')}, 3)`],
  'SUBSTRING, SUBSTR': [...['SUBSTRING', 'SUBSTR'].flatMap((name) => [`${name}(${string('hello')}, 2, 3)`, `${name}(${UNICODE}, ${int(2)}, ${int(3)})`, `${name}(${UNICODE}, ${int(-2)})`, `${name}(${string('hello')}, ${int(0)}, 2)`, `${name}(${string('hello')}, ${int(-9)}, 2)`, `${name}(${string('hello')}, 2, ${int(-1)})`, `${name}(${string('hello')}, ${nothing('INT')})`, `${name}(${NONE}, 1)`, `${name}(${string('')}, 1, 1)`, `${name}(${string('hello')}, 9)`])],
  POSITION: SEARCHED.map(([text, part]) => `POSITION(${string(part)} IN ${string(text)})`).concat(`POSITION(${NONE} IN 'a')`, `POSITION('a' IN ${NONE})`),
  INSTR: [...SEARCHED.map(([text, part]) => `INSTR(${string(text)}, ${string(part)})`), `INSTR(${NONE}, 'a')`, `INSTR('a', ${NONE})`, `INSTR(${string('abcabc')}, 'b', 3)`, `INSTR(${string('abcabc')}, 'b', 1, 2)`, `INSTR(${string('abcabc')}, 'b', -1, 1)`],
  LOCATE: [...SEARCHED.map(([text, part]) => `LOCATE(${string(part)}, ${string(text)})`), ...['-1', '0', '1', '2', '3', '5', '6', '7', '99'].flatMap((from) => [`LOCATE(${string('bc')}, ${string('abcabc')}, ${int(from)})`, `LOCATE(${string('')}, ${string('abc')}, ${int(from)})`, `LOCATE(${string('b')}, ${string('\u{1f600}b\u00e9b')}, ${int(from)})`]), `LOCATE(${NONE}, 'a')`, `LOCATE('a', ${NONE})`, `LOCATE('a', 'a', ${nothing('INT')})`],
  'STARTSWITH, ENDSWITH': ['STARTSWITH', 'ENDSWITH'].flatMap((name) => [...[['abc', 'a'], ['abc', 'c'], ['abc', 'abc'], ['abc', ''], ['', ''], ['', 'a'], ['abc', 'abcd'], ['\u00e9a\u20ac', '\u00e9'], ['\u00e9a\u20ac', '\u20ac']].map(([text = '', part = '']) => `${name}(${string(text)}, ${string(part)})`), `${name}(${NONE}, 'a')`, `${name}('a', ${NONE})`]),
  SPLIT_INDEX: [...['-1', '0', '1', '2', '3', '99'].flatMap((index) => [`SPLIT_INDEX(${string('a,b,,c')}, ',', ${int(index)})`, `SPLIT_INDEX(${string('a--b--c')}, ${string('--')}, ${int(index)})`]), `SPLIT_INDEX(${string('')}, ',', 0)`, `SPLIT_INDEX(${string('abc')}, ',', 0)`, `SPLIT_INDEX(${string('abc')}, ',', 1)`, `SPLIT_INDEX(${string('a b\tc')}, ${string('')}, 0)`, `SPLIT_INDEX(${string('a b c')}, ${string('')}, 1)`, `SPLIT_INDEX(${string(',')}, ',', 0)`, `SPLIT_INDEX(${string(',')}, ',', 1)`, `SPLIT_INDEX(${string('aaa')}, 'aa', 0)`, `SPLIT_INDEX(${string('aaa')}, 'aa', 1)`, `SPLIT_INDEX(${NONE}, ',', 0)`, `SPLIT_INDEX('a', ${NONE}, 0)`, `SPLIT_INDEX('a', ',', ${nothing('INT')})`, `SPLIT_INDEX(${string('\u00e9\u20acx\u20ac\u{1f600}')}, ${string('\u20ac')}, 2)`, `SPLIT_INDEX(${string('a,b')}, 44, 1)`],
  CONCAT: [`CONCAT(${string('a')}, ${string('b')}, ${string('c')})`, `CONCAT(${string('a')}, ${NONE})`, `CONCAT(${string('')}, ${string('')})`, `CONCAT(${string('x')})`],
  CONCAT_WS: [`CONCAT_WS(',', ${string('a')}, ${string('b')}, ${string('c')})`, `CONCAT_WS(${string('--')}, ${string('a')}, ${NONE}, ${string('c')})`, `CONCAT_WS(${NONE}, 'a', 'b')`, `CONCAT_WS(',', ${NONE}, ${NONE})`, `CONCAT_WS(',', ${string('')}, ${string('')})`, `CONCAT_WS(${string('')}, ${string('a')}, 'b')`, `CONCAT_WS(',', ${string('a')})`, `CONCAT_WS(',', ${NONE}, ${string('b')})`, `CONCAT_WS(',', ${string('b')}, ${NONE})`, `CONCAT_WS('\u20ac', ${UNICODE}, ${UNICODE})`],
  OVERLAY: [...['1', '2', '5', '6', '7', '0', '-1', '99'].flatMap((from) => [`OVERLAY(${string('hello')} PLACING ${string('XY')} FROM ${int(from)})`, `OVERLAY(${string('hello')} PLACING ${string('XY')} FROM ${int(from)} FOR ${int(3)})`]), ...['0', '-1', '99', '1'].map((count) => `OVERLAY(${string('hello')} PLACING ${string('XY')} FROM 2 FOR ${int(count)})`), `OVERLAY(${UNICODE} PLACING ${string('z')} FROM ${int(3)} FOR ${int(1)})`, `OVERLAY(${string('')} PLACING ${string('z')} FROM 1)`, `OVERLAY(${string('abc')} PLACING ${string('')} FROM 2)`, `OVERLAY(${NONE} PLACING 'z' FROM 1)`, `OVERLAY('abc' PLACING ${NONE} FROM 1)`, `OVERLAY('abc' PLACING 'z' FROM ${nothing('INT')})`, `OVERLAY('abc' PLACING 'z' FROM 1 FOR ${nothing('INT')})`],
  TRANSLATE: [...[['abcba', 'ab', 'xy'], ['abcba', 'ab', 'x'], ['abcba', 'ab', 'xyz'], ['abcba', '', 'x'], ['abcba', 'a', ''], ['', 'a', 'b'], ['aaa', 'aa', 'xy'], ['\u00e9\u20ac\u{1f600}', '\u20ac\u{1f600}', 'ab'], ['abc', 'b', '\u{1f600}']].map(([text = '', from = '', to = '']) => `TRANSLATE(${string(text)}, ${string(from)}, ${string(to)})`), `TRANSLATE(${NONE}, 'a', 'b')`, `TRANSLATE('abc', ${NONE}, 'b')`, `TRANSLATE('abc', 'a', ${NONE})`],
  REPLACE: [`REPLACE(${string('aXbXc')}, ${string('X')}, ${string('--')})`, `REPLACE(${UNICODE}, ${string('\u20ac')}, ${string('')})`, `REPLACE(${NONE}, 'a', 'b')`, `REPLACE(${string('')}, 'a', 'b')`],
  'TRIM, LTRIM, RTRIM, BTRIM': ['LTRIM', 'RTRIM', 'BTRIM', 'TRIM'].flatMap((name) => [`${name}(${string('  a b  ')})`, `${name}(${string('')})`, `${name}(${NONE})`, `${name}(${string('\ta\n')})`, ...(name === 'TRIM' ? [] : [`${name}(${string('xyaxy')}, ${string('yx')})`, `${name}(${string('\u20aca\u20ac')}, ${string('\u20ac')})`, `${name}(${string('abc')}, ${string('')})`, `${name}('abc', ${NONE})`, `${name}(${NONE}, 'a')`, `${name}(${string('aaa')}, 'a')`])]),
  ELT: [...['0', '1', '2', '3', '-1'].map((index) => `ELT(${int(index)}, ${string('a')}, ${string('b')})`), `ELT(${nothing('INT')}, 'a', 'b')`, `ELT(${int(2)}, 'a', ${NONE})`, `ELT(${int(1)}, 'a', ${NONE})`, `ELT(${big(2)}, 'a', 'b')`],
  TO_BASE64: [...one('TO_BASE64'), ...['ab', 'abc', 'abcd', '>>>???~~'].map((text) => `TO_BASE64(${string(text)})`)],
  FROM_BASE64: [...['', 'YQ==', 'YWI=', 'YWJj', 'YWJjZA==', '4oKs', '8J+YgA==', 'YQ', 'YQ=', '!!!!', 'YWJj\n', 'Pj4+Pz8/fn4=', 'Pj4-', 'Y', '====', 'YW Jj'].map((text) => `FROM_BASE64(${string(text)})`), `FROM_BASE64(${NONE})`],
  HEX: [...one('HEX'), ...['0', '1', '255', '-1', '2147483647', '-2147483648'].map((value) => `HEX(${int(value)})`), `HEX(${big('9223372036854775807')})`, `HEX(${big(-1)})`, `HEX(${tiny(-1)})`, `HEX(${nothing('INT')})`, `HEX(${nothing('BIGINT')})`],
  UNHEX: [...['61', '6162', '', 'E282AC', 'e282ac', '6', '616', 'zz', '61 62', 'f09f9880'].map((text) => `CAST(UNHEX(${string(text)}) AS STRING)`), `CAST(UNHEX(${NONE}) AS STRING)`],
  ENCODE: ['UTF-8', 'US-ASCII', 'ISO-8859-1', 'UTF-16BE', 'utf8', 'nope'].flatMap((set) => [`CAST(ENCODE(${string('abc')}, '${set}') AS STRING)`, `CAST(ENCODE(${string('\u00e9\u20ac')}, '${set}') AS STRING)`]).concat(`CAST(ENCODE(${NONE}, 'UTF-8') AS STRING)`, `CAST(ENCODE(${string('')}, 'UTF-8') AS STRING)`),
  DECODE: ['UTF-8', 'US-ASCII', 'ISO-8859-1'].flatMap((set) => [`DECODE(CAST(${string('abc')} AS BYTES), '${set}')`, `DECODE(CAST(${string('\u00e9\u20ac')} AS BYTES), '${set}')`]).concat(`DECODE(CAST(${NONE} AS BYTES), 'UTF-8')`),
  URL_ENCODE: [...one('URL_ENCODE'), ...['a b&c=d/e?f', '-_.*~', '%+', '\u00e9'].map((text) => `URL_ENCODE(${string(text)})`)],
  URL_DECODE: [...one('URL_DECODE'), ...['a+b%26c%3Dd', '%E2%82%AC', '%e2%82%ac', '%', '%2', '%zz', '%F0%9F%98%80', '100%25', 'caf%C3%A9+x', '\u00e9'].map((text) => `URL_DECODE(${string(text)})`)],
  'IS_ALPHA, IS_DECIMAL, IS_DIGIT': ['IS_ALPHA', 'IS_DECIMAL', 'IS_DIGIT'].flatMap((name) => [...['', 'abc', 'a1', '12', '1.5', '-1', '1e5', ' 1', '\u00e9', '\u0661', '+1', '.5', '5.', '1f', 'NaN', '0x1', ' ', '\u20ac', 'a b'].map((text) => `${name}(${string(text)})`), `${name}(${NONE})`]),
  PARSE_URL: [...['HOST', 'PATH', 'QUERY', 'REF', 'PROTOCOL', 'FILE', 'AUTHORITY', 'USERINFO', 'X'].map((part) => `PARSE_URL(${string('http://me:pw@facebook.com:80/path1/p.php?k1=v1&k2=v2#Ref1')}, '${part}')`), `PARSE_URL(${string('http://facebook.com/path?k1=v1&k2=v2')}, 'QUERY', ${string('k2')})`, `PARSE_URL(${string('nope')}, 'HOST')`],
  PRINTF: [`PRINTF(${string('%d-%s')}, ${int(5)}, ${string('a')})`],
  '||': [`${string('a')} || ${string('b')}`, `${string('')} || ${NONE}`, `${UNICODE} || ${UNICODE}`],
  LIKE: [`${string('abc')} LIKE ${string('a%')}`, `${UNICODE} LIKE ${string('a_\u20ac_b')}`, `${NONE} LIKE 'a'`, `${string('a%b')} LIKE 'a!%b' ESCAPE '!'`, `${string('a_b')} NOT LIKE 'a\\_b' ESCAPE '\\'`, `${string('ab')} LIKE ${string('')}`, `${string('')} LIKE ${string('')}`, `${string('a')} LIKE ${NONE}`],
};
