/** The Node platform: a locked data directory with LMDB in it, the system clock, native randomness and CRC. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import type { Clock, Platform } from '../ports.ts';
import { Refusal } from '../runtime/errors.ts';
import { gatewayId } from './gateway-id.ts';
import { lockDirectory } from './lock.ts';
import { type LmdbOptions, openLmdbStore } from './store-lmdb.ts';

export interface NodeOptions extends Omit<LmdbOptions, 'directory'> { readonly dataFolder: string }

/** Longest delay of a timer: 2^31 - 1 ms; longer ones fire at once. */
const DELAY_MAX_MS = 0x7fffffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wake(delayMs, call) {
    if (delayMs <= 0) {
      const immediate = setImmediate(call);
      return () => { clearImmediate(immediate); };
    }
    const timer = setTimeout(call, Math.min(delayMs, DELAY_MAX_MS));
    return () => { clearTimeout(timer); };
  },
};

/**
 * Locks and opens a data directory; closing the store lets it go again.
 * Throws Refusal when another process holds it, IoError when it cannot be opened.
 */
export async function openNode({ dataFolder, ...options }: NodeOptions): Promise<Platform> {
  const { crc32 } = zlib as { crc32?: (bytes: Uint8Array) => number };
  if (!crc32) throw new Refusal(`node ${process.version} has no zlib.crc32`, 'use node 20.15 or newer');
  const unlock = lockDirectory(dataFolder);
  const randomId = (): string => randomBytes(16).toString('hex');
  try {
    const gateway = gatewayId(dataFolder, randomId);
    const store = openLmdbStore({ ...options, directory: join(dataFolder, 'store') });
    return {
      store: { ...store, close: () => store.close().finally(unlock) },
      clock: systemClock, machineId: machineId(), gateway, randomId,
      crc32: (bytes) => crc32(bytes),
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** systemd's id of this installation; '' on systems without one, where clones are not noticed. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}
