/** Expressions: names resolved, types found, implicit casts made explicit, everything rewritten to the few forms of the plan. */
import type { CaseBranch, Expression, FunctionName, Span } from '../plan/nodes.ts';
import { bareTypeText, typeText } from '../plan/type-text.ts';
import {
  arithmeticType, castRule, commonType, comparisonType, isInteger, isNumeric, isSameType, isText, isTimestamp, textLengthMax, varchar,
  withNullable, type ArithmeticName,
} from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindCall } from './bind-call.ts';
import type { Bound, Report } from './job.ts';
import { convertedLiteral, intervalLiteral, literal, numberLiteral, textLiteral, timeLiteral } from './literals.ts';
import { resolve, type Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';

/** Where an expression stands. */
export interface Environment {
  readonly scope: Scope;
  readonly report: Report;
  /** What stands above a GROUP BY: takes group keys and aggregates; undefined lets the expression be bound as usual. */
  readonly intercept?: (syntax: Syntax) => { readonly bound: Bound } | undefined;
  /** Names are those of groups: whole ROWs and other columns are gone. */
  readonly isGrouped?: boolean;
  /** Says why an aggregate cannot stand here. */
  readonly aggregateProblem: string;
}

/** The expression, or undefined when it has problems; then they were reported. */
export function bindExpression(syntax: Syntax, environment: Environment): Bound {
  const taken = environment.intercept?.(syntax);
  if (taken !== undefined) return taken.bound;
  const { report } = environment;
  const { span } = syntax;
  switch (syntax.kind) {
    case 'name': return bindName(syntax, environment);
    case 'number': return numberLiteral(syntax.text, false, span, report);
    case 'string': return textLiteral(syntax.value, span);
    case 'boolean': return literal(
      syntax.value ?? null, { name: 'BOOLEAN', isNullable: syntax.value === undefined }, span,
    );
    case 'null': return literal(null, { name: 'NULL', isNullable: true }, span);
    case 'time': return timeLiteral(syntax, report);
    case 'interval': return intervalLiteral(syntax, report);
    case 'unary': return bindUnary(syntax, environment);
    case 'binary': return bindBinary(syntax, environment);
    case 'is': return bindIs(syntax, environment);
    case 'like': return bindLike(syntax, environment);
    case 'in': return bindIn(syntax, environment);
    case 'between': return bindBetween(syntax, environment);
    case 'case': return bindCase(syntax, environment);
    case 'cast': return bindCast(syntax, environment);
    case 'call': return bindCall(syntax, environment);
    case 'rowValue':
      report('unsupported', span, 'a row value is not supported yet', 'compare the columns one by one');
      return undefined;
    case 'inQuery': case 'exists':
      report(
        'unsupported', span, `${syntax.kind === 'exists' ? 'EXISTS' : 'IN'} with a query stands only in WHERE, as a condition of its own`,
        'join it to the other conditions with AND, or join the tables',
      );
      return undefined;
    default: { const unreachable: never = syntax; return unreachable; }
  }
}

/** A condition; reports anything that is not BOOLEAN. @param what e.g. 'WHERE' */
export function bindCondition(syntax: Syntax, environment: Environment, what: string): Bound {
  const bound = bindExpression(syntax, environment);
  return bound && asBoolean(bound, environment.report, what);
}

export function call(name: FunctionName, args: readonly Expression[], type: SqlType, span: Span): Expression {
  return { kind: 'call', name, args, type, span };
}

/** The value in another type: as it is, as a converted literal, or through a cast. Keeps the value's nullability. */
export function castTo(input: Expression, type: SqlType, isTry = false): Expression {
  const target = withNullable(type, input.type.isNullable || isTry);
  const converted = input.kind === 'literal' ? convertedLiteral(input, target) : undefined;
  if (converted !== undefined) return converted;
  if (isSameType(input.type, target)) return input;
  return { kind: 'cast', input, isTry, type: target, span: input.span };
}

export function booleanType(args: readonly Expression[]): SqlType { return { name: 'BOOLEAN', isNullable: args.some((arg) => arg.type.isNullable) }; }

function asBoolean(bound: Expression, report: Report, what: string): Bound {
  if (bound.type.name === 'BOOLEAN') return bound;
  if (bound.type.name === 'NULL') return castTo(bound, { name: 'BOOLEAN', isNullable: true });
  report(
    'type', bound.span, `${what} needs a condition, and this is ${bareTypeText(bound.type)}`,
    'compare it with something',
  );
  return undefined;
}

function bindName(syntax: Extract<Syntax, { kind: 'name' }>, { scope, report }: Environment): Bound {
  const field = resolve(scope, syntax, report);
  if (field === undefined) return undefined;
  const { place, type } = field;
  if (place.kind === 'column') return { kind: 'column', index: place.index, type, span: syntax.span };
  if (place.kind === 'either') {
    const args = place.indices.map((index): Expression => ({ kind: 'column', index, type: withNullable(type, true), span: syntax.span }));
    return call('coalesce', args, withNullable(type, true), syntax.span);
  }
  if (place.kind === 'row') {
    const example = place.fields[0]?.name ?? 'field';
    report(
      'unsupported', syntax.span, `${field.name} is a ROW, and whole ROWs are not supported yet`,
      `name its fields: ${field.name}.${example}`,
    );
  }
  return undefined;
}

function bindUnary(syntax: Extract<Syntax, { kind: 'unary' }>, environment: Environment): Bound {
  const { operator, operand, span } = syntax;
  if (operator === '-' && operand.kind === 'number') return numberLiteral(operand.text, true, span, environment.report);
  const bound = bindExpression(operand, environment);
  if (bound === undefined) return undefined;
  if (operator === 'NOT') {
    const condition = asBoolean(bound, environment.report, 'NOT');
    return condition && call('not', [condition], booleanType([condition]), span);
  }
  if (bound.kind === 'literal' && bound.type.name === 'INTERVAL' && typeof bound.value === 'bigint') {
    return literal(operator === '-' ? -bound.value : bound.value, bound.type, span);
  }
  if (!isNumeric(bound.type)) {
    environment.report('type', bound.span, `${operator} needs a number, and this is ${bareTypeText(bound.type)}`);
    return undefined;
  }
  return operator === '+' ? bound : call('negate', [bound], withNullable(bound.type, bound.type.isNullable), span);
}

const ARITHMETIC: Readonly<Record<string, ArithmeticName>> = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'divide', '%': 'mod' };
const SYMBOLS: Readonly<Record<ArithmeticName, string>> = { plus: '+', minus: '-', times: '*', divide: '/', mod: '%' };
const COMPARISON = { '=': 'eq', '<>': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const;

function bindBinary(syntax: Extract<Syntax, { kind: 'binary' }>, environment: Environment): Bound {
  const left = bindExpression(syntax.left, environment);
  const right = bindExpression(syntax.right, environment);
  if (left === undefined || right === undefined) return undefined;
  const { operator, span } = syntax;
  const { report } = environment;
  if (operator === 'AND' || operator === 'OR') {
    const [a, b] = [asBoolean(left, report, operator), asBoolean(right, report, operator)];
    return a && b && call(operator === 'AND' ? 'and' : 'or', [a, b], booleanType([a, b]), span);
  }
  if (operator === '||') return concatenate(left, right, span, report);
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic !== undefined) return bindArithmetic(arithmetic, operator, left, right, span, report);
  return compare(COMPARISON[operator as keyof typeof COMPARISON], left, right, span, report);
}

