/** SQL types as Flink has them. Type rules (result types of operators and functions) live beside in type-rules.ts. */

/** Types without parameters. */
export type PlainName =
  | 'BOOLEAN' | 'TINYINT' | 'SMALLINT' | 'INT' | 'BIGINT' | 'FLOAT' | 'DOUBLE' | 'STRING' | 'DATE' | 'TIME' | 'BYTES';

export type SqlType =
  | { readonly name: 'NULL'; readonly isNullable: true }
  | { readonly name: PlainName; readonly isNullable: boolean }
  | { readonly name: 'CHAR' | 'VARCHAR'; readonly length: number; readonly isNullable: boolean }
  | { readonly name: 'DECIMAL'; readonly precision: number; readonly scale: number; readonly isNullable: boolean }
  | {
    readonly name: 'TIMESTAMP' | 'TIMESTAMP_LTZ'; readonly precision: number; readonly isNullable: boolean;
    /** A time attribute: windows need one. */
    readonly attribute?: 'event' | 'arrival';
  }
  | { readonly name: 'INTERVAL'; readonly unit: 'month' | 'ms'; readonly isNullable: boolean }
  | { readonly name: 'ROW'; readonly fields: readonly RowField[]; readonly isNullable: boolean };

export interface RowField { readonly name: string; readonly type: SqlType }
