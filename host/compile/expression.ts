/**
 * A typed expression as AssemblyScript text. Whatever can fail, is slow or takes memory is computed once, by a statement of
 * `setup`, in a branch where SQL evaluates it; the rest is plain operators that the optimizer sees through. The answers
 * are those of Apache Flink: integers wrap in their type, NULL has three-valued logic, overflowing DECIMALs are NULL.
 */
import type { OperatorName } from '../plan/function-names.ts';
import type { Expression } from '../plan/nodes.ts';
import { compileLibraryCall, isLibraryCall } from './expression-call.ts';
import { compileCast } from './expression-cast.ts';
import { compileJsonText } from './expression-json-text.ts';
import { compileArithmetic, compileNegate, compileRounding } from './expression-number.ts';
import { compileCase, compileCoalesce, compileJunction, compileNot, compileTruth, isTrueText } from './expression-logic.ts';
import { compileComparison } from './expression-comparison.ts';
import { compileExtreme, compileJoined } from './expression-extreme.ts';
import { compileJsonCall, isJsonCall } from './expression-json.ts';
import { literalText } from './expression-literal.ts';
import { compilePatternCall, isPatternCall } from './expression-pattern.ts';
import type { Compiled, Context, Scope } from './expression-scope.ts';
import { compileTextCall } from './expression-text.ts';
import { compileTimeCall } from './expression-time.ts';
import { compileTimePartCall, isTimePartCall } from './expression-time-part.ts';

export type { Compiled, RowScopeOptions, Scope, ValueText } from './expression-scope.ts';
export { expressionImports, localType, rowScope, scratchReserve } from './expression-scope.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/**
 * Turns the expression into statements, a value and a condition that tells whether it is NULL.
 * Requires of the generated function: text/arena.reset() and error.clearError() were called for the row.
 */
export function compileExpression(expression: Expression, scope: Scope): Compiled {
  const context: Context = { scope, compile: (operand) => compileExpression(operand, scope) };
  switch (expression.kind) {
    case 'column': return { setup: [], ...scope.column(expression.index) };
    case 'literal': return { setup: [], ...literalText(expression, scope) };
    case 'case': return compileCase(expression, context);
    case 'cast': return compileCast(expression, context);
    case 'call': return compileCall(expression, context);
    default: {
      const unreachable: never = expression;
      return unreachable;
    }
  }
}

/** A BOOLEAN expression as a condition that holds when it is TRUE, for WHERE, HAVING and FILTER. */
export function compileCondition(expression: Expression, scope: Scope): { readonly setup: readonly string[]; readonly isTrue: string } {
  const compiled = compileExpression(expression, scope);
  return { setup: compiled.setup, isTrue: isTrueText(compiled) };
}

function compileCall(call: Call, context: Context): Compiled {
  if (isLibraryCall(call)) return compileLibraryCall(call, context);
  if (isPatternCall(call)) return compilePatternCall(call, context);
  if (isJsonCall(call)) return compileJsonCall(call, context);
  if (isTimePartCall(call)) return compileTimePartCall(call, context);
  return OPERATORS[call.name as OperatorName](call, context);
}

const OPERATORS: Readonly<Record<OperatorName, (call: Call, context: Context) => Compiled>> = {
  plus: compileArithmetic, minus: compileArithmetic, times: compileArithmetic, divide: compileArithmetic, mod: compileArithmetic,
  negate: compileNegate, abs: compileRounding, floor: compileRounding, ceil: compileRounding, round: compileRounding,
  truncate: compileRounding, sign: compileRounding,
  eq: compileComparison, ne: compileComparison, lt: compileComparison, le: compileComparison, gt: compileComparison, ge: compileComparison,
  and: compileJunction, or: compileJunction, not: compileNot,
  isNull: compileTruth, isNotNull: compileTruth, isTrue: compileTruth, isNotTrue: compileTruth, isFalse: compileTruth, isNotFalse: compileTruth,
  coalesce: compileCoalesce, jsonText: compileJsonText,
  like: compileTextCall, upper: compileTextCall, lower: compileTextCall, trim: compileTextCall, ltrim: compileTextCall, rtrim: compileTextCall,
  charLength: compileTextCall, substring: compileTextCall, position: compileTextCall, concat: compileTextCall, concatOperator: compileTextCall,
  replace: compileTextCall, greatest: compileExtreme, least: compileExtreme, concatWs: compileJoined,
  toTimestampLtz: compileTimeCall, toTimestamp: compileTimeCall, arrivalTime: compileTimeCall,
};
