/** FIRST_VALUE and LAST_VALUE by arrival. */
import { argumentAt, firstOf, narrowed, recordOf, widest, type Answer, type BoundCall, type PaneBuilder } from './slot.ts';

export function positionOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { cell } = argumentAt(bound);
  const isFirst = bound.call.name === 'firstValue';
  const word = isFirst ? 'First' : 'Last';
  const shape = cell === 'text' ? 'Text' : cell === 'wide' ? 'Wide' : 'Long';
  const isDouble = cell === 'f64' || cell === 'f32';
  builder.job.use('operator', 'arrivalOrder');
  if (cell === 'text') builder.job.use('text/text', 'textLength');
  const slot = builder.slot(bound, {
    type: `${word}${shape}`, module: `aggregate/${isFirst ? 'first' : 'last'}-value`, bytes: shape === 'Wide' ? 24 : 16,
    add: (args) => `add${isDouble ? 'Double' : ''}(${widest(cell, firstOf(args))}, arrivalOrder())`, merge: (other) => `merge(${other})`,
    ...cell === 'text' ? { heap: { pages: 1, length: (args) => `textLength(${firstOf(args)})` } } : {},
  });
  const record = recordOf(slot);
  const value = shape === 'Wide' ? `at + ${slot.offset}` : shape === 'Text' ? `${record}.result()`
    : narrowed(bound.call.type, `${record}.result${isDouble ? 'Double' : ''}()`);
  return { value, isNull: [`${record}.isNull()`] };
}
