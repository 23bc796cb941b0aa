/** What an aggregation reads of a row, in generated text: its keys, the arguments and filters of its calls, each expression once. */
import type { Column, Expression, GroupAggregateNode } from '../plan/nodes.ts';
import type { Job } from './job.ts';
import type { BoundCall } from './pane.ts';
import { at, project, type View } from './rows.ts';

export interface AggregateInputs { readonly view: View; readonly calls: readonly BoundCall[]; readonly lines: readonly string[] }

/** Keys, arguments and filters over the row: columns as they are, the rest computed while the row is judged. */
export function aggregateInputs(
  job: Job, name: string, node: Pick<GroupAggregateNode, 'keys' | 'aggregates' | 'columns'>, view: View, words: string,
): AggregateInputs {
  const expressions: Expression[] = [...node.keys];
  const columns: Column[] = node.keys.map((expression, index) => ({ name: node.columns[index]?.name ?? `key${index}`, type: expression.type }));
  const add = (expression: Expression | undefined, hint: string): number => {
    if (expression === undefined) return -1;
    const text = sameText(expression);
    const known = expressions.findIndex((other, index) => index >= node.keys.length && sameText(other) === text);
    if (known >= 0) return known;
    columns.push({ name: hint, type: expression.type });
    return expressions.push(expression) - 1;
  };
  const places = node.aggregates.map(({ args, filter }, index) => {
    const column = node.columns[node.keys.length + index]?.name ?? `aggregate${index}`;
    return { args: args.map((arg, place) => add(arg, `${column}${place === 0 ? '' : place}`)), filter: add(filter, `${column}Filter`) };
  });
  const inputs = project(job, job.name(name, 'In'), expressions, columns, view, words);
  const calls = node.aggregates.map((call, index): BoundCall => {
    const { args, filter } = at(places, index);
    const text = filter < 0 ? undefined : inputs.view.column(filter);
    const isTaken = text === undefined ? undefined : text.isNull === 'false' ? text.value : `!(${text.isNull}) && ${text.value}`;
    return { call, args: args.map(inputs.view.column), isTaken };
  });
  return { view: inputs.view, calls, lines: inputs.lines };
}

/** Equal for expressions that are the same but for their place in the job's text. */
function sameText(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => (key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value));
}
