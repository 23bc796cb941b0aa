/** A naive interpreter of typed expressions, over JavaScript values: what compiled expressions are compared with. */
import type { Expression } from '../../../host/plan/nodes.ts';
import type { SqlType } from '../../../host/plan/types.ts';
import type { Value } from './expression-module.ts';

/** The row is rejected. */
export class Rejected extends Error {}

type Call = Extract<Expression, { kind: 'call' }>;

const BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INT: 32, BIGINT: 64 };

/** The value of the expression on the row. Throws Rejected. */
export function interpret(expression: Expression, row: readonly Value[]): Value {
  switch (expression.kind) {
    case 'column': return row[expression.index] ?? null;
    case 'literal': return expression.value;
    case 'cast': return cast(interpret(expression.input, row), expression.input.type, expression.type, expression.isTry);
    case 'case': {
      const branch = expression.branches.find(({ when }) => interpret(when, row) === true);
      return interpret(branch === undefined ? expression.otherwise : branch.then, row);
    }
    case 'call': return call(expression, row);
  }
}

function call(expression: Call, row: readonly Value[]): Value {
  const value = (index: number): Value => interpret(expression.args[index] as Expression, row);
  switch (expression.name) {
    case 'and': case 'or': {
      const decides = expression.name === 'or';
      const left = value(0);
      if (left === decides) return decides;
      const right = value(1);
      return right === decides ? decides : left === null || right === null ? null : !decides;
    }
    case 'isNull': return value(0) === null;
    case 'isNotNull': return value(0) !== null;
    case 'isTrue': return value(0) === true;
    case 'isNotTrue': return value(0) !== true;
    case 'isFalse': return value(0) === false;
    case 'isNotFalse': return value(0) !== false;
    case 'coalesce': {
      for (let index = 0; index < expression.args.length; index += 1) {
        const found = value(index);
        if (found !== null) return found;
      }
      return null;
    }
    default: {
      const values = expression.args.map((_, index) => value(index));
      if (values.includes(null)) return null;
      return strict(expression, values as Exclude<Value, null>[]);
    }
  }
}

function strict(expression: Call, values: readonly Exclude<Value, null>[]): Value {
  const [a, b, c] = values;
  const type = (expression.args[0] as Expression).type;
  switch (expression.name) {
    case 'not': return a !== true;
    case 'plus': case 'minus': case 'times': case 'divide': case 'mod':
      return arithmetic(expression, a as bigint | number, b as bigint | number);
    case 'negate': return typeof a === 'number' ? -a : wrap(-(a as bigint), expression.type);
    case 'abs': return typeof a === 'number' ? Math.abs(a) : wrap((a as bigint) < 0n ? -(a as bigint) : a as bigint, expression.type);
    case 'floor': return typeof a === 'number' ? Math.floor(a) : a as bigint;
    case 'eq': return compare(a, b, type) === 0;
    case 'ne': return compare(a, b, type) !== 0;
    case 'lt': return compare(a, b, type) === -1;
    case 'gt': return compare(a, b, type) === 1;
    case 'le': return compare(a, b, type) === -1 || compare(a, b, type) === 0;
    case 'ge': return compare(a, b, type) === 1 || compare(a, b, type) === 0;
    case 'upper': return String(a).replace(/[a-zà-öø-þ]/g, (letter) => letter.toUpperCase());
    case 'lower': return String(a).replace(/[A-ZÀ-ÖØ-Þ]/g, (letter) => letter.toLowerCase());
    case 'trim': return String(a).replace(/^ +| +$/g, '');
    case 'charLength': return BigInt([...String(a)].length);
    case 'position': {
      const at = String(b).indexOf(String(a));
      return at < 0 ? 0n : BigInt([...String(b).slice(0, at)].length + 1);
    }
    case 'concat': case 'concatOperator': return values.join('');
    case 'replace': {
      if (String(b) !== '') return String(a).replaceAll(String(b), () => String(c));
      return String(c) + [...String(a)].map((point) => point + String(c)).join('');
    }
    case 'substring': return substring([...String(a)], Number(b), c === undefined ? Number.POSITIVE_INFINITY : Number(c));
    case 'like': return likePattern(String(b)).test(String(a));
    default: throw new Error(`the reference has no ${expression.name}`);
  }
}

function arithmetic(expression: Call, a: bigint | number, b: bigint | number): Value {
  const { name, type } = expression;
  if (typeof a === 'number' && typeof b === 'number') return name === 'plus' ? a + b : name === 'minus' ? a - b : name === 'times' ? a * b : a / b;
  const [x, y] = [BigInt(a), BigInt(b)];
  if ((name === 'divide' || name === 'mod') && y === 0n) throw new Rejected();
  if (type.name === 'DECIMAL') return decimalArithmetic(expression, x, y);
  return wrap(name === 'plus' ? x + y : name === 'minus' ? x - y : name === 'times' ? x * y : name === 'divide' ? x / y : x % y, type);
}

