/**
 * The whole job: devices -> listener -> log on LMDB, synced -> compiled windows -> transactions on a real Kafka, all of it
 * and the publisher on one machine. Kafka's Java client reads the results back: every row is counted once.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readWithJava } from '../test/connectors/kafka/java.ts';
import { createTopic } from '../test/connectors/kafka/world.ts';
import { startKafka } from '../test/servers/kafka/broker.ts';
import { cpuSeconds, memoryMib, quantile } from './figures.ts';
import { buildPackage, type Gateway, portOpens, startGateway } from './gateway.ts';
import { type PublisherReport, startPublisher } from './publisher.ts';

const PORT = 21_870;
const KAFKA = 21_970;
const WINDOW_MS = 10_000;
const DELAY_MS = 1000;
/** Long enough for two windows to close under load. */
const FOR_MS = 25_000;
/** After a window is due its results are on their way for about this long. */
const CLOSING_MS = 2000;
const IN_FLIGHT_MAX = 8192;
/** A little above the target, so that what is reached proves it. */
const STEADY = 255_000;
interface Shape { readonly deviceCount: number; readonly perSecond?: number }
const SHAPES: readonly Shape[] = [
  { deviceCount: 1_000 }, { deviceCount: 1_000, perSecond: STEADY }, { deviceCount: 100_000 }, { deviceCount: 100_000, perSecond: STEADY },
];

const jobOf = (topic: string): string => `
SET 'pipeline.name' = '${topic}';
CREATE TABLE readings (
  device STRING, ts BIGINT, temperature DOUBLE, humidity DOUBLE, status STRING,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '${DELAY_MS / 1000}' SECOND
) WITH ('connector' = 'mqtt', 'listen' = '127.0.0.1:${PORT}', 'topic' = 'plant/#', 'format' = 'json');
CREATE TABLE windows (device STRING, window_start TIMESTAMP(3), n BIGINT, low DOUBLE, high DOUBLE, mean DOUBLE)
  WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '127.0.0.1:${KAFKA + 1}', 'topic' = '${topic}', 'key.fields' = 'device', 'format' = 'json');
INSERT INTO windows SELECT device, window_start, COUNT(*), MIN(temperature), MAX(temperature), AVG(temperature)
  FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '${WINDOW_MS / 1000}' SECOND)) GROUP BY device, window_start, window_end;
`;

/** Every window holds as many rows as were sent for it, and no result is missing or there twice. */
async function verify(bootstrap: string, topic: string, { windows }: PublisherReport): Promise<number> {
  const records = await readWithJava(bootstrap, topic);
  const counted = new Map<number, number>();
  for (const { value } of records) {
    const row = JSON.parse(value) as { window_start: string; n: number };
    const start = Date.parse(`${row.window_start.replace(' ', 'T')}Z`);
    counted.set(start, (counted.get(start) ?? 0) + row.n);
  }
  for (const [start, rows] of windows) if (counted.get(start) !== rows) throw new Error(`window ${start}: ${counted.get(start)} of ${rows} rows`);
  const sequences = new Set(records.map(({ headers }) => headers['millrace-seq']));
  if (sequences.size !== records.length) throw new Error(`${records.length} results, ${sequences.size} sequences`);
  return records.length;
}

/** The gateway's progress line, printed every few seconds, names a sink while results wait for it. */
async function delivered(gateway: Gateway): Promise<void> {
  const before = gateway.stderr().length;
  for (let line = ''; !line.startsWith('received') || line.includes('waiting');) {
    await sleep(200);
    line = gateway.stderr().slice(before).trimEnd().split('\n').at(-1) ?? '';
  }
}

async function run(bootstrap: string, { deviceCount, perSecond }: Shape): Promise<void> {
  const topic = `windows-${deviceCount}-${perSecond ?? 'max'}`;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  await createTopic(bootstrap, topic, 3);
  const gateway = startGateway(folder, jobOf(topic));
  await portOpens(PORT);
  const publisher = await startPublisher({
    port: PORT, client: 'plant', topic: 'plant/7/line/3', deviceCount, inFlightMax: IN_FLIGHT_MAX,
    forMs: FOR_MS, windowMs: WINDOW_MS, ...(perSecond === undefined ? {} : { perSecond }),
  });
  const memory: { anonymous: number; file: number }[] = [];
  const timer = setInterval(() => { memory.push(memoryMib(gateway.pid)); }, 500);
  const cpuBefore = cpuSeconds(gateway.pid);
  const report = await publisher.go();
  const cpu = cpuSeconds(gateway.pid) - cpuBefore;
  clearInterval(timer);
  await publisher.finish(Date.now() + 10 * WINDOW_MS);
  await delivered(gateway);
  await gateway.stop();
  const count = await verify(bootstrap, topic, report);
  rmSync(folder, { recursive: true });

  const latencies = report.blocks.map(([, latency]) => latency);
  const closing = report.blocks.filter(([sentAt]) => (sentAt - DELAY_MS) % WINDOW_MS < CLOSING_MS && sentAt > (report.blocks[0]?.[0] ?? 0) + CLOSING_MS + DELAY_MS).map(([, latency]) => latency);
  console.log(`${deviceCount} devices, ${perSecond === undefined ? `as fast as ${IN_FLIGHT_MAX} in flight are acknowledged` : `${perSecond} a second`}, ${report.seconds.toFixed(1)} s: ${count} results, each row counted once`);
  console.log(`  payloads a second            ${(report.count / report.seconds).toFixed(0)}`);
  console.log(`  acknowledged, ms             p50 ${quantile(latencies, 0.5).toFixed(1)}, p99 ${quantile(latencies, 0.99).toFixed(1)}, max ${quantile(latencies, 1).toFixed(1)}`);
  console.log(`  while a window closes, ms    p50 ${quantile(closing, 0.5).toFixed(1)}, p99 ${quantile(closing, 0.99).toFixed(1)}, max ${quantile(closing, 1).toFixed(1)} (${closing.length} blocks)`);
  console.log(`  CPU us a payload             gateway ${(cpu / report.count * 1e6).toFixed(2)}, publisher ${(report.cpuSeconds / report.count * 1e6).toFixed(2)}`);
  console.log(`  memory MiB, highest          anonymous ${quantile(memory.map(({ anonymous }) => anonymous), 1).toFixed(0)}, of files ${quantile(memory.map(({ file }) => file), 1).toFixed(0)}`);
}

buildPackage();
const servers = await startKafka({ basePort: KAFKA });
try {
  for (const shape of SHAPES) await run(servers.bootstrap, shape);
} finally {
  await servers.stop();
}
