/** Compiled jobs as their users meet them: dead letters, several sinks and sources, limits, bytes that never change. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  COUNTER_LATE, COUNTER_REJECTED, REJECT_EVENT_TIME, REJECT_EXPRESSION, REJECT_MALFORMED, REJECT_OVERSIZE, REJECT_TRAP, REJECT_TYPE, ROW_TRUNCATED,
} from '../../../assembly/abi.ts';
import { compilePlan, jobSource } from '../../../host/compile/index.ts';
import type { Column, Expression, Node, Plan } from '../../../host/plan/nodes.ts';
import { compileTest, readLibrary, startModule } from '../../engine.ts';
import { aggregate, call, columnOf, json, means, planOf, READINGS, sinkPlan, sourcePlan, tumble, typed } from '../../plans.ts';

const LETTERS: readonly Column[] = [
  { name: 'payload', type: typed('BYTES') }, { name: 'topic', type: typed('STRING') }, { name: 'reason', type: typed('STRING') },
  { name: 'detail', type: typed('STRING') }, { name: 'offset', type: typed('BIGINT') }, { name: 'row', type: typed('INT') },
  { name: 'source', type: typed('STRING') }, { name: 'nothing', type: typed('STRING') },
];

/** status and 100 / humidity of each reading, windows of 10 s that fail where the sum of humidity is 7, and dead letters. */
function divided(): Plan {
  const source = sourcePlan(READINGS, 0, { delayMs: 0, deadLetterSink: 2 });
  const columns = source.scan.columns;
  const hundred: Expression = { kind: 'literal', value: 100n, type: typed('INT', false), span: { start: 0, end: 0 } };
  const share = call('divide', typed('INT'), hundred, columnOf(columns, 'humidity'));
  const rows: Node = {
    kind: 'project', input: source.scan, expressions: [columnOf(columns, 'status'), share], columns: [{ name: 'status', type: typed('STRING') }, { name: 'share', type: typed('INT') }],
  };
  const windows = tumble(source.scan, columns, {
    sizeMs: 10_000, keys: [{ name: 'device', expression: columnOf(columns, 'device') }], aggregates: [{ name: 'total', call: aggregate('sum', columnOf(columns, 'humidity'), typed('INT')) }],
  });
  const seven: Expression = { kind: 'literal', value: 7n, type: typed('INT', false), span: { start: 0, end: 0 } };
  const failing = call('divide', typed('INT'), hundred, call('minus', typed('INT'), columnOf(windows.columns, 'total'), seven));
  const shares: Node = {
    kind: 'project', input: windows, expressions: [columnOf(windows.columns, 'device'), failing], columns: [{ name: 'device', type: typed('STRING') }, { name: 'share', type: typed('INT') }],
  };
  return planOf([source], [sinkPlan('rows', rows, rows.columns), sinkPlan('windows', shares, shares.columns), sinkPlan('letters', undefined, LETTERS)]);
}

const row = (humidity: number | null, ts: number | null = 1000, device = 'a'): string => JSON.stringify({ device, ts, temperature: 1, humidity, status: 'OK' });
const dividedJob = await compileTest(divided());

test('a row that cannot be computed goes whole to the dead letters, with its payload, place and reason; the rest goes on', () => {
  const engine = startModule(dividedJob.wasm, { outputLimitBytes: 1 });
  const results = engine.feed([row(4), { payload: row(0), topic: 'cellar' }, '{"device":', row(5, null), row(null), '{"ts":"soon"}']);
  assert.equal(results.filter(({ sink }) => sink === 0).map(({ value }) => value), ['{"status":"OK","share":25}', '{"status":"OK","share":null}']);
  const letters = results.filter(({ sink }) => sink === 2).map(({ value }) => JSON.parse(value) as Record<string, unknown>);
  assert.equal(letters.map(({ row: place, reason, detail, topic, offset, source, nothing }) => [place, reason, detail, topic, offset, source, nothing]), [
    [1, 'expression', 'column share of sink rows', 'cellar', 0, 'readings', null],
    [2, 'malformed', '', 'test', 0, 'readings', null],
    [3, 'event-time', '', 'test', 0, 'readings', null],
    [5, 'type', 'column ts', 'test', 0, 'readings', null],
  ]);
  assert.equal(Buffer.from(String(letters[0]?.['payload']), 'base64').toString(), row(0));
  const counters = engine.engine.counters();
  assert.equal([REJECT_EXPRESSION, REJECT_MALFORMED, REJECT_EVENT_TIME, REJECT_TYPE].map((reason) => counters[COUNTER_REJECTED + reason]), [1, 1, 1, 1]);
});

test('a result that cannot be computed goes to the dead letters, and its window goes on', () => {
  const engine = startModule(dividedJob.wasm);
  engine.feed([row(3, 1000, 'a'), row(4, 2000, 'a'), row(9, 3000, 'b'), row(17, 4000, 'c')]);
  const results = engine.end();
  assert.equal(results.filter(({ sink }) => sink === 1).map(({ value }) => value), ['{"device":"b","share":50}', '{"device":"c","share":10}']);
  const [letter] = results.filter(({ sink }) => sink === 2).map(({ value }) => JSON.parse(value) as Record<string, unknown>);
  assert.equal([letter?.['reason'], letter?.['detail']], ['expression', 'column share of sink windows']);
});

