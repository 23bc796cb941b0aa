/** Text functions, LIKE and concatenation: calls of assembly/scalar, each made once and only where no operand is NULL. */
import type { Expression } from '../plan/nodes.ts';
import { textConstant } from './expression-literal.ts';
import { anyOf, library, localType, not, type Compiled, type Context } from './expression-scope.ts';
import type { LIBRARY } from './expression-library.ts';
import { cellOf } from './layout.ts';

type Call = Extract<Expression, { kind: 'call' }>;

const TRIMS = { trim: 'trimBoth', ltrim: 'trimLeading', rtrim: 'trimTrailing' } as const;

export function compileTextCall(call: Call, context: Context): Compiled {
  const { scope } = context;
  const operands = call.args.map((operand) => ({ ...context.compile(operand), type: operand.type }));
  const [first = '', second = '', third] = operands.map(({ value }) => value);
  const id = scope.idOf(call);
  const called = (name: keyof typeof LIBRARY, ...args: readonly (string | number)[]): Compiled => (
    result(call, operands, `${library(scope, name)}(${args.join(', ')})`, context));
  switch (call.name) {
    case 'upper': case 'lower': return called(call.name, first, id);
    case 'trim': case 'ltrim': case 'rtrim':
      return called(TRIMS[call.name], first, call.args.length > 1 ? second : textConstant(' ', scope));
    case 'charLength': return called('charLength', first);
    case 'position': return called('position', first, second);
    case 'replace': return called('replaceText', first, second, third ?? '0', id);
    case 'substring': return substringOf(call, operands, context);
    case 'like': return called('like', first, second, third === undefined ? '0' : third, id);
    case 'concat': case 'concatOperator': {
      const joined = operands.slice(1).reduce((text, { value }) => `${library(scope, 'concatTexts')}(${text}, ${value}, ${id})`, first);
      return result(call, operands, joined, context);
    }
    default: throw new Error(`${call.name} is no text function`);
  }
}

function result(call: Call, operands: readonly Compiled[], called: string, { scope }: Context): Compiled {
  const isNull = anyOf(...operands.map((operand) => operand.isNull));
  const name = scope.fresh(call.name);
  const type = localType(call.type);
  const guarded = isNull === 'false' ? called : type === 'bool' ? `${not(isNull)} && ${called}` : `${not(isNull)} ? ${called} : 0`;
  return { setup: [...operands.flatMap(({ setup }) => setup), `const ${name}: ${type} = ${guarded};`], value: name, isNull };
}

/** SUBSTRING: a length below 0 makes it NULL, as in Flink. */
function substringOf(call: Call, operands: readonly Compiled[], context: Context): Compiled {
  const [text, start, length] = operands;
  if (text === undefined || start === undefined) throw new Error('SUBSTRING takes a text and a start');
  const bounds = [start, length].map((bound, index) => {
    const type = call.args[index + 1]?.type;
    return bound === undefined || type === undefined || cellOf(type) === 'i32' ? bound?.value ?? 'i32.MAX_VALUE' : `<i32>${bound.value}`;
  });
  const called = result(call, operands, `${library(context.scope, 'substring')}(${[text.value, ...bounds].join(', ')})`, context);
  if (length === undefined || /^\d+$/.test(length.value)) return called;
  return { ...called, isNull: anyOf(called.isNull, `${length.value} < 0`) };
}
