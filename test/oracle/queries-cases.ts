/** Finds the golden queries and makes their input from what their headers name. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { TABLES } from '../golden/data.ts';

export interface Query { readonly name: string; readonly sql: string; readonly inputs: Readonly<Record<string, string>>; readonly out: string }

/** `-- input TABLE = GENERATOR(seed S, rows N)` */
const INPUT = /^-- input (\w+) = (\w+)\(seed (\d+), rows (\d+)\)$/gm;

/**
 * @param folder where NN-name.sql stand
 * @param target where input files are written and sinks may write
 * @param seedShift added to every seed: other data for the same queries
 */
export function queries(folder: string, target: string, seedShift: number): Query[] {
  mkdirSync(target, { recursive: true });
  return readdirSync(folder).filter((file) => file.endsWith('.sql')).sort().map((file) => {
    const name = file.slice(0, -'.sql'.length);
    const sql = readFileSync(`${folder}${file}`, 'utf8');
    const inputs: Record<string, string> = {};
    for (const [, table = '', generator = '', seed, rowCount] of sql.matchAll(INPUT)) {
      const lines = TABLES[generator]?.(Number(seed) + seedShift, Number(rowCount));
      if (lines === undefined) throw new Error(`${file}: no generator ${generator}`);
      inputs[table] = `${target}${name}.${table}.jsonl`;
      writeFileSync(`${target}${name}.${table}.jsonl`, `${lines.join('\n')}\n`);
    }
    return { name, sql, inputs, out: `${target}${name}.out` };
  });
}
