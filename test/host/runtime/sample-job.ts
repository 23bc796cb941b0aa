/**
 * A small module that keeps the contract of assembly/abi.ts, for tests of the runtime. Every payload is a word:
 *   a number: adds it to the sum and to a table of 64 pages; every third number makes a result `count:sum` for sink 0,
 *             and every number a change (-U, +U) of its table cell for sink 1
 *   `trap`: traps, unless a verdict skips the row · `full`: answers FULL · `burst N`: makes N results for sink 0
 *   `wake N`: asks for a tick N ms after its arrival; the tick makes the result `tick`
 * The end of a source makes the result `end`. With an output limit the same bytes come out in more pieces.
 */
import asc from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import * as abi from '../../../assembly/abi.ts';
import type { Manifest, ManifestSink, ManifestSource } from '../../../host/manifest.ts';
import { MANIFEST_SECTION } from '../../../host/manifest.ts';

const SOURCE = String.raw`
import * as abi from "./assembly/abi";
// registers in STATE, all u64: count, sum, row, stage, burst left
const COUNT: usize = abi.OPERATORS;
const SUM: usize = abi.OPERATORS + 8;
const ROW: usize = abi.OPERATORS + 16;
const STAGE: usize = abi.OPERATORS + 24;
const LEFT: usize = abi.OPERATORS + 32;
const FACTOR: u64 = /*FACTOR*/1;
const TABLE: usize = abi.OPERATORS + 4096;
const TABLE_PAGES: u32 = 64;
const WORD: usize = abi.SCRATCH;

function mark(address: usize): void { store<u8>(abi.DIRTY + ((address - abi.STATE) >> 12), 1); }
function put(address: usize, value: u64): void { mark(address); store<u64>(address, value); }
function field(index: usize): usize {
  const table = abi.INPUT + load<u32>(abi.INPUT);
  const vtable = table - load<i32>(table);
  if (index >= <usize>load<u16>(vtable)) return 0;
  const at = load<u16>(vtable + index);
  return at == 0 ? 0 : table + at;
}
function vector(index: usize): usize {
  const at = field(index);
  return at == 0 ? 0 : at + load<u32>(at) + 4;
}
function digits(target: usize, value: u64): usize {
  let size: usize = 1;
  for (let rest = value / 10; rest > 0; rest /= 10) size++;
  for (let at = size; at > 0; at--) { store<u8>(target + at - 1, <u8>(48 + value % 10)); value /= 10; }
  return size;
}
/** Lays WORD[0, length) as a result; false: no room, nothing was laid. */
function emit(sink: i32, rowKind: i32, isEnd: u32, length: usize, arrival: f64): bool {
  const used = load<u32>(abi.HEADER + abi.HEADER_OUTPUT_LENGTH);
  const size: u32 = <u32>((abi.OUT_BYTES + length + 7) & ~7);
  if (used > 0 && used + size > load<u32>(abi.HEADER + abi.HEADER_OUTPUT_LIMIT)) return false;
  const at: usize = abi.OUTPUT + used;
  const register: usize = abi.SINKS + sink * abi.SINK_BYTES;
  const sequence = load<u64>(register) + 1;
  let digest = load<u64>(register + 8);
  for (let i: usize = 0; i < length; i++) digest = (digest ^ load<u8>(WORD + i)) * 0x100000001b3 + 1;
  put(register, sequence);
  put(register + 8, digest);
  store<u32>(at + abi.OUT_LENGTH, size);
  store<u8>(at + abi.OUT_KIND, 0);
  store<u8>(at + abi.OUT_ROW_KIND, <u8>rowKind);
  store<u16>(at + abi.OUT_SINK, <u16>sink);
  store<f64>(at + abi.OUT_SEQUENCE, <f64>sequence);
  store<f64>(at + abi.OUT_ARRIVAL, arrival);
  store<u64>(at + abi.OUT_DIGEST, digest);
  store<u32>(at + abi.OUT_KEY_LENGTH, abi.OUT_NO_KEY);
  store<u32>(at + abi.OUT_VALUE_LENGTH, <u32>length);
  store<u32>(at + abi.OUT_CHANGE_END, isEnd);
  memory.fill(at + abi.OUT_BYTES, 0, size - abi.OUT_BYTES);
  memory.copy(at + abi.OUT_BYTES, WORD, length);
  store<u32>(abi.HEADER + abi.HEADER_OUTPUT_LENGTH, used + size);
  put(abi.COUNTERS + abi.COUNTER_RESULTS * 8, load<u64>(abi.COUNTERS + abi.COUNTER_RESULTS * 8) + 1);
  return true;
}
function word(text: u64, size: usize): usize { store<u64>(WORD, text); return size; }
function pair(a: u64, b: u64): usize {
  const length = digits(WORD, a);
  store<u8>(WORD + length, 58);
  return length + 1 + digits(WORD + length + 1, b);
}
function isSkipped(row: u32): bool {
  const count = load<u32>(abi.HEADER + abi.HEADER_SKIP);
  for (let i: u32 = 0; i < count; i++) if (load<u32>(abi.HEADER + abi.HEADER_SKIP + 4 + i * 4) == row) return true;
  return false;
}
function arrivalOf(row: u32): f64 {
  const base = field(abi.FIELD_ARRIVAL);
  const deltas = vector(abi.FIELD_ARRIVALS);
  return (base == 0 ? 0 : load<f64>(base)) + (deltas == 0 ? 0 : <f64>load<u32>(deltas + row * 4));
}
function numberAt(at: usize, end: usize): u64 {
  let value: u64 = 0;
  for (; at < end; at++) value = value * 10 + load<u8>(at) - 48;
  return value;
}
/** One row from STAGE on; DONE, MORE or FULL. */
function rowStep(row: u32): i32 {
  const offsets = vector(abi.FIELD_OFFSETS);
  const body = vector(abi.FIELD_BODY);
  const at = body + load<u32>(offsets + row * 4);
  const end = body + load<u32>(offsets + row * 4 + 4);
  const arrival = arrivalOf(row);
  const letter = load<u8>(at);
  if (letter == 116) { if (isSkipped(row)) return abi.STATUS_DONE; unreachable(); }
  if (letter == 102) return abi.STATUS_FULL;
  if (letter == 119) { store<f64>(abi.HEADER + abi.HEADER_TICK_AT, arrival + <f64>numberAt(at + 5, end)); return abi.STATUS_DONE; }
  if (letter == 98) {
    if (load<u64>(STAGE) == 0) { put(LEFT, numberAt(at + 6, end)); put(STAGE, 1); }
    while (load<u64>(LEFT) > 0) {
      if (!emit(0, 0, 1, pair(0, load<u64>(LEFT)), arrival)) return abi.STATUS_MORE;
      put(LEFT, load<u64>(LEFT) - 1);
    }
    return abi.STATUS_DONE;
  }
  const value = numberAt(at, end) * FACTOR;
  const cell: usize = TABLE + <usize>((value % TABLE_PAGES) * 4096);
  if (load<u64>(STAGE) == 0) {
    put(COUNT, load<u64>(COUNT) + 1);
    put(SUM, load<u64>(SUM) + value);
    put(abi.COUNTERS + abi.COUNTER_ROWS * 8, load<u64>(abi.COUNTERS + abi.COUNTER_ROWS * 8) + 1);
    put(STAGE, 1);
  }
  if (load<u64>(STAGE) == 1) {
    if (!emit(1, 1, 0, pair(value % TABLE_PAGES, load<u64>(cell)), arrival)) return abi.STATUS_MORE;
    put(cell, load<u64>(cell) + 1);
    put(STAGE, 2);
  }
  if (load<u64>(STAGE) == 2) {
    if (!emit(1, 2, 1, pair(value % TABLE_PAGES, load<u64>(cell)), arrival)) return abi.STATUS_MORE;
    put(STAGE, 3);
  }
  if (load<u64>(COUNT) % 3 == 0 && !emit(0, 0, 1, pair(load<u64>(COUNT), load<u64>(SUM)), arrival)) return abi.STATUS_MORE;
  return abi.STATUS_DONE;
}
function run(): i32 {
  const kindAt = field(abi.FIELD_KIND);
  const kind: i32 = kindAt == 0 ? 0 : load<u8>(kindAt);
  if (kind == abi.BATCH_TICK || kind == abi.BATCH_END) {
    const isTick = kind == abi.BATCH_TICK;
    const length = isTick ? word(0x6b636974, 4) : word(0x646e65, 3);
    if (!emit(0, 0, 1, length, arrivalOf(0))) return abi.STATUS_MORE;
    if (isTick) store<f64>(abi.HEADER + abi.HEADER_TICK_AT, Infinity);
    return abi.STATUS_DONE;
  }
  const offsets = vector(abi.FIELD_OFFSETS);
  const count = load<u32>(offsets - 4) - 1;
  for (let row = <u32>load<u64>(ROW); row < count; row++) {
    put(ROW, row);
    store<u32>(abi.HEADER + abi.HEADER_ROW, row);
    const status = rowStep(row);
    if (status != abi.STATUS_DONE) return status;
    put(STAGE, 0);
  }
  put(ROW, 0);
  return abi.STATUS_DONE;
}
export function init(): void {
  store<u32>(abi.HEADER + abi.HEADER_ABI, abi.ABI_VERSION);
  store<u32>(abi.HEADER + abi.HEADER_STATE_LENGTH, <u32>(TABLE + TABLE_PAGES * 4096 - abi.STATE));
}
export function step(length: u32): i32 { return run(); }
export function drain(): i32 { return run(); }
`;

