/** VAR_*, STDDEV_* of one column and CORR, COVAR_*, REGR_* of two: moments in DOUBLE, one record for all calls of the same arguments. */
import { firstOf, recordOf, type Answer, type BoundCall, type PaneBuilder, type SlotKind } from './slot.ts';

const VARIANCE: SlotKind = {
  type: 'Variance', module: 'aggregate/variance', bytes: 24,
  add: (args) => `add(${firstOf(args)})`, retract: (args) => `retract(${firstOf(args)})`, merge: (other) => `merge(${other})`,
};
const CO_MOMENTS: SlotKind = {
  type: 'CoMoments', module: 'aggregate/co-moments', bytes: 48,
  add: (args) => `add(${args.join(', ')})`, retract: (args) => `retract(${args.join(', ')})`, merge: (other) => `merge(${other})`,
};
const METHODS = { varPop: 'population', varSamp: 'sample', stddevPop: 'populationDeviation', stddevSamp: 'sampleDeviation' } as const;
/** Method of the answer and what makes it NULL. */
const PAIR_METHODS: Readonly<Record<string, readonly [method: string, ...isNull: readonly string[]]>> = {
  covarPop: ['covarPop', 'hasFewer(1)'], covarSamp: ['covarSamp', 'hasFewer(2)'], corr: ['corr', 'isXConstant()', 'isYConstant()'],
  regrSlope: ['slope', 'isXConstant()'], regrIntercept: ['intercept', 'isXConstant()'], regrR2: ['determination', 'isXConstant()'],
};

export function varianceOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { name } = bound.call;
  const record = recordOf(builder.slot(bound, VARIANCE));
  return { value: `${record}.${METHODS[name as keyof typeof METHODS]}()`, isNull: [`${record}.isNull(${name.endsWith('Samp') ? 2 : 1})`] };
}

export function coMomentOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const record = recordOf(builder.slot(bound, CO_MOMENTS));
  const [method = '', ...isNull] = PAIR_METHODS[bound.call.name] ?? [];
  return { value: `${record}.${method}()`, isNull: isNull.map((test) => `${record}.${test}`) };
}