/** Requires: `symbol` is how the operator was written. Also binds MOD(a, b). */
export function bindArithmetic(
  name: ArithmeticName, symbol: string, left: Expression, right: Expression, span: Span, report: Report,
): Bound {
  const temporal = bindTemporal(name, left, right, span, report);
  if (temporal !== undefined) return temporal.bound;
  const type = arithmeticType(name, left.type, right.type);
  if (type === undefined) {
    const isModulo = name === 'mod' && isNumeric(left.type) && isNumeric(right.type);
    const hasText = isText(left.type) || isText(right.type);
    const textRemedy = hasText ? 'CAST the text to a number, or write || to join texts' : undefined;
    const remedy = isModulo ? 'cast both to DECIMAL or to an integer' : textRemedy;
    report('type', span, `${symbol} cannot take ${bareTypeText(left.type)} and ${bareTypeText(right.type)}`, remedy);
    return undefined;
  }
  return call(name, [operandFor(left, type), operandFor(right, type)], type, span);
}

/** Operands of one integer or approximate result type get that type; DECIMAL operands keep their own precision and scale. */
function operandFor(operand: Expression, result: SqlType): Expression {
  if (result.name !== 'DECIMAL') return castTo(operand, result);
  if (operand.type.name === 'DECIMAL') return operand;
  const digits = { TINYINT: 3, SMALLINT: 5, INT: 10, BIGINT: 19 }[operand.type.name as 'INT'];
  return castTo(operand, { name: 'DECIMAL', precision: digits, scale: 0, isNullable: operand.type.isNullable });
}

