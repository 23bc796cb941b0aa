/** The LMDB store keeps the contract of every store, and what it acknowledged survives kill -9 and a full disk. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLmdbStore } from '../../../host/platform/store-lmdb.ts';
import type { IoError } from '../../../host/ports.ts';
import { storeContract } from '../../store/contract.ts';
import { serialOf, stamped } from './stamped.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'millrace-lmdb-'));

storeContract('lmdb', false, async () => {
  const directory = temporary();
  let store = openLmdbStore({ directory });
  return {
    store, settle: (promise) => promise,
    async reopen() {
      await store.close();
      store = openLmdbStore({ directory });
      return store;
    },
    async destroy() {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});

const CHILD = fileURLToPath(new URL('./commit-forever.ts', import.meta.url));

test('20 times kill -9 while committing: no acknowledged record is lost or broken, and the log has no gap', async () => {
  const directory = temporary();
  let acknowledgedEnd = 0;
  for (let kill = 0; kill < 20; kill += 1) {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    const started = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk;
        if (output.split('\n').length > 3) resolve();
      });
    });
    await started;
    await new Promise((resolve) => { setTimeout(resolve, kill * 7); });
    child.kill('SIGKILL');
    await new Promise((resolve) => { child.on('close', resolve); });
    const lines = output.split('\n').slice(0, -1);
    assert.ok(Number(lines[0]?.slice('start '.length)) >= acknowledgedEnd, 'what was acknowledged before is there again');
    acknowledgedEnd = Math.max(acknowledgedEnd, ...lines.slice(1).map((line) => Number(line) + 1));
  }
  const store = openLmdbStore({ directory });
  const { first, end } = store.bounds();
  assert.ok(end >= acknowledgedEnd);
  assert.ok(end - first >= 50);
  for (let offset = first; offset < end; offset += 1) assert.is(serialOf(store, offset), offset);
  assert.is(String(Buffer.from(store.get('newest') ?? [])), String(end - 1), 'value and record came in one commit');
  await store.close();
  rmSync(directory, { recursive: true });
});

test('a store at its limit refuses records, takes a trim, and then records again', async () => {
  const directory = temporary();
  const store = openLmdbStore({ directory, limitBytes: 4 * 2 ** 20 });
  const record = new Uint8Array(256 * 1024);
  let failure: IoError | undefined;
  for (let count = 0; count < 100 && !failure; count += 1) await store.commit({ append: [record] }).catch((error: unknown) => { failure = error as IoError; });
  assert.is(failure?.retry, true);
  await store.commit({ trimBelow: store.end() - 1 });
  await store.commit({ append: [record] });
  await store.close();
  rmSync(directory, { recursive: true });
});

/** A file system of its own, so that filling it harms nobody. @returns undefined where mounting is not allowed */
function mountSmall(): string | undefined {
  const directory = temporary();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    rmSync(directory, { recursive: true });
    return undefined;
  }
}

test('a full disk fails appends with retry, keeps every acknowledged record, lets a trim through and resumes', async () => {
  const mounted = mountSmall();
  if (mounted === undefined) return console.log('SKIPPED: no file system of its own can be mounted here, so no disk was filled');
  const directory = join(mounted, 'store');
  mkdirSync(directory);
  const store = openLmdbStore({ directory, reserveBytes: 2 * 2 ** 20 });
  const pressures: string[] = [];
  store.onPressure((pressure) => pressures.push(pressure));
  try {
    let failure: IoError | undefined;
    while (!failure && store.end() < 20_000) {
      const offsets = [0, 1, 2, 3].map((ahead) => store.end() + ahead);
      await Promise.all(offsets.map((offset) => store.commit({ append: [stamped(offset)] }))).catch((error: unknown) => { failure = error as IoError; });
    }
    assert.is(failure?.retry, true, String(failure));
    assert.ok(pressures.includes('full'));
    const { end } = store.bounds();
    assert.is(store.end(), end);
    for (let offset = 0; offset < end; offset += 1) assert.is(serialOf(store, offset), offset);
    await store.commit({ trimBelow: Math.floor(end / 2) });
    await store.commit({ append: [stamped(end)] });
    assert.is(serialOf(store, end), end);
  } finally {
    await store.close();
    execFileSync('umount', [mounted]);
    rmSync(mounted, { recursive: true });
  }
});

test.run();
