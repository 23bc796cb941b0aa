/**
 * Starts one compiled job on one store and ends it: identity, checkpoint, replay, the loops of the pump, housekeeping,
 * graceful stop. The one place where the parts of the runtime meet.
 */
import type { Manifest } from '../manifest.ts';
import { type Connector, type ConnectorContext, type ConnectorOptions, type Platform, type Sink, type Source } from '../ports.ts';
import { createCheckpoints } from './checkpoint.ts';
import { Refusal } from './errors.ts';
import { createIntake, PAYLOAD_BYTES_MAX, type RecordIntake } from './intake.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { createLog, type Log } from './log.ts';
import { createMachine, type Machine, type MachineParts } from './machine.ts';
import { countersOf, type Metrics } from './metrics.ts';
import { type JobModule, openModule } from './module.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { compute, deliver, ingest, type Parts } from './pump.ts';
import { finishLog, type Identity, moduleEntries, recoverIdentity, type RecoverSettings } from './recover.ts';
import { createSources, type Sources } from './sources.ts';
import { createUplink, type Uplink } from './uplink.ts';

/** How a job runs; everything has a default. */
export interface RunSettings extends RecoverSettings {
  /** Linear memory of the job: 12 MiB of areas, the rest is state. */
  readonly memoryMaxBytes?: number;
  readonly checkpointMs?: number;
  readonly checkpointLogBytes?: number;
  readonly lingerMs?: number;
  readonly batchRowsMax?: number;
  readonly batchBytesMax?: number;
  readonly appendsMax?: number;
  /** Output between two looks at the outbox. */
  readonly outputLimitBytes?: number;
  readonly outboxRamBytesMax?: number;
  readonly outboxBytesMax?: number;
  readonly deliverCountMax?: number;
  readonly deliverBytesMax?: number;
  /** How long a graceful stop waits for each of its stages. */
  readonly stopMs?: number;
  /** Turns `${env:NAME}` and `${file:path}` of a table's options into what they stand for. */
  resolveOptions?(options: ConnectorOptions, table: string): ConnectorOptions;
}

/** What is a number in RunSettings. */
type Limits = Required<Omit<RunSettings, keyof RecoverSettings | 'resolveOptions'>>;

export interface JobParts {
  readonly module: Uint8Array;
  readonly platform: Platform;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly settings: RunSettings;
  log(line: string): void;
}

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

/** Defaults; the reasons are in docs/delivery.md, the measurements in lab reports and bench/results. */
const DEFAULTS: Limits = {
  memoryMaxBytes: 256 * 2 ** 20,
  checkpointMs: 10_000, checkpointLogBytes: 64 * 2 ** 20,
  lingerMs: 5, batchRowsMax: 4096, batchBytesMax: 512 * 1024, appendsMax: 4,
  outputLimitBytes: 1024 * 1024, // a step of more output lets the deliver loops in between
  outboxRamBytesMax: 16 * 2 ** 20, outboxBytesMax: 2 ** 30, deliverCountMax: 1000, deliverBytesMax: 768 * 1024, // Kafka's 1 MB a send
  stopMs: 5000,
};
const LOOK_PERIOD_MS = 200;
/** While the end of a bounded job is near, it is looked for more often. */
const LOOK_ENDING_MS = 5;
/** Longest that the loops hold the thread while records wait: an acknowledgement should not. */
const BREATH_MS = 10;
/** A tick that was asked for and could not be logged is asked for again after this. */
const TICK_RETRY_MS = 1000;

/** Throws Refusal (configuration, exit 3) or IoError before anything runs; later failures reject `done`. */
export async function startJob(job: JobParts): Promise<RunningJob> {
  const running = await recovered(job);
  running.run();
  return running;
}

interface Recovery {
  readonly settings: Limits & RunSettings;
  readonly module: JobModule;
  readonly identity: Identity;
  readonly log: Log; readonly machine: Machine; readonly outbox: Outbox; readonly sources: Sources; readonly intake: RecordIntake;
  readonly keeper: Keeper; readonly uplinks: readonly Uplink[];
}

