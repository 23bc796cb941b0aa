/** Binds, compiles and evaluates the SQL of golden answers, with operands as constants or as columns, and compares with Flink's. */
import { compileExpression } from '../../../host/compile/expression.ts';
import type { Column, Expression } from '../../../host/plan/nodes.ts';
import { bindExpression } from '../../../host/sql/bind-expression.ts';
import { createCursor } from '../../../host/sql/cursor.ts';
import type { Report } from '../../../host/sql/job.ts';
import { tokenize } from '../../../host/sql/lexer.ts';
import { parseExpression } from '../../../host/sql/parse-expression.ts';
import type { Scope } from '../../../host/sql/scope.ts';
import { compileExpressions, REJECTED, type Value } from './expression-module.ts';

/** One answer of Flink; see test/golden/README.md. */
export interface Golden {
  readonly sql: string; readonly template?: string; readonly type?: string;
  readonly value?: string | null; readonly error?: string; readonly refused?: string;
}
export interface Case<G extends Golden = Golden> { readonly golden: G; readonly expression: Expression }
export type Answer = Value | typeof REJECTED;

const CHUNK = 400; // expressions a module: asc starts slowly

/** A typed expression over `columns`; undefined when the binder refuses it. */
export function bound(sql: string, columns: readonly Column[], report: Report = () => undefined): Expression | undefined {
  const scope: Scope = {
    tables: [], fields: columns.map(({ name, type }, index) => ({ name, type, place: { kind: 'column', index } })),
  };
  try {
    const { tokens } = tokenize(sql);
    const cursor = createCursor(tokens, []);
    const syntax = parseExpression(cursor);
    if (cursor.peek().kind !== 'end') return undefined;
    return bindExpression(syntax, { scope, report, aggregateProblem: '' });
  } catch {
    return undefined;
  }
}

export function asText(input: Expression): Expression {
  return { kind: 'cast', input, isTry: false, type: { name: 'STRING', isNullable: true }, span: input.span };
}

/** Whether the compiler has it; the binder will refuse what it has not. */
export function isCompiled(expression: Expression): boolean {
  try {
    let next = 0;
    const column = (): { value: string; isNull: string } => ({ value: '0', isNull: 'false' });
    compileExpression(expression, { column, fresh: (hint) => `${hint}${next += 1}`, used: new Set(), idOf: () => 0, reserve: () => 0 });
    return true;
  } catch {
    return false;
  }
}

/** Evaluates a list of expressions without columns. */
export async function evaluated(expressions: readonly Expression[]): Promise<Answer[]> {
  const found: Answer[] = [];
  for (let start = 0; start < expressions.length; start += CHUNK) {
    const part = expressions.slice(start, start + CHUNK);
    const module = await compileExpressions([], part);
    found.push(...part.map((_, index) => module.evaluate(index, [])));
  }
  return found;
}

/** Operands of templates: what `operand` finds, in order, each once. */
function operandsOf(all: readonly Golden[], operand: RegExp): string[] {
  return [...new Set(all.flatMap(({ template }) => [...(template ?? '').matchAll(operand)].map(([, text]) => text ?? '')))];
}

/**
 * The cases that the binder and the compiler have, with operands as columns, and what they give.
 * @param isTyped whether the columns of operands that cannot be NULL are NOT NULL, as in Flink
 */
export async function evaluatedAsColumns<G extends Golden>(
  asked: readonly G[], operand: RegExp, isTyped = false,
): Promise<{ readonly cases: readonly Case<G>[]; readonly answers: readonly Answer[] }> {
  const texts = operandsOf(asked, operand);
  const operands = texts.flatMap((text) => {
    const expression = bound(text, []);
    return expression === undefined || !isCompiled(expression) ? [] : [{ text, expression }];
  });
  const values = await evaluated(operands.map(({ expression }) => expression));
  const columns = operands.map(({ text, expression }): Column => (
    { name: `c${texts.indexOf(text)}`, type: (isTyped ? expression.type : { ...expression.type, isNullable: true }) as Column['type'] }));
  const cases = boundCases(asked, ({ sql, template }) => (template ?? sql).replace(operand, (_, text: string) => `c${texts.indexOf(text)}`), columns);
  return { cases, answers: await evaluatedOnColumns(cases, columns, values) };
}

/** The cases that the binder and the compiler have. */
export function boundCases<G extends Golden>(asked: readonly G[], sqlOf: (one: G) => string, columns: readonly Column[]): Case<G>[] {
  return asked.flatMap((one): Case<G>[] => {
    const expression = bound(sqlOf(one), columns);
    if (expression === undefined || expression.type.name === 'INTERVAL' || !isCompiled(expression)) return [];
    return [{ golden: one, expression }];
  });
}

/** Each expression on a row of just the columns that its part of the list uses. */
async function evaluatedOnColumns(
  all: readonly Case[], columns: readonly Column[], values: readonly Answer[],
): Promise<Answer[]> {
  const found: Answer[] = [];
  for (let start = 0; start < all.length;) {
    const used = new Map<number, number>();
    const part: Expression[] = [];
    while (start + part.length < all.length && part.length < CHUNK) {
      const { expression } = all[start + part.length] as Case;
      const wanted = [...new Set(columnsOf(expression))].filter((index) => !used.has(index));
      if (used.size + wanted.length > 64) break;
      wanted.forEach((index) => used.set(index, used.size));
      part.push(renumbered(expression, used));
    }
    const indices = [...used.keys()];
    const module = await compileExpressions(indices.map((index) => columns[index] as Column), part.map(asText));
    const row = indices.map((index) => values[index] as Value);
    found.push(...part.map((_, index) => module.evaluate(index, row)));
    start += part.length;
  }
  return found;
}

function columnsOf(expression: Expression): number[] {
  switch (expression.kind) {
    case 'column': return [expression.index];
    case 'literal': return [];
    case 'cast': return columnsOf(expression.input);
    case 'call': return expression.args.flatMap(columnsOf);
    case 'case': return [...expression.branches.flatMap(({ when, then }) => [...columnsOf(when), ...columnsOf(then)]), ...columnsOf(expression.otherwise)];
  }
}

function renumbered(expression: Expression, index: ReadonlyMap<number, number>): Expression {
  const go = (inner: Expression): Expression => renumbered(inner, index);
  switch (expression.kind) {
    case 'column': return { ...expression, index: index.get(expression.index) ?? 0 };
    case 'literal': return expression;
    case 'cast': return { ...expression, input: go(expression.input) };
    case 'call': return { ...expression, args: expression.args.map(go) };
    case 'case': {
      const branches = expression.branches.map(({ when, then }) => ({ when: go(when), then: go(then) }));
      return { ...expression, branches, otherwise: go(expression.otherwise) };
    }
  }
}
