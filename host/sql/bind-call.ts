/** Function calls: plain ones by their signature, the others rewritten to what the plan has. */
import { AGGREGATES } from '../plan/aggregates.ts';
import { FUNCTIONS, FUNCTIONS_OF_FLINK, isOfKind, REWRITTEN, type ArgumentKind, type FunctionSignature } from '../plan/functions.ts';
import type { Expression } from '../plan/nodes.ts';
import { nearest } from '../plan/similar.ts';
import { bareTypeText } from '../plan/type-text.ts';
import { isInteger, isNumeric, isText, withNullable } from '../plan/type-rules.ts';
import { bindArithmetic, bindCondition, bindExpression, call, caseOf, castTo, commonTypeOf, compare, type Environment } from './bind-expression.ts';
import { JSON_REWRITES } from './bind-json.ts';
import { isUsablePattern } from './bind-pattern.ts';
import { SPECIAL_REWRITES } from './bind-special.ts';
import { bindTimestampBy, TIME_REWRITES } from './bind-time.ts';
import type { Bound } from './job.ts';
import { literal } from './literals.ts';
import type { Call } from './syntax.ts';

export function bindCall(syntax: Call, environment: Environment): Bound {
  const name = syntax.name.text.toUpperCase();
  const { report } = environment;
  if (syntax.over !== undefined) {
    report('over', syntax.span, `${name} OVER stands only in SELECT, QUALIFY and ORDER BY`, 'compute it in a subquery, and filter around that');
    return undefined;
  }
  if (AGGREGATES.has(name)) {
    report('aggregate', syntax.span, `${name} is an aggregate: ${environment.aggregateProblem}`, undefined);
    return undefined;
  }
  if (syntax.isStar || syntax.isDistinct || syntax.filter !== undefined) {
    report(
      'syntax', syntax.span,
      `${name} is no aggregate: it takes no ${syntax.isStar ? '*' : syntax.isDistinct ? 'DISTINCT' : 'FILTER'}`,
    );
    return undefined;
  }
  const rewrite = REWRITES[name] ?? SPECIAL_REWRITES[name] ?? TIME_REWRITES[name] ?? JSON_REWRITES[name];
  if (rewrite !== undefined) return rewrite(syntax, environment);
  const signature = FUNCTIONS.get(name);
  if (signature !== undefined) return bindPlain(syntax, signature, environment);
  reportUnknown(syntax, name, environment);
  return undefined;
}

function reportUnknown(syntax: Call, name: string, { report }: Environment): void {
  const { span } = syntax.name;
  if (name === 'RAND' || name === 'UUID' || name === 'RAND_INTEGER') {
    report(
      'unsupported', span, `${name} would give another answer when the log is replayed, so there is none`,
      'let the device send the value, or add it behind the sink',
    );
  } else if (
    ['TUMBLE', 'HOP', 'CUMULATE', 'SESSION'].includes(name) || /^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/.test(name)
  ) {
    report(
      'unsupported', span, `${name} as a function of the old GROUP BY windows is not supported`,
      "write FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
    );
  } else if (FUNCTIONS_OF_FLINK.has(name)) {
    report(
      'unsupported', span, `the function ${name} is not supported yet`, 'the functions there are stand in docs/sql.md',
    );
  } else {
    const near = nearest(name, [...FUNCTIONS.keys(), ...AGGREGATES.keys(), ...REWRITTEN]);
    report(
      'unknown-function', span, `there is no function ${syntax.name.text}`,
      near === undefined ? 'the functions there are stand in docs/sql.md' : `did you mean ${near}?`,
    );
  }
}

/** All arguments, or undefined when one has a problem or their number is wrong. */
export function bindArgs(
  syntax: Call, counts: { readonly least: number; readonly most: number }, environment: Environment,
): readonly Expression[] | undefined {
  const { least, most } = counts;
  const args = syntax.args.map((arg) => bindExpression(arg, environment));
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : most >= 100 ? `at least ${least}` : `${least} to ${most}`;
    environment.report(
      'arguments', syntax.span,
      `${syntax.name.text.toUpperCase()} takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${args.length}`,
    );
    return undefined;
  }
  return args.includes(undefined) ? undefined : args as readonly Expression[];
}

