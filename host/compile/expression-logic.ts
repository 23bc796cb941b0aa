/**
 * AND, OR, NOT, the tests of truth, CASE and COALESCE. What SQL does not evaluate is not evaluated: operands with statements
 * stand in branches, so that an error in a branch not taken is none. A BOOLEAN that is NULL holds any value.
 */
import type { Expression } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import {
  anyOf, bothOf, emptyText, grouped, indented, library, localType, not, typedText, type Compiled, type Context, type ValueText,
} from './expression-scope.ts';
import { cellOf } from './layout.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Case = Extract<Expression, { kind: 'case' }>;

/** Conditions longer than this are given a name before they are written twice. */
const REPEATED_LENGTH_MAX = 60;

/** A condition that holds when the BOOLEAN is TRUE, neither FALSE nor NULL. */
export function isTrueText({ value, isNull }: ValueText): string { return bothOf(not(isNull), value); }

function isFalseText({ value, isNull }: ValueText): string { return bothOf(not(isNull), not(value)); }

/** AND and OR of two or more operands. */
export function compileJunction(call: Call, context: Context): Compiled {
  const [first, ...rest] = call.args;
  if (first === undefined) throw new Error(`${call.name} without operands`);
  return rest.reduce((left, operand) => joined(call.name === 'and', left, named(context, operand), context), named(context, first));
}

/** Compiles a BOOLEAN; a long text gets a name, because three-valued logic writes it more than once. */
function named(context: Context, operand: Expression): Compiled {
  const compiled = context.compile(operand);
  if (compiled.isNull === 'false' || compiled.value.length <= REPEATED_LENGTH_MAX) return compiled;
  const name = context.scope.fresh('condition');
  return { setup: [...compiled.setup, `const ${name} = ${compiled.value};`], value: name, isNull: compiled.isNull };
}

function joined(isAnd: boolean, left: Compiled, right: Compiled, { scope }: Context): Compiled {
  // An operand decides alone when it is FALSE (AND) or TRUE (OR): then the other one's NULL does not matter.
  const leftOpen = isAnd ? left.value : not(left.value);
  const rightOpen = isAnd ? right.value : not(right.value);
  const isNull = eitherNull(left.isNull, leftOpen, right.isNull, rightOpen);
  const value = `(${left.value} ${isAnd ? '&&' : '||'} ${right.value})`;
  if (right.setup.length === 0) return { setup: left.setup, value, isNull };
  const name = scope.fresh(isAnd ? 'and' : 'or');
  const nullName = `${name}Null`;
  const isNullable = isNull !== 'false';
  return {
    setup: [
      ...left.setup,
      `let ${name} = ${!isAnd};`,
      ...(isNullable ? [`let ${nullName} = false;`] : []),
      `if (${anyOf(left.isNull, leftOpen)}) {`,
      ...indented([...right.setup, `${name} = ${value};`, ...(isNullable ? [`${nullName} = ${isNull};`] : [])]),
      '}',
    ],
    value: name, isNull: isNullable ? nullName : 'false',
  };
}

function eitherNull(leftNull: string, leftOpen: string, rightNull: string, rightOpen: string): string {
  if (leftNull === 'false') return bothOf(leftOpen, rightNull);
  if (rightNull === 'false') return bothOf(leftNull, rightOpen);
  return anyOf(bothOf(leftNull, anyOf(rightNull, rightOpen)), bothOf(leftOpen, rightNull));
}

export function compileNot(call: Call, context: Context): Compiled {
  const operand = context.compile(only(call));
  return { ...operand, value: not(operand.value) };
}

/** IS [NOT] NULL, TRUE, FALSE: never NULL themselves. */
export function compileTruth(call: Call, context: Context): Compiled {
  const operand = context.compile(only(call));
  const value = truthText(call.name, operand);
  return { setup: operand.setup, value: /^\w+$/.test(value) ? value : `(${value})`, isNull: 'false' };
}

function truthText(name: Call['name'], operand: Compiled): string {
  switch (name) {
    case 'isNull': return operand.isNull;
    case 'isNotNull': return not(operand.isNull);
    case 'isTrue': return isTrueText(operand);
    case 'isNotTrue': return not(isTrueText(operand));
    case 'isFalse': return isFalseText(operand);
    case 'isNotFalse': return not(isFalseText(operand));
    default: throw new Error(`${name} is no test of truth`);
  }
}

