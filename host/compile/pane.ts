/**
 * The pane record of a window in generated text: a count of rows, then the library's aggregates at constant offsets. What
 * several calls need of the same argument under the same filter is kept once.
 */
import type { AggregateCall } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { PAGE_BYTES } from '../../assembly/abi.ts';
import type { ValueText } from './expression.ts';
import { block, type Job } from './job.ts';
import { cellOf, type Cell } from './layout.ts';
import { assign, at, type Row } from './rows.ts';

/** One call with its argument and filter as text over the row at hand. */
export interface BoundCall {
  readonly call: AggregateCall;
  readonly argument: ValueText | undefined;
  readonly argumentType: SqlType | undefined;
  /** Condition that holds when the row counts; undefined without FILTER. */
  readonly isTaken: string | undefined;
}

export interface Pane {
  readonly className: string;
  /** Words for the state's layout. */
  readonly shape: readonly string[];
  readonly sizeBytes: number;
  /** Whether panes hold blocks of the heap, so that they must be freed. */
  readonly hasTexts: boolean;
  /** Expressions for the lengths of texts that a row may copy into the heap; 0 where NULL. */
  readonly textLengths: readonly string[];
  /** Statements that put the results into the columns of `result` from `first` on. */
  readonly results: (result: Row, first: number) => readonly (readonly string[])[];
}

/** What is kept: the library's class, how it begins and what a value does to it. */
interface Slot { readonly key: string; readonly type: string; readonly offset: number; readonly init: string; readonly add: string }

/** Calls of one argument under one filter. */
interface Group { readonly call: BoundCall; readonly condition: string; readonly slots: Slot[] }

/** Argument groups that one generated method deals with. */
const GROUPS_MAX = 8;
const SLOT_BYTES: Readonly<Record<string, number>> = {
  Count: 8, SumLong: 8, SumDouble: 8, SumFloat: 8, SumWide: 24, MinLong: 8, MaxLong: 8, Extrema: 16, ExtremeText: 8, ExtremeWide: 16,
};
const MODULES: Readonly<Record<string, string>> = {
  Count: 'aggregate/count',
  SumLong: 'aggregate/sum', SumDouble: 'aggregate/sum', SumFloat: 'aggregate/sum', SumWide: 'aggregate/sum',
  MinLong: 'aggregate/extrema', MaxLong: 'aggregate/extrema', Extrema: 'aggregate/extrema',
  ExtremeText: 'aggregate/extrema', ExtremeWide: 'aggregate/extrema',
};

/** What a pane has beside init() and add(). `retracts`: retract(), free(). `merges`: merge(other), which takes over what the other has in the heap. */
export interface PaneNeeds { readonly retracts?: boolean; readonly merges?: boolean }

/** Adds the pane class for `calls`. */
export function paneRecord(job: Job, name: string, calls: readonly BoundCall[], needs: PaneNeeds = {}): Pane {
  const groups = new Map<string, Group>();
  let bytes = 8;
  const slotOf = (bound: BoundCall, type: string, variant: string, init: string, add: string): Slot => {
    const group = groupOf(groups, bound);
    const key = `${type}${variant}`;
    const known = group.slots.find((slot) => slot.key === key);
    if (known) return known;
    job.use(MODULES[type] ?? '', type);
    const slot = { key, type, offset: bytes, init, add };
    bytes += SLOT_BYTES[type] ?? 0;
    group.slots.push(slot);
    return slot;
  };
  const plans = calls.map((bound) => planOf(job, bound, slotOf));
  if (bytes > PAGE_BYTES) throw new Error(`the aggregates of ${name} need ${bytes} bytes; a pane has at most ${PAGE_BYTES}`);
  const className = job.name(`${name.charAt(0).toUpperCase()}${name.slice(1)}`, 'Pane');
  const slots = [...groups.values()].flatMap((group) => group.slots).sort((a, b) => a.offset - b.offset);
  const texts = slots.filter(({ type }) => type === 'ExtremeText');
  job.add('classes', `/** State of one window of one key of ${name}. */\n${classText(className, bytes, slots, [...groups.values()], needs)}`);
  return {
    className, shape: slots.map(({ key, offset }) => `${offset} ${key}`), sizeBytes: bytes, hasTexts: texts.length > 0,
    textLengths: textLengthsOf(job, [...groups.values()]),
    results: (result, first) => plans.map((plan, index) => plan(result, first + index)),
  };
}

