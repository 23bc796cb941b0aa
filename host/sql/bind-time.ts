/** Functions of time: their units, formats and time types, turned into what the plan has. */
import type { Expression } from '../plan/nodes.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { isInteger, isText, isTimestamp, withNullable } from '../plan/type-rules.ts';
import { parseTimeFormat } from '../plan/time-format.ts';
import { zoneTable } from '../plan/time-zone.ts';
import type { SqlType } from '../plan/types.ts';
import { bindArgs, bindArgument, type Rewrite } from './bind-call.ts';
import { bindArithmetic, call, castTo, type Environment } from './bind-expression.ts';
import type { Bound } from './job.ts';
import { literal, textLiteral } from './literals.ts';
import type { Call } from './syntax.ts';

const DAY_MS = 86_400_000n;
const DATE_UNITS: ReadonlySet<string> = new Set(
  ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'DOY', 'DOW', 'ISODOW', 'ISOYEAR', 'DECADE', 'CENTURY', 'MILLENNIUM', 'EPOCH'],
);
const CLOCK_UNITS: ReadonlySet<string> = new Set(['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND']);
const FINE_UNITS: ReadonlySet<string> = new Set(['MICROSECOND', 'NANOSECOND']);
const ROUNDED_UNITS: ReadonlySet<string> = new Set(
  ['MILLENNIUM', 'CENTURY', 'DECADE', 'YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND'],
);
const UNIT_MS: Readonly<Record<string, bigint>> = { WEEK: 7n * DAY_MS, DAY: DAY_MS, HOUR: 3_600_000n, MINUTE: 60_000n, SECOND: 1000n };
const UNIT_MONTHS: Readonly<Record<string, bigint>> = { YEAR: 12n, QUARTER: 3n, MONTH: 1n };

/** Functions that are EXTRACT of a unit. */
const EXTRACTED: Readonly<Record<string, string>> = {
  YEAR: 'YEAR', QUARTER: 'QUARTER', MONTH: 'MONTH', WEEK: 'WEEK', DAYOFYEAR: 'DOY', DAYOFMONTH: 'DAY', DAYOFWEEK: 'DOW',
  HOUR: 'HOUR', MINUTE: 'MINUTE', SECOND: 'SECOND',
};

const arrival = (syntax: Call): Expression => call('arrivalTime', [], { name: 'TIMESTAMP_LTZ', precision: 3, isNullable: false }, syntax.span);
const byArrival = (type: SqlType): Rewrite => (syntax, environment) => (
  bindArgs(syntax, { least: 0, most: 0 }, environment) && castTo(arrival(syntax), type));

export const TIME_REWRITES: Readonly<Record<string, Rewrite>> = {
  ...Object.fromEntries(Object.entries(EXTRACTED).map(([name, unit]): [string, Rewrite] => [name, (syntax, environment) => {
    const [time] = bindArgs(syntax, { least: 1, most: 1 }, environment) ?? [];
    return time && bindExtract(syntax, unit, time, environment);
  }])),
  EXTRACT(syntax, environment) {
    const [unit, time] = bindArgs(syntax, { least: 2, most: 2 }, environment) ?? [];
    return unit && time && bindExtract(syntax, unitOf(unit), time, environment);
  },
  'FLOOR TO': bindRounded, 'CEIL TO': bindRounded, 'CEILING TO': bindRounded,
  TIMESTAMPADD: bindAdded, TIMESTAMPDIFF: bindDifference,
  DATE_FORMAT: bindDateFormat, FROM_UNIXTIME: bindFromUnixTime,
  TO_DATE(syntax, environment) {
    const [text, format] = bindTextAndFormat(syntax, environment, undefined) ?? [];
    if (text === undefined) return undefined;
    if (format !== undefined) return call('toDateBy', [text, format], { name: 'DATE', isNullable: true }, syntax.span);
    return { ...castTo(text, { name: 'DATE', isNullable: true }, true), type: { name: 'DATE', isNullable: true } };
  },
  UNIX_TIMESTAMP(syntax, environment) {
    if (syntax.args.length === 0) {
      const now = call('extract', [textLiteral('EPOCH', syntax.span), arrival(syntax)], { name: 'BIGINT', isNullable: false }, syntax.span);
      return now;
    }
    const [text, format] = bindTextAndFormat(syntax, environment, 'yyyy-MM-dd HH:mm:ss') ?? [];
    if (text === undefined || format === undefined) return undefined;
    return call('unixTimestampBy', [text, format], { name: 'BIGINT', isNullable: text.type.isNullable }, syntax.span);
  },
  CONVERT_TZ: bindConverted,
  CURRENT_DATE: byArrival({ name: 'DATE', isNullable: false }),
  CURRENT_TIME: byArrival({ name: 'TIME', isNullable: false }), LOCALTIME: byArrival({ name: 'TIME', isNullable: false }),
  LOCALTIMESTAMP: byArrival({ name: 'TIMESTAMP', precision: 3, isNullable: false }),
};

