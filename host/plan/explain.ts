/** A plan as text for people: the tree of each result with its types, the watermark of each source, and what is guaranteed. */
import type { Catalog, CatalogGuarantee } from './catalog.ts';
import { expressionText } from './expression-text.ts';
import type { Column, ColumnSource, Node, Plan, SinkPlan, SourcePlan } from './nodes.ts';
import { typeText } from './type-text.ts';

export function explainPlan(plan: Plan, catalog: Catalog): string {
  const blocks = [
    `job ${plan.name}`,
    ...plan.sources.map((source) => sourceText(plan, source, catalog)),
    ...plan.sinks.map((sink) => sinkText(plan, sink, catalog)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function guaranteeText(guarantee: CatalogGuarantee | undefined): string {
  if (!guarantee) return 'unknown';
  return guarantee.note === undefined ? guarantee.level : `${guarantee.level}: ${guarantee.note}`;
}

function sourceText(plan: Plan, source: SourcePlan, catalog: Catalog): string {
  const connector = catalog.connectors.find(({ name }) => name === source.connector);
  const { watermark } = source;
  const time = watermark && source.scan.columns[watermark.column];
  return [
    `source ${source.table} (${source.connector}${source.isBounded ? ', bounded' : ''})`,
    `  guarantee ${guaranteeText(connector?.source?.guarantee(source.options))}`,
    `  event time ${time ? `${time.name}, watermark ${watermark.delayMs} ms behind` : 'none'}`,
    `  payloads up to ${source.payloadMaxBytes} bytes`,
    `  rejected rows ${source.deadLetterSink === undefined ? 'are counted' : `go to ${plan.sinks[source.deadLetterSink]?.name}`}`,
    '  columns read',
    ...source.scan.columns.map(({ name, type, source: from }) => {
      return `    ${name} ${typeText(type)} <- ${originText(from, source.scan.columns)}`;
    }),
  ].join('\n');
}

function originText(from: ColumnSource, columns: readonly Column[]): string {
  switch (from.kind) {
    case 'json': return from.path.join('.');
    case 'metadata': return `metadata ${from.key}`;
    case 'computed': return expressionText(from.expression, columns);
    default: {
      const unreachable: never = from;
      return unreachable;
    }
  }
}

function sinkText(plan: Plan, sink: SinkPlan, catalog: Catalog): string {
  const connector = catalog.connectors.find(({ name }) => name === sink.connector);
  const key = sink.keyColumns.map((index) => sink.columns[index]?.name).join(', ');
  return [
    `sink ${sink.name} (${sink.connector})`,
    `  guarantee ${guaranteeText(connector?.sink?.guarantee(sink.options))}`,
    `  row ${sink.columns.map(({ name, type }) => `${name} ${typeText(type)}`).join(', ')}`,
    ...(key === '' ? [] : [`  key ${key}`]),
    ...(sink.input ? nodeLines(plan, sink.input, 1) : ['  fed by rejected rows']),
  ].join('\n');
}

function nodeLines(plan: Plan, node: Node, depth: number): string[] {
  const line = (text: string): string => '  '.repeat(depth) + text;
  switch (node.kind) {
    case 'scan': return [line(`scan ${plan.sources[node.source]?.table}`)];
    case 'filter': return [line(`filter ${expressionText(node.condition, node.input.columns)}`), ...nodeLines(plan, node.input, depth + 1)];
    case 'project': {
      const columns = node.expressions.map((expression, index) => `${node.columns[index]?.name} = ${expressionText(expression, node.input.columns)}`);
      return [line(`project ${columns.join(', ')}`), ...nodeLines(plan, node.input, depth + 1)];
    }
    case 'windowAggregate': {
      const { window, keys, aggregates, input } = node;
      const text = (index: number): string => input.columns[index]?.name ?? '';
      const calls = aggregates.map(({ name, argument, filter }) => `${name.toUpperCase()}(${argument ? expressionText(argument, input.columns) : '*'})`
        + (filter ? ` FILTER (${expressionText(filter, input.columns)})` : ''));
      const size = `${window.sizeMs} ms${window.offsetMs === 0 ? '' : `, offset ${window.offsetMs} ms`}`;
      const key = keys.length === 0 ? 'no key' : `key ${keys.map((expression) => expressionText(expression, input.columns)).join(', ')}`;
      return [line(`tumble ${text(window.timeColumn)}, ${size}: ${key}; ${calls.join(', ')}`), ...nodeLines(plan, input, depth + 1)];
    }
    default: {
      const unreachable: never = node;
      return unreachable;
    }
  }
}
