/**
 * Devices -> listener -> durable log on LMDB, without a job: publishers in processes of their own send pre-encoded QoS 1
 * packets over loopback, with a bounded number in flight, and time their PUBACKs. Everything of the ingest path is real.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packets from 'mqtt-packet';
import { mqtt } from '../connectors/mqtt.ts';
import { openNode } from '../host/platform/node.ts';
import type { ConnectorContext, Source } from '../host/ports.ts';
import { createIntake, type RecordIntake } from '../host/runtime/intake.ts';
import { createLog } from '../host/runtime/log.ts';

const PORT = 21_890;
const RUNS = 5;
const IDS = 65_280; // a multiple of BLOCK below 65,536
const BLOCK = 256; // packets a write
const PAYLOAD = '{"device":"sensor-0042","at":1700000000000,"celsius":21.4375,"humidity":0.5312,"pressure":1013.25}'.padEnd(100);
const SHAPES = [
  { publishers: 1, inFlight: 8192, rows: 1_048_576 }, { publishers: 3, inFlight: 4096, rows: 1_048_576 }, { publishers: 1, inFlight: 512, rows: 262_144 },
] as const;
type Shape = typeof SHAPES[number];

interface Run { readonly perSecond: number; readonly cpuMicros: number; readonly p50: number; readonly p99: number; readonly perCommit: number }

// ------------------------------------------------------------------------------------------------------------- publisher

/** Sends `count` packets and prints the latencies of its blocks, in ms. */
async function publish(name: string, count: number, inFlight: number): Promise<void> {
  const topic = `plant/7/line/3/${name}`;
  const all = Array.from({ length: IDS }, (_, index) => packets.generate({
    cmd: 'publish', topic, payload: PAYLOAD, qos: 1, dup: false, retain: false, messageId: index + 1,
  }));
  const stream = Buffer.concat(all);
  const packetBytes = stream.length / IDS;
  const blocks = IDS / BLOCK;
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const socket = connect(PORT, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  socket.write(packets.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: false, clientId: name, keepalive: 0 }));
  await once(socket, 'data');
  process.send?.('ready');
  await once(process, 'message');
  let ackedBytes = 0;
  const send = (): void => {
    while (sentAt.length * BLOCK < count && (sentAt.length - latencies.length + 1) * BLOCK <= inFlight) {
      const block = sentAt.length % blocks;
      sentAt.push(performance.now());
      socket.write(stream.subarray(block * BLOCK * packetBytes, (block + 1) * BLOCK * packetBytes));
    }
  };
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      ackedBytes += chunk.length;
      const now = performance.now();
      while ((latencies.length + 1) * BLOCK * 4 <= ackedBytes) latencies.push(now - (sentAt[latencies.length] as number));
      if (latencies.length * BLOCK >= count) resolve();
      else send();
    });
    send();
  });
  process.send?.(latencies);
  socket.end();
  process.disconnect?.();
}

// -------------------------------------------------------------------------------------------------------------- listener

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
  const each = rows / publishers - (rows / publishers) % BLOCK;
  const children = Array.from({ length: publishers }, (_, index): ChildProcess => (
    spawn(process.execPath, ['--import', 'tsx', import.meta.filename, `publisher-${index}`, String(each), String(inFlight)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  ));
  await Promise.all(children.map((child) => once(child, 'message')));
  const batchesBefore = intake.counts(0).batches;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (const child of children) child.send('go');
  const answers = await Promise.all(children.map((child) => once(child, 'message')));
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const latencies = answers.flatMap(([found]) => found as number[]).toSorted((a, b) => a - b);
  const count = each * publishers;
  if (intake.counts(0).acknowledged !== count) throw new Error(`${intake.counts(0).acknowledged} of ${count} acknowledged`);
  const batches = intake.counts(0).batches - batchesBefore;
  await source.close();
  intake.close();
  await loop;
  await platform.store.close();
  rmSync(folder, { recursive: true });
  const quantile = (q: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] as number;
  return { perSecond: count / seconds, cpuMicros: (user + system) / count, p50: quantile(0.5), p99: quantile(0.99), perCommit: count / batches };
}

function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1]?.toFixed(digits)} (${sorted[0]?.toFixed(digits)} to ${sorted.at(-1)?.toFixed(digits)})`;
}

const [name, count, inFlight] = process.argv.slice(2);
if (name?.startsWith('publisher')) await publish(name, Number(count), Number(inFlight));
else {
  console.log(`listener: QoS 1, payloads of ${PAYLOAD.length} bytes, acknowledged when on disk (LMDB, synced), no job; publishers on the same machine`);
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
}
