/**
 * Devices -> listener -> durable log on LMDB, without a job: publishers in processes of their own send QoS 1 over loopback,
 * with a bounded number in flight, and time their PUBACKs (publisher.ts). Everything of the ingest path is real.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mqtt } from '../connectors/mqtt.ts';
import { openNode } from '../host/platform/node.ts';
import type { ConnectorContext, Source } from '../host/ports.ts';
import { createIntake, type RecordIntake } from '../host/runtime/intake.ts';
import { createLog } from '../host/runtime/log.ts';
import { quantile, spread } from './figures.ts';
import { startPublisher } from './publisher.ts';

const PORT = 21_890;
const RUNS = 5;
/** What the publisher sends at once. */
const BLOCK_ROWS = 256;
const SHAPES = [
  { publishers: 1, inFlight: 8192, rows: 1_048_576 }, { publishers: 3, inFlight: 4096, rows: 1_048_576 }, { publishers: 1, inFlight: 512, rows: 262_144 },
] as const;
type Shape = typeof SHAPES[number];

interface Run { readonly perSecond: number; readonly cpuMicros: number; readonly p50: number; readonly p99: number; readonly perCommit: number }

async function ingest(intake: RecordIntake, log: ReturnType<typeof createLog>): Promise<void> {
  for (let sealed = await intake.take(); sealed; sealed = await intake.take()) {
    const batch = sealed;
    void log.append(batch.record).then(() => { intake.committed(batch); });
  }
}

async function run({ publishers, inFlight, rows }: Shape): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const platform = await openNode({ dataFolder: folder });
  const log = createLog(platform.store, platform.crc32, platform.clock);
  const intake = createIntake(platform.clock, { lingerMs: 5, batchRowsMax: 4096, batchBytesMax: 512 * 1024, appendsMax: 4 }, 1);
  const source = (mqtt.createSource as (context: ConnectorContext) => Source)({
    table: 't', options: { listen: `127.0.0.1:${PORT}`, topic: 'plant/#' }, clock: platform.clock, payloadMaxBytes: 1 << 18,
    gateway: 'bench', job: 'bench', columns: [], log: (line) => { throw new Error(line); },
  });
  source.restore(undefined);
  const loop = ingest(intake, log);
  await source.open(intake.begin(0, source, (error) => { throw error; }));
  const each = rows / publishers - (rows / publishers) % BLOCK_ROWS;
  const all = await Promise.all(Array.from({ length: publishers }, (_, index) => (
    startPublisher({ port: PORT, client: `publisher-${index}`, topic: `plant/7/line/${index}`, deviceCount: 1000, inFlightMax: inFlight, count: each })
  )));
  const batchesBefore = intake.counts(0).batches;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const reports = await Promise.all(all.map((publisher) => publisher.go()));
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const latencies = reports.flatMap(({ blocks }) => blocks.map(([, latencyMs]) => latencyMs));
  const count = each * publishers;
  if (intake.counts(0).acknowledged !== count) throw new Error(`${intake.counts(0).acknowledged} of ${count} acknowledged`);
  const batches = intake.counts(0).batches - batchesBefore;
  await Promise.all(all.map((publisher) => publisher.finish(Date.now())));
  await source.close();
  intake.close();
  await loop;
  await platform.store.close();
  rmSync(folder, { recursive: true });
  return { perSecond: count / seconds, cpuMicros: (user + system) / count, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), perCommit: count / batches };
}

console.log(`listener: QoS 1, payloads of about 90 bytes, acknowledged when on disk (LMDB, synced), no job; publishers on the same machine`);
console.log(`median of ${RUNS} runs (lowest to highest)`);
for (const shape of SHAPES) {
  const runs: Run[] = [];
  for (let done = 0; done < RUNS; done += 1) runs.push(await run(shape));
  console.log(`${shape.publishers} publisher${shape.publishers > 1 ? 's' : ''}, ${shape.inFlight} in flight each`);
  console.log(`  payloads a second     ${spread(runs.map(({ perSecond }) => perSecond), 0)}`);
  console.log(`  acknowledged, p50 ms  ${spread(runs.map(({ p50 }) => p50), 1)}`);
  console.log(`  acknowledged, p99 ms  ${spread(runs.map(({ p99 }) => p99), 1)}`);
  console.log(`  CPU us a payload      ${spread(runs.map(({ cpuMicros }) => cpuMicros), 2)}`);
  console.log(`  payloads a commit     ${spread(runs.map(({ perCommit }) => perCommit), 0)}`);
}
