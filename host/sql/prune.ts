/** Drops what no result needs: unread columns and unread aggregates. */
import { columnsOf, moved } from '../plan/columns.ts';
import type { AggregateCall, AnyJoinNode, Column, Expression, Node, ProjectNode, ScanNode, WindowSpec } from '../plan/nodes.ts';

/** A node without what is not needed, and where each column of the old one is now. */
export interface Pruned { readonly node: Node; readonly place: ReadonlyMap<number, number> }

/** Finds a scan's columns; told which of them are needed. */
export type ScanOf = (scan: ScanNode, needed: ReadonlySet<number>) => Pruned;

type Columns = ReadonlySet<number>;
type Of<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>;

/** @param needed columns of `node` that are read above it */
export function prune(node: Node, needed: Columns, scanOf: ScanOf): Pruned {
  switch (node.kind) {
    case 'scan': return scanOf(node, needed);
    case 'filter': {
      const input = prune(node.input, new Set([...needed, ...columnsOf(node.condition)]), scanOf);
      return { node: { ...node, input: input.node, condition: moved(node.condition, input.place), columns: input.node.columns }, place: input.place };
    }
    case 'project': {
      const kept = indices(node.expressions).filter((index) => needed.has(index));
      const expressions = kept.map((index) => node.expressions[index] as Expression);
      const input = prune(node.input, new Set(expressions.flatMap(columnsOf)), scanOf);
      return {
        node: { ...node, input: input.node, expressions: expressions.map((one) => moved(one, input.place)), columns: columnsAt(node, kept) },
        place: placesOf(kept),
      };
    }
    case 'windowAggregate': case 'groupAggregate': return pruneAggregate(node, needed, scanOf);
    case 'join': case 'intervalJoin': case 'windowJoin': case 'temporalJoin': return pruneJoin(node, needed, scanOf);
    case 'union': return pruneUnion(node, needed, scanOf);
    case 'values': {
      const kept = indices(node.columns).filter((index) => needed.has(index));
      return {
        node: { ...node, rows: node.rows.map((row) => kept.map((index) => row[index] as Expression)), columns: columnsAt(node, kept) },
        place: placesOf(kept),
      };
    }
    case 'over': return pruneOver(node, needed, scanOf);
    case 'windowTable': return extended(node, needed, specColumns(node.window), scanOf, ({ place }) => ({ window: movedSpec(node.window, place) }));
    case 'expand': return pruneExpand(node, needed, scanOf);
    case 'rank': {
      const hasNumber = node.hasNumber && needed.has(node.input.columns.length);
      const read = [...node.partition, ...node.order.map(({ column }) => column), ...node.window === undefined ? [] : [node.window.end]];
      const trimmed: Node = { ...node, hasNumber, columns: hasNumber ? node.columns : node.columns.slice(0, node.input.columns.length) };
      return extended(trimmed, needed, read, scanOf, ({ place }) => ({
        partition: node.partition.map(at(place)), order: node.order.map((key) => ({ ...key, column: at(place)(key.column) })),
        window: node.window && { end: at(place)(node.window.end) },
      }));
    }
    case 'deduplicate': {
      const read = [...node.partition, node.timeColumn, node.window?.end].filter((column) => column !== undefined);
      return extended(node, needed, read, scanOf, ({ place }) => ({
        partition: node.partition.map(at(place)), timeColumn: node.timeColumn === undefined ? undefined : at(place)(node.timeColumn),
        window: node.window && { end: at(place)(node.window.end) },
      }));
    }
    case 'sort': return extended(node, needed, [node.timeColumn, ...node.order.map(({ column }) => column)], scanOf, ({ place }) => ({
      timeColumn: at(place)(node.timeColumn), order: node.order.map((key) => ({ ...key, column: at(place)(key.column) })),
    }));
    case 'limit': return extended(node, needed, [], scanOf, () => ({}));
    case 'unnest': return extended(node, needed, columnsOf(node.collection), scanOf, ({ place }) => ({ collection: moved(node.collection, place) }));
    default: { const unreachable: never = node; return unreachable; }
  }
}

function indices(list: readonly unknown[]): number[] { return list.map((_, index) => index); }
function placesOf(kept: readonly number[]): ReadonlyMap<number, number> { return new Map(kept.map((index, place) => [index, place])); }
function columnsAt(node: Node, kept: readonly number[]): readonly Column[] { return kept.map((index) => node.columns[index] as Column); }
function at(place: ReadonlyMap<number, number>): (column: number) => number { return (column) => place.get(column) as number; }

