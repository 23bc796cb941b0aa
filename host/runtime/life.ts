/** A job that runs: the loops of the pump, housekeeping, a graceful stop, and what every end has in common. */
import type { Platform } from '../ports.ts';
import type { RecordIntake } from './intake.ts';
import type { Keeper } from './keeper.ts';
import type { Log } from './log.ts';
import type { Machine } from './machine.ts';
import { countersOf, type Metrics } from './metrics.ts';
import type { JobModule } from './module.ts';
import type { Outbox } from './outbox.ts';
import { compute, deliver, ingest } from './pump.ts';
import type { Identity } from './recover.ts';
import type { Limits } from './settings.ts';
import type { Sources } from './sources.ts';
import { createTicker } from './tick.ts';
import type { Uplink } from './uplink.ts';

const LOOK_PERIOD_MS = 200;
/** While the end of a bounded job is near, it is looked for more often. */
const LOOK_ENDING_MS = 5;
/** Longest that the loops hold the thread while records wait: an acknowledgement should not. */
const BREATH_MS = 10;

export interface Summary {
  /** `ended`: every source is bounded and every result is delivered. */
  readonly reason: 'ended' | 'stopped';
  readonly metrics: Metrics;
}

export interface RunningJob {
  /** Resolves when the job has ended or was stopped, rejects when it failed; the store may be closed then. */
  readonly done: Promise<Summary>;
  /** Stops reading, logs and steps what was read, checkpoints, acknowledges, delivers for a bounded time, closes. */
  stop(): Promise<Summary>;
  metrics(): Metrics;
}

/** Everything of one job, brought to where the store says that it stands. */
export interface Recovered {
  readonly platform: Platform;
  readonly settings: Limits;
  readonly module: JobModule;
  readonly identity: Identity;
  readonly log: Log;
  readonly machine: Machine;
  readonly outbox: Outbox;
  readonly sources: Sources;
  readonly intake: RecordIntake;
  readonly keeper: Keeper;
  readonly uplinks: readonly Uplink[];
  readonly ending: Ending;
  report(line: string): void;
}

/** How the job ends is decided once, by whoever comes first. */
export interface Ending {
  readonly promise: Promise<Summary['reason']>;
  readonly end: (reason: Summary['reason']) => void;
  readonly fail: (error: unknown) => void;
  isOver(): boolean;
}

export function createEnding(): Ending {
  let isOver = false;
  let settle: { resolve(reason: Summary['reason']): void; reject(error: unknown): void } | undefined;
  const promise = new Promise<Summary['reason']>((resolve, reject) => { settle = { resolve, reject }; });
  return {
    promise, isOver: () => isOver,
    end(reason) { isOver = true; settle?.resolve(reason); },
    fail(error) { isOver = true; settle?.reject(error); },
  };
}

/** Starts the loops; returns at once. */
export function runJob(parts: Recovered): RunningJob {
  const { log, machine, outbox, sources, intake, keeper, uplinks, ending } = parts;
  const { clock } = parts.platform;
  const ticker = createTicker(clock, intake, machine);
  const endAtStart = log.end();
  let hasCaughtUp = false;
  let isStopping = false;
  let breathedAt = clock.monotonic();

  function stepped(): void {
    if (!hasCaughtUp && machine.next() >= endAtStart) {
      hasCaughtUp = true;
      outbox.caughtUp();
    }
    if (machine.next() === log.end()) ticker.arm();
  }
  async function breathe(): Promise<void> {
    if (clock.monotonic() - breathedAt < BREATH_MS) return;
    await sleep(parts, 0);
    breathedAt = clock.monotonic();
  }
  async function keep(): Promise<void> {
    while (!ending.isOver() && !isStopping) {
      const isEnding = sources.haveEnded();
      if (isEnding && isIdle(parts) && outbox.isEmpty()) return ending.end('ended');
      await sleep(parts, isEnding ? LOOK_ENDING_MS : LOOK_PERIOD_MS);
      if (isStopping || ending.isOver()) return;
      await keeper.look();
      if (isIdle(parts)) ticker.look();
    }
  }
  async function stop(): Promise<Summary> {
    if (!isStopping) {
      isStopping = true;
      ticker.stop();
      await drained(parts).then(() => { ending.end('stopped'); }, ending.fail);
    }
    return done;
  }
  const done = ending.promise.finally(() => {
    isStopping = true;
    ticker.stop();
  }).then(async (reason): Promise<Summary> => {
    await saved(parts);
    await closed(parts);
    return { reason, metrics: metricsOf(parts) };
  }, async (error: unknown): Promise<never> => {
    await closed(parts);
    throw error;
  });
  done.catch(() => undefined); // whoever started the job may look later
  const loops = { intake, sources, log, machine, outbox, stepped, breathe, fail: ending.fail };
  sources.start();
  for (const loop of [ingest(loops), compute(loops), keep(), ...uplinks.map((uplink, sink) => deliver(loops, uplink, sink))]) loop.catch(ending.fail);
  return { done, stop, metrics: () => metricsOf(parts) };
}

