/**
 * Store on LMDB. One native transaction at a time; commits that arrive meanwhile share the next one, so that a failure
 * fails exactly what was queued and the log never gets a hole. Reads copy; nothing is held open across an await.
 */
import { mkdirSync, statfsSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { IoError, type Offset, type Pressure, type Store, type Transaction } from '../ports.ts';

export interface LmdbOptions {
  readonly directory: string;
  /** Records are refused beyond it (as on a full disk); checkpoints and trimming are not. */
  readonly limitBytes?: number | undefined;
  /** A commit that fails with less free space than this met a full disk, not a dying one. */
  readonly reserveBytes?: number | undefined;
}

/** Address space, not size: LMDB extends it. As a product, since shifts are 32 bits wide and 4 << 30 is 0. */
const MAP_BYTES = 4 * 2 ** 30;
const RESERVE_BYTES = 64 * 2 ** 20;
/** Removed when the disk is full, so that a checkpoint and a trim still find pages to copy into. */
const BALLAST_BYTES = 8 * 2 ** 20;
const SPACE_CHECK_MS = 1000;
/** LMDB reports a full disk as EIO, not ENOSPC. */
const EIO = 5;
/** The library takes an object here, which its types do not say. */
const APPEND = { append: true } as unknown as number;
/** In the database `bounds`: an end of the log, as eight bytes; the newest record knows better while there is one. */
const KEY_END = 'end';
const KEYS_END = '\uffff';

interface Queued { readonly transaction: Transaction; resolve(): void; reject(error: unknown): void }

/** Requires: this process holds the lock of the directory. Throws IoError. */
export function openLmdbStore(options: LmdbOptions): Store {
  const { directory, limitBytes, reserveBytes = RESERVE_BYTES } = options;
  const { root, log, kv, bounds } = openDatabases(directory);
  const ballast = createBallast(directory, reserveBytes);
  const listeners: ((pressure: Pressure) => void)[] = [];
  let [first, durableEnd] = logBounds(log, bounds);
  let nextEnd = durableEnd;
  let queue: Queued[] = [];
  let isWriting = false;
  let pressure: Pressure = 'ok';
  let spaceCheckedAt = -Infinity;

  function press(now: Pressure): void {
    if (now === pressure) return;
    pressure = now;
    for (const listener of listeners) listener(now);
  }
  function checkSpace(): void {
    if (performance.now() - spaceCheckedAt < SPACE_CHECK_MS) return;
    spaceCheckedAt = performance.now();
    if (freeBytes(directory) < 2 * reserveBytes) press(pressure === 'full' ? 'full' : 'low-space');
    else if (ballast.restore()) press('ok');
  }
  const liveBytes = (): number => [log, kv].reduce((sum, database) => sum + sizeOf(database), 0);

  /** One native transaction for all of `group`; resolves when its pages and its meta page are on disk. */
  async function writeNative(group: readonly Queued[]): Promise<void> {
    const hasAppends = group.some(({ transaction }) => (transaction.append?.length ?? 0) > 0);
    if (hasAppends && limitBytes !== undefined && liveBytes() >= limitBytes) throw new IoError(`the store holds its ${limitBytes} bytes`, { retry: true });
    let offset = durableEnd;
    let trimBelow = first;
    const writes: Promise<boolean>[] = [];
    const batch = root.batch(() => {
      for (const { transaction } of group) {
        for (const record of transaction.append ?? []) {
          writes.push(log.put(logKey(offset), record as Buffer, APPEND));
          offset += 1;
        }
        for (const [key, value] of transaction.put ?? []) writes.push(kv.put(key, value as Buffer));
        for (const key of transaction.remove ?? []) writes.push(kv.remove(key));
        if ((transaction.trimBelow ?? 0) > trimBelow) writes.push(bounds.put(KEY_END, logKey(offset)));
        for (; trimBelow < Math.min(transaction.trimBelow ?? 0, offset); trimBelow += 1) writes.push(log.remove(logKey(trimBelow)));
      }
    });
    await Promise.all([batch, ...writes]);
    root.resetReadTxn(); // reads after this see what was committed
    durableEnd = offset;
    first = trimBelow;
  }
  async function writeQueue(): Promise<void> {
    isWriting = true;
    while (queue.length > 0) {
      const group = queue;
      queue = [];
      try {
        await writeNative(group);
        checkSpace();
        for (const { resolve } of group) resolve();
      } catch (error) {
        const failed = [...group, ...queue]; // first in, first out: what stood behind it fails too
        queue = [];
        nextEnd = durableEnd;
        const reason = await commitFailure(error, directory, reserveBytes);
        if (reason.retry) {
          ballast.release();
          press('full');
        }
        failed.push(...queue);
        queue = [];
        nextEnd = durableEnd;
        for (const { reject } of failed) reject(reason);
      }
    }
    isWriting = false;
  }
  return {
    durability: 'disk',
    commit(transaction) {
      return new Promise((resolve, reject) => {
        queue.push({ transaction, resolve, reject });
        nextEnd += transaction.append?.length ?? 0;
        if (!isWriting) void writeQueue();
      });
    },
    end: () => nextEnd,
    bounds: () => ({ first, end: durableEnd, sizeBytes: sizeOf(log) }),
    readInto(offset, target) {
      if (offset < first || offset >= durableEnd) return -1;
      const shared = log.getBinaryFast(logKey(offset)) as Buffer | undefined;
      if (!shared) return -1;
      const length = (log as Database & { lastSize: number }).lastSize; // the buffer is reused and longer than the value
      if (length <= target.length) target.set(new Uint8Array(shared.buffer, shared.byteOffset, length));
      return length;
    },
    get: (key) => kv.getBinary(key),
    keys: (prefix) => [...kv.getKeys({ start: prefix, end: prefix + KEYS_END })] as string[],
    usage: () => ({ liveBytes: liveBytes(), fileBytes: statSync(join(directory, 'data.mdb')).size, limitBytes }),
    onPressure(listener) { listeners.push(listener); },
    async close() {
      while (isWriting) await new Promise((resolve) => { setTimeout(resolve, 1); });
      await root.close();
    },
  };
}

function openDatabases(directory: string): { root: RootDatabase; log: Database; kv: Database<Buffer, string>; bounds: Database<Buffer, string> } {
  try {
    mkdirSync(directory, { recursive: true });
    const root = open({
      path: directory, noSubdir: false, mapSize: MAP_BYTES, overlappingSync: false, eventTurnBatching: false, encoding: 'binary', maxDbs: 4,
    });
    return {
      root,
      log: root.openDB({ name: 'log', encoding: 'binary', keyEncoding: 'binary' }),
      bounds: root.openDB<Buffer, string>({ name: 'bounds', encoding: 'binary' }),
      kv: root.openDB<Buffer, string>({ name: 'kv', encoding: 'binary' }),
    };
  } catch (error) {
    throw new IoError(`cannot open the store in ${directory}: ${(error as Error).message}`, {
      retry: false, remedy: 'check that the data directory is writable and was made by Millrace', cause: error,
    });
  }
}

/** Eight bytes, big endian, so that keys sort by offset; 32 bits would overflow within months. */
function logKey(offset: Offset): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(Math.floor(offset / 2 ** 32), 0);
  key.writeUInt32BE(offset % 2 ** 32, 4);
  return key;
}

