/** What kind of join two inputs and their conditions make: of windows, in time, of versions, or regular. */
import { allOf, columnsOf, mapColumns } from '../plan/columns.ts';
import type { AnyJoinNode, Column, Expression, JoinType, Node, Span } from '../plan/nodes.ts';
import { isUniqueBy } from '../plan/changelog.ts';
import { windowColumnsOf, type WindowColumns } from '../plan/windows.ts';
import { intervalOf } from './join-interval.ts';
import { made, type Job } from './job.ts';

export interface JoinParts {
  readonly type: JoinType;
  readonly left: Node;
  readonly right: Node;
  /** Over left's columns, then right's. */
  readonly conditions: readonly Expression[];
  /** FOR SYSTEM_TIME AS OF: the event time of the left side. */
  readonly asOf: Expression | undefined;
  readonly span: Span;
  readonly leftTtlMs: number | undefined;
  readonly rightTtlMs: number | undefined;
}

export interface Joined {
  readonly node: AnyJoinNode;
  /** Where right's columns begin; columns that keys are computed into stand before them. */
  readonly leftWidth: number;
}

/** One condition `left = right`; `condition` is the same over the joined row. */
export interface EqualPair { readonly left: Expression; readonly right: Expression; readonly condition: Expression }

export function joinNodes(job: Job, parts: JoinParts): Joined {
  const { left, right, type, span } = parts;
  const width = left.columns.length;
  const pairs: EqualPair[] = [];
  const rest: Expression[] = [];
  for (const condition of parts.conditions) {
    const pair = equalPair(condition, width);
    if (pair === undefined) rest.push(condition);
    else pairs.push(pair);
  }
  if (parts.asOf !== undefined) return temporalJoin(job, parts, pairs, rest);
  const windows = windowPairs(left, right, pairs);
  if (windows !== undefined) {
    const keyed = withKeys(left, right, windows.keys, rest);
    const node: AnyJoinNode = { kind: 'windowJoin', type, ...keyed.sides, ...windows.columns, columns: joinedColumns(keyed.sides, type, true) };
    return { node: made(job, node, span), leftWidth: keyed.leftWidth };
  }
  const interval = type === 'semi' || type === 'anti' ? undefined : intervalOf(job, { left, right, pairs, rest, span });
  if (interval !== undefined && type !== 'semi' && type !== 'anti') {
    const { leftTime, rightTime, lowerMs, upperMs } = interval;
    const keyed = withKeys(left, right, interval.pairs, interval.rest);
    const node: AnyJoinNode = {
      kind: 'intervalJoin', type, ...keyed.sides, leftTime, rightTime, lowerMs, upperMs, columns: joinedColumns(keyed.sides, type, true),
    };
    return { node: made(job, node, span), leftWidth: keyed.leftWidth };
  }
  const keyed = withKeys(left, right, pairs, rest);
  const ttl = {
    ...parts.leftTtlMs === undefined ? {} : { leftTtlMs: parts.leftTtlMs },
    ...parts.rightTtlMs === undefined ? {} : { rightTtlMs: parts.rightTtlMs },
  };
  const node: AnyJoinNode = { kind: 'join', type, ...keyed.sides, ...ttl, columns: joinedColumns(keyed.sides, type, false) };
  return { node: made(job, node, span), leftWidth: keyed.leftWidth };
}

function equalPair(condition: Expression, width: number): EqualPair | undefined {
  if (condition.kind !== 'call' || condition.name !== 'eq') return undefined;
  const [a, b] = condition.args as readonly [Expression, Expression];
  const side = (one: Expression): 'left' | 'right' | undefined => {
    const columns = columnsOf(one);
    if (columns.length === 0) return undefined;
    return columns.every((column) => column < width) ? 'left' : columns.every((column) => column >= width) ? 'right' : undefined;
  };
  const [sideA, sideB] = [side(a), side(b)];
  if (sideA === undefined || sideB === undefined || sideA === sideB) return undefined;
  const [left, right] = sideA === 'left' ? [a, b] : [b, a];
  return { left, right: mapColumns(right, (column) => ({ ...column, index: column.index - width })), condition };
}

interface Sides {
  readonly left: Node; readonly right: Node; readonly leftKeys: readonly number[]; readonly rightKeys: readonly number[];
  readonly condition: Expression | undefined;
}

/** Keys that are no columns are computed into columns behind the others. */
function withKeys(left: Node, right: Node, pairs: readonly EqualPair[], rest: readonly Expression[]): { readonly sides: Sides; readonly leftWidth: number } {
  const width = left.columns.length;
  const a = withColumns(left, pairs.map((pair) => pair.left));
  const b = withColumns(right, pairs.map((pair) => pair.right));
  const leftWidth = a.node.columns.length;
  const move = (one: Expression): Expression => mapColumns(
    one, (column) => ({ ...column, index: column.index < width ? column.index : column.index - width + leftWidth }),
  );
  return { sides: { left: a.node, right: b.node, leftKeys: a.columns, rightKeys: b.columns, condition: allOf(rest.map(move)) }, leftWidth };
}

