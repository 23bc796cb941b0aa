/** The syntax tree: what was written, before any name or type is known. */
import type { Span } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';

export interface Identifier { readonly text: string; readonly span: Span }

// ----------------------------------------------------------------------------------------------------------- expressions

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'AND' | 'OR';
export type IntervalUnit = 'YEAR' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND';

export type Syntax =
  | { readonly kind: 'name'; readonly parts: readonly Identifier[]; readonly span: Span }
  | { readonly kind: 'number'; readonly text: string; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  /** undefined: UNKNOWN. */
  | { readonly kind: 'boolean'; readonly value: boolean | undefined; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'time'; readonly type: 'DATE' | 'TIME' | 'TIMESTAMP'; readonly text: string; readonly span: Span }
  | {
    readonly kind: 'interval'; readonly text: string; readonly from: IntervalUnit; readonly to: IntervalUnit;
    readonly span: Span;
  }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | 'NOT'; readonly operand: Syntax; readonly span: Span }
  | {
    readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Syntax; readonly right: Syntax;
    readonly span: Span;
  }
  | {
    readonly kind: 'is'; readonly operand: Syntax; readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';
    readonly isNegated: boolean; readonly span: Span;
  }
  | {
    readonly kind: 'like'; readonly operand: Syntax; readonly pattern: Syntax; readonly escape: Syntax | undefined;
    readonly isNegated: boolean; readonly span: Span;
  }
  | {
    readonly kind: 'in'; readonly operand: Syntax; readonly list: readonly Syntax[]; readonly isNegated: boolean;
    readonly span: Span;
  }
  | {
    readonly kind: 'between'; readonly operand: Syntax; readonly low: Syntax; readonly high: Syntax;
    readonly isNegated: boolean; readonly span: Span;
  }
  | {
    readonly kind: 'case'; readonly operand: Syntax | undefined; readonly branches: readonly Branch[];
    readonly otherwise: Syntax | undefined; readonly span: Span;
  }
  | {
    readonly kind: 'cast'; readonly operand: Syntax; readonly type: SqlType; readonly isTry: boolean;
    readonly span: Span;
  }
  | Call;

export interface Branch { readonly when: Syntax; readonly then: Syntax }

/** A function or an aggregate. TRIM, POSITION and SUBSTRING in SQL's own syntax are turned into plain calls. */
export interface Call {
  readonly kind: 'call';
  readonly name: Identifier;
  readonly args: readonly Syntax[];
  readonly isStar: boolean;
  readonly isDistinct: boolean;
  readonly filter: Syntax | undefined;
  readonly span: Span;
}

// --------------------------------------------------------------------------------------------------------------- queries

export interface Query {
  readonly with: readonly { readonly name: Identifier; readonly columns: readonly Identifier[]; readonly query: Query }[];
  readonly select: Select;
  readonly span: Span;
}

export interface Select {
  readonly items: readonly SelectItem[];
  readonly from: Relation | undefined;
  readonly where: Syntax | undefined;
  readonly groupBy: readonly Syntax[] | undefined;
  readonly having: Syntax | undefined;
  readonly span: Span;
}

export type SelectItem =
  | { readonly kind: 'expression'; readonly expression: Syntax; readonly alias: Identifier | undefined }
  | { readonly kind: 'star'; readonly table: Identifier | undefined; readonly span: Span };

export type RelationBase =
  | { readonly kind: 'table'; readonly name: Identifier }
  | { readonly kind: 'subquery'; readonly query: Query }
  | {
    readonly kind: 'window'; readonly input: Relation; readonly timeColumn: Identifier; readonly size: Syntax;
    readonly offset: Syntax | undefined;
  };

export type Relation = RelationBase
  & { readonly alias: Identifier | undefined; readonly columnAliases: readonly Identifier[]; readonly span: Span };

// ------------------------------------------------------------------------------------------------------------ statements

export type Statement =
  | CreateTable
  | {
    readonly kind: 'createView'; readonly name: Identifier; readonly columns: readonly Identifier[];
    readonly query: Query; readonly ifNotExists: boolean; readonly span: Span;
  }
  | {
    readonly kind: 'insert'; readonly table: Identifier; readonly columns: readonly Identifier[];
    readonly query: Query; readonly span: Span;
  }
  | { readonly kind: 'select'; readonly query: Query; readonly span: Span }
  | { readonly kind: 'set'; readonly key: Identifier; readonly value: Identifier; readonly span: Span };

export interface CreateTable {
  readonly kind: 'createTable';
  readonly name: Identifier;
  readonly columns: readonly ColumnSyntax[];
  readonly watermark: { readonly column: Identifier; readonly expression: Syntax; readonly span: Span } | undefined;
  readonly primaryKey: readonly Identifier[];
  readonly options: readonly OptionSyntax[];
  readonly ifNotExists: boolean;
  readonly span: Span;
}

/** Key and value with the places of what stands between the quotes and around them. */
export interface OptionSyntax { readonly key: Identifier; readonly value: Identifier }

export type ColumnSyntax = { readonly name: Identifier; readonly span: Span } & (
  | { readonly kind: 'physical'; readonly type: SqlType }
  | {
    readonly kind: 'metadata'; readonly type: SqlType; readonly key: Identifier | undefined;
    readonly isVirtual: boolean;
  }
  | { readonly kind: 'computed'; readonly expression: Syntax }
);
