/**
 * One seed = one history of crashes, full disks, lost acknowledgements and failing uplinks around the real runtime and a
 * real module. Says whether anything was lost or doubled, and whether the results are those of a run without any of it.
 */
import { BATCH_DATA } from '../assembly/abi.ts';
import { createWorld, type World } from '../host/platform/sim.ts';
import { createSimBroker, type SimBroker } from '../host/platform/sim-broker.ts';
import { createSimUplink, type SimUplink } from '../host/platform/sim-uplink.ts';
import { type Connector, IoError, type Source } from '../host/ports.ts';
import { readBatch, TRAILER_BYTES } from '../host/runtime/batch.ts';
import { createEngine } from '../host/runtime/engine.ts';
import { startJob, type RunSettings } from '../host/runtime/job.ts';
import { openModule } from '../host/runtime/module.ts';
import { lengthAt, outputOf, resultAt, sinkAt } from '../host/runtime/output.ts';
import { withManifest } from './host/runtime/sample-job.ts';

/** Wraps a source to break one protection; the product has no switch for it. `world` outlives the source. */
export type Wrap = (source: Source, world: World, memory: SideMemory) => Source;
/** What a wrapped source keeps outside of the log. */
export interface SideMemory { snapshot: Uint8Array | undefined }

export interface Simulation {
  readonly seed: number;
  readonly sources?: number;
  readonly payloadCount?: number;
  readonly crashRate?: number;
  readonly fullRate?: number;
  readonly uplinkFailRate?: number;
  /** Chance of a payload that is no plain number: a burst, a wish for a tick, a trap. */
  readonly oddRate?: number;
  readonly wrap?: Wrap;
}

export interface Outcome { readonly verdict: 'ok' | 'lost' | 'doubled' | 'wrong'; readonly lives: number; readonly note: string }

const LIVES_MAX = 60;
const MEMORY_BYTES = 14 * 2 ** 20;
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const decoder = new TextDecoder();

export async function simulate(sample: Uint8Array, simulation: Simulation): Promise<Outcome> {
  const { sources = 2, payloadCount = 60, uplinkFailRate = 0.1, crashRate = 0.02 } = simulation;
  const world = createWorld({ seed: simulation.seed, turn, crashRate, fullRate: () => simulation.fullRate ?? 0.01 });
  const module = withManifest(sample, { sources });
  let failRate = uplinkFailRate;
  const uplinks = new Map(['sums', 'cells'].map((name) => [name, createSimUplink(world, () => failRate)]));
  const brokers = Array.from({ length: sources }, () => createSimBroker(world, {
    payloads: payloadsOf(world, payloadCount, simulation.oddRate ?? 0.1), isBounded: true, refuseRate: 0.1,
  }));
  const connectors = connectorOf(world, brokers, uplinks, simulation.wrap);
  const settings = settingsOf(world);
  let lives = 0;
  for (let isOver = false; !isOver;) {
    lives += 1;
    if (lives > LIVES_MAX) {
      world.calm();
      failRate = 0;
    }
    let failure: unknown;
    const job = startJob({ module, platform: world.boot(), connectors, settings, log: () => undefined });
    job.then(({ done }) => done).then(() => { isOver = true; }, (error: unknown) => { failure = error; });
    await world.live(() => isOver || failure !== undefined);
    if (failure instanceof IoError && failure.retry) continue; // a full disk at start, say; a service manager would start it again
    if (failure !== undefined) return { verdict: 'wrong', lives, note: failure instanceof Error ? failure.stack ?? failure.message : String(failure) };
  }
  return judged(module, world, brokers, uplinks, lives, payloadCount);
}

function payloadsOf(world: World, count: number, oddRate: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    if (world.random() >= oddRate) return String(index);
    return [`burst ${Math.floor(world.random() * 60)}`, 'wake 15', 'wake 3', 'trap'][Math.floor(world.random() * 4)] as string;
  });
}

