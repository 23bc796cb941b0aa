/** The command line as users meet it: results on stdout, all else on stderr, exit codes, errors with place and remedy. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millrace, pause, start, workFolder } from './command.ts';

const TABLE = `CREATE TABLE readings (device STRING, ts BIGINT, temperature DOUBLE, rt AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR rt AS rt - INTERVAL '1' SECOND) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json');\n`;
const ROWS = [
  { device: 'a', ts: 1000, temperature: 20.5 }, { device: 'b', ts: 1500, temperature: 30 }, { device: 'a', ts: 1900, temperature: 21.5 },
  { device: 'a', ts: 2500, temperature: 22 }, { device: 'b', ts: 9000, temperature: -3 },
];

function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = workFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}
const input = ROWS.map((row) => JSON.stringify(row)).join('\n');
const lines = (text: string): unknown[] => text.trim().split('\n').map((line) => JSON.parse(line));

test('a bare SELECT over files prints its rows as JSON lines and ends with exit 0', async () => {
  const cwd = folderWith({ 'in.jsonl': input, 'job.sql': `${TABLE}SELECT device, temperature * 2 AS twice FROM readings WHERE temperature > 0;` });
  const { code, stdout, stderr } = await millrace(['run', 'job.sql'], { cwd });
  assert.is(code, 0, stderr);
  assert.equal(lines(stdout), [{ device: 'a', twice: 41 }, { device: 'b', twice: 60 }, { device: 'a', twice: 43 }, { device: 'a', twice: 44 }]);
  assert.match(stderr, /received +5/);
  assert.not(existsSync(join(cwd, '.millrace')), 'a bounded job keeps nothing unless asked');
});

test('windows close by event time, at the latest when the bounded input ends', async () => {
  const sql = `${TABLE}SELECT device, window_start, COUNT(*) AS n, AVG(temperature) AS mean
    FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '1' SECOND)) GROUP BY device, window_start, window_end;`;
  const { code, stdout, stderr } = await millrace(['run', 'job.sql', '-q'], { cwd: folderWith({ 'in.jsonl': input, 'job.sql': sql }) });
  assert.is(code, 0, stderr);
  assert.equal(lines(stdout), [
    { device: 'a', window_start: '1970-01-01 00:00:01', n: 2, mean: 21 }, { device: 'b', window_start: '1970-01-01 00:00:01', n: 1, mean: 30 },
    { device: 'a', window_start: '1970-01-01 00:00:02', n: 1, mean: 22 }, { device: 'b', window_start: '1970-01-01 00:00:09', n: 1, mean: -3 },
  ]);
});

test('a module built beforehand gives the same rows as its SQL, with SIMD and without', async () => {
  const cwd = folderWith({ 'in.jsonl': input, 'job.sql': `${TABLE}SELECT device, ts FROM readings;` });
  const wanted = (await millrace(['run', 'job.sql'], { cwd })).stdout;
  for (const flags of [[], ['--scalar']]) {
    const built = await millrace(['build', 'job.sql', '-o', 'job.wasm', ...flags], { cwd });
    assert.is(built.code, 0, built.stderr);
    assert.is((await millrace(['run', 'job.wasm'], { cwd })).stdout, wanted);
  }
});

test('all errors of a job come at once, each with place, caret and remedy, and exit code 2', async () => {
  const cwd = folderWith({ 'in.jsonl': input, 'job.sql': `${TABLE}SELECT divice FROM readings;\nSELECT UPPR(device) FROM readings;\n` });
  for (const command of ['check', 'run', 'explain', 'build']) {
    const { code, stderr, stdout } = await millrace([command, 'job.sql'], { cwd });
    assert.is(code, 2, stderr);
    assert.is(stdout, '');
    assert.match(stderr, /job\.sql:3:8/);
    assert.match(stderr, /device/);
    assert.match(stderr, /job\.sql:4:8/);
    assert.match(stderr, /\^/);
  }
});

test('configuration errors say what to do and end with exit code 3', async () => {
  const missing = await millrace(['run', 'nowhere.sql']);
  assert.is(missing.code, 3);
  assert.match(missing.stderr, /cannot read nowhere\.sql/);
  const cwd = folderWith({ 'job.sql': `${TABLE.replace('in.jsonl', '${env:MILLRACE_NO_SUCH}')}SELECT device FROM readings;` });
  const unset = await millrace(['run', 'job.sql'], { cwd });
  assert.is(unset.code, 3);
  assert.match(unset.stderr, /table readings, option 'path'.*\n.*set the environment variable MILLRACE_NO_SUCH/);
  const noFile = await millrace(['run', 'job.sql'], { cwd, env: { MILLRACE_NO_SUCH: 'no-such-file' } });
  assert.is(noFile.code, 3, noFile.stderr);
  assert.match(noFile.stderr, /cannot open no-such-file/);
  assert.is((await millrace(['walk'])).code, 3);
  assert.is((await millrace(['run', '--fore', '3s', 'job.sql'], { cwd })).code, 3);
});

test('a second process on the same data directory is refused and names the first', async () => {
  const cwd = folderWith({ 'job.sql': "CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '10'); CREATE TABLE b (n BIGINT) WITH ('connector' = 'blackhole'); INSERT INTO b SELECT n FROM g;" });
  const first = start(['run', 'job.sql', '--data', 'data'], { cwd });
  while (!first.stderr().includes('starting at log record')) await pause(20);
  const second = await millrace(['run', 'job.sql', '--data', 'data'], { cwd });
  assert.is(second.code, 3, second.stderr);
  assert.match(second.stderr, new RegExp(`${first.child.pid}`));
  first.child.kill('SIGTERM');
  const { code, stderr } = await first.ended;
  assert.is(code, 0, stderr);
  assert.match(stderr, /results +\d+/);
});

test('a job with the same data directory goes on where it stopped, and --for counts from the first row', async () => {
  const sql = "CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '200', 'fields.n.kind' = 'sequence'); SELECT n FROM g;";
  const cwd = folderWith({ 'job.sql': sql });
  const seen: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { code, stdout, stderr } = await millrace(['run', 'job.sql', '--data', 'data', '--for', '500ms'], { cwd });
    assert.is(code, 0, stderr);
    seen.push(...(lines(stdout) as { n: number }[]).map(({ n }) => n));
  }
  assert.ok(seen.length > 150, `${seen.length} rows`);
  assert.equal(seen, seen.map((_, index) => index));
});

test('a changed job on an old data directory is refused with the remedy, never reset', async () => {
  const sql = (column: string): string => `${TABLE}CREATE TABLE out_ (c DOUBLE) WITH ('connector' = 'filesystem', 'path' = 'out.jsonl', 'format' = 'json');
    INSERT INTO out_ SELECT ${column} FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '1' SECOND)) GROUP BY window_start, window_end;`;
  const cwd = folderWith({ 'in.jsonl': input, 'job.sql': sql('MAX(temperature)') });
  assert.is((await millrace(['run', 'job.sql', '--data', 'data'], { cwd })).code, 0);
  writeFileSync(join(cwd, 'job.sql'), sql('AVG(temperature)'));
  const before = readFileSync(join(cwd, 'out.jsonl'), 'utf8');
  const { code, stderr } = await millrace(['run', 'job.sql', '--data', 'data'], { cwd });
  assert.is(code, 3, stderr);
  assert.match(stderr, /remedy/);
  assert.is(readFileSync(join(cwd, 'out.jsonl'), 'utf8'), before);
});

test('explain prints plan, guarantees and the generated code', async () => {
  const cwd = folderWith({ 'in.jsonl': input, 'job.sql': `${TABLE}SELECT device FROM readings;` });
  const plan = await millrace(['explain', 'job.sql'], { cwd });
  assert.is(plan.code, 0, plan.stderr);
  assert.match(plan.stdout, /exactly-once/);
  const assembly = await millrace(['explain', 'job.sql', '--assembly'], { cwd });
  assert.match(assembly.stdout, /import .* from "millrace\/assembly\//);
});

test.run();
