/** kill -9 of a whole process between file, log, module and file: every result stands there once, as without any kill. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSample, withManifest } from './sample-job.ts';

const CHILD = fileURLToPath(new URL('./job-child.ts', import.meta.url));
const ROWS = 60_000;
const KILLS = 15;

/** One life of the job. @returns how many rows it had when it ended, undefined when it was killed */
async function live(folder: string, killAfterMs: number | undefined): Promise<number | undefined> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, folder, join(folder, 'job.wasm')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes('started')) resolve();
    });
    child.on('close', () => resolve());
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => { child.on('close', resolve); });
  clearTimeout(timer);
  assert.ok(output.includes('started'), 'each life starts from what the one before left');
  return output.includes('ended') ? Number(output.slice(output.indexOf('ended ') + 6)) : undefined;
}

test(`${KILLS} times kill -9: the sinks hold each result once, in order`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kill-'));
  writeFileSync(join(folder, 'job.wasm'), withManifest(await compileSample(), { connector: 'filesystem' }));
  writeFileSync(join(folder, 'in-0.jsonl'), Array.from({ length: ROWS }, (_, index) => `${index}\n`).join(''));
  let rows: number | undefined;
  let kills = 0;
  for (; rows === undefined; kills += 1) rows = await live(folder, kills < KILLS ? 5 + ((kills * 37) % 120) : undefined);
  assert.is(rows, ROWS);
  const sums = readFileSync(join(folder, 'sums.jsonl'), 'utf8').trimEnd().split('\n');
  const expected: string[] = [];
  for (let count = 3; count <= ROWS; count += 3) expected.push(`${count}:${(count * (count - 1)) / 2}`);
  expected.push('end');
  assert.is(sums.join('\n'), expected.join('\n'));
  const cells = readFileSync(join(folder, 'cells.jsonl'), 'utf8').trimEnd().split('\n');
  const changes: string[] = [];
  for (let value = 0; value < ROWS; value += 1) {
    const before = Math.floor(value / 64);
    changes.push(`${value % 64}:${before}`, `${value % 64}:${before + 1}`);
  }
  assert.is(cells.join('\n'), changes.join('\n'));
  assert.ok(kills > 5, `only ${kills} lives`);
  rmSync(folder, { recursive: true });
});

test.run();
