/** Literals: numbers as Flink types them, dates and times, intervals. */
import type { Expression, Span } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { decimal, isInteger, isSameType, PRECISION_MAX } from '../plan/type-rules.ts';
import type { Report } from './job.ts';
import type { Syntax } from './syntax.ts';

export type Literal = Extract<Expression, { kind: 'literal' }>;

const INT_MAX = 2n ** 31n - 1n;
const BIGINT_MAX = 2n ** 63n - 1n;

/** INT, else BIGINT; with a point DECIMAL of the digits written; with an exponent DOUBLE. */
export function numberLiteral(text: string, isNegative: boolean, span: Span, report: Report): Literal | undefined {
  if (/e/i.test(text)) return literal(
    isNegative ? -Number(text) : Number(text), { name: 'DOUBLE', isNullable: false }, span,
  );
  const [whole = '', fraction = ''] = text.split('.');
  const digits = BigInt(whole + fraction || '0');
  const value = isNegative ? -digits : digits;
  if (fraction !== '') {
    const precision = whole.length + fraction.length;
    if (precision <= PRECISION_MAX) return literal(value, decimal(precision, fraction.length, false), span);
  } else if (value <= INT_MAX && value >= -INT_MAX - 1n) {
    return literal(value, { name: 'INT', isNullable: false }, span);
  } else if (value <= BIGINT_MAX && value >= -BIGINT_MAX - 1n) {
    return literal(value, { name: 'BIGINT', isNullable: false }, span);
  }
  report(
    'out-of-range', span, `the number ${text.length > 50 ? `${text.slice(0, 50)}…` : text} is too large`,
    fraction === '' ? 'write it with an exponent (1e20) to make it a DOUBLE' : `DECIMAL has at most ${PRECISION_MAX} digits`,
  );
  return undefined;
}

export function textLiteral(value: string, span: Span): Literal {
  return literal(value, { name: 'CHAR', length: [...value].length, isNullable: false }, span);
}

export function literal(value: Literal['value'], type: SqlType, span: Span): Literal { return { kind: 'literal', value, type, span }; }

/**
 * The literal in another type where that is exact and cannot fail; undefined elsewhere, and a cast does it at run time.
 * NULL takes any type.
 */
export function convertedLiteral(from: Literal, to: SqlType): Literal | undefined {
  const { value, span } = from;
  if (value === null) return literal(null, to.name === 'NULL' ? to : { ...to, isNullable: true }, span);
  const type = to.name === 'NULL' ? to : { ...to, isNullable: false };
  if (isSameType(from.type, type)) return literal(value, type, span);
  if (
    typeof value === 'string' && (to.name === 'STRING' || to.name === 'VARCHAR' && to.length >= [...value].length)
  ) return literal(value, type, span);
  if (typeof value !== 'bigint' || from.type.name === 'INTERVAL') return undefined;
  const scale = from.type.name === 'DECIMAL' ? from.type.scale : 0;
  if (!isInteger(from.type) && from.type.name !== 'DECIMAL') return undefined;
  if (to.name === 'DOUBLE') return literal(Number(decimalText(value, scale)), type, span);
  if (to.name === 'DECIMAL' && to.scale >= scale) {
    const scaled = value * 10n ** BigInt(to.scale - scale);
    return fits(scaled, to.precision) ? literal(scaled, type, span) : undefined;
  }
  if (scale === 0 && to.name === 'BIGINT') return literal(value, type, span);
  return undefined;
}

function fits(scaled: bigint, precision: number): boolean {
  const limit = 10n ** BigInt(precision);
  return scaled < limit && scaled > -limit;
}

/** A scaled integer as text with a point: (-5n, 2) is -0.05. */
export function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return `${value}`;
  const digits = `${value < 0n ? -value : value}`.padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const DAY_MS = 86_400_000;