/** The input with these columns and no others, so that no state keeps what nobody reads. */
function narrowed(input: Node, wanted: Columns, scanOf: ScanOf): Pruned {
  const pruned = prune(input, wanted, scanOf);
  if (pruned.node.columns.length === wanted.size) return pruned;
  const kept = indices(input.columns).filter((index) => wanted.has(index));
  const expressions = kept.map((index): Expression => {
    const column = at(pruned.place)(index);
    return { kind: 'column', index: column, type: (pruned.node.columns[column] as Column).type, span: { start: 0, end: 0 } };
  });
  const node: ProjectNode = { kind: 'project', input: pruned.node, expressions, columns: kept.map((index) => input.columns[index] as Column) };
  return { node, place: placesOf(kept) };
}

/** A node whose row is the input's row and more columns behind it, which all stay. */
function extended<N extends Of<'windowTable' | 'rank' | 'deduplicate' | 'sort' | 'limit' | 'unnest' | 'over'>>(
  node: N, needed: Columns, read: readonly number[], scanOf: ScanOf, change: (input: Pruned) => Partial<N>,
): Pruned {
  const width = node.input.columns.length;
  const wanted = new Set([...[...needed].filter((column) => column < width), ...read]);
  const input = ['windowTable', 'limit', 'unnest'].includes(node.kind) ? prune(node.input, wanted, scanOf) : narrowed(node.input, wanted, scanOf);
  const newWidth = input.node.columns.length;
  const more = node.columns.slice(width);
  const place = new Map([...input.place, ...more.map((_, index): [number, number] => [width + index, newWidth + index])]);
  // what the node says of the input's columns may differ from the input: a window takes the time attribute away
  const columns = [...input.node.columns, ...more];
  for (const [from, to] of input.place) columns[to] = node.columns[from] as Column;
  return { node: { ...node, ...change(input), input: input.node, columns }, place };
}

function pruneOver(node: Of<'over'>, needed: Columns, scanOf: ScanOf): Pruned {
  const width = node.input.columns.length;
  const kept = indices(node.aggregates).filter((index) => needed.has(width + index));
  if (kept.length === 0) return prune(node.input, needed, scanOf);
  const calls = kept.map((index) => node.aggregates[index] as AggregateCall);
  const columns = [...node.columns.slice(0, width), ...kept.map((index) => node.columns[width + index] as Column)];
  const { node: pruned, place } = extended(
    { ...node, aggregates: calls, columns }, needed, [...node.partition, node.timeColumn, ...calls.flatMap(readBy)], scanOf,
    (input) => ({
      partition: node.partition.map(at(input.place)), timeColumn: at(input.place)(node.timeColumn),
      aggregates: calls.map((call) => movedCall(call, input.place)),
    }),
  );
  const places = new Map(place);
  kept.forEach((index, order) => places.set(width + index, place.get(width + order) as number));
  return { node: pruned, place: places };
}

function readBy(call: AggregateCall): readonly number[] {
  return [...call.args, ...call.filter === undefined ? [] : [call.filter]].flatMap(columnsOf);
}

function movedCall(call: AggregateCall, place: ReadonlyMap<number, number>): AggregateCall {
  return { ...call, args: call.args.map((one) => moved(one, place)), filter: call.filter && moved(call.filter, place) };
}

/** Keys and the parts of the window always stay: they say which rows there are. */
function pruneAggregate(node: Of<'windowAggregate' | 'groupAggregate'>, needed: Columns, scanOf: ScanOf): Pruned {
  const { keys, aggregates } = node;
  const end = keys.length + aggregates.length;
  const kept = indices(node.columns).filter((index) => index < keys.length || index >= end || needed.has(index));
  const calls = aggregates.filter((_, index) => needed.has(keys.length + index));
  const window = node.kind === 'windowAggregate' ? node.window : undefined;
  const read = [...window === undefined ? [] : specColumns(window), ...keys.flatMap(columnsOf), ...calls.flatMap(readBy)];
  const input = prune(node.input, new Set(read), scanOf);
  const changed = {
    input: input.node, keys: keys.map((key) => moved(key, input.place)), aggregates: calls.map((call) => movedCall(call, input.place)),
    columns: columnsAt(node, kept),
  };
  const pruned: Node = node.kind === 'windowAggregate' ? { ...node, ...changed, window: movedSpec(node.window, input.place) } : { ...node, ...changed };
  return { node: pruned, place: placesOf(kept) };
}

/** Columns of the input that a window reads. */
export function specColumns(window: WindowSpec): readonly number[] {
  switch (window.kind) {
    case 'attached': return [window.startColumn, window.endColumn];
    case 'session': return [window.timeColumn, ...window.partition];
    default: return [window.timeColumn];
  }
}

