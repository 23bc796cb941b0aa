/** Golden answers of functions beside ours: what differs, and how many calls of each function agree. */
import { readFileSync } from 'node:fs';
import { typeText } from '../../../host/plan/type-text.ts';
import { REJECTED } from './expression-module.ts';
import { evaluatedAsColumns, type Answer, type Case, type Golden } from './golden-expressions.ts';

export interface FunctionGolden extends Golden { readonly function: string }

export interface Tally { agreed: number; refused: number; asked: number }
export interface Judgement {
  readonly wrong: readonly string[];
  readonly wrongTypes: readonly string[];
  /** By function, in the order of the golden file. */
  readonly tallies: ReadonlyMap<string, Tally>;
}

const OPERAND = /⟦([^⟦⟧]*)⟧/g;
/** Java's own are within one unit in the last place of the exact result, and so are ours. */
const WITHIN_A_UNIT = /^(EXP|LN|LOG|LOG2|LOG10|POWER|SIN|COS|TAN|COT|SINH|COSH|TANH|ATAN2|ASIN|ACOS|ATAN)$/;
/** COT and the logarithms to a base round twice, so that two units may come together. */
const ROUNDED_TWICE = /^(COT|LOG|LOG2)$/;

/** Calls where Flink disagrees with itself, with the reason. */
const LEFT_OUT: readonly RegExp[] = [
  /^(SIGN|TRUNCATE)\(⟦CAST\(-?\d+ AS (TINYINT|SMALLINT)\)⟧/, // fails, because generated code casts to the wrong box
  /^ELT\(⟦CAST\(2 AS BIGINT/, // the same
  /^[LR]PAD\(.*\u{1f600}/u, // counts halves of characters outside of the basic plane
  /^(FLOOR|CEIL)\(⟦TIMESTAMP '0001|^TO_DATE\(⟦CAST\('0001|^FROM_UNIXTIME\(⟦CAST\(-62135596800/, // counts by the Julian calendar before 1582
  /^TO_DATE\(⟦CAST\('x?' AS STRING\)⟧, |^TO_DATE\(.*12:34:56' AS STRING\)⟧, '.*SSS/, // 5471-09-27 for what is no date; NULL here
  /^UPPER\(.*\ufb01/, // letters that become several; see scalar/letters.ts
];

export const functionGoldens = (JSON.parse(readFileSync('test/golden/functions.json', 'utf8')) as { functions: readonly FunctionGolden[] }).functions;

let judgement: Promise<Judgement> | undefined;

/** Evaluates all once. */
export function judged(): Promise<Judgement> {
  judgement ??= judge();
  return judgement;
}

async function judge(): Promise<Judgement> {
  const asked = functionGoldens.filter(({ refused, sql, template }) => refused === undefined && !LEFT_OUT.some((pattern) => pattern.test(template ?? sql)));
  const { cases, answers } = await evaluatedAsColumns(asked, OPERAND, true);
  const tallies = new Map<string, Tally>();
  for (const one of asked) {
    const tally = tallies.get(one.function) ?? { agreed: 0, refused: 0, asked: 0 };
    tally.asked += 1;
    tallies.set(one.function, tally);
  }
  const wrong: string[] = [];
  const wrongTypes: string[] = [];
  cases.forEach((one, index) => {
    const { golden } = one;
    const answer = answers[index] ?? null;
    if (isExpected(answer, one)) (tallies.get(golden.function) as Tally).agreed += 1;
    else wrong.push(`${golden.template ?? golden.sql}: ${answer === REJECTED ? 'error' : JSON.stringify(answer)}, Flink: ${golden.error === undefined ? JSON.stringify(golden.value) : 'error'}`);
    const type = typeText(one.expression.type);
    if (golden.type !== undefined && type !== golden.type) wrongTypes.push(`${golden.template ?? golden.sql}: ${type}, Flink: ${golden.type}`);
  });
  return { wrong, wrongTypes, tallies };
}

export function isExpected(answer: Answer, { golden, expression }: Case<FunctionGolden>): boolean {
  if (golden.error !== undefined) return answer === REJECTED;
  if (answer === REJECTED || answer === null || golden.value === null || golden.value === undefined) return answer === (golden.value ?? null);
  if (expression.type.name === 'DOUBLE') {
    const units = WITHIN_A_UNIT.test(golden.function) ? ROUNDED_TWICE.test(golden.function) ? 2n : 1n : 0n;
    return unitsBetween(Number(answer), Number(golden.value)) <= units;
  }
  if (expression.type.name === 'FLOAT') return Object.is(Math.fround(Number(answer)), Math.fround(Number(golden.value)));
  if (expression.type.name === 'DECIMAL') return /^-?[\d.]+$/.test(String(answer)) && Number(answer) === Number(golden.value);
  return answer === golden.value;
}

/** How many DOUBLEs lie between two, and none between equal ones. */
function unitsBetween(a: number, b: number): bigint {
  if (Object.is(a, b)) return 0n;
  if (a === 0 && b === 0) return 1n << 64n; // the sign of zero is no matter of rounding
  const view = new DataView(new ArrayBuffer(8));
  const place = (value: number): bigint => {
    view.setFloat64(0, value);
    const bits = view.getBigInt64(0);
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) - 1n : bits;
  };
  const distance = place(a) - place(b);
  return distance < 0n ? -distance : distance;
}