function unitOf(unit: Expression): string { return unit.kind === 'literal' ? String(unit.value) : ''; }

function isTime(type: SqlType): boolean { return isTimestamp(type) || type.name === 'DATE' || type.name === 'TIME'; }

function needsTime(time: Expression, name: string, { report }: Environment): false {
  report('type', time.span, `${name} needs a time, and this is ${bareTypeText(time.type)}`, isText(time.type) ? 'CAST it AS TIMESTAMP(3)' : undefined);
  return false;
}

function refuseUnit(syntax: Call, unit: string, type: SqlType, { report }: Environment): undefined {
  const code = type.name === 'TIME' ? 'unsupported' : 'type'; // Flink finds these only when it runs
  report(code, syntax.span, `${syntax.name.text.toUpperCase()} knows no ${unit} of ${bareTypeText(type)}`, 'CAST it AS TIMESTAMP(3)');
  return undefined;
}

function bindExtract(syntax: Call, unit: string, time: Expression, environment: Environment): Bound {
  if (!isTime(time.type) && !needsTime(time, syntax.name.text.toUpperCase(), environment)) return undefined;
  const isKnown = CLOCK_UNITS.has(unit) || time.type.name !== 'TIME' && DATE_UNITS.has(unit) || isTimestamp(time.type) && FINE_UNITS.has(unit);
  if (!isKnown) return refuseUnit(syntax, unit, time.type, environment);
  return call('extract', [textLiteral(unit, syntax.span), time], { name: 'BIGINT', isNullable: time.type.isNullable }, syntax.span);
}

/** FLOOR(time TO unit) */
function bindRounded(syntax: Call, environment: Environment): Bound {
  const [time, unit] = bindArgs(syntax, { least: 2, most: 2 }, environment) ?? [];
  if (time === undefined || unit === undefined) return undefined;
  if (!isTime(time.type) && !needsTime(time, syntax.name.text.toUpperCase(), environment)) return undefined;
  const name = unitOf(unit);
  if (!ROUNDED_UNITS.has(name)) return refuseUnit(syntax, name, time.type, environment);
  if (time.type.name === 'TIME' && !CLOCK_UNITS.has(name)) {
    environment.report('unsupported', syntax.span, `a TIME has no ${name}`, 'Flink gives a time that means nothing');
    return undefined;
  }
  return call(syntax.name.text.toUpperCase().startsWith('FLOOR') ? 'floorTime' : 'ceilTime', [time, unit], time.type, syntax.span);
}

/** TIMESTAMPADD(unit, count, time): time + count * INTERVAL '1' unit. */
function bindAdded(syntax: Call, environment: Environment): Bound {
  const [unit, count, time] = bindArgs(syntax, { least: 3, most: 3 }, environment) ?? [];
  if (unit === undefined || count === undefined || time === undefined) return undefined;
  if (!isTime(time.type) && !needsTime(time, 'TIMESTAMPADD', environment)) return undefined;
  if (!isInteger(count.type)) {
    environment.report('type', count.span, `TIMESTAMPADD adds a whole number, and this is ${bareTypeText(count.type)}`, 'CAST it AS INT');
    return undefined;
  }
  const name = unitOf(unit);
  const size = UNIT_MS[name] ?? UNIT_MONTHS[name];
  if (size === undefined) return refuseUnit(syntax, name, time.type, environment);
  if (time.type.name === 'DATE' && ['HOUR', 'MINUTE', 'SECOND'].includes(name)) {
    environment.report('unsupported', syntax.span, `a DATE and ${name}s make a TIMESTAMP(6), which there is not`, 'CAST the date AS TIMESTAMP(3) first');
    return undefined;
  }
  const one = literal(size, { name: 'INTERVAL', unit: UNIT_MS[name] === undefined ? 'month' : 'ms', isNullable: false }, unit.span);
  const { report } = environment;
  const amount = bindArithmetic('times', 'TIMESTAMPADD', count, one, syntax.span, report);
  return amount && bindArithmetic('plus', 'TIMESTAMPADD', time, amount, syntax.span, report);
}

/** TIMESTAMPDIFF(unit, from, to): both as TIMESTAMP. */
function bindDifference(syntax: Call, environment: Environment): Bound {
  const [unit, from, to] = bindArgs(syntax, { least: 3, most: 3 }, environment) ?? [];
  if (unit === undefined || from === undefined || to === undefined) return undefined;
  for (const time of [from, to]) {
    if (isTimestamp(time.type) || time.type.name === 'DATE') continue;
    needsTime(time, 'TIMESTAMPDIFF', environment);
    return undefined;
  }
  const name = unitOf(unit);
  if (UNIT_MS[name] === undefined && UNIT_MONTHS[name] === undefined) return refuseUnit(syntax, name, from.type, environment);
  const times = [from, to].map((time) => (isTimestamp(time.type) ? time : castTo(time, { name: 'TIMESTAMP', precision: 3, isNullable: true })));
  return call('timestampDiff', [unit, ...times], { name: 'INT', isNullable: from.type.isNullable || to.type.isNullable }, syntax.span);
}