/** Small limits, so that few payloads reach every border; other ones with every seed. */
function settingsOf(world: World): RunSettings {
  const between = (low: number, high: number): number => low + Math.floor(world.random() * (high - low));
  return {
    memoryMaxBytes: MEMORY_BYTES, checkpointMs: between(5, 300), checkpointLogBytes: between(500, 20_000), lingerMs: between(0, 6),
    batchRowsMax: between(1, 9), batchBytesMax: between(300, 2000), appendsMax: between(1, 5), outputLimitBytes: between(1, 3000),
    outboxRamBytesMax: between(200, 8000), outboxBytesMax: between(2000, 50_000), deliverCountMax: between(1, 20), deliverBytesMax: 100_000, stopMs: 500,
  };
}

function connectorOf(world: World, brokers: readonly SimBroker[], uplinks: ReadonlyMap<string, SimUplink>, wrap: Wrap | undefined): ReadonlyMap<string, Connector> {
  const memories = brokers.map((): SideMemory => ({ snapshot: undefined }));
  const connector: Connector = {
    description: { name: 'sim', description: 'simulated', options: [] },
    createSource({ table }) {
      const index = Number(table.slice('in-'.length));
      const source = (brokers[index] as SimBroker).source();
      return wrap ? wrap(source, world, memories[index] as SideMemory) : source;
    },
    createSink: ({ table }) => (uplinks.get(table) as SimUplink).sink(),
  };
  return new Map([['sim', connector]]);
}

function judged(
  module: Uint8Array, world: World, brokers: readonly SimBroker[], uplinks: ReadonlyMap<string, SimUplink>, lives: number, payloadCount: number,
): Outcome {
  const counts = brokers.map(() => new Map<number, number>());
  for (const record of world.disk.history) {
    const { kind, source, packetIds } = readBatch(record.slice(0, record.length - TRAILER_BYTES));
    if (kind === BATCH_DATA) for (const id of packetIds) counts[source]?.set(id, (counts[source].get(id) ?? 0) + 1);
  }
  for (const [source, seen] of counts.entries()) {
    if ([...seen.values()].some((count) => count > 1)) return { verdict: 'doubled', lives, note: `source ${source}` };
    if (seen.size < payloadCount) return { verdict: 'lost', lives, note: `source ${source}: ${seen.size} of ${payloadCount}` };
  }
  const expected = resultsOf(module, world.disk.history);
  for (const [index, name] of ['sums', 'cells'].entries()) {
    const visible = (uplinks.get(name) as SimUplink).visible.join('\n');
    if (visible !== (expected[index] as string[]).join('\n')) return { verdict: 'wrong', lives, note: `sink ${name} holds other results than a run without crashes gives` };
  }
  return { verdict: 'ok', lives, note: '' };
}

/** What one uninterrupted run over these records gives each sink. */
function resultsOf(module: Uint8Array, history: readonly Uint8Array[]): string[][] {
  const engine = createEngine(openModule(module).wasm, { memoryMaxBytes: MEMORY_BYTES, outputLimitBytes: 2 ** 20 });
  const results: string[][] = [[], []];
  history.forEach((stored, offset) => {
    const record = stored.slice(0, stored.length - TRAILER_BYTES);
    const { offsets, body, count } = readBatch(record);
    const traps = Array.from({ length: count }, (_, row) => row).filter((row) => decoder.decode(body.slice(offsets[row], offsets[row + 1])) === 'trap');
    let status = engine.step(offset, (target) => { target.set(record); return record.length; }, traps);
    for (;;) {
      const output = outputOf(engine.takeOutput());
      for (let at = 0; at < output.bytes.length; at += lengthAt(output, at)) {
        const { kind, value } = resultAt(output, at);
        results[sinkAt(output, at)]?.push(`${kind} ${decoder.decode(value)}`);
      }
      if (status !== 'more') break;
      status = engine.drain();
    }
  });
  return results;
}