function decimalArithmetic({ name, type, args }: Call, x: bigint, y: bigint): Value {
  const [left, right] = args.map((operand) => (operand.type.name === 'DECIMAL' ? operand.type.scale : 0)) as [number, number];
  const common = Math.max(left, right);
  const [a, b] = [x * TEN(common - left), y * TEN(common - right)];
  switch (name) {
    case 'plus': return fitted(a + b, common, type);
    case 'minus': return fitted(a - b, common, type);
    case 'times': return fitted(x * y, left + right, type);
    case 'mod': return fitted(a % b, common, type);
    default: {
      const scale = scaleOf(type);
      return fitted(halfUp(x * TEN(scale + right), y * TEN(left)), scale, type);
    }
  }
}

function compare(a: Value | undefined, b: Value | undefined, type: SqlType): -1 | 0 | 1 | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a) && Number.isNaN(b)) return 0;
    return a < b ? -1 : a > b ? 1 : a === b ? 0 : undefined;
  }
  if (typeof a === 'string' && typeof b === 'string') return Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))) as -1 | 0 | 1;
  if (typeof a !== typeof b || a === null || b === null || a === undefined || b === undefined) throw new Error(`cannot compare as ${type.name}`);
  return a < b ? -1 : a > b ? 1 : 0;
}

function cast(value: Value, from: SqlType, to: SqlType, isTry: boolean): Value {
  if (value === null) return null;
  if (to.name === 'DECIMAL') return fitted(BigInt(value), scaleOf(from), to);
  if (to.name in BITS) {
    if (typeof value === 'string') return parsed(value, to, isTry);
    if (typeof value === 'number') return floatToInteger(value, to);
    return wrap(from.name === 'DECIMAL' ? BigInt(value) / TEN(from.scale) : BigInt(value), to);
  }
  if (to.name === 'DOUBLE') return from.name === 'DECIMAL' ? decimalToDouble(BigInt(value), from) : Number(value);
  if (to.name === 'BOOLEAN') return Number(value) !== 0;
  if (from.name === 'DECIMAL') return decimalText(BigInt(value), from.scale);
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
}

function parsed(text: string, type: SqlType, isTry: boolean): Value {
  const [, digits] = /^ *([+-]?\d*)(?:\.\d*)? *$/.exec(text) ?? [];
  const value = digits === undefined || !/[\d.]/.test(text) ? undefined : BigInt(/\d/.test(digits) ? digits.replace('+', '') : 0);
  if (value !== undefined && wrap(value, type) === value) return value;
  if (isTry) return null;
  throw new Rejected();
}

function floatToInteger(value: number, type: SqlType): bigint {
  const bits = type.name === 'BIGINT' ? 64 : 32;
  const most = 2n ** BigInt(bits - 1);
  if (Number.isNaN(value)) return 0n;
  const cut = value >= Number(most) ? most - 1n : value < -Number(most) ? -most : BigInt(Math.trunc(value));
  return wrap(cut, type);
}

function decimalToDouble(value: bigint, type: Extract<SqlType, { name: 'DECIMAL' }>): number {
  return type.precision <= 18 ? Number(value) / 10 ** type.scale : Number(`${value}e-${type.scale}`);
}

function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

const TEN = (power: number): bigint => 10n ** BigInt(power);

function scaleOf(type: SqlType): number { return type.name === 'DECIMAL' ? type.scale : 0; }

function wrap(value: bigint, type: SqlType): bigint { return type.name in BITS ? BigInt.asIntN(BITS[type.name] as number, value) : value; }

/** Half away from zero. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  const quotient = (2n * size(numerator) + size(denominator)) / (2n * size(denominator));
  return (numerator < 0n) === (denominator < 0n) ? quotient : -quotient;
}

function fitted(value: bigint, scale: number, type: SqlType): bigint | null {
  if (type.name !== 'DECIMAL') throw new Error('no DECIMAL');
  const placed = type.scale >= scale ? value * TEN(type.scale - scale) : halfUp(value, TEN(scale - type.scale));
  return placed > -TEN(type.precision) && placed < TEN(type.precision) ? placed : null;
}

function substring(points: readonly string[], start: number, length: number): Value {
  if (length < 0) return null;
  const from = start > 0 ? start - 1 : start < 0 ? points.length + start : 0;
  return from < 0 ? '' : points.slice(from, from + length).join('');
}

function likePattern(pattern: string): RegExp {
  const parts = [...pattern].map((point) => (
    point === '%' ? '[^]*' : point === '_' ? '[^\\n\\r\\u0085\\u2028\\u2029]' : point.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, 'u');
}