// ---------------------------------------------------------------------------------------------------------------- formats

/** Whether the format is a constant that can be compiled; reports why not. */
function isUsableFormat(format: Expression, use: 'write' | 'read', report: Environment['report']): boolean {
  if (format.kind !== 'literal' || typeof format.value !== 'string') {
    report('unsupported', format.span, 'a format that is not a constant is not supported', 'write it in quotes: it is compiled with the job');
    return false;
  }
  const parts = parseTimeFormat(format.value, use);
  if (typeof parts !== 'string') return true;
  report('unsupported', format.span, `in this format ${parts}`, "fields are yyyy MM dd HH hh mm ss SSS a, and to write also D E e Q MMM MMMM");
  return false;
}

/** TO_TIMESTAMP(text, format); undefined when there was a problem. */
export function bindTimestampBy(syntax: Call, text: Expression, format: Expression, { report }: Environment): Bound {
  if (!isUsableFormat(format, 'read', report)) return undefined;
  return call('toTimestampBy', [text, format], { name: 'TIMESTAMP', precision: 3, isNullable: true }, syntax.span);
}

function bindTextAndFormat(
  syntax: Call, environment: Environment, standard: string | undefined,
): readonly [Expression, Expression | undefined] | undefined {
  const [text, given] = bindArgs(syntax, { least: 1, most: 2 }, environment) ?? [];
  if (text === undefined || bindArgument(text, 'text', syntax.name.text.toUpperCase(), environment) === undefined) return undefined;
  const format = given ?? (standard === undefined ? undefined : textLiteral(standard, syntax.span));
  if (format === undefined) return [text, undefined];
  if (!isUsableFormat(format, 'read', environment.report)) return undefined;
  if (format.kind === 'literal' && /(^|[^y])yy([^y]|$)/.test(String(format.value))) {
    environment.report(
      'unsupported', format.span, 'in this format yy is a year of the century around today, which a replay would read otherwise', 'write yyyy',
    );
    return undefined;
  }
  return [text, format];
}

function bindDateFormat(syntax: Call, environment: Environment): Bound {
  const [time, format] = bindArgs(syntax, { least: 2, most: 2 }, environment) ?? [];
  if (time === undefined || format === undefined || !isUsableFormat(format, 'write', environment.report)) return undefined;
  const { type } = time;
  if (!isTimestamp(type) && !isText(type)) {
    environment.report('type', time.span, `DATE_FORMAT needs a TIMESTAMP or text, and this is ${bareTypeText(type)}`, 'CAST it AS TIMESTAMP(3)');
    return undefined;
  }
  const stamp = isText(type) ? { ...castTo(time, { name: 'TIMESTAMP', precision: 3, isNullable: true }, true) } : time;
  return call('dateFormat', [stamp, format], { name: 'STRING', isNullable: true }, syntax.span);
}

/** CONVERT_TZ(text, from, to): the zones are constants, whose tables the module holds. */
function bindConverted(syntax: Call, environment: Environment): Bound {
  const [text, ...zones] = bindArgs(syntax, { least: 3, most: 3 }, environment) ?? [];
  if (text === undefined || bindArgument(text, 'text', 'CONVERT_TZ', environment) === undefined) return undefined;
  for (const zone of zones) {
    if (zone.kind === 'literal' && typeof zone.value === 'string' && zoneTable(zone.value) !== undefined) continue;
    const isConstant = zone.kind === 'literal' && typeof zone.value === 'string';
    const message = isConstant ? `there is no time zone ${String(zone.value)}` : 'a time zone that is not a constant is not supported';
    environment.report(isConstant ? 'type' : 'unsupported', zone.span, message, "write 'Europe/Berlin', 'UTC' or 'GMT+05:30'");
    return undefined;
  }
  return call('convertZone', [text, ...zones], { name: 'STRING', isNullable: true }, syntax.span);
}

/** FROM_UNIXTIME(seconds [, format]) */
function bindFromUnixTime(syntax: Call, environment: Environment): Bound {
  const [seconds, given] = bindArgs(syntax, { least: 1, most: 2 }, environment) ?? [];
  const format = given ?? textLiteral('yyyy-MM-dd HH:mm:ss', syntax.span);
  if (seconds === undefined || !isUsableFormat(format, 'write', environment.report)) return undefined;
  const whole = bindArgument(seconds, 'long', 'FROM_UNIXTIME', environment);
  const thousand = literal(1000n, { name: 'BIGINT', isNullable: false }, syntax.span);
  const ms = whole && bindArithmetic('times', '*', whole, thousand, syntax.span, environment.report);
  if (ms === undefined) return undefined;
  // The plan knows a TIMESTAMP as milliseconds: only its type is another one.
  const stamp = { ...ms, type: withNullable({ name: 'TIMESTAMP', precision: 3, isNullable: true }, ms.type.isNullable) } as Expression;
  return call('dateFormat', [stamp, format], { name: 'STRING', isNullable: true }, syntax.span);
}
