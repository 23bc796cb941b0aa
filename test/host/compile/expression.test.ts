/** Random typed expressions on random rows: compiled, they give what the naive interpreter gives, in both builds. */
import fc from 'fast-check';
import { suite } from 'uvu';
import type { Column, Expression, FunctionName } from '../../../host/plan/nodes.ts';
import { arithmeticType, type ArithmeticName } from '../../../host/plan/type-rules.ts';
import type { SqlType } from '../../../host/plan/types.ts';
import { compileExpressions, REJECTED, type Value } from './expression-module.ts';
import { interpret, Rejected } from './expression-reference.ts';

const SEED = Number(process.env['MILLRACE_SEED'] ?? 20201230);
const EXPRESSIONS = 120;
const ROWS = 150;
const span = { start: 0, end: 0 };

type Kind = 'tiny' | 'int' | 'big' | 'double' | 'bool' | 'narrow' | 'wide' | 'text';
const TYPES: Readonly<Record<Kind, SqlType>> = {
  tiny: { name: 'TINYINT', isNullable: true }, int: { name: 'INT', isNullable: true }, big: { name: 'BIGINT', isNullable: true },
  double: { name: 'DOUBLE', isNullable: true }, bool: { name: 'BOOLEAN', isNullable: true },
  narrow: { name: 'DECIMAL', precision: 10, scale: 2, isNullable: true }, wide: { name: 'DECIMAL', precision: 38, scale: 6, isNullable: true },
  text: { name: 'STRING', isNullable: true },
};
const KINDS = Object.keys(TYPES) as Kind[];
/** Two columns of each kind; the second one of each cannot be NULL. */
const COLUMNS: readonly Column[] = KINDS.flatMap((kind) => [
  { name: kind, type: TYPES[kind] }, { name: `${kind} set`, type: { ...TYPES[kind], isNullable: false } as SqlType },
]);

const integer = (bits: number): fc.Arbitrary<bigint> => fc.oneof(
  fc.bigInt(-3n, 3n), fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }),
  fc.constantFrom(-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n),
);
const TEXTS = fc.oneof(
  fc.constantFrom('', ' ', 'abc', ' a b ', 'é\u{1f600}z', '12', ' -7 ', '1.9', 'abab', 'aXbXc', 'a\nb', '%', 'sensor-17 in the long hall'),
  fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{1f600}', ' ', '%', '_', '1'), maxLength: 24 }),
);
const VALUES: Readonly<Record<Kind, fc.Arbitrary<Value>>> = {
  tiny: integer(8), int: integer(32), big: integer(64), bool: fc.boolean(),
  double: fc.oneof(fc.double(), fc.constantFrom(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300), fc.integer({ min: -4, max: 4 })),
  narrow: fc.oneof(fc.bigInt(-9999999999n, 9999999999n), fc.bigInt(-300n, 300n)),
  wide: fc.oneof(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.bigInt(-3000000n, 3000000n)), text: TEXTS,
};

const call = (name: FunctionName, kind: Kind, ...args: readonly Expression[]): Expression => ({ kind: 'call', name, args, type: TYPES[kind], span });
const castTo = (kind: Kind, input: Expression, isTry = false): Expression => ({ kind: 'cast', input, isTry, type: TYPES[kind], span });

function decimalCall(name: ArithmeticName, kind: 'narrow' | 'wide', left: Expression, right: Expression): Expression {
  const type = arithmeticType(name, left.type, right.type);
  if (type === undefined) throw new Error(`no type of ${name}`);
  return castTo(kind, { kind: 'call', name, args: [left, right], type, span });
}

