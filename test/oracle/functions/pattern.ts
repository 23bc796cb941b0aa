/** Regular expressions: name as in docs/functions.md -> calls to ask Flink for. */
import { NONE, nothing, string, UNICODE } from './operands.ts';

const quoted = (pattern: string): string => `'${pattern.replaceAll("'", "''")}'`;
/** Patterns with texts that try them. */
const TRIED: readonly (readonly [string, readonly string[]])[] = [
  ['abc', ['abc', 'xabcx', 'ab', '']], ['^abc$', ['abc', 'abc\n', 'xabc']], ['a.c', ['abc', 'a\nc', 'a\u20acc', 'a\u{1f600}c', 'a\rc', 'a\u2028c']],
  ['a*', ['', 'aaa', 'baa']], ['a+b?', ['aab', 'b', 'aaa']], ['(a|ab)(c|bcd)', ['abcd', 'ac']], ['a|b|', ['c', 'b']], ['(a+)(b+)?', ['aab', 'aac']],
  ['[a-c]+', ['xxabcxx', 'xyz']], ['[^a-c]+', ['abcxyz', 'abc']], ['[\\w-]+', ['foo-bar baz']], ['[]a]', ['a']], ['[a\\]]+', ['x]a]']], ['[a-z&&[^b]]+', ['abc', 'b']], ['[\\d.]+', ['v1.2.3x']],
  ['\\d+', ['abc123def45', 'none', '\u0661']], ['\\D+', ['12ab']], ['\\w+', ['--foo_1--', '\u00e9']], ['\\W+', ['foo, bar']], ['\\s+', ['a \t\nb', 'ab', 'a\u00a0b']], ['\\S+', ['  ab  ']], ['\\bfoo\\b', ['a foo b', 'foobar']], ['\\Bo', ['foo']],
  ['(?i)HeLLo', ['say hello', 'HELLO']], ['(?s)a.b', ['a\nb']], ['(?m)^b$', ['a\nb\nc']], ['(?:ab)+', ['ababx']], ['(?<year>\\d+)-(\\d+)', ['on 2024-05']], ['a*?b', ['aaab']], ['<.+?>', ['<a><b>']], ['<.+>', ['<a><b>']], ['a??b', ['ab']], ['(a*)*', ['aab']], ['(a|b)*c', ['ababc', 'abab']], ['(a*)+', ['b']],
  ['\\.', ['a.b']], ['\\\\', ['a\\b']], ['\\t', ['a\tb']], ['\\n', ['a\nb']], ['\\x41', ['xAx']], ['\\u20ac', ['x\u20ac']], ['\\Qa.b\\E', ['xa.bx', 'xaxb']], ['\u20ac+', ['x\u20ac\u20acx']], ['\u{1f600}', ['x\u{1f600}']], ['[\u00e0-\u00ff]', ['caf\u00e9']], ['.', ['\u{1f600}', '']], ['\\p{Alpha}+', ['ab1']], ['\\p{L}+', ['ab\u00e91']], ['a{2}', ['aaa', 'a']], ['a{2,3}', ['aaaa', 'a']], ['a{2,}?', ['aaaa']], ['(ab){0,2}c', ['ababc', 'c']], ['a{0}b', ['ab']], ['x{2', ['x{2']], ['\\d{4}-\\d{2}-\\d{2}', ['on 2024-05-06.', '24-5-6']], ['}', ['a}']], ['a{1001}', ['a']], ['$', ['', 'a\n']], ['^', ['', 'a']], ['^$', ['', 'a']], ['\\A\\w+\\z', ['abc', 'a b']], ['a\\Z', ['a\n', 'a\nb']],
  ['(', ['a']], ['*a', ['*a']], ['[a', ['a']], ['a)', ['a)']], ['(a)\\1', ['aa']], ['(?=a)', ['a']], ['(?<!a)b', ['cb']], ['a++b', ['aab']], ['(?>a)b', ['ab']], ['', ['abc', '']], ['\\', ['a']],
  ['^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]+$', ['joe@example.com', 'joe@example', 'a b@c.de']], ['(\\w+)=(\\w+)', ['k=v&x=y', 'none']], ['^(\\+|-)?\\d+$', ['-12', '1.2']], ['x*', ['axb']], ['(a)|(b)', ['b']], ['(?i)[a-c]\u00e9', ['B\u00e9', 'B\u00c9']], ['\\h', ['a b']], ['\\R', ['a\r\nb']], ['[[:alpha:]]', ['a', ':']], ['\\$', ['a$']], ['(?x) a b', ['ab']], ['[^\\s,]+', ['  a,b']], ['\\d\\d?', ['123']],
];
const tried = (call: (text: string, pattern: string) => string): string[] => TRIED.flatMap(([pattern, texts]) => texts.map((text) => call(string(text), quoted(pattern))));