/** Arithmetic with an interval; undefined when neither operand is one. */
function bindTemporal(
  name: ArithmeticName, left: Expression, right: Expression, span: Span, report: Report,
): { readonly bound: Bound } | undefined {
  const [a, b] = [left.type, right.type];
  if (a.name !== 'INTERVAL' && b.name !== 'INTERVAL') return undefined;
  const interval = b.name === 'INTERVAL' ? right : left;
  const other = interval === right ? left : right;
  const isNullable = a.isNullable || b.isNullable;
  const isSum = name === 'plus' || name === 'minus' && interval === right;
  if (isSum && isSameType(a, b)) return { bound: foldedInterval(name, left, right) ?? call(name, [left, right], withNullable(a, isNullable), span) };
  if (isSum && isTime(other.type)) return { bound: call(name, [other, interval], withNullable(other.type, isNullable), span) };
  if (name === 'times' && isInteger(other.type)) return { bound: call(name, [left, right], withNullable(interval.type, isNullable), span) };
  const isOfFlink = isNumeric(other.type) && (name === 'times' || name === 'divide');
  const operation = `${bareTypeText(a)} ${SYMBOLS[name]} ${bareTypeText(b)}`;
  report(isOfFlink ? 'unsupported' : 'type', span, `${operation} is not ${isOfFlink ? 'supported yet' : 'possible'}`);
  return { bound: undefined };
}

/** Sum or difference of two interval literals as a literal: windows and watermarks need constants. */
function foldedInterval(name: ArithmeticName, left: Expression, right: Expression): Expression | undefined {
  if (left.kind !== 'literal' || right.kind !== 'literal') return undefined;
  const [a, b] = [left.value, right.value];
  if (typeof a !== 'bigint' || typeof b !== 'bigint') return undefined;
  return literal(name === 'plus' ? a + b : a - b, left.type, { start: left.span.start, end: right.span.end });
}

function concatenate(left: Expression, right: Expression, span: Span, report: Report): Bound {
  for (const side of [left, right]) {
    if (!isText(side.type)) {
      report('type', side.span, `|| joins texts, and this is ${bareTypeText(side.type)}`, 'CAST it AS STRING');
      return undefined;
    }
  }
  const isNullable = left.type.isNullable || right.type.isNullable;
  const length = textLengthMax(left.type) + textLengthMax(right.type);
  const type: SqlType = left.type.name === 'CHAR' && right.type.name === 'CHAR' ? { name: 'CHAR', length, isNullable } : varchar(length, isNullable);
  return call('concatOperator', [left, right], type, span);
}

/** A comparison of two values in the type they share. */
export function compare(
  name: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge', left: Expression, right: Expression, span: Span, report: Report,
): Bound {
  const type = comparisonType(left.type, right.type);
  if (type === undefined) {
    const isOfFlink = left.type.name === 'ROW' && right.type.name === 'ROW';
    report(
      isOfFlink ? 'unsupported' : 'type', span,
      `${bareTypeText(left.type)} and ${bareTypeText(right.type)} cannot be compared`,
      'CAST one to the type of the other',
    );
    return undefined;
  }
  const bothTexts = isText(left.type) && isText(right.type); // texts of different lengths compare as they are
  const args = bothTexts ? [left, right] : [castTo(left, type), castTo(right, type)];
  return call(name, args, booleanType(args), span);
}

const TESTS = {
  NULL: ['isNull', 'isNotNull'], TRUE: ['isTrue', 'isNotTrue'], FALSE: ['isFalse', 'isNotFalse'], UNKNOWN: ['isNull', 'isNotNull'],
} as const;

function bindIs(syntax: Extract<Syntax, { kind: 'is' }>, environment: Environment): Bound {
  const bound = bindExpression(syntax.operand, environment);
  const operand = bound && (syntax.test === 'NULL' ? bound : asBoolean(bound, environment.report, `IS ${syntax.test}`));
  return operand && call(
    TESTS[syntax.test][syntax.isNegated ? 1 : 0], [operand], { name: 'BOOLEAN', isNullable: false }, syntax.span,
  );
}

function bindLike(syntax: Extract<Syntax, { kind: 'like' }>, environment: Environment): Bound {
  const parts = [
    syntax.operand, syntax.pattern, ...(syntax.escape === undefined ? [] : [syntax.escape])
  ].map((part) => bindExpression(part, environment));
  if (parts.includes(undefined)) return undefined;
  const args = parts as Expression[];
  for (const arg of args) {
    if (isText(arg.type)) continue;
    environment.report(
      'type', arg.span, `LIKE compares texts, and this is ${bareTypeText(arg.type)}`, 'CAST it AS STRING',
    );
    return undefined;
  }
  const escape = args[2];
  if (escape !== undefined && (escape.kind !== 'literal' || [...String(escape.value)].length !== 1)) {
    environment.report('type', escape.span, 'ESCAPE takes one character in quotes');
    return undefined;
  }
  return negatedIf(syntax.isNegated, call('like', args, booleanType(args), syntax.span));
}

function negatedIf(isNegated: boolean, bound: Expression): Expression { return isNegated ? call(
  'not', [bound], bound.type, bound.span,
) : bound; }

