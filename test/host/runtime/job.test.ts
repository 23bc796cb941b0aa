/** The whole runtime on the real store: one job from its source through log, engine and outbox to its sinks, and again. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesystem } from '../../../connectors/filesystem.ts';
import { openNode } from '../../../host/platform/node.ts';
import { type RunSettings, startJob, type Summary } from '../../../host/runtime/job.ts';
import { compileSample, type SampleShape, withManifest } from './sample-job.ts';

const sample = await compileSample();
const connectors = new Map([['filesystem', filesystem]]);

async function runIn(folder: string, settings: RunSettings = {}, wasm: Uint8Array = sample, shape: SampleShape = {}): Promise<Summary> {
  const platform = await openNode({ dataFolder: join(folder, 'data') });
  try {
    const job = await startJob({
      module: withManifest(wasm, { connector: 'filesystem', ...shape }), platform, connectors, log: () => undefined,
      settings: { ...settings, resolveOptions: (_, table) => ({ path: join(folder, `${table}.jsonl`) }) },
    });
    return await job.done;
  } finally {
    await platform.store.close();
  }
}

function folderWith(numbers: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-job-'));
  writeFileSync(join(folder, 'in-0.jsonl'), Array.from({ length: numbers }, (_, index) => `${index}\n`).join(''));
  return folder;
}
const lines = (folder: string, sink: string): string[] => readFileSync(join(folder, `${sink}.jsonl`), 'utf8').trimEnd().split('\n');

test('a bounded job delivers everything, ends by itself and does nothing when started again', async () => {
  const folder = folderWith(3000);
  const first = await runIn(folder);
  assert.is(first.reason, 'ended');
  assert.is(first.metrics.rows, 3000);
  assert.is(lines(folder, 'sums').length, 1001);
  assert.is(lines(folder, 'sums').at(-2), '3000:4498500');
  assert.is(lines(folder, 'cells').length, 6000);
  const before = readFileSync(join(folder, 'sums.jsonl'));
  const again = await runIn(folder);
  assert.is(again.metrics.sources[0]?.received, 0);
  assert.is(again.metrics.rows, 3000);
  assert.equal(readFileSync(join(folder, 'sums.jsonl')), before);
  rmSync(folder, { recursive: true });
});

test('a job whose code changed while its layout stayed goes on; one whose layout changed is refused with the remedy and nothing is touched', async () => {
  const folder = folderWith(30);
  await runIn(folder);
  const tripled = await compileSample(3);
  appendFileSync(join(folder, 'in-0.jsonl'), '1\n');
  const other = await runIn(folder, {}, tripled, { layout: 'another' }).then(() => undefined, (error: unknown) => error);
  assert.match(String(other), /the job has changed/);
  assert.is((other as { exitCode: number }).exitCode, 3);
  assert.match((other as { remedy: string }).remedy, /--data/);
  assert.is((await runIn(folder, {}, tripled)).metrics.rows, 30);
  const back = await runIn(folder, {}, sample, { name: 'elsewhere' }).then(() => undefined, (error: unknown) => error);
  assert.match(String(back), /belongs to job 'sample'/);
  rmSync(folder, { recursive: true });
});

test.run();
