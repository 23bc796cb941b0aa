/** The compiler's door: a plan in, a module with its manifest out. Knows no files; the library is read through `readFile`. */
import { ABI_VERSION } from '../../assembly/abi.ts';
import { MANIFEST_SECTION, type Manifest, type ManifestColumn } from '../manifest.ts';
import type { Column, Plan } from '../plan/nodes.ts';
import { typeText } from '../plan/type-text.ts';
import { assemble } from './assemble.ts';
import { withSection } from './module-section.ts';
import { jobSource } from './source.ts';

export { jobSource } from './source.ts';

export interface CompileOptions {
  /** Reads one file of the shipped library by its name below the package (`assembly/...`); null when there is none. */
  readonly readFile: (name: string) => string | null;
  /** Default true. */
  readonly isSimd?: boolean;
  /** Default true; see AssembleOptions. */
  readonly isOptimized?: boolean;
  /** Version of Millrace, for the manifest. */
  readonly compilerVersion: string;
}

export interface CompiledJob {
  readonly wasm: Uint8Array;
  /** The generated AssemblyScript. */
  readonly text: string;
  readonly manifest: Manifest;
}

/** Compiles a plan that passed its check. The same plan, library and options give the same bytes. */
export async function compilePlan(plan: Plan, options: CompileOptions): Promise<CompiledJob> {
  const isSimd = options.isSimd ?? true;
  const { text, layout } = jobSource(plan);
  const wasm = await assemble(text, { readFile: options.readFile, isSimd, isOptimized: options.isOptimized ?? true });
  const manifest = manifestOf(plan, layout, isSimd, options.compilerVersion);
  return { wasm: withSection(wasm, MANIFEST_SECTION, manifest), text, manifest };
}

function manifestOf(plan: Plan, layout: string, isSimd: boolean, compiler: string): Manifest {
  return {
    abi: ABI_VERSION, name: plan.name, compiler, layout, isSimd, settings: plan.settings,
    sources: plan.sources.map(({ table, connector, options, columns, payloadMaxBytes, isBounded }) => ({
      table, connector, options, columns: manifestColumns(columns), payloadMaxBytes, isBounded,
    })),
    sinks: plan.sinks.map(({ name, table, connector, options, columns }) => ({
      name, table, connector, options, columns: manifestColumns(columns), format: 'json', changelog: 'append',
    })),
  };
}

function manifestColumns(columns: readonly Column[]): ManifestColumn[] { return columns.map(({ name, type }) => ({ name, type: typeText(type) })); }
