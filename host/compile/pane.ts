/**
 * The pane record of an aggregation in generated text: a count of rows, then the library's aggregates at constant offsets.
 * What several calls need of the same values under the same filter is kept once; how each family of aggregates is kept and
 * read stands in host/compile/aggregate.
 */
import { PAGE_BYTES } from '../../assembly/abi.ts';
import { AGGREGATES, KNOW_EMPTY } from './aggregate/index.ts';
import { distinctCount, distinctSlot, entryText } from './aggregate/counted.ts';
import { argumentAt, recordOf, type BoundCall, type PaneBuilder, type Slot, type SlotKind } from './aggregate/slot.ts';
import type { AggregateName } from '../plan/nodes.ts';
import { block, type Job } from './job.ts';
import { assign, at, type Row } from './rows.ts';

export type { BoundCall } from './aggregate/slot.ts';

export interface Pane {
  readonly className: string;
  /** Words for the state's layout. */
  readonly shape: readonly string[];
  /** Whether panes hold blocks of the heap, so that free() must be called before they are forgotten. */
  readonly hasHeap: boolean;
  /**
   * The heap that adding one row may need, to be found before the row's first store: pages for blocks below a page, and
   * expressions over the row at hand for the lengths of blocks of any size, 0 where the row adds nothing.
   */
  readonly heapPages: number;
  readonly blockLengths: readonly string[];
  /** Whether every aggregate can take a row back, and whether it can take over what another pane holds. */
  readonly canRetract: boolean;
  readonly canMerge: boolean;
  /** Statements that put the results into the columns of `result` from `first` on. */
  readonly results: (result: Row, first: number) => readonly (readonly string[])[];
}

/** Methods that the class gets beside init(), add() and, where it has blocks of the heap, free(). */
export interface PaneOptions {
  /** `retract(): void` takes the row at hand back. Requires: canRetract. */
  readonly isRetracting?: boolean;
  /** `merge(other): void` adds what another pane holds, which is freed afterwards. Requires: room in the heap. There only where canMerge. */
  readonly isMerging?: boolean;
}

/** Calls of the same values under one filter. */
interface Group {
  readonly call: BoundCall;
  /** Values of the row as text. */
  readonly values: readonly string[];
  readonly condition: string;
  readonly slots: Slot[];
  /** What DISTINCT has seen. */
  distinct: Slot | undefined;
}

/** Argument groups that one generated method deals with. */
const GROUPS_MAX = 8;
const COUNT: SlotKind = {
  type: 'Count', module: 'aggregate/count', bytes: 8, add: () => 'add()', retract: () => 'retract()', merge: (other) => `merge(${other})`,
};

/** Adds the pane class for `calls`. */
export function paneRecord(job: Job, name: string, calls: readonly BoundCall[], options: PaneOptions = {}): Pane {
  const groups = new Map<string, Group>();
  const layout = { bytes: 8 };
  const builder = paneBuilder(job, groups, layout);
  const plans = calls.map((bound) => planOf(job, bound, builder));
  if (layout.bytes > PAGE_BYTES) throw new Error(`the aggregates of ${name} need ${layout.bytes} bytes; a pane has at most ${PAGE_BYTES}`);
  const className = job.name(`${name.charAt(0).toUpperCase()}${name.slice(1)}`, 'Pane');
  const all = [...groups.values()];
  const slots = slotsOf(all);
  const canMerge = all.every((group) => group.slots.every(({ merge }) => merge !== undefined));
  const isMerging = options.isMerging === true && canMerge;
  if (isMerging && all.some(({ distinct }) => distinct !== undefined)) job.use('state/tally', 'Counted');
  job.add('classes', `/** State of one window of one key of ${name}. */\n${classText(className, layout.bytes, all, { ...options, isMerging })}`);
  return {
    className, shape: slots.map(({ key, offset }) => `${offset} ${key}`), ...heapOf(all),
    canRetract: slots.every(({ retract }) => retract !== undefined),
    canMerge,
    results: (result, first) => plans.map((plan, index) => plan(result, first + index)),
  };
}