function only(call: Call): Expression {
  const [operand] = call.args;
  if (operand === undefined) throw new Error(`${call.name} without an operand`);
  return operand;
}

// ------------------------------------------------------------------------------------------------------ CASE and COALESCE

/** A condition, already TRUE or not, and what follows when it holds. */
interface Choice { readonly setup: readonly string[]; readonly isTrue: string; readonly then: Compiled }

/** CASE: the first branch whose condition is TRUE; conditions and results behind it are not evaluated. */
export function compileCase(expression: Case, context: Context): Compiled {
  const choices = expression.branches.map(({ when, then }): Choice => {
    const condition = context.compile(when);
    return { setup: condition.setup, isTrue: isTrueText(condition), then: context.compile(then) };
  });
  return chosen(choices, context.compile(expression.otherwise), expression.type, 'case', context);
}

/** COALESCE: the first operand that is not NULL; operands behind it are not evaluated. */
export function compileCoalesce(call: Call, context: Context): Compiled {
  const operands = call.args.map((operand) => context.compile(operand));
  const last = operands.pop();
  if (last === undefined) throw new Error('coalesce without operands');
  const choices = operands.map((operand): Choice => ({
    setup: operand.setup, isTrue: not(operand.isNull), then: { setup: [], value: operand.value, isNull: 'false' },
  }));
  return chosen(choices, last, call.type, 'coalesce', context);
}

function chosen(choices: readonly Choice[], otherwise: Compiled, type: SqlType, hint: string, context: Context): Compiled {
  const [only, ...more] = choices;
  if (only === undefined) return otherwise;
  if (only.isTrue === 'true') return { setup: [...only.setup, ...only.then.setup], value: only.then.value, isNull: only.then.isNull };
  const isPlain = more.length === 0 && only.then.setup.length === 0 && otherwise.setup.length === 0
    && only.isTrue.length <= REPEATED_LENGTH_MAX;
  if (isPlain) {
    return {
      setup: only.setup, value: `(${grouped(only.isTrue)} ? ${typedText(only.then.value, type)} : ${otherwise.value})`,
      isNull: chosenNull(only.isTrue, only.then.isNull, otherwise.isNull),
    };
  }
  return chosenByBranches(choices, otherwise, type, context.scope.fresh(hint), context);
}

function chosenNull(isTrue: string, thenNull: string, otherwiseNull: string): string {
  if (thenNull === otherwiseNull) return thenNull;
  if (thenNull === 'false') return bothOf(not(isTrue), otherwiseNull);
  if (otherwiseNull === 'false') return bothOf(isTrue, thenNull);
  return `(${grouped(isTrue)} ? ${thenNull} : ${otherwiseNull})`;
}

/** `let x; if (…) { x = … } else if (…) { … } else { … }`, nested where a condition needs statements of its own. */
function chosenByBranches(
  choices: readonly Choice[], otherwise: Compiled, type: SqlType, name: string, context: Context,
): Compiled {
  const nullName = `${name}Null`;
  const isNullable = [...choices.map(({ then }) => then), otherwise].some((result) => result.isNull !== 'false');
  const assigned = (result: Compiled): string[] => [
    ...result.setup,
    ...(result.isNull === 'true' ? [] : [`${name} = ${result.value};`]),
    ...(isNullable && result.isNull !== 'false' ? [`${nullName} = ${result.isNull};`] : []),
  ];
  const branches = (at: number): string[] => {
    const choice = choices[at];
    if (choice === undefined) return assigned(otherwise);
    const rest = branches(at + 1);
    const isChain = rest[0]?.startsWith('if (') === true && choices[at + 1]?.setup.length === 0;
    const tail = isChain ? [`} else ${rest[0]}`, ...rest.slice(1)] : rest.length === 0 ? ['}'] : ['} else {', ...indented(rest), '}'];
    return [...choice.setup, `if (${choice.isTrue}) {`, ...indented(assigned(choice.then)), ...tail];
  };
  if (cellOf(type) === 'wide') library(context.scope, 'ZERO_WIDE');
  return {
    setup: [`let ${name}: ${localType(type)} = ${emptyText(type)};`, ...(isNullable ? [`let ${nullName} = false;`] : []), ...branches(0)],
    value: name, isNull: isNullable ? nullName : 'false',
  };
}
