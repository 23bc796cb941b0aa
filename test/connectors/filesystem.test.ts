/** The filesystem connector: lines at every chunk border, going on after a restart, and a sink that no crash doubles. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesystem } from '../../connectors/filesystem.ts';
import type { Arrival, ConnectorContext, Intake, IoError, Progress, Result, Sink, SinkIdentity, Source } from '../../host/ports.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'millrace-filesystem-'));
const identity: SinkIdentity = { gateway: 'g', job: 'j', sink: 's', incarnation: 'one' };

function context(path: string, payloadMaxBytes = 1 << 20): ConnectorContext {
  return {
    table: 't', options: { path }, payloadMaxBytes, gateway: 'g', job: 'j', columns: [], log: () => undefined,
    clock: { now: () => Date.now(), monotonic: () => performance.now(), wake: (delayMs, call) => { const timer = setTimeout(call, delayMs); return () => clearTimeout(timer); } },
  };
}
function source(path: string, payloadMaxBytes?: number): Source {
  return (filesystem.createSource as (context: ConnectorContext) => Source)(context(path, payloadMaxBytes));
}
function sink(path: string): Sink {
  return (filesystem.createSink as (context: ConnectorContext) => Sink)(context(path));
}

/** Reads to the end, or until `limit` lines were taken; pauses the source after every `pauseEvery` lines. */
async function lines(from: Source, { limit = Infinity, pauseEvery = Infinity }: { limit?: number; pauseEvery?: number } = {}): Promise<{ text: string; flags: number }[]> {
  const taken: { text: string; flags: number }[] = [];
  await new Promise<void>((resolve, reject) => {
    const intake: Intake = {
      push({ bytes, start, end, flags }: Arrival) {
        taken.push({ text: Buffer.from(bytes.subarray(start, end)).toString(), flags });
        if (taken.length === limit) { resolve(); return false; }
        if (taken.length % pauseEvery === 0) { setTimeout(() => from.resume(), 0); return false; }
        return true;
      },
      flush: () => undefined, end: resolve, failed: reject,
    };
    from.open(intake).catch(reject);
  });
  return taken;
}
const texts = async (from: Source, options?: { limit?: number; pauseEvery?: number }): Promise<string[]> => (await lines(from, options)).map(({ text }) => text);

test('every non-empty line arrives once and in order, with or without a last line break, over many chunks', async () => {
  const file = join(folder(), 'in.jsonl');
  const wanted = Array.from({ length: 40_000 }, (_, row) => `{"row":${row},"pad":"${'x'.repeat(row % 40)}"}`);
  writeFileSync(file, `${wanted.slice(0, 100).join('\r\n')}\n\n${wanted.slice(100).join('\n')}`);
  assert.equal(await texts(source(file)), wanted);
  assert.equal(await texts(source(file), { pauseEvery: 777 }), wanted, 'pauses change nothing');
});

test('the files of a folder are read in order of name and hidden ones are left out', async () => {
  const path = folder();
  for (const name of ['b.jsonl', 'a.jsonl', '.hidden', '_temporary']) writeFileSync(join(path, name), `${name}\n`);
  assert.equal(await texts(source(path)), ['a.jsonl', 'b.jsonl']);
});

test('a source made again goes on behind the last line of the position', async () => {
  const path = folder();
  writeFileSync(join(path, 'a'), 'a1\na2\na3\n');
  writeFileSync(join(path, 'b'), 'b1\nb2');
  const all = ['a1', 'a2', 'a3', 'b1', 'b2'];
  for (let cut = 1; cut < all.length; cut += 1) {
    const first = source(path);
    assert.equal(await texts(first, { limit: cut }), all.slice(0, cut));
    const position = first.position();
    await first.close();
    const second = source(path);
    second.restore(position);
    assert.equal(await texts(second), all.slice(cut));
  }
});

test('a folder whose files changed under a position is refused with the remedy', async () => {
  const path = folder();
  writeFileSync(join(path, 'b'), 'b1\nb2\n');
  const first = source(path);
  await lines(first, { limit: 1 });
  writeFileSync(join(path, 'a'), 'a1\n');
  const second = source(path);
  second.restore(first.position());
  const error = await second.open({ push: () => true, flush: () => undefined, end: () => undefined, failed: () => undefined }).then(() => undefined, (reason: IoError) => reason);
  assert.match(error?.message ?? '', /no longer file 1/);
  assert.is(error?.retry, false);
});

test('a line above the limit is cut, flagged and does not disturb its neighbours', async () => {
  const file = join(folder(), 'in');
  writeFileSync(file, `ok\n${'x'.repeat(700_000)}\nafter\n`);
  assert.equal((await lines(source(file, 1000))).map(({ text, flags }) => [text.length, flags]), [[2, 0], [1000, 16], [5, 0]]);
});

test('a missing file is one clear error', async () => {
  const error = await source('/nowhere/at/all').open({ push: () => true, flush: () => undefined, end: () => undefined, failed: () => undefined }).then(() => undefined, (reason: IoError) => reason);
  assert.match(error?.message ?? '', /cannot open \/nowhere\/at\/all/);
  assert.match(error?.remedy ?? '', /option 'path'/);
});

function result(sequence: number): Result {
  return { sequence, kind: '+I', key: undefined, value: Buffer.from(`{"n":${sequence}}`), arrival: 0, isChangeEnd: true };
}
const progress = (sequence: number): Progress => ({ incarnation: 'one', sequence, offset: sequence, digest: '00000000000000aa' });
const written = (to: number): string => Array.from({ length: to }, (_, at) => `{"n":${at + 1}}\n`).join('');

test('a sink made again tells its progress, and a tail that never counted is cut off', async () => {
  const file = join(folder(), 'out.jsonl');
  const first = sink(file);
  assert.is(await first.open(identity), undefined);
  await first.deliver([result(1), result(2)], progress(2));
  await first.close();
  appendFileSync(file, '{"n":3}\n{"n":'); // killed between append and progress
  const second = sink(file);
  assert.equal(await second.open(identity), progress(2));
  assert.is(readFileSync(file, 'utf8'), written(2));
  await second.deliver([result(3)], progress(3));
  await second.close();
  assert.is(readFileSync(file, 'utf8'), written(3));
});

test('rows that stood in the file before are kept', async () => {
  const file = join(folder(), 'out.jsonl');
  writeFileSync(file, 'older\n');
  const first = sink(file);
  await first.open(identity);
  appendFileSync(file, 'half a row of a first delivery');
  const second = sink(file);
  await second.open(identity);
  await second.deliver([result(1)], progress(1));
  assert.is(readFileSync(file, 'utf8'), `older\n${written(1)}`);
});

test('a file that lost delivered rows is refused with the remedy', async () => {
  const file = join(folder(), 'out.jsonl');
  const first = sink(file);
  await first.open(identity);
  await first.deliver([result(1), result(2)], progress(2));
  truncateSync(file, 3);
  const error = await sink(file).open(identity).then(() => undefined, (reason: IoError) => reason);
  assert.match(error?.message ?? '', /somebody cut or replaced it/);
  assert.is(error?.retry, false);
});

test('a folder as path gets the file part-0.jsonl', async () => {
  const path = join(folder(), 'deep/out/');
  mkdirSync(path, { recursive: true });
  const first = sink(path);
  await first.open(identity);
  await first.deliver([result(1)], progress(1));
  assert.is(readFileSync(join(path, 'part-0.jsonl'), 'utf8'), written(1));
});

test.run();
