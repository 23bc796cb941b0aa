/** Where this package lies (a checkout or an installed tarball) and which version it is. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** True when the TypeScript sources run as they are, without a build. */
export const isCheckout: boolean = import.meta.url.endsWith('.ts');

/** Folder that holds package.json and assembly/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

/** Reads one file of the shipped AssemblyScript library, by its name below the package (`assembly/...`); null when there is none. */
export function readLibrary(name: string): string | null {
  try {
    return readFileSync(join(packageRoot(), name), 'utf8');
  } catch {
    return null;
  }
}
