/** From the name of a job file to a module ready to run: .wasm as it is, .sql through the compiler and its cache. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { CompiledJob as CompiledPlan } from '../compile/index.ts';
import type { Plan } from '../plan/nodes.ts';
import { Refusal } from '../runtime/errors.ts';
import { isCheckout, packageRoot, packageVersion, readLibrary } from './package.ts';

/** Throws Refusal when the file cannot be read. */
export function readJobText(file: string): string {
  return readJobFile(file).toString('utf8');
}

function readJobFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new Refusal(`cannot read ${file}: ${reason}`, 'name a job file: .sql, or .wasm made by millrace build');
  }
}

const toStderr = (text: string): void => { process.stderr.write(`${text}\n`); };

/** Plans SQL text. Throws PlanError with every error at its place; `warn` gets the warnings, as text for people. */
export async function planJob(file: string, text: string, warn: (text: string) => void = toStderr): Promise<Plan> {
  const [{ planSql }, { PlanError, renderProblems }, { catalog }] = await Promise.all([
    import('../sql/index.ts'), import('../plan/problem.ts'), import('./catalog.ts'),
  ]);
  const { plan, problems } = planSql(text, { fileName: file, catalog });
  if (!plan) throw new PlanError(text, file, problems);
  if (problems.length > 0) warn(renderProblems(text, file, problems));
  return plan;
}

/** Compiles a plan. Throws Refusal where the compiler is not installed. */
export async function compileJob(plan: Plan, isSimd: boolean): Promise<CompiledPlan> {
  const { compilePlan } = await import('../compile/index.ts').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Refusal('compiling needs the package assemblyscript', 'npm install assemblyscript, or run a .wasm built elsewhere');
  });
  return compilePlan(plan, { readFile: readLibrary, isSimd, compilerVersion: packageVersion() });
}

/** The module of a .sql or .wasm file. A job compiled before is taken from the cache, keyed by all it depends on. */
export async function loadModule(file: string): Promise<Uint8Array> {
  if (extname(file) === '.wasm') return new Uint8Array(readJobFile(file));
  const text = readJobText(file);
  const cached = join(cacheFolder(), `${cacheKey(file, text)}.wasm`);
  try {
    return new Uint8Array(readFileSync(cached));
  } catch {
    const plan = await planJob(file, text);
    toStderr(`compiling ${file} (once: it is kept in the cache)`);
    const { wasm } = await compileJob(plan, true);
    writeAtomically(cached, wasm);
    return wasm;
  }
}

/** A job's name where it sets none: its file's name without the ending. */
export function jobNameOf(file: string): string {
  return basename(file, extname(file));
}

function cacheFolder(): string {
  return join(process.env['MILLRACE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'millrace'), 'modules');
}

function cacheKey(file: string, text: string): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([packageVersion(), isCheckout ? sourceStamp() : '', jobNameOf(file), text]));
  return hash.digest('hex').slice(0, 32);
}

/** In a checkout the compiler changes without its version: the newest change of any file that decides the output. */
function sourceStamp(): number {
  let newest = 0;
  for (const folder of ['host/sql', 'host/plan', 'host/compile', 'assembly', 'connectors']) {
    const root = join(packageRoot(), folder);
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) newest = Math.max(newest, statSync(join(root, name)).mtimeMs);
  }
  return newest;
}

/** Two runs may compile the same job at once: each renames its own whole file into place. */
function writeAtomically(file: string, bytes: Uint8Array): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, bytes);
    renameSync(temporary, file);
  } catch (error) {
    process.stderr.write(`millrace: the compiled job is not cached: ${(error as Error).message}\n`);
  }
}
