/** Canonical names of the functions that a `call` of the plan may name, by how they are compiled. */

/** Operators and what the compiler writes as operators or branches. */
export type OperatorName =
  | 'plus' | 'minus' | 'times' | 'divide' | 'mod' | 'negate'
  | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'and' | 'or' | 'not'
  | 'isNull' | 'isNotNull' | 'isTrue' | 'isNotTrue' | 'isFalse' | 'isNotFalse' | 'like'
  | 'coalesce' | 'upper' | 'lower' | 'trim' | 'ltrim' | 'rtrim' | 'charLength' | 'substring' | 'position' | 'concat' | 'concatOperator' | 'replace'
  | 'abs' | 'floor' | 'ceil' | 'round' | 'truncate' | 'sign' | 'greatest' | 'least' | 'concatWs'
  | 'jsonText' | 'toTimestampLtz' | 'toTimestamp' | 'arrivalTime';

/** One call of the library each, where no operand is NULL (host/compile/expression-call.ts). */
export type LibraryName =
  | 'left' | 'right' | 'lpad' | 'rpad' | 'repeat' | 'reverse' | 'initcap' | 'ascii' | 'chr' | 'instr' | 'locate' | 'locateFrom' | 'startsWith' | 'endsWith'
  | 'splitIndex' | 'overlay' | 'overlayAll' | 'translate' | 'toBase64' | 'fromBase64' | 'hexText' | 'hexNumber' | 'bin' | 'unhex'
  | 'urlEncode' | 'urlDecode'
  | 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'
  | 'power' | 'sqrt' | 'exp' | 'ln' | 'log10' | 'log2' | 'log' | 'logOf' | 'sin' | 'cos' | 'tan' | 'cot' | 'asin' | 'acos' | 'atan' | 'atan2'
  | 'sinh' | 'cosh' | 'tanh' | 'degrees' | 'radians';

/** Calls with a pattern that is compiled with the job (host/compile/expression-pattern.ts). */
export type PatternName = 'regexp' | 'regexpExtract' | 'regexpReplace' | 'regexpCount' | 'regexpInstr' | 'regexpSubstr' | 'similar';

/** Calls with a unit or a format that is compiled with the job (host/compile/expression-time-part.ts). */
export type TimePartName =
  | 'extract' | 'floorTime' | 'ceilTime' | 'timestampDiff' | 'dateFormat' | 'toTimestampBy' | 'toDateBy' | 'unixTimestampBy' | 'convertZone';

/** Calls over JSON in a text (host/compile/expression-json.ts). */
export type JsonName = 'isJson' | 'jsonExists' | 'jsonValue';

export type FunctionName = OperatorName | LibraryName | PatternName | TimePartName | JsonName;
