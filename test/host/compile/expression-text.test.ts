/** UPPER and LOWER of every code point against the engine's own mappings, in both builds. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Expression, FunctionName } from '../../../host/plan/nodes.ts';
import type { SqlType } from '../../../host/plan/types.ts';
import { compileExpressions } from './expression-module.ts';

const STRING: SqlType = { name: 'STRING', isNullable: false };
const span = { start: 0, end: 0 };
const column: Expression = { kind: 'column', index: 0, type: STRING, span };
const of = (name: FunctionName): Expression => ({ kind: 'call', name, args: [column], type: STRING, span });

/** The engine's mapping where it gives one code point; the exceptions that letters.ts names. */
function expected(text: string, isUpper: boolean): string {
  return [...text].map((point) => {
    if (point === '\u00df' && isUpper) return 'SS';
    if (point === '\u0130' && !isUpper) return 'i\u0307';
    const changed = isUpper ? point.toUpperCase() : point.toLowerCase();
    return [...changed].length === 1 ? changed : point;
  }).join('');
}

const test = suite('upper and lower case');

for (const isSimd of [true, false]) {
  const module = await compileExpressions([{ name: 'text', type: STRING }], [of('upper'), of('lower')], { isSimd });
  test(`every letter with one counterpart gets it, ${isSimd ? 'with' : 'without'} SIMD`, () => {
    for (let start = 0; start < 0x20000; start += 64) {
      if (start >= 0xd800 && start < 0xe000) continue;
      // Spaces between, so that no sigma ends a word.
      const text = Array.from({ length: 64 }, (_, index) => ` ${String.fromCodePoint(start + index)}`).join('');
      assert.is(module.evaluate(0, [text]), expected(text, true), `upper case from ${start.toString(16)}`);
      assert.is(module.evaluate(1, [text]), expected(text, false), `lower case from ${start.toString(16)}`);
    }
  });

  test(`a sigma that ends a word has its final form, ${isSimd ? 'with' : 'without'} SIMD`, () => {
    for (const text of ['\u039f\u0394\u039f\u03a3', '\u03a3', 'A\u03a3 \u03a3A', '\u03a3\u03a3\u03a3', 'A\u03a3.']) {
      assert.is(module.evaluate(1, [text]), text.toLowerCase());
    }
  });
}

test.run();
