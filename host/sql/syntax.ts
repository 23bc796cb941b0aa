/** The syntax tree: what was written, before any name or type is known. */
import type { Span } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';

export interface Identifier { readonly text: string; readonly span: Span }

// ----------------------------------------------------------------------------------------------------------- expressions

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'AND' | 'OR';
export type IntervalUnit = 'YEAR' | 'QUARTER' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND';

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
  /** `a IN (SELECT …)`, `(a, b) IN (SELECT …)`. */
  | {
    readonly kind: 'inQuery'; readonly operands: readonly Syntax[]; readonly query: Query; readonly isNegated: boolean;
    readonly span: Span;
  }
  /** `(a, b)` */
  | { readonly kind: 'rowValue'; readonly items: readonly Syntax[]; readonly span: Span }
  | { readonly kind: 'exists'; readonly query: Query; readonly span: Span }
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
  /** Of aggregates: RESPECT NULLS or NULL ON NULL, IGNORE NULLS or ABSENT ON NULL; undefined where nothing is said. */
  readonly nulls?: 'keep' | 'skip' | undefined;
  readonly filter: Syntax | undefined;
  /** OVER (…) or OVER name. */
  readonly over?: Over | undefined;
  readonly span: Span;
}

/** Rows that a call sees beside its own. */
export interface Over {
  /** A window of the WINDOW clause that this one starts from. */
  readonly base: Identifier | undefined;
  readonly partitionBy: readonly Syntax[];
  readonly orderBy: readonly SortItem[];
  readonly frame: Frame | undefined;
  readonly span: Span;
}

export interface Frame { readonly unit: 'ROWS' | 'RANGE'; readonly start: FrameBound; readonly end: FrameBound; readonly span: Span }

export interface FrameBound {
  readonly kind: 'preceding' | 'current' | 'following';
  /** undefined: unbounded, or the current row. */
  readonly amount: Syntax | undefined;
  readonly span: Span;
}

export interface SortItem {
  readonly expression: Syntax; readonly isDescending: boolean;
  /** undefined: not said. */
  readonly isNullsFirst: boolean | undefined;
}

// --------------------------------------------------------------------------------------------------------------- queries

export interface Query {
  readonly with: readonly { readonly name: Identifier; readonly columns: readonly Identifier[]; readonly query: Query }[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly limit: Limit | undefined;
  readonly span: Span;
}

/** LIMIT and FETCH FIRST are the same; a count of undefined is without end. */
export interface Limit { readonly count: number | undefined; readonly offset: number; readonly span: Span }

export type QueryBody =
  | Select
  | {
    readonly kind: 'set'; readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'; readonly isAll: boolean;
    readonly left: QueryBody; readonly right: QueryBody; readonly operatorSpan: Span; readonly span: Span;
  }
  | { readonly kind: 'values'; readonly rows: readonly (readonly Syntax[])[]; readonly span: Span }
  /** A query in parentheses. */
  | { readonly kind: 'query'; readonly query: Query; readonly span: Span };

export interface Select {
  readonly kind: 'select';
  readonly hints: readonly Hint[];
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: Relation | undefined;
  readonly where: Syntax | undefined;
  readonly groupBy: GroupBy | undefined;
  readonly having: Syntax | undefined;
  readonly windows: readonly { readonly name: Identifier; readonly over: Over }[];
  readonly qualify: Syntax | undefined;
  readonly span: Span;
}

/** `keys`, and which of them each grouping set has; a plain GROUP BY is one set of all. */
export interface GroupBy {
  readonly keys: readonly Syntax[];
  readonly sets: readonly (readonly boolean[])[];
  readonly span: Span;
}

/** One of the hints of a comment that starts with a plus sign: NAME('key' = 'value', …). */
export interface Hint {
  readonly name: Identifier;
  readonly options: readonly { readonly key: Identifier; readonly value: Identifier | undefined }[];
}

export type SelectItem =
  | { readonly kind: 'expression'; readonly expression: Syntax; readonly alias: Identifier | undefined }
  | { readonly kind: 'star'; readonly table: Identifier | undefined; readonly span: Span };

export type JoinKind = 'inner' | 'left' | 'right' | 'full';

export type RelationBase =
  | { readonly kind: 'table'; readonly name: Identifier; readonly asOf: Syntax | undefined; readonly hints: readonly Hint[] }
  | { readonly kind: 'subquery'; readonly query: Query; readonly isLateral: boolean }
  | WindowFunction
  | { readonly kind: 'unnest'; readonly collection: Syntax; readonly withOrdinality: boolean }
  | {
    readonly kind: 'join'; readonly type: JoinKind; readonly left: Relation; readonly right: Relation;
    /** Written with a comma or CROSS JOIN. */
    readonly isCross: boolean; readonly isNatural: boolean;
    readonly on: Syntax | undefined; readonly using: readonly Identifier[];
  };

export type WindowFunctionName = 'TUMBLE' | 'HOP' | 'CUMULATE' | 'SESSION';

/** TUMBLE, HOP, CUMULATE or SESSION. Which of the intervals are there follows from the name. */
export interface WindowFunction {
  readonly kind: 'window';
  readonly name: WindowFunctionName;
  readonly input: Relation;
  readonly partition: readonly Identifier[];
  readonly timeColumn: Identifier;
  readonly size: Syntax | undefined;
  /** SLIDE of HOP, STEP of CUMULATE. */
  readonly step: Syntax | undefined;
  readonly gap: Syntax | undefined;
  readonly offset: Syntax | undefined;
}

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
  | { readonly kind: 'set'; readonly key: Identifier; readonly value: Identifier; readonly span: Span }
  | { readonly kind: 'reset'; readonly key: Identifier | undefined; readonly span: Span }
  | { readonly kind: 'drop'; readonly what: 'table' | 'view'; readonly name: Identifier; readonly ifExists: boolean; readonly span: Span }
  | { readonly kind: 'describe'; readonly name: Identifier; readonly span: Span }
  | { readonly kind: 'explain'; readonly statements: readonly Statement[]; readonly span: Span };

export interface CreateTable {
  readonly kind: 'createTable';
  readonly name: Identifier;
  readonly columns: readonly ColumnSyntax[];
  readonly watermark: { readonly column: Identifier; readonly expression: Syntax; readonly span: Span } | undefined;
  readonly primaryKey: readonly Identifier[];
  readonly options: readonly OptionSyntax[];
  readonly like: LikeClause | undefined;
  readonly ifNotExists: boolean;
  readonly span: Span;
}

/** `LIKE t (INCLUDING ALL …)`: what is taken over from another table, as Flink merges it. */
export interface LikeClause { readonly table: Identifier; readonly strategies: ReadonlyMap<LikeFeature, LikeStrategy> }
export type LikeFeature = 'ALL' | 'CONSTRAINTS' | 'DISTRIBUTION' | 'GENERATED' | 'METADATA' | 'OPTIONS' | 'PARTITIONS' | 'WATERMARKS';
export type LikeStrategy = 'INCLUDING' | 'EXCLUDING' | 'OVERWRITING';

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
