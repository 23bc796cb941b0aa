/** Functions of text, numbers and choice that are written in words of their own, or that depend on the types of their arguments. */
import type { Expression } from '../plan/nodes.ts';
import { isLoopEmpty, parsePattern } from '../plan/regexp.ts';
import { similarPattern } from '../plan/similar-to.ts';
import { bareTypeText, typeText } from '../plan/type-text.ts';
import { isInteger, isNumeric, textLengthMax, varchar, withNullable } from '../plan/type-rules.ts';
import type { SqlType } from '../plan/types.ts';
import { bindArgs, bindArgument, type Rewrite } from './bind-call.ts';
import { booleanType, call, caseOf, castTo, commonTypeOf, compare, type Environment } from './bind-expression.ts';
import { isUsablePattern } from './bind-pattern.ts';
import type { Bound } from './job.ts';
import { literal, textLiteral } from './literals.ts';
import type { Call } from './syntax.ts';

const anyNullable = (args: readonly Expression[]): boolean => args.some((arg) => arg.type.isNullable);

export const SPECIAL_REWRITES: Readonly<Record<string, Rewrite>> = {
  'IS DISTINCT FROM': (syntax, environment) => bindDistinct(syntax, environment, true),
  'IS NOT DISTINCT FROM': (syntax, environment) => bindDistinct(syntax, environment, false),
  'SIMILAR TO': bindSimilar,
  GREATEST: (syntax, environment) => bindExtreme(syntax, environment, 'gt'),
  LEAST: (syntax, environment) => bindExtreme(syntax, environment, 'lt'),
  LOCATE(syntax, environment) {
    const args = bindTyped(syntax, environment, ['text', 'text', 'integer'], 2);
    return args && call(args.length === 2 ? 'locate' : 'locateFrom', args, { name: 'INT', isNullable: anyNullable(args) }, syntax.span);
  },
  OVERLAY(syntax, environment) {
    const args = bindTyped(syntax, environment, ['text', 'text', 'integer', 'integer'], 3);
    const length = args === undefined ? 0 : textLengthMax(args[0]?.type as SqlType) + textLengthMax(args[1]?.type as SqlType);
    return args && call(args.length === 3 ? 'overlayAll' : 'overlay', args, varchar(length, anyNullable(args)), syntax.span);
  },
  HEX(syntax, environment) {
    const [value] = bindArgs(syntax, { least: 1, most: 1 }, environment) ?? [];
    if (value === undefined) return undefined;
    const typed = bindArgument(value, isNumeric(value.type) ? 'long' : 'text', 'HEX', environment);
    return typed && call(isNumeric(value.type) ? 'hexNumber' : 'hexText', [typed], { name: 'STRING', isNullable: value.type.isNullable }, syntax.span);
  },
  LOG(syntax, environment) {
    const args = bindTyped(syntax, environment, ['double', 'double'], 1);
    return args && call(args.length === 1 ? 'log' : 'logOf', args, { name: 'DOUBLE', isNullable: anyNullable(args) }, syntax.span);
  },
  PI: (syntax, environment) => bindConstant(syntax, environment, Math.PI),
  E: (syntax, environment) => bindConstant(syntax, environment, Math.E),
  TRANSLATE(syntax, environment) {
    const args = bindTyped(syntax, environment, ['text', 'text', 'text'], 3);
    const [text, from, to] = args ?? [];
    if (text === undefined || from === undefined || to === undefined) return undefined;
    const parts = [from, to].map((part) => orEmpty(part)); // without characters to look for, or to put there
    return call('translate', [text, ...parts], { name: 'STRING', isNullable: text.type.isNullable }, syntax.span);
  },
  IS_ALPHA: (syntax, environment) => bindConsists(syntax, environment, '^\\p{L}+\\z'),
  IS_DIGIT: (syntax, environment) => bindConsists(syntax, environment, '^\\p{Nd}+\\z'),
  IS_DECIMAL(syntax, environment) {
    const isDigits = bindConsists(syntax, environment, '^\\p{Nd}+\\z');
    const [text] = isDigits === undefined ? [] : bindArgs(syntax, { least: 1, most: 1 }, environment) ?? [];
    if (isDigits === undefined || text === undefined) return undefined;
    const isNumber = call('isNotNull', [castTo(text, { name: 'DOUBLE', isNullable: true }, true)], ALWAYS, syntax.span);
    return call('or', [isNumber, isDigits], ALWAYS, syntax.span);
  },
  REGEXP_EXTRACT: bindExtract,
  ENCODE: (syntax, environment) => bindCoded(syntax, environment, { name: 'BYTES', isNullable: true }),
  DECODE: (syntax, environment) => bindCoded(syntax, environment, { name: 'STRING', isNullable: true }),
  CONCAT_WS: bindJoined,
  ELT: bindChosen,
  SHA2: bindHash,
  TYPEOF(syntax, environment) {
    const [value] = bindArgs(syntax, { least: 1, most: 2 }, environment) ?? [];
    if (value === undefined) return undefined;
    return literal(typeText(withNullable(value.type, value.type.isNullable)), { name: 'STRING', isNullable: true }, syntax.span);
  },
};

