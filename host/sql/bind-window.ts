/** Window functions: each row gets the windows that it lies in. */
import type { Column, WindowSpec } from '../plan/nodes.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { isTimestamp } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindFrom, finished } from './bind-from.ts';
import { withoutAttribute } from './bind-join.ts';
import type { Parts } from './bind-query.ts';
import { made, type Field, type Job, type Relation } from './job.ts';
import { intervalLiteral } from './literals.ts';
import { resolve, type Scope } from './scope.ts';
import type { Identifier, Syntax, WindowFunction } from './syntax.ts';

type WindowSyntax = WindowFunction & { readonly span: { readonly start: number; readonly end: number } };

/** The rows with window_start, window_end and window_time behind their columns. */
export function bindWindow(job: Job, syntax: WindowSyntax, parts: Parts): Relation | undefined {
  const { report } = job;
  const from = bindFrom(job, syntax.input, parts);
  const intervals = bindIntervals(job, syntax);
  if (from === undefined) return undefined;
  const { node: input, scope } = finished(job, from, [], undefined);
  const field = resolve(scope, nameOf(syntax.timeColumn), report);
  const partition = syntax.partition.map((name) => partitionColumn(job, name, scope));
  if (field === undefined || field.place.kind === 'broken') return undefined;
  if (!isTimestamp(field.type) || field.type.attribute !== 'event' || field.place.kind !== 'column') {
    reportTimeColumn(job, syntax.timeColumn, field);
    return undefined;
  }
  if (intervals === undefined || partition.includes(undefined)) return undefined;
  const timeColumn = field.place.index;
  const window = specOf(timeColumn, intervals, partition as readonly number[]);
  const bound: SqlType = { name: 'TIMESTAMP', precision: 3, isNullable: false };
  const timeType: SqlType = { ...field.type, isNullable: false };
  const width = input.columns.length;
  const added: readonly Column[] = [{ name: 'window_start', type: bound }, { name: 'window_end', type: bound }, { name: 'window_time', type: timeType }];
  // the event time of the rows in a window is window_time from here on; the column itself is a plain time, as in Flink
  const columns = input.columns.map((column, index) => (index === timeColumn ? { ...column, type: withoutAttribute(column.type) } : column));
  const node = made(job, { kind: 'windowTable', input, window, columns: [...columns, ...added] } as const, syntax.span);
  const fields = scope.fields.map((one): Field => (
    one.place.kind === 'column' && one.place.index === timeColumn
      ? { ...one, type: withoutAttribute(one.type), lostBy: `${syntax.name}, whose event time is window_time,` } : one
  ));
  const more = added.map(({ name, type }, index): Field => ({ name, type, place: { kind: 'column', index: width + index } }));
  return { node, fields: [...fields, ...more] };
}

function nameOf(column: Identifier): Extract<Syntax, { kind: 'name' }> { return { kind: 'name', parts: [column], span: column.span }; }

function partitionColumn(job: Job, name: Identifier, scope: Scope): number | undefined {
  const field = resolve(scope, nameOf(name), job.report);
  if (field?.place.kind === 'column') return field.place.index;
  if (field?.place.kind === 'row') job.report(
    'unsupported', name.span, `${field.name} is a ROW, and whole ROWs are not supported yet`, 'name its fields in a view',
  );
  return undefined;
}

type Intervals =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly slideMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly stepMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'session'; readonly gapMs: number };

function specOf(timeColumn: number, intervals: Intervals, partition: readonly number[]): WindowSpec {
  return intervals.kind === 'session' ? { ...intervals, timeColumn, partition } : { ...intervals, timeColumn };
}

function bindIntervals(job: Job, syntax: WindowSyntax): Intervals | undefined {
  const { name, span } = syntax;
  const size = interval(job, syntax.size, 'size');
  const step = interval(job, syntax.step, name === 'HOP' ? 'slide' : 'step');
  const gap = interval(job, syntax.gap, 'gap');
  const offset = syntax.offset === undefined ? 0 : interval(job, syntax.offset, 'offset', true);
  if (name === 'SESSION') return gap === undefined ? undefined : { kind: 'session', gapMs: gap };
  if (size === undefined || offset === undefined) return undefined;
  const period = name === 'HOP' && step !== undefined ? step : size;
  if (Math.abs(offset) >= period) {
    job.report('window', syntax.offset?.span ?? span, `the offset of a window is smaller than its ${name === 'HOP' ? 'slide' : 'size'}`);
    return undefined;
  }
  if (name === 'TUMBLE') return { kind: 'tumble', sizeMs: size, offsetMs: offset };
  if (step === undefined) return undefined;
  if (name === 'HOP') return { kind: 'hop', slideMs: step, sizeMs: size, offsetMs: offset };
  if (size % step !== 0) {
    job.report('window', syntax.step?.span ?? span, `the size of CUMULATE is a multiple of its step: ${size} ms is none of ${step} ms`);
    return undefined;
  }
  return { kind: 'cumulate', stepMs: step, sizeMs: size, offsetMs: offset };
}

/** ms; undefined where it is not given, or has a problem, which was reported. */
function interval(job: Job, syntax: Syntax | undefined, what: string, isSigned = false): number | undefined {
  if (syntax === undefined) return undefined;
  const isNegative = syntax.kind === 'unary' && syntax.operator === '-';
  const inner = isNegative ? syntax.operand : syntax;
  if (inner.kind !== 'interval') {
    job.report('window', syntax.span, `the ${what} of a window is an interval`, "write INTERVAL '10' SECOND");
    return undefined;
  }
  const bound = intervalLiteral(inner, job.report);
  if (bound === undefined) return undefined;
  if (bound.type.name === 'INTERVAL' && bound.type.unit === 'month') {
    job.report('window', syntax.span, `the ${what} of a window is a fixed time: months and years vary`, 'use days');
    return undefined;
  }
  const ms = isNegative ? -Number(bound.value) : Number(bound.value);
  if (isSigned || ms > 0) return ms;
  job.report('window', syntax.span, `the ${what} of a window is above zero`, "write INTERVAL '10' SECOND");
  return undefined;
}

function reportTimeColumn(job: Job, column: Identifier, { name, type, lostBy }: Field): void {
  if (isTimestamp(type) && type.attribute === 'arrival') {
    job.report('unsupported', column.span, 'windows of processing time are not supported yet', 'use an event time: a column with WATERMARK FOR');
  } else if (lostBy !== undefined) {
    job.report('time-attribute', column.span, `${name} is no event time any more: ${lostBy} loses it`, remedyFor(lostBy));
  } else if (isTimestamp(type)) {
    job.report(
      'time-attribute', column.span, `${name} is ${bareTypeText(type)}, but no event time`,
      `add WATERMARK FOR ${name} AS ${name} - INTERVAL '2' SECOND to its table, and pass the column on as it is`,
    );
  } else {
    job.report(
      'time-attribute', column.span, `a window needs an event time, and ${name} is ${bareTypeText(type)}`,
      `add to its table: at AS TO_TIMESTAMP_LTZ(${name}, 3), WATERMARK FOR at AS at - INTERVAL '2' SECOND`,
    );
  }
}

/** What keeps the event time instead of the step that loses it. */
function remedyFor(lostBy: string): string {
  if (lostBy.startsWith('a join')) return "bound the join in time: a.at BETWEEN b.at - INTERVAL '1' MINUTE AND b.at";
  if (lostBy.includes('window_time')) return 'take window_time, and pass it on as it is';
  if (lostBy.startsWith('GROUP BY') || lostBy.startsWith('DISTINCT')) return 'aggregate in a window and pass window_time on';
  return 'pass the column on as it is';
}
