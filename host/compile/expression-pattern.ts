/** REGEXP and its kin, and SIMILAR TO: the pattern becomes a constant program that assembly/scalar/regexp.ts runs. */
import type { PatternName } from '../plan/function-names.ts';
import type { Expression } from '../plan/nodes.ts';
import { parsePattern, type Pattern } from '../plan/regexp.ts';
import { similarPattern } from '../plan/similar-to.ts';
import { once, type Call } from './expression-call.ts';
import type { LIBRARY } from './expression-library.ts';
import { library, type Compiled, type Context } from './expression-scope.ts';
import { patternProgram } from './regexp-program.ts';

export type PatternCall = Call & { readonly name: PatternName };

/** The whole match. */
const WHOLE = [0] as const;

export function compilePatternCall(call: PatternCall, context: Context): Compiled {
  const { scope } = context;
  const [text, pattern, third] = call.args;
  if (text === undefined || pattern?.kind !== 'literal') throw new Error(`${call.name} takes a text and a pattern that is a literal`);
  const id = scope.idOf(call);
  const operands = [context.compile(text), ...(call.name === 'regexpReplace' && third !== undefined ? [context.compile(third)] : [])];
  const isNull = pattern.value === null || third?.kind === 'literal' && third.value === null ? [{ setup: [], value: '0', isNull: 'true' }] : [];
  const all = [...operands, ...isNull];
  if (isNull.length > 0) return once(call, all, '0', context);
  const value = String(pattern.value);
  const called = (name: keyof typeof LIBRARY, tree: Pattern, kept: readonly number[], ...more: readonly string[]): string => (
    `${library(scope, name)}(${[operands[0]?.value ?? '0', programText(tree, kept), ...more, id].join(', ')})`);
  switch (call.name) {
    case 'regexp': // an empty pattern is FALSE in Flink, unlike any other that takes nothing
      return once(call, all, value === '' ? 'false' : called('hasMatch', parsePattern(value).pattern, []), context);
    case 'similar': return once(call, all, called('hasMatch', similarPattern(value), []), context);
    case 'regexpCount': return once(call, all, called('countMatches', parsePattern(value).pattern, WHOLE), context);
    case 'regexpInstr': return once(call, all, called('matchPosition', parsePattern(value).pattern, WHOLE), context);
    case 'regexpReplace': return once(call, all, called('replaceMatches', parsePattern(value).pattern, WHOLE, operands[1]?.value ?? '0'), context);
    case 'regexpSubstr': return once(call, all, called('firstMatch', parsePattern(value).pattern, WHOLE), context, true);
    case 'regexpExtract': return once(call, all, called('firstMatch', parsePattern(value).pattern, [groupOf(third)]), context, true);
    default: { const unreachable: never = call.name; throw new Error(String(unreachable)); }
  }
}

function groupOf(group: Expression | undefined): number {
  if (group === undefined) return 0;
  if (group.kind !== 'literal') throw new Error('the group of REGEXP_EXTRACT is a literal');
  return Number(group.value);
}

/** Address of the program. */
function programText(pattern: Pattern, kept: readonly number[]): string {
  return `memory.data<u32>([${patternProgram(pattern, kept).join(', ')}], 4)`;
}

/** Whether the call is one of these. */
export function isPatternCall(call: Call): call is PatternCall { return PATTERN_CALLS.has(call.name); }

const PATTERN_CALLS: ReadonlySet<string> = new Set<PatternName>([
  'regexp', 'regexpExtract', 'regexpReplace', 'regexpCount', 'regexpInstr', 'regexpSubstr', 'similar',
]);
