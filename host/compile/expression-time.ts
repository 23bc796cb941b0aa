/**
 * Times: TO_TIMESTAMP_LTZ, TO_TIMESTAMP, the arrival time, sums with intervals, and casts. The session's zone is UTC, so that
 * TIMESTAMP and TIMESTAMP_LTZ are the same milliseconds; but as in Flink, TIMESTAMP is cut towards 1970 where LTZ is floored.
 */
import type { Expression } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { parsed, sized, type CastOperand } from './expression-cast.ts';
import { anyOf, library, type Compiled, type Context, type Scope } from './expression-scope.ts';
import { cellOf } from './layout.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Cast = Extract<Expression, { kind: 'cast' }>;

const DAY_MS = 86400000;
/** Years 0 to 9999: what TO_TIMESTAMP_LTZ accepts. */
const LEAST_SECONDS = -62167219200;
const MOST_SECONDS = 253402300799;

/** TO_TIMESTAMP_LTZ, TO_TIMESTAMP and the arrival time. */
export function compileTimeCall(call: Call, context: Context): Compiled {
  const { scope } = context;
  if (call.name === 'arrivalTime') return { setup: [], value: `load<i64>(${library(scope, 'SCRATCH_ARRIVAL')})`, isNull: 'false' };
  const [operand, second] = call.args;
  if (operand === undefined) throw new Error(`${call.name} takes an operand`);
  if (call.name === 'toTimestampLtz' && operand.type.name !== 'STRING' && operand.type.name !== 'VARCHAR' && operand.type.name !== 'CHAR') {
    return instantOf(operand, second, context);
  }
  if (second !== undefined) throw new Error(`${call.name} of text takes no format`);
  const text = context.compile(operand);
  // Text that is no time is NULL, as with TRY_CAST.
  const cast: Cast = { kind: 'cast', input: operand, isTry: true, type: call.type, span: call.span };
  return parsed(cast, text, scope, (into) => `${library(scope, 'parseTimestamp')}(${text.value}, ${into})`);
}

/** Seconds or milliseconds since 1970; NULL outside of the years 0 to 9999. */
function instantOf(operand: Expression, precision: Expression | undefined, context: Context): Compiled {
  const { scope } = context;
  const digits = precision === undefined ? 3 : precision.kind === 'literal' ? Number(precision.value) : undefined;
  if (digits !== 0 && digits !== 3) throw new Error('TO_TIMESTAMP_LTZ takes the precision 0 or 3');
  const compiled = context.compile(operand);
  const cell = cellOf(operand.type);
  let { value } = compiled;
  let isMillis = digits === 3;
  if (operand.type.name === 'DECIMAL' || cell === 'f32' || cell === 'f64') {
    if (cell === 'wide') throw new Error('TO_TIMESTAMP_LTZ of a DECIMAL with more than 18 digits');
    const double = operand.type.name === 'DECIMAL' ? `<f64>${value} / 1e${operand.type.scale}` : cell === 'f32' ? `<f64>${value}` : value;
    value = `${library(scope, 'longOfDouble')}(${isMillis ? double : `${double} * 1000.0`})`;
    isMillis = true;
  } else if (cell === 'i32') value = `<i64>${value}`;
  const setup = [...compiled.setup];
  if (value.length > 40) {
    const name = scope.fresh('time');
    setup.push(`const ${name}: i64 = ${value};`);
    value = name;
  }
  const [least, most] = isMillis ? [LEAST_SECONDS * 1000, MOST_SECONDS * 1000 + 999] : [LEAST_SECONDS, MOST_SECONDS];
  return { setup, value: isMillis ? value : `(${value} * 1000)`, isNull: anyOf(compiled.isNull, `${value} < ${least}`, `${value} > ${most}`) };
}

// ------------------------------------------------------------------------------------------------------------- arithmetic

/** Sums and differences with intervals, and multiples of intervals. */
export function compileTimeArithmetic(call: Call, left: Expression, right: Expression, context: Context): Compiled {
  const [a, b] = [context.compile(left), context.compile(right)];
  const isNull = anyOf(a.isNull, b.isNull);
  const setup = [...a.setup, ...b.setup];
  if (call.name === 'times') return { setup, value: `(${asLong(a.value, left.type)} * ${asLong(b.value, right.type)})`, isNull };
  if (call.name !== 'plus' && call.name !== 'minus') throw new Error(`${call.name} of times`);
  const isSwapped = left.type.name === 'INTERVAL' && right.type.name !== 'INTERVAL';
  const [base, interval] = isSwapped ? [{ ...b, type: right.type }, { ...a, type: left.type }] : [{ ...a, type: left.type }, { ...b, type: right.type }];
  const sign = call.name === 'plus' ? '+' : '-';
  if (interval.type.name !== 'INTERVAL' || base.type.name === 'INTERVAL') return { setup, value: `(${base.value} ${sign} ${interval.value})`, isNull };
  return { ...added(base, interval.type.unit, interval.value, sign, context.scope), setup, isNull };
}

