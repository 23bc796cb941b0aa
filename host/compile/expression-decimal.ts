/**
 * DECIMAL arithmetic. Sums and products whose digits fit an i64 whatever the operands are plain i64 operators; all else goes
 * through assembly/scalar/decimal.ts on 16 bytes in scratch memory, and is NULL where it has too many digits.
 */
import type { Expression } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { anyOf, isNumberText, library, not, type Compiled, type Context, type Scope, type ValueText } from './expression-scope.ts';
import { cellOf } from './layout.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Decimal = Extract<SqlType, { name: 'DECIMAL' }>;

const WIDE_BYTES = 16;
const LONG_DIGITS = 18;
/** Decimal digits of each integer type. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { TINYINT: 3, SMALLINT: 5, INT: 10, BIGINT: 19 };

/** An integer or DECIMAL type as DECIMAL. */
export function decimalOf(type: SqlType): Decimal {
  if (type.name === 'DECIMAL') return type;
  const precision = INTEGER_DIGITS[type.name];
  if (precision === undefined) throw new Error(`${type.name} is no exact number`);
  return { name: 'DECIMAL', precision, scale: 0, isNullable: type.isNullable };
}

/** A DECIMAL or integer value as the address of 16 bytes. */
export function wideText(value: string, type: SqlType, scope: Scope): string {
  if (cellOf(type) === 'wide') return value;
  return `${library(scope, 'widen')}(${value}, ${scope.reserve(WIDE_BYTES)})`;
}

/** What a function left in 16 bytes at `address`, as a value of the type. */
export function placedText(address: number, type: SqlType, scope: Scope): string {
  return cellOf(type) === 'wide' ? String(address) : `${library(scope, 'narrowed')}(${address})`;
}

/**
 * A call of a function that writes its result to memory and answers whether it fits.
 * @param call text of the call, given the address to write to
 */
export function placed(setup: readonly string[], isNull: string, hint: string, type: SqlType, scope: Scope, call: (into: number) => string): Compiled {
  const into = scope.reserve(WIDE_BYTES);
  const fits = scope.fresh(hint);
  const called = call(into);
  return {
    setup: [...setup, `const ${fits} = ${isNull === 'false' ? called : `${not(isNull)} && ${called}`};`],
    value: placedText(into, type, scope), isNull: not(fits),
  };
}

/** + - * / and MOD with a DECIMAL result. */
export function compileDecimalArithmetic(call: Call, left: Expression, right: Expression, context: Context): Compiled {
  const { scope } = context;
  const type = decimalOf(call.type);
  const [a, b] = [context.compile(left), context.compile(right)];
  const [x, y] = [decimalOf(left.type), decimalOf(right.type)];
  const setup = [...a.setup, ...b.setup];
  const isNull = anyOf(a.isNull, b.isNull);
  const plain = plainText(call, { value: longText(a, left.type), type: x }, { value: longText(b, right.type), type: y }, type);
  if (plain !== undefined) return { setup, value: plain, isNull };
  const [wideA, wideB] = [wideText(longText(a, left.type), left.type, scope), wideText(longText(b, right.type), right.type, scope)];
  const both = `${wideA}, ${x.scale}, ${wideB}, ${y.scale}`;
  const size = `${type.precision}, ${type.scale}`;
  return placed(setup, isNull, call.name, call.type, scope, (into) => {
    switch (call.name) {
      case 'plus': return `${library(scope, 'addDecimal')}(${both}, ${into}, ${size})`;
      case 'minus': return `${library(scope, 'subtractDecimal')}(${both}, ${into}, ${size})`;
      case 'times': return `${library(scope, 'multiplyDecimal')}(${wideA}, ${wideB}, ${x.scale + y.scale}, ${into}, ${size})`;
      case 'divide': return `${library(scope, 'divideDecimal')}(${both}, ${into}, ${size}, ${scope.idOf(call)})`;
      default: return `${library(scope, 'moduloDecimal')}(${both}, ${into}, ${size}, ${scope.idOf(call)})`;
    }
  });
}

