/**
 * Arithmetic on integers and on floating point, negation and rounding. Integers wrap in their type as Java's do; dividing one by
 * zero fails; division of floating point never does. DECIMALs and times have parts of their own.
 */
import type { Expression } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { compileDecimalArithmetic, compileDecimalNegate, compileDecimalRounding } from './expression-decimal.ts';
import { anyOf, isNumberText, library, localType, not, typedText, type Compiled, type Context } from './expression-scope.ts';
import { compileTimeArithmetic } from './expression-time.ts';
import { cellOf } from './layout.ts';

type Call = Extract<Expression, { kind: 'call' }>;

const OPERATORS: Readonly<Record<string, string>> = { plus: '+', minus: '-', times: '*', divide: '/' };

/** + - * / and MOD. */
export function compileArithmetic(call: Call, context: Context): Compiled {
  const [left, right] = call.args;
  if (left === undefined || right === undefined) throw new Error(`${call.name} takes two operands`);
  if (isTime(left.type) || isTime(right.type)) return compileTimeArithmetic(call, left, right, context);
  if (call.type.name === 'DECIMAL') return compileDecimalArithmetic(call, left, right, context);
  const [a, b] = [context.compile(left), context.compile(right)];
  const isNull = anyOf(a.isNull, b.isNull);
  const setup = [...a.setup, ...b.setup];
  const cell = cellOf(call.type);
  if (cell === 'f32' || cell === 'f64') {
    if (call.name === 'mod') throw new Error('MOD of approximate numbers');
    return { setup, value: `(${converted(a.value, left.type, cell)} ${OPERATORS[call.name]} ${besides(b.value, right.type, cell)})`, isNull };
  }
  const wide = cellOf(left.type) === 'i64' || cellOf(right.type) === 'i64' ? 'i64' : 'i32';
  const [x, y] = [converted(a.value, left.type, wide), besides(b.value, right.type, wide)];
  if (call.name !== 'divide' && call.name !== 'mod') return { setup, value: wrapped(`(${x} ${OPERATORS[call.name]} ${y})`, call.type, wide), isNull };
  return quotient(call, { setup, value: '', isNull }, { x, y, wide, divisor: right }, context);
}

function isTime({ name }: SqlType): boolean {
  return name === 'TIMESTAMP' || name === 'TIMESTAMP_LTZ' || name === 'DATE' || name === 'TIME' || name === 'INTERVAL';
}

interface Division { readonly x: string; readonly y: string; readonly wide: 'i32' | 'i64'; readonly divisor: Expression }

/** Division needs no function when the divisor is a literal other than 0 and -1: then the machine's own cannot trap. */
function quotient(call: Call, { setup, isNull }: Compiled, { x, y, wide, divisor }: Division, { scope }: Context): Compiled {
  const isDivision = call.name === 'divide';
  if (divisor.kind === 'literal' && divisor.value !== null && BigInt(divisor.value) !== 0n && BigInt(divisor.value) !== -1n) {
    return { setup, value: wrapped(`(${x} ${isDivision ? '/' : '%'} ${y})`, call.type, wide), isNull };
  }
  const name = library(scope, isDivision ? (wide === 'i64' ? 'divideLong' : 'divideInt') : wide === 'i64' ? 'moduloLong' : 'moduloInt');
  const result = scope.fresh(isDivision ? 'quotient' : 'remainder');
  const divided = wrapped(`${name}(${x}, ${y}, ${scope.idOf(call)})`, call.type, wide);
  const guarded = isNull === 'false' ? divided : `${not(isNull)} ? ${divided} : 0`;
  return { setup: [...setup, `const ${result}: ${localType(call.type)} = ${guarded};`], value: result, isNull };
}

/** The operand in the cell that the operation is done in; a literal would else take the type that surrounds the operation. */
function converted(value: string, type: SqlType, cell: 'i32' | 'i64' | 'f32' | 'f64'): string {
  return cellOf(type) === cell && !isNumberText(value) ? value : `<${cell}>${value}`;
}