const expressions = fc.letrec<Record<Kind, Expression>>((tie) => {
  const leaf = (kind: Kind): fc.Arbitrary<Expression> => fc.oneof(
    fc.integer({ min: 0, max: 1 }).map((offset): Expression => {
      const index = KINDS.indexOf(kind) * 2 + offset;
      return { kind: 'column', index, type: (COLUMNS[index] as Column).type, span };
    }),
    VALUES[kind].map((value): Expression => ({ kind: 'literal', value, type: { ...TYPES[kind], isNullable: false } as SqlType, span })),
  );
  const chosen = (kind: Kind): fc.Arbitrary<Expression> => fc.oneof(
    fc.tuple(tie('bool'), tie(kind), tie('bool'), tie(kind), tie(kind)).map(([a, x, b, y, z]): Expression => (
      { kind: 'case', branches: [{ when: a, then: x }, { when: b, then: y }], otherwise: z, type: TYPES[kind], span })),
    fc.tuple(tie('bool'), tie(kind), tie(kind))
      .map(([a, x, y]): Expression => ({ kind: 'case', branches: [{ when: a, then: x }], otherwise: y, type: TYPES[kind], span })),
    fc.tuple(tie(kind), tie(kind)).map(([a, b]) => call('coalesce', kind, a, b)),
  );
  const binary = (kind: Kind, ...names: readonly FunctionName[]): fc.Arbitrary<Expression> => (
    fc.tuple(fc.constantFrom(...names), tie(kind), tie(kind)).map(([name, a, b]) => call(name, kind, a, b)));
  const number = (kind: 'tiny' | 'int' | 'big'): fc.Arbitrary<Expression> => fc.oneof(
    { depthSize: 'small' }, leaf(kind), binary(kind, 'plus', 'minus', 'times', 'divide', 'mod'), binary(kind, 'plus', 'times', 'divide'), chosen(kind),
    tie(kind).map((a) => call('negate', kind, a)), tie(kind).map((a) => call('abs', kind, a)),
    fc.oneof(tie('int'), tie('big'), tie('double'), tie('narrow'), tie('wide')).map((a) => castTo(kind, a)),
    fc.tuple(tie('text'), fc.boolean()).map(([a, isTry]) => castTo(kind, a, isTry)),
    ...(kind === 'int' ? [tie('text').map((a) => call('charLength', 'int', a)), fc.tuple(tie('text'), tie('text'))
      .map(([a, b]) => call('position', 'int', a, b))] : []),
  );
  const decimal = (kind: 'narrow' | 'wide'): fc.Arbitrary<Expression> => fc.oneof(
    { depthSize: 'small' }, leaf(kind), chosen(kind),
    fc.tuple(fc.constantFrom<ArithmeticName>('plus', 'minus', 'times', 'divide', 'mod'), fc.oneof(tie('narrow'), tie('wide'), tie('int'), tie('big')),
      fc.oneof(tie('narrow'), tie('wide')))
      .map(([name, a, b]) => decimalCall(name, kind, a, b)),
    tie(kind).map((a) => call('negate', kind, a)), tie(kind).map((a) => call('abs', kind, a)), fc.oneof(tie('int'), tie('wide'), tie('narrow'))
      .map((a) => castTo(kind, a)),
  );
  const comparison = fc.oneof(...KINDS.filter((kind) => kind !== 'bool').map((kind) => (
    fc.tuple(fc.constantFrom<FunctionName>('eq', 'ne', 'lt', 'le', 'gt', 'ge'), tie(kind), tie(kind)).map(([name, a, b]) => call(name, 'bool', a, b)))));
  return {
    tiny: number('tiny'), int: number('int'), big: number('big'), narrow: decimal('narrow'), wide: decimal('wide'),
    double: fc.oneof({ depthSize: 'small' }, leaf('double'), binary('double', 'plus', 'minus', 'times', 'divide'), chosen('double'), tie('double')
      .map((a) => call('floor', 'double', a)),
      fc.oneof(tie('big'), tie('narrow'), tie('wide')).map((a) => castTo('double', a))),
    bool: fc.oneof({ depthSize: 'small' }, leaf('bool'), comparison, comparison, binary('bool', 'and', 'or'), binary('bool', 'and', 'or'),
      tie('bool').map((a) => call('not', 'bool', a)),
      fc.tuple(fc.constantFrom<FunctionName>('isNull', 'isNotNull'), fc.oneof(tie('int'), tie('text'), tie('narrow')))
        .map(([name, a]) => call(name, 'bool', a)),
      fc.tuple(fc.constantFrom<FunctionName>('isTrue', 'isNotTrue', 'isFalse', 'isNotFalse'), tie('bool')).map(([name, a]) => call(name, 'bool', a)),
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => call('like', 'bool', a, b))),
    text: fc.oneof({ depthSize: 'small' }, leaf('text'), chosen('text'), fc.tuple(fc.constantFrom<FunctionName>('upper', 'lower', 'trim'),
      tie('text')).map(([name, a]) => call(name, 'text', a)),
      binary('text', 'concatOperator'), fc.tuple(tie('text'), tie('int'), tie('int')).map(([a, b, c]) => call('substring', 'text', a, b, c)),
      fc.tuple(tie('text'), tie('text'), tie('text')).map(([a, b, c]) => call('replace', 'text', a, b, c)),
      fc.oneof(tie('big'), tie('narrow'), tie('wide'), tie('bool')).map((a) => castTo('text', a))),
  };
});

const rows = fc.tuple(...COLUMNS.map(({ type }, index) => (
  type.isNullable ? fc.option(VALUES[KINDS[index >> 1] as Kind], { freq: 3 }) : VALUES[KINDS[index >> 1] as Kind])));

function expected(expression: Expression, row: readonly Value[]): Value | typeof REJECTED {
  try {
    return interpret(expression, row);
  } catch (error) {
    if (error instanceof Rejected) return REJECTED;
    throw error;
  }
}

/** Texts that grow without bound fill the arena; then the row is rejected, which the interpreter does not know. */
function isLarge(value: Value | typeof REJECTED): boolean { return typeof value === 'string' && value.length > 10_000; }

const test = suite(`compiled expressions, seed ${SEED}`);

for (const isSimd of [true, false]) {
  test(`random expressions give what the interpreter gives, ${isSimd ? 'with' : 'without'} SIMD`, async () => {
    const chosen = fc.sample(fc.oneof(...KINDS.map((kind) => expressions[kind])), { seed: SEED + Number(isSimd), numRuns: EXPRESSIONS });
    const module = await compileExpressions(COLUMNS, chosen, { isSimd });
    fc.assert(fc.property(rows, (row) => {
      chosen.forEach((expression, index) => {
        const answer = module.evaluate(index, row as Value[]);
        const wanted = expected(expression, row as Value[]);
        if (!Object.is(answer, wanted) && !isLarge(wanted)) {
          throw new Error(`${String(answer)} and not ${String(wanted)}:\n${module.text.split('export function ')[index + 1]}`);
        }
      });
    }), { seed: SEED, numRuns: ROWS, endOnFailure: true, includeErrorInReport: true });
  });
}

test.run();
