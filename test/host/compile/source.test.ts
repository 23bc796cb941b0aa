/** The generated text is read by people: three whole modules are kept as golden files. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePlan, jobSource } from '../../../host/compile/index.ts';
import type { Node, Plan } from '../../../host/plan/nodes.ts';
import { readLibrary } from '../../engine.ts';
import { golden } from '../../golden.ts';
import { aggregate, call, columnOf, json, means, planOf, READINGS, sinkPlan, sourcePlan, tumble, typed } from '../../plans.ts';

function alerts(): Plan {
  const source = sourcePlan(READINGS, 0, { deadLetterSink: 1 });
  const columns = source.scan.columns;
  const limit = { kind: 'literal', value: 90, type: typed('DOUBLE', false), span: { start: 0, end: 0 } } as const;
  const input: Node = { kind: 'filter', input: source.scan, condition: call('gt', typed('BOOLEAN'), columnOf(columns, 'temperature'), limit), columns };
  const expressions = [columnOf(columns, 'device'), call('upper', typed('STRING'), columnOf(columns, 'status'))];
  const node: Node = { kind: 'project', input, expressions, columns: [{ name: 'device', type: typed('STRING') }, { name: 'status', type: typed('STRING') }] };
  const letters = [{ name: 'payload', type: typed('BYTES') }, { name: 'reason', type: typed('STRING') }, { name: 'detail', type: typed('STRING') }];
  return planOf([source], [sinkPlan('alerts', node, node.columns, [0]), sinkPlan('letters', undefined, letters)]);
}

function wide(): Plan {
  const columns = [
    json('site', typed('STRING')), json('line', typed('INT')), json('ok', typed('BOOLEAN', false)), json('ts', typed('BIGINT')), json('name', typed('STRING')),
    json('price', { name: 'DECIMAL', precision: 10, scale: 2, isNullable: true }), json('level', typed('FLOAT')),
  ];
  const source = sourcePlan(columns, 0, { delayMs: 500 });
  const all = source.scan.columns;
  const node = tumble(source.scan, all, {
    sizeMs: 60_000, offsetMs: 30_000,
    keys: ['site', 'line', 'ok'].map((name) => ({ name, expression: columnOf(all, name) })),
    aggregates: [
      { name: 'n', call: aggregate('count', undefined, typed('BIGINT', false), columnOf(all, 'ok')) },
      { name: 'first', call: aggregate('min', columnOf(all, 'name'), typed('STRING')) },
      { name: 'total', call: aggregate('sum', columnOf(all, 'price'), { name: 'DECIMAL', precision: 38, scale: 2, isNullable: true }) },
      { name: 'mean', call: aggregate('avg', columnOf(all, 'level'), typed('FLOAT')) },
      { name: 'lines', call: aggregate('sum', columnOf(all, 'line'), typed('INT')) },
    ],
  });
  return planOf([source], [sinkPlan('sums', node, node.columns)]);
}

for (const [name, plan] of Object.entries({ means: means(), alerts: alerts(), sums: wide() })) {
  test(`the text of the job ${name} is as it was reviewed`, () => { golden(`assembly/${name}.ts`, jobSource(plan).text); });
}

test('only the text of the rows that are used is generated, and nothing is left undefined', () => {
  for (const plan of [means(), alerts(), wide()]) assert.not.match(jobSource(plan).text, /undefined|\[object/);
});

/** Bytes of each function body of a module, largest first. */
function bodyBytes(wasm: Uint8Array): number[] {
  const number = (at: number): readonly [value: number, end: number] => {
    let value = 0;
    for (let end = at, factor = 1; ; end += 1, factor *= 128) {
      const byte = wasm[end] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return [value, end + 1];
    }
  };
  for (let at = 8; at < wasm.length;) {
    const [length, start] = number(at + 1);
    if (wasm[at] !== 10) { at = start + length; continue; }
    const sizes: number[] = [];
    let [count, body] = number(start);
    for (; count > 0; count -= 1) {
      const [size, code] = number(body);
      sizes.push(size);
      body = code + size;
    }
    return sizes.sort((a, b) => b - a);
  }
  return [];
}

test('sixty columns and thirty aggregates make no function that a JVM would not compile', async () => {
  const columns = [...Array.from({ length: 59 }, (_, index) => json(`c${index}`, typed('DOUBLE'))), json('ts', typed('BIGINT'))];
  const source = sourcePlan(columns, 0, { delayMs: 0 });
  const node = tumble(source.scan, source.scan.columns, {
    sizeMs: 1000, keys: [{ name: 'key', expression: columnOf(columns, 'c0') }],
    aggregates: Array.from({ length: 30 }, (_, index) => ({ name: `a${index}`, call: aggregate('avg', columnOf(columns, `c${index}`), typed('DOUBLE')) })),
  });
  const { wasm } = await compilePlan(planOf([source], [sinkPlan('out', node, node.columns)]), { readFile: readLibrary, compilerVersion: '0' });
  const [largest = Infinity] = bodyBytes(wasm);
  assert.ok(largest <= 4096, `the largest function has ${largest} bytes`);
});

test('thirty aggregates of every kind make no such function either', async () => {
  const columns = [...Array.from({ length: 10 }, (_, index) => json(`c${index}`, typed('DOUBLE'))), json('s', typed('STRING')), json('ts', typed('BIGINT'))];
  const source = sourcePlan(columns, 0, { delayMs: 0 });
  const all = source.scan.columns;
  const half = { kind: 'literal', value: 0.5, type: typed('DOUBLE', false), span: { start: 0, end: 0 } } as const;
  const calls = Array.from({ length: 10 }, (_, index) => columnOf(all, `c${index}`)).flatMap((column, index) => [
    { ...aggregate('sum', column, typed('DOUBLE')), isDistinct: true }, aggregate(index % 2 === 0 ? 'stddevPop' : 'lastValue', column, typed('DOUBLE')),
    index % 2 === 0 ? { ...aggregate('percentile', column, typed('DOUBLE')), args: [column, half] } : aggregate(index % 3 === 0 ? 'listagg' : 'collect', columnOf(all, 's'), typed('STRING')),
  ]);
  const node = tumble(source.scan, all, {
    sizeMs: 1000, keys: [{ name: 'key', expression: columnOf(all, 's') }], aggregates: calls.map((one, index) => ({ name: `a${index}`, call: one })),
  });
  const { wasm } = await compilePlan(planOf([source], [sinkPlan('out', node, node.columns)]), { readFile: readLibrary, compilerVersion: '0' });
  const [largest = Infinity] = bodyBytes(wasm);
  assert.ok(largest <= 4096, `the largest function has ${largest} bytes`);
});

test.run();