/** First offset and the one behind the last. A log that was trimmed to nothing goes on where it was: `bounds` remembers. */
function logBounds(log: Database, bounds: Database<Buffer, string>): [first: Offset, end: Offset] {
  const offsetOf = (key: unknown): Offset => Number((key as Buffer).readBigUInt64BE(0));
  const [oldest] = log.getKeys({ limit: 1 });
  const [newest] = log.getKeys({ limit: 1, reverse: true });
  const known = bounds.getBinary(KEY_END);
  const end = Math.max(known ? offsetOf(known) : 0, newest === undefined ? 0 : offsetOf(newest) + 1);
  return [oldest === undefined ? end : offsetOf(oldest), end];
}

function sizeOf(database: Database | Database<Buffer, string>): number {
  const stats = database.getStats() as { pageSize: number; treeBranchPageCount: number; treeLeafPageCount: number; overflowPages: number };
  return stats.pageSize * (stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages);
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** Tells a full disk (the same call may succeed later) from a dying one. */
async function commitFailure(error: unknown, directory: string, reserveBytes: number): Promise<IoError> {
  if (error instanceof IoError) return error;
  const { commitError } = error as { commitError?: Promise<unknown> };
  const cause = await commitError?.catch((reason: unknown) => reason) as { code?: number | string; message?: string } | undefined;
  const isFull = cause?.code === 'ENOSPC' || ((cause?.code === EIO || cause?.code === 'EIO') && freeBytes(directory) < reserveBytes);
  if (isFull) return new IoError('the disk is full', { retry: true, cause: error });
  return new IoError(`the disk does not take what is written to ${directory}: ${cause?.message ?? (error as Error).message}`, {
    retry: false, remedy: 'check the disk; what was acknowledged before is in the data directory', cause: error,
  });
}

interface Ballast { release(): void; /** @returns whether it lies there again */ restore(): boolean }

function createBallast(directory: string, reserveBytes: number): Ballast {
  const path = join(directory, 'ballast');
  let isThere = false;
  const ballast: Ballast = {
    release() {
      try { unlinkSync(path); } catch { /* it was never laid */ }
      isThere = false;
    },
    restore() {
      if (isThere) return true;
      if (freeBytes(directory) < 2 * reserveBytes + BALLAST_BYTES) return false;
      writeFileSync(path, new Uint8Array(Math.min(BALLAST_BYTES, reserveBytes)).fill(1));
      isThere = true;
      return true;
    },
  };
  ballast.restore();
  return ballast;
}
