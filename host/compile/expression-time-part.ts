/** EXTRACT, FLOOR and CEIL of times to a unit, TIMESTAMPDIFF, and times written and read by a format. */
import type { TimePartName } from '../plan/function-names.ts';
import type { Expression } from '../plan/nodes.ts';
import { parseTimeFormat } from '../plan/time-format.ts';
import { zoneTable } from '../plan/time-zone.ts';
import { once, written, type Call } from './expression-call.ts';
import type { LIBRARY } from './expression-library.ts';
import { anyOf, library, type Compiled, type Context, type Scope } from './expression-scope.ts';

export type TimePartCall = Call & { readonly name: TimePartName };
type Name = keyof typeof LIBRARY;

const DAY_MS = 86_400_000;
const DATE_PARTS: Readonly<Record<string, Name>> = {
  YEAR: 'yearOf', QUARTER: 'quarterOf', MONTH: 'monthOf', WEEK: 'weekOf', DAY: 'dayOf', DOY: 'dayOfYear', DOW: 'dayOfWeek', ISODOW: 'isoDayOfWeek',
  ISOYEAR: 'isoYearOf', DECADE: 'decadeOf', CENTURY: 'centuryOf', MILLENNIUM: 'millenniumOf',
};
/** ms in the unit above, and in the unit itself. */
const CLOCK_PARTS: Readonly<Record<string, readonly [number, number]>> = {
  HOUR: [DAY_MS, 3_600_000], MINUTE: [3_600_000, 60_000], SECOND: [60_000, 1000], MILLISECOND: [1000, 1],
};
const UNIT_MS: Readonly<Record<string, number>> = { DAY: DAY_MS, HOUR: 3_600_000, MINUTE: 60_000, SECOND: 1000, MILLISECOND: 1 };
/** Months of a period, and the year from which periods count. */
const PERIODS: Readonly<Record<string, readonly [number, number]>> = {
  MONTH: [1, 0], QUARTER: [3, 0], YEAR: [12, 0], DECADE: [120, 0], CENTURY: [1200, 1], MILLENNIUM: [12_000, 1],
};

export function compileTimePartCall(call: TimePartCall, context: Context): Compiled {
  const [first, second, third] = call.args;
  if (first === undefined || second === undefined) throw new Error(`${call.name} takes two operands`);
  switch (call.name) {
    case 'extract': return extracted(call, constantOf(first), second, context);
    case 'floorTime': case 'ceilTime': return rounded(call, first, constantOf(second), context);
    case 'timestampDiff': {
      if (third === undefined) throw new Error('TIMESTAMPDIFF takes two times');
      return between(call, constantOf(first), second, third, context);
    }
    case 'dateFormat': {
      const time = context.compile(first);
      const format = formatText(constantOf(second), 'write');
      return once(call, [time], `${library(context.scope, 'formatTime')}(${time.value}, ${format}, ${context.scope.idOf(call)})`, context);
    }
    case 'convertZone': {
      const text = context.compile(first);
      const zones = [second, third].map((zone) => zoneText(zone === undefined ? '' : constantOf(zone))).join(', ');
      return once(call, [text], `${library(context.scope, 'convertZone')}(${text.value}, ${zones}, ${context.scope.idOf(call)})`, context, true);
    }
    case 'unixTimestampBy': {
      const text = context.compile(first);
      return once(call, [text], `${library(context.scope, 'scanSeconds')}(${text.value}, ${formatText(constantOf(second), 'read')})`, context);
    }
    case 'toTimestampBy': case 'toDateBy': {
      const text = context.compile(first);
      const name = library(context.scope, call.name === 'toDateBy' ? 'scanDate' : 'scanTimestamp');
      return written(call, [text], context, (into) => `${name}(${text.value}, ${formatText(constantOf(second), 'read')}, ${into})`);
    }
    default: { const unreachable: never = call.name; throw new Error(String(unreachable)); }
  }
}

function constantOf(expression: Expression): string {
  if (expression.kind !== 'literal') throw new Error('a unit or format is a constant');
  return String(expression.value);
}

/** Address of the format's steps. */
function formatText(format: string, use: 'write' | 'read'): string {
  const parts = parseTimeFormat(format, use);
  if (typeof parts === 'string') throw new Error(parts);
  const steps = parts.flatMap((part): number[] => {
    if (part.kind === 'field') return [part.field.charCodeAt(0), part.count];
    const bytes = [...new TextEncoder().encode(part.text)];
    return [0, bytes.length, ...bytes];
  });
  return `memory.data<u8>([${[...steps, 255].join(', ')}])`;
}