function bindPlain(syntax: Call, signature: FunctionSignature, environment: Environment): Bound {
  const args = bindArgs(syntax, signature, environment);
  if (args === undefined) return undefined;
  const kindOf = (index: number): ArgumentKind => signature.args[Math.min(index, signature.args.length - 1)] as ArgumentKind;
  const typed = args.map((arg, index) => bindArgument(arg, kindOf(index), syntax.name.text.toUpperCase(), environment));
  if (typed.includes(undefined)) return undefined;
  const literals = args.map((arg) => (arg.kind === 'literal' && typeof arg.value === 'bigint' ? arg.value : undefined));
  return call(signature.name, typed as Expression[], signature.type(args.map((arg) => arg.type), literals), syntax.span);
}

const NEEDED: Readonly<Record<ArgumentKind, string>> = {
  text: 'text', pattern: 'a pattern', number: 'a number', double: 'a number', integer: 'a whole number', long: 'a whole number',
};

/** The argument in the type its kind asks for; reports one that cannot be. */
export function bindArgument(arg: Expression, kind: ArgumentKind, name: string, { report }: Environment): Bound {
  if (!isOfKind(arg.type, kind)) {
    const isNumber = kind === 'number' || kind === 'double';
    const remedy = kind === 'text' ? 'CAST it AS STRING' : kind === 'integer' ? 'CAST it AS INT' : kind === 'long' ? 'CAST it AS BIGINT'
      : isNumber && isText(arg.type) ? 'CAST it AS DOUBLE' : undefined;
    const isTime = kind === 'number' && /^(DATE|TIME)/.test(arg.type.name);
    report(isTime ? 'unsupported' : 'type', arg.span, `${name} needs ${NEEDED[kind]} here, and this is ${bareTypeText(arg.type)}`, remedy);
    return undefined;
  }
  switch (kind) {
    case 'integer': return castTo(arg, { name: 'INT', isNullable: true });
    case 'long': return castTo(arg, { name: 'BIGINT', isNullable: true });
    case 'double': return castTo(arg, { name: 'DOUBLE', isNullable: true });
    case 'pattern': return isUsablePattern(arg, report) ? arg : undefined;
    default: return arg;
  }
}

export type Rewrite = (syntax: Call, environment: Environment) => Bound;

const REWRITES: Readonly<Record<string, Rewrite>> = {
  COALESCE: (syntax, environment) => bindCoalesce(syntax, environment, 1, 100),
  IFNULL: (syntax, environment) => bindCoalesce(syntax, environment, 2, 2),
  NULLIF(syntax, environment) {
    const args = bindArgs(syntax, { least: 2, most: 2 }, environment);
    const [value, other] = args ?? [];
    if (value === undefined || other === undefined) return undefined;
    const equal = compare('eq', value, other, syntax.span, environment.report);
    const nothing = literal(null, { name: 'NULL', isNullable: true }, syntax.span);
    return equal && caseOf([equal], [nothing, value], syntax.span, environment.report);
  },
  IF(syntax, environment) {
    const [when, ...rest] = syntax.args;
    const values = bindArgs(
      { ...syntax, args: rest }, { least: 2, most: 2 }, { ...environment, report: countingFrom(environment) },
    );
    const condition = when && bindCondition(when, environment, 'IF');
    if (condition === undefined || values === undefined) return undefined;
    const bound = caseOf([condition], values, syntax.span, environment.report);
    return bound && { ...bound, type: withNullable(bound.type, bound.type.isNullable || condition.type.isNullable) };
  },
  MOD(syntax, environment) {
    const [left, right] = bindArgs(syntax, { least: 2, most: 2 }, environment) ?? [];
    return left && right && bindArithmetic('mod', 'MOD', left, right, syntax.span, environment.report);
  },
  TO_TIMESTAMP_LTZ: bindToTimestampLtz,
  TO_TIMESTAMP(syntax, environment) {
    const [text, format] = bindArgs(syntax, { least: 1, most: 2 }, environment) ?? [];
    if (text === undefined) return undefined;
    if (!isText(text.type)) {
      const remedy = isNumeric(text.type) ? 'a number of milliseconds is read by TO_TIMESTAMP_LTZ(x, 3)' : undefined;
      environment.report('type', text.span, `TO_TIMESTAMP reads text, and this is ${bareTypeText(text.type)}`, remedy);
      return undefined;
    }
    if (format !== undefined) return bindTimestampBy(syntax, text, format, environment);
    return call('toTimestamp', [text], { name: 'TIMESTAMP', precision: 3, isNullable: true }, syntax.span);
  },
  NOW: bindArrival, CURRENT_TIMESTAMP: bindArrival, CURRENT_ROW_TIMESTAMP: bindArrival,
  PROCTIME(syntax, environment) {
    const bound = bindArrival(syntax, environment);
    return bound && { ...bound, type: { name: 'TIMESTAMP_LTZ', precision: 3, isNullable: false, attribute: 'arrival' } };
  },
};

