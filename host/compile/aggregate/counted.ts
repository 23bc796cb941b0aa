/** DISTINCT, COLLECT and PERCENTILE: counted values in a tally of the heap. */
import { argumentAt, firstOf, recordOf, widest, type Answer, type BoundCall, type PaneBuilder, type Slot, type SlotKind } from './slot.ts';
import type { Cell } from '../layout.ts';

/** Pages that one value may take, as assembly/state/tally.ts has it. */
const TALLY_PAGES = 3;
/** Scratch of a rank, as assembly/aggregate/percentile.ts has it. */
const RANKS_BYTES = 2048;

/** A set of what a DISTINCT call has seen; `add` says whether a value is new, `retract` whether it was the last of its kind. */
export function distinctSlot(bound: BoundCall, { job, slot }: Pick<PaneBuilder, 'job' | 'slot'>): Slot {
  const { cell } = argumentAt(bound);
  if (cell === 'text') job.use('text/text', 'textLength');
  return slot(bound, tallyKind(cell));
}

function tallyKind(cell: Cell): SlotKind {
  const shape = shapeOf(cell);
  return {
    type: 'Tally', module: 'state/tally', bytes: 16, add: (args) => `add${shape}(${widest(cell, firstOf(args))})`,
    retract: (args) => `remove${shape}(${widest(cell, firstOf(args))})`,
    heap: shape === 'Text' ? { pages: TALLY_PAGES + 1, length: (args) => `textLength(${firstOf(args)})` } : { pages: TALLY_PAGES },
  };
}

/** How many different values a DISTINCT call has seen. */
export function distinctCount(slot: Slot): string { return `<i64>${recordOf(slot)}.size`; }

/** The value of an entry of a tally, in the form that the row's argument has. */
export function entryText(cell: Cell, entry: string): string {
  switch (cell) {
    case 'bool': return `(load<i64>(${entry}) != 0)`;
    case 'i32': return `load<i32>(${entry})`;
    case 'i64': return `load<i64>(${entry})`;
    case 'f32': return `<f32>load<f64>(${entry})`;
    case 'f64': return `load<f64>(${entry})`;
    case 'wide': return entry;
    case 'text': return `changetype<Counted>(${entry}).text()`;
  }
}

export function collectOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { job } = builder;
  job.use('text/text', 'textLength');
  const slot = builder.slot(bound, {
    type: 'Collect', module: 'aggregate/collect', bytes: 16, add: (args) => `add(${firstOf(args)})`,
    retract: (args) => `retract(${firstOf(args)})`, merge: (other) => `merge(${other})`,
    heap: { pages: TALLY_PAGES + 1, length: (args) => `textLength(${firstOf(args)})` },
  });
  return { value: `${recordOf(slot)}.result(${job.place('the values of COLLECT')})`, isNull: [] };
}

export function percentileOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { name, args: [, share, frequency] } = bound.call;
  if (share?.kind !== 'literal') throw new Error('the share of a percentile is a literal');
  const isRounded = name === 'approxPercentile';
  const verb = isRounded ? 'Rounded' : '';
  const slot = builder.slot(bound, {
    type: 'Percentile', module: 'aggregate/percentile', bytes: 24, variant: `${verb}${frequency === undefined ? '' : 'Weighted'}`,
    add: (args) => `add${verb}(${args.join(', ')})`, merge: (other) => `merge(${other})`,
    ...frequency === undefined ? { retract: (args) => `retract${verb}(${firstOf(args)})` } : {},
    heap: { pages: TALLY_PAGES },
  });
  const place = String(Number(share.value));
  const record = recordOf(slot);
  return { value: `${record}.result(${/[.e]/.test(place) ? place : `${place}.0`}, ${builder.scratch(RANKS_BYTES)})`, isNull: [`${record}.isNull()`] };
}

export function approxCountOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { cell } = argumentAt(bound);
  const slot = builder.slot(bound, {
    type: 'ApproxCountDistinct', module: 'aggregate/approx-count-distinct', bytes: 8, add: (args) => `add${shapeOf(cell)}(${widest(cell, firstOf(args))})`,
    merge: (other) => `merge(${other})`, heap: { pages: 1 },
  });
  return { value: `${recordOf(slot)}.result()`, isNull: [] };
}

function shapeOf(cell: Cell): 'Long' | 'Double' | 'Wide' | 'Text' {
  return cell === 'wide' ? 'Wide' : cell === 'text' ? 'Text' : cell === 'f32' || cell === 'f64' ? 'Double' : 'Long';
}