/** Brings every part to where the store says that the job stands. */
async function recovered(job: JobParts): Promise<RunningJob & { run(): void }> {
  const { platform } = job;
  const settings = { ...DEFAULTS, ...job.settings };
  const module = openModule(job.module);
  const { manifest } = module;
  const connectors = boundConnectors(job, manifest);
  const { identity, formerModule } = await recoverIdentity(platform, module, job.module, settings);
  const { store, crc32, clock } = platform;
  const log = createLog(store, crc32);
  const checkpoints = createCheckpoints(store, crc32, job.log);
  const loaded = checkpoints.load();
  let keeper: Keeper | undefined;
  const machineParts = (wasm: WebAssembly.Module): MachineParts => ({
    wasm, store, crc32, log, memoryMaxBytes: settings.memoryMaxBytes, outputLimitBytes: settings.outputLimitBytes,
    report: job.log, monotonic: () => clock.monotonic(),
    load: async () => { await keeper?.settled(); return checkpoints.load(); },
  });
  let machine = createMachine(machineParts(formerModule ? openModule(formerModule).wasm : module.wasm), loaded);
  const sinks = manifest.sinks.map(({ name }) => name);
  const outbox = createOutbox({
    store, crc32, incarnation: identity.incarnation, sinks, report: job.log,
    limits: {
      ramBytesMax: settings.outboxRamBytesMax, bytesMax: settings.outboxBytesMax, takeCountMax: settings.deliverCountMax, takeBytesMax: settings.deliverBytesMax,
    },
  }, (sink) => machine.engine.sink(sink).sequence);
  const ending = createEnding();
  const intake = createIntake(clock, settings, manifest.sources.length, 0);
  const sources = createSources({
    intake, log, clock, names: manifest.sources.map(({ table }) => table), report: job.log, fail: ending.fail,
    create: (index) => connectors.source(index, identity),
  }, loaded?.sources ?? []);
  const keeperOf = (of: Machine): Keeper => createKeeper({
    store, clock, log, machine: of, outbox, sources, checkpoints, sinks, report: job.log,
    checkpointMs: settings.checkpointMs, checkpointLogBytes: settings.checkpointLogBytes,
  });
  if (formerModule) {
    job.log('the job has changed and its state still fits: finishing the log with the former version first');
    await finishLog(machine, outbox, log);
    await keeperOf(machine).checkpoint({ put: moduleEntries(crc32, module, job.module) });
    machine = createMachine(machineParts(module.wasm), checkpoints.load());
  }
  keeper = keeperOf(machine);
  const endAtStart = log.end();
  const uplinks = sinks.map((sink, index) => createUplink({
    clock, endAtStart, formerIncarnation: identity.formerIncarnation, isNewEpoch: settings.newEpoch === true, report: job.log,
    identity: { gateway: identity.gateway, job: identity.job, sink, incarnation: identity.incarnation },
    create: () => connectors.sink(index, identity),
  }));
  return lifeOf(job, { settings, module, identity, log, machine, outbox, sources, intake, keeper, uplinks }, ending);
}

interface Ending { readonly promise: Promise<Summary['reason']>; readonly end: (reason: Summary['reason']) => void; readonly fail: (error: unknown) => void; isOver(): boolean }

function createEnding(): Ending {
  let isOver = false;
  let settle: { resolve(reason: Summary['reason']): void; reject(error: unknown): void } | undefined;
  const promise = new Promise<Summary['reason']>((resolve, reject) => { settle = { resolve, reject }; });
  return {
    promise, isOver: () => isOver,
    end(reason) { isOver = true; settle?.resolve(reason); },
    fail(error) { isOver = true; settle?.reject(error); },
  };
}

/** The running job: its loops, its housekeeping, its stop. */
function lifeOf(job: JobParts, parts: Recovery, ending: Ending): RunningJob & { run(): void } {
  const { clock, store } = job.platform;
  const { settings, log, machine, outbox, sources, intake, keeper, uplinks } = parts;
  const endAtStart = log.end();
  let hasCaughtUp = false;
  let isStopping = false;
  let cancelTick: (() => void) | undefined;
  let tickArmedAt = 0;
  let breathedAt = clock.monotonic();

  const sleep = (delayMs: number): Promise<void> => new Promise((resolve) => { clock.wake(delayMs, resolve); });
  const isIdle = (): boolean => intake.isIdle() && machine.next() === log.end() && !machine.engine.isDraining();

  function armTick(): void {
    cancelTick?.();
    cancelTick = undefined;
    const at = machine.engine.tickAt();
    if (at === undefined || isStopping) return;
    tickArmedAt = clock.monotonic();
    cancelTick = clock.wake(Math.max(0, at - clock.now()), () => {
      cancelTick = undefined;
      if (!isStopping && !ending.isOver()) intake.tick();
    });
  }
  function caughtUp(): void {
    if (!hasCaughtUp && machine.next() >= endAtStart) {
      hasCaughtUp = true;
      outbox.caughtUp();
    }
    armTick();
  }
  const loops: Parts = {
    intake, sources, log, machine, outbox, caughtUp, fail: ending.fail,
    async breathe() {
      const now = clock.monotonic();
      if (now - breathedAt < BREATH_MS) return;
      await sleep(0);
      breathedAt = clock.monotonic();
    },
  };
  async function keep(): Promise<void> {
    while (!ending.isOver() && !isStopping) {
      const isEnding = sources.haveEnded();
      if (isEnding && isIdle() && outbox.isEmpty()) return ending.end('ended');
      await sleep(isEnding ? LOOK_ENDING_MS : LOOK_PERIOD_MS);
      if (isStopping || ending.isOver()) return;
      await keeper.look();
      const isTickLost = cancelTick === undefined && machine.engine.tickAt() !== undefined && isIdle() && clock.monotonic() - tickArmedAt > TICK_RETRY_MS;
      if (isTickLost) armTick();
    }
  }
  /** Waits for `isDone`, at most a stage of a graceful stop. */
  async function within(isDone: () => boolean): Promise<void> {
    const deadline = clock.monotonic() + settings.stopMs;
    while (!isDone() && clock.monotonic() < deadline && !ending.isOver()) await sleep(LOOK_ENDING_MS);
  }
  async function bounded(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const settled = work.then(() => { isDone = true; }, (error: unknown) => { isDone = true; job.log(`while closing: ${String(error)}`); });
    await Promise.race([settled, within(() => isDone)]);
  }
  async function stop(): Promise<Summary> {
    if (!isStopping) {
      isStopping = true;
      try {
        await bounded(sources.stop());
        intake.sealAll();
        await within(isIdle);
        await within(() => outbox.isEmpty());
        ending.end('stopped');
      } catch (error) {
        ending.fail(error);
      }
    }
    return done;
  }
  /** What every end has in common; `isClean`: the parts are whole and may write what they know. */
  async function shut(isClean: boolean): Promise<void> {
    isStopping = true;
    cancelTick?.();
    if (isClean) {
      await bounded(sources.stop());
      sources.askSnapshots();
      try {
        await keeper.checkpoint();
        await keeper.saveProgress();
      } catch (error) { // a full disk; the next start replays what this checkpoint would have saved it
        job.log(`no checkpoint at the end: ${String(error)}`);
      }
    }
    intake.close();
    outbox.close();
    log.close();
    await bounded(Promise.all([sources.close(), ...uplinks.map((uplink) => uplink.close())]));
  }
  const metrics = (): Metrics => metricsOf(job, parts);
  const done = ending.promise.then(async (reason): Promise<Summary> => {
    await shut(true);
    return { reason, metrics: metrics() };
  }, async (error: unknown): Promise<never> => {
    await shut(false);
    throw error;
  });
  done.catch(() => undefined); // whoever started the job may look later
  return {
    done, stop, metrics,
    run() {
      sources.start();
      if (machine.next() === log.end()) caughtUp();
      for (const loop of [ingest(loops), compute(loops), keep(), ...uplinks.map((uplink, sink) => deliver(loops, uplink, sink))]) loop.catch(ending.fail);
      job.log(`job ${parts.identity.job}: started at log record ${machine.next()} of ${log.end()}, store on ${store.durability}`);
    },
  };
}