const ALWAYS: SqlType = { name: 'BOOLEAN', isNullable: false };

/** Whether a text matches; FALSE for NULL. */
function bindConsists(syntax: Call, environment: Environment, pattern: string): Bound {
  const [text] = bindTyped(syntax, environment, ['text'], 1) ?? [];
  if (text === undefined) return undefined;
  const found = call('regexp', [text, textLiteral(pattern, syntax.span)], booleanType([text]), syntax.span);
  return text.type.isNullable ? call('coalesce', [found, literal(false, ALWAYS, syntax.span)], ALWAYS, syntax.span) : found;
}

/** ENCODE(text, 'UTF-8') and DECODE(bytes, 'UTF-8') are casts; other character sets are refused. */
function bindCoded(syntax: Call, environment: Environment, type: SqlType): Bound {
  const [value, set] = bindArgs(syntax, { least: 2, most: 2 }, environment) ?? [];
  if (value === undefined || set === undefined) return undefined;
  const isText = type.name === 'BYTES';
  if (isText ? bindArgument(value, 'text', 'ENCODE', environment) === undefined : value.type.name !== 'BYTES') {
    if (!isText) environment.report('type', value.span, `DECODE needs BYTES here, and this is ${bareTypeText(value.type)}`);
    return undefined;
  }
  if (set.kind !== 'literal' || !/^utf-?8$/i.test(String(set.value))) {
    environment.report('unsupported', set.span, `${syntax.name.text.toUpperCase()} knows only UTF-8`, "write 'UTF-8'");
    return undefined;
  }
  return castTo(value, type);
}

function orEmpty(text: Expression): Expression {
  if (!text.type.isNullable) return text;
  const type: SqlType = { name: 'STRING', isNullable: false };
  return call('coalesce', [castTo(text, { name: 'STRING', isNullable: true }), castTo(textLiteral('', text.span), type)], type, text.span);
}

function bindTyped(
  syntax: Call, environment: Environment, kinds: readonly Parameters<typeof bindArgument>[1][], least: number,
): readonly Expression[] | undefined {
  const args = bindArgs(syntax, { least, most: kinds.length }, environment);
  const typed = args?.map((arg, index) => bindArgument(arg, kinds[index] ?? 'text', syntax.name.text.toUpperCase(), environment));
  return typed === undefined || typed.includes(undefined) ? undefined : typed as readonly Expression[];
}

function bindConstant(syntax: Call, environment: Environment, value: number): Bound {
  if (bindArgs(syntax, { least: 0, most: 0 }, environment) === undefined) return undefined;
  return literal(value, { name: 'DOUBLE', isNullable: false }, syntax.span);
}

/** a IS NOT DISTINCT FROM b: equal, or both NULL. */
function bindDistinct(syntax: Call, environment: Environment, isDistinct: boolean): Bound {
  const [left, right] = bindArgs(syntax, { least: 2, most: 2 }, environment) ?? [];
  const equal = left && right && compare('eq', left, right, syntax.span, environment.report);
  if (left === undefined || right === undefined || equal === undefined) return undefined;
  const { span } = syntax;
  const type: SqlType = { name: 'BOOLEAN', isNullable: false };
  const nulls = [left, right].map((side) => call('isNull', [side], type, span));
  const same = equal.type.isNullable ? call('coalesce', [equal, call('and', nulls, type, span)], type, span) : equal;
  return isDistinct ? call('not', [same], type, span) : same;
}

function bindSimilar(syntax: Call, environment: Environment): Bound {
  const args = bindArgs(syntax, { least: 2, most: 3 }, environment);
  const [text, pattern, escape] = args ?? [];
  if (text === undefined || pattern === undefined) return undefined;
  if (escape !== undefined) {
    environment.report('unsupported', escape.span, 'SIMILAR TO … ESCAPE is not supported', 'write REGEXP(text, pattern)');
    return undefined;
  }
  if (bindArgument(text, 'text', 'SIMILAR TO', environment) === undefined || !isUsablePattern(pattern, environment.report, similarPattern)) return undefined;
  return call('similar', [text, pattern], booleanType([text, pattern]), syntax.span);
}