interface Operand { readonly value: string; readonly type: Decimal }

/** The operation on i64, where no digit can be lost; undefined elsewhere. */
function plainText(call: Call, a: Operand, b: Operand, type: Decimal): string | undefined {
  if (Math.max(a.type.precision, b.type.precision, type.precision) > LONG_DIGITS) return undefined;
  const [x, y] = [a.value, b.value];
  if (call.name === 'times') return type.scale === a.type.scale + b.type.scale ? `(${x} * ${y})` : undefined;
  if (call.name !== 'plus' && call.name !== 'minus') return undefined;
  if (type.scale !== Math.max(a.type.scale, b.type.scale)) return undefined;
  return `(${scaled(x, type.scale - a.type.scale)} ${call.name === 'plus' ? '+' : '-'} ${scaled(y, type.scale - b.type.scale)})`;
}

/** An exact number of at most 18 digits as i64. */
function longText({ value }: ValueText, type: SqlType): string {
  if (cellOf(type) === 'wide') return value;
  return cellOf(type) === 'i32' || isNumberText(value) ? `<i64>${value}` : value;
}

function scaled(value: string, digits: number): string { return digits === 0 ? value : `${value} * ${10n ** BigInt(digits)}`; }

/** Unary minus of a wide value. */
export function compileDecimalNegate(operand: Expression, context: Context): Compiled {
  return onWide('negateWide', 'negated', context.compile(operand), context.scope);
}

/** A function of 16 bytes that always has a result. */
function onWide(name: 'negateWide' | 'absoluteWide', hint: string, operand: Compiled, scope: Scope): Compiled {
  const result = scope.fresh(hint);
  const into = scope.reserve(WIDE_BYTES);
  return { setup: [...operand.setup, `const ${result} = ${library(scope, name)}(${operand.value}, ${into});`], value: result, isNull: operand.isNull };
}

/** ABS, FLOOR, CEIL and ROUND of a DECIMAL; what ROUND makes of places that are not a literal has no type and is refused. */
export function compileDecimalRounding(call: Call, operand: Expression, digits: Expression | undefined, context: Context): Compiled {
  const { scope } = context;
  const type = decimalOf(operand.type);
  const compiled = context.compile(operand);
  if (call.name === 'abs') {
    if (cellOf(operand.type) === 'wide') return onWide('absoluteWide', 'absolute', compiled, scope);
    return { ...compiled, value: `abs<i64>(${compiled.value})` };
  }
  const result = decimalOf(call.type);
  const wide = wideText(compiled.value, operand.type, scope);
  // As in Flink, FLOOR, CEIL and ROUND may need one digit more than their type declares.
  const precision = cellOf(call.type) === 'wide' ? 38 : LONG_DIGITS;
  if (call.name === 'floor' || call.name === 'ceil') {
    const name = library(scope, call.name === 'floor' ? 'floorDecimal' : 'ceilDecimal');
    return placed(compiled.setup, compiled.isNull, call.name, call.type, scope, (into) => (
      `${name}(${wide}, ${type.scale}, ${into}, ${precision}, ${result.scale})`));
  }
  if (call.name === 'sign') return placed(compiled.setup, compiled.isNull, 'sign', call.type, scope, (into) => (
    `${library(scope, 'signDecimal')}(${wide}, ${into}, ${precision}, ${type.scale})`));
  const name = library(scope, call.name === 'truncate' ? 'truncateDecimal' : 'roundDecimal');
  const place = digits === undefined ? { setup: [], value: '0', isNull: 'false' } : context.compile(digits);
  return placed([...compiled.setup, ...place.setup], anyOf(compiled.isNull, place.isNull), 'rounded', call.type, scope, (into) => (
    `${name}(${wide}, ${type.scale}, ${place.value}, ${into}, ${precision}, ${result.scale})`));
}