function metricsOf(job: JobParts, parts: Recovery): Metrics {
  const { log, machine, outbox, sources, intake, keeper, uplinks, module } = parts;
  const { clock, store } = job.platform;
  const stepping = machine.stepping();
  return {
    at: clock.now(),
    sources: module.manifest.sources.map(({ table }, index) => ({ name: table, ...intake.counts(index), ...sources.state(index) })),
    sinks: module.manifest.sinks.map(({ name }, index) => ({ name, ...outbox.counts(index), ...(uplinks[index] as Uplink).state() })),
    ...countersOf(machine.engine.counters()),
    log: { first: log.first(), end: log.end(), sizeBytes: log.sizeBytes(), stepped: machine.next() },
    store: store.usage(), stateBytes: machine.engine.stateBytes(), checkpoint: keeper.counts(), traps: machine.traps(),
    stepping: stepping && { offset: stepping.offset, forMs: clock.monotonic() - stepping.since },
  };
}

/** Finds every connector before anything starts. Throws Refusal. */
function boundConnectors(job: JobParts, manifest: Manifest): { source(index: number, identity: Identity): Source; sink(index: number, identity: Identity): Sink } {
  const context = (table: Manifest['sources'][number] | Manifest['sinks'][number], identity: Identity): ConnectorContext => ({
    table: table.table, columns: table.columns, clock: job.platform.clock, gateway: identity.gateway, job: identity.job,
    payloadMaxBytes: 'payloadMaxBytes' in table ? table.payloadMaxBytes : 0,
    options: job.settings.resolveOptions?.(table.options, table.table) ?? table.options,
    log: (line) => { job.log(`${table.table}: ${line}`); },
  });
  function made<T>(table: string, name: string, make: (connector: Connector) => ((context: ConnectorContext) => T) | undefined): (context: ConnectorContext) => T {
    const connector = job.connectors.get(name);
    const create = connector && make(connector);
    if (create) return create.bind(connector) as (context: ConnectorContext) => T;
    throw new Refusal(`table ${table}: no connector '${name}' that can be used this way`, `known connectors: ${[...job.connectors.keys()].join(', ')}`);
  }
  const sources = manifest.sources.map((table) => {
    if (table.payloadMaxBytes > PAYLOAD_BYTES_MAX) {
      throw new Refusal(`table ${table.table}: payloads of ${table.payloadMaxBytes} bytes do not fit a log record`, `allow at most ${PAYLOAD_BYTES_MAX} bytes`);
    }
    return made(table.table, table.connector, ({ createSource }) => createSource);
  });
  const sinks = manifest.sinks.map((table) => made(table.table, table.connector, ({ createSink }) => createSink));
  return {
    source: (index, identity) => (sources[index] as (typeof sources)[number])(context(manifest.sources[index] as Manifest['sources'][number], identity)),
    sink: (index, identity) => (sinks[index] as (typeof sinks)[number])(context(manifest.sinks[index] as Manifest['sinks'][number], identity)),
  };
}