function bindIn(syntax: Extract<Syntax, { kind: 'in' }>, environment: Environment): Bound {
  const operand = bindExpression(syntax.operand, environment);
  const tests = syntax.list.map((part) => {
    const value = bindExpression(part, environment);
    return operand && value && compare('eq', operand, value, part.span, environment.report);
  });
  if (tests.includes(undefined)) return undefined;
  return negatedIf(syntax.isNegated, anyOf(tests as Expression[], syntax.span));
}

/** OR of all, as a balanced tree, so that a long list stays flat. Requires: at least one. */
function anyOf(tests: readonly Expression[], span: Span): Expression {
  if (tests.length === 1) return tests[0] as Expression;
  const middle = tests.length >> 1;
  return call('or', [anyOf(tests.slice(0, middle), span), anyOf(tests.slice(middle), span)], booleanType(tests), span);
}

function bindBetween(syntax: Extract<Syntax, { kind: 'between' }>, environment: Environment): Bound {
  const [operand, low, high] = [syntax.operand, syntax.low, syntax.high].map(
    (part) => bindExpression(part, environment),
  );
  if (operand === undefined || low === undefined || high === undefined) return undefined;
  const bounds = [
    compare('ge', operand, low, syntax.span, environment.report),
    compare('le', operand, high, syntax.span, environment.report)
  ];
  if (bounds.includes(undefined)) return undefined;
  return negatedIf(
    syntax.isNegated, call('and', bounds as Expression[], booleanType(bounds as Expression[]), syntax.span),
  );
}

function bindCase(syntax: Extract<Syntax, { kind: 'case' }>, environment: Environment): Bound {
  const { operand, span } = syntax;
  const { report } = environment;
  const subject = operand && bindExpression(operand, environment);
  const conditions = syntax.branches.map(({ when }) => {
    if (operand === undefined) return bindCondition(when, environment, 'WHEN');
    const value = bindExpression(when, environment);
    return subject && value && compare('eq', subject, value, when.span, report);
  });
  const values = [
    ...syntax.branches.map(({ then }) => then), ...(syntax.otherwise === undefined ? [] : [syntax.otherwise])
  ]
    .map((value) => bindExpression(value, environment));
  if (conditions.includes(undefined) || values.includes(undefined)) return undefined;
  const outcomes = values as Expression[];
  if (syntax.otherwise === undefined) outcomes.push(literal(null, { name: 'NULL', isNullable: true }, span));
  return caseOf(conditions as Expression[], outcomes, span, report);
}

/** CASE of bound parts: one value more than conditions. Values get their common type. */
export function caseOf(
  conditions: readonly Expression[], values: readonly Expression[], span: Span, report: Report,
): Bound {
  const type = commonTypeOf(values, report);
  if (type === undefined) return undefined;
  const cast = values.map((value) => castTo(value, type));
  const branches = conditions.map((when, index): CaseBranch => ({ when, then: cast[index] as Expression }));
  return { kind: 'case', branches, otherwise: cast.at(-1) as Expression, type, span };
}

/** The type all values share; reports the first that does not fit. */
export function commonTypeOf(values: readonly Expression[], report: Report): SqlType | undefined {
  let type: SqlType | undefined;
  for (const value of values) {
    const common: SqlType | undefined = type === undefined
      ? withNullable(value.type, value.type.isNullable) : commonType(type, value.type);
    if (common === undefined) {
      const isMixed = [value.type, type as SqlType].some(isNumeric) && [value.type, type as SqlType].some(isTime);
      report(
        isMixed ? 'unsupported' : 'type', value.span,
        `${bareTypeText(value.type)} does not go together with ${bareTypeText(type as SqlType)} before it`,
        'CAST one to the type of the other',
      );
      return undefined;
    }
    type = common;
  }
  if (type?.name !== 'NULL') return type;
  report(
    'type', (values[0] as Expression).span, 'NULL alone has no type', 'write CAST(NULL AS STRING), or another type',
  );
  return undefined;
}

function isTime(type: SqlType): boolean { return isTimestamp(type) || type.name === 'DATE' || type.name === 'TIME'; }

function bindCast(syntax: Extract<Syntax, { kind: 'cast' }>, environment: Environment): Bound {
  const operand = bindExpression(syntax.operand, environment);
  if (operand === undefined) return undefined;
  const rule = castRule(operand.type, syntax.type);
  if (rule !== 'allowed') {
    const what = `${bareTypeText(operand.type)} to ${bareTypeText(syntax.type)}`;
    if (rule === 'unsupported') environment.report(
      'unsupported', syntax.span, `the cast of ${what} is not supported yet`,
    );
    else environment.report(
      'type', syntax.span, `${typeText(operand.type)} cannot be cast to ${bareTypeText(syntax.type)}`,
    );
    return undefined;
  }
  const bound = castTo(operand, syntax.type, syntax.isTry);
  return { ...bound, type: withNullable(bound.type, bound.type.isNullable || syntax.isTry), span: syntax.span };
}
