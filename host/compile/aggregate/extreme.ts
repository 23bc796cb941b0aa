/** MIN and MAX. DOUBLE keeps both in one record; of text, BYTES and DECIMAL beyond 18 digits each is a record of its own. */
import { argumentAt, firstOf, narrowed, recordOf, widest, type Answer, type BoundCall, type PaneBuilder, type SlotKind } from './slot.ts';

const MODULE = 'aggregate/extrema';

export function extremeOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { cell } = argumentAt(bound);
  const isMin = bound.call.name === 'min';
  const side = isMin ? 'Min' : 'Max';
  switch (cell) {
    case 'f64': case 'f32': {
      const slot = builder.slot(bound, {
        type: 'Extrema', module: MODULE, bytes: 16, add: (args) => `add(${widest(cell, firstOf(args))})`, merge: (other) => `merge(${other})`,
      });
      return { value: narrowed(bound.call.type, `${recordOf(slot)}.${isMin ? 'lowest' : 'highest'}()`), isNull: [] };
    }
    case 'text': {
      builder.job.use('text/text', 'textLength');
      const slot = builder.slot(bound, {
        type: 'ExtremeText', module: MODULE, bytes: 8, variant: side, add: (args) => `add${side}(${firstOf(args)})`, merge: (other) => `merge${side}(${other})`,
        heap: { pages: 1, length: (args) => `textLength(${firstOf(args)})` },
      });
      return { value: `${recordOf(slot)}.result()`, isNull: [] };
    }
    case 'wide': {
      const slot = builder.slot(bound, {
        type: 'ExtremeWide', module: MODULE, bytes: 16, variant: side, init: `init${side}()`,
        add: (args) => `add${side}(load<u64>(${firstOf(args)}), load<i64>(${firstOf(args)}, 8))`, merge: (other) => `merge${side}(${other})`,
      });
      return { value: `at + ${slot.offset}`, isNull: [] };
    }
    default: {
      const kind: SlotKind = {
        type: `${side}Long`, module: MODULE, bytes: 8, add: (args) => `add(${cell === 'bool' ? widest(cell, firstOf(args)) : firstOf(args)})`,
        merge: (other) => `merge(${other})`,
      };
      return { value: narrowed(bound.call.type, `${recordOf(builder.slot(bound, kind))}.result()`), isNull: [] };
    }
  }
}
