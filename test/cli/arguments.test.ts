/** What the command line says to people who are new, in a hurry, or wrong. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millrace, workFolder } from './command.ts';

const COMMANDS = ['run', 'build', 'check', 'explain', 'dev', 'verify'];
const JOB = "CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '1'); SELECT n FROM g;";

test('help names every command, and every command explains itself on stdout with exit 0', async () => {
  const { stdout, code } = await millrace([]);
  assert.is(code, 0);
  for (const command of COMMANDS) {
    assert.match(stdout, new RegExp(`^  ${command} +\\w`, 'm'));
    const help = await millrace([command, '--help']);
    assert.is(help.code, 0);
    assert.is(help.stderr, '');
    assert.ok(help.stdout.startsWith(`Usage: millrace ${command} JOB.sql`), help.stdout);
  }
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  assert.is((await millrace(['--version'])).stdout, `millrace ${version}\n`);
});

test('a wrong command, option, value or file is told with what was meant, on stderr, with exit 3', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const cases: readonly (readonly [args: readonly string[], wanted: RegExp])[] = [
    [['biuld'], /no command biuld\n {2}remedy: did you mean build\?/],
    [['walk'], /no command walk\n {2}remedy: the commands are run, build/],
    [['run', '--fore', '3s', 'job.sql'], /no option --fore; did you mean --for\?\nTry: millrace run --help/],
    [['run', 'job.sql', '--for', 'soon'], /--for soon is no duration; write 500ms/],
    [['run', 'job.sql', '--memory', '8'], /--memory takes a number of MiB from 32 to 4095/],
    [['run', 'job.sql', '--disk', '1'], /--disk takes a number of MiB from 64/],
    [['run', 'job.sql', '--metrics', '9464'], /--metrics takes HOST:PORT/],
    [['run'], /name a job file/],
    [['build', 'job.sql', 'other.sql'], /one job file at a time; what is other\.sql\?/],
    [['check', 'job.wasm'], /job\.wasm is compiled already; name the \.sql file/],
    [['dev', 'nowhere.sql'], /cannot read nowhere\.sql: there is no such file\n {2}remedy/],
    [['explain', 'nowhere.wasm'], /cannot read nowhere\.wasm/],
    [['verify', 'job.sql'], /job\.sql writes to no Kafka table\n {2}remedy/],
  ];
  for (const [args, wanted] of cases) {
    const { code, stdout, stderr } = await millrace(args, { cwd });
    assert.is(code, 3, `${args.join(' ')}: ${stderr}`);
    assert.is(stdout, '');
    assert.match(stderr, wanted);
    assert.not.match(stderr, /^ {4}at /m, 'no stack for people');
  }
  writeFileSync(join(cwd, 'broken.wasm'), 'no module');
  const broken = await millrace(['run', 'broken.wasm'], { cwd });
  assert.is(broken.code, 3, broken.stderr);
  assert.match(broken.stderr, /broken\.wasm: no WebAssembly module.*\n {2}remedy: build the job again/);
});

test('check looks at every job it is given, and says what is wrong with each', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'right.sql'), JOB);
  writeFileSync(join(cwd, 'wrong.sql'), JOB.replace('SELECT n', 'SELECT m'));
  const { code, stderr } = await millrace(['check', 'wrong.sql', 'right.sql'], { cwd });
  assert.is(code, 2);
  assert.match(stderr, /wrong\.sql:1:\d+: error\[unknown-column\]/);
  assert.match(stderr, /right\.sql: ok \(1 source, 1 sink\)/);
});

test('a module explains its tables and what they guarantee, without its SQL', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), JOB);
  assert.is((await millrace(['build', 'job.sql'], { cwd })).code, 0);
  const { code, stdout, stderr } = await millrace(['explain', 'job.wasm'], { cwd });
  assert.is(code, 0, stderr);
  assert.match(stdout, /^job job, compiled by millrace [\d.]+, SIMD/);
  assert.match(stdout, /source g \(datagen, bounded\)\n {2}guarantee exactly-once/);
  assert.match(stdout, /sink print \(print\)\n {2}guarantee at-least-once/);
});

test.run();
