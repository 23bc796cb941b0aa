/** Syntax -> typed expressions: names and functions resolved, implicit casts made explicit, sugar rewritten. */
import type { CaseBranch, Expression, FunctionName, Span } from '../plan/nodes.ts';
import type { Problem } from '../plan/problem.ts';
import { suggestion } from '../plan/similar.ts';
import { arithmeticType, castRule, commonType, comparisonType, decimal, isNumeric, isSameType, isText, isTimestamp, withNullable } from '../plan/type-rules.ts';
import { typeText } from '../plan/type-text.ts';
import type { SqlType } from '../plan/types.ts';
import type { Call, Identifier, Syntax } from './syntax.ts';

/** Ends the binding of one clause; its problem is noted already. */
export class BindFault extends Error {}

export interface Scope {
  /** A column by its path; undefined when there is none. */
  resolve(parts: readonly Identifier[]): Expression | undefined;
  /** Names for "did you mean". */
  names(): readonly string[];
  /** Takes a whole sub-expression over: group keys and aggregates. */
  intercept?(syntax: Syntax): Expression | undefined;
}

export interface Binder { expression(syntax: Syntax, scope: Scope): Expression; fail(code: string, span: Span, text: string, remedy?: string): never }

const BOOLEAN = (isNullable: boolean): SqlType => ({ name: 'BOOLEAN', isNullable });
const STRING = (isNullable: boolean): SqlType => ({ name: 'STRING', isNullable });
const ARITHMETIC = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'divide', '%': 'mod' } as const;
const COMPARISON = { '=': 'eq', '<>': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const;
const UNIT_MS = { WEEK: 604_800_000, DAY: 86_400_000, HOUR: 3_600_000, MINUTE: 60_000, SECOND: 1000 } as const;

export function createBinder(problems: Problem[]): Binder {
  const fail = (code: string, span: Span, message: string, remedy?: string): never => {
    problems.push({ severity: 'error', code, message, ...(remedy === undefined ? {} : { remedy }), span });
    throw new BindFault(message);
  };
  const call = (name: FunctionName, args: readonly Expression[], type: SqlType, span: Span): Expression => ({ kind: 'call', name, args, type, span });
  const anyNull = (args: readonly Expression[]): boolean => args.some(({ type }) => type.isNullable);
  function cast(input: Expression, type: SqlType): Expression {
    if (isSameType(input.type, type)) return input;
    if (input.kind === 'literal' && input.value === null) return { ...input, type: withNullable(type, true) };
    return { kind: 'cast', input, isTry: false, type: withNullable(type, input.type.isNullable), span: input.span };
  }
  function common(args: readonly Expression[], span: Span): SqlType {
    return args.slice(1).reduce<SqlType>((type, argument) => commonType(type, argument.type)
      ?? fail('type', span, `no common type of ${typeText(type)} and ${typeText(argument.type)}`, 'CAST one of them'), (args[0] as Expression).type);
  }
  function comparison(name: FunctionName, left: Expression, right: Expression, span: Span): Expression {
    const type = comparisonType(left.type, right.type)
      ?? fail('type', span, `${typeText(left.type)} cannot be compared with ${typeText(right.type)}`, 'CAST one of them');
    return call(name, [cast(left, type), cast(right, type)], BOOLEAN(left.type.isNullable || right.type.isNullable), span);
  }
  const truth = (name: 'and' | 'or', left: Expression, right: Expression, span: Span): Expression => call(name, [left, right], BOOLEAN(anyNull([left, right])), span);

  function expression(syntax: Syntax, scope: Scope): Expression {
    const taken = scope.intercept?.(syntax);
    if (taken) return taken;
    const bind = (part: Syntax): Expression => expression(part, scope);
    const { span } = syntax;
    switch (syntax.kind) {
      case 'name': return scope.resolve(syntax.parts) ?? fail('unknown-column', span, `there is no column ${syntax.parts.map(({ text }) => text).join('.')}`,
        suggestion(syntax.parts.at(-1)?.text ?? '', scope.names()));
      case 'number': return numberLiteral(syntax.text, span);
      case 'string': return { kind: 'literal', value: syntax.value, type: { name: 'CHAR', length: [...syntax.value].length, isNullable: false }, span };
      case 'boolean': return { kind: 'literal', value: syntax.value ?? null, type: BOOLEAN(syntax.value === undefined), span };
      case 'null': return { kind: 'literal', value: null, type: { name: 'NULL', isNullable: true }, span };
      case 'time': return { kind: 'cast', input: { kind: 'literal', value: syntax.text, type: STRING(false), span }, isTry: false, span,
        type: syntax.type === 'TIMESTAMP' ? { name: 'TIMESTAMP', precision: 3, isNullable: false } : { name: syntax.type, isNullable: false } };
      case 'interval': {
        const value = intervalMs(syntax);
        if (value === undefined) return fail('unsupported', span, 'this interval is not supported yet', "write INTERVAL '10' SECOND, MINUTE, HOUR or DAY");
        return { kind: 'literal', value: BigInt(value), type: { name: 'INTERVAL', unit: 'ms', isNullable: false }, span };
      }
      case 'unary': {
        const operand = bind(syntax.operand);
        if (syntax.operator === 'NOT') return call('not', [operand], BOOLEAN(operand.type.isNullable), span);
        if (syntax.operator === '+') return operand;
        if (operand.kind === 'literal' && typeof operand.value === 'bigint') return { ...operand, value: -operand.value, span };
        if (operand.kind === 'literal' && typeof operand.value === 'number') return { ...operand, value: -operand.value, span };
        return call('negate', [operand], withNullable(operand.type, operand.type.isNullable), span);
      }
      case 'binary': return binary(syntax.operator, bind(syntax.left), bind(syntax.right), span);
      case 'is': {
        const operand = bind(syntax.operand);
        const test = syntax.test === 'NULL' || syntax.test === 'UNKNOWN' ? 'Null' : syntax.test === 'TRUE' ? 'True' : 'False';
        return call(`is${syntax.isNegated ? 'Not' : ''}${test}` as FunctionName, [operand], BOOLEAN(false), span);
      }
      case 'like': {
        const args = [bind(syntax.operand), bind(syntax.pattern), ...(syntax.escape ? [bind(syntax.escape)] : [])].map((argument) => cast(argument, STRING(argument.type.isNullable)));
        return negated(call('like', args, BOOLEAN(anyNull(args)), span), syntax.isNegated);
      }
      case 'in': {
        const operand = bind(syntax.operand);
        const tests = syntax.list.map((item) => comparison('eq', operand, bind(item), span));
        return negated(tests.slice(1).reduce((left, right) => truth('or', left, right, span), tests[0] as Expression), syntax.isNegated);
      }
      case 'between': {
        const operand = bind(syntax.operand);
        return negated(truth('and', comparison('ge', operand, bind(syntax.low), span), comparison('le', operand, bind(syntax.high), span), span), syntax.isNegated);
      }
      case 'case': {
        const operand = syntax.operand && bind(syntax.operand);
        const raw = syntax.branches.map(({ when, then }) => ({ when: operand ? comparison('eq', operand, bind(when), span) : bind(when), then: bind(then) }));
        const otherwise: Expression = syntax.otherwise ? bind(syntax.otherwise) : { kind: 'literal', value: null, type: { name: 'NULL', isNullable: true }, span };
        return choice(raw, otherwise, span);
      }
      case 'cast': {
        const input = bind(syntax.operand);
        if (castRule(input.type, syntax.type) !== 'allowed') return fail('type', span, `CAST of ${typeText(input.type)} to ${typeText(syntax.type)} is not possible`);
        return { kind: 'cast', input, isTry: syntax.isTry, type: withNullable(syntax.type, syntax.isTry || input.type.isNullable), span };
      }
      case 'call': return functionCall(syntax, syntax.args.map(bind));
      default: {
        const unreachable: never = syntax;
        return unreachable;
      }
    }
  }
  function negated(inner: Expression, isNegated: boolean): Expression {
    return isNegated ? call('not', [inner], inner.type, inner.span) : inner;
  }
  function choice(branches: readonly CaseBranch[], otherwise: Expression, span: Span): Expression {
    const type = common([...branches.map(({ then }) => then), otherwise], span);
    return { kind: 'case', branches: branches.map(({ when, then }) => ({ when, then: cast(then, type) })), otherwise: cast(otherwise, type), type, span };
  }
  function binary(operator: Extract<Syntax, { kind: 'binary' }>['operator'], left: Expression, right: Expression, span: Span): Expression {
    if (operator === 'AND' || operator === 'OR') return truth(operator === 'AND' ? 'and' : 'or', left, right, span);
    if (operator === '||') return call('concatOperator', [left, right].map((argument) => cast(argument, STRING(argument.type.isNullable))), STRING(anyNull([left, right])), span);
    if (operator in COMPARISON) return comparison(COMPARISON[operator as keyof typeof COMPARISON], left, right, span);
    const name = ARITHMETIC[operator as keyof typeof ARITHMETIC];
    if (isTimestamp(left.type) && right.type.name === 'INTERVAL') return call(name, [left, right], withNullable(left.type, anyNull([left, right])), span);
    const type = arithmeticType(name, left.type, right.type)
      ?? fail('type', span, `${typeText(left.type)} ${operator} ${typeText(right.type)} is not possible`, 'CAST the operands to numbers');
    const args = type.name === 'DECIMAL' ? [left, right] : [cast(left, type), cast(right, type)];
    return call(name, args, type, span);
  }
  function functionCall(syntax: Call, args: readonly Expression[]): Expression {
    const { span } = syntax;
    const name = syntax.name.text.toUpperCase();
    const first = args[0];
    const isNullable = anyNull(args);
    const texts = (): Expression[] => args.map((argument) => (isText(argument.type) || argument.type.name === 'NULL' ? cast(argument, STRING(argument.type.isNullable)) : argument));
    switch (name) {
      case 'COALESCE': case 'IFNULL': {
        const type = common(args, span);
        return call('coalesce', args.map((argument) => cast(argument, type)), withNullable(type, args.every((argument) => argument.type.isNullable)), span);
      }
      case 'NULLIF': return choice([{ when: comparison('eq', args[0] as Expression, args[1] as Expression, span), then: { kind: 'literal', value: null, type: { name: 'NULL', isNullable: true }, span } }], args[0] as Expression, span);
      case 'IF': return choice([{ when: args[0] as Expression, then: args[1] as Expression }], args[2] as Expression, span);
      case 'UPPER': case 'LOWER': case 'TRIM': case 'LTRIM': case 'RTRIM': case 'BTRIM': case 'REPLACE': case 'CONCAT': case 'SUBSTRING': case 'SUBSTR':
        return call((name === 'SUBSTR' ? 'substring' : name === 'BTRIM' ? 'trim' : name.toLowerCase()) as FunctionName, texts(), STRING(isNullable), span);
      case 'CHAR_LENGTH': case 'CHARACTER_LENGTH': return call('charLength', texts(), { name: 'INT', isNullable }, span);
      case 'POSITION': return call('position', texts(), { name: 'INT', isNullable }, span);
      case 'MOD': return binary('%', args[0] as Expression, args[1] as Expression, span);
      case 'ABS': case 'FLOOR': case 'CEIL': case 'CEILING': case 'ROUND':
        if (!first || !isNumeric(first.type)) return fail('type', span, `${name} takes a number`);
        return call((name === 'CEILING' ? 'ceil' : name.toLowerCase()) as FunctionName, args, withNullable(first.type, isNullable), span);
      case 'TO_TIMESTAMP_LTZ': return call('toTimestampLtz', [cast(args[0] as Expression, { name: 'BIGINT', isNullable: true }), ...args.slice(1)], { name: 'TIMESTAMP_LTZ', precision: 3, isNullable: true }, span);
      case 'TO_TIMESTAMP': return call('toTimestamp', texts(), { name: 'TIMESTAMP', precision: 3, isNullable: true }, span);
      case 'PROCTIME': case 'NOW': case 'CURRENT_TIMESTAMP': return call('arrivalTime', [], { name: 'TIMESTAMP_LTZ', precision: 3, isNullable: false }, span);
      default: return fail('unknown-function', syntax.name.span, `there is no function ${syntax.name.text}`, suggestion(name, FUNCTIONS));
    }
  }
  return { expression, fail };
}

const FUNCTIONS = ['COALESCE', 'IFNULL', 'NULLIF', 'IF', 'UPPER', 'LOWER', 'TRIM', 'LTRIM', 'RTRIM', 'BTRIM', 'REPLACE', 'CONCAT', 'SUBSTRING', 'SUBSTR', 'CHAR_LENGTH',
  'CHARACTER_LENGTH', 'POSITION', 'MOD', 'ABS', 'FLOOR', 'CEIL', 'CEILING', 'ROUND', 'TO_TIMESTAMP_LTZ', 'TO_TIMESTAMP', 'PROCTIME', 'NOW', 'CURRENT_TIMESTAMP',
  'COUNT', 'SUM', 'MIN', 'MAX', 'AVG'];

/** 1 is INT, 3000000000 BIGINT, 1.5 DECIMAL(2, 1), 1e3 DOUBLE. */
function numberLiteral(text: string, span: Span): Expression {
  if (/e/i.test(text)) return { kind: 'literal', value: Number(text), type: { name: 'DOUBLE', isNullable: false }, span };
  const [whole = '', fraction = ''] = text.split('.');
  const value = BigInt(`${whole}${fraction}` || '0');
  if (text.includes('.')) return { kind: 'literal', value, type: decimal(Math.max(1, fraction.length, `${whole}${fraction}`.replace(/^0+/, '').length), fraction.length, false), span };
  return { kind: 'literal', value, type: { name: value < 2n ** 31n ? 'INT' : 'BIGINT', isNullable: false }, span };
}

/** ms, or undefined for intervals of months and of several fields. */
export function intervalMs({ text, from, to }: Extract<Syntax, { kind: 'interval' }>): number | undefined {
  if (from !== to || !(from in UNIT_MS)) return undefined;
  const ms = Number(text) * UNIT_MS[from as keyof typeof UNIT_MS];
  return Number.isInteger(ms) ? ms : undefined;
}

