/** Generated parsers: what a payload becomes in a row, by every layer, in both builds. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REJECT_MALFORMED, REJECT_RANGE, REJECT_TYPE, REJECT_UTF8 } from '../../../assembly/abi.ts';
import type { SqlType } from '../../../host/plan/types.ts';
import { compileJson, jsonColumn, type JsonModule } from '../../json/compile.ts';

const plain = (name: 'STRING' | 'BIGINT' | 'DOUBLE' | 'INT' | 'BOOLEAN'): SqlType => ({ name, isNullable: true });
const READING = [
  jsonColumn('device', plain('STRING')), jsonColumn('ts', plain('BIGINT')), jsonColumn('temperature', plain('DOUBLE')),
  jsonColumn(['at', 'x'], plain('INT')), jsonColumn(['at', 'y'], plain('INT')), jsonColumn('isOk', plain('BOOLEAN')),
];
const FIELDS = [['device'], ['ts'], ['temperature'], ['unused'], ['at', 'x'], ['at', 'y'], ['isOk']];
const builds = [await compileJson({ columns: READING, fields: FIELDS }), await compileJson({ columns: READING, fields: FIELDS, isSimd: false })];

/** Parses `payload` three times, so that a learned shape answers too, and gives the row or the reason. */
function rowOf(payload: string | Uint8Array): unknown {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const answers = builds.flatMap((build) => [answerOf(build, bytes), answerOf(build, bytes), answerOf(build, bytes)]);
  answers.forEach((answer) => assert.equal(answer, answers[0]));
  return answers[0];
}

function answerOf(build: JsonModule, bytes: Uint8Array): unknown {
  const reason = build.parse(bytes);
  return reason === 0 ? JSON.parse(build.write()) as unknown : [reason, build.column()];
}

const NULLS = { device: null, ts: null, temperature: null, 'at.x': null, 'at.y': null, isOk: null };

test('a payload in declared order fills its row', () => {
  assert.equal(rowOf('{"device":"dev-1","ts":1609459200123,"temperature":21.57,"unused":[1,{}],"at":{"x":1,"y":-2},"isOk":true}'), {
    device: 'dev-1', ts: 1609459200123, temperature: 21.57, 'at.x': 1, 'at.y': -2, isOk: true,
  });
});

test('order of keys and white space do not matter', () => {
  assert.equal(rowOf(' {\n"isOk" : false ,\t"at":{ "y":2 , "x":1 },"device":"d","temperature":1e2, "ts":0 }\r\n'), {
    device: 'd', ts: 0, temperature: 100, 'at.x': 1, 'at.y': 2, isOk: false,
  });
});

test('absent fields and null are both NULL', () => {
  assert.equal(rowOf('{}'), NULLS);
  assert.equal(rowOf('{"device":null,"ts":null,"at":null}'), NULLS);
});

test('the last of duplicate keys wins, also of duplicate objects, and its faults alone count', () => {
  assert.equal(rowOf('{"ts":"x","ts":2}'), { ...NULLS, ts: 2 });
  assert.equal(rowOf('{"at":{"x":1,"y":2},"at":{"y":3}}'), { ...NULLS, 'at.y': 3 });
  assert.equal(rowOf('{"at":5,"at":{"x":1}}'), { ...NULLS, 'at.x': 1 });
  assert.equal(rowOf('{"ts":2,"ts":"x"}'), [REJECT_TYPE, 1]);
});

test('unknown fields are passed over but must be JSON', () => {
  assert.equal(rowOf('{"a":{"ts":1,"b":[[],{},"]"]},"ts":7}'), { ...NULLS, ts: 7 });
  assert.equal(rowOf('{"a":[1,],"ts":7}'), [REJECT_MALFORMED, -1]);
  assert.equal(rowOf('{"a":01,"ts":7}'), [REJECT_MALFORMED, -1]);
});

test('escapes are decoded, in keys too', () => {
  assert.equal(rowOf('{"d\\u0065vice":"\\u00e9\\n\\ud83d\\ude00\\/"}'), { ...NULLS, device: 'é\n😀/' });
});