type ResultPlan = (result: Row, column: number) => readonly string[];
type SlotOf = (bound: BoundCall, type: string, variant: string, init: string, add: string) => Slot;

function groupOf(groups: Map<string, Group>, call: BoundCall): Group {
  const isNotNull = call.argument === undefined || call.argument.isNull === 'false' ? [] : [`!(${call.argument.isNull})`];
  const condition = [...call.isTaken === undefined ? [] : [`(${call.isTaken})`], ...isNotNull].join(' && ');
  const key = `${call.argument?.value ?? '*'} where ${condition}`;
  const known = groups.get(key);
  if (known) return known;
  const group: Group = { call, condition, slots: [] };
  groups.set(key, group);
  return group;
}

/** Chooses the slots of a call. @returns how its result is read from them; `pane` is the record, `at` its address */
function planOf(job: Job, bound: BoundCall, slotOf: SlotOf): ResultPlan {
  const count = countOf(bound, slotOf);
  const { name } = bound.call;
  const never = { setup: [], isNull: 'false' };
  if (name === 'count') return (result, column) => assign(job, result, at(result.layout.fields, column), { ...never, value: count });
  const { value, isNull } = name === 'sum' ? sumOf(bound, slotOf)
    : name === 'avg' ? meanOf(job, bound, slotOf, count) : extremeOf(bound, name as 'min' | 'max', slotOf);
  const isEmpty = count === 'pane.rows' ? [] : [`${count} == 0`];
  return (result, column) => {
    const field = at(result.layout.fields, column);
    const condition = field.column.type.isNullable ? [...isEmpty, ...isNull].join(' || ') : '';
    return assign(job, result, field, { setup: [], value: value(result, column), isNull: condition === '' ? 'false' : condition });
  };
}

interface ResultText { readonly value: (result: Row, column: number) => string; readonly isNull: readonly string[] }

/** How many values went in: the rows, where each has one. */
function countOf(bound: BoundCall, slotOf: SlotOf): string {
  if (bound.isTaken === undefined && (bound.argument === undefined || bound.argument.isNull === 'false')) return 'pane.rows';
  const slot = slotOf(bound, 'Count', '', 'init()', 'add()');
  return `changetype<Count>(at + ${slot.offset}).count`;
}

function sumOf(bound: BoundCall, slotOf: SlotOf): ResultText {
  const { value, cell, type } = argumentOf(bound);
  if (type.name === 'DECIMAL') {
    const slot = sumWideSlot(bound, slotOf);
    return { value: () => `at + ${slot.offset}`, isNull: [`changetype<SumWide>(at + ${slot.offset}).isNull()`] };
  }
  if (cell === 'f64' || cell === 'f32') {
    const sum = cell === 'f64' ? 'SumDouble' : 'SumFloat';
    const slot = slotOf(bound, sum, '', 'init()', `add(${value})`);
    return { value: () => `changetype<${sum}>(at + ${slot.offset}).result()`, isNull: [] };
  }
  const slot = slotOf(bound, 'SumLong', '', 'init()', `add(${value})`);
  return { value: () => narrowed(bound.call.type, `changetype<SumLong>(at + ${slot.offset}).result()`), isNull: [] };
}

