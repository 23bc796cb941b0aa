/** A plan as text for people: the tree of each result with its types, the watermark of each source, and what is guaranteed. */
import { changelogOf, uniqueKeyOf } from './changelog.ts';
import type { Catalog, CatalogGuarantee } from './catalog.ts';
import { nodeText } from './explain-node.ts';
import { expressionText } from './expression-text.ts';
import { inputsOf, type Column, type ColumnSource, type Node, type Plan, type SinkPlan, type SourcePlan } from './nodes.ts';
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

function uniqueText(node: Node): string {
  const key = uniqueKeyOf(node);
  if (key === undefined) return '';
  return key.length === 0 ? ', one row' : `, unique by ${key.map((column) => node.columns[column]?.name).join(', ')}`;
}

function originText(from: ColumnSource, columns: readonly Column[]): string {
  switch (from.kind) {
    case 'json': return from.path.join('.');
    case 'metadata': return `metadata ${from.field}`;
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
    ...(sink.input && changelogOf(sink.input) === 'updating' ? [`  updating${uniqueText(sink.input)}`] : []),
    ...(sink.input ? nodeLines(plan, sink.input, 1) : ['  fed by rejected rows']),
  ].join('\n');
}

function nodeLines(plan: Plan, node: Node, depth: number): string[] {
  return ['  '.repeat(depth) + nodeText(plan, node), ...inputsOf(node).flatMap((input) => nodeLines(plan, input, depth + 1))];
}
