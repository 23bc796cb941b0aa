/**
 * AssemblyScript unit tests: every exported function of test/assembly/**\/*.ts is one test; it fails by trapping.
 * One compile a file and build (SIMD and scalar), a fresh instance a test. Arguments filter files by substring.
 */
import { suite } from 'uvu';
import asc from 'assemblyscript/asc';
import { readdirSync, readFileSync } from 'node:fs';
import { CONSTANTS, STATE } from '../assembly/abi.ts';

const MEMORY_PAGES = STATE / 65536 + 256; // 16 MiB of state is plenty for unit tests
const filters = process.argv.slice(2);
const files = readdirSync('test/assembly', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && filters.every((filter) => file.includes(filter)))
  .sort();

async function compile(file: string, isSimd: boolean): Promise<WebAssembly.Module> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    `test/assembly/${file}`, '--outFile', 'test.wasm', '--runtime', 'stub', '-O1', '--memoryBase', String(CONSTANTS),
    '--initialMemory', String(MEMORY_PAGES), '--maximumMemory', '65536', '--config', 'none', ...(isSimd ? ['--enable', 'simd'] : []),
  ], {
    readFile: (name) => readOrNull(name.replace(/^(?:~lib\/|.*node_modules\/)?millrace\/assembly\//, 'assembly/')),
    writeFile: (name, contents) => { if (name.endsWith('.wasm')) wasm = contents as Uint8Array; },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`test/assembly/${file} does not compile:\n${stderr.toString()}`);
  return new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
}

function readOrNull(name: string): string | null {
  try { return readFileSync(name, 'utf8'); } catch { return null; }
}

/** Reads an AssemblyScript string: its length in bytes stands in the four bytes before it. */
function textAt(memory: WebAssembly.Memory, address: number): string {
  if (address === 0) return '';
  const units = new DataView(memory.buffer).getUint32(address - 4, true) >>> 1;
  return String.fromCharCode(...new Uint16Array(memory.buffer, address, units));
}

for (const file of files) {
  for (const isSimd of [true, false]) {
    const module = await compile(file, isSimd);
    const test = suite(`${file} ${isSimd ? 'simd' : 'scalar'}`);
    for (const { name, kind } of WebAssembly.Module.exports(module)) {
      if (kind !== 'function') continue;
      test(name.replaceAll('_', ' '), () => {
        const abort = (reason: number, source: number, line: number, column: number): void => {
          throw new Error(`${textAt(memory, reason)} at ${textAt(memory, source)}:${line}:${column}`);
        };
        const instance = new WebAssembly.Instance(module, { env: { abort } });
        const memory = instance.exports['memory'] as WebAssembly.Memory;
        (instance.exports[name] as () => void)();
      });
    }
    test.run();
  }
}