/** REGEXP_EXTRACT(text, pattern [, group]): the group is a constant, so that only its bounds are kept while matching. */
function bindExtract(syntax: Call, environment: Environment): Bound {
  const args = bindTyped(syntax, environment, ['text', 'pattern', 'integer'], 2);
  const [text, pattern, group] = args ?? [];
  if (text === undefined || pattern?.kind !== 'literal') return undefined;
  if (group !== undefined && group.kind !== 'literal') {
    environment.report('unsupported', group.span, 'a group of REGEXP_EXTRACT that is not a constant is not supported', 'write its number');
    return undefined;
  }
  if (isLoopEmpty(parsePattern(String(pattern.value)).pattern, Number(group?.value ?? 0))) {
    environment.report(
      'unsupported', pattern.span, 'the group is repeated while what is repeated may be empty', 'write the repetition so that each round takes a character',
    );
    return undefined;
  }
  return call('regexpExtract', args ?? [], { name: 'STRING', isNullable: true }, syntax.span);
}

/** GREATEST and LEAST: NULL where any argument is. Compared pair by pair, so that each argument is written once a step. */
function bindExtreme(syntax: Call, environment: Environment, wins: 'gt' | 'lt'): Bound {
  const args = bindArgs(syntax, { least: 1, most: 100 }, environment);
  const type = args && commonTypeOf(args, environment.report);
  if (args === undefined || type === undefined) return undefined;
  const isNullable = anyNullable(args);
  const cast = args.map((arg) => castTo(arg, type));
  return cast.length === 1 ? cast[0] : call(wins === 'gt' ? 'greatest' : 'least', cast, withNullable(type, isNullable), syntax.span);
}

/** CONCAT_WS(separator, …): arguments that are NULL are left out. */
function bindJoined(syntax: Call, environment: Environment): Bound {
  const args = bindArgs(syntax, { least: 2, most: 100 }, environment);
  const typed = args?.map((arg) => bindArgument(arg, 'text', 'CONCAT_WS', environment));
  if (typed === undefined || typed.includes(undefined)) return undefined;
  const texts = typed as readonly Expression[];
  return call('concatWs', texts, { name: 'STRING', isNullable: anyNullable(texts) }, syntax.span);
}

/** ELT(index, …): the argument at that place, NULL where there is none. */
function bindChosen(syntax: Call, environment: Environment): Bound {
  const [index, ...values] = bindArgs(syntax, { least: 2, most: 100 }, environment) ?? [];
  if (index === undefined) return undefined;
  const typed = bindArgument(index, 'integer', 'ELT', environment);
  const texts = values.map((value) => bindArgument(value, 'text', 'ELT', environment));
  if (typed === undefined || texts.includes(undefined)) return undefined;
  const { span } = syntax;
  const tests = values.map((_, at) => compare('eq', typed, literal(BigInt(at + 1), { name: 'INT', isNullable: false }, span), span, environment.report));
  const nothing = literal(null, { name: 'NULL', isNullable: true }, span);
  const chosen = caseOf(tests as Expression[], [...texts as Expression[], nothing], span, environment.report);
  return chosen && { ...chosen, type: withNullable(chosen.type, true) };
}

const HASHES: Readonly<Record<string, readonly ['sha224' | 'sha256' | 'sha384' | 'sha512', number]>> = {
  224: ['sha224', 56], 256: ['sha256', 64], 384: ['sha384', 96], 512: ['sha512', 128],
};

/** SHA2(text, bits) */
function bindHash(syntax: Call, environment: Environment): Bound {
  const [text, bits] = bindArgs(syntax, { least: 2, most: 2 }, environment) ?? [];
  if (text === undefined || bits === undefined || bindArgument(text, 'text', 'SHA2', environment) === undefined) return undefined;
  const hash = bits.kind === 'literal' && isInteger(bits.type) ? HASHES[String(bits.value)] : undefined;
  if (hash === undefined) {
    environment.report('unsupported', bits.span, `SHA2 takes 224, 256, 384 or 512 bits, and this is ${bareTypeText(bits.type)}`, 'write the number');
    return undefined;
  }
  return call(hash[0], [text], { name: 'VARCHAR', length: 128, isNullable: text.type.isNullable }, syntax.span);
}
