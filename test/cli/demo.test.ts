/** `npm start`: this computer's telemetry goes over MQTT through the log and the module into files, and the summary adds up. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workFolder } from './command.ts';

test('the demo closes at least three windows for every device and acknowledges all it received', async () => {
  const folder = workFolder();
  const demo = spawn(process.execPath, ['--import', 'tsx', 'examples/this-machine/start.ts', '--data', join(folder, 'data'), '--for', '11s'], {
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MILLRACE_DEMO_PORT: '22090', MILLRACE_DEMO_OUT: folder, KAFKA_BROKERS: '' },
  });
  let stdout = '';
  let stderr = '';
  demo.stdout.on('data', (chunk: Buffer) => { stdout += chunk; });
  demo.stderr.on('data', (chunk: Buffer) => { stderr += chunk; });
  const code = await new Promise((resolve) => { demo.on('close', resolve); });
  assert.is(code, 0, stderr);
  const windows = new Map<string, Set<string>>();
  for (const line of readFileSync(join(folder, 'windows.jsonl'), 'utf8').trim().split('\n')) {
    const { device, window_start: start, n } = JSON.parse(line) as { device: string; window_start: string; n: number };
    assert.ok(n > 0);
    windows.set(device, (windows.get(device) ?? new Set()).add(start));
  }
  assert.ok(windows.has('core-0') && windows.has('memory'), [...windows.keys()].join());
  for (const [device, starts] of windows) assert.ok(starts.size >= 3, `${device}: ${starts.size} windows`);
  assert.is(stdout.trim().split('\n').length, readFileSync(join(folder, 'windows.jsonl'), 'utf8').trim().split('\n').length, 'stdout has the same windows');
  const summary = (name: string): number => Number(new RegExp(`^${name} +([\\d,]+)$`, 'm').exec(stderr)?.[1]?.replaceAll(',', ''));
  assert.is(summary('acknowledged'), summary('received'));
  assert.ok(summary('received') > 100);
  assert.is(summary('rejected'), 0);
});

test.run();
