/** Signatures of the functions of numbers. */
import { always, anyNullable, first, signature, type Literals, type NamedSignature } from './signature.ts';
import { decimal, withNullable } from './type-rules.ts';
import type { SqlType } from './types.ts';

/** DECIMAL(p, s) without digits after the point; other numbers stay as they are. */
function whole(args: readonly SqlType[]): SqlType {
  const type = first(args);
  return type.name === 'DECIMAL' ? decimal(type.precision, 0, type.isNullable) : type;
}

/** ROUND(x, digits): a DECIMAL keeps the digits asked for when they are a literal, with room for a carry. */
function rounded(args: readonly SqlType[], literals: Literals): SqlType {
  const type = first(args);
  const digits = args.length === 1 ? 0n : literals[1];
  if (type.name !== 'DECIMAL' || digits === undefined) return withNullable(type, anyNullable(args));
  if (digits >= BigInt(type.scale)) return withNullable(type, anyNullable(args));
  const kept = digits < 0n ? 0 : Number(digits);
  return decimal(Math.min(38, 1 + type.precision - type.scale + kept), kept, anyNullable(args));
}

const ceil = signature('ceil', ['number'], whole);
const double = always('DOUBLE');

export const NUMBER_FUNCTIONS: readonly NamedSignature[] = [
  ['ABS', signature('abs', ['number'], first)], ['FLOOR', signature('floor', ['number'], whole)], ['CEIL', ceil], ['CEILING', ceil],
  ['SIGN', signature('sign', ['number'], first)], ['TRUNCATE', signature('truncate', ['number', 'integer'], rounded, { least: 1 })],
  ['ROUND', signature('round', ['number', 'integer'], rounded, { least: 1 })],
  ['POWER', signature('power', ['double', 'double'], double)], ['SQRT', signature('sqrt', ['double'], double)], ['EXP', signature('exp', ['double'], double)],
  ['LN', signature('ln', ['double'], double)], ['LOG10', signature('log10', ['double'], double)], ['LOG2', signature('log2', ['double'], double)],
  ['SIN', signature('sin', ['double'], double)], ['COS', signature('cos', ['double'], double)], ['TAN', signature('tan', ['double'], double)],
  ['COT', signature('cot', ['double'], double)], ['ASIN', signature('asin', ['double'], double)], ['ACOS', signature('acos', ['double'], double)],
  ['ATAN', signature('atan', ['double'], double)], ['ATAN2', signature('atan2', ['double', 'double'], double)],
  ['SINH', signature('sinh', ['double'], double)], ['COSH', signature('cosh', ['double'], double)], ['TANH', signature('tanh', ['double'], double)],
  ['DEGREES', signature('degrees', ['double'], double)], ['RADIANS', signature('radians', ['double'], double)],
  ['BIN', signature('bin', ['long'], always('STRING'))],
];