/** Address of the zone's table. */
function zoneText(name: string): string {
  const table = zoneTable(name);
  if (table === undefined) throw new Error(`no time zone ${name}`);
  const entries = table.starts.flatMap((start, index) => [start, table.offsets[index] ?? 0]);
  return `memory.data<i64>([${[table.starts.length, ...entries].join(', ')}], 8)`;
}

/** Days since 1970 of a time's date, cut towards 1970 as in Flink. */
function daysText(value: string, type: string): string { return type === 'DATE' ? value : `<i32>(${value} / ${DAY_MS})`; }

function asLong(value: string, type: string): string { return type === 'DATE' || type === 'TIME' ? `<i64>${value}` : value; }

function extracted(call: Call, unit: string, time: Expression, context: Context): Compiled {
  const { scope } = context;
  const operand = context.compile(time);
  const type = time.type.name;
  const part = DATE_PARTS[unit];
  if (part !== undefined) return once(call, [operand], `${library(scope, part)}(${daysText(operand.value, type)})`, context);
  // A DATE's days are taken for milliseconds here, as in Flink.
  const ms = asLong(operand.value, type);
  const clock = CLOCK_PARTS[unit];
  if (clock !== undefined) return { ...operand, value: `${library(scope, 'partOf')}(${ms}, ${clock[0]}, ${clock[1]})` };
  switch (unit) {
    case 'EPOCH': return { ...operand, value: type === 'DATE' ? `(${ms} * 86400)` : `(${ms} / 1000)` };
    case 'MICROSECOND': return { ...operand, value: `(${ms} % 1000 * 1000)` };
    case 'NANOSECOND': return { ...operand, value: `(${ms} % 1000 * 1000000)` };
    default: throw new Error(`no EXTRACT of ${unit}`);
  }
}

function rounded(call: Call, time: Expression, unit: string, context: Context): Compiled {
  const { scope } = context;
  const operand = context.compile(time);
  const type = time.type.name;
  const isFloor = call.name === 'floorTime';
  const size = UNIT_MS[unit];
  if (size !== undefined) {
    if (type === 'DATE') return isFloor || unit !== 'DAY' ? operand : { ...operand, value: `(${operand.value} + 1)` }; // as in Flink
    const called = `${library(scope, isFloor ? 'floorTo' : 'ceilTo')}(${asLong(operand.value, type)}, ${size})`;
    return once(call, [operand], type === 'TIME' ? `<i32>${called}` : called, context);
  }
  const period = periodText(unit, daysText(operand.value, type), isFloor, scope);
  return once(call, [operand], type === 'DATE' ? period : `<i64>${period} * ${DAY_MS}`, context);
}

/** The first day of a period. */
function periodText(unit: string, days: string, isFloor: boolean, scope: Scope): string {
  if (unit === 'WEEK') return `${library(scope, isFloor ? 'floorWeek' : 'ceilWeek')}(${days})`;
  const period = PERIODS[unit];
  if (period === undefined) throw new Error(`no FLOOR to ${unit}`);
  return `${library(scope, isFloor ? 'floorMonths' : 'ceilMonths')}(${days}, ${period[0]}, ${period[1]})`;
}

const MONTHS_IN: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

function between(call: Call, unit: string, from: Expression, to: Expression, context: Context): Compiled {
  const { scope } = context;
  const [a, b] = [context.compile(from), context.compile(to)];
  const months = MONTHS_IN[unit];
  if (months !== undefined) {
    const called = `${library(scope, 'monthsBetween')}(${a.value}, ${b.value})`;
    return once(call, [a, b], months === 1 ? called : `${called} / ${months}`, context);
  }
  const difference = `(${b.value} - ${a.value})`;
  // Weeks are counted from seconds that were wrapped to an INT, as in Flink.
  const value = unit === 'WEEK' ? `(<i32>(${difference} / 1000) / 604800)` : `<i32>(${difference} / ${UNIT_MS[unit]})`;
  return { setup: [...a.setup, ...b.setup], value, isNull: anyOf(a.isNull, b.isNull) };
}

/** Whether the call is one of these. */
export function isTimePartCall(call: Call): call is TimePartCall { return TIME_PART_CALLS.has(call.name); }

const TIME_PART_CALLS: ReadonlySet<string> = new Set<TimePartName>([
  'extract', 'floorTime', 'ceilTime', 'timestampDiff', 'dateFormat', 'toTimestampBy', 'toDateBy', 'unixTimestampBy', 'convertZone',
]);
