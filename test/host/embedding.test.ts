/** The embedding API as a program meets it: compile text, start the module, read rows, stop. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompiledJob, compile, PlanError, Refusal, type Row, start } from '../../host/index.ts';
import { pause, workFolder } from '../cli/command.ts';

const rows = (rowCount: number | undefined, perSecond = 0): string => `CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen',
  'rows-per-second' = '${perSecond}', 'fields.n.kind' = 'sequence'${rowCount === undefined ? '' : `, 'number-of-rows' = '${rowCount}'`});
  SELECT n FROM g; SELECT n * 2 AS twice FROM g WHERE n < 3;`;
const bounded: CompiledJob = await compile(rows(5000), { name: 'bounded', isSimd: true });
const endless: CompiledJob = await compile(rows(undefined, 2000));

async function taken(of: AsyncIterable<Row>, countMax = Infinity): Promise<Row[]> {
  const found: Row[] = [];
  if (countMax === 0) return found;
  for await (const row of of) {
    found.push(row);
    if (found.length >= countMax) break;
  }
  return found;
}

test('a program compiles SQL, starts the module and reads the rows of each SELECT', async () => {
  assert.is(bounded.manifest.name, 'bounded');
  assert.match(bounded.assembly, /millrace\/assembly/);
  const job = await start(bounded);
  const [all, few] = await Promise.all([taken(job.rows()), taken(job.rows('print-2'))]);
  assert.equal(all, Array.from({ length: 5000 }, (_, n) => ({ n })));
  assert.equal(few, [{ twice: 0 }, { twice: 2 }, { twice: 4 }]);
  const { reason, metrics } = await job.done;
  assert.is(reason, 'ended');
  assert.is(metrics.rows, 5000);
  assert.throws(() => job.rows('print-3'), /no rows of print-3/);
});

test('a wrong job is a PlanError with every problem and its place', async () => {
  try {
    await compile('SELECT a FROM nowhere; SELECT b FROM neither;', { name: 'wrong' });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, PlanError);
    assert.is((error as PlanError).problems.length, 2);
    assert.match((error as PlanError).message, /wrong\.sql:1:15/);
  }
});

test('bytes that are no job are refused with the remedy, and a temporary folder is not left behind', async () => {
  const before = readdirSync(tmpdir()).filter((name) => /^millrace-\w{6}$/.test(name)).length;
  try {
    await start(new Uint8Array([0, 97, 115, 109]));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, Refusal);
    assert.match((error as Refusal).remedy, /build the job again/);
  }
  assert.is(readdirSync(tmpdir()).filter((name) => /^millrace-\w{6}$/.test(name)).length, before);
});

test('a job stopped by a signal goes on in its data folder where its reader stopped, without a gap', async () => {
  const dataFolder = join(workFolder(), 'data');
  const seen: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const interrupt = new AbortController();
    const job = await start(endless.wasm, { dataFolder, signal: interrupt.signal, stopMs: 500 });
    const others = taken(job.rows('print-2'));
    seen.push(...(await taken(job.rows(), 300)).map(({ n }) => Number(n)));
    interrupt.abort();
    const { reason } = await job.done;
    assert.is(reason, 'stopped');
    await others;
  }
  assert.is(Math.max(...seen) + 1, new Set(seen).size, 'no row is missing');
  assert.ok(existsSync(dataFolder));
  const aborted = AbortSignal.abort(new Error('not now'));
  await start(endless, { dataFolder, signal: aborted }).then(() => assert.unreachable(), ({ message }: Error) => assert.is(message, 'not now'));
});

test('a reader that waits holds the job back instead of filling memory', async () => {
  await using job = await start(endless, { stopMs: 100 });
  const others = taken(job.rows('print-2'));
  await taken(job.rows(), 1);
  const { sinks: [before] } = job.metrics();
  await pause(500);
  const { sinks: [after] } = job.metrics();
  assert.is(after?.delivered, before?.delivered);
  assert.ok((after?.waiting ?? 0) > (before?.waiting ?? 0), 'results wait in the outbox');
  await job.stop();
  await others;
});

test('two jobs of a program on one data folder are refused', async () => {
  const dataFolder = workFolder();
  const job = await start(endless, { dataFolder, stopMs: 100 });
  try {
    await start(endless, { dataFolder });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, Refusal);
  }
  await job.stop();
});

test('the example of the documentation runs with the public name of the package', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [
    '--conditions=source', '--import', 'tsx', 'examples/embedded/means.ts', '300',
  ], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
  const windows = stdout.trim().split('\n').map((line) => JSON.parse(line) as { device: string; n: number });
  assert.is(windows.reduce((sum, { n }) => sum + n, 0), 300);
  assert.equal([...new Set(windows.map(({ device }) => device))].sort(), ['fan', 'oven', 'pump']);
  assert.match(stderr, /300 rows in/);
});

test.run();