function paneBuilder(job: Job, groups: Map<string, Group>, layout: { bytes: number }): PaneBuilder {
  let scratch: string | undefined;
  const place = (kind: SlotKind, slots: readonly Slot[]): Slot => {
    const key = `${kind.type}${kind.variant ?? ''}`;
    const known = slots.find((slot) => slot.key === key);
    if (known) return known;
    job.use(kind.module, kind.type);
    const slot = { ...kind, key, offset: layout.bytes };
    layout.bytes += kind.bytes;
    return slot;
  };
  const groupFor = (bound: BoundCall): Group => {
    const group = groupOf(groups, bound);
    if (bound.call.isDistinct) group.distinct ??= distinctSlot(bound, { job, slot: (_, kind) => place(kind, []) });
    return group;
  };
  const slot: PaneBuilder['slot'] = (bound, kind) => {
    const { slots } = groupFor(bound);
    const found = place(kind, slots);
    if (!slots.includes(found)) slots.push(found);
    return found;
  };
  return {
    job, slot,
    count: (bound) => {
      const group = groupFor(bound);
      if (group.distinct !== undefined) return distinctCount(group.distinct);
      return group.condition === '' ? 'pane.rows' : `${recordOf(slot(bound, COUNT))}.count`;
    },
    scratch: (sizeBytes) => { scratch ??= `0x${job.reserve(sizeBytes).toString(16)}`; return scratch; },
  };
}

/** Literals behind the first argument say how an answer is made, not what is added. */
function valuesOf({ call, args }: BoundCall): BoundCall['args'] {
  const hasOption = call.name === 'listagg' || call.name === 'percentile' || call.name === 'approxPercentile';
  return hasOption ? args.filter((_, index) => index !== 1) : args;
}

function groupOf(groups: Map<string, Group>, call: BoundCall): Group {
  const args = valuesOf(call);
  const notNull = args.flatMap(({ isNull }) => (isNull === 'false' ? [] : [`!(${isNull})`]));
  const condition = [...call.isTaken === undefined ? [] : [`(${call.isTaken})`], ...new Set(notNull)].join(' && ');
  const values = args.map(({ value }) => value);
  const key = `${call.call.isDistinct ? 'distinct ' : ''}${values.length === 0 ? '*' : values.join(', ')} where ${condition}`;
  const known = groups.get(key);
  if (known) return known;
  const group: Group = { call, values, condition, slots: [], distinct: undefined };
  groups.set(key, group);
  return group;
}

/** All slots, in the order in which they lie. */
function slotsOf(groups: readonly Group[]): Slot[] {
  return groups.flatMap(({ distinct, slots }) => [...distinct === undefined ? [] : [distinct], ...slots]).sort((a, b) => a.offset - b.offset);
}

type ResultPlan = (result: Row, column: number) => readonly string[];

/** Chooses the slots of a call. @returns how its result is read from them; `pane` is the record, `at` its address */
function planOf(job: Job, bound: BoundCall, builder: PaneBuilder): ResultPlan {
  const { name, type } = bound.call;
  const count = !type.isNullable || KNOW_EMPTY.has(name as AggregateName) ? 'pane.rows' : builder.count(bound);
  const answer = AGGREGATES[name as AggregateName];
  if (answer === undefined) throw new Error(`${name} stands only with OVER`);
  const { value, isNull } = answer(bound, builder);
  const isEmpty = count === 'pane.rows' ? [] : [`${count} == 0`];
  return (result, column) => {
    const field = at(result.layout.fields, column);
    const condition = field.column.type.isNullable ? [...isEmpty, ...isNull].join(' || ') : '';
    return assign(job, result, field, { setup: [], value, isNull: condition === '' ? 'false' : condition });
  };
}

function heapOf(groups: readonly Group[]): Pick<Pane, 'hasHeap' | 'heapPages' | 'blockLengths'> {
  const needs = groups.flatMap((group) => slotsOf([group]).flatMap(({ heap }) => (heap === undefined ? [] : [{ group, heap }])));
  return {
    hasHeap: needs.length > 0,
    heapPages: needs.reduce((pages, { heap }) => pages + heap.pages, 0),
    blockLengths: needs.flatMap(({ group: { condition, values }, heap }) => {
      const length = heap.length?.(values);
      return length === undefined ? [] : [condition === '' ? length : `(${condition} ? ${length} : 0)`];
    }),
  };
}

// ------------------------------------------------------------------------------------------------------------- the class

