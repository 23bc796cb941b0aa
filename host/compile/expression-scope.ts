/**
 * What compiling an expression needs from its surroundings, and what it gives back. Shared by the parts of the expression
 * compiler; callers make a scope with `rowScope`.
 */
import type { Expression } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { SCRATCH } from '../../assembly/abi.ts';
import { LIBRARY } from './expression-library.ts';
import { cellOf, type Cell, type RowLayout } from './layout.ts';
import { importsOf, type SourceImport } from './serialize.ts';

/** A value in generated code; of cell `wide` it is the address of 16 bytes. */
export interface ValueText {
  /** An expression without side effects, cheap enough to be written more than once. Any value when NULL. */
  readonly value: string;
  /** A condition; 'false' when it cannot be NULL, 'true' when it always is. */
  readonly isNull: string;
}

/** The statements of `setup` compute what `value` and `isNull` read; without them nothing can fail and nothing is slow. */
export interface Compiled extends ValueText { readonly setup: readonly string[] }

export interface Scope {
  /** Where the columns of the row at hand lie. */
  readonly column: (index: number) => ValueText;
  /** An identifier not used before in this function, starting with `hint`. */
  readonly fresh: (hint: string) => string;
  /** Names of library functions used so far; expressionImports turns them into imports. */
  readonly used: Set<string>;
  /** Number by which fail() reports this expression. */
  readonly idOf: (expression: Expression) => number;
  /** Address of `sizeBytes` bytes of SCRATCH, 8-aligned, that nothing else uses while the function runs. */
  readonly reserve: (sizeBytes: number) => number;
}

/** A scope and the compiler itself, for the parts that compile operands. */
export interface Context {
  readonly scope: Scope;
  readonly compile: (expression: Expression) => Compiled;
}

export interface RowScopeOptions {
  readonly layout: RowLayout;
  /** Variable that holds the row. */
  readonly rowName: string;
  readonly idOf: Scope['idOf'];
  readonly reserve: Scope['reserve'];
  /** Shared by the scopes of one generated module. */
  readonly used: Set<string>;
}

/** The scope of expressions over a row of `layout`; one for each generated function. */
export function rowScope(options: RowScopeOptions): Scope {
  const { layout, rowName } = options;
  let count = 0;
  return {
    used: options.used, idOf: options.idOf, reserve: options.reserve,
    fresh: (hint) => `${hint}${count += 1}`,
    column: (index) => {
      const field = layout.fields[index];
      if (field === undefined) throw new Error(`${layout.className} has no column ${index}`);
      const bit = layout.nullsType === 'u64' ? `0x${(1n << BigInt(field.nullBit)).toString(16)}` : String(2 ** field.nullBit);
      return {
        value: fieldText(rowName, field.name, field.cell, field.offset),
        isNull: field.column.type.isNullable ? `(${rowName}.nulls & ${bit}) != 0` : 'false',
      };
    },
  };
}

function fieldText(rowName: string, name: string, cell: Cell, offset: number): string {
  if (cell === 'wide') return `(changetype<usize>(${rowName}) + ${offset})`;
  return cell === 'bool' ? `(${rowName}.${name} != 0)` : `${rowName}.${name}`;
}

/** Hands out SCRATCH from `start` to its end. Throws when nothing is left. */
export function scratchReserve(start: number, end: number = SCRATCH + 0xf000): Scope['reserve'] {
  let next = start;
  return (sizeBytes) => {
    const address = (next + 7) & ~7;
    next = address + sizeBytes;
    if (next > end) throw new Error('the expressions of this job need more scratch memory than there is');
    return address;
  };
}

/** The imports that generated code needs for what its expressions used. */
export function expressionImports(used: ReadonlySet<string>): readonly SourceImport[] { return importsOf(used, LIBRARY); }

/** AssemblyScript's type of a value of this SQL type in a local variable; `wide` is an address. */
export function localType(type: SqlType): string {
  switch (cellOf(type)) {
    case 'bool': return 'bool';
    case 'i32': return 'i32';
    case 'i64': return 'i64';
    case 'f32': return 'f32';
    case 'f64': return 'f64';
    case 'wide': return 'usize';
    case 'text': return 'u64';
  }
}

/** Notes that generated code calls the library's `name`. @returns it */
export function library(scope: Pick<Scope, 'used'>, name: keyof typeof LIBRARY): string {
  scope.used.add(name);
  return name;
}

/** An empty value of the type, for NULL. */
export function emptyText(type: SqlType): string { return cellOf(type) === 'bool' ? 'false' : cellOf(type) === 'wide' ? 'ZERO_WIDE' : '0'; }

/** Disjunction of conditions: without 'false', without repetition, tests of NULL bits of one row as one. */
export function anyOf(...conditions: readonly string[]): string {
  const terms = new Set<string>();
  const masks = new Map<string, bigint>();
  for (const term of conditions.flatMap(disjuncts)) {
    const bits = /^\((\w+\.nulls) & (\w+)\) != 0$/.exec(term);
    if (term === 'true') return 'true';
    if (bits === null) terms.add(term);
    else masks.set(bits[1] ?? '', (masks.get(bits[1] ?? '') ?? 0n) | BigInt(bits[2] ?? 0));
  }
  terms.delete('false');
  const tests = [...masks].map(([nulls, mask]) => `(${nulls} & ${mask > 0xffffffffn ? `0x${mask.toString(16)}` : mask}) != 0`);
  return [...tests, ...terms].join(' || ') || 'false';
}

/** The terms of a condition that || joins at its outermost level. */
function disjuncts(condition: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < condition.length; at += 1) {
    const character = condition[at];
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (depth === 0 && character === '?') return [`(${condition})`];
    else if (depth === 0 && condition.startsWith(' || ', at)) {
      terms.push(condition.slice(start, at));
      start = at + 4;
    }
  }
  return [...terms, condition.slice(start)];
}

/** The condition with parentheses where it needs them beside && or behind !. */
export function grouped(condition: string): string { return /^!?\w+$/.test(condition) || isWrapped(condition) ? condition : `(${condition})`; }

/** Whether one pair of parentheses holds all of the text. */
function isWrapped(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}

/** The opposite of a condition. */
export function not(condition: string): string {
  if (condition === 'true') return 'false';
  if (/^\(\w+\.nulls & \w+\) != 0$/.test(condition)) return condition.replace('!=', '==');
  if (/^!\w+$/.test(condition)) return condition.slice(1);
  return condition === 'false' ? 'true' : `!${grouped(condition)}`;
}

/** Lines one level deeper. */
export function indented(lines: readonly string[]): string[] { return lines.map((line) => `  ${line}`); }

/** Conjunction of two conditions. */
export function bothOf(a: string, b: string): string {
  if (a === 'false' || b === 'false') return 'false';
  if (a === 'true') return b;
  return b === 'true' ? a : `${grouped(a)} && ${grouped(b)}`;
}

/** The value, where it is a plain number with its type before it. */
export function typedText(value: string, type: SqlType): string {
  return cellOf(type) !== 'wide' && isNumberText(value) ? `<${localType(type)}>${value}` : value;
}

/** Whether the text is a plain number, whose type AssemblyScript takes from what surrounds it. */
export function isNumberText(value: string): boolean { return /^\(?-?(\d[\d.e+-]*|Infinity)\)?$/.test(value) || value === 'NaN'; }
