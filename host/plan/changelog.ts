/**
 * What the rows of a node mean: new rows only, or changes of rows sent before; and which columns identify a row. The rules are those of
 * Flink's planner (changelog mode inference, unique keys of metadata), compared with its plans in test/golden/plans.json.
 */
import { columnsOf } from './columns.ts';
import type { AnyJoinNode, Expression, Node } from './nodes.ts';
import { inputsOf } from './nodes.ts';

export type Changelog = 'append' | 'updating';

/** Whether a node may send -U, +U or -D. */
export function changelogOf(node: Node): Changelog {
  switch (node.kind) {
    case 'groupAggregate': return 'updating';
    case 'windowAggregate': case 'windowTable': case 'windowJoin': case 'intervalJoin': case 'temporalJoin': case 'over':
    case 'values': case 'sort': case 'scan':
      return 'append';
    case 'rank': return node.window === undefined ? 'updating' : 'append';
    case 'deduplicate': return node.window !== undefined || node.keep === 'first' ? 'append' : 'updating';
    case 'join':
      if (node.type !== 'inner' && node.type !== 'semi') return 'updating';
      return inputsChange(node);
    case 'filter': case 'project': case 'expand': case 'union': case 'unnest': case 'limit': return inputsChange(node);
    default: { const unreachable: never = node; return unreachable; }
  }
}

function inputsChange(node: Node): Changelog {
  return inputsOf(node).some((input) => changelogOf(input) === 'updating') ? 'updating' : 'append';
}

/** Columns that identify a row among those that are valid, fewest first; undefined where nothing is known. `[]`: there is at most one row. */
export function uniqueKeyOf(node: Node): readonly number[] | undefined {
  return [...keysOf(node)].sort((a, b) => a.length - b.length)[0];
}

type Keys = readonly (readonly number[])[];

/** Whether some unique key lies within these columns. */
export function isUniqueBy(node: Node, columns: Iterable<number>): boolean {
  const known = new Set(columns);
  return keysOf(node).some((key) => key.every((column) => known.has(column)));
}

function keysOf(node: Node): Keys {
  switch (node.kind) {
    case 'scan': return node.primaryKey === undefined || node.primaryKey.length === 0 ? [] : [node.primaryKey];
    case 'filter': case 'limit': case 'sort': case 'over': return keysOf(node.input);
    case 'project': return projected(node.expressions, keysOf(node.input));
    case 'groupAggregate': return [node.keys.map((_, index) => index)];
    case 'windowAggregate': {
      const start = node.keys.length + node.aggregates.length;
      return [[...node.keys.map((_, index) => index), start, start + 1]];
    }
    case 'deduplicate': return [node.partition];
    case 'rank': {
      const number = node.input.columns.length;
      const numbered = node.hasNumber && node.function === 'rowNumber' ? [[...node.partition, number]] : [];
      return [...node.to === 1 && node.function === 'rowNumber' ? [node.partition] : numbered, ...keysOf(node.input)];
    }
    case 'join': case 'intervalJoin': case 'windowJoin': case 'temporalJoin': return joinKeys(node);
    case 'windowTable': case 'expand': case 'union': case 'unnest': case 'values': return [];
    default: { const unreachable: never = node; return unreachable; }
  }
}

/** Keys whose columns all go through as they are. */
function projected(expressions: readonly Expression[], keys: Keys): Keys {
  const place = new Map<number, number>();
  expressions.forEach((expression, index) => {
    const [column] = columnsOf(expression);
    const isColumn = expression.kind === 'column' || expression.kind === 'cast' && expression.input.kind === 'column' && isInjective(expression);
    if (isColumn && column !== undefined && !place.has(column)) place.set(column, index);
  });
  return keys.filter((key) => key.every((column) => place.has(column))).map((key) => key.map((column) => place.get(column) as number));
}

/** A cast that gives different values for different ones: integers to wider integers, any text to STRING. */
function isInjective(cast: Extract<Expression, { kind: 'cast' }>): boolean {
  const order = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT'];
  const [from, to] = [order.indexOf(cast.input.type.name), order.indexOf(cast.type.name)];
  return from >= 0 && to >= from || ['CHAR', 'VARCHAR'].includes(cast.input.type.name) && cast.type.name === 'STRING';
}

/** A side's keys stay where the other side has at most one row for each of its rows; an outer side's own keys may be NULL many times. */
function joinKeys(node: AnyJoinNode): Keys {
  const { left, right, leftKeys, rightKeys, type } = node;
  if (type === 'semi' || type === 'anti') return keysOf(left);
  const windowed = node.kind === 'windowJoin';
  const leftBound = windowed ? [...leftKeys, node.leftStart, node.leftEnd] : leftKeys;
  const rightBound = windowed ? [...rightKeys, node.rightStart, node.rightEnd] : rightKeys;
  const offset = left.columns.length;
  const lefts = keysOf(left);
  const rights = keysOf(right).map((key) => key.map((column) => column + offset));
  const isRightSingle = node.kind === 'temporalJoin' || isUniqueBy(right, rightBound);
  const isLeftSingle = isUniqueBy(left, leftBound);
  const isLeftKept = type === 'inner' || type === 'left';
  const isRightKept = type === 'inner' || type === 'right';
  return [
    ...isRightSingle && isLeftKept ? lefts : [],
    ...isLeftSingle && isRightKept && node.kind !== 'temporalJoin' ? rights : [],
    ...lefts.flatMap((one) => rights.map((other) => [...one, ...other])),
  ];
}
