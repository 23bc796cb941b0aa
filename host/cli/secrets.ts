/**
 * Resolves `${env:NAME}`, `${env:NAME:-default}` and `${file:path}` in connector options where the job runs: the plan and
 * the module never hold what they stand for, so no secret is compiled in or logged.
 */
import { readFileSync } from 'node:fs';
import { Refusal } from '../runtime/errors.ts';

const REFERENCE = /\$\{(env|file):([^}]*)\}/g;

/** Throws Refusal that names the option and the variable or file, never a value. */
export function resolveOptions(options: Readonly<Record<string, string>>, table: string): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const [option, text] of Object.entries(options)) {
    resolved[option] = text.replace(REFERENCE, (_, kind: string, reference: string) => {
      const value = kind === 'env' ? environment(reference) : fileContents(reference);
      if (value !== undefined) return value;
      const remedy = kind === 'env' ? `set the environment variable ${reference.split(':-')[0]}` : `create the file ${reference}, readable for this user`;
      throw new Refusal(`table ${table}, option '${option}': nothing for \${${kind}:${reference}}`, remedy);
    });
  }
  return resolved;
}

function environment(reference: string): string | undefined {
  const [name, ...fallback] = reference.split(':-');
  return process.env[name as string] ?? (fallback.length > 0 ? fallback.join(':-') : undefined);
}

/** Secrets in files end with a line break more often than not. */
function fileContents(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}