function classText(className: string, bytes: number, groups: readonly Group[], { isRetracting, isMerging }: PaneOptions): string {
  const slots = slotsOf(groups);
  const lines = ['/** 0: there is no such pane. */', 'rows: i64;'];
  for (const slot of slots) {
    lines.push(`// ${slot.offset}: ${slot.key}`);
    for (let offset = slot.offset; offset < slot.offset + slot.bytes; offset += 8) lines.push(`word${offset}: u64;`);
  }
  const inits = slots.map((slot) => `${recordOf(slot)}.${slot.init ?? 'init()'};`);
  lines.push('', ...methodLines('init', ['this.rows = 0;', ...inits]));
  lines.push('', ...partedLines('add', 'this.rows += 1;', groups, addLines));
  if (isRetracting === true) lines.push('', ...partedLines('retract', 'this.rows -= 1;', groups, retractLines));
  if (isMerging === true) {
    lines.push('', ...methodLines('merge', ['this.rows += other.rows;', ...groups.flatMap(mergeLines)], { parameter: `other: ${className}` }));
  }
  const freed = slots.filter(({ heap }) => heap !== undefined);
  if (freed.length > 0 || isRetracting === true || isMerging === true) lines.push('', ...methodLines('free', freed.map((slot) => `${recordOf(slot)}.free();`)));
  if (bytes % 8 !== 0) throw new Error('a pane is made of words');
  return `@final @unmanaged\nclass ${className} {\n${block(lines)}}`.replace(/^ +$/gm, '');
}

/** A method over all groups, in parts so that no body comes near 4 KB of WASM. */
function partedLines(name: string, first: string, groups: readonly Group[], linesOf: (group: Group) => readonly string[]): string[] {
  const parts: string[][] = [];
  for (let start = 0; start < groups.length; start += GROUPS_MAX) parts.push(groups.slice(start, start + GROUPS_MAX).flatMap(linesOf));
  if (parts.length <= 1) return methodLines(name, [first, ...parts[0] ?? []], { decorator: '@inline' });
  const methods = parts.flatMap((lines, index) => [...methodLines(`${name}Part${index}`, lines), '']);
  return [...methods, ...methodLines(name, [first, ...parts.map((_, index) => `this.${name}Part${index}();`)])];
}

function guarded(condition: string, lines: readonly string[]): readonly string[] {
  if (condition === '' || lines.length === 0) return lines;
  return [`if (${condition}) {`, ...lines.map((line) => `  ${line}`), '}'];
}

/** The row at hand into the group's slots; where DISTINCT has seen its value before, into none. */
function addLines({ condition, distinct, slots, values }: Group): readonly string[] {
  const adds = slots.map((slot) => `${recordOf(slot)}.${slot.add(values)};`);
  if (distinct === undefined) return guarded(condition, adds);
  const isNew = `${recordOf(distinct)}.${distinct.add(values)}`;
  return guarded(condition, adds.length === 0 ? [`${isNew};`] : guarded(isNew, adds));
}

function retractLines({ condition, distinct, slots, values }: Group): readonly string[] {
  const retracts = slots.map((slot) => `${recordOf(slot)}.${slot.retract?.(values) ?? ''};`);
  if (distinct === undefined) return guarded(condition, retracts);
  const isLast = `${recordOf(distinct)}.${distinct.retract?.(values) ?? ''}`;
  return guarded(condition, retracts.length === 0 ? [`${isLast};`] : guarded(isLast, retracts));
}

/** Slots of the other pane into those of this one; of DISTINCT values those that are new here. */
function mergeLines({ call, distinct, slots }: Group): readonly string[] {
  if (distinct === undefined) {
    return slots.map((slot) => `${recordOf(slot)}.${slot.merge?.(`changetype<${slot.type}>(from + ${slot.offset})`) ?? ''};`);
  }
  const other = `changetype<Tally>(from + ${distinct.offset})`;
  const isNew = `${recordOf(distinct)}.addCounted(changetype<Counted>(value))`;
  const adds = slots.map((slot) => `${recordOf(slot)}.${slot.add([entryText(argumentAt(call).cell, 'value')])};`);
  const lines = adds.length === 0 ? [`${isNew};`] : guarded(isNew, adds);
  return [`for (let value = ${other}.first(); value != 0; value = ${other}.after(value)) {`, ...lines.map((line) => `  ${line}`), '}'];
}

function methodLines(
  name: string, lines: readonly string[], { decorator, parameter = '' }: { decorator?: string; parameter?: string } = {},
): string[] {
  const addresses = [
    ...lines.some((line) => line.includes('(at + ')) ? ['const at = changetype<usize>(this);'] : [],
    ...lines.some((line) => line.includes('(from + ')) ? ['const from = changetype<usize>(other);'] : [],
  ];
  return [...decorator === undefined ? [] : [decorator], `${name}(${parameter}): void {`, ...[...addresses, ...lines].map((line) => `  ${line}`), '}'];
}
