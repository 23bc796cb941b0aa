/** Scalar functions by the names SQL gives them: how many arguments, of which kind, and the type of the result. */
import { NUMBER_FUNCTIONS } from './functions-number.ts';
import { TEXT_FUNCTIONS } from './functions-text.ts';
import { isInteger, isNumeric, isText } from './type-rules.ts';
import type { ArgumentKind, FunctionSignature } from './signature.ts';
import type { SqlType } from './types.ts';

export type { ArgumentKind, FunctionSignature } from './signature.ts';

/** By upper-case name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSignature> = new Map([...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS]);

/** Whether a value of this type may stand as an argument of that kind. A bare NULL may not: it has no type yet. */
export function isOfKind(type: SqlType, kind: ArgumentKind): boolean {
  switch (kind) {
    case 'text': case 'pattern': return isText(type);
    case 'number': case 'double': return isNumeric(type);
    case 'integer': case 'long': return isInteger(type);
  }
}

/** Functions that the binder rewrites; with FUNCTIONS and AGGREGATES all that "did you mean" may offer. */
export const REWRITTEN: readonly string[] = [
  'COALESCE', 'NULLIF', 'IFNULL', 'IF', 'MOD', 'TO_TIMESTAMP_LTZ', 'TO_TIMESTAMP', 'NOW', 'CURRENT_TIMESTAMP', 'CURRENT_ROW_TIMESTAMP', 'PROCTIME',
  'GREATEST', 'LEAST', 'LOCATE', 'OVERLAY', 'HEX', 'LOG', 'PI', 'E', 'CONCAT_WS',
  'TRANSLATE', 'IS_ALPHA', 'IS_DIGIT', 'IS_DECIMAL', 'REGEXP_EXTRACT',
  'EXTRACT', 'YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAYOFYEAR', 'DAYOFMONTH', 'DAYOFWEEK', 'HOUR', 'MINUTE', 'SECOND', 'TIMESTAMPADD', 'TIMESTAMPDIFF',
  'DATE_FORMAT', 'FROM_UNIXTIME', 'TO_DATE', 'UNIX_TIMESTAMP', 'CURRENT_DATE', 'CURRENT_TIME', 'LOCALTIME', 'LOCALTIMESTAMP',
  'ENCODE', 'DECODE', 'CONVERT_TZ', 'ELT', 'JSON_EXISTS', 'JSON_VALUE', 'SHA2', 'TYPEOF',
];

/** Functions of Flink that are not computed here yet; refused as such instead of as unknown. */
export const FUNCTIONS_OF_FLINK: ReadonlySet<string> = new Set(`
  ARRAY CARDINALITY COALESCE CUME_DIST
  CURRENT_WATERMARK DENSE_RANK ELEMENT
  JSON_ARRAY JSON_OBJECT JSON_QUERY JSON_STRING
  LAG LEAD NTILE PARSE_URL PERCENT_RANK PRINTF
  RANK REGEXP_EXTRACT_ALL ROW ROW_NUMBER SOURCE_WATERMARK SPLIT STR_TO_MAP

`.trim().split(/\s+/));