test('a lone surrogate is refused wherever it stands', () => {
  assert.equal(rowOf('{"device":"\\ud83d"}'), [REJECT_UTF8, -1]);
  assert.equal(rowOf('{"other":"\\ude00 and on"}'), [REJECT_UTF8, -1]);
});

test('a string that is not UTF-8 is refused wherever it stands', () => {
  for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
    const bytes = [...new TextEncoder().encode('{"device":"'), ...bad, ...new TextEncoder().encode('"}')];
    assert.equal(rowOf(Uint8Array.from(bytes)), [REJECT_UTF8, -1]);
  }
});

test('a value of the wrong type names its column, a value too large too', () => {
  assert.equal(rowOf('{"ts":true}'), [REJECT_TYPE, 1]);
  assert.equal(rowOf('{"at":{"x":3000000000}}'), [REJECT_RANGE, 3]);
  assert.equal(rowOf('{"at":7}'), [REJECT_TYPE, 3]);
  assert.equal(rowOf('[]'), [REJECT_TYPE, -1]);
});

test('what is no JSON is refused', () => {
  for (const payload of ['', ' ', '{', '{"ts":1', '{"ts":1}}', '{"ts":1} x', '{"ts" 1}', '{ts:1}', '{"ts":1,}', '{"device":"a\nb"}', '{"isOk":tru}']) {
    assert.equal(rowOf(payload), [REJECT_MALFORMED, -1]);
  }
});

test('nesting is bounded at 64, by every layer', () => {
  const nested = (depth: number): string => `{"ts":1,"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  assert.equal(rowOf(nested(63)), { ...NULLS, ts: 1 });
  assert.equal(rowOf(nested(64)), [REJECT_MALFORMED, -1]);
  assert.equal(rowOf(`{"ts":1,"deep":${'['.repeat(2)}${']'.repeat(2)}}`), { ...NULLS, ts: 1 });
  assert.equal(rowOf(nested(64)), [REJECT_MALFORMED, -1]);
});

test('a STRING column takes other values as their JSON text', () => {
  assert.equal(rowOf('{"device":12.50}'), { ...NULLS, device: '12.50' });
  assert.equal(rowOf('{"device":true}'), { ...NULLS, device: 'true' });
  assert.equal(rowOf('{"device":{ "a" : [ 1, " b\\" " ] }}'), { ...NULLS, device: '{"a":[1," b\\" "]}' });
});

test('a NOT NULL column refuses a payload without it', async () => {
  const strict = await compileJson({ columns: [jsonColumn('a', { name: 'INT', isNullable: false }), jsonColumn('b', plain('INT'))] });
  const parse = (text: string): number => strict.parse(new TextEncoder().encode(text));
  assert.is(parse('{"a":1,"b":null}'), 0);
  assert.is(parse('{"a":null,"b":1}'), REJECT_TYPE);
  assert.is(parse('{"b":1}'), REJECT_TYPE);
  assert.is(strict.column(), 0);
});

test('a table of 60 columns has no function body above 4 KB', async () => {
  const columns = Array.from({ length: 60 }, (_, index) => jsonColumn(`field_number_${index}`, plain((['STRING', 'BIGINT', 'DOUBLE', 'INT'] as const)[index % 4] ?? 'INT')));
  const wide = await compileJson({ columns, isOptimized: true });
  const payload = JSON.stringify(Object.fromEntries(columns.map(({ name }, index) => [name, index % 4 === 0 ? `s${index}` : index])));
  assert.is(wide.parse(new TextEncoder().encode(payload)), 0);
  assert.is(wide.write(), payload);
  const largest = Math.max(...functionSizes(wide.wasm));
  assert.ok(largest <= 4096, `the largest body has ${largest} bytes`);
});

/** Sizes of all function bodies, from the code section (id 10). */
function functionSizes(wasm: Uint8Array): number[] {
  let at = 8;
  const unsigned = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at] ?? 0;
      at += 1;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < wasm.length) {
    const id = wasm[at];
    at += 1;
    const size = unsigned();
    if (id !== 10) {
      at += size;
      continue;
    }
    return Array.from({ length: unsigned() }, () => {
      const body = unsigned();
      at += body;
      return body;
    });
  }
  return [];
}

test.run();
