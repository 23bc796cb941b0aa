/**
 * CAST and TRY_CAST between numbers, BOOLEAN, text and BYTES; casts of times are in expression-time.ts. As in Flink, casts of numbers wrap
 * or cut, a DECIMAL with too many digits is NULL, and text that cannot be read fails (CAST) or is NULL (TRY_CAST).
 */
import type { Expression } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { decimalOf, placed, placedText, wideText } from './expression-decimal.ts';
import { emptyText, library, localType, not, type Compiled, type Context, type Scope } from './expression-scope.ts';
import { compileTimeCast } from './expression-time.ts';
import { cellOf } from './layout.ts';

type Cast = Extract<Expression, { kind: 'cast' }>;

/** An operand that a cast has compiled, with its type. */
export interface CastOperand extends Compiled { readonly type: SqlType }

export function compileCast(cast: Cast, context: Context): Compiled {
  const operand: CastOperand = { ...context.compile(cast.input), type: cast.input.type };
  const { scope } = context;
  if (cast.input.type.name === 'NULL') {
    if (cellOf(cast.type) === 'wide') library(scope, 'ZERO_WIDE');
    return { setup: operand.setup, value: emptyText(cast.type), isNull: 'true' };
  }
  if (isTemporal(cast.input.type) || isTemporal(cast.type)) return compileTimeCast(cast, operand, scope);
  if (cast.type.name === 'BYTES') return operand; // a text's bytes are its UTF-8
  if (cast.input.type.name === 'BYTES') return sized(cast, operand, `${library(scope, 'textOfBytes')}(${operand.value}, ${scope.idOf(cast)})`, scope);
  if (isText(cast.type)) return isText(cast.input.type) ? resized(cast, operand, scope) : toText(cast, operand, scope);
  if (isText(cast.input.type)) return fromText(cast, operand, scope);
  switch (cast.type.name) {
    case 'BOOLEAN': return { ...operand, value: truthOf(operand, scope) };
    case 'TINYINT': case 'SMALLINT': case 'INT': case 'BIGINT': return { ...operand, value: integerOf(operand, cast.type, scope) };
    case 'FLOAT': case 'DOUBLE': return toApproximate(operand, cellOf(cast.type) as 'f32' | 'f64', scope);
    case 'DECIMAL': return toDecimal(cast, operand, scope);
    default:
      if (cast.type.name === cast.input.type.name) return operand;
      throw new Error(`no cast from ${cast.input.type.name} to ${cast.type.name}`);
  }
}

function isText({ name }: SqlType): boolean { return name === 'STRING' || name === 'VARCHAR' || name === 'CHAR'; }

function isTemporal({ name }: SqlType): boolean {
  return name === 'TIMESTAMP' || name === 'TIMESTAMP_LTZ' || name === 'DATE' || name === 'TIME' || name === 'INTERVAL';
}

// ------------------------------------------------------------------------------------------------------ numbers and BOOLEAN

function truthOf({ value, type }: CastOperand, scope: Scope): string {
  if (type.name === 'BOOLEAN') return value;
  return cellOf(type) === 'wide' ? `!${library(scope, 'isZeroWide')}(${value})` : `(${value} != 0)`;
}

/** The number's integer part in the width of the target, wrapped. */
function integerOf({ value, type }: CastOperand, target: SqlType, scope: Scope): string {
  const cell = cellOf(target) as 'i32' | 'i64';
  const from = cellOf(type);
  if (from === 'f32' || from === 'f64') {
    const double = from === 'f32' ? `<f64>${value}` : value;
    return wrapped(`${library(scope, cell === 'i64' ? 'longOfDouble' : 'intOfDouble')}(${double})`, 'i32', target);
  }
  if (from === 'wide') return wrapped(`${library(scope, 'longOfDecimal')}(${value}, ${decimalOf(type).scale})`, 'i64', target);
  if (type.name === 'DECIMAL') return wrapped(type.scale === 0 ? value : `(${value} / ${10n ** BigInt(type.scale)})`, 'i64', target);
  if (from === 'bool') return `<${cell}>${value}`;
  if (target.name === 'BIGINT') return from === 'i64' ? value : `<i64>${value}`;
  return target.name === 'INT' && from === 'i32' ? value : wrapped(value, from as 'i32' | 'i64', target, type);
}

function wrapped(value: string, from: 'i32' | 'i64', target: SqlType, type?: SqlType): string {
  if (target.name === 'TINYINT') return type?.name === 'TINYINT' ? value : `<i32><i8>${value}`;
  if (target.name === 'SMALLINT') return type?.name === 'TINYINT' || type?.name === 'SMALLINT' ? value : `<i32><i16>${value}`;
  return target.name === 'INT' && from === 'i64' ? `<i32>${value}` : value;
}

