/** Files → log → WASM → files under kill -9: the output is the same bytes as without kills. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { pause, randomFrom, start, workFolder } from '../cli/command.ts';

const ROWS = 400_000;
const KILLS = Number(process.env['MILLRACE_KILLS'] ?? 20);
const seed = Number(process.env['MILLRACE_SEED'] ?? 11);

const JOB = `
CREATE TABLE readings (device STRING, ts BIGINT, temperature DOUBLE, rt AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR rt AS rt - INTERVAL '2' SECOND) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json');
CREATE TABLE hot (device STRING, ts BIGINT, temperature DOUBLE) WITH ('connector' = 'filesystem', 'path' = '\${env:OUT}/hot.jsonl', 'format' = 'json');
CREATE TABLE means (device STRING, window_start TIMESTAMP(3), n BIGINT, mean DOUBLE)
  WITH ('connector' = 'filesystem', 'path' = '\${env:OUT}/means.jsonl', 'format' = 'json');
INSERT INTO hot SELECT device, ts, temperature FROM readings WHERE temperature > 29;
INSERT INTO means SELECT device, window_start, COUNT(*), AVG(temperature)
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '1' SECOND)) GROUP BY device, window_start, window_end;
`;

async function writeInput(file: string): Promise<void> {
  const random = randomFrom(seed);
  const stream = createWriteStream(file);
  for (let row = 0; row < ROWS; row += 1) {
    const ts = 1_700_000_000_000 + row * 4 - Math.floor(random() * 3000);
    const line = `{"device":"d${Math.floor(random() * 50)}","ts":${ts},"temperature":${(10 + random() * 20).toFixed(2)}}\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

test('a run killed again and again writes the same bytes as a run that was left alone', async () => {
  const cwd = workFolder();
  await writeInput(join(cwd, 'in.jsonl'));
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const run = (name: string): ReturnType<typeof start> => start(['run', 'job.sql', '--data', `data-${name}`], { cwd, env: { OUT: name } });
  const calm = await run('calm').ended;
  assert.is(calm.code, 0, calm.stderr);

  const random = randomFrom(seed + 1);
  let kills = 0;
  let hits = 0;
  for (;;) {
    const { child, ended } = run('stormy');
    if (kills < KILLS) {
      kills += 1;
      await Promise.race([ended, pause(400 + random() * 1200)]);
      if (child.kill('SIGKILL')) hits += 1;
      const { code, stderr } = await ended;
      if (code === 0) break;
      assert.ok(code === null, `ended by itself: ${stderr}`);
    } else {
      const { code, stderr } = await ended;
      assert.is(code, 0, stderr);
      break;
    }
  }
  console.log(`${hits} kills (seed ${seed})`);
  for (const name of ['hot.jsonl', 'means.jsonl']) {
    const wanted = readFileSync(join(cwd, 'calm', name), 'utf8');
    assert.ok(wanted.length > 1000, `${name} has rows`);
    assert.ok(readFileSync(join(cwd, 'stormy', name), 'utf8') === wanted, `${name} differs; repeat with MILLRACE_SEED=${seed}`);
  }
});

test.run();
