/**
 * JSON tumble, one million payloads of about 90 bytes from 1,000 devices: the compiled module including the copy in, the same
 * by hand in C++ (bench/native/tumble.cpp), and careful JavaScript, in one run. All results are compared before times count.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HEADER, HEADER_MEMORY_END, HEADER_OUTPUT_LENGTH, HEADER_OUTPUT_LIMIT, INPUT, OUTPUT, OUTPUT_BYTES, STATUS_MORE } from '../assembly/abi.ts';
import { catalog } from '../host/cli/catalog.ts';
import { compilePlan } from '../host/compile/index.ts';
import { createBatchBuilder, readBatch, sealEvent } from '../host/runtime/batch.ts';
import { lengthAt, outputOf, resultAt } from '../host/runtime/output.ts';
import { planSql } from '../host/sql/index.ts';
import { BATCH_END } from '../assembly/abi.ts';
import { readLibrary } from '../test/engine.ts';
import { readingPayloads } from './data.ts';
import { median, spread } from './figures.ts';

const ROWS = Number(process.env['MILLRACE_BENCH_ROWS'] ?? 1_000_000);
/** Engines take turns, so that all of them meet the same machine; each turn is a few runs in a row, so that caches are their own. */
const TURNS = 5;
const TURN_RUNS = 3;
const BATCH_ROWS = 2900; // 256 KiB, as the gateway seals under load
const SQL = `CREATE TABLE readings (
  device STRING, ts BIGINT, temperature DOUBLE, humidity DOUBLE, status STRING,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json');
SELECT device, window_start, window_end, COUNT(*) AS n, MIN(temperature) AS low, MAX(temperature) AS high, AVG(temperature) AS mean, SUM(temperature) AS total
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) WHERE status = 'OK' GROUP BY device, window_start, window_end;`;

interface Contender {
  readonly name: string;
  /** Sorted. */
  readonly lines: readonly string[];
  readonly ms: number[];
  /** Runs and times it `count` times. */
  run(count: number): void;
}

function recordsOf(payloads: readonly string[]): Uint8Array[] {
  const builder = createBatchBuilder(4096, 1 << 19);
  const encoder = new TextEncoder();
  const topic = encoder.encode('readings');
  const records: Uint8Array[] = [];
  for (let start = 0; start < payloads.length; start += BATCH_ROWS) {
    for (const payload of payloads.slice(start, start + BATCH_ROWS)) {
      const bytes = encoder.encode(payload);
      builder.add({ bytes, start: 0, end: bytes.length, topic, topicStart: 0, topicEnd: topic.length, packetId: 0, flags: 0, client: '' }, 1_700_000_000_000);
    }
    records.push(builder.seal(0, new Uint8Array(0)).slice());
  }
  return records;
}

async function createModule(records: readonly Uint8Array[], isSimd: boolean): Promise<Contender> {
  const { plan, problems } = planSql(SQL, { fileName: 'tumble.sql', catalog });
  if (plan === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  const { wasm } = await compilePlan(plan, { readFile: readLibrary, isSimd, compilerVersion: 'bench' });
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  const end = sealEvent({ kind: BATCH_END, source: 0, arrival: 0, position: new Uint8Array(0) });
  const ms: number[] = [];
  const lines: string[] = [];
  const stepAll = (isKept: boolean): void => {
    const { memory, init, step, drain } = new WebAssembly.Instance(module, {}).exports as unknown as {
      readonly memory: WebAssembly.Memory; init(): void; step(length: number): number; drain(): number;
    };
    memory.grow(512);
    const bytes = new Uint8Array(memory.buffer);
    const view = new DataView(memory.buffer);
    view.setUint32(HEADER + HEADER_MEMORY_END, bytes.length, true);
    view.setUint32(HEADER + HEADER_OUTPUT_LIMIT, OUTPUT_BYTES, true);
    init();
    const started = performance.now();
    for (let index = 0; index <= records.length; index += 1) {
      const record = records[index] ?? end;
      bytes.set(record, INPUT);
      for (let status = step(record.length); ; status = drain()) {
        if (isKept) lines.push(...linesIn(bytes.slice(OUTPUT, OUTPUT + view.getUint32(HEADER + HEADER_OUTPUT_LENGTH, true))));
        if (status !== STATUS_MORE) break;
      }
    }
    if (!isKept) ms.push(performance.now() - started);
  };
  stepAll(true);
  lines.sort();
  await new Promise((resolve) => { setTimeout(resolve, 1000); }); // the engine finishes its optimising compilation
  return {
    name: isSimd ? 'compiled module, with the copy in' : 'compiled module without SIMD', ms, lines,
    run(count) { for (let run = 0; run < count; run += 1) stepAll(false); },
  };
}

function linesIn(bytes: Uint8Array): string[] {
  const output = outputOf(bytes);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lengthAt(output, at)) lines.push(Buffer.from(resultAt(output, at).value).toString());
  return lines;
}

