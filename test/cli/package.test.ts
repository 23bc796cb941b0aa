/** The packed package in a folder of its own: what `npm install` gives runs jobs, with and without the compiler. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { workFolder } from './command.ts';

const versions = (JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> }).devDependencies;
const JOB = `CREATE TABLE g (n BIGINT, at_ AS n * 2) WITH ('connector' = 'datagen', 'number-of-rows' = '3', 'rows-per-second' = '0', 'fields.n.kind' = 'sequence');
SELECT n, at_ FROM g;`;
const WANTED = '{"n":0,"at_":0}\n{"n":1,"at_":2}\n{"n":2,"at_":4}\n';

function install(folder: string, packages: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--omit=peer', ...packages], { cwd: folder, stdio: 'pipe' });
}

test('the tarball installs, its millrace compiles and runs a job, a program embeds it, and a gateway without the compiler runs the module', () => {
  const folder = workFolder();
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { encoding: 'utf8' }).trim().split('\n').at(-1) as string;
  const tarball = join(folder, packed);
  const packages = (names: readonly string[]): string[] => [tarball, ...names.map((name) => `${name}@${versions[name]}`)];
  const full = join(folder, 'full');
  install(full, packages(['assemblyscript', 'lmdb']));
  writeFileSync(join(full, 'job.sql'), JOB);
  const bin = (where: string, ...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync(join(where, 'node_modules/.bin/millrace'), args, { cwd: where, encoding: 'utf8', env: { ...process.env, MILLRACE_CACHE: join(folder, 'cache') } });
  const run = bin(full, 'run', 'job.sql');
  assert.is(run.stdout, WANTED, String(run.stderr));
  assert.is(run.status, 0);
  assert.is(bin(full, 'build', 'job.sql').status, 0);

  // A program compiles with the package's own types and awaits rows through its public name.
  writeFileSync(join(full, 'program.ts'), `import { compile, start, type Row } from 'millrace';
    const job = await start(await compile(${JSON.stringify(JOB)}));
    const rows: Row[] = [];
    for await (const row of job.rows()) rows.push(row);
    const { reason, metrics } = await job.done;
    process.stdout.write(JSON.stringify([rows, reason, metrics.results]));`);
  const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: full, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')];
  node(resolve('node_modules/typescript/bin/tsc'), '--strict', '--target', 'es2023', '--module', 'nodenext', ...types, 'program.ts');
  assert.equal(JSON.parse(node('program.js')), [[{ n: 0, at_: 0 }, { n: 1, at_: 2 }, { n: 2, at_: 4 }], 'ended', 3]);

  const gateway = join(folder, 'gateway');
  install(gateway, packages(['lmdb']));
  writeFileSync(join(gateway, 'job.wasm'), readFileSync(join(full, 'job.wasm')));
  writeFileSync(join(gateway, 'job.sql'), JOB.replace('3', '4'));
  assert.is(bin(gateway, 'run', 'job.wasm').stdout, WANTED);
  const refused = bin(gateway, 'run', 'job.sql');
  assert.is(refused.status, 3);
  assert.match(String(refused.stderr), /npm install assemblyscript/);
});

test.run();
