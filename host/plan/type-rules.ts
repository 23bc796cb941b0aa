/**
 * Result types of operators and aggregates, and which type may stand where another is asked for. These are the rules of
 * Apache Flink 2.3, tested against what Flink itself answered (test/golden/types.json).
 */
import type { SqlType } from './types.ts';

type Decimal = Extract<SqlType, { name: 'DECIMAL' }>;
export type ArithmeticName = 'plus' | 'minus' | 'times' | 'divide' | 'mod';

export const PRECISION_MAX = 38;
/** Digits after the point that a product or quotient keeps when its digits exceed PRECISION_MAX. */
const SCALE_KEPT = 6;
/** Decimal digits of each integer type, smallest type first. */
const INTEGER_DIGITS = { TINYINT: 3, SMALLINT: 5, INT: 10, BIGINT: 19 } as const;

export function isInteger(type: SqlType): type is SqlType & { readonly name: keyof typeof INTEGER_DIGITS } {
  return type.name in INTEGER_DIGITS;
}
export function isApproximate(type: SqlType): boolean { return type.name === 'FLOAT' || type.name === 'DOUBLE'; }
export function isNumeric(type: SqlType): boolean { return isInteger(type) || isApproximate(type) || type.name === 'DECIMAL'; }
export function isText(type: SqlType): boolean { return type.name === 'STRING' || type.name === 'VARCHAR' || type.name === 'CHAR'; }
export function isTimestamp(type: SqlType): type is Extract<SqlType, { name: 'TIMESTAMP' | 'TIMESTAMP_LTZ' }> {
  return type.name === 'TIMESTAMP' || type.name === 'TIMESTAMP_LTZ';
}

/** The type with another nullability and without its time attribute. */
export function withNullable(type: SqlType, isNullable: boolean): SqlType {
  if (type.name === 'NULL') return type;
  if (isTimestamp(type)) return { name: type.name, precision: type.precision, isNullable };
  return { ...type, isNullable };
}

/** Whether two types are the same but for nullability and time attribute. */
export function isSameType(a: SqlType, b: SqlType): boolean {
  return JSON.stringify(withNullable(a, true)) === JSON.stringify(withNullable(b, true));
}

/** Length in characters that a text type declares; Infinity for STRING. */
export function textLengthMax(type: SqlType): number {
  return type.name === 'CHAR' || type.name === 'VARCHAR' ? type.length : Number.POSITIVE_INFINITY;
}

/** VARCHAR(length), or STRING for Infinity and lengths that STRING stands for. */
export function varchar(length: number, isNullable: boolean): SqlType {
  return length < 0x7fffffff ? { name: 'VARCHAR', length, isNullable } : { name: 'STRING', isNullable };
}

/**
 * Result of `left operator right` on numbers; undefined where Flink refuses the operands.
 * DECIMAL with an approximate number is DOUBLE; of two approximate ones the left wins; MOD has the type of its divisor.
 */
export function arithmeticType(operator: ArithmeticName, left: SqlType, right: SqlType): SqlType | undefined {
  const isNullable = left.isNullable || right.isNullable;
  if (!isNumeric(left) || !isNumeric(right)) return undefined;
  if (isApproximate(left) || isApproximate(right)) {
    return operator === 'mod' ? undefined : withNullable(approximate(left, right), isNullable);
  }
  if (isInteger(left) && isInteger(right)) {
    return withNullable(operator === 'mod' ? right : widerInteger(left, right), isNullable);
  }
  return decimalArithmetic(operator, asDecimal(left), asDecimal(right), isNullable);
}

function decimalArithmetic(operator: ArithmeticName, left: Decimal, right: Decimal, isNullable: boolean): Decimal {
  const whole = [left.precision - left.scale, right.precision - right.scale] as const;
  const scale = Math.max(left.scale, right.scale);
  switch (operator) {
    case 'plus': case 'minus': return fitted(Math.max(...whole) + scale + 1, scale, isNullable);
    case 'times': return fitted(left.precision + right.precision + 1, left.scale + right.scale, isNullable);
    case 'divide': {
      const quotientScale = Math.max(SCALE_KEPT, left.scale + right.precision + 1);
      return fitted(left.precision - left.scale + right.scale + quotientScale, quotientScale, isNullable);
    }
    case 'mod': return fitted(Math.min(...whole) + scale, scale, isNullable);
  }
}

/** Cuts digits after the point, down to SCALE_KEPT of them, when there are more than PRECISION_MAX in all. */
function fitted(precision: number, scale: number, isNullable: boolean): Decimal {
  if (precision <= PRECISION_MAX) return decimal(precision, scale, isNullable);
  return decimal(PRECISION_MAX, Math.max(PRECISION_MAX - (precision - scale), Math.min(scale, SCALE_KEPT)), isNullable);
}

export function decimal(precision: number, scale: number, isNullable: boolean): Decimal {
  return { name: 'DECIMAL', precision, scale, isNullable };
}

/** An exact number as DECIMAL. Requires: integer or DECIMAL. */
export function asDecimal(type: SqlType): Decimal {
  if (type.name === 'DECIMAL') return type;
  return decimal(INTEGER_DIGITS[type.name as keyof typeof INTEGER_DIGITS], 0, type.isNullable);
}

function widerInteger<T extends { readonly name: keyof typeof INTEGER_DIGITS }>(left: T, right: T): T {
  return INTEGER_DIGITS[left.name] >= INTEGER_DIGITS[right.name] ? left : right;
}

/** Requires: at least one of the two is approximate. */
function approximate(left: SqlType, right: SqlType): SqlType {
  if (left.name === 'DECIMAL' || right.name === 'DECIMAL') return { name: 'DOUBLE', isNullable: true };
  return isApproximate(left) ? left : right;
}

