/** One node as a line of text. */
import { expressionText } from './expression-text.ts';
import type { AggregateCall, AnyJoinNode, Column, Node, OrderKey, Plan, WindowSpec } from './nodes.ts';

type Named = readonly Column[];

/** `filter (a > 1)`: what the node does, with the names of the columns it reads. */
export function nodeText(plan: Plan, node: Node): string {
  switch (node.kind) {
    case 'scan': return `scan ${plan.sources[node.source]?.table}`;
    case 'filter': return `filter ${expressionText(node.condition, node.input.columns)}`;
    case 'project': {
      const columns = node.expressions.map((expression, index) => `${node.columns[index]?.name} = ${expressionText(expression, node.input.columns)}`);
      return `project ${columns.join(', ')}`;
    }
    case 'windowAggregate': return `${windowText(node.window, node.input.columns)}: ${groupText(node)}`;
    case 'windowTable': return `${windowText(node.window, node.input.columns)}: every row`;
    case 'groupAggregate': return node.aggregates.length === 0 ? `distinct ${keysText(node)}` : `group ${groupText(node)}${ttlText(node.ttlMs)}`;
    case 'expand': {
      const names = (set: readonly boolean[]): string => `(${set.flatMap((isKept, index) => (isKept ? [name(node.input.columns, index)] : [])).join(', ')})`;
      return `expand ${node.sets.map(names).join(', ')}`;
    }
    case 'union': return 'union all';
    case 'join': case 'intervalJoin': case 'windowJoin': case 'temporalJoin': return joinText(node);
    case 'rank': {
      const range = node.from === 1 ? `first ${node.to}` : `${node.from} to ${node.to}`;
      const order = node.order.map((key) => orderText(key, node.input.columns)).join(', ');
      return `rank ${node.function}, ${range} of ${partitionText(node.partition, node.input.columns)} by ${order}`
        + `${node.hasNumber ? ', with the number' : ''}${node.window === undefined ? '' : ', at the end of the window'}${ttlText(node.ttlMs)}`;
    }
    case 'deduplicate': {
      const by = node.timeColumn === undefined ? 'arrival' : name(node.input.columns, node.timeColumn);
      return `deduplicate ${node.keep} of ${partitionText(node.partition, node.input.columns)} by ${by}`
        + `${node.window === undefined ? '' : ', at the end of the window'}${ttlText(node.ttlMs)}`;
    }
    case 'over': {
      const { unit, preceding } = node.frame;
      const amount = preceding === undefined ? 'all before' : `${preceding} ${unit === 'rows' ? 'rows' : 'ms'} before`;
      const { columns } = node.input;
      return `over ${partitionText(node.partition, columns)} by ${name(columns, node.timeColumn)}, ${unit} ${amount}: ${callsText(node.aggregates, columns)}`;
    }
    case 'unnest': {
      const collection = expressionText(node.collection, node.input.columns);
      return `${node.isLeft ? 'left ' : ''}unnest ${collection}${node.withOrdinality ? ' with ordinality' : ''}`;
    }
    case 'limit': return `limit ${node.count}${node.offset === 0 ? '' : ` after ${node.offset}`}`;
    case 'sort': return `sort ${[name(node.input.columns, node.timeColumn), ...node.order.map((key) => orderText(key, node.input.columns))].join(', ')}`;
    case 'values': return `values ${node.rows.length} rows`;
    default: { const unreachable: never = node; return unreachable; }
  }
}

function name(columns: Named, index: number): string { return columns[index]?.name ?? `#${index}`; }

function windowText(window: WindowSpec, columns: Named): string {
  const offset = (ms: number): string => (ms === 0 ? '' : `, offset ${ms} ms`);
  switch (window.kind) {
    case 'tumble': return `tumble ${name(columns, window.timeColumn)}, ${window.sizeMs} ms${offset(window.offsetMs)}`;
    case 'hop': return `hop ${name(columns, window.timeColumn)}, ${window.sizeMs} ms every ${window.slideMs} ms${offset(window.offsetMs)}`;
    case 'cumulate': return `cumulate ${name(columns, window.timeColumn)}, ${window.sizeMs} ms in steps of ${window.stepMs} ms${offset(window.offsetMs)}`;
    case 'session': {
      const of = window.partition.length === 0 ? '' : ` of ${window.partition.map((column) => name(columns, column)).join(', ')}`;
      return `session ${name(columns, window.timeColumn)}, gap ${window.gapMs} ms${of}`;
    }
    case 'attached': return `window ${name(columns, window.startColumn)} to ${name(columns, window.endColumn)}`;
    default: { const unreachable: never = window; return unreachable; }
  }
}

function keysText({ keys, input }: Extract<Node, { kind: 'groupAggregate' | 'windowAggregate' }>): string {
  return keys.length === 0 ? 'no key' : `key ${keys.map((expression) => expressionText(expression, input.columns)).join(', ')}`;
}

function groupText(node: Extract<Node, { kind: 'groupAggregate' | 'windowAggregate' }>): string {
  return node.aggregates.length === 0 ? `${keysText(node)}; distinct` : `${keysText(node)}; ${callsText(node.aggregates, node.input.columns)}`;
}

function callsText(calls: readonly AggregateCall[], columns: Named): string {
  return calls.map((call) => {
    const args = call.args.map((one) => expressionText(one, columns));
    const inner = args.length === 0 && call.name === 'count' ? '*' : args.join(', ');
    const filter = call.filter === undefined ? '' : ` FILTER (${expressionText(call.filter, columns)})`;
    return `${call.name.replace(/[A-Z]/g, '_$&').toUpperCase()}(${call.isDistinct ? 'DISTINCT ' : ''}${inner})${filter}`;
  }).join(', ');
}

function joinText(node: AnyJoinNode): string {
  const [left, right] = [node.left.columns, node.right.columns];
  const keys = node.leftKeys.map((key, index) => `${name(left, key)} = ${name(right, node.rightKeys[index] as number)}`);
  const condition = node.condition === undefined ? [] : [expressionText(node.condition, [...left, ...right])];
  const on = [...keys, ...condition].join(' AND ');
  const suffix = on === '' ? '' : ` on ${on}`;
  switch (node.kind) {
    case 'join': {
      const ttl = node.leftTtlMs === node.rightTtlMs ? ttlText(node.leftTtlMs) : `, kept ${node.leftTtlMs ?? 'forever'} | ${node.rightTtlMs ?? 'forever'} ms`;
      return `${node.type} join${suffix}${ttl}`;
    }
    case 'intervalJoin':
      return `${node.type} interval join${suffix}, ${name(left, node.leftTime)} - ${name(right, node.rightTime)} from ${node.lowerMs} to ${node.upperMs} ms`;
    case 'windowJoin': return `${node.type} window join${suffix}, at the end of the window`;
    case 'temporalJoin': return `${node.type} temporal join${suffix}, as of ${name(left, node.leftTime)}`;
    default: { const unreachable: never = node; return unreachable; }
  }
}

function partitionText(partition: readonly number[], columns: Named): string {
  return partition.length === 0 ? 'all' : `each ${partition.map((column) => name(columns, column)).join(', ')}`;
}

function orderText({ column, isDescending, isNullsFirst }: OrderKey, columns: Named): string {
  const nulls = isNullsFirst === isDescending ? (isNullsFirst ? ' nulls first' : ' nulls last') : '';
  return `${name(columns, column)}${isDescending ? ' desc' : ''}${nulls}`;
}

function ttlText(ttlMs: number | undefined): string { return ttlMs === undefined ? '' : `, kept ${ttlMs} ms`; }
