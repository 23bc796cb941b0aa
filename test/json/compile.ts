/** Compiles generated parsers and serialisers for the tests: SQL-like columns in, a callable module out. */
import asc from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { CONSTANTS, INPUT, SCRATCH, STATE } from '../../assembly/abi.ts';
import { rowLayout, type RowLayout } from '../../host/compile/layout.ts';
import { parseSource, shapeCache } from '../../host/compile/parse.ts';
import { serializeSource, type GeneratedSource } from '../../host/compile/serialize.ts';
import type { ScanColumn } from '../../host/plan/nodes.ts';
import type { SqlType } from '../../host/plan/types.ts';

const FIELD_TYPES = { bool: 'u8', i32: 'i32', i64: 'i64', f32: 'f32', f64: 'f64', text: 'u64', wide: 'u64' } as const;
const ROW = SCRATCH + 256 + 16384;
const PAYLOAD = INPUT;

/** The text of a row's class, as host/compile/source.ts writes it. */
export function classText(layout: RowLayout): string {
  const lines = [...layout.fields].sort((a, b) => a.offset - b.offset).flatMap(({ name, cell }) => (
    cell === 'wide' ? [`${name}: u64;`, `${name}_high: u64;`] : [`${name}: ${FIELD_TYPES[cell]};`]));
  const pad = layout.nullsType === 'u32' ? ['nulls_pad: u32;'] : [];
  return `@final @unmanaged class ${layout.className} {\n${[`nulls: ${layout.nullsType};`, ...pad, ...lines].map((line) => `  ${line}\n`).join('')}}\n`;
}

/** Generated sources as one module's text, with their imports merged. */
export function moduleText(sources: readonly GeneratedSource[], rest: string): string {
  const byModule = new Map<string, Set<string>>();
  for (const { names, from } of sources.flatMap(({ imports }) => imports)) {
    const known = byModule.get(from) ?? new Set<string>();
    names.forEach((name) => known.add(name));
    byModule.set(from, known);
  }
  const imports = [...byModule].map(([from, names]) => `import { ${[...names].join(', ')} } from "${from}";`).join('\n');
  return `${imports}\n${rest}\n${sources.map(({ text }) => text).join('\n')}`;
}

/** Compiles AssemblyScript text that imports "millrace/assembly/...". @returns the module's bytes */
export async function compileText(text: string, options: { readonly isSimd: boolean; readonly isOptimized?: boolean }): Promise<Uint8Array<ArrayBuffer>> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    'assembly/generated.ts', '--outFile', 'out.wasm', '--runtime', 'stub', '--use', 'abort=', '--noAssert',
    '--memoryBase', String(CONSTANTS), '--initialMemory', String(STATE / 65536 + 16), '--config', 'none',
    ...(options.isSimd ? ['--enable', 'simd'] : []), ...(options.isOptimized === true ? ['-O3', '--converge'] : ['-O1']),
  ], {
    readFile: (name) => (name === 'assembly/generated.ts' ? text : readOrNull(name.replace(/^(?:~lib\/|.*node_modules\/)?millrace\/assembly\//, 'assembly/'))),
    writeFile: (name, contents) => { if (name.endsWith('.wasm')) wasm = contents as Uint8Array; },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`does not compile:\n${stderr.toString()}\n${text}`);
  return wasm as Uint8Array<ArrayBuffer>;
}

function readOrNull(name: string): string | null {
  try { return readFileSync(name, 'utf8'); } catch { return null; }
}

/** Parses and serialises one table's rows. */
export interface JsonModule {
  readonly layout: RowLayout;
  readonly wasm: Uint8Array;
  readonly text: string;
  /** Parses one payload; 0 or a REJECT_* reason. What lies behind it in memory is filled with `filler`. */
  parse(payload: Uint8Array, filler?: number): number;
  /** Parses `bytes` from `start` to `end`, with all of them in memory. */
  parseRange(bytes: Uint8Array, start: number, end: number): number;
  /** Column at fault of the last parse. */
  column(): number;
  /** The row parsed last as JSON text. */
  write(): string;
  /** Room that the row parsed last asks for before it is written. */
  bound(): number;
  readonly memory: WebAssembly.Memory;
  readonly instance: WebAssembly.Instance;
}

export interface JsonOptions {
  readonly columns: readonly ScanColumn[];
  readonly isSimd?: boolean;
  readonly isIso?: boolean;
  /** As jobs are built; takes seconds. */
  readonly isOptimized?: boolean;
  readonly fields?: readonly (readonly string[])[];
  readonly extra?: string;
}

/** A payload column at `path`. */
export function jsonColumn(path: string | readonly string[], type: SqlType): ScanColumn {
  const steps = typeof path === 'string' ? [path] : path;
  return { name: steps.join('.'), type, source: { kind: 'json', path: steps } };
}

export async function compileJson(options: JsonOptions): Promise<JsonModule> {
  const layout = rowLayout('Reading', options.columns);
  const timestampFormat = options.isIso === true ? 'ISO-8601' : 'SQL';
  const sources = [
    parseSource({
      name: 'parseReading', columns: options.columns, layout, timestampFormat, cache: shapeCache(0, 1),
      ...(options.fields === undefined ? {} : { fields: options.fields }),
    }),
    serializeSource({ name: 'writeReading', layout, timestampFormat }),
  ];
  const text = moduleText(sources, `import { reset } from "millrace/assembly/text/arena";
import { rejectColumn } from "millrace/assembly/ingest/reject";
${classText(layout)}
export function parse(payload: usize, end: usize): i32 { reset(); return parseReading(payload, end, changetype<Reading>(${ROW})); }
export function column(): i32 { return rejectColumn(); }
export function write(out: usize): usize { return writeReading(changetype<Reading>(${ROW}), out); }
export function bound(): u32 { return writeReadingBound(changetype<Reading>(${ROW})); }
${options.extra ?? ''}`);
  const wasm = await compileText(text, { isSimd: options.isSimd ?? true, isOptimized: options.isOptimized ?? false });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm));
  const memory = instance.exports['memory'] as WebAssembly.Memory;
  const bytes = new Uint8Array(memory.buffer);
  const run = instance.exports as Record<string, (...args: number[]) => number>;
  const call = (name: string, ...args: number[]): number => {
    const target = run[name];
    if (target === undefined) throw new Error(`no export ${name}`);
    return target(...args);
  };
  return {
    layout, wasm, text, memory, instance,
    parse: (payload, filler = 0) => {
      bytes.set(payload, PAYLOAD);
      bytes.fill(filler, PAYLOAD + payload.length, PAYLOAD + payload.length + 64);
      return call('parse', PAYLOAD, PAYLOAD + payload.length);
    },
    parseRange: (payloads, start, end) => {
      bytes.set(payloads, PAYLOAD);
      bytes.fill(0, PAYLOAD + payloads.length, PAYLOAD + payloads.length + 16);
      return call('parse', PAYLOAD + start, PAYLOAD + end);
    },
    column: () => call('column'),
    bound: () => call('bound'),
    write: () => {
      const out = 0x600000;
      const end = call('write', out);
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(out, end));
    },
  };
}