function meanOf(job: Job, bound: BoundCall, slotOf: SlotOf, count: string): ResultText {
  const { value, cell, type } = argumentOf(bound);
  if (type.name === 'DECIMAL') return meanDecimal(job, bound, type.scale, slotOf, count);
  if (cell === 'f64' || cell === 'f32') {
    const slot = slotOf(bound, 'SumDouble', '', 'init()', `add(${cell === 'f32' ? `<f64>${value}` : value})`);
    job.use('aggregate/mean', 'meanDouble');
    const mean = `meanDouble(at + ${slot.offset}, ${count})`;
    return { value: () => (cell === 'f32' ? `<f32>${mean}` : mean), isNull: [] };
  }
  const slot = slotOf(bound, 'SumLong', '', 'init()', `add(${value})`);
  job.use('aggregate/mean', 'meanLong');
  return { value: () => narrowed(bound.call.type, `meanLong(at + ${slot.offset}, ${count})`), isNull: [] };
}

/** The quotient is computed when it is asked whether it is NULL, into 16 bytes of scratch. */
function meanDecimal(job: Job, bound: BoundCall, scale: number, slotOf: SlotOf, count: string): ResultText {
  const { type } = bound.call;
  if (type.name !== 'DECIMAL') throw new Error('AVG of DECIMAL is DECIMAL');
  const slot = sumWideSlot(bound, slotOf);
  const divisor = `0x${job.reserve(16).toString(16)}`;
  const quotient = `0x${job.reserve(16).toString(16)}`;
  job.use('aggregate/mean', 'meanWide');
  job.used.add('widen');
  const call = `!meanWide(at + ${slot.offset}, ${scale}, widen(${count}, ${divisor}), ${quotient}, ${type.precision}, ${type.scale})`;
  return { value: () => quotient, isNull: [call] };
}

function sumWideSlot(bound: BoundCall, slotOf: SlotOf): Slot {
  const { value, cell } = argumentOf(bound);
  return slotOf(bound, 'SumWide', '', 'init()', cell === 'wide' ? `addWide(load<u64>(${value}), load<i64>(${value}, 8))` : `addLong(${value})`);
}

function extremeOf(bound: BoundCall, name: 'min' | 'max', slotOf: SlotOf): ResultText {
  const { value, cell } = argumentOf(bound);
  const isMin = name === 'min';
  switch (cell) {
    case 'f64': case 'f32': {
      const slot = slotOf(bound, 'Extrema', '', 'init()', `add(${cell === 'f32' ? `<f64>${value}` : value})`);
      const text = `changetype<Extrema>(at + ${slot.offset}).${isMin ? 'lowest' : 'highest'}()`;
      return { value: () => (cell === 'f32' ? `<f32>${text}` : text), isNull: [] };
    }
    case 'text': {
      const slot = slotOf(bound, 'ExtremeText', isMin ? 'Min' : 'Max', 'init()', `${isMin ? 'addMin' : 'addMax'}(${value})`);
      return { value: () => `changetype<ExtremeText>(at + ${slot.offset}).result()`, isNull: [] };
    }
    case 'wide': {
      const slot = slotOf(bound, 'ExtremeWide', isMin ? 'Min' : 'Max', isMin ? 'initMin()' : 'initMax()',
        `${isMin ? 'addMin' : 'addMax'}(load<u64>(${value}), load<i64>(${value}, 8))`);
      return { value: () => `at + ${slot.offset}`, isNull: [] };
    }
    default: {
      const type = isMin ? 'MinLong' : 'MaxLong';
      const slot = slotOf(bound, type, '', 'init()', `add(${cell === 'bool' ? `i64(${value})` : value})`);
      const text = `changetype<${type}>(at + ${slot.offset}).result()`;
      return { value: () => (cell === 'bool' ? `${text} != 0` : cell === 'i32' ? `<i32>${text}` : text), isNull: [] };
    }
  }
}

function argumentOf(bound: BoundCall): { readonly value: string; readonly cell: Cell; readonly type: SqlType } {
  if (bound.argument === undefined || bound.argumentType === undefined) throw new Error(`${bound.call.name} needs an argument`);
  return { value: bound.argument.value, cell: cellOf(bound.argumentType), type: bound.argumentType };
}

/** 64 bits of a sum cut to the type of the result, as integers of that type wrap. */
function narrowed(type: SqlType, value: string): string {
  switch (type.name) {
    case 'TINYINT': return `<i32><i8>${value}`;
    case 'SMALLINT': return `<i32><i16>${value}`;
    case 'INT': return `<i32>${value}`;
    default: return value;
  }
}