/** The node with columns for these expressions: its own where they are columns, else new ones behind. */
export function withColumns(node: Node, expressions: readonly Expression[]): { readonly node: Node; readonly columns: readonly number[] } {
  const added: Expression[] = [];
  const columns = expressions.map((one) => (one.kind === 'column' ? one.index : node.columns.length + added.push(one) - 1));
  if (added.length === 0) return { node, columns };
  const kept = node.columns.map(({ type }, index): Expression => ({ kind: 'column', index, type, span: { start: 0, end: 0 } }));
  const names = [...node.columns, ...added.map((one, index) => ({ name: `key_${index}`, type: one.type }))];
  return { node: { kind: 'project', input: node, expressions: [...kept, ...added], columns: names }, columns };
}

/** @param keepsTime whether event times stay event times */
function joinedColumns({ left, right }: Sides, type: JoinType, keepsTime: boolean): readonly Column[] {
  const change = (columns: readonly Column[], isOuter: boolean): Column[] => columns.map((column) => {
    let { type: columnType } = column;
    if (!keepsTime) columnType = withoutAttribute(columnType);
    return isOuter && columnType.name !== 'NULL' ? { ...column, type: { ...columnType, isNullable: true } } : { ...column, type: columnType };
  });
  if (type === 'semi' || type === 'anti') return change(left.columns, false);
  return [...change(left.columns, type === 'right' || type === 'full'), ...change(right.columns, type === 'left' || type === 'full')];
}

export function withoutAttribute(type: Column['type']): Column['type'] {
  if (type.name !== 'TIMESTAMP' && type.name !== 'TIMESTAMP_LTZ' || type.attribute === undefined) return type;
  return { name: type.name, precision: type.precision, isNullable: type.isNullable };
}

// --------------------------------------------------------------------------------------------------------------- windows

interface WindowPairs {
  readonly keys: readonly EqualPair[];
  readonly columns: { readonly leftStart: number; readonly leftEnd: number; readonly rightStart: number; readonly rightEnd: number };
}

/** Both sides have the same windows, and the conditions ask for the same one. */
function windowPairs(left: Node, right: Node, pairs: readonly EqualPair[]): WindowPairs | undefined {
  const [a, b] = [windowColumnsOf(left), windowColumnsOf(right)];
  if (a === undefined || b === undefined || !isSameWindow(a, b)) return undefined;
  const isPair = (pair: EqualPair, lefts: ReadonlySet<number>, rights: ReadonlySet<number>): boolean => (
    pair.left.kind === 'column' && pair.right.kind === 'column' && lefts.has(pair.left.index) && rights.has(pair.right.index)
  );
  const start = pairs.find((pair) => isPair(pair, a.starts, b.starts));
  const end = pairs.find((pair) => isPair(pair, a.ends, b.ends));
  if (start?.left.kind !== 'column' || start.right.kind !== 'column' || end?.left.kind !== 'column' || end.right.kind !== 'column') return undefined;
  const keys = pairs.filter((pair) => !isPair(pair, a.starts, b.starts) && !isPair(pair, a.ends, b.ends));
  return { keys, columns: { leftStart: start.left.index, leftEnd: end.left.index, rightStart: start.right.index, rightEnd: end.right.index } };
}

function isSameWindow(a: WindowColumns, b: WindowColumns): boolean {
  const plain = ({ spec }: WindowColumns): string => JSON.stringify({ ...spec, timeColumn: 0, partition: [] });
  return plain(a) === plain(b);
}

// -------------------------------------------------------------------------------------------------------------- versions

function temporalJoin(job: Job, parts: JoinParts, pairs: readonly EqualPair[], rest: readonly Expression[]): Joined {
  const { left, right, span, type } = parts;
  const keyed = withKeys(left, right, pairs, rest);
  const rightTime = right.columns.findIndex((column) => 'attribute' in column.type && column.type.attribute === 'event');
  if (type !== 'inner' && type !== 'left') {
    job.report(
      'syntax', span, `${type.toUpperCase()} JOIN … FOR SYSTEM_TIME AS OF is not possible: each row on the left looks for its version`,
      'write JOIN or LEFT JOIN',
    );
  } else if (rightTime === -1) {
    job.report('time-attribute', span, 'a versioned table has an event time', 'add WATERMARK FOR to the table on the right');
  } else if (pairs.length === 0 || !isUniqueBy(right, keyed.sides.rightKeys)) {
    job.report(
      'temporal-join', span, 'the table on the right has no version for each key: its PRIMARY KEY is not among the equal columns',
      'declare PRIMARY KEY (…) NOT ENFORCED and join by it, or keep the last row of each key with ROW_NUMBER() … ORDER BY at DESC = 1',
    );
  }
  const leftTime = parts.asOf?.kind === 'column' ? parts.asOf.index : 0;
  const node: AnyJoinNode = {
    kind: 'temporalJoin', type: type === 'left' ? 'left' : 'inner', ...keyed.sides, leftTime, rightTime: Math.max(rightTime, 0),
    columns: joinedColumns(keyed.sides, type, true),
  };
  return { node: made(job, node, span), leftWidth: keyed.leftWidth };
}
