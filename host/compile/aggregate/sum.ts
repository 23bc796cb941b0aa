/** SUM and AVG. A mean shares the sum of the same column; DECIMAL sums have 128 bits and become NULL beyond 38 digits. */
import { argumentAt, firstOf, narrowed, recordOf, type Answer, type BoundCall, type PaneBuilder, type Slot, type SlotKind } from './slot.ts';

const MODULE = 'aggregate/sum';
const simple = (type: string): SlotKind => ({
  type, module: MODULE, bytes: 8, add: (args) => `add(${firstOf(args)})`, retract: (args) => `retract(${firstOf(args)})`, merge: (other) => `merge(${other})`,
});
const SUM_LONG = simple('SumLong');
const SUM_DOUBLE = simple('SumDouble');
const SUM_FLOAT = simple('SumFloat');
/** Means of FLOAT are computed in DOUBLE. */
const SUM_FLOAT_AS_DOUBLE: SlotKind = { ...SUM_DOUBLE, add: (args) => `add(<f64>${firstOf(args)})`, retract: (args) => `retract(<f64>${firstOf(args)})` };
const wideOf = (value: string): string => `load<u64>(${value}), load<i64>(${value}, 8)`;
const SUM_NARROW: SlotKind = {
  ...simple('SumWide'), bytes: 24, add: (args) => `addLong(${firstOf(args)})`, retract: (args) => `retractLong(${firstOf(args)})`,
};
const SUM_WIDE: SlotKind = {
  ...SUM_NARROW, add: (args) => `addWide(${wideOf(firstOf(args))})`, retract: (args) => `retractWide(${wideOf(firstOf(args))})`,
};

export function sumOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { cell, type } = argumentAt(bound);
  if (type.name === 'DECIMAL') {
    const slot = decimalSlot(bound, builder);
    return { value: `at + ${slot.offset}`, isNull: [`${recordOf(slot)}.isNull()`] };
  }
  const slot = builder.slot(bound, cell === 'f64' ? SUM_DOUBLE : cell === 'f32' ? SUM_FLOAT : SUM_LONG);
  const sum = `${recordOf(slot)}.result()`;
  return { value: cell === 'f64' || cell === 'f32' ? sum : narrowed(bound.call.type, sum), isNull: [] };
}

export function meanOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { cell, type } = argumentAt(bound);
  const count = builder.count(bound);
  if (type.name === 'DECIMAL') return decimalMean(bound, builder, type.scale, count);
  const isApproximate = cell === 'f64' || cell === 'f32';
  const slot = builder.slot(bound, cell === 'f64' ? SUM_DOUBLE : cell === 'f32' ? SUM_FLOAT_AS_DOUBLE : SUM_LONG);
  const mean = isApproximate ? 'meanDouble' : 'meanLong';
  builder.job.use('aggregate/mean', mean);
  return { value: narrowed(bound.call.type, `${mean}(at + ${slot.offset}, ${count})`), isNull: [] };
}

/** The quotient is computed when it is asked whether it is NULL. */
function decimalMean(bound: BoundCall, { job, ...builder }: PaneBuilder, scale: number, count: string): Answer {
  const { type } = bound.call;
  if (type.name !== 'DECIMAL') throw new Error('AVG of DECIMAL is DECIMAL');
  const slot = decimalSlot(bound, { job, ...builder });
  const divisor = `0x${job.reserve(16).toString(16)}`;
  const quotient = `0x${job.reserve(16).toString(16)}`;
  job.use('aggregate/mean', 'meanWide');
  job.used.add('widen');
  const call = `!meanWide(at + ${slot.offset}, ${scale}, widen(${count}, ${divisor}), ${quotient}, ${type.precision}, ${type.scale})`;
  return { value: quotient, isNull: [call] };
}

function decimalSlot(bound: BoundCall, builder: PaneBuilder): Slot {
  return builder.slot(bound, argumentAt(bound).cell === 'wide' ? SUM_WIDE : SUM_NARROW);
}
