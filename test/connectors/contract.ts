/**
 * What the runtime relies on, for every source and every sink: a world offers payloads or shows results, the contract drives
 * the connector through the port alone. Import it in the connector's test and call `sourceContract` or `sinkContract`.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Progress, Result, Sink, SinkIdentity, Source } from '../../host/ports.ts';
import { pause } from '../cli/command.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';

/** The outside of a source. */
export interface SourceWorld {
  /** A new source over the same world; called again after each simulated crash. */
  create(): Source;
  /** Hands these payloads to the world, in order; returns without waiting for the source. */
  offer(payloads: readonly string[]): void;
  /** How many offered payloads the source has acknowledged; undefined where the world does not learn it (files). */
  acknowledgedCount?(): number;
  close(): Promise<void>;
}

export interface SourcePromise {
  /** Payloads come once even if the source dies between push and acknowledgement. */
  readonly isExactlyOnce: boolean;
}

export async function until(holds: () => boolean, what: string = String(holds)): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    assert.ok(waited < 10_000, `never: ${what}`);
    await pause(5);
  }
}

const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `{"n":${from + index}}`);
const COUNT = 40;

export function sourceContract(name: string, createWorld: () => Promise<SourceWorld>, { isExactlyOnce }: SourcePromise): void {
  function contract(sentence: string, run: (world: SourceWorld, log: MemoryLog) => Promise<void>): void {
    test(`${name}: ${sentence}`, async () => {
      const world = await createWorld();
      try {
        await run(world, createMemoryLog());
      } finally {
        await world.close();
      }
    });
  }
  contract('payloads arrive in order, and nothing is acknowledged before it is durable', async (world, log) => {
    const source = log.attach(world.create());
    await source.open(log.intake);
    world.offer(numbered(COUNT));
    await until(() => log.rows.length === COUNT);
    assert.equal(log.payloads(), numbered(COUNT));
    await pause(30);
    if (world.acknowledgedCount) {
      assert.is(world.acknowledgedCount(), 0);
      log.commit(COUNT / 2);
      await until(() => world.acknowledgedCount?.() === COUNT / 2);
      log.commit();
      await until(() => world.acknowledgedCount?.() === COUNT);
    } else log.commit();
    await source.close();
  });
  contract('a source that was told to pause pushes nothing until resume, and then goes on without a gap', async (world, log) => {
    const source = log.attach(world.create());
    log.hasRoom = false;
    await source.open(log.intake);
    world.offer(numbered(COUNT));
    for (let taken = 1; taken <= 5; taken += 1) {
      await until(() => log.rows.length >= taken);
      await pause(20);
      assert.is(log.rows.length, taken, 'the payload that was answered with false is the last one');
      source.resume();
    }
    log.hasRoom = true;
    source.resume();
    await until(() => log.rows.length === COUNT);
    assert.equal(log.payloads(), numbered(COUNT));
    log.commit();
    await source.close();
  });
  for (const [durable, saved] of [[0, 0], [COUNT / 2, 0], [COUNT / 2, COUNT / 4], [COUNT, COUNT / 2], [COUNT, COUNT]] as const) {
    const sentence = `a crash with ${durable} of ${COUNT} durable${saved > 0 ? ` and a checkpoint at ${saved}` : ''} leaves no gap`;
    contract(`${sentence}${isExactlyOnce ? ' and no duplicate' : ''}`, async (world, log) => {
      const first = log.attach(world.create());
      await first.open(log.intake);
      world.offer(numbered(saved));
      await until(() => log.rows.length === saved);
      log.commit();
      log.checkpoint();
      world.offer(numbered(COUNT - saved, saved));
      await until(() => log.rows.length === COUNT);
      log.detach(); // what becomes durable from now on is not acknowledged any more
      await first.close();
      log.commit(durable);
      const second = log.attach(world.create());
      assert.is(log.rows.length, durable, 'the rest was not durable');
      await second.open(log.intake);
      world.offer(numbered(3, COUNT));
      await until(() => new Set(log.payloads()).size === COUNT + 3);
      await pause(50);
      const wanted = numbered(COUNT + 3);
      if (isExactlyOnce) assert.equal(log.payloads().toSorted(byNumber), wanted);
      else assert.equal([...new Set(log.payloads())].toSorted(byNumber), wanted);
      log.commit();
      if (world.acknowledgedCount) await until(() => world.acknowledgedCount?.() === COUNT + 3);
      await second.close();
    });
  }
  contract('after stop nothing is pushed, what was pushed is still acknowledged, and close ends', async (world, log) => {
    const source = log.attach(world.create());
    await source.open(log.intake);
    world.offer(numbered(5));
    await until(() => log.rows.length === 5);
    await source.stop();
    world.offer(numbered(5, 5));
    await pause(50);
    assert.is(log.rows.length, 5);
    log.commit();
    if (world.acknowledgedCount) await until(() => world.acknowledgedCount?.() === 5);
    await source.close();
    await source.close();
  });
}

const byNumber = (a: string, b: string): number => (JSON.parse(a) as { n: number }).n - (JSON.parse(b) as { n: number }).n;

/** The outside of a sink. */
export interface SinkWorld {
  create(): Sink;
  /** Values that a reader sees now, in its order. */
  visible(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface SinkPromise {
  /** Results and progress become visible together, and `open` tells how far they are. */
  readonly isExactlyOnce: boolean;
}

const IDENTITY: SinkIdentity = { gateway: 'g0123456789', job: 'contract', sink: 'results', incarnation: 'one' };
const result = (sequence: number): Result => ({
  sequence, kind: '+I', key: undefined, value: Buffer.from(`{"n":${sequence}}`), arrival: 1_700_000_000_000, isChangeEnd: true,
});
const progressAt = (sequence: number): Progress => ({ incarnation: 'one', sequence, offset: sequence + 100, digest: sequence.toString(16).padStart(16, '0') });
const results = (from: number, to: number): Result[] => Array.from({ length: to - from + 1 }, (_, index) => result(from + index));
const values = (to: number): string[] => numbered(to, 1);

export function sinkContract(name: string, createWorld: () => Promise<SinkWorld>, { isExactlyOnce }: SinkPromise): void {
  test(`${name}: results are visible in order when deliver has resolved, over several deliveries`, async () => {
    const world = await createWorld();
    const sink = world.create();
    assert.is(await sink.open(IDENTITY), undefined, 'a first run holds no progress');
    await sink.deliver(results(1, 1), progressAt(1));
    assert.equal(await world.visible(), values(1));
    await sink.deliver(results(2, 50), progressAt(50));
    assert.equal(await world.visible(), values(50));
    await sink.close();
    await sink.close();
    await world.close();
  });
  for (const ending of ['is closed', 'dies without a close'] as const) {
    test(`${name}: a sink that ${ending} is opened again where it ${isExactlyOnce ? 'stood, as its progress tells' : 'keeps no progress'}`, async () => {
      const world = await createWorld();
      const first = world.create();
      await first.open(IDENTITY);
      await first.deliver(results(1, 20), progressAt(20));
      if (ending === 'is closed') await first.close();
      const second = world.create();
      assert.equal(await second.open(IDENTITY), isExactlyOnce ? progressAt(20) : undefined);
      await second.deliver(results(21, 30), progressAt(30));
      assert.equal(await world.visible(), values(30));
      await second.close();
      await first.close().catch(() => undefined); // fenced, or closed already
      await world.close();
    });
  }
}
