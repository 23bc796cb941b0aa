/** Plans made by hand, for tests of the compiler that are not about SQL: readings of devices, filtered, windowed. */
import type { AggregateCall, AggregateName, Column, Expression, FunctionName, Node, Plan, ScanColumn, SinkPlan, SourcePlan, WindowSpec } from '../host/plan/nodes.ts';
import type { PlainName, SqlType } from '../host/plan/types.ts';

const SPAN = { start: 0, end: 0 };

export function typed(name: PlainName, isNullable: boolean = true): SqlType { return { name, isNullable }; }
export const TIME: SqlType = { name: 'TIMESTAMP', precision: 3, isNullable: false };
export const ROWTIME: SqlType = { name: 'TIMESTAMP_LTZ', precision: 3, isNullable: true, attribute: 'event' };

export function columnOf(columns: readonly Column[], name: string): Expression {
  const index = columns.findIndex((column) => column.name === name);
  const column = columns[index];
  if (column === undefined) throw new Error(`no column ${name}`);
  return { kind: 'column', index, type: column.type, span: SPAN };
}
export function text(value: string): Expression { return { kind: 'literal', value, type: { name: 'CHAR', length: value.length, isNullable: false }, span: SPAN }; }
export function call(name: FunctionName, type: SqlType, ...args: readonly Expression[]): Expression { return { kind: 'call', name, args, type, span: SPAN }; }
export function json(name: string, type: SqlType): ScanColumn { return { name, type, source: { kind: 'json', path: [name] } }; }

/** device STRING, ts BIGINT, temperature DOUBLE, humidity INT, status STRING, rt AS TO_TIMESTAMP_LTZ(ts, 3). */
export const READINGS: readonly ScanColumn[] = [
  json('device', typed('STRING')), json('ts', typed('BIGINT')), json('temperature', typed('DOUBLE')), json('humidity', typed('INT')),
  json('status', typed('STRING')),
];
/** The event time as a computed column. */
export function rowtime(columns: readonly Column[], ts: string): ScanColumn {
  const three: Expression = { kind: 'literal', value: 3n, type: typed('INT', false), span: SPAN };
  return { name: 'rt', type: ROWTIME, source: { kind: 'computed', expression: call('toTimestampLtz', ROWTIME, columnOf(columns, ts), three) } };
}

export interface SourceOptions { readonly delayMs?: number; readonly deadLetterSink?: number; readonly table?: string }

/** A source of `columns` and, with a delay, their event time from `ts`. */
export function sourcePlan(columns: readonly ScanColumn[], source: number, { delayMs, deadLetterSink, table = 'readings' }: SourceOptions = {}): SourcePlan {
  const all = delayMs === undefined ? columns : [...columns, rowtime(columns, 'ts')];
  return {
    table, connector: 'test', options: {}, columns: all, payloadMaxBytes: 65536, isBounded: true, deadLetterSink,
    scan: { kind: 'scan', source, columns: all },
    watermark: delayMs === undefined ? undefined : { column: all.length - 1, delayMs },
  };
}

export function sinkPlan(name: string, input: Node | undefined, columns: readonly Column[], keyColumns: readonly number[] = []): SinkPlan {
  return { name, table: name, connector: 'test', options: {}, columns, input, keyColumns };
}

export function aggregate(name: AggregateName, argument: Expression | undefined, type: SqlType, filter?: Expression): AggregateCall {
  return { name, args: argument === undefined ? [] : [argument], isDistinct: false, filter, type, span: SPAN };
}

export interface TumbleOptions {
  readonly sizeMs: number;
  readonly offsetMs?: number;
  readonly keys: readonly { readonly name: string; readonly expression: Expression }[];
  readonly aggregates: readonly { readonly name: string; readonly call: AggregateCall }[];
  /** Instead of a tumbling window. */
  readonly window?: WindowSpec;
}

/** A tumbling window over `input`, whose last column is the event time; then a projection to keys, window bounds, aggregates. */
export function tumble(input: Node, inputColumns: readonly Column[], { sizeMs, offsetMs = 0, keys, aggregates, window: spec }: TumbleOptions): Node & { readonly kind: 'project' } {
  const columns: Column[] = [
    ...keys.map(({ name, expression }) => ({ name, type: expression.type })), ...aggregates.map(({ name, call: { type } }) => ({ name, type })),
    { name: 'window_start', type: TIME }, { name: 'window_end', type: TIME }, { name: 'window_time', type: ROWTIME },
  ];
  const window: Node = {
    kind: 'windowAggregate', input, columns, keys: keys.map(({ expression }) => expression), aggregates: aggregates.map(({ call: aggregated }) => aggregated),
    window: spec ?? { kind: 'tumble', timeColumn: inputColumns.length - 1, sizeMs, offsetMs },
  };
  const order = [...keys.map(({ name }) => name), 'window_start', 'window_end', ...aggregates.map(({ name }) => name)];
  const expressions = order.map((name) => columnOf(columns, name));
  return { kind: 'project', input: window, expressions, columns: expressions.map((expression, index) => ({ name: order[index] ?? '', type: expression.type })) };
}

export function planOf(sources: readonly SourcePlan[], sinks: readonly SinkPlan[]): Plan { return { name: 'test', sources, sinks, settings: {} }; }

/** The job of the benchmark: readings with status OK, 10 s windows by device, 2 s delay: count, min, max, avg, sum. */
export function means(options: { readonly sizeMs?: number; readonly offsetMs?: number; readonly delayMs?: number; readonly isFiltered?: boolean } = {}): Plan {
  const source = sourcePlan(READINGS, 0, { delayMs: options.delayMs ?? 2000 });
  const columns = source.scan.columns;
  const isOk = call('eq', typed('BOOLEAN'), columnOf(columns, 'status'), text('OK'));
  const input: Node = options.isFiltered === false ? source.scan : { kind: 'filter', input: source.scan, condition: isOk, columns };
  const temperature = columnOf(columns, 'temperature');
  const node = tumble(input, columns, {
    sizeMs: options.sizeMs ?? 10_000, offsetMs: options.offsetMs ?? 0, keys: [{ name: 'device', expression: columnOf(columns, 'device') }],
    aggregates: [
      { name: 'n', call: aggregate('count', undefined, typed('BIGINT', false)) },
      { name: 'low', call: aggregate('min', temperature, typed('DOUBLE')) }, { name: 'high', call: aggregate('max', temperature, typed('DOUBLE')) },
      { name: 'mean', call: aggregate('avg', temperature, typed('DOUBLE')) }, { name: 'total', call: aggregate('sum', temperature, typed('DOUBLE')) },
    ],
  });
  return planOf([source], [sinkPlan('means', node, node.columns, [0])]);
}
