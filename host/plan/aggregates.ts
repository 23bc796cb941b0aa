/**
 * Aggregates by the names SQL gives them: their arguments, the type in which they are computed, the type of the answer. The
 * rules are those of Apache Flink 2.3, tested against what Flink itself answered (test/golden/types.json).
 */
import type { AggregateName } from './nodes.ts';
import { decimal, isNumeric, isText, PRECISION_MAX, withNullable } from './type-rules.ts';
import type { SqlType } from './types.ts';

/** `share`: a number literal from 0 to 1; `separator`: a text literal. */
export type AggregateArgument = 'any' | 'comparable' | 'number' | 'text' | 'integer' | 'share' | 'separator';

export interface AggregateSignature {
  readonly name: AggregateName;
  readonly args: readonly AggregateArgument[];
  readonly least: number;
  readonly most: number;
  /** Whether DISTINCT is there, whether it is and changes nothing, or whether it is not. */
  readonly distinct: 'yes' | 'same' | 'no';
  /** What row values become before they are added. `json`: their text in JSON; `member`: key and value in one. */
  readonly computedIn: 'itself' | 'DOUBLE' | 'STRING' | 'json' | 'member';
  /** What happens to NULL unless the call says otherwise: `fixed` where it cannot. */
  readonly nulls: 'fixed' | 'skip' | 'keep';
  /** Type of the answer, from the types of the arguments as they are written. */
  readonly type: (args: readonly SqlType[], isFiltered: boolean) => SqlType;
}

const SCALE_KEPT = 6;
/** Length that Flink declares for JSON_ARRAYAGG; nothing is cut at it. */
const JSON_LENGTH = 2000;
const double = (isNullable: boolean): SqlType => ({ name: 'DOUBLE', isNullable });
const string = (isNullable: boolean): SqlType => ({ name: 'STRING', isNullable });
const first = (args: readonly SqlType[]): SqlType => args[0] as SqlType;
const long = (): SqlType => ({ name: 'BIGINT', isNullable: false });
/** A group is never empty, so a NOT NULL argument gives a NOT NULL answer, unless a FILTER may leave nothing. */
const mayBeEmpty = (args: readonly SqlType[], isFiltered: boolean): boolean => isFiltered || args.some(({ isNullable }) => isNullable);
const same = (args: readonly SqlType[], isFiltered: boolean): SqlType => withNullable(first(args), mayBeEmpty(args, isFiltered));

/** Number types stay; DECIMAL takes all digits, and `scaleMin` behind the point. */
function widened(args: readonly SqlType[], isNullable: boolean, scaleMin: number): SqlType {
  const type = first(args);
  return type.name === 'DECIMAL' ? decimal(PRECISION_MAX, Math.max(scaleMin, type.scale), isNullable) : withNullable(type, isNullable);
}
const sum = (args: readonly SqlType[], isFiltered: boolean): SqlType => widened(args, mayBeEmpty(args, isFiltered), 0);
const mean = (args: readonly SqlType[], isFiltered: boolean): SqlType => widened(args, mayBeEmpty(args, isFiltered), SCALE_KEPT);
/** One value has no variance, whatever its type says. Flink calls it NOT NULL and then has no value for it. */
const sample = (args: readonly SqlType[]): SqlType => widened(args, true, SCALE_KEPT);

function signature(
  name: AggregateName, args: readonly AggregateArgument[], type: AggregateSignature['type'], rest: Partial<AggregateSignature> = {},
): AggregateSignature {
  return { name, args, type, least: args.length, most: args.length, distinct: 'yes', computedIn: 'itself', nulls: 'fixed', ...rest };
}

const inDouble = { computedIn: 'DOUBLE' } as const;
const pairs = { computedIn: 'DOUBLE', distinct: 'no' } as const;
const varSamp = signature('varSamp', ['number'], sample, inDouble);
const stddevSamp = signature('stddevSamp', ['number'], sample, inDouble);
const json = (isNullable: boolean): SqlType => ({ name: 'VARCHAR', length: JSON_LENGTH, isNullable });

/** By upper-case name. */
export const AGGREGATES: ReadonlyMap<string, AggregateSignature> = new Map([
  ['COUNT', signature('count', ['any'], long, { least: 0, most: 16 })],
  ['SUM', signature('sum', ['number'], sum)], ['AVG', signature('avg', ['number'], mean)],
  ['MIN', signature('min', ['comparable'], same, { distinct: 'same' })], ['MAX', signature('max', ['comparable'], same, { distinct: 'same' })],
  ['VAR_POP', signature('varPop', ['number'], mean, inDouble)], ['VAR_SAMP', varSamp], ['VARIANCE', varSamp],
  ['STDDEV_POP', signature('stddevPop', ['number'], mean, inDouble)], ['STDDEV_SAMP', stddevSamp], ['STDDEV', stddevSamp],
  ['FIRST_VALUE', signature('firstValue', ['any'], same, { distinct: 'same' })], ['LAST_VALUE', signature('lastValue', ['any'], same, { distinct: 'no' })],
  ['LISTAGG', signature('listagg', ['text', 'separator'], same, { least: 1 })],
  ['ARRAY_AGG', signature('arrayAgg', ['any'], (args, isFiltered) => string(mayBeEmpty(args, isFiltered)), { computedIn: 'json', nulls: 'keep' })],
  ['COLLECT', signature('collect', ['any'], () => string(false), { computedIn: 'STRING' })],
  ['JSON_ARRAYAGG', signature('jsonArrayagg', ['any'], () => json(false), { computedIn: 'json', nulls: 'skip', distinct: 'no' })],
  ['JSON_OBJECTAGG', signature('jsonObjectagg', ['text', 'any'], () => json(false), { computedIn: 'member', nulls: 'keep', distinct: 'no' })],
  ['PERCENTILE', signature('percentile', ['number', 'share', 'integer'], () => double(true), { ...inDouble, least: 2 })],
  ['APPROX_PERCENTILE', signature('approxPercentile', ['number', 'share'], () => double(true), inDouble)],
  ['APPROX_COUNT_DISTINCT', signature('approxCountDistinct', ['any'], long, { distinct: 'same' })],
  ['CORR', signature('corr', ['number', 'number'], () => double(true), pairs)],
  ['COVAR_POP', signature('covarPop', ['number', 'number'], () => double(true), pairs)],
  ['COVAR_SAMP', signature('covarSamp', ['number', 'number'], () => double(true), pairs)],
  ['REGR_COUNT', signature('count', ['number', 'number'], long, { distinct: 'no' })],
  ['REGR_SLOPE', signature('regrSlope', ['number', 'number'], () => double(true), pairs)],
  ['REGR_INTERCEPT', signature('regrIntercept', ['number', 'number'], () => double(true), pairs)],
  ['REGR_R2', signature('regrR2', ['number', 'number'], () => double(true), pairs)],
]);

/** Whether a value of this type may stand as an argument of that kind. */
export function isArgumentOf(type: SqlType, kind: AggregateArgument): boolean {
  switch (kind) {
    case 'any': return type.name !== 'ROW';
    case 'comparable': return type.name !== 'ROW' && type.name !== 'INTERVAL';
    case 'number': case 'share': return isNumeric(type);
    case 'integer': return isNumeric(type) && type.name !== 'DECIMAL' && type.name !== 'FLOAT' && type.name !== 'DOUBLE';
    case 'text': case 'separator': return isText(type);
  }
}
