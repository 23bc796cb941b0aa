/** Result types against what Apache Flink answered (test/golden/types.json): same type, refused by both, or unsupported here. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync } from 'node:fs';
import { typeText } from '../../../host/plan/type-text.ts';
import { planSql } from '../../../host/sql/index.ts';
import { catalog } from '../sql/catalog.ts';

interface Case { readonly sql: string; readonly type?: string; readonly error?: string }
interface Golden { readonly table: string; readonly expressions: readonly Case[]; readonly groupedAggregates: readonly Case[] }

const golden = JSON.parse(readFileSync('test/golden/types.json', 'utf8')) as Golden;
/** Microseconds are refused in columns, so the two columns that have them are left out. */
const TABLE = `${golden.table.replace(/\s+ts6 TIMESTAMP\(6\), nts6 TIMESTAMP\(6\) NOT NULL,/, '')} WITH ('connector' = 'datagen');\n`;
const isLeftOut = ({ sql }: Case): boolean => /\bn?ts6\b/.test(sql);

/** Differences that are meant: sql -> why. */
const MEANT: ReadonlyMap<RegExp, string> = new Map([
  [/^b AND NULL$|^IF\(b, 1, NULL\)$/, 'NULL takes the type that is asked for'],
  [/^(COLLECT|ARRAY_AGG)\(/, 'JSON text until there are MULTISET and ARRAY types'],
  [/DECIMAL\(39, 0\)/, 'Flink silently makes it 38 digits'],
  [/^rt [+-] INTERVAL|^(MIN|MAX)\(rt\)$/, 'a computed time is no time attribute: its watermark would be wrong'],
]);

function outcome(one: Case, query: string): 'same' | 'refused' | 'unsupported' | string {
  const { plan, problems } = planSql(TABLE + query, { fileName: 'types.sql', catalog });
  const type = plan?.sinks[0]?.columns[0]?.type;
  if (type === undefined) {
    if (one.error !== undefined) return 'refused';
    const problem = problems[0];
    return problem?.code === 'unsupported' ? 'unsupported' : `${one.sql} is ${one.type}; refused: ${problem?.message}`;
  }
  const attribute = 'attribute' in type ? { event: ' *ROWTIME*', arrival: ' *PROCTIME*' }[type.attribute ?? 'event'] : '';
  const text = typeText(type) + ('attribute' in type && type.attribute !== undefined ? attribute : '');
  return text === one.type ? 'same' : `${one.sql} is ${one.type ?? `refused: ${one.error}`}; got ${text}`;
}

function compare(cases: readonly Case[], form: (sql: string) => string): { readonly same: number; readonly different: string[] } {
  const outcomes = cases.filter((one) => !isLeftOut(one) && ![...MEANT.keys()].some((pattern) => pattern.test(one.sql)))
    .map((one) => outcome(one, form(one.sql)));
  return {
    same: outcomes.filter((one) => one === 'same').length,
    different: outcomes.filter((one) => !['same', 'refused', 'unsupported'].includes(one)),
  };
}

test('every expression has the type that Flink gives it, or is refused', () => {
  const { same, different } = compare(golden.expressions, (sql) => `SELECT ${sql} AS x FROM t`);
  assert.equal(different, []);
  assert.ok(same >= 1270, `${same} expressions have Flink's type`);
});

test('every aggregate of a window has the type that Flink gives it in a group', () => {
  const from = "FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, s";
  const { same, different } = compare(golden.groupedAggregates, (sql) => `SELECT ${sql} AS x ${from}`);
  assert.equal(different, []);
  assert.ok(same >= 120, `${same} aggregates have Flink's type`);
});

test.run();