test('rows that a verdict skips and truncated payloads are counted and buried, not parsed', () => {
  const engine = startModule(dividedJob.wasm);
  const results = engine.feed([row(4), row(4), { payload: row(4), flags: ROW_TRUNCATED }], { skip: [1] });
  assert.equal(results.filter(({ sink }) => sink === 0).length, 1);
  assert.equal(results.filter(({ sink }) => sink === 2).map(({ value }) => (JSON.parse(value) as { reason: string }).reason), ['trap', 'oversize']);
  const counters = engine.engine.counters();
  assert.equal([counters[COUNTER_REJECTED + REJECT_TRAP], counters[COUNTER_REJECTED + REJECT_OVERSIZE]], [1, 1]);
});

test('a full state stops before the row that has no room, and what was stepped is as if it ended there', async () => {
  const { wasm } = await compileTest(means({ isFiltered: false }));
  const small = startModule(wasm, { memoryMaxBytes: 0xc00000 + (96 << 10) });
  const payloads = Array.from({ length: 4000 }, (_, index) => row(1, 1000, `device-${index}-${'x'.repeat(index % 40)}`));
  assert.is(small.step(payloads), 'full');
  const stopped = small.engine.row();
  assert.ok(stopped > 100 && stopped < 4000, `stopped at ${stopped}`);
  const exact = startModule(wasm, { memoryMaxBytes: 0xc00000 + (96 << 10) });
  exact.feed(payloads.slice(0, stopped));
  assert.equal(small.snapshot().runs.map(({ bytes }) => Buffer.from(bytes).toString('base64')), exact.snapshot().runs.map(({ bytes }) => Buffer.from(bytes).toString('base64')));
  assert.is(exact.end().length, stopped);
});

test('keys of closed windows are freed: a million of them pass through a small state', async () => {
  const { wasm } = await compileTest(means({ isFiltered: false }));
  const engine = startModule(wasm, { memoryMaxBytes: 0xc00000 + (2 << 20) });
  let results = 0;
  for (let batch = 0; batch < 250; batch += 1) {
    results += engine.feed(Array.from({ length: 400 }, (_, index) => row(1, batch * 10_000 + index, `key-${batch}-${index}-${'long'.repeat(index % 9)}`))).length;
  }
  results += engine.end().length;
  assert.is(results, 100_000);
  assert.is(engine.engine.counters()[COUNTER_LATE], 0);
});

test('several sources keep their own event time, and each batch goes to the one it names', async () => {
  const columns = [json('id', typed('INT')), json('ts', typed('BIGINT'))];
  const sources = [sourcePlan(columns, 0, { delayMs: 0, table: 'left' }), sourcePlan(columns, 1, { delayMs: 0, table: 'right' })];
  const sinks = sources.map((source, index) => {
    const node = tumble(source.scan, source.scan.columns, { sizeMs: 1000, keys: [], aggregates: [{ name: 'n', call: aggregate('count', undefined, typed('BIGINT', false)) }] });
    return sinkPlan(`sink-${index}`, node, node.columns);
  });
  const engine = startModule((await compileTest(planOf(sources, sinks))).wasm);
  const at = (ts: number): string => JSON.stringify({ id: 1, ts });
  assert.equal(engine.feed([at(100), at(200)], { source: 0 }), []);
  assert.equal(engine.feed([at(100), at(5000)], { source: 1 }).map(({ sink, value }) => [sink, (JSON.parse(value) as { n: number }).n]), [[1, 1]]);
  assert.equal(engine.end(0).map(({ sink, value }) => [sink, (JSON.parse(value) as { n: number }).n]), [[0, 2]]);
  assert.equal(engine.end(1).map(({ sink }) => sink), [1]);
});

test('the same plan gives the same bytes, SIMD and scalar builds one layout, and the module imports nothing', async () => {
  const build = (isSimd: boolean): ReturnType<typeof compilePlan> => compilePlan(means(), { readFile: readLibrary, isSimd, compilerVersion: '1.2.3' });
  const [one, two, scalar] = [await build(true), await build(true), await build(false)];
  assert.ok(Buffer.from(one.wasm).equals(Buffer.from(two.wasm)));
  assert.is(scalar.manifest.layout, one.manifest.layout);
  assert.is(scalar.text, one.text);
  const module = new WebAssembly.Module(one.wasm as Uint8Array<ArrayBuffer>);
  assert.equal(WebAssembly.Module.imports(module), []);
  assert.equal(WebAssembly.Module.exports(module).map(({ name }) => name).sort(), ['drain', 'init', 'memory', 'step']);
  const [section] = WebAssembly.Module.customSections(module, 'millrace.job');
  assert.equal(JSON.parse(new TextDecoder().decode(section)), JSON.parse(JSON.stringify(one.manifest)));
});

test('the layout hash changes with the window, the key and the aggregates, not with filters or names of columns', () => {
  const layout = (plan: Plan): string => jobSource(plan).layout;
  assert.is(layout(means()), layout(means({ isFiltered: false })));
  assert.is.not(layout(means()), layout(means({ sizeMs: 20_000 })));
  assert.is.not(layout(means()), layout(means({ offsetMs: 1 })));
});

test('a filter that no row passes leaves the watermark going', async () => {
  const engine = startModule((await compileTest(means())).wasm);
  engine.feed([row(1, 1000)]);
  assert.is(engine.feed([JSON.stringify({ device: 'b', ts: 12_000, status: 'BAD' })]).length, 1);
});

test.run();
