/** One process holds a data directory; a crash does not lock it for ever. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDirectory } from '../../../host/platform/lock.ts';
import { Refusal } from '../../../host/runtime/errors.ts';

const HOLD = `import { lockDirectory } from '${new URL('../../../host/platform/lock.ts', import.meta.url).href}';
lockDirectory(process.argv[1]);
console.log('held');
setInterval(() => undefined, 1000);`;

/** A process that holds the lock, and the output it has written. */
async function holder(directory: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', HOLD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => { child.stdout.once('data', resolve); });
  return { pid: child.pid as number, kill: () => new Promise((resolve) => { child.on('close', () => resolve()); child.kill('SIGKILL'); }) };
}
function refusalOf(directory: string): Refusal {
  try {
    lockDirectory(directory);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('the directory was locked twice');
}

test('a second process is refused with the first one\'s id, and takes the directory over once the first was killed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-lock-'));
  const other = await holder(directory);
  const refusal = refusalOf(directory);
  assert.match(refusal.message, new RegExp(`in use by process ${other.pid}$`));
  assert.is(refusal.exitCode, 3);
  await other.kill();
  const release = lockDirectory(directory);
  assert.match(refusalOf(directory).message, new RegExp(`process ${process.pid}$`));
  release();
  lockDirectory(directory)();
  rmSync(directory, { recursive: true });
});

test('a process id that was given to another process since does not hold the lock', () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-lock-'));
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: process.ppid, startedAt: '1', token: 'of a process that is gone' }));
  const release = lockDirectory(directory);
  assert.is((JSON.parse(readFileSync(join(directory, 'lock'), 'utf8')) as { pid: number }).pid, process.pid);
  release();
  rmSync(directory, { recursive: true });
});

test.run();
