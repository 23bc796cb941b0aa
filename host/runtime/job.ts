/**
 * Starts one compiled job on one store: identity, checkpoint, replay, then the loops of life.ts. The one place where the
 * parts of the runtime meet.
 */
import type { Connector, Platform } from '../ports.ts';
import { bindConnectors } from './binding.ts';
import { createCheckpoints } from './checkpoint.ts';
import { createIntake } from './intake.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { createEnding, type Recovered, type RunningJob, runJob, type Summary } from './life.ts';
import { createLog } from './log.ts';
import { createMachine, type Machine, type MachineParts } from './machine.ts';
import { openModule } from './module.ts';
import { createOutbox } from './outbox.ts';
import { finishLog, moduleEntries, recoverIdentity } from './recover.ts';
import { DEFAULTS, type RunSettings, settingsOf } from './settings.ts';
import { createSources } from './sources.ts';
import { createUplink } from './uplink.ts';

export type { RunningJob, RunSettings, Summary };

export interface JobParts {
  readonly module: Uint8Array;
  readonly platform: Platform;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly settings: RunSettings;
  log(line: string): void;
}

/** Throws Refusal (configuration, exit 3) or IoError before anything runs; later failures reject `done`. */
export async function startJob(job: JobParts): Promise<RunningJob> {
  const parts = await recovered(job);
  const [next, end] = [parts.machine.next(), parts.log.end()];
  const place = end === 0 ? '' : ` (${next === 0 ? 'no checkpoint' : 'checkpoint restored'}, ${end - next} records to step again)`;
  job.log(`job ${parts.identity.job}: starting at log record ${next} of ${end}${place}, store on ${job.platform.store.durability}`);
  return runJob(parts);
}

/** Brings every part to where the store says that the job stands. */
async function recovered(job: JobParts): Promise<Recovered> {
  const { platform, log: report } = job;
  const { store, crc32, clock } = platform;
  const module = openModule(job.module);
  const settings = { ...DEFAULTS, ...settingsOf(module.manifest), ...job.settings };
  const sinks = module.manifest.sinks.map(({ name }) => name);
  const binding = bindConnectors(job, module.manifest);
  const { identity, formerModule } = await recoverIdentity(platform, module, job.module, settings);
  const log = createLog(store, crc32, clock);
  const checkpoints = createCheckpoints(store, crc32, report);
  const loaded = checkpoints.load();
  let keeper: Keeper | undefined;
  const machineParts = (wasm: WebAssembly.Module): MachineParts => ({
    wasm, store, crc32, log, report, memoryMaxBytes: settings.memoryMaxBytes, outputLimitBytes: settings.outputLimitBytes,
    monotonic: () => clock.monotonic(),
    load: async () => { await keeper?.settled(); return checkpoints.load(); },
  });
  let machine = createMachine(machineParts(formerModule ? openModule(formerModule).wasm : module.wasm), loaded);
  const outbox = createOutbox({
    store, crc32, sinks, report, incarnation: identity.incarnation,
    limits: {
      ramBytesMax: settings.outboxRamBytesMax, bytesMax: settings.outboxBytesMax,
      takeCountMax: settings.deliverCountMax, takeBytesMax: settings.deliverBytesMax,
    },
  }, (sink) => machine.engine.sink(sink).sequence);
  const ending = createEnding();
  const intake = createIntake(clock, settings, module.manifest.sources.length);
  const sources = createSources({
    intake, log, clock, report, names: module.manifest.sources.map(({ table }) => table), fail: ending.fail,
    create: (index) => binding.source(index, identity),
  }, loaded?.sources ?? []);
  const keeperOf = (of: Machine): Keeper => createKeeper({
    store, clock, log, machine: of, outbox, sources, checkpoints, sinks, report,
    checkpointMs: settings.checkpointMs, checkpointLogBytes: settings.checkpointLogBytes,
  });
  if (formerModule) {
    report('the job has changed and its state still fits: finishing the log with the former version first');
    await finishLog(machine, outbox, log);
    await keeperOf(machine).checkpoint({ put: moduleEntries(crc32, module, job.module) });
    machine = createMachine(machineParts(module.wasm), checkpoints.load());
  }
  keeper = keeperOf(machine);
  const endAtStart = log.end();
  const uplinks = sinks.map((sink, index) => createUplink({
    clock, endAtStart, report, formerIncarnation: identity.formerIncarnation, isNewEpoch: settings.newEpoch === true,
    identity: { gateway: identity.gateway, job: identity.job, sink, incarnation: identity.incarnation },
    create: () => binding.sink(index, identity),
  }));
  return { platform, settings, module, identity, log, machine, outbox, sources, intake, keeper, uplinks, ending, report };
}
