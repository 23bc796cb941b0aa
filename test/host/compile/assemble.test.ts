/** The assembler in memory: what it refuses and where it looks for the library. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../../../host/compile/assemble.ts';
import { assertPure, withSection } from '../../../host/compile/module-section.ts';
import { readLibrary } from '../../engine.ts';

const options = { readFile: readLibrary, isSimd: true, isOptimized: false };

async function failureOf(run: Promise<unknown>): Promise<string> {
  return run.then(() => 'nothing failed', (error: unknown) => (error instanceof Error ? error.message : String(error)));
}

test('a text that imports the library by its public name compiles, and reads nothing else', async () => {
  const read: string[] = [];
  const readFile = (name: string): string | null => { read.push(name); return readLibrary(name); };
  const wasm = await assemble('import { windowStart } from "millrace/assembly/window/bounds";\nexport function f(t: i64): i64 { return windowStart(t, 10, 3); }', { ...options, readFile });
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>)).exports as unknown as { f(time: bigint): bigint };
  assert.equal([f(13n), f(12n), f(-7n), f(-8n)], [13n, 3n, -7n, -17n]);
  assert.ok(read.includes('assembly/window/bounds.ts'));
  assert.equal(read.filter((name) => !name.startsWith('assembly/') && readLibrary(name) !== null), []);
});

test('a module with a global that outlives a call is refused', async () => {
  assert.match(await failureOf(assemble('let calls: i32 = 0;\nexport function f(): i32 { return ++calls; }', options)), /no mutable globals/);
});

test('a module that imports from the host is refused', async () => {
  const text = '@external("env", "now") declare function now(): f64;\nexport function f(): f64 { return now(); }';
  assert.match(await failureOf(assemble(text, options)), /imports nothing/);
});

test('a text that does not compile is shown with the place', async () => {
  assert.match(await failureOf(assemble('export function f(): i32 { return missing; }', options)), /missing/);
});

test('globals of every type are looked at, and a long section is found again', () => {
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const globals = [0x7e, 0, 0x42, 0xff, 0x7f, 0x0b, 0x7c, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b, 0x7d, 0, 0x43, 0, 0, 0, 0, 0x0b];
  const module = (isMutable: number): Uint8Array => Uint8Array.from([...head, 6, 5 + globals.length + 1, 4, ...globals, 0x7f, isMutable, 0x41, 1, 0x0b]);
  assertPure(module(0));
  assert.throws(() => assertPure(module(1)), /mutable/);
  const long = { text: 'x'.repeat(100_000) };
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(withSection(module(0), 'some', long) as Uint8Array<ArrayBuffer>), 'some');
  assert.equal(JSON.parse(new TextDecoder().decode(section)), long);
});

test.run();
