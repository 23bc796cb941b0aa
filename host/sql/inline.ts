/** Merges projections that only rename into what reads them: a renaming view costs nothing. */
import { substituted } from '../plan/columns.ts';
import type { AggregateCall, Expression, Node } from '../plan/nodes.ts';
import { movedSpec, specColumns } from './prune.ts';

/** The node over other inputs, given from left to right. Requires: as many as it has. */
function withInputs(node: Node, change: (input: Node) => Node): Node {
  switch (node.kind) {
    case 'scan': case 'values': return node;
    case 'union': return { ...node, inputs: node.inputs.map(change) };
    case 'join': case 'intervalJoin': case 'windowJoin': case 'temporalJoin': return { ...node, left: change(node.left), right: change(node.right) };
    case 'filter': {
      const input = change(node.input);
      return { ...node, input, columns: input.columns };
    }
    default: return { ...node, input: change(node.input) };
  }
}

/**
 * A projection of nothing but columns and literals is merged into a projection, filter or aggregation above it.
 * Expressions are left where they are, so that each is computed once.
 */
export function inlined(node: Node): Node {
  const rebuilt = withInputs(node, inlined);
  if (rebuilt.kind !== 'project' && rebuilt.kind !== 'filter' && rebuilt.kind !== 'windowAggregate' && rebuilt.kind !== 'groupAggregate') return rebuilt;
  const { input } = rebuilt;
  if (input.kind !== 'project' || !input.expressions.every(({ kind }) => kind === 'column' || kind === 'literal')) return rebuilt;
  const replaced = (expression: Expression): Expression => substituted(expression, input.expressions);
  const replacedCall = (call: AggregateCall): AggregateCall => ({ ...call, args: call.args.map(replaced), filter: call.filter && replaced(call.filter) });
  switch (rebuilt.kind) {
    case 'project': return { ...rebuilt, input: input.input, expressions: rebuilt.expressions.map(replaced) };
    case 'filter': return {
      ...input, input: { kind: 'filter', input: input.input, condition: replaced(rebuilt.condition), columns: input.input.columns },
    };
    case 'groupAggregate': return {
      ...rebuilt, input: input.input, keys: rebuilt.keys.map(replaced), aggregates: rebuilt.aggregates.map(replacedCall),
    };
    case 'windowAggregate': {
      const place = new Map(specColumns(rebuilt.window).map((column) => [column, input.expressions[column]] as const));
      if ([...place.values()].some((maker) => maker?.kind !== 'column')) return rebuilt;
      const columns = new Map([...place].map(([column, maker]) => [column, maker?.kind === 'column' ? maker.index : 0]));
      return {
        ...rebuilt, input: input.input, window: movedSpec(rebuilt.window, columns), keys: rebuilt.keys.map(replaced),
        aggregates: rebuilt.aggregates.map(replacedCall),
      };
    }
    default: { const unreachable: never = rebuilt; return unreachable; }
  }
}
