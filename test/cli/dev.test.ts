/** `millrace dev`: the job on the screen follows the file on disk. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, until, workFolder } from './command.ts';

const job = (expression: string): string => `CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '20');
SELECT ${expression} AS shown FROM g;`;

test('dev runs the job again with every save, shows errors and survives them, and cleans up', async () => {
  const cwd = workFolder();
  const file = join(cwd, 'job.sql');
  const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('millrace-dev-'));
  const before = folders();
  writeFileSync(file, job("'first'"));
  const dev = start(['dev', 'job.sql'], { cwd });
  await until(() => dev.stdout().includes('{"shown":"first"}'));
  writeFileSync(file, job('nowhere'));
  await until(() => /job\.sql:2:8: error\[unknown-column\]/.test(dev.stderr()));
  await until(() => dev.stderr().includes('waiting for the next save of job.sql'));
  writeFileSync(file, job("'second'"));
  await until(() => dev.stdout().includes('{"shown":"second"}'));
  dev.child.kill('SIGINT');
  const { code, stderr } = await dev.ended;
  assert.is(code, 0, stderr);
  assert.match(stderr, /received +\d+/, 'the last run ended gracefully');
  assert.equal(folders(), before);
});

test.run();
