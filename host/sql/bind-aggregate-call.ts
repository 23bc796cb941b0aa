/** One aggregate call: its arguments checked and cast to what they are computed in, its FILTER, its type. */
import { AGGREGATES, isArgumentOf, type AggregateArgument, type AggregateSignature } from '../plan/aggregates.ts';
import type { AggregateCall, Expression, Span } from '../plan/nodes.ts';
import { isText } from '../plan/type-rules.ts';
import { bareTypeText } from '../plan/type-text.ts';
import type { SqlType } from '../plan/types.ts';
import { bindCondition, bindExpression, call, castTo, type Environment } from './bind-expression.ts';
import type { Report } from './job.ts';
import type { Call } from './syntax.ts';

/** The call as it is computed, and the type that its answer is then cast to. */
export interface BoundAggregate { readonly call: AggregateCall; readonly type: SqlType }

const NEEDS: Readonly<Record<AggregateArgument, string>> = {
  any: 'a single value', comparable: 'a comparable value', number: 'a number', text: 'text', integer: 'an integer',
  share: 'a number literal from 0 to 1', separator: 'a text literal',
};

/**
 * Requires: an aggregate of AGGREGATES is called. @returns undefined where problems were reported
 * @param mayBeEmpty there may be no row to aggregate
 */
export function bindAggregate(syntax: Call, around: Environment, mayBeEmpty: boolean): BoundAggregate | undefined {
  const { report } = around;
  const written = syntax.name.text.toUpperCase();
  const signature = AGGREGATES.get(written);
  if (signature === undefined) throw new Error(`${written} is no aggregate`);
  const environment: Environment = { ...around, aggregateProblem: 'aggregates do not stand in each other; compute the inner one in a view' };
  const args = syntax.args.map((arg) => bindExpression(arg, environment));
  const filter = syntax.filter && bindCondition(syntax.filter, environment, 'FILTER');
  if (!hasRightShape(syntax, written, signature, report)) return undefined;
  if (syntax.filter !== undefined && filter === undefined) return undefined;
  const checked = args.map((arg, index) => arg && checkedArgument(arg, kindAt(signature, index), written, report));
  if (checked.includes(undefined)) return undefined;
  return computed(syntax, signature, checked as readonly Expression[], filter, mayBeEmpty);
}

function hasRightShape(syntax: Call, written: string, signature: AggregateSignature, report: Report): boolean {
  const { least, most } = signature;
  const count = syntax.args.length;
  if (syntax.isStar ? signature.name !== 'count' || signature.args.length > 1 : count < Math.max(1, least) || count > most) {
    const wanted = least === most || most > 3 ? `${Math.max(1, least)}` : `${least} to ${most}`;
    report('arguments', syntax.span, `${written} takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${syntax.isStar ? '*' : count}`);
    return false;
  }
  if (syntax.isDistinct && (signature.distinct === 'no' || signature.name === 'count' && count > 1)) {
    const isSeveral = signature.name === 'count' && signature.distinct !== 'no';
    report(
      isSeveral ? 'unsupported' : 'arguments', syntax.span, `${written}(DISTINCT …) ${isSeveral ? 'of several columns is not supported' : 'is not there'}`,
      isSeveral ? 'join them to one text' : `write ${written} without DISTINCT`,
    );
    return false;
  }
  if (syntax.nulls !== undefined && signature.nulls === 'fixed') {
    report('syntax', syntax.span, `${written} always skips NULL`, 'leave the words about NULL out');
    return false;
  }
  return true;
}

/** COUNT takes any number of values. */
function kindAt({ args }: AggregateSignature, index: number): AggregateArgument { return args[index] ?? args.at(-1) as AggregateArgument; }

function checkedArgument(arg: Expression, kind: AggregateArgument, written: string, report: Report): Expression | undefined {
  if (arg.type.name === 'NULL') {
    report('type', arg.span, 'NULL alone has no type', 'write CAST(NULL AS INT), or another type');
    return undefined;
  }
  if (!isArgumentOf(arg.type, kind)) {
    const isLater = kind === 'any' || kind === 'comparable' && arg.type.name !== 'ROW';
    report(isLater ? 'unsupported' : 'type', arg.span, `${written} needs ${NEEDS[kind]}, and this is ${bareTypeText(arg.type)}`);
    return undefined;
  }
  const share = kind === 'share' ? castTo(arg, { name: 'DOUBLE', isNullable: false }) : arg;
  const isShare = share.kind === 'literal' && Number(share.value) >= 0 && Number(share.value) <= 1;
  if (kind === 'share' && !isShare || kind === 'separator' && arg.kind !== 'literal') {
    report('type', arg.span, `${written} needs ${NEEDS[kind]} here`);
    return undefined;
  }
  return share;
}

function computed(
  syntax: Call, signature: AggregateSignature, args: readonly Expression[], filter: Expression | undefined, mayBeEmpty: boolean,
): BoundAggregate {
  const { name, computedIn } = signature;
  const keepsNull = (syntax.nulls ?? signature.nulls) === 'keep';
  const values = args.map((arg, index) => {
    const kind = kindAt(signature, index);
    if (kind === 'share' || kind === 'separator') return arg;
    if (kind === 'integer') return castTo(arg, { name: 'BIGINT', isNullable: arg.type.isNullable });
    switch (computedIn) {
      case 'itself': return arg;
      case 'DOUBLE': return castTo(arg, { name: 'DOUBLE', isNullable: arg.type.isNullable });
      case 'STRING': return isText(arg.type) ? arg : castTo(arg, { name: 'STRING', isNullable: arg.type.isNullable });
      case 'json': return jsonOf(arg, keepsNull, name !== 'arrayAgg');
      case 'member': return jsonOf(arg, keepsNull && index === 1, true);
    }
  });
  const isFiltered = filter !== undefined || mayBeEmpty;
  const type = signature.type(args.map((arg) => arg.type), isFiltered);
  const isDouble = computedIn === 'DOUBLE';
  const isCountOfAll = name === 'count' && !syntax.isDistinct && values.every(({ type: { isNullable } }) => !isNullable);
  return {
    call: {
      name, args: isCountOfAll ? [] : computedIn === 'member' ? [memberOf(values)] : values,
      isDistinct: syntax.isDistinct && signature.distinct === 'yes', filter,
      type: isDouble ? { name: 'DOUBLE', isNullable: type.isNullable } : type, span: syntax.span,
    },
    type,
  };
}

/** `key:value` of a JSON object; NULL where either is. */
function memberOf([key, value]: readonly Expression[]): Expression {
  if (key === undefined || value === undefined) throw new Error('a member is a key and a value');
  const join = (left: Expression, right: Expression): Expression => (
    call('concatOperator', [left, right], { name: 'STRING', isNullable: left.type.isNullable || right.type.isNullable }, left.span));
  return join(join(key, word(':', key.span)), value);
}

/** The value as JSON text; NULL as the word where it is kept. JSON functions write times as ISO 8601 has them, the json format as SQL has them. */
function jsonOf(value: Expression, keepsNull: boolean, isIso: boolean): Expression {
  const form: Expression = { kind: 'literal', value: isIso, type: { name: 'BOOLEAN', isNullable: false }, span: value.span };
  const text = call('jsonText', [value, form], { name: 'STRING', isNullable: value.type.isNullable }, value.span);
  return keepsNull && value.type.isNullable ? call('coalesce', [text, word('null', value.span)], { name: 'STRING', isNullable: false }, value.span) : text;
}

function word(value: string, span: Span): Expression { return { kind: 'literal', value, type: { name: 'STRING', isNullable: false }, span }; }
