/** Which columns of a node are the start, end and time of the window that a row belongs to, as they go through the nodes. */
import type { Column, Node, WindowSpec } from './nodes.ts';
import type { SqlType } from './types.ts';

export interface WindowColumns {
  readonly starts: ReadonlySet<number>;
  readonly ends: ReadonlySet<number>;
  readonly times: ReadonlySet<number>;
  /** The window as it was made first. */
  readonly spec: Exclude<WindowSpec, { kind: 'attached' }>;
  /** Type of window_time. */
  readonly timeType: SqlType;
}

/** undefined where rows belong to no window any more. */
export function windowColumnsOf(node: Node): WindowColumns | undefined {
  switch (node.kind) {
    case 'windowTable': case 'windowAggregate': {
      const end = node.columns.length - 2;
      const spec = node.window.kind === 'attached' ? windowColumnsOf(node.input)?.spec : node.window;
      const timeType = (node.columns[end + 1] as Column).type;
      return spec && { starts: new Set([end - 1]), ends: new Set([end]), times: new Set([end + 1]), spec, timeType };
    }
    case 'filter': case 'limit': case 'over': case 'rank': case 'deduplicate': case 'unnest': {
      if (node.kind === 'deduplicate' && node.window === undefined || node.kind === 'rank' && node.window === undefined) return undefined;
      return windowColumnsOf(node.input);
    }
    case 'project': {
      const below = windowColumnsOf(node.input);
      if (below === undefined) return undefined;
      const places = (columns: ReadonlySet<number>): ReadonlySet<number> => new Set(node.expressions.flatMap(
        (expression, index) => (expression.kind === 'column' && columns.has(expression.index) ? [index] : []),
      ));
      return { starts: places(below.starts), ends: places(below.ends), times: places(below.times), spec: below.spec, timeType: below.timeType };
    }
    case 'windowJoin': {
      const left = windowColumnsOf(node.left);
      const right = windowColumnsOf(node.right);
      if (left === undefined || right === undefined || node.type === 'semi' || node.type === 'anti') return left;
      const offset = node.left.columns.length;
      const both = (a: ReadonlySet<number>, b: ReadonlySet<number>): ReadonlySet<number> => new Set([...a, ...[...b].map((column) => column + offset)]);
      return {
        starts: both(left.starts, right.starts), ends: both(left.ends, right.ends), times: both(left.times, right.times), spec: left.spec,
        timeType: left.timeType,
      };
    }
    case 'expand': return windowColumnsOf(node.input);
    case 'scan': case 'values': case 'union': case 'groupAggregate': case 'join': case 'intervalJoin': case 'temporalJoin': case 'sort':
      return undefined;
    default: { const unreachable: never = node; return unreachable; }
  }
}