function toApproximate(operand: CastOperand, cell: 'f32' | 'f64', scope: Scope): Compiled {
  const { value, type, isNull } = operand;
  const from = cellOf(type);
  if (from === cell) return operand;
  if (type.name !== 'DECIMAL') return { ...operand, value: `<${cell}>${value}` };
  const narrowing = cell === 'f32' ? '<f32>' : '';
  if (from !== 'wide') {
    // One division by an exact power, as Flink does, even where more than 53 bits make it round twice.
    return { ...operand, value: type.scale === 0 ? `<${cell}>${value}` : `${narrowing}(<f64>${value} / 1e${type.scale})` };
  }
  const result = scope.fresh('double');
  const called = `${library(scope, 'doubleOfWide')}(${value}, ${type.scale})`;
  return {
    setup: [...operand.setup, `const ${result}: f64 = ${isNull === 'false' ? called : `${not(isNull)} ? ${called} : 0`};`],
    value: narrowing + result, isNull,
  };
}

function toDecimal(cast: Cast, operand: CastOperand, scope: Scope): Compiled {
  const target = decimalOf(cast.type);
  const { value, isNull, setup } = operand;
  const from = cellOf(operand.type);
  const size = `${target.precision}, ${target.scale}`;
  if (from === 'f32' || from === 'f64') {
    const double = from === 'f32' ? `<f64>${value}` : value;
    const isNumber = `(${double}) - (${double}) == 0`;
    const isBad = `${isNull === 'false' ? '' : `${not(isNull)} && `}!(${isNumber})`;
    const bad = cast.isTry ? [] : [`if (${isBad}) ${rejecting(cast, scope)}`];
    const name = library(scope, 'decimalOfDouble');
    return placed([...setup, ...bad], isNull, 'decimal', cast.type, scope, (into) => `${name}(${double}, ${into}, ${size})`);
  }
  const source = operand.type.name === 'BOOLEAN' ? { precision: 1, scale: 0 } : decimalOf(operand.type);
  const up = target.scale - source.scale;
  const fits = up >= 0 && source.precision - source.scale <= target.precision - target.scale;
  const long = from === 'i64' ? value : from === 'wide' ? undefined : `<i64>${value}`;
  if (fits && long !== undefined && cellOf(cast.type) === 'i64') {
    return { setup, value: up === 0 ? long : `(${long} * ${10n ** BigInt(up)})`, isNull };
  }
  const wide = long === undefined ? value : wideText(long, { name: 'BIGINT', isNullable: false }, scope);
  if (fits && up === 0) return inMemory(wide, operand, scope);
  return placed(setup, isNull, 'decimal', cast.type, scope, (into) => `${library(scope, 'rescale')}(${wide}, ${source.scale}, ${into}, ${size})`);
}

/** Gives an address that is computed by a call a name, so that it is computed once. */
function inMemory(wide: string, operand: CastOperand, scope: Scope): Compiled {
  if (!wide.startsWith('widen(')) return { ...operand, value: wide };
  const name = scope.fresh('wide');
  return { setup: [...operand.setup, `const ${name} = ${wide};`], value: name, isNull: operand.isNull };
}

// ------------------------------------------------------------------------------------------------------------------- text

function toText(cast: Cast, operand: CastOperand, scope: Scope): Compiled {
  const { value, type } = operand;
  const id = scope.idOf(cast);
  switch (type.name) {
    case 'BOOLEAN': return sized(cast, operand, `${library(scope, 'textOfBool')}(${value})`, scope);
    case 'TINYINT': case 'SMALLINT': case 'INT': case 'BIGINT': return sized(cast, operand, `${library(scope, 'textOfLong')}(${value}, ${id})`, scope);
    case 'FLOAT': return sized(cast, operand, `${library(scope, 'textOfFloat')}(${value}, ${id})`, scope);
    case 'DOUBLE': return sized(cast, operand, `${library(scope, 'textOfDouble')}(${value}, ${id})`, scope);
    case 'DECIMAL': {
      const name = library(scope, cellOf(type) === 'wide' ? 'textOfWide' : 'textOfNarrow');
      return sized(cast, operand, `${name}(${value}, ${type.scale}, ${id})`, scope);
    }
    default: throw new Error(`no cast from ${type.name} to text`);
  }
}

