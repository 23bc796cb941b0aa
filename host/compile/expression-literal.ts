/** Literals as AssemblyScript text. Texts and wide DECIMALs are constants in the module's memory. */
import type { Expression, LiteralValue } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { emptyText, library, type Scope, type ValueText } from './expression-scope.ts';
import { cellOf } from './layout.ts';

type Literal = Extract<Expression, { kind: 'literal' }>;

const LONG_MIN = -(1n << 63n);

/** The literal's value, folded into text. */
export function literalText({ value, type }: Literal, scope: Scope): ValueText {
  if (value === null) {
    if (cellOf(type) === 'wide') library(scope, 'ZERO_WIDE');
    return { value: emptyText(type), isNull: 'true' };
  }
  return { value: constantText(value, type, scope), isNull: 'false' };
}

function constantText(value: Exclude<LiteralValue, null>, type: SqlType, scope: Scope): string {
  switch (cellOf(type)) {
    case 'bool': return String(Boolean(value));
    case 'i32': return integerText(BigInt(value), 32);
    case 'i64': return integerText(BigInt(value), 64);
    case 'f32': return `<f32>${doubleText(Number(value))}`;
    case 'f64': return doubleText(Number(value));
    case 'text': return textConstant(String(value), scope);
    case 'wide': return wideConstant(BigInt(value));
  }
}

function integerText(value: bigint, bits: 32 | 64): string {
  const text = bits === 64 && value === LONG_MIN ? 'i64.MIN_VALUE' : String(value);
  return value < 0n ? `(${text})` : text;
}

/** The shortest text of a double, always with a point or an exponent. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  const typed = /[.eIN]/.test(text) ? text : `${text}.0`;
  return value < 0 || Object.is(value, -0) ? `(${typed})` : typed;
}

/** A Text over constant bytes. */
export function textConstant(text: string, scope: Pick<Scope, 'used'>): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0) return '0';
  return `${library(scope, 'textOf')}(memory.data<u8>([${bytes.join(', ')}]), ${bytes.length})`;
}

/** Address of 16 constant bytes. */
function wideConstant(value: bigint): string {
  const words = [BigInt.asUintN(64, value), BigInt.asUintN(64, value >> 64n)].map((word) => `0x${word.toString(16)}`);
  return `memory.data<u64>([${words.join(', ')}], 8)`;
}
