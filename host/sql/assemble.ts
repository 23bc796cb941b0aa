/** A bound job without errors into a plan: one scan a source with the columns in use, sinks, dead letters. */
import { columnsOf, moved } from '../plan/columns.ts';
import type { Column, Node, Plan, ScanColumn, ScanNode, SinkPlan, SourcePlan } from '../plan/nodes.ts';
import { byteCount, PAYLOAD_BYTES } from './bind-options.ts';
import type { Job, JobSink, Table } from './job.ts';
import { inlined } from './inline.ts';
import { prune, type Pruned, type ScanOf } from './prune.ts';

interface UsedSource { readonly table: Table; readonly index: number; readonly scan: ScanNode; readonly place: ReadonlyMap<number, number> }

/** Requires: the job has no errors. @param name of the job where it sets none */
export function assemblePlan(job: Job, name: string): Plan {
  const roots = job.sinks.map((sink) => inlined(sink.relation.node));
  const needed = new Map<number, Set<number>>();
  const collect: ScanOf = (scan, columns) => {
    needed.set(scan.source, new Set([...needed.get(scan.source) ?? [], ...columns]));
    return { node: scan, place: new Map(scan.columns.map((_, index) => [index, index])) };
  };
  for (const root of roots) prune(root, everyColumn(root), collect);
  const used = new Map(
    [...needed].sort(([a], [b]) => a - b).map(
      ([source, columns], index) => [source, usedSource(job.scanned[source] as Table, index, columns)],
    ),
  );
  const scanOf: ScanOf = (scan) => {
    const { scan: node, place } = used.get(scan.source) as UsedSource;
    return { node, place } satisfies Pruned;
  };
  const sinks = job.sinks.map(
    (sink, index) => sinkPlan(sink, prune(roots[index] as Node, everyColumn(roots[index] as Node), scanOf).node),
  );
  const sources = [...used.values()].map((source) => sourcePlan(job, source, sinks));
  return { name: job.settings.get('pipeline.name') ?? name, sources, sinks, settings: Object.fromEntries(job.settings) };
}

function everyColumn(node: Node): ReadonlySet<number> { return new Set(node.columns.map((_, index) => index)); }

/** The scan of the columns that are needed, by a query, by the watermark or by a computed column that is needed itself. */
function usedSource(table: Table, index: number, queried: ReadonlySet<number>): UsedSource {
  const { scan, watermark } = table;
  const needed = new Set(queried);
  if (watermark !== undefined) needed.add(watermark.column);
  for (const at of [...needed]) {
    const { source } = scan.columns[at] as ScanColumn;
    if (source.kind === 'computed') columnsOf(source.expression).forEach((column) => needed.add(column));
  }
  const kept = scan.columns.map((_, at) => at).filter((at) => needed.has(at));
  const place = new Map(kept.map((at, target) => [at, target]));
  const columns = kept.map((at): ScanColumn => {
    const column = scan.columns[at] as ScanColumn;
    return column.source.kind === 'computed' ? { ...column, source: { kind: 'computed', expression: moved(
      column.source.expression, place,
    ) } } : column;
  });
  const key = scan.primaryKey?.map((at) => place.get(at));
  const primaryKey = key === undefined || key.includes(undefined) ? undefined : key as readonly number[];
  return { table, index, place, scan: { kind: 'scan', source: index, columns, ...primaryKey === undefined ? {} : { primaryKey } } };
}

function sourcePlan(job: Job, { table, scan, place }: UsedSource, sinks: SinkPlan[]): SourcePlan {
  const options = plainOptions(table);
  const maxText = table.options.get('payload.max-bytes')?.text;
  return {
    table: table.name, connector: table.connector?.name ?? '', options, scan,
    columns: table.sinkColumns.map(({ name, type }): Column => ({ name, type })),
    watermark: table.watermark && { ...table.watermark, column: place.get(table.watermark.column) as number },
    payloadMaxBytes: maxText === undefined ? PAYLOAD_BYTES : byteCount(maxText) as number,
    isBounded: table.connector?.source?.isBounded(options) ?? false,
    deadLetterSink: deadLetterSink(job, table, sinks), ...keyOf(table),
  };
}

/** Index of the sink of a source's dead letters, added at its first use. */
function deadLetterSink(job: Job, source: Table, sinks: SinkPlan[]): number | undefined {
  const name = source.options.get('dead-letter.table')?.text;
  const table = name === undefined ? undefined : job.tables.get(name);
  if (table?.kind !== 'table') return undefined;
  const known = sinks.findIndex((sink) => sink.table === table.name && sink.input === undefined);
  if (known !== -1) return known;
  return sinks.push(
    tableSink(
      table, table.name, undefined, table.sinkColumns.map(({ name: column, type }) => ({ name: column, type })),
    ),
  ) - 1;
}

function sinkPlan({ name, table, relation }: JobSink, input: Node): SinkPlan {
  if (table !== undefined) return tableSink(table, name, input, input.columns);
  const columns = input.columns.map(
    (column, index) => ({ name: relation.fields[index]?.name ?? column.name, type: column.type }),
  );
  return { name, table: 'print', connector: 'print', options: {}, columns, input, keyColumns: [], changelog: 'all' };
}

function tableSink(table: Table, name: string, input: Node | undefined, columns: readonly Column[]): SinkPlan {
  const changelog = changelogOf(table);
  // Where a key has one row, the key is what tells rows apart.
  const keys = changelog === 'upsert' ? table.primaryKey : table.options.get('key.fields')?.text.split(';') ?? [];
  const keyColumns = keys.map((key) => columns.findIndex((column) => column.name === key.trim()));
  return {
    name, table: table.name, connector: table.connector?.name ?? '', options: plainOptions(table), columns, input, keyColumns,
    ...keyOf(table), changelog,
  };
}

function keyOf({ primaryKey, sinkColumns }: Table): { readonly primaryKey?: readonly number[] } {
  if (primaryKey.length === 0) return {};
  return { primaryKey: primaryKey.map((name) => sinkColumns.findIndex((column) => column.name === name)) };
}

function changelogOf({ options, connector }: Table): 'append' | 'upsert' | 'all' {
  return options.get('changelog')?.text === 'op-field' ? 'all' : connector?.sink?.changelog ?? 'append';
}

/** Options as written, `${env:…}` and `${file:…}` unresolved, without the connector's name. */
function plainOptions(table: Table): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...table.options].filter(([key]) => key !== 'connector').map(([key, { text }]) => [key, text]),
  );
}
