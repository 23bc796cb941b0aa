/** SQL text into tokens. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tokenize } from '../../../host/sql/lexer.ts';

const tokens = (text: string): string[] => tokenize(text).tokens.map(({ kind, text: value }) => `${kind}:${value}`);
const problems = (text: string): string[] => tokenize(text).problems.map(({ message, span }) => `${span.start}-${span.end} ${message}`);

test('words, numbers, strings, quoted names and symbols are told apart', () => {
  assert.equal(tokens("SELECT `a b`, 1.5e3 <> 'x'"), ['word:SELECT', 'quoted:a b', 'symbol:,', 'number:1.5e3', 'symbol:<>', 'string:x', 'end:']);
});

test('numbers may start or end with a point', () => {
  assert.equal(tokens('.5 5. 1E-2 12'), ['number:.5', 'number:5.', 'number:1E-2', 'number:12', 'end:']);
});

test('comments of both kinds are skipped, and semicolons in them end nothing', () => {
  assert.equal(tokens('a -- b ; c\n/* ; d */ e'), ['word:a', 'word:e', 'end:']);
});

test('a doubled quote stands for the quote itself', () => {
  assert.equal(tokens("'it''s' `a``b`"), ["string:it's", 'quoted:a`b', 'end:']);
});

test('symbols are as long as they can be', () => {
  assert.equal(tokens('a<=b>=c||d=>e'), ['word:a', 'symbol:<=', 'word:b', 'symbol:>=', 'word:c', 'symbol:||', 'word:d', 'symbol:=>', 'word:e', 'end:']);
});

test('names may have letters of any language', () => {
  assert.equal(tokens('größe 温度'), ['word:größe', 'word:温度', 'end:']);
});

test('places count from the start of the text', () => {
  const [, second] = tokenize('ab  `c`').tokens;
  assert.equal([second?.start, second?.end], [4, 7]);
});

test('an open string, name or comment is a problem where it starts', () => {
  assert.equal(problems("a 'b"), ['2-3 this string has no end']);
  assert.equal(problems('a `b'), ['2-3 this quoted name has no end']);
  assert.equal(problems('a /* b'), ['2-4 this comment has no end']);
});

test('a character that SQL does not know is a problem and is skipped', () => {
  assert.equal(problems('a # b 😀'), ['2-3 # does not belong in SQL', '6-8 😀 does not belong in SQL']);
  assert.equal(problems('a "b c" d'), ['2-7 "b c" does not belong in SQL']);
  assert.equal(tokens('a # b'), ['word:a', 'word:b', 'end:']);
});

test.run();
