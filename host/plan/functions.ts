/** Scalar functions by the names SQL gives them: how many arguments, of which kind, and the type of the result. */
import type { FunctionName } from './nodes.ts';
import { decimal, isInteger, isNumeric, isText, textLengthMax, varchar, withNullable } from './type-rules.ts';
import type { SqlType } from './types.ts';

export type ArgumentKind = 'text' | 'number' | 'integer';

export interface FunctionSignature {
  readonly name: FunctionName;
  /** Kind of each argument; the last one repeats up to `most`. */
  readonly args: readonly ArgumentKind[];
  readonly least: number;
  readonly most: number;
  /** @param literals values of arguments that are integer literals */
  readonly type: (args: readonly SqlType[], literals: readonly (bigint | undefined)[]) => SqlType;
}

const anyNullable = (args: readonly SqlType[]): boolean => args.some((arg) => arg.isNullable);
const first = (args: readonly SqlType[]): SqlType => args[0] as SqlType;
const sameText = (args: readonly SqlType[]): SqlType => withNullable(first(args), anyNullable(args));
const trimmed = (args: readonly SqlType[]): SqlType => varchar(textLengthMax(first(args)), anyNullable(args));
const integer = (args: readonly SqlType[]): SqlType => ({ name: 'INT', isNullable: anyNullable(args) });
const string = (args: readonly SqlType[]): SqlType => ({ name: 'STRING', isNullable: anyNullable(args) });

/** DECIMAL(p, s) without digits after the point; other numbers stay as they are. */
function whole(args: readonly SqlType[]): SqlType {
  const type = first(args);
  return type.name === 'DECIMAL' ? decimal(type.precision, 0, type.isNullable) : type;
}

/** ROUND(x, digits): a DECIMAL keeps the digits asked for when they are a literal, with room for a carry. */
function rounded(args: readonly SqlType[], literals: readonly (bigint | undefined)[]): SqlType {
  const type = first(args);
  const digits = args.length === 1 ? 0n : literals[1];
  if (type.name !== 'DECIMAL' || digits === undefined) return withNullable(type, anyNullable(args));
  if (digits >= BigInt(type.scale)) return withNullable(type, anyNullable(args));
  const kept = digits < 0n ? 0 : Number(digits);
  return decimal(Math.min(38, 1 + type.precision - type.scale + kept), kept, anyNullable(args));
}

function signature(
  name: FunctionName, args: readonly ArgumentKind[], type: FunctionSignature['type'], counts: { least?: number; most?: number } = {},
): FunctionSignature {
  return { name, args, type, least: counts.least ?? args.length, most: counts.most ?? args.length };
}

const charLength = signature('charLength', ['text'], integer);
const ceil = signature('ceil', ['number'], whole);
const substring = signature('substring', ['text', 'integer', 'integer'], (args) => varchar(textLengthMax(first(args)), true), { least: 2 });
const concat = signature('concat', ['text'], string, { least: 1, most: 100 });

/** By upper-case name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSignature> = new Map([
  ['UPPER', signature('upper', ['text'], sameText)], ['LOWER', signature('lower', ['text'], sameText)],
  ['TRIM', signature('trim', ['text', 'text'], trimmed, { least: 1 })],
  ['LTRIM', signature('ltrim', ['text', 'text'], trimmed, { least: 1 })],
  ['RTRIM', signature('rtrim', ['text', 'text'], trimmed, { least: 1 })],
  ['CHAR_LENGTH', charLength], ['CHARACTER_LENGTH', charLength], ['SUBSTRING', substring], ['SUBSTR', substring],
  ['POSITION', signature('position', ['text', 'text'], integer)], ['CONCAT', concat],
  ['REPLACE', signature('replace', ['text', 'text', 'text'], string)],
  ['ABS', signature('abs', ['number'], first)], ['FLOOR', signature('floor', ['number'], whole)], ['CEIL', ceil], ['CEILING', ceil],
  ['ROUND', signature('round', ['number', 'integer'], rounded, { least: 1 })],
]);

/** Whether a value of this type may stand as an argument of that kind. A bare NULL may not: it has no type yet. */
export function isOfKind(type: SqlType, kind: ArgumentKind): boolean {
  switch (kind) {
    case 'text': return isText(type);
    case 'number': return isNumeric(type);
    case 'integer': return isInteger(type);
  }
}

/** Aggregates, and functions that the binder rewrites; with FUNCTIONS all that "did you mean" may offer. */
export const AGGREGATES: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG']);
export const REWRITTEN: readonly string[] = [
  'COALESCE', 'NULLIF', 'IFNULL', 'IF', 'MOD', 'TO_TIMESTAMP_LTZ', 'TO_TIMESTAMP', 'NOW', 'CURRENT_TIMESTAMP', 'CURRENT_ROW_TIMESTAMP', 'PROCTIME',
];

/** Functions of Flink that are not computed here yet; refused as such instead of as unknown. */
export const FUNCTIONS_OF_FLINK: ReadonlySet<string> = new Set(`
  ACOS ARRAY ASCII ASIN ATAN ATAN2 BIN BTRIM CARDINALITY CHR COALESCE COLLECT CONCAT_WS CONVERT_TZ COS COSH COT CUME_DIST CURRENT_DATE CURRENT_TIME
  CURRENT_WATERMARK DATE_FORMAT DAYOFMONTH DAYOFWEEK DAYOFYEAR DECODE DEGREES DENSE_RANK E ELEMENT ENCODE EXP EXTRACT FIRST_VALUE FROM_BASE64
  FROM_UNIXTIME GREATEST HEX HOUR INITCAP INSTR IS_ALPHA IS_DECIMAL IS_DIGIT JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_STRING JSON_VALUE
  LAG LAST_VALUE LEAD LEAST LEFT LISTAGG LN LOCALTIME LOCALTIMESTAMP LOCATE LOG LOG10 LOG2 LPAD MD5 MINUTE MONTH NTILE OVERLAY PARSE_URL PERCENT_RANK
  PI POWER QUARTER RADIANS RANK REGEXP REGEXP_EXTRACT REGEXP_REPLACE REPEAT REVERSE RIGHT ROW ROW_NUMBER RPAD SECOND SHA1 SHA2 SHA224 SHA256 SHA384
  SHA512 SIGN SIN SINH SOURCE_WATERMARK SPLIT_INDEX SQRT STDDEV_POP STDDEV_SAMP STDDEV STR_TO_MAP TAN TANH TIMESTAMPADD TIMESTAMPDIFF TO_BASE64 TO_DATE
  TRANSLATE TRUNCATE TYPEOF UNHEX UNIX_TIMESTAMP VARIANCE VAR_POP VAR_SAMP WEEK YEAR
`.trim().split(/\s+/));
