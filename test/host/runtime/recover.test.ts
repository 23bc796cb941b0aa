/** Starting again: what is restored, what is skipped, and what is refused with a remedy instead of guessed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWorld, type World } from '../../../host/platform/sim.ts';
import { createSimBroker } from '../../../host/platform/sim-broker.ts';
import { createSimUplink, type SimUplink } from '../../../host/platform/sim-uplink.ts';
import { type Connector, IoError, type Platform } from '../../../host/ports.ts';
import { AssertionError, exitCodeOf, JobFailure, Refusal } from '../../../host/runtime/errors.ts';
import { type RunningJob, type RunSettings, startJob, type Summary } from '../../../host/runtime/job.ts';
import { frameJson } from '../../../host/runtime/frame.ts';
import { CHECKPOINTS, progressKey, VERDICTS } from '../../../host/runtime/keys.ts';
import { compileSample, withManifest } from './sample-job.ts';

const sample = await compileSample();
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const SETTINGS: RunSettings = { memoryMaxBytes: 14 * 2 ** 20, batchRowsMax: 4, checkpointMs: 50, stopMs: 1000 };

interface Bench {
  readonly world: World;
  readonly sums: SimUplink;
  readonly cells: SimUplink;
  uplinkFailRate: number;
  /** Runs one life until `until` holds, then stops it (or lets it end by itself). */
  run(options?: { readonly settings?: RunSettings; readonly until?: (job: RunningJob) => boolean; readonly platform?: Platform }): Promise<Summary>;
  readonly lines: string[];
}

function bench(payloads: readonly string[], isBounded = true): Bench {
  const world = createWorld({ seed: 11, turn, crashRate: 0 });
  const broker = createSimBroker(world, { payloads, isBounded, refuseRate: 0 });
  const failRate = (): number => of.uplinkFailRate;
  const connector: Connector = {
    description: { name: 'sim', description: 'simulated', options: [] },
    createSource: () => broker.source(),
    createSink: ({ table }) => (table === 'sums' ? of.sums : of.cells).sink(),
  };
  const of: Bench = {
    world, sums: createSimUplink(world, failRate), cells: createSimUplink(world, failRate), uplinkFailRate: 0, lines: [],
    async run({ settings = {}, until, platform = world.boot() } = {}) {
      let job: RunningJob | undefined;
      let isOver = false;
      let isStopping = false;
      const result = startJob({
        module: withManifest(sample, { isBounded }), platform, connectors: new Map([['sim', connector]]), settings: { ...SETTINGS, ...settings }, log: (line) => of.lines.push(line),
      }).then((started) => { job = started; return started.done; });
      const over = (): void => { isOver = true; };
      result.then(over, over);
      await world.live(() => {
        if (job && !isStopping && until?.(job)) {
          isStopping = true;
          void job.stop();
        }
        return isOver;
      });
      return result;
    },
  };
  return of;
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error: unknown) => error);
const received = (count: number) => (job: RunningJob): boolean => (job.metrics().sources[0]?.acknowledged ?? 0) >= count;

async function refused(promise: Promise<unknown>, message: RegExp, remedy: RegExp): Promise<void> {
  const error = await failureOf(promise);
  assert.instance(error, Refusal, String(error));
  assert.match((error as Refusal).message, message);
  assert.match((error as Refusal).remedy, remedy);
  assert.is(exitCodeOf(error), 3);
}

test('a graceful stop checkpoints, acknowledges and delivers what was read, and the next start replays nothing', async () => {
  const of = bench(numbers(60));
  const { reason, metrics } = await of.run({ until: received(20) });
  assert.is(reason, 'stopped');
  assert.is(metrics.checkpoint.offset, metrics.log.end);
  assert.is(metrics.sinks[0]?.waiting, 0);
  assert.is(metrics.sources[0]?.acknowledged, metrics.sources[0]?.received);
  const rest = await of.run();
  assert.is(rest.reason, 'ended');
  assert.is(rest.metrics.rows, 60);
  assert.is(of.sums.visible.at(-2), `+I 60:${59 * 30}`);
});