/** DATE as days, TIME as ms of the day, TIMESTAMP as ms; all since 1970-01-01. */
export function timeLiteral(syntax: Extract<Syntax, { kind: 'time' }>, report: Report): Literal | undefined {
  const { type, text, span } = syntax;
  const date = type === 'TIME' ? undefined : /^(\d{4})-(\d{1,2})-(\d{1,2})(?=$| )/.exec(text);
  const clock = type === 'DATE' ? undefined : /(?:^| )(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/.exec(text);
  const expected = { DATE: 'yyyy-mm-dd', TIME: 'hh:mm:ss', TIMESTAMP: 'yyyy-mm-dd hh:mm:ss[.fff]' }[type];
  const days = type === 'TIME' ? 0 : dayNumber(date);
  const ms = type === 'DATE' ? 0 : millisOfDay(clock);
  const isWhole = (date?.[0].length ?? 0) + (clock?.[0].length ?? 0) === text.length;
  if (days === undefined || ms === undefined || !isWhole) {
    report('syntax', span, `'${text.slice(0, 40)}' is no ${type}`, `write ${type} '${expected}'`);
    return undefined;
  }
  const precision = clock?.[4]?.length ?? 0;
  if (precision > 3 || type === 'TIME' && precision > 0) {
    report(
      'unsupported', span, `${type} with ${precision} digits after the second is not supported yet`,
      type === 'TIME' ? 'write whole seconds' : 'times are kept in milliseconds',
    );
    return undefined;
  }
  if (type === 'DATE') return literal(BigInt(days), { name: 'DATE', isNullable: false }, span);
  if (type === 'TIME') return literal(BigInt(ms), { name: 'TIME', isNullable: false }, span);
  return literal(BigInt(days * DAY_MS + ms), { name: 'TIMESTAMP', precision, isNullable: false }, span);
}

function dayNumber(match: RegExpExecArray | null | undefined): number | undefined {
  if (!match) return undefined;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day); // Date.UTC alone would read years below 100 as 19xx
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / DAY_MS : undefined;
}

function millisOfDay(match: RegExpExecArray | null | undefined): number | undefined {
  if (!match) return undefined;
  const [hour, minute, second] = match.slice(1, 4).map(Number) as [number, number, number];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number((match[4] ?? '').slice(0, 3).padEnd(3, '0'));
}

const UNITS = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const;
const UNIT_SIZES: Readonly<Record<(typeof UNITS)[number], number>> = {
  YEAR: 12, QUARTER: 3, MONTH: 1, WEEK: 7 * DAY_MS, DAY: DAY_MS, HOUR: 3_600_000, MINUTE: 60_000, SECOND: 1000,
};

/** An interval in ms, or in months for YEAR and MONTH. `INTERVAL '1 02:03:04' DAY TO SECOND` names its first and last unit. */
export function intervalLiteral(syntax: Extract<Syntax, { kind: 'interval' }>, report: Report): Literal | undefined {
  const { text, from, to, span } = syntax;
  const value = intervalValue(text, from, to);
  if (value === undefined) {
    const form = from === to ? `INTERVAL '10' ${from}` : "INTERVAL '1 02:03:04' DAY TO SECOND";
    report(
      'syntax', span, `'${text.slice(0, 40)}' is no interval of ${from}${from === to ? '' : ` TO ${to}`}`,
      `write it as in ${form}`,
    );
    return undefined;
  }
  const unit = from === 'YEAR' || from === 'QUARTER' || from === 'MONTH' ? 'month' : 'ms';
  return literal(BigInt(value), { name: 'INTERVAL', unit, isNullable: false }, span);
}

function intervalValue(text: string, from: (typeof UNITS)[number], to: (typeof UNITS)[number]): number | undefined {
  const units = UNITS.slice(UNITS.indexOf(from), UNITS.indexOf(to) + 1).filter(
    (unit) => (unit !== 'WEEK' && unit !== 'QUARTER') || from === unit,
  );
  const isMonths = from === 'YEAR' || from === 'QUARTER' || from === 'MONTH';
  if (
    units.length === 0 || isMonths !== (to === 'YEAR' || to === 'QUARTER' || to === 'MONTH') || (from === 'WEEK' || from === 'QUARTER') && to !== from
  ) return undefined;
  const match = /^\s*([+-]?)\s*([\d :.-]+?)\s*$/.exec(text);
  const parts = match?.[2]?.split(/[ :-]/) ?? [];
  if (parts.length !== units.length) return undefined;
  let sum = 0;
  for (const [index, part] of parts.entries()) {
    const unit = units[index] as (typeof UNITS)[number];
    const isValid = unit === 'SECOND' ? /^\d{1,12}(\.\d{1,9})?$/.test(part) : /^\d{1,12}$/.test(part);
    if (!isValid) return undefined;
    sum += Math.floor(Number(part) * UNIT_SIZES[unit] + 1e-6); // a fraction below a millisecond is cut, as in Flink
  }
  return match?.[1] === '-' ? -sum : sum;
}