function asLong(value: string, type: SqlType): string { return cellOf(type) === 'i64' ? value : `<i64>${value}`; }

/** A time and an interval; none of these can fail. */
function added(base: CastOperand, unit: 'month' | 'ms', interval: string, sign: '+' | '-', scope: Scope): Compiled {
  const signed = sign === '+' ? interval : `-${interval}`;
  switch (base.type.name) {
    case 'DATE': {
      const days = /^\d+$/.test(interval) ? String(Math.trunc(Number(interval) / DAY_MS)) : `<i32>(${interval} / ${DAY_MS})`;
      return { ...base, value: unit === 'ms' ? `(${base.value} ${sign} ${days})` : `${library(scope, 'addMonthsDate')}(${base.value}, <i32>(${signed}))` };
    }
    case 'TIME': return unit === 'month' ? base : { ...base, value: `${library(scope, 'addTime')}(${base.value}, ${signed})` };
    default:
      return { ...base, value: unit === 'ms' ? `(${base.value} ${sign} ${interval})` : `${library(scope, 'addMonths')}(${base.value}, <i32>(${signed}))` };
  }
}

// ------------------------------------------------------------------------------------------------------------------ casts

/** CAST where either side is a time. */
export function compileTimeCast(cast: Cast, operand: CastOperand, scope: Scope): Compiled {
  const from = operand.type;
  const to = cast.type;
  if (to.name === 'STRING' || to.name === 'VARCHAR' || to.name === 'CHAR') return timeText(cast, operand, scope);
  if (from.name === 'STRING' || from.name === 'VARCHAR' || from.name === 'CHAR') return timeOfText(cast, operand, scope);
  const { value } = operand;
  const isZoned = from.name === 'TIMESTAMP_LTZ';
  switch (`${from.name === 'TIMESTAMP_LTZ' ? 'TIMESTAMP' : from.name}>${to.name === 'TIMESTAMP_LTZ' ? 'TIMESTAMP' : to.name}`) {
    case 'DATE>DATE': case 'TIME>TIME': case 'INTERVAL>INTERVAL': return operand;
    case 'TIMESTAMP>TIMESTAMP': return { ...operand, value: cutTo(value, from, to) };
    case 'DATE>TIMESTAMP': return { ...operand, value: `(<i64>${value} * ${DAY_MS})` };
    case 'TIME>TIMESTAMP': return { ...operand, value: `<i64>${value}` };
    case 'TIMESTAMP>DATE': return { ...operand, value: isZoned ? `${library(scope, 'floorDays')}(${value})` : `<i32>(${value} / ${DAY_MS})` };
    case 'TIMESTAMP>TIME': { // TIME has whole seconds
      const ms = isZoned ? `${library(scope, 'timeOfDay')}(${value})` : `<i32>(${value} % ${DAY_MS})`;
      return { ...operand, value: `(${ms} / 1000 * 1000)` };
    }
    default: throw new Error(`no cast from ${from.name} to ${to.name}`);
  }
}

/** Milliseconds cut to the digits of a second that the type keeps. */
function cutTo(value: string, from: SqlType, to: SqlType): string {
  const kept = 'precision' in to ? to.precision : 3;
  if (kept >= 3 || ('precision' in from && from.precision <= kept)) return value;
  const unit = 10 ** (3 - kept);
  return `(${value} / ${unit} * ${unit})`;
}

function timeText(cast: Cast, operand: CastOperand, scope: Scope): Compiled {
  const { value, type } = operand;
  const id = scope.idOf(cast);
  switch (type.name) {
    case 'DATE': return sized(cast, operand, `${library(scope, 'textOfDate')}(${value}, ${id})`, scope);
    case 'TIME': return sized(cast, operand, `${library(scope, 'textOfTime')}(${value}, ${id})`, scope);
    case 'TIMESTAMP': case 'TIMESTAMP_LTZ': return sized(cast, operand, `${library(scope, 'textOfTimestamp')}(${value}, ${type.precision}, ${id})`, scope);
    default: throw new Error(`no cast from ${type.name} to text`);
  }
}

function timeOfText(cast: Cast, operand: CastOperand, scope: Scope): Compiled {
  const name = cast.type.name === 'DATE' ? 'parseDate' : cast.type.name === 'TIME' ? 'parseTime' : 'parseTimestamp';
  const result = parsed(cast, operand, scope, (into) => `${library(scope, name)}(${operand.value}, ${into})`);
  if (name !== 'parseTimestamp') return result;
  const cut = cutTo(result.value, { name: 'TIMESTAMP', precision: 3, isNullable: true }, cast.type);
  return { ...result, value: cut };
}
