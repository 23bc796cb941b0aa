/**
 * Comparisons. As in Flink, texts compare by their UTF-8 bytes, and a NaN equals a NaN but is neither less nor greater.
 * The operands have one type already; the binder has written the casts.
 */
import type { Expression } from '../plan/nodes.ts';
import { anyOf, library, not, type Compiled, type Context, type Scope } from './expression-scope.ts';
import { cellOf } from './layout.ts';
import { bytesEqual } from './literal.ts';

type Call = Extract<Expression, { kind: 'call' }>;

const OPERATORS = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;
type Name = keyof typeof OPERATORS;
/** Longer constants are compared by the library: four words are about what its call costs. */
const WORDS_BYTES_MAX = 32;

/** = <> < <= > >= */
export function compileComparison(call: Call, context: Context): Compiled {
  const [left, right] = call.args;
  if (left === undefined || right === undefined || !(call.name in OPERATORS)) throw new Error(`${call.name} is no comparison of two operands`);
  const cell = cellOf(left.type);
  if (left.type.name !== 'NULL' && right.type.name !== 'NULL' && cell !== cellOf(right.type)) {
    throw new Error(`${left.type.name} and ${right.type.name} are compared without a cast`);
  }
  const [a, b] = [context.compile(left), context.compile(right)];
  const isNull = anyOf(a.isNull, b.isNull);
  const setup = [...a.setup, ...b.setup];
  if (isNull === 'true') return { setup, value: 'false', isNull };
  if (cell === 'text') {
    const literal = right.kind === 'literal' ? right.value : undefined;
    return textComparison(call.name as Name, a, b, isNull, context, typeof literal === 'string' ? literal : undefined);
  }
  const isExact = [left, right].some((side) => side.kind === 'literal' && !Number.isNaN(Number(side.value)));
  return { setup, value: `(${plainComparison(call.name as Name, cell, a.value, b.value, isExact, context)})`, isNull };
}

function plainComparison(name: Name, cell: string, a: string, b: string, isExact: boolean, { scope }: Context): string {
  if (cell === 'wide') return `${library(scope, 'compareWide')}(${a}, ${b}) ${OPERATORS[name]} 0`;
  // Beside a literal that is a number, NaN compares as the machine does.
  if ((cell !== 'f64' && cell !== 'f32') || isExact || name === 'lt' || name === 'gt') return `${a} ${OPERATORS[name]} ${b}`;
  const equal = library(scope, cell === 'f64' ? 'equalDouble' : 'equalFloat');
  const atMost = (x: string, y: string): string => `${library(scope, cell === 'f64' ? 'atMostDouble' : 'atMostFloat')}(${x}, ${y})`;
  switch (name) {
    case 'eq': return `${equal}(${a}, ${b})`;
    case 'ne': return `!${equal}(${a}, ${b})`;
    case 'le': return atMost(a, b);
    case 'ge': return atMost(b, a);
  }
}

/**
 * Texts are read only where neither is NULL: a NULL's address may point anywhere.
 * @param literal the right operand, where it is a constant
 */
function textComparison(
  name: Name, a: Compiled, b: Compiled, isNull: string, { scope }: Context, literal: string | undefined,
): Compiled {
  const isEquality = name === 'eq' || name === 'ne';
  const test = isEquality ? `${name === 'ne' ? '!' : ''}${equalityText(a.value, b.value, literal, scope)}`
    : `${library(scope, 'textCompare')}(${a.value}, ${b.value}) ${OPERATORS[name]} 0`;
  const result = scope.fresh('compared');
  const guarded = isNull === 'false' ? test : `${not(isNull)} && ${test}`;
  return { setup: [...a.setup, ...b.setup, `const ${result} = ${guarded};`], value: result, isNull };
}

/** A condition that holds when two texts are the same; a short constant is compared in words. */
function equalityText(a: string, b: string, literal: string | undefined, scope: Scope): string {
  const bytes = literal === undefined ? undefined : new TextEncoder().encode(literal);
  if (bytes === undefined || bytes.length > WORDS_BYTES_MAX) return `${library(scope, 'textEquals')}(${a}, ${b})`;
  const isAsLong = `${library(scope, 'textLength')}(${a}) == ${bytes.length}`;
  if (bytes.length === 0) return `(${isAsLong})`;
  return `(${isAsLong} && ${bytesEqual(`${library(scope, 'textAddress')}(${a})`, bytes)})`;
}