/** Names a text and brings it to the length of its type: cut to VARCHAR(n), cut or padded with spaces to CHAR(n). */
export function sized(cast: Cast, operand: Compiled, text: string, scope: Scope): Compiled {
  const name = scope.fresh('text');
  const whole = lengthened(cast, text, scope);
  return {
    setup: [...operand.setup, `const ${name}: u64 = ${operand.isNull === 'false' ? whole : `${not(operand.isNull)} ? ${whole} : 0`};`],
    value: name, isNull: operand.isNull,
  };
}

function lengthened(cast: Cast, text: string, scope: Scope): string {
  if (cast.type.name === 'CHAR') return `${library(scope, 'padText')}(${text}, ${cast.type.length}, ${scope.idOf(cast)})`;
  return cast.type.name === 'VARCHAR' ? `${library(scope, 'cutText')}(${text}, ${cast.type.length})` : text;
}

function resized(cast: Cast, operand: CastOperand, scope: Scope): Compiled {
  const { type } = operand;
  const most = type.name === 'CHAR' || type.name === 'VARCHAR' ? type.length : Number.POSITIVE_INFINITY;
  const isSame = cast.type.name === 'STRING' || (cast.type.name === 'VARCHAR' && most <= cast.type.length)
    || (cast.type.name === 'CHAR' && type.name === 'CHAR' && type.length === cast.type.length);
  return isSame ? operand : sized(cast, operand, operand.value, scope);
}

function fromText(cast: Cast, operand: CastOperand, scope: Scope): Compiled {
  const { type } = cast;
  switch (type.name) {
    case 'BOOLEAN': return parsed(cast, operand, scope, (into) => `${library(scope, 'parseBool')}(${operand.value}, ${into})`);
    case 'TINYINT': return parsed(cast, operand, scope, integerParser(operand, '-128', '127', scope));
    case 'SMALLINT': return parsed(cast, operand, scope, integerParser(operand, '-32768', '32767', scope));
    case 'INT': return parsed(cast, operand, scope, integerParser(operand, 'i32.MIN_VALUE', 'i32.MAX_VALUE', scope));
    case 'BIGINT': return parsed(cast, operand, scope, integerParser(operand, 'i64.MIN_VALUE', 'i64.MAX_VALUE', scope));
    case 'FLOAT': return parsed(cast, operand, scope, (into) => `${library(scope, 'parseFloat')}(${operand.value}, ${into})`);
    case 'DOUBLE': return parsed(cast, operand, scope, (into) => `${library(scope, 'parseDouble')}(${operand.value}, ${into})`);
    case 'DECIMAL': return parsed(cast, operand, scope, (into) => (
      `${library(scope, 'parseDecimal')}(${operand.value}, ${into}, ${type.precision}, ${type.scale})`));
    default: throw new Error(`no cast from text to ${type.name}`);
  }
}

function integerParser({ value }: CastOperand, least: string, most: string, scope: Scope): (into: number) => string {
  return (into) => `${library(scope, 'parseInteger')}(${value}, ${into}, ${least}, ${most})`;
}

/**
 * The result of a parser that writes to memory and answers whether it could read the text.
 * @param call text of the call, given the address to write to
 */
export function parsed(cast: Cast, operand: Compiled, scope: Scope, call: (into: number) => string): Compiled {
  const into = scope.reserve(16);
  const name = scope.fresh('parsed');
  const { isNull } = operand;
  const called = `const ${name} = ${isNull === 'false' ? call(into) : `${not(isNull)} && ${call(into)}`};`;
  const failing = cast.isTry ? [] : [`if (!${name}${isNull === 'false' ? '' : ` && ${not(isNull)}`}) ${rejecting(cast, scope)}`];
  return { setup: [...operand.setup, called, ...failing], value: parsedText(into, cast.type, scope), isNull: cast.isTry ? `!${name}` : isNull };
}

/** The statement that rejects the row. */
function rejecting(cast: Cast, scope: Scope): string {
  return `${library(scope, 'fail')}(${library(scope, 'REJECT_EXPRESSION')}, ${scope.idOf(cast)});`;
}

function parsedText(into: number, type: SqlType, scope: Scope): string {
  if (type.name === 'DECIMAL') return placedText(into, type, scope);
  if (cellOf(type) === 'bool') return `(load<u8>(${into}) != 0)`;
  // The outer cast keeps AssemblyScript from loading an i32 as the i64 that may be wanted around it: sums would not wrap.
  return `${cellOf(type) === 'i32' ? '<i32>' : ''}load<${localType(type)}>(${into})`;
}