/** Compiles the sample once. `factor` multiplies every number: another code with the same layout. */
export async function compileSample(factor = 1): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    'sample.ts', '--outFile', 'sample.wasm', '--runtime', 'stub', '--use', 'abort=', '-O2', '--noAssert', '--memoryBase', String(abi.CONSTANTS),
    '--initialMemory', String(abi.STATE / 65536 + 8), '--maximumMemory', '65536', '--config', 'none',
  ], {
    readFile: (name) => {
      if (name === 'sample.ts') return SOURCE.replace('/*FACTOR*/1', String(factor));
      try { return readFileSync(name, 'utf8'); } catch { return null; }
    },
    writeFile: (name, contents) => { if (name.endsWith('.wasm')) wasm = contents as Uint8Array; },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`the sample job does not compile:\n${stderr.toString()}`);
  return wasm;
}

export interface SampleShape { readonly sources?: number; readonly isBounded?: boolean; readonly connector?: string; readonly layout?: string; readonly name?: string }

/** The compiled sample with a manifest: sources `in-0`..., sinks `sums` and `cells`. */
export function withManifest(wasm: Uint8Array, shape: SampleShape = {}): Uint8Array {
  const connector = shape.connector ?? 'sim';
  const source = (index: number): ManifestSource => ({
    table: `in-${index}`, connector, options: { path: `in-${index}` }, columns: [], payloadMaxBytes: 65536, isBounded: shape.isBounded ?? true,
  });
  const sink = (name: string): ManifestSink => ({ name, table: name, connector, options: {}, columns: [], format: 'json', changelog: 'all' });
  const manifest: Manifest = {
    abi: abi.ABI_VERSION, name: shape.name ?? 'sample', compiler: 'test', layout: shape.layout ?? 'sample-layout', isSimd: false,
    sources: Array.from({ length: shape.sources ?? 1 }, (_, index) => source(index)), sinks: [sink('sums'), sink('cells')], settings: {},
  };
  return withSection(wasm, MANIFEST_SECTION, new TextEncoder().encode(JSON.stringify(manifest)));
}

function withSection(wasm: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const label = new TextEncoder().encode(name);
  const body = Uint8Array.from([...leb(label.length), ...label, ...content]);
  return Uint8Array.from([...wasm, 0, ...leb(body.length), ...body]);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
