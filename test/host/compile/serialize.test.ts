/** Generated serialisers: rows as JSON text, keys as subsets, bounds that hold. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rowLayout } from '../../../host/compile/layout.ts';
import { serializeSource } from '../../../host/compile/serialize.ts';
import type { SqlType } from '../../../host/plan/types.ts';
import { compileJson, jsonColumn } from '../../json/compile.ts';

const string: SqlType = { name: 'STRING', isNullable: true };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test('names are escaped once, when the job is compiled', async () => {
  const module = await compileJson({ columns: [jsonColumn('a "b"\n\\é', string), jsonColumn('', string)] });
  const payload = JSON.stringify({ 'a "b"\n\\é': 'x', '': 'y' });
  assert.is(module.parse(encode(payload)), 0);
  assert.is(module.write(), payload);
});

test('strings are escaped as JSON.stringify escapes them, whatever their length', async () => {
  const module = await compileJson({ columns: [jsonColumn('s', string)] });
  const odd = Array.from({ length: 130 }, (_, code) => String.fromCharCode(code)).join('');
  for (let start = 0; start < odd.length; start += 1) {
    for (const text of [odd.slice(start), odd.slice(start, start + 17), `${'x'.repeat(start % 40)}"${odd.slice(start, start + 1)}é😀`]) {
      const payload = JSON.stringify({ s: text });
      assert.is(module.parse(encode(payload)), 0);
      assert.is(module.write(), payload);
      assert.ok(module.bound() >= encode(payload).length + 16);
    }
  }
});

test('the bound of a NULL does not depend on what its field holds', async () => {
  const module = await compileJson({ columns: [jsonColumn('s', string)] });
  module.parse(encode(`{"s":"${'x'.repeat(5000)}"}`));
  assert.ok(module.bound() >= 30_000);
  module.parse(encode('{"s":null}'));
  assert.ok(module.bound() < 100);
  assert.is(module.write(), '{"s":null}');
});

test('a key is a subset of the columns in the order asked for', () => {
  const layout = rowLayout('Total', ['a', 'b', 'c'].map((name) => ({ name, type: string })));
  const { text, imports } = serializeSource({ name: 'writeKey', layout, fields: [2, 0], timestampFormat: 'SQL' });
  assert.match(text, /\{"c":[\s\S]*,"a":/);
  assert.not.match(text, /"b":/);
  assert.match(text, /function writeKey\(row: Total, out: usize\): usize/);
  assert.match(text, /function writeKeyBound\(row: Total\): u32/);
  assert.equal(imports.map(({ from }) => from), ['millrace/assembly/emit/number', 'millrace/assembly/emit/text', 'millrace/assembly/text/text']);
});

test('a row of no columns is an empty object', async () => {
  const module = await compileJson({ columns: [] });
  assert.is(module.parse(encode('{"x":[1]}')), 0);
  assert.is(module.write(), '{}');
});

test('what no function writes is refused when the job is compiled', () => {
  const layout = rowLayout('Nested', [{ name: 'r', type: { name: 'ROW', fields: [], isNullable: true } }]);
  assert.throws(() => serializeSource({ name: 'write', layout, timestampFormat: 'SQL' }), /only in parts/);
});

test.run();