function sleep({ platform }: Recovered, delayMs: number): Promise<void> {
  return new Promise((resolve) => { platform.clock.wake(delayMs, resolve); });
}

/** Everything that was read is durable and stepped. */
function isIdle({ intake, machine, log }: Recovered): boolean {
  return intake.isIdle() && machine.next() === log.end() && !machine.engine.isDraining();
}

/** Stages of a graceful stop before the last checkpoint, each for a bounded time: stop reading, log, step, deliver. */
async function drained(parts: Recovered): Promise<void> {
  const { sources, intake, outbox } = parts;
  await bounded(parts, sources.stop());
  intake.sealAll();
  await within(parts, () => isIdle(parts));
  await within(parts, () => outbox.isEmpty());
}

/** What a clean end writes, so that the next start replays nothing. */
async function saved(parts: Recovered): Promise<void> {
  const { sources, keeper } = parts;
  await bounded(parts, sources.stop());
  sources.askSnapshots();
  try {
    await keeper.checkpoint();
    await keeper.saveProgress();
  } catch (error) { // a full disk; the next start replays what this checkpoint would have saved it
    parts.report(`no checkpoint at the end: ${String(error)}`);
  }
}

async function closed(parts: Recovered): Promise<void> {
  parts.intake.close();
  parts.outbox.close();
  parts.log.close();
  await bounded(parts, Promise.all([parts.sources.close(), ...parts.uplinks.map((uplink) => uplink.close())]));
}

/** Waits for `isDone`, at most one stage of a graceful stop. */
async function within(parts: Recovered, isDone: () => boolean): Promise<void> {
  const { clock } = parts.platform;
  const deadline = clock.monotonic() + parts.settings.stopMs;
  while (!isDone() && clock.monotonic() < deadline) await sleep(parts, LOOK_ENDING_MS);
}

async function bounded(parts: Recovered, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const settled = work.then(() => { isDone = true; }, (error: unknown) => {
    isDone = true;
    parts.report(`while closing: ${String(error)}`);
  });
  await Promise.race([settled, within(parts, () => isDone)]);
}

function metricsOf(parts: Recovered): Metrics {
  const { log, machine, outbox, sources, intake, keeper, uplinks, module } = parts;
  const { clock, store } = parts.platform;
  const stepping = machine.stepping();
  return {
    at: clock.now(),
    sources: module.manifest.sources.map(({ table }, index) => ({
      name: table, ...intake.counts(index), ...sources.state(index), watermark: machine.engine.watermark(index),
    })),
    sinks: uplinks.map((uplink, index) => ({ name: uplink.sink, ...outbox.counts(index), ...uplink.state() })),
    ...countersOf(machine.engine.counters()),
    log: { first: log.first(), end: log.end(), sizeBytes: log.sizeBytes(), stepped: machine.next() },
    store: store.usage(), stateBytes: machine.engine.stateBytes(), checkpoint: keeper.counts(), traps: machine.traps(),
    stepping: stepping && { offset: stepping.offset, forMs: clock.monotonic() - stepping.since },
  };
}