function textLengthsOf(job: Job, groups: readonly Group[]): string[] {
  return groups.flatMap(({ call, condition, slots }) => slots.filter(({ type }) => type === 'ExtremeText').map(() => {
    job.use('text/text', 'textLength');
    const length = `textLength(${argumentOf(call).value})`;
    return condition === '' ? length : `(${condition} ? ${length} : 0)`;
  }));
}

// ------------------------------------------------------------------------------------------------------------- the class

function classText(
  className: string, bytes: number, slots: readonly Slot[], groups: readonly Group[], { retracts = false, merges = false }: PaneNeeds,
): string {
  const lines = ['/** 0: there is no such pane. */', 'rows: i64;'];
  for (const slot of slots) {
    lines.push(`// ${slot.offset}: ${slot.key}`);
    for (let offset = slot.offset; offset < slot.offset + (SLOT_BYTES[slot.type] ?? 0); offset += 8) lines.push(`word${offset}: u64;`);
  }
  lines.push('', ...initLines(slots), '', ...changeLines(groups, 'add'));
  if (retracts) lines.push('', ...changeLines(groups, 'retract'));
  if (merges) lines.push('', ...mergeLines(className, slots));
  const texts = slots.filter(({ type }) => type === 'ExtremeText');
  if (texts.length > 0 || retracts) lines.push('', ...methodLines('free', texts.map((slot) => `changetype<ExtremeText>(at + ${slot.offset}).free();`)));
  if (bytes % 8 !== 0) throw new Error('a pane is made of words');
  return `@final @unmanaged\nclass ${className} {\n${block(lines)}}`.replace(/^ +$/gm, '');
}

function initLines(slots: readonly Slot[]): string[] {
  return methodLines('init', ['this.rows = 0;', ...slots.map((slot) => `changetype<${slot.type}>(at + ${slot.offset}).${slot.init};`)]);
}

function mergeLines(className: string, slots: readonly Slot[]): string[] {
  return [
    `merge(other: ${className}): void {`, '  this.rows += other.rows;',
    ...slots.length === 0 ? [] : ['  const at = changetype<usize>(this);', '  const from = changetype<usize>(other);'],
    ...slots.map(({ type, key, offset }) => `  changetype<${type}>(at + ${offset}).${key.replace(type, 'merge')}(changetype<${type}>(from + ${offset}));`), '}',
  ];
}

/** A row comes in, or is taken back. */
function changeLines(groups: readonly Group[], verb: 'add' | 'retract'): string[] {
  const count = `this.rows ${verb === 'add' ? '+' : '-'}= 1;`;
  const parts: string[][] = [];
  for (let start = 0; start < groups.length; start += GROUPS_MAX) {
    parts.push(groups.slice(start, start + GROUPS_MAX).flatMap(({ condition, slots }) => {
      const changes = slots.map((slot) => `changetype<${slot.type}>(at + ${slot.offset}).${verb === 'add' ? slot.add : slot.add.replace(/^add/, 'retract')};`);
      if (condition === '' || changes.length === 0) return changes;
      return [`if (${condition}) {`, ...changes.map((line) => `  ${line}`), '}'];
    }));
  }
  if (parts.length <= 1) return methodLines(verb, [count, ...parts[0] ?? []], '@inline');
  const methods = parts.flatMap((lines, index) => [...methodLines(`${verb}Part${index}`, lines), '']);
  return [...methods, ...methodLines(verb, [count, ...parts.map((_, index) => `this.${verb}Part${index}();`)])];
}

function methodLines(name: string, lines: readonly string[], decorator: string = ''): string[] {
  const needsAddress = lines.some((line) => line.includes('(at + '));
  const body = needsAddress ? ['const at = changetype<usize>(this);', ...lines] : lines;
  return [...decorator === '' ? [] : [decorator], `${name}(): void {`, ...body.map((line) => `  ${line}`), '}'];
}