const SIMILAR: readonly (readonly [string, readonly string[]])[] = [
  ['a%', ['abc', 'ba']], ['a_c', ['abc', 'ac', 'a\u{1f600}c']], ['(a|b)c', ['ac', 'bc', 'cc']], ['a*', ['', 'aaa']], ['a+', ['', 'aa']], ['a?b', ['b', 'ab', 'aab']], ['[abc]d', ['ad', 'dd']], ['[^abc]d', ['ed', 'ad']], ['[a-c]+', ['abc', 'abd']], ['a.c', ['abc', 'a.c']], ['%', ['', 'a\nb']], ['a|b', ['a', 'b', 'ab']], ['', ['', 'a']], ['(ab)+', ['abab', 'aba']], ['[[:digit:]]+', ['12']], ['\\d', ['1', '\\d']], ['a^', ['a^']], ['$', ['$']], ['[:ALPHA:]', ['a']], ['a\u20ac%', ['a\u20acb']], ['[a', ['a']], ['(a', ['a']],
];

export const PATTERN_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  REGEXP: [...tried((text, pattern) => `REGEXP(${text}, ${pattern})`), `REGEXP(${NONE}, 'a')`, `REGEXP('a', ${NONE})`],
  REGEXP_EXTRACT: [...tried((text, pattern) => `REGEXP_EXTRACT(${text}, ${pattern})`), ...['0', '1', '2', '3', '-1'].flatMap((group) => [`REGEXP_EXTRACT(${string('k=v&x=y')}, '(\\w+)=(\\w+)', ${group})`, `REGEXP_EXTRACT(${string('aab')}, '(a+)(c)?', ${group})`]), `REGEXP_EXTRACT(${string('abcd')}, '(a|ab)(c|bcd)', 1)`, `REGEXP_EXTRACT(${string('abcd')}, '(a|ab)(c|bcd)', 2)`, `REGEXP_EXTRACT(${string('aab')}, '(a*)*', 1)`, `REGEXP_EXTRACT(${string('xyz')}, '(?:x)(y)', 1)`, `REGEXP_EXTRACT(${string('abab')}, '(a|b)*', 1)`, `REGEXP_EXTRACT(${NONE}, 'a')`, `REGEXP_EXTRACT('a', 'a', ${nothing('INT')})`, `REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)`],
  REGEXP_REPLACE: [...tried((text, pattern) => `REGEXP_REPLACE(${text}, ${pattern}, ${string('<>')})`), `REGEXP_REPLACE(${string('abc')}, 'b', ${string('$0')})`, `REGEXP_REPLACE(${string('abc')}, '(b)', ${string('[$1]')})`, `REGEXP_REPLACE(${string('abc')}, 'b', ${string('\\')})`, `REGEXP_REPLACE(${string('abc')}, 'b', ${string('')})`, `REGEXP_REPLACE(${NONE}, 'a', 'b')`, `REGEXP_REPLACE('abc', 'a', ${NONE})`, `REGEXP_REPLACE(${UNICODE}, '.', ${string('\u20ac')})`, `REGEXP_REPLACE(${string('foobar')}, 'oo|ar', '')`],
  REGEXP_COUNT: [...tried((text, pattern) => `REGEXP_COUNT(${text}, ${pattern})`).filter((_, index) => index % 3 === 0), `REGEXP_COUNT(${NONE}, 'a')`, `REGEXP_COUNT('a', ${NONE})`],
  REGEXP_INSTR: [...tried((text, pattern) => `REGEXP_INSTR(${text}, ${pattern})`).filter((_, index) => index % 3 === 1), `REGEXP_INSTR(${NONE}, 'a')`],
  REGEXP_SUBSTR: [...tried((text, pattern) => `REGEXP_SUBSTR(${text}, ${pattern})`).filter((_, index) => index % 3 === 2), `REGEXP_SUBSTR(${NONE}, 'a')`],
  'SIMILAR TO': [...SIMILAR.flatMap(([pattern, texts]) => texts.map((text) => `${string(text)} SIMILAR TO ${quoted(pattern)}`)), `${NONE} SIMILAR TO 'a'`, `${string('b')} NOT SIMILAR TO 'a'`, `${string('a%')} SIMILAR TO 'a!%' ESCAPE '!'`],
};
