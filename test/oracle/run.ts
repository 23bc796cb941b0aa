/**
 * Asks Apache Flink for the golden answers: `node --import tsx test/oracle/run.ts types|plans|expressions|functions|json|queries [--seed N]`.
 * Each part rewrites its files in test/golden/; review the diff like code. With --seed the queries run on other data (N is
 * added to their seeds) and the answers go to test/oracle/target/queries-N/. With --only TEXT just the queries whose names contain it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ask, build, TARGET } from './flink.ts';
import { EXPRESSIONS, FOLDED } from './expressions-cases.ts';
import { FUNCTION_CASES } from './functions/index.ts';
import { READS, WRITES } from './json-cases.ts';
import * as plans from './plans-cases.ts';
import { queries } from './queries-cases.ts';
import * as types from './types-cases.ts';

const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));

const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true, options: { seed: { type: 'string', default: '0' }, only: { type: 'string', default: '' } },
});
const seedShift = Number(options.seed);
const OPERAND = /\{([^{}]*)\}/g;
/** Patterns and JSON have braces of their own. */
const OPERAND_OF_FUNCTION = /⟦([^⟦⟧]*)⟧/g;

type Column = { readonly name: string; readonly type: string };
type ColumnsOrError = readonly Column[] | { readonly error: string };

function goldenTypes(): void {
  const grouped = (sql: string): string => `SELECT ${sql} AS x FROM t GROUP BY s`;
  const global = (sql: string): string => `SELECT ${sql} AS x FROM t`;
  const selects = [
    ...types.EXPRESSIONS.map(global), ...types.AGGREGATES.map(grouped), ...types.AGGREGATES.map(global), ...types.QUERIES,
  ];
  const answers = ask<ColumnsOrError[]>('types', { table: types.TABLE, queries: selects, planned: types.QUERIES.length });
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

function goldenPlans(): void {
  const answers = ask<object[]>('plans', { setup: plans.SETUP, queries: plans.PLANS });
  writeFileSync(`${GOLDEN}plans.json`, layOut({ setup: plans.SETUP, queries: plans.PLANS.map((sql, index) => ({ sql, ...answers[index] })) }));
}

interface Outcome { readonly type?: string; readonly value?: string | null; readonly error?: string; readonly refused?: string }
interface GoldenExpression extends Outcome { readonly sql: string; readonly template?: string; readonly constant?: Outcome }

const hasFailed = (outcome: Outcome): boolean => (outcome.error ?? outcome.refused) !== undefined;

function goldenExpressions(): void {
  const path = `${GOLDEN}expressions.json`;
  writeFileSync(path, layOut({ expressions: evaluated(EXPRESSIONS, OPERAND, readExpressions(path, 'expressions')) }));
}

function goldenFunctions(): void {
  const path = `${GOLDEN}functions.json`;
  const answers = evaluated(FUNCTION_CASES.map(({ template }) => template), OPERAND_OF_FUNCTION, readExpressions(path, 'functions'));
  writeFileSync(path, layOut({ functions: answers.map((one, index) => ({ function: FUNCTION_CASES[index]?.function, ...one })) }));
}

function readExpressions(path: string, list: string): readonly GoldenExpression[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, GoldenExpression[]>)[list] ?? [] : [];
}

/**
 * @param operand what marks an operand in a template
 * @param known the former answers
 */
function evaluated(templates: readonly string[], operand: RegExp, known: readonly GoldenExpression[]): readonly GoldenExpression[] {
  // what failed last time runs in a job of its own; what is new and fails costs a few more jobs to find
  const failing = new Set(known.filter((one) => hasFailed(one) || (one.constant !== undefined && hasFailed(one.constant))).map(({ sql }) => sql));
  const operands: string[] = [];
  const column = (sql: string): string => {
    if (!operands.includes(sql)) operands.push(sql);
    return `o${operands.indexOf(sql)}`;
  };
  const cases = templates.map((template) => {
    const constant = template.replace(operand, '$1');
    const alone = failing.has(constant);
    if (constant === template) return { constant, alone };
    const lifted = { alone, column: template.replace(operand, (_, sql: string) => column(sql)) };
    return FOLDED.has(template) ? { ...lifted, constant } : lifted;
  });
  const answers = ask<{ constant?: Outcome; column?: Outcome }[]>('expressions', { operands, cases });
  return templates.map((template, index): GoldenExpression => {
    const { constant, column } = answers[index] ?? {};
    const sql = template.replace(operand, '$1');
    if (column === undefined) return { sql, ...constant };
    const isSame = constant === undefined || JSON.stringify(constant) === JSON.stringify(column);
    return { sql, template, ...column, ...(isSame ? {} : { constant }) };
  });
}

function goldenJson(): void {
  const answers = ask<{ reads: object[]; writes: object[] }>('json', { reads: READS, writes: WRITES });
  writeFileSync(`${GOLDEN}json.json`, layOut({
    reads: READS.map((one, index) => ({ ...one, ...answers.reads[index] })),
    writes: WRITES.map((one, index) => ({ ...one, ...answers.writes[index] })),
  }));
}

interface QueryAnswer { readonly select?: string[]; readonly inserts?: Readonly<Record<string, string[]>>; readonly error?: string }

function goldenQueries(): void {
  const isOther = seedShift !== 0;
  const folder = `${GOLDEN}queries/`;
  const expected = isOther ? `${TARGET}queries-${seedShift}/` : folder;
  const work = `${TARGET}queries/`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(expected, { recursive: true });
  for (const file of readdirSync(expected)) if (file.endsWith('.jsonl') && file.includes(options.only)) rmSync(`${expected}${file}`);
  const cases = queries(folder, work, seedShift).filter(({ name }) => name.includes(options.only));
  const answers = ask<QueryAnswer[]>('queries', { queries: cases });
  cases.forEach(({ name }, index) => {
    const { select, inserts = {}, error } = answers[index] ?? {};
    if (error !== undefined) {
      console.log(`${name}: ${error}`);
      process.exitCode = 1;
    }
    const results = { ...(select === undefined ? {} : { [name]: select }), ...Object.fromEntries(Object.entries(inserts).map(([table, lines]) => [`${name}.${table}`, lines])) };
    for (const [file, lines] of Object.entries(results)) writeFileSync(`${expected}${file}.jsonl`, lines.sort().map((line) => `${line}\n`).join(''));
  });
}

/** JSON with one case on a line, so that a changed answer is a changed line. */
function layOut(parts: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(parts).map(([name, value]) => {
    const text = Array.isArray(value) ? `[\n${value.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]` : JSON.stringify(value);
    return `${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}

const PARTS: Readonly<Record<string, () => void>> = {
  types: goldenTypes, plans: goldenPlans, expressions: goldenExpressions, functions: goldenFunctions, json: goldenJson, queries: goldenQueries,
};

build();

for (const part of asked.length > 0 ? asked : Object.keys(PARTS)) {
  const make = PARTS[part];
  if (make === undefined) throw new Error(`${part}: not one of ${Object.keys(PARTS).join(', ')}`);
  make();
}
