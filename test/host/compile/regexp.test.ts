/** Random patterns on random texts find what JavaScript's engine finds; patterns that make others explode take no longer. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Expression } from '../../../host/plan/nodes.ts';
import { parsePattern, PatternProblem } from '../../../host/plan/regexp.ts';
import type { SqlType } from '../../../host/plan/types.ts';
import { compileExpressions } from './expression-module.ts';

const SEED = Number(process.env['MILLRACE_SEED'] ?? 20201230);
const PATTERNS = 150;
const TEXTS = 40;
const span = { start: 0, end: 0 };
const STRING: SqlType = { name: 'STRING', isNullable: true };

const calls = (pattern: string): Expression => {
  const literal: Expression = { kind: 'literal', value: pattern, type: { name: 'STRING', isNullable: false }, span };
  return { kind: 'call', name: 'regexpReplace', args: [{ kind: 'column', index: 0, type: STRING, span }, literal, { ...literal, value: '<>' }], type: STRING, span };
};

/** Patterns that mean the same to Java and JavaScript, and whose repetitions always take something. */
const patterns = fc.letrec<{ atom: string; piece: string; tree: string }>((tie) => ({
  atom: fc.oneof({ maxDepth: 3 }, fc.constantFrom('a', 'b', 'é', '\u{1f600}', '.', '[ab]', '[^a]', '\\d', '\\w', '[b-dé]', '\\s'),
    tie('tree').map((tree) => `(${tree})`), tie('tree').map((tree) => `(?:${tree})`)),
  piece: fc.tuple(tie('atom'), fc.constantFrom('', '', '', '?', '+', '*', '{2}', '{1,2}', '+?', '*?', '??')).map(([atom, more]) => (
    /^\(/.test(atom) && /[*+{?]/.test(more) ? `(?:${atom}b)${more}` : `${atom}${more}`)),
  tree: fc.oneof({ maxDepth: 3 }, fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    fc.tuple(tie('piece'), tie('piece')).map(([a, b]) => `${a}|${b}`)),
})).tree;
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '\u{1f600}', '1', ' ', '\n'), maxLength: 24 });

const test = suite('patterns');

test('replacing all matches gives what another engine gives', async () => {
  const sampled = fc.sample(fc.tuple(patterns, fc.constantFrom('', '', '^'), fc.constantFrom('', '', '\\z')), { seed: SEED, numRuns: PATTERNS })
    .map(([tree, start, end]) => (start + end === '' ? tree : `${start}(?:${tree})${end}`));
  const subjects = fc.sample(texts, { seed: SEED, numRuns: TEXTS });
  const module = await compileExpressions([{ name: 's', type: STRING }], sampled.map(calls));
  const wrong = sampled.flatMap((pattern, index) => subjects.flatMap((text) => {
    const expected = text.replace(new RegExp(pattern.replaceAll('\\z', '$').replaceAll('\\s', '[ \\n]'), 'gu'), '<>');
    const answer = module.evaluate(index, [text]);
    return answer === expected ? [] : [`${pattern} on ${JSON.stringify(text)}: ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`];
  }));
  assert.equal(wrong.slice(0, 5), []);
});

test('a pattern with nested repetition takes time linear in the text', async () => {
  const module = await compileExpressions([{ name: 's', type: STRING }], [calls('(a+)+c'), calls('(a|a)*c'), calls('(.*)*x')], { isOptimized: true });
  for (const index of [0, 1, 2]) {
    const started = performance.now();
    module.evaluate(index, ['a'.repeat(2000)]);
    // Quadratic where it starts anew at each place; exponential would not end.
    assert.ok(performance.now() - started < 5000, `pattern ${index}`);
  }
});

test('what cannot be matched in linear time is refused with a reason', () => {
  for (const pattern of ['(a)\\1', '(?=a)', '(?<!a)b', 'a++', '(?>a)', '\\k<n>', '(?x)a', '\\G']) {
    assert.throws(() => parsePattern(pattern), (problem: unknown) => problem instanceof PatternProblem && !problem.isOfJava, pattern);
  }
  for (const pattern of ['(', 'a)', '*', '[a', 'x{2', '\\', '[b-a]', 'a{2,1}', '\\q']) {
    assert.throws(() => parsePattern(pattern), (problem: unknown) => problem instanceof PatternProblem && problem.isOfJava, pattern);
  }
});

test.run();