/** IF binds its condition apart: the number of its arguments is told as the user counts them. */
function countingFrom({ report }: Environment): Environment['report'] {
  return (code, span, message, remedy) => report(
    code, span, code === 'arguments' ? 'IF takes 3 arguments: condition, value, other value' : message, remedy,
  );
}

function bindCoalesce(syntax: Call, environment: Environment, least: number, most: number): Bound {
  const args = bindArgs(syntax, { least, most }, environment);
  const type = args && commonTypeOf(args, environment.report);
  if (args === undefined || type === undefined) return undefined;
  const isNullable = args.every((arg) => arg.type.isNullable);
  return call('coalesce', args.map((arg) => castTo(arg, type)), withNullable(type, isNullable), syntax.span);
}

/** The clock is read once, when a row arrives, and logged with it: a replay sees the same time. */
function bindArrival(syntax: Call, environment: Environment): Bound {
  if (bindArgs(syntax, { least: 0, most: 0 }, environment) === undefined) return undefined;
  return call('arrivalTime', [], { name: 'TIMESTAMP_LTZ', precision: 3, isNullable: false }, syntax.span);
}

/** In the plan: toTimestampLtz(number, literal 0 or 3); whole numbers as BIGINT. */
function bindToTimestampLtz(syntax: Call, environment: Environment): Bound {
  const { report } = environment;
  const [value, precision] = bindArgs(syntax, { least: 1, most: 3 }, environment) ?? [];
  if (value === undefined) return undefined;
  if (isText(value.type)) {
    const isRefused = precision !== undefined && isNumeric(precision.type);
    report(
      isRefused ? 'type' : 'unsupported', value.span,
      isRefused ? 'TO_TIMESTAMP_LTZ(x, precision) reads a number, and this is text' : 'TO_TIMESTAMP_LTZ of text is not supported yet',
      'write TO_TIMESTAMP(text), or CAST it AS BIGINT',
    );
    return undefined;
  }
  if (!isNumeric(value.type)) {
    report('type', value.span, `TO_TIMESTAMP_LTZ reads a number since 1970, and this is ${bareTypeText(value.type)}`);
    return undefined;
  }
  const digits = precision === undefined ? 3n : precision.kind === 'literal' && isInteger(precision.type) ? precision.value : undefined;
  if (digits !== 0n && digits !== 3n) {
    report(
      'unsupported', (precision ?? value).span, 'TO_TIMESTAMP_LTZ takes the precision 0 (seconds) or 3 (milliseconds)',
      'scale the number: TO_TIMESTAMP_LTZ(micros / 1000, 3)',
    );
    return undefined;
  }
  if (value.type.name === 'DECIMAL' && value.type.precision > 18) {
    report('unsupported', value.span, `TO_TIMESTAMP_LTZ of ${bareTypeText(value.type)} is not supported yet`, 'CAST it AS BIGINT');
    return undefined;
  }
  const amount = isInteger(value.type) ? castTo(value, { name: 'BIGINT', isNullable: true }) : value;
  const unit = literal(digits, { name: 'INT', isNullable: false }, (precision ?? value).span);
  return call('toTimestampLtz', [amount, unit], { name: 'TIMESTAMP_LTZ', precision: 3, isNullable: true }, syntax.span);
}
