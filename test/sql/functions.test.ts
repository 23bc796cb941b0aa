/** Functions through whole jobs: every family leaves the module pure, costs nothing where it is not used, and works in both builds. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePlan } from '../../host/compile/index.ts';
import { catalog } from '../../host/cli/catalog.ts';
import { renderProblems } from '../../host/plan/problem.ts';
import { planSql } from '../../host/sql/index.ts';
import { compileTest, readLibrary, startModule } from '../engine.ts';

const TABLE = `CREATE TABLE t (s STRING, i INT, d DOUBLE, ts BIGINT, at AS TO_TIMESTAMP_LTZ(ts, 3))
WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json');\n`;

function planOf(sql: string, tables = TABLE): NonNullable<ReturnType<typeof planSql>['plan']> {
  const { plan, problems } = planSql(tables + sql, { fileName: 'job.sql', catalog });
  if (plan === undefined || problems.length > 0) throw new Error(renderProblems(tables + sql, 'job.sql', problems));
  return plan;
}

/** By family: a call, and at most how many bytes of optimized module it adds. */
const FAMILIES: Readonly<Record<string, readonly [sql: string, bytesMax: number]>> = {
  pattern: ["REGEXP(s, '^[a-z]+-\\d{1,3}$')", 3500],
  hash: ['SHA512(s)', 3500],
  power: ['POWER(d, 1.5)', 8000],
  angle: ['SIN(d)', 7000],
  format: ["DATE_FORMAT(at, 'yyyy-MM-dd')", 6000],
  json: ["JSON_VALUE(s, '$.a[0].b')", 6000],
};

test('a family of functions adds what it needs, and no module has state outside of memory', async () => {
  const sizeOf = async (sql: string): Promise<number> => (
    (await compilePlan(planOf(`SELECT ${sql} AS x FROM t`), { readFile: readLibrary, isSimd: true, compilerVersion: '0.0.0' })).wasm.length);
  const base = await sizeOf('s');
  for (const [name, [sql, bytesMax]] of Object.entries(FAMILIES)) {
    const more = await sizeOf(sql) - base;
    assert.ok(more <= bytesMax, `${name}: ${more} bytes more`);
  }
});

test('all families together answer the same in both builds', async () => {
  const calls = [...Object.values(FAMILIES).map(([sql]) => sql), 'LN(d)', 'COSH(d)', 'MD5(s)', 'SHA1(s)', 'SHA256(s)', "SPLIT_INDEX(s, '-', 1)", 'LPAD(s, 12, \'*\')',
    "REGEXP_REPLACE(s, '[aeiou]', '_')", "TO_TIMESTAMP(s, 'yyyy-MM-dd')", 'EXTRACT(WEEK FROM at)', 'FLOOR(at TO MONTH)', 'GREATEST(d, i)', 'HEX(i)', 'TO_BASE64(s)'];
  const plan = planOf(`SELECT ${calls.map((sql, index) => `${sql} AS c${index}`).join(', ')} FROM t`);
  const rows = ['sensor-17', '{"a":[{"b":"x"}]}', '2024-02-29', '', 'été', 'x'.repeat(300)].flatMap((s, index) => [
    JSON.stringify({ s, i: index * 1000 - 1, d: index * 0.7 - 1, ts: index * 86_400_000_000 - 1 }), JSON.stringify({ i: index }),
  ]);
  const [simd, scalar] = await Promise.all([true, false].map(async (isSimd) => (
    startModule((await compileTest(plan, isSimd)).wasm).feed(rows).map(({ value }) => value))));
  assert.is(simd?.length, rows.length);
  assert.equal(simd, scalar);
  const first = JSON.parse(simd?.[0] ?? '') as Record<string, unknown>;
  assert.equal([first['c0'], first['c11'], first['c13']], [true, '17', 's_ns_r-17']);
});

test('columns of every type are read, computed with, cast and written', async () => {
  const types = ['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(10, 2)', 'DECIMAL(38, 6)', 'STRING', 'VARCHAR(5)', 'CHAR(3)', 'BYTES',
    'DATE', 'TIME', 'TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)'];
  const values = [true, -128, 32767, -1, '9007199254740993', 0.1, 1e300, 12.34, '12345678901234567890123456789012.123456', 'é', 'abcde', 'xyz', 'AAH/',
    '2024-02-29', '12:34:56', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56.789Z'];
  const table = `CREATE TABLE c (${types.map((type, index) => `c${index} ${type}`).join(', ')}) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json');\n`;
  const plan = planOf(`SELECT ${types.map((_, index) => `c${index}`).join(', ')}, ${types.flatMap((type, index) => (type === 'BYTES' ? [] : [`CAST(c${index} AS STRING) AS t${index}`])).join(', ')} FROM c`, table);
  const engine = startModule((await compileTest(plan)).wasm);
  const payload = `{${values.map((value, index) => `"c${index}":${index === 4 || index === 8 ? String(value) : JSON.stringify(value)}`).join(',')}}`;
  const [full, empty] = engine.feed([payload, '{}']).map(({ value }) => value);
  types.forEach((type, index) => {
    const written = new RegExp(`"c${index}":("[^"]*"|[^,}]*)`).exec(full ?? '')?.[1];
    const expected = index === 4 || index === 8 ? String(values[index]) : JSON.stringify(values[index]);
    const isNumber = typeof values[index] === 'number';
    assert.ok(isNumber ? Math.fround(Number(written)) === Math.fround(Number(expected)) : written === expected, `${type}: ${written}, not ${expected}`);
  });
  assert.equal(new Set(Object.values(JSON.parse(empty ?? '') as Record<string, unknown>)), new Set([null]));
});

test.run();
