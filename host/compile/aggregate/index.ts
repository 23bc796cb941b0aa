/** Each aggregate by its name: the slots that it takes and how its answer is read from them. */
import type { AggregateName } from '../../plan/nodes.ts';
import { approxCountOf, collectOf, percentileOf } from './counted.ts';
import { extremeOf } from './extreme.ts';
import { listOf } from './list.ts';
import { positionOf } from './position.ts';
import type { Answer, BoundCall, PaneBuilder } from './slot.ts';
import { meanOf, sumOf } from './sum.ts';
import { coMomentOf, varianceOf } from './variance.ts';

/** Without values the answer of a call is NULL where its type allows that. */
export const AGGREGATES: Readonly<Record<AggregateName, (bound: BoundCall, builder: PaneBuilder) => Answer>> = {
  count: (bound, builder) => ({ value: builder.count(bound), isNull: [] }),
  sum: sumOf, avg: meanOf, min: extremeOf, max: extremeOf,
  varPop: varianceOf, varSamp: varianceOf, stddevPop: varianceOf, stddevSamp: varianceOf,
  corr: coMomentOf, covarPop: coMomentOf, covarSamp: coMomentOf, regrSlope: coMomentOf, regrIntercept: coMomentOf, regrR2: coMomentOf,
  firstValue: positionOf, lastValue: positionOf,
  listagg: listOf, arrayAgg: listOf, jsonArrayagg: listOf, jsonObjectagg: listOf, collect: collectOf,
  percentile: percentileOf, approxPercentile: percentileOf, approxCountDistinct: approxCountOf,
};
/** Aggregates that know without a count whether there was a value. */
export const KNOW_EMPTY: ReadonlySet<AggregateName> = new Set<AggregateName>([
  'varPop', 'varSamp', 'stddevPop', 'stddevSamp', 'corr', 'covarPop', 'covarSamp', 'regrSlope', 'regrIntercept', 'regrR2', 'firstValue', 'lastValue',
  'listagg', 'arrayAgg', 'percentile', 'approxPercentile',
]);
