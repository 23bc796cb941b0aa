/** Text of assembly/job.ts -> bytes of a module, by AssemblyScript's compiler, in memory: no file is read or written here. */
import asc from 'assemblyscript/asc';
import { CONSTANTS, STATE } from '../../assembly/abi.ts';
import { assertPure } from './module-section.ts';

export interface AssembleOptions {
  /** Reads one file of the shipped library by its name below the package (`assembly/...`); null when there is none. */
  readonly readFile: (name: string) => string | null;
  /** False: a build for hosts without SIMD, with the same answers and the same state. */
  readonly isSimd: boolean;
  /** Default true. False compiles several times faster, for tests: the same answers, slower. */
  readonly isOptimized?: boolean;
}

const ENTRY = 'assembly/job.ts';
/** How the compiler asks for `millrace/assembly/...`: as a package below its library or below node_modules. */
const LIBRARY = /^(?:~lib\/|.*node_modules\/)?millrace\/assembly\//;
/** The least memory a module can start in: everything below the state, and a few pages of it. The host grows it. */
const INITIAL_PAGES = STATE / 65536 + 4;

/** Compiles the text. The same text and library give the same bytes. Throws when the text does not compile, which is an error of Millrace. */
export async function assemble(jobText: string, options: AssembleOptions): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    ENTRY, '--outFile', 'job.wasm', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--config', 'none',
    '--memoryBase', String(CONSTANTS), '--initialMemory', String(INITIAL_PAGES), '--maximumMemory', '65536',
    ...(options.isOptimized === false ? ['-O1'] : ['-O3']), ...(options.isSimd ? ['--enable', 'simd'] : []),
  ], {
    readFile: (name) => (name === ENTRY ? jobText : options.readFile(name.replace(LIBRARY, 'assembly/'))),
    writeFile: (name, contents) => { if (name.endsWith('.wasm') && typeof contents !== 'string') wasm = contents; },
    listFiles: () => [],
  });
  if (error || wasm === undefined) throw new Error(`the generated module does not compile:\n${stderr.toString()}`);
  assertPure(wasm);
  return wasm;
}
