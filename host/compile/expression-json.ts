/** JSON_VALUE, JSON_EXISTS and IS JSON: the path becomes constant bytes, what to do where nothing is there becomes a branch. */
import type { JsonName } from '../plan/function-names.ts';
import { parseJsonPath } from '../plan/json-path.ts';
import { once, type Call } from './expression-call.ts';
import { bothOf, indented, library, not, type Compiled, type Context } from './expression-scope.ts';

export type JsonCall = Call & { readonly name: JsonName };

const KINDS: Readonly<Record<string, number>> = { VALUE: 0, OBJECT: 1, ARRAY: 2, SCALAR: 3 };

export function compileJsonCall(call: JsonCall, context: Context): Compiled {
  const [first] = call.args;
  if (first === undefined) throw new Error(`${call.name} takes a text`);
  const { scope } = context;
  const text = context.compile(first);
  switch (call.name) {
    case 'isJson': { // NULL is no JSON, as in Flink
      return { ...once(call, [text], `${library(scope, 'isJson')}(${text.value}, ${KINDS[constantOf(call, 1)]})`, context), isNull: 'false' };
    }
    case 'jsonExists': return exists(call, text, context);
    case 'jsonValue': return valueOf(call, text, context);
    default: { const unreachable: never = call.name; throw new Error(String(unreachable)); }
  }
}

function constantOf(call: Call, index: number): string {
  const arg = call.args[index];
  if (arg?.kind !== 'literal') throw new Error(`argument ${index} of ${call.name} is a constant`);
  return String(arg.value);
}

/** Address of the path's bytes, and whether it is lax. */
function pathText(path: string): string {
  const parsed = parseJsonPath(path);
  if (typeof parsed === 'string') throw new Error(parsed);
  const bytes = parsed.steps.flatMap((step): number[] => {
    if (typeof step === 'number') return [2, step & 255, (step >> 8) & 255, (step >> 16) & 255, step >> 24];
    const name = [...new TextEncoder().encode(step)];
    return [1, name.length & 255, name.length >> 8, ...name];
  });
  return `memory.data<u8>([${[...bytes, 0].join(', ')}]), ${parsed.isLax}`;
}

function exists(call: JsonCall, text: Compiled, context: Context): Compiled {
  const { scope } = context;
  const onError = constantOf(call, 2);
  const status = scope.fresh('exists');
  const called = `${library(scope, 'jsonExists')}(${text.value}, ${pathText(constantOf(call, 1))})`;
  const setup = [...text.setup, `const ${status}: i32 = ${text.isNull === 'false' ? called : `${not(text.isNull)} ? ${called} : 0`};`];
  if (onError === 'ERROR') setup.push(`if (${status} == 2) ${library(scope, 'fail')}(${library(scope, 'REJECT_EXPRESSION')}, ${scope.idOf(call)});`);
  const value = onError === 'TRUE' ? `(${status} != 0)` : `(${status} == 1)`;
  const isNull = onError !== 'UNKNOWN' ? text.isNull : text.isNull === 'false' ? `${status} == 2` : `${text.isNull} || ${status} == 2`;
  return { setup, value, isNull };
}

/** JSON_VALUE: arguments 2 and 4 say NULL, ERROR or DEFAULT for empty and error, 3 and 5 are the defaults. */
function valueOf(call: JsonCall, text: Compiled, context: Context): Compiled {
  const { scope } = context;
  const name = scope.fresh('json');
  const isNull = `${name}Null`;
  const called = `${library(scope, 'jsonValue')}(${text.value}, ${pathText(constantOf(call, 1))})`;
  const otherwise = (at: number): string[] => {
    switch (constantOf(call, at)) {
      case 'ERROR': return [`${library(scope, 'fail')}(${library(scope, 'REJECT_EXPRESSION')}, ${scope.idOf(call)});`];
      case 'DEFAULT': {
        const fallback = call.args[at + 1];
        if (fallback === undefined) throw new Error('DEFAULT has a value');
        const { setup, value, isNull: isNothing } = context.compile(fallback);
        return [...setup, `${name} = ${value};`, `${isNull} = ${isNothing};`];
      }
      default: return [`${isNull} = true;`];
    }
  };
  const body = [
    `${name} = ${called};`,
    `if (${name} == ${library(scope, 'NO_TEXT')}) {`, ...indented(otherwise(2)),
    `} else if (${name} == ${library(scope, 'BROKEN_TEXT')}) {`, ...indented(otherwise(4)), '}',
  ];
  const guarded = text.isNull === 'false' ? body : [`if (${bothOf(not(text.isNull), 'true')}) {`, ...indented(body), '}'];
  return { setup: [...text.setup, `let ${name}: u64 = 0;`, `let ${isNull} = ${text.isNull};`, ...guarded], value: name, isNull };
}

/** Whether the call is one of these. */
export function isJsonCall(call: Call): call is JsonCall { return call.name === 'isJson' || call.name === 'jsonExists' || call.name === 'jsonValue'; }
