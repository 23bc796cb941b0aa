/**
 * A gateway's id, in a file beside its store: a store that was lost or replaced by an empty one comes back under the same
 * id, so that the sinks recognise it as another store of this gateway, instead of taking it for a new gateway.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param mint makes the id of a new data directory. @returns undefined for a directory whose store knows its id and that has no such file */
export function gatewayId(dataFolder: string, mint: () => string): string | undefined {
  const path = join(dataFolder, 'gateway');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  if (existsSync(join(dataFolder, 'store', 'data.mdb'))) return undefined;
  const id = mint();
  writeFileSync(`${path}.new`, `${id}\n`, { flush: true });
  renameSync(`${path}.new`, path); // whole or not at all
  return id;
}
