/** What Flink's json format reads and writes (test/golden/json.json, made by Flink itself), and every place where we differ. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { existsSync, readFileSync } from 'node:fs';
import type { ScanColumn } from '../../host/plan/nodes.ts';
import type { PlainName, SqlType } from '../../host/plan/types.ts';
import { compileJson, jsonColumn, type JsonModule } from './compile.ts';

interface Read { readonly columns: string; readonly payload?: string; readonly base64?: string; readonly standard?: string; readonly rows?: readonly (readonly (string | null)[])[] }
interface Write { readonly type: string; readonly json: string; readonly standard?: string }

const GOLDEN = 'test/golden/json.json';
const golden = existsSync(GOLDEN) ? JSON.parse(readFileSync(GOLDEN, 'utf8')) as { readonly reads: readonly Read[]; readonly writes: readonly Write[] } : undefined;

/** Departures: [which table, which payload, why]. Each must match at least one case, and every case that differs must be here. */
const DEPARTURES: readonly (readonly [RegExp, RegExp, string])[] = [
  [/DECIMAL/, /\d{5}|1e30|1e400|1e28/, 'what exceeds the precision is refused; Flink makes it NULL'],
  [/BOOLEAN/, /:[{[]/, 'an object or array is no BOOLEAN; Flink takes it for FALSE'],
  [/STRING/, /\\ud83d"\}$/, 'a lone surrogate has no UTF-8'],
  [/STRING/, /\t/, 'RFC 8259 forbids control characters in strings'],
  [/STRING/, /2\.50|\\u00e9"\}\}/, 'a container as text keeps its numbers and escapes as they came'],
  [/TIMESTAMP\(3\)/, /2019-02-29|2020-02-30|24:00:00/, 'a time that does not exist is refused; Flink moves it'],
  [/TIMESTAMP\([09]\)/, /56\.\d+/, 'times are kept in milliseconds'],
  [/TIME$/, /24:00:00/, 'a time that does not exist is refused'],
  [/NOT NULL/, /null|\{\}/, 'NOT NULL is enforced where a payload enters'],
  [/a INT, b STRING/, /"a":"bad"\}$/, 'the last of duplicate keys wins'],
  [/a INT, b STRING/, /^\{"a":1\}[x ,}/]/, 'nothing may follow the object'],
  [/a INT, b STRING/, /^$|^\[|^\ufeff/, 'a payload is one object'],
  [/a INT, b STRING/, /^eyJiIjoi(7aCA|wIAi)/, 'not UTF-8'],
];

function typeOf(text: string): SqlType {
  const [, name = '', first, second] = /^(\w+)(?:\((\d+)(?:, *(\d+))?\))?/.exec(text) ?? [];
  const isNullable = !text.includes('NOT NULL');
  if (name === 'DECIMAL') return { name, precision: Number(first), scale: Number(second), isNullable };
  if (name === 'TIMESTAMP' || name === 'TIMESTAMP_LTZ') return { name, precision: Number(first), isNullable };
  if (name === 'VARCHAR' || name === 'CHAR') return { name, length: Number(first), isNullable };
  return { name: name as PlainName, isNullable };
}

function columnsOf(text: string): readonly ScanColumn[] | undefined {
  if (/ARRAY|MAP|ROW/.test(text)) return undefined; // nested rows are tested as paths in test/host/compile/parse.test.ts
  return text.split(/, (?=b )/).map((column) => jsonColumn(column.slice(0, column.indexOf(' ')), typeOf(column.slice(column.indexOf(' ') + 1))));
}

const modules = new Map<string, JsonModule>();
async function moduleOf(columns: readonly ScanColumn[], standard: string | undefined): Promise<JsonModule> {
  const key = JSON.stringify([columns, standard]);
  const known = modules.get(key) ?? await compileJson({ columns, isIso: standard === 'ISO-8601' });
  modules.set(key, known);
  return known;
}

/** A value as both sides can be compared: numbers by value, times without their separators, booleans in one case. */
function canonical(value: string | null, type: SqlType['name']): string | null {
  if (value === null) return null;
  if (/TIMESTAMP/.test(type)) return value.replace('T', ' ').replace('Z', '').replace(/\.(\d*?)0*$/, '.$1').replace(/\.$/, '');
  if (type === 'TIME') return value.replace(/\..*/, ''); // TIME is TIME(0): shown without the milliseconds that it keeps
  if (type === 'BOOLEAN') return value.toLowerCase();
  if (type === 'BYTES') return /^[0-9a-f]*$/.test(value) ? value : Buffer.from(value, 'base64').toString('hex');
  return type === 'STRING' || type === 'CHAR' || type === 'VARCHAR' || Number.isNaN(Number(value)) ? value : String(Number(value));
}

if (golden === undefined) console.log(`SKIPPED: ${GOLDEN} is missing`);
const cases = golden === undefined ? test.skip : test;

cases('every payload gives the row that Flink gives, or is a stated departure', async () => {
  const unused = new Set(DEPARTURES);
  for (const { columns: text, payload, base64, standard, rows } of golden?.reads ?? []) {
    const columns = columnsOf(text);
    if (columns === undefined) continue;
    const module = await moduleOf(columns, standard);
    const bytes = base64 === undefined ? new TextEncoder().encode(payload) : Uint8Array.from(Buffer.from(base64, 'base64'));
    const isTaken = module.parse(bytes) === 0;
    const ours = isTaken ? Object.values(JSON.parse(module.write(), (_, value: unknown) => (typeof value === 'object' ? value : String(value))) as object) as (string | null)[] : undefined;
    const theirs = rows?.length === 1 ? rows[0] : rows;
    const plain = (values: readonly unknown[] | undefined): string => JSON.stringify(values?.map((value, index) => canonical(value as string | null, columns[index]?.type.name ?? 'NULL')));
    if (plain(ours) === plain(theirs)) continue;
    const reason = DEPARTURES.find(([table, value]) => table.test(text) && value.test(payload ?? base64 ?? ''));
    if (reason === undefined) assert.unreachable(`${text} ${standard ?? ''} ${payload ?? base64}: ${plain(ours)}, Flink gives ${plain(theirs)}`);
    else unused.delete(reason);
  }
  assert.equal([...unused].map(([, , why]) => why), []);
});

cases('what Flink writes is read and written again: times to the letter, numbers by value', async () => {
  for (const { type, json, standard } of golden?.writes ?? []) {
    const columns = columnsOf(`v ${type}`);
    if (columns === undefined || /TIMESTAMP\([69]\)/.test(type)) continue;
    const module = await moduleOf(columns, standard);
    assert.is(module.parse(new TextEncoder().encode(json)), 0, `${type}: ${json}`);
    const written = module.write();
    if (!/DATE|TIME/.test(type)) assert.equal(JSON.parse(written), JSON.parse(json));
    else assert.is(written, json);
  }
});

test('departures are told apart by table and payload', () => {
  assert.is(DEPARTURES.filter(([table, value]) => table.test('v INT') && value.test('{"v":12}')).length, 0);
});

test.run();
