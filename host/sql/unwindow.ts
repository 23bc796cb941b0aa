/** Takes a window function out from below filters and projections, so that the aggregation above makes the windows itself. */
import { columnsOf, moved } from '../plan/columns.ts';
import type { Column, Expression, Node, WindowSpec } from '../plan/nodes.ts';

export interface Unwindowed {
  /** The same rows before they got their windows. */
  readonly node: Node;
  /** Where each column is; the window's own are not in it. */
  readonly place: ReadonlyMap<number, number>;
  /** Over the columns of `node`. */
  readonly window: Exclude<WindowSpec, { kind: 'attached' }>;
  /** The window function that was taken out. */
  readonly origin: Node;
}

/** undefined where the rows' window is none of a function, or something on the way reads it. */
export function unwindowed(node: Node): Unwindowed | undefined {
  switch (node.kind) {
    case 'windowTable':
      if (node.window.kind === 'attached') return undefined;
      return { node: node.input, place: new Map(node.input.columns.map((_, index) => [index, index])), window: node.window, origin: node };
    case 'filter': {
      const below = unwindowed(node.input);
      if (below === undefined || !columnsOf(node.condition).every((column) => below.place.has(column))) return undefined;
      return { ...below, node: { kind: 'filter', input: below.node, condition: moved(node.condition, below.place), columns: below.node.columns } };
    }
    case 'project': return unwindowedProjection(node);
    case 'expand': {
      const below = unwindowed(node.input);
      const isWhole = below !== undefined && node.sets[0]?.every((_, key) => below.place.get(key) === key) === true;
      if (below === undefined || !isWhole) return undefined;
      const columns = below.node.columns.map((column, index) => (index < (node.sets[0]?.length ?? 0) ? node.columns[index] as Column : column));
      const place = new Map([...below.place, [node.columns.length - 1, columns.length]]);
      return { ...below, node: { ...node, input: below.node, columns: [...columns, node.columns.at(-1) as Column] }, place };
    }
    default: return undefined;
  }
}

/** What it needs of the window's columns goes; the time and the keys of a session are added behind. */
function unwindowedProjection(node: Extract<Node, { kind: 'project' }>): Unwindowed | undefined {
  const below = unwindowed(node.input);
  if (below === undefined) return undefined;
  const expressions: Expression[] = [];
  const columns: Column[] = [];
  const place = new Map<number, number>();
  for (const [index, expression] of node.expressions.entries()) {
    if (columnsOf(expression).every((column) => below.place.has(column))) {
      place.set(index, expressions.length);
      const inner = moved(expression, below.place);
      expressions.push(inner);
      columns.push({ ...node.columns[index] as Column, type: inner.kind === 'column' ? (below.node.columns[inner.index] as Column).type : inner.type });
    } else if (expression.kind !== 'column') return undefined;
  }
  const add = (column: number): number => {
    const known = expressions.findIndex((one) => one.kind === 'column' && one.index === column);
    if (known >= 0) return known;
    const from = below.node.columns[column] as Column;
    columns.push(from);
    return expressions.push({ kind: 'column', index: column, type: from.type, span: { start: 0, end: 0 } }) - 1;
  };
  const { window } = below;
  const timeColumn = add(window.timeColumn);
  const spec = window.kind === 'session' ? { ...window, timeColumn, partition: window.partition.map(add) } : { ...window, timeColumn };
  return { ...below, node: { kind: 'project', input: below.node, expressions, columns }, place, window: spec };
}