/** The window over the new places of its columns. */
export function movedSpec(window: WindowSpec, place: ReadonlyMap<number, number>): WindowSpec {
  switch (window.kind) {
    case 'attached': return { ...window, startColumn: at(place)(window.startColumn), endColumn: at(place)(window.endColumn) };
    case 'session': return { ...window, timeColumn: at(place)(window.timeColumn), partition: window.partition.map(at(place)) };
    default: return { ...window, timeColumn: at(place)(window.timeColumn) };
  }
}

function pruneJoin(node: AnyJoinNode, needed: Columns, scanOf: ScanOf): Pruned {
  const width = node.left.columns.length;
  const isLeftOnly = node.type === 'semi' || node.type === 'anti';
  const read = node.condition === undefined ? [] : columnsOf(node.condition);
  const joined = new Set([...needed, ...read]);
  const [leftMore, rightMore] = sidesOf(node);
  const left = narrowed(node.left, new Set([...[...joined].filter((column) => column < width), ...node.leftKeys, ...leftMore]), scanOf);
  const right = narrowed(
    node.right, new Set([...[...joined].filter((column) => column >= width).map((column) => column - width), ...node.rightKeys, ...rightMore]), scanOf,
  );
  const newWidth = left.node.columns.length;
  const place = new Map([...left.place, ...[...right.place].map(([from, to]): [number, number] => [from + width, to + newWidth])]);
  const columns: Column[] = [];
  for (const [from, to] of place) if (!isLeftOnly || from < width) columns[to] = node.columns[from] as Column;
  const sides = {
    left: left.node, right: right.node, leftKeys: node.leftKeys.map(at(left.place)), rightKeys: node.rightKeys.map(at(right.place)),
    condition: node.condition && moved(node.condition, place), columns,
  };
  const outer = isLeftOnly ? left.place : place;
  switch (node.kind) {
    case 'join': return { node: { ...node, ...sides }, place: outer };
    case 'intervalJoin': case 'temporalJoin':
      return { node: { ...node, ...sides, leftTime: at(left.place)(node.leftTime), rightTime: at(right.place)(node.rightTime) }, place: outer };
    case 'windowJoin': return {
      node: {
        ...node, ...sides, leftStart: at(left.place)(node.leftStart), leftEnd: at(left.place)(node.leftEnd),
        rightStart: at(right.place)(node.rightStart), rightEnd: at(right.place)(node.rightEnd),
      },
      place: outer,
    };
    default: { const unreachable: never = node; return unreachable; }
  }
}

/** Columns of each side that the join reads beside its keys. */
function sidesOf(node: AnyJoinNode): readonly [readonly number[], readonly number[]] {
  switch (node.kind) {
    case 'join': return [[], []];
    case 'intervalJoin': case 'temporalJoin': return [[node.leftTime], [node.rightTime]];
    case 'windowJoin': return [[node.leftStart, node.leftEnd], [node.rightStart, node.rightEnd]];
    default: { const unreachable: never = node; return unreachable; }
  }
}

/** All inputs get the same columns in the same order. */
function pruneUnion(node: Of<'union'>, needed: Columns, scanOf: ScanOf): Pruned {
  const kept = indices(node.columns).filter((index) => needed.has(index));
  const inputs = node.inputs.map((input) => {
    const pruned = narrowed(input, new Set(kept), scanOf);
    const isInOrder = kept.every((index, order) => pruned.place.get(index) === order);
    return isInOrder ? pruned.node : reordered(pruned, kept);
  });
  return { node: { ...node, inputs, columns: columnsAt(node, kept) }, place: placesOf(kept) };
}

function reordered({ node, place }: Pruned, kept: readonly number[]): Node {
  const columns = kept.map((index) => node.columns[at(place)(index)] as Column);
  const expressions = kept.map((index, order): Expression => (
    { kind: 'column', index: at(place)(index), type: (columns[order] as Column).type, span: { start: 0, end: 0 } }
  ));
  return { kind: 'project', input: node, expressions, columns };
}

/** The keys stay in front. */
function pruneExpand(node: Of<'expand'>, needed: Columns, scanOf: ScanOf): Pruned {
  const width = node.input.columns.length;
  const keyCount = node.sets[0]?.length ?? 0;
  const wanted = new Set([...indices(node.columns).slice(0, keyCount), ...[...needed].filter((column) => column < width)]);
  const kept = indices(node.input.columns).filter((index) => wanted.has(index));
  const pruned = narrowed(node.input, wanted, scanOf);
  const input = kept.every((index, order) => pruned.place.get(index) === order) ? pruned.node : reordered(pruned, kept);
  const place = new Map([...placesOf(kept), [width, kept.length]]);
  return { node: { ...node, input, columns: columnsAt(node, [...kept, width]) }, place };
}
