/** Operands in ⟦⟧: constants that the oracle puts into columns of a table with one row. */
export const of = (type: string) => (value: string | number): string => `⟦CAST(${value} AS ${type})⟧`;
export const tiny: (value: string | number) => string = of('TINYINT');
export const small: (value: string | number) => string = of('SMALLINT');
export const int: (value: string | number) => string = of('INT');
export const big: (value: string | number) => string = of('BIGINT');
export const float = (text: string): string => `⟦CAST('${text}' AS FLOAT)⟧`;
export const double = (text: string): string => `⟦CAST('${text}' AS DOUBLE)⟧`;
export const decimal = (precision: number, scale: number, text: string): string => `⟦CAST('${text}' AS DECIMAL(${precision}, ${scale}))⟧`;
export const string = (text: string): string => `⟦CAST('${text.replaceAll("'", "''")}' AS STRING)⟧`;
export const nothing = (type: string): string => `⟦CAST(NULL AS ${type})⟧`;
export const NONE: string = nothing('STRING');
export const MIN_BIG = '⟦CAST(-9223372036854775807 - 1 AS BIGINT)⟧';
/** Text with one, two, three and four bytes a code point. */
export const UNICODE: string = string('a\u00e9\u20ac\u{1f600}b');

/** Every pair of the two lists. */
export function pairs(left: readonly string[], right: readonly string[], join: (a: string, b: string) => string): string[] {
  return left.flatMap((a) => right.map((b) => join(a, b)));
}