test('a store replaced by an empty one is refused; --new-epoch goes on', async () => {
  const of = bench(numbers(60));
  await of.run({ until: received(20) });
  const empty = createWorld({ seed: 1, turn, crashRate: 0 }).disk;
  Object.assign(of.world.disk, empty);
  await refused(of.run(), /results of another store/, /--new-epoch/);
  await of.run({ settings: { newEpoch: true }, until: received(1) }).catch((error: unknown) => assert.match(String(error), /result 1 behind/)); // this uplink checks sequences
  assert.ok(of.lines.some((line) => /going on as a new epoch/.test(line)));
});

test('a store replaced by an older copy of itself is refused', async () => {
  const of = bench(numbers(90));
  await of.run({ until: received(20) });
  const copy = of.world.disk.copy();
  await of.run({ until: received(20) });
  Object.assign(of.world.disk, copy);
  await refused(of.run(), /older copy|older than what it delivered/, /data directory/);
});

test('a sink that was set back, or that lost its progress, is refused', async () => {
  const of = bench(numbers(90));
  await of.run({ until: received(30) });
  await of.run({ until: received(10) });
  const progress = of.sums.progress();
  assert.ok(progress);
  of.sums.setBack({ ...progress, sequence: 2 });
  await refused(of.run(), /set back/, /--new-epoch/);
  of.sums.setBack(undefined);
  await refused(of.run(), /no longer knows any result/, /--new-epoch/);
});

test('results that are made again and differ from those at the sink stop the job: another digest is our error, never passed over', async () => {
  const of = bench(numbers(90));
  await of.run({ until: received(30), settings: { checkpointMs: 1e9 } });
  const progress = of.sums.progress();
  assert.ok(progress && progress.sequence > 1);
  const forged = { ...progress, digest: 'f'.repeat(16) };
  of.sums.setBack(forged);
  const confirmed = await failureOf(of.run());
  assert.instance(confirmed, AssertionError);
  assert.match(String(confirmed), /sink sums holds the results that were delivered to it/);
  const { kv } = of.world.disk;
  const { crc32 } = of.world.boot();
  for (const key of [...kv.keys()]) if (key.startsWith(CHECKPOINTS)) kv.delete(key);
  kv.set(progressKey('sums'), frameJson((bytes) => crc32(bytes), { ...forged, isHeld: true }));
  const unconfirmed = await failureOf(of.run());
  assert.instance(unconfirmed, AssertionError);
  assert.match(String(unconfirmed), /result \d+ made again has digest/);
});

test('a data directory that moved to another machine is refused until one start takes it over', async () => {
  const of = bench(numbers(60));
  await of.run({ until: received(10) });
  const moved = (): Platform => ({ ...of.world.boot(), machineId: 'another' });
  await refused(of.run({ platform: moved() }), /another machine/, /--take-over/);
  await of.run({ platform: moved(), settings: { takeOver: true }, until: received(10) });
  assert.is((await of.run({ platform: moved() })).metrics.rows, 60);
});

test('a new epoch of the same store keeps what the sinks hold: nothing is missing and nothing comes twice', async () => {
  const of = bench(numbers(60));
  await of.run({ until: received(20) });
  await of.run({ settings: { newEpoch: true }, until: received(10) });
  assert.is((await of.run()).metrics.rows, 60);
  assert.is(of.sums.visible.length, 21);
});