/**
 * The type that holds values of both (CASE, COALESCE, IF, operands of a comparison); undefined when there is none.
 * Its nullability is that of either.
 */
export function commonType(left: SqlType, right: SqlType): SqlType | undefined {
  const isNullable = left.isNullable || right.isNullable;
  if (left.name === 'NULL') return withNullable(right, true);
  if (right.name === 'NULL') return withNullable(left, true);
  if (isSameType(left, right)) return withNullable(left, isNullable);
  if (isNumeric(left) && isNumeric(right)) return commonNumber(left, right, isNullable);
  if (isText(left) && isText(right)) return varchar(Math.max(textLengthMax(left), textLengthMax(right)), isNullable);
  if (isTimestamp(left) && isTimestamp(right)) {
    return { name: left.name, precision: Math.max(left.precision, right.precision), isNullable };
  }
  if (left.name === 'INTERVAL' && right.name === 'INTERVAL' && left.unit === right.unit) return withNullable(left, isNullable);
  return undefined;
}

function commonNumber(left: SqlType, right: SqlType, isNullable: boolean): SqlType {
  if (isApproximate(left) || isApproximate(right)) return withNullable(approximate(left, right), isNullable);
  if (isInteger(left) && isInteger(right)) return withNullable(widerInteger(left, right), isNullable);
  const [a, b] = [asDecimal(left), asDecimal(right)];
  const whole = Math.min(PRECISION_MAX, Math.max(a.precision - a.scale, b.precision - b.scale));
  const precision = Math.min(PRECISION_MAX, whole + Math.max(a.scale, b.scale));
  return decimal(precision, precision - whole, isNullable);
}

/**
 * The type in which two operands are compared; undefined when they cannot be. Text meets any other type in that type
 * (`i > '1'` compares numbers, `at < '2020-01-01'` times).
 */
export function comparisonType(left: SqlType, right: SqlType): SqlType | undefined {
  if (left.name === 'ROW' || right.name === 'ROW') return undefined;
  if (isText(left) !== isText(right) && left.name !== 'NULL' && right.name !== 'NULL') {
    const other = isText(left) ? right : left;
    return other.name === 'BYTES' || other.name === 'INTERVAL' ? undefined : withNullable(other, left.isNullable || right.isNullable);
  }
  return commonType(left, right);
}

export type CastRule = 'allowed' | 'refused' | 'unsupported';

/** Whether CAST turns `from` into `to`: `refused` by Flink too, or only `unsupported` here. */
export function castRule(from: SqlType, to: SqlType): CastRule {
  if (from.name === 'NULL' || isSameType(from, to)) return 'allowed';
  if (from.name === 'ROW') return isText(to) || to.name === 'ROW' ? 'unsupported' : 'refused';
  if (to.name === 'ROW') return 'refused';
  const pair = `${castFamily(from)}>${castFamily(to)}`;
  if (CASTS.has(pair)) return 'allowed';
  return CASTS_OF_FLINK.has(pair) ? 'unsupported' : 'refused';
}

type CastFamily = 'boolean' | 'number' | 'text' | 'timestamp' | 'date' | 'time' | 'bytes' | 'interval';

const CASTS: ReadonlySet<string> = new Set([
  'boolean>boolean', 'boolean>number', 'boolean>text', 'number>boolean', 'number>number', 'number>text',
  'text>bytes', 'bytes>text', 'bytes>bytes', 'text>boolean', 'text>number', 'text>text', 'text>timestamp', 'text>date', 'text>time',
  'timestamp>text', 'timestamp>timestamp', 'timestamp>date', 'timestamp>time', 'date>text', 'date>timestamp', 'date>date', 'time>text', 'time>time',
]);
const CASTS_OF_FLINK: ReadonlySet<string> = new Set([
  'number>timestamp', 'timestamp>number', 'text>interval', 'time>timestamp', 'interval>text', 'interval>number', 'interval>interval',
  'bytes>timestamp', 'bytes>date', 'bytes>time', 'number>interval',
]);

function castFamily(type: SqlType): CastFamily {
  if (isNumeric(type)) return 'number';
  if (isText(type)) return 'text';
  if (isTimestamp(type)) return 'timestamp';
  return type.name.toLowerCase() as CastFamily;
}

/**
 * Whether INSERT may put a value of type `from` into a column of type `to` without CAST: Flink's implicit casts, which widen
 * numbers, take any text as VARCHAR or STRING and change one kind of timestamp into the other. Nullability is not judged.
 */
export function isAssignable(from: SqlType, to: SqlType): boolean {
  if (from.name === 'NULL' || isSameType(from, to) || from.name === to.name && from.name !== 'ROW' && from.name !== 'INTERVAL') return true;
  if (isNumeric(from) && isNumeric(to)) {
    if (to.name === 'DECIMAL' || to.name === 'DOUBLE') return true;
    if (to.name === 'FLOAT') return from.name !== 'DOUBLE';
    return isInteger(from) && isInteger(to) && INTEGER_DIGITS[from.name] <= INTEGER_DIGITS[to.name];
  }
  if (isText(from)) return to.name === 'VARCHAR' || to.name === 'STRING';
  if (isTimestamp(from)) return isTimestamp(to) || from.name === 'TIMESTAMP' && (to.name === 'DATE' || to.name === 'TIME');
  return false;
}

/**
 * Columns of what UNNEST makes of a collection: EXPR$0 of an ARRAY or MULTISET (the fields of a ROW), KEY and VALUE of a MAP; undefined for
 * what is none. No type is one yet.
 */
export function collectionColumns(_type: SqlType): readonly { readonly name: string; readonly type: SqlType }[] | undefined { return undefined; }
