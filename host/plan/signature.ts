/** How a scalar function is declared, and the rules for result types that many of them share. */
import type { FunctionName } from './function-names.ts';
import { textLengthMax, varchar, withNullable } from './type-rules.ts';
import type { SqlType } from './types.ts';

/** `integer`, `long` and `double` are cast to INT, BIGINT and DOUBLE; `pattern` is a regular expression that must be a literal. */
export type ArgumentKind = 'text' | 'number' | 'integer' | 'long' | 'double' | 'pattern';

/** Values of arguments that are integer literals. */
export type Literals = readonly (bigint | undefined)[];
export type TypeRule = (args: readonly SqlType[], literals: Literals) => SqlType;

export interface FunctionSignature {
  readonly name: FunctionName;
  /** Kind of each argument; the last one repeats up to `most`. */
  readonly args: readonly ArgumentKind[];
  readonly least: number;
  readonly most: number;
  readonly type: TypeRule;
}

export type NamedSignature = readonly [string, FunctionSignature];

/** @param counts where arguments at the end may be left out, or the last one repeated */
export function signature(
  name: FunctionName, args: readonly ArgumentKind[], type: TypeRule, counts: { least?: number; most?: number } = {},
): FunctionSignature {
  return { name, args, type, least: counts.least ?? args.length, most: counts.most ?? args.length };
}

export const anyNullable = (args: readonly SqlType[]): boolean => args.some((arg) => arg.isNullable);
export const first = (args: readonly SqlType[]): SqlType => args[0] as SqlType;
/** The first argument's type, NULL where any argument is. */
export const asFirst: TypeRule = (args) => withNullable(first(args), anyNullable(args));
/** VARCHAR no longer than the first argument. */
export const shortened: TypeRule = (args) => varchar(textLengthMax(first(args)), anyNullable(args));

type Plain = 'INT' | 'BIGINT' | 'DOUBLE' | 'STRING' | 'BOOLEAN' | 'BYTES';
/** Always this type, NULL where any argument is. */
export const always = (name: Plain): TypeRule => (args) => ({ name, isNullable: anyNullable(args) });
/** Always this type, and it may be NULL for any argument. */
export const perhaps = (name: Plain): TypeRule => () => ({ name, isNullable: true });
