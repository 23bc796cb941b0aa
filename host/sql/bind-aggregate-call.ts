/** One aggregate call: its arguments, its FILTER, its type. */
import type { AggregateCall, AggregateName, Expression } from '../plan/nodes.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { aggregateType } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindCondition, bindExpression, type Environment } from './bind-expression.ts';
import type { Call } from './syntax.ts';

/** The call as it is computed, and the type that its answer is then cast to. */
export interface BoundAggregate { readonly call: AggregateCall; readonly type: SqlType }

/**
 * Requires: an aggregate of AGGREGATES is called. @returns undefined where problems were reported
 * @param mayBeEmpty there may be no row to aggregate
 */
export function bindAggregate(syntax: Call, around: Environment, mayBeEmpty: boolean): BoundAggregate | undefined {
  const { report } = around;
  const written = syntax.name.text.toUpperCase();
  const name = written.toLowerCase() as AggregateName;
  const environment: Environment = { ...around, aggregateProblem: 'aggregates do not stand in each other; compute the inner one in a view' };
  const args = syntax.args.map((arg) => bindExpression(arg, environment));
  const filter = syntax.filter && bindCondition(syntax.filter, environment, 'FILTER');
  if (syntax.isStar ? name !== 'count' : args.length !== 1) {
    const isSeveral = name === 'count' && args.length > 1;
    report(
      isSeveral ? 'unsupported' : 'arguments', syntax.span,
      isSeveral ? 'COUNT of several columns is not supported yet' : `${written} takes 1 argument, not ${syntax.isStar ? '*' : args.length}`,
    );
    return undefined;
  }
  if (args.includes(undefined) || syntax.filter !== undefined && filter === undefined) return undefined;
  const [argument] = args as readonly Expression[];
  if (argument?.type.name === 'NULL') {
    report('type', argument.span, 'NULL alone has no type', 'write CAST(NULL AS INT), or another type');
    return undefined;
  }
  const type = aggregateType(name, argument?.type, filter !== undefined || mayBeEmpty);
  if (type === undefined || argument !== undefined && name !== 'count' && (argument.type.name === 'BYTES' || argument.type.name === 'INTERVAL')) {
    const needed = name === 'sum' || name === 'avg' ? 'a number' : 'a comparable value';
    report(
      type === undefined ? 'type' : 'unsupported', syntax.span,
      `${written} needs ${needed}, and this is ${argument === undefined ? '*' : bareTypeText(argument.type)}`,
    );
    return undefined;
  }
  const isCountOfAll = name === 'count' && !syntax.isDistinct && argument?.type.isNullable === false;
  const isDistinct = syntax.isDistinct && name !== 'min' && name !== 'max'; // the smallest of different values is the smallest
  return { call: { name, args: isCountOfAll || argument === undefined ? [] : [argument], isDistinct, filter, type, span: syntax.span }, type };
}
