/**
 * Asks Apache Flink for the golden answers: `node --import tsx test/oracle/run.ts types|expressions|json|queries ...`.
 * Each part rewrites its files in test/golden/; review the diff like code.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ask, build } from './flink.ts';
import * as types from './types-cases.ts';

const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));

type Column = { readonly name: string; readonly type: string };
type ColumnsOrError = readonly Column[] | { readonly error: string };

function goldenTypes(): void {
  const grouped = (sql: string): string => `SELECT ${sql} AS x FROM t GROUP BY s`;
  const global = (sql: string): string => `SELECT ${sql} AS x FROM t`;
  const queries = [
    ...types.EXPRESSIONS.map(global), ...types.AGGREGATES.map(grouped), ...types.AGGREGATES.map(global), ...types.QUERIES,
  ];
  const answers = ask<ColumnsOrError[]>('types', { table: types.TABLE, queries, planned: types.QUERIES.length });
  const take = (sqls: readonly string[]) => sqls.map((sql) => ({ sql, ...typeOf(answers.shift()) }));
  writeFileSync(`${GOLDEN}types.json`, layOut({
    table: types.TABLE,
    expressions: take(types.EXPRESSIONS),
    groupedAggregates: take(types.AGGREGATES),
    globalAggregates: take(types.AGGREGATES),
    queries: types.QUERIES.map((sql) => {
      const answer = answers.shift() ?? [];
      return 'error' in answer ? { sql, ...answer } : { sql, columns: answer };
    }),
  }));
}

function typeOf(answer: ColumnsOrError | undefined): { type: string } | { error: string } {
  if (answer !== undefined && 'error' in answer) return answer;
  return { type: answer?.[0]?.type ?? '' };
}

/** JSON with one case on a line, so that a changed answer is a changed line. */
function layOut(parts: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(parts).map(([name, value]) => {
    const text = Array.isArray(value) ? `[\n${value.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]` : JSON.stringify(value);
    return `${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}

const PARTS: Readonly<Record<string, () => void>> = { types: goldenTypes };

build();
const asked = process.argv.slice(2);
for (const part of asked.length > 0 ? asked : Object.keys(PARTS)) {
  const make = PARTS[part];
  if (make === undefined) throw new Error(`${part}: not one of ${Object.keys(PARTS).join(', ')}`);
  make();
}