/** The right operand, where the left one settles the type of a literal. */
function besides(value: string, type: SqlType, cell: 'i32' | 'i64' | 'f32' | 'f64'): string {
  return isNumberText(value) && cellOf(type) === cell ? value : converted(value, type, cell);
}

/** An integer that was computed in `wide`, wrapped to its own type. */
function wrapped(value: string, type: SqlType, wide: 'i32' | 'i64'): string {
  if (type.name === 'TINYINT') return `<i32><i8>${value}`;
  if (type.name === 'SMALLINT') return `<i32><i16>${value}`;
  return wide === 'i64' && type.name === 'INT' ? `<i32>${value}` : value;
}

/** Unary minus. */
export function compileNegate(call: Call, context: Context): Compiled {
  const [operand] = call.args;
  if (operand === undefined) throw new Error('negate takes an operand');
  if (cellOf(operand.type) === 'wide') return compileDecimalNegate(operand, context);
  const { setup, value, isNull } = context.compile(operand);
  return { setup, value: wrapped(`(-${typedText(value, operand.type)})`, call.type, 'i32'), isNull };
}

/** ABS, SIGN, FLOOR, CEIL, ROUND and TRUNCATE. */
export function compileRounding(call: Call, context: Context): Compiled {
  const [operand, digits] = call.args;
  if (operand === undefined) throw new Error(`${call.name} takes an operand`);
  if (operand.type.name === 'DECIMAL') return compileDecimalRounding(call, operand, digits, context);
  const compiled = context.compile(operand);
  const cell = cellOf(operand.type);
  if (call.name === 'round' || call.name === 'truncate') return rounded(call, compiled, digits, context);
  if (call.name === 'sign') return { ...compiled, value: signText(compiled.value, cell, context) };
  if (cell === 'i32' || cell === 'i64') {
    return call.name === 'abs' ? { ...compiled, value: wrapped(`abs<${cell}>(${compiled.value})`, call.type, 'i32') } : compiled;
  }
  return { ...compiled, value: `${call.name}<${cell}>(${compiled.value})` };
}

function signText(value: string, cell: string, { scope }: Context): string {
  if (cell === 'f64') return `${library(scope, 'signDouble')}(${value})`;
  if (cell === 'f32') return `<f32>${library(scope, 'signDouble')}(<f64>${value})`;
  return `<${cell}>(<i32>(<${cell}>${value} > 0) - <i32>(<${cell}>${value} < 0))`;
}

const ROUNDERS = {
  round: { i32: 'roundInt', i64: 'roundLong', f32: 'roundFloat', f64: 'roundDouble' },
  truncate: { i32: 'truncateInt', i64: 'truncateLong', f32: 'truncateFloat', f64: 'truncateDouble' },
} as const;

function rounded(call: Call, operand: Compiled, digits: Expression | undefined, context: Context): Compiled {
  const { scope } = context;
  const cell = cellOf(call.type);
  const isInteger = cell === 'i32' || cell === 'i64';
  if (digits === undefined && isInteger) return operand;
  const place = digits === undefined ? { setup: [], value: '0', isNull: 'false' } : context.compile(digits);
  const name = library(scope, ROUNDERS[call.name === 'truncate' ? 'truncate' : 'round'][cell as 'i32' | 'i64' | 'f32' | 'f64']);
  const isNull = anyOf(operand.isNull, place.isNull);
  const result = scope.fresh('rounded');
  const called = wrapped(`${name}(${operand.value}, ${place.value}${isInteger ? '' : `, ${scope.idOf(call)}`})`, call.type, 'i32');
  const guarded = isNull === 'false' ? called : `${not(isNull)} ? ${called} : 0`;
  return { setup: [...operand.setup, ...place.setup, `const ${result}: ${localType(call.type)} = ${guarded};`], value: result, isNull };
}