test('a checkpoint that rotted is passed over for the one before, and the log still holds what that needs', async () => {
  const of = bench(numbers(90));
  await of.run({ until: received(20) });
  await of.run({ until: received(20) });
  const { kv } = of.world.disk;
  const newest = [...kv.keys()].filter((key) => key.startsWith(CHECKPOINTS)).sort().at(-1) as string;
  const prefix = newest.slice(0, newest.indexOf('/', CHECKPOINTS.length));
  const page = [...kv.keys()].find((key) => key.startsWith(`${prefix}/pages`)) as string;
  const value = (kv.get(page) as Uint8Array).slice();
  value[100] = (value[100] as number) ^ 1;
  kv.set(page, value);
  const { metrics } = await of.run();
  assert.ok(of.lines.some((line) => /does not read back/.test(line)));
  assert.is(metrics.rows, 90);
  assert.is(of.sums.visible.at(-2), `+I 90:${89 * 45}`);
});

test('a row that traps twice gets a verdict and is skipped by every replay; the others count once', async () => {
  const of = bench([...numbers(10), 'trap', '5', 'trap', '7', ...numbers(20)]);
  const { metrics } = await of.run({ settings: { batchRowsMax: 16, lingerMs: 40, checkpointMs: 100_000 } });
  assert.is(metrics.rows, 32);
  assert.ok(metrics.traps >= 3);
  assert.is(of.lines.filter((line) => /is skipped from now on/.test(line)).length, 2);
  assert.ok([...of.world.disk.kv.keys()].some((key) => key.startsWith(VERDICTS)));
  assert.is((await of.run()).metrics.rows, 32);
});

test('a full state stops the job with what to do, and stops it there again', async () => {
  const of = bench([...numbers(9), 'full', '1']);
  for (let start = 0; start < 2; start += 1) {
    const failure = await failureOf(of.run());
    assert.instance(failure, JobFailure);
    assert.match((failure as JobFailure).message, /state is full at row/);
    assert.match((failure as JobFailure).remedy, /memory/);
  }
});

test('a sink that is away stops neither the log nor acknowledgement; its results wait in the store and come once', async () => {
  const of = bench(numbers(300));
  of.uplinkFailRate = 1;
  const first = await of.run({ until: received(300), settings: { outboxRamBytesMax: 2000 } });
  assert.is(first.metrics.sources[0]?.acknowledged, 300);
  assert.is(first.metrics.sinks[1]?.waiting, 600);
  assert.is(of.cells.visible.length, 0);
  of.uplinkFailRate = 0;
  await of.run({ settings: { outboxRamBytesMax: 2000 } });
  assert.is(of.cells.visible.length, 600);
  assert.is(of.sums.visible.length, 101);
});

test('a sink that keeps no progress goes on behind what was confirmed here', async () => {
  const of = bench(numbers(60));
  const shown: string[] = [];
  of.sums.sink = () => ({
    open: () => Promise.resolve(undefined), close: () => Promise.resolve(),
    deliver: (results) => { shown.push(...results.map(({ value }) => new TextDecoder().decode(value))); return Promise.resolve(); },
  });
  await of.run({ until: received(20) });
  const before = shown.length;
  assert.ok(before >= 6);
  await of.run();
  assert.is(shown.length, 21);
  assert.is(new Set(shown).size, 21);
});

test('one step of ten thousand results goes out in pieces, and no checkpoint is taken in the middle of it', async () => {
  const of = bench(['1', 'burst 10000', '2', '3']);
  const { metrics } = await of.run({ settings: { outputLimitBytes: 2000, outboxRamBytesMax: 20_000, outboxBytesMax: 60_000, checkpointMs: 1 } });
  assert.is(of.sums.visible.length, 10_002);
  assert.is(of.sums.visible[0], '+I 0:10000');
  assert.is(metrics.sinks[0]?.waiting, 0);
});

test('an error that no retry mends ends the job with that error', async () => {
  const of = bench(numbers(10));
  of.sums.sink = () => ({ open: () => Promise.reject(new IoError('wrong password', { retry: false, remedy: 'set the right one' })), deliver: () => Promise.resolve(), close: () => Promise.resolve() });
  const failure = await failureOf(of.run());
  assert.match(String(failure), /wrong password/);
  assert.is(exitCodeOf(failure), 3);
});

test.run();