function createNative(records: readonly Uint8Array[], folder: string): Contender {
  const compiler = process.env['CXX'] ?? 'clang++';
  const program = join(folder, 'tumble');
  execFileSync(compiler, ['-O3', '-std=c++17', '-o', program, 'bench/native/tumble.cpp'], { stdio: 'inherit' });
  const parts = records.flatMap((record) => {
    const { offsets, count, body } = readBatch(record);
    const used = offsets[count] ?? 0;
    return [Buffer.from(Uint32Array.of(count, used).buffer), Buffer.from(offsets.slice().buffer), Buffer.from(body.subarray(0, used))];
  });
  const data = join(folder, 'batches');
  const results = join(folder, 'results');
  writeFileSync(data, Buffer.concat(parts));
  const ms: number[] = [];
  const run = (count: number): void => {
    const text = execFileSync(program, [data, results, String(count)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    ms.push(...text.trim().split('\n').map(Number));
  };
  run(1);
  ms.length = 0;
  const lines = readFileSync(results, 'utf8').trimEnd().split('\n').sort();
  return { name: `C++ by hand, with the copy (${compiler} -O3)`, ms, lines, run };
}

interface Pane { n: number; low: number; high: number; total: number }
interface Reading { readonly device: string; readonly ts: number; readonly temperature: number; readonly status: string }

/** Careful JavaScript: JSON.parse on latin1 slices, one Map a window, plain objects as panes. */
function createJavaScript(records: readonly Uint8Array[]): Contender {
  const batches = records.map((record) => {
    const { offsets, count, body } = readBatch(record);
    return { offsets, count, body: Buffer.from(body.buffer, body.byteOffset, body.length) };
  });
  const ms: number[] = [];
  let lines: string[] = [];
  const once = (): void => {
    const started = performance.now();
    const windows = new Map<number, Map<string, Pane>>();
    lines = [];
    let newest = -Infinity;
    let due = Infinity;
    const fire = (watermark: number): void => {
      for (const start of [...windows.keys()].sort((a, b) => a - b)) {
        if (start + 9999 > watermark) { due = start + 9999; return; }
        const times = `"window_start":"${sqlTime(start)}","window_end":"${sqlTime(start + 10_000)}"`;
        for (const [device, { n, low, high, total }] of windows.get(start) ?? []) {
          lines.push(`{"device":${JSON.stringify(device)},${times},"n":${n},"low":${low},"high":${high},"mean":${total / n},"total":${total}}`);
        }
        windows.delete(start);
      }
      due = Infinity;
    };
    for (const { offsets, count, body } of batches) {
      for (let index = 0; index < count; index += 1) {
        const { device, ts, temperature, status } = JSON.parse(body.toString('latin1', offsets[index], offsets[index + 1])) as Reading;
        if (status === 'OK') {
          const start = ts - ts % 10_000;
          if (start + 9999 > newest - 2000) {
            let panes = windows.get(start);
            if (panes === undefined) { windows.set(start, panes = new Map()); due = Math.min(due, start + 9999); }
            const pane = panes.get(device);
            if (pane === undefined) panes.set(device, { n: 1, low: temperature, high: temperature, total: temperature });
            else {
              pane.n += 1;
              pane.total += temperature;
              if (temperature < pane.low) pane.low = temperature;
              if (temperature > pane.high) pane.high = temperature;
            }
          }
        }
        if (ts > newest) {
          newest = ts;
          if (newest - 2000 >= due) fire(newest - 2000);
        }
      }
    }
    fire(Infinity);
    ms.push(performance.now() - started);
  };
  once();
  ms.length = 0;
  return { name: 'careful JavaScript (JSON.parse, Map a window)', ms, lines: lines.sort(), run: once }; // one run is long enough
}

function sqlTime(ms: number): string { return new Date(ms).toISOString().slice(0, 19).replace('T', ' '); }

function race(title: string, bytes: number, all: readonly Contender[]): void {
  const [own] = all as readonly [Contender, ...Contender[]];
  for (const { name, lines } of all) {
    if (lines.length !== own.lines.length || lines.some((line, index) => line !== own.lines[index])) throw new Error(`${name} answers otherwise than ${own.name}`);
  }
  for (let turn = 0; turn < TURNS; turn += 1) for (const { run } of all) run(TURN_RUNS);
  console.log(`${title}: ${ROWS} payloads, ${(bytes / 1e6).toFixed(1)} MB, ${own.lines.length} results, the same from all; median of ${own.ms.length} (lowest to highest)`);
  for (const { name, ms } of all) {
    const time = median(ms);
    console.log(`  ${name.padEnd(46)} ${spread(ms, 1).padStart(24)} ms, ${(ROWS / time / 1e3).toFixed(1).padStart(5)} M/s, ${(bytes / time / 1e6).toFixed(2)} GB/s; `
      + `the module does ${(time / median(own.ms)).toFixed(2)} x as much, by the lowest ${(Math.min(...ms) / Math.min(...own.ms)).toFixed(2)} x`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
try {
  for (const isShuffled of [false, true]) {
    const payloads = readingPayloads({ rowCount: ROWS, isShuffled });
    const records = recordsOf(payloads);
    const bytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
    race(isShuffled ? 'two orders of keys, one with blanks' : 'keys in declared order, no blanks', bytes, [
      await createModule(records, true), await createModule(records, false), createNative(records, folder), createJavaScript(records),
    ]);
  }
} finally {
  rmSync(folder, { recursive: true });
}
