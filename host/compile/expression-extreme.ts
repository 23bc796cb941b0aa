/** GREATEST, LEAST and CONCAT_WS: one operand after the other, joined to what there was before. */
import type { Call } from './expression-call.ts';
import { anyOf, emptyText, indented, library, localType, not, type Compiled, type Context } from './expression-scope.ts';
import { cellOf } from './layout.ts';

/** GREATEST and LEAST. The operands have one type; a NULL among them makes the result NULL. */
export function compileExtreme(call: Call, context: Context): Compiled {
  const { scope } = context;
  const operands = call.args.map((operand) => context.compile(operand));
  const [first, ...rest] = operands;
  if (first === undefined) throw new Error(`${call.name} takes an operand`);
  const isNull = anyOf(...operands.map((operand) => operand.isNull));
  const name = scope.fresh(call.name);
  const symbol = call.name === 'greatest' ? '>' : '<';
  const steps = rest.map(({ value }) => `if (${ordered(value, name, symbol, call, context)}) ${name} = ${value};`);
  const type = localType(call.type);
  const setup = operands.flatMap((operand) => operand.setup);
  if (cellOf(call.type) === 'wide') library(scope, 'ZERO_WIDE');
  const body = [`${name} = ${first.value};`, ...steps];
  return {
    setup: [...setup, `let ${name}: ${type} = ${emptyText(call.type)};`, ...(isNull === 'false' ? body : [`if (${not(isNull)}) {`, ...indented(body), '}'])],
    value: name, isNull,
  };
}

function ordered(a: string, b: string, symbol: '>' | '<', call: Call, { scope }: Context): string {
  switch (cellOf(call.type)) {
    case 'text': return `${library(scope, 'textCompare')}(${a}, ${b}) ${symbol} 0`;
    case 'wide': return `${library(scope, 'compareWide')}(${a}, ${b}) ${symbol} 0`;
    case 'bool': return `<i32>${a} ${symbol} <i32>${b}`;
    case 'f32': case 'f64': return `${library(scope, 'compareDoubles')}(${a}, ${b}) ${symbol} 0`;
    default: return `${a} ${symbol} ${b}`;
  }
}

/** CONCAT_WS(separator, …): what is NULL is left out, and so is its separator. */
export function compileJoined(call: Call, context: Context): Compiled {
  const { scope } = context;
  const [separator, ...texts] = call.args.map((operand) => context.compile(operand));
  if (separator === undefined) throw new Error('CONCAT_WS takes a separator');
  const name = scope.fresh('joined');
  const isFirst = `${name}First`;
  const id = scope.idOf(call);
  const concat = library(scope, 'concatTexts');
  const steps = texts.flatMap(({ setup, value, isNull }) => {
    const step = `${name} = ${isFirst} ? ${value} : ${concat}(${concat}(${name}, ${separator.value}, ${id}), ${value}, ${id});`;
    const taken = [step, `${isFirst} = false;`];
    return [...setup, ...(isNull === 'false' ? taken : [`if (${not(isNull)}) {`, ...indented(taken), '}'])];
  });
  const guarded = separator.isNull === 'false' ? steps : [`if (${not(separator.isNull)}) {`, ...indented(steps), '}'];
  return {
    setup: [...separator.setup, `let ${name}: u64 = 0;`, `let ${isFirst} = true;`, ...guarded], value: name, isNull: separator.isNull,
  };
}
