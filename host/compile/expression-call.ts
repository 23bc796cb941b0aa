/**
 * Calls of one library function each, made once and only where no operand is NULL. Most functions are declared here in a line: which
 * function of assembly/scalar they call, and how it says that its result is NULL.
 */
import type { LibraryName } from '../plan/function-names.ts';
import type { Expression } from '../plan/nodes.ts';
import type { LIBRARY } from './expression-library.ts';
import { anyOf, library, localType, not, type Compiled, type Context } from './expression-scope.ts';

export type Call = Extract<Expression, { kind: 'call' }>;

interface Plain {
  readonly calls: keyof typeof LIBRARY;
  /** Whether the function takes the number of its expression as last argument: it can fail, or makes a text. */
  readonly isNumbered?: true;
  /** `text`: NO_TEXT stands for NULL. `written`: the function writes its result to an address and answers whether there is one. */
  readonly nullAs?: 'text' | 'written';
}

const made = (calls: keyof typeof LIBRARY): Plain => ({ calls, isNumbered: true });
const madeOrNull = (calls: keyof typeof LIBRARY): Plain => ({ calls, isNumbered: true, nullAs: 'text' });

const PLAIN: Readonly<Record<LibraryName, Plain>> = {
  left: { calls: 'left' }, right: { calls: 'right' }, lpad: madeOrNull('padLeft'), rpad: madeOrNull('padRight'), repeat: made('repeatText'),
  reverse: made('reverseText'), initcap: made('initcap'), ascii: { calls: 'firstByte' }, chr: made('characterOf'), instr: { calls: 'positionIn' },
  locate: { calls: 'position' }, locateFrom: { calls: 'locateFrom' }, startsWith: { calls: 'startsWith' }, endsWith: { calls: 'endsWith' },
  splitIndex: { calls: 'splitIndex', nullAs: 'text' }, overlay: made('overlay'), overlayAll: made('overlayAll'), translate: made('translate'),
  toBase64: made('toBase64'), fromBase64: made('fromBase64'), hexText: made('hexOfText'), hexNumber: made('hexOfLong'), bin: made('binOfLong'),
  unhex: madeOrNull('unhex'), urlEncode: made('urlEncode'), urlDecode: madeOrNull('urlDecode'),
  md5: made('md5'), sha1: made('sha1'), sha224: made('sha224'), sha256: made('sha256'), sha384: made('sha384'), sha512: made('sha512'),
  power: { calls: 'power' }, sqrt: { calls: 'squareRoot' }, exp: { calls: 'exp' }, ln: { calls: 'ln' }, log10: { calls: 'log10' }, log2: { calls: 'log2' },
  log: { calls: 'ln' }, logOf: { calls: 'logOf' },
  sin: { calls: 'sine' }, cos: { calls: 'cosine' }, tan: { calls: 'tangent' }, cot: { calls: 'cotangent' },
  asin: { calls: 'asin' }, acos: { calls: 'acos' }, atan: { calls: 'atan' }, atan2: { calls: 'atan2' }, sinh: { calls: 'sinh' }, cosh: { calls: 'cosh' },
  tanh: { calls: 'tanh' }, degrees: { calls: 'degrees' }, radians: { calls: 'radians' },
};

export function isLibraryCall(call: Call): call is Call & { readonly name: LibraryName } { return call.name in PLAIN; }

export function compileLibraryCall(call: Call & { readonly name: LibraryName }, context: Context): Compiled {
  const { scope } = context;
  const { calls, isNumbered, nullAs } = PLAIN[call.name];
  const operands = call.args.map((operand) => context.compile(operand));
  const args = [...operands.map(({ value }) => value), ...(isNumbered === true ? [String(scope.idOf(call))] : [])];
  const called = (more: readonly string[]): string => `${library(scope, calls)}(${[...args, ...more].join(', ')})`;
  if (nullAs === 'written') return written(call, operands, context, (into) => called([String(into)]));
  return once(call, operands, called([]), context, nullAs === 'text');
}

/**
 * The call under a name, made where no operand is NULL.
 * @param mayBeNull whether it may give NO_TEXT for NULL
 */
export function once(call: Call, operands: readonly Compiled[], called: string, { scope }: Context, mayBeNull = false): Compiled {
  const isNull = anyOf(...operands.map((operand) => operand.isNull));
  const setup = operands.flatMap((operand) => operand.setup);
  if (isNull === 'true') return { setup, value: localType(call.type) === 'bool' ? 'false' : '0', isNull };
  const name = scope.fresh(call.name);
  const type = localType(call.type);
  const other = mayBeNull ? library(scope, 'NO_TEXT') : '0';
  const guarded = isNull === 'false' ? called : type === 'bool' ? `${not(isNull)} && ${called}` : `${not(isNull)} ? ${called} : ${other}`;
  const made = [...setup, `const ${name}: ${type} = ${guarded};`];
  if (!mayBeNull) return { setup: made, value: name, isNull };
  const isNothing = `${name} == ${library(scope, 'NO_TEXT')}`;
  if (call.type.isNullable) return { setup: made, value: name, isNull: isNothing };
  // Flink fails where its own type says that there is always a value, and there is none.
  const failing = `if (${isNothing}) ${library(scope, 'fail')}(${library(scope, 'REJECT_EXPRESSION')}, ${scope.idOf(call)});`;
  return { setup: [...made, failing], value: name, isNull: 'false' };
}

/** As `once`, of a function that writes its result to the address given and answers whether it is not NULL. */
export function written(call: Call, operands: readonly Compiled[], { scope }: Context, called: (into: number) => string): Compiled {
  const isNull = anyOf(...operands.map((operand) => operand.isNull));
  const setup = operands.flatMap((operand) => operand.setup);
  const into = scope.reserve(16);
  const name = scope.fresh(call.name);
  const type = localType(call.type);
  const isThere = isNull === 'false' ? called(into) : isNull === 'true' ? 'false' : `${not(isNull)} && ${called(into)}`;
  return {
    setup: [...setup, `const ${name} = ${isThere};`], isNull: `!${name}`,
    value: type === 'usize' ? String(into) : `${type === 'i32' ? '<i32>' : ''}load<${type}>(${into})`,
  };
}
