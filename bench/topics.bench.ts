/**
 * The Kafka source on one real broker: records of 100 bytes with a key a second, and CPU a record, from the topic to the
 * intake (`decoded`) and to the durable log on LMDB (`durable`). Beside it the driver's own consumer, which makes objects.
 * Counts what arrived before it believes a rate.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { openNode } from '../host/platform/node.ts';
import type { Intake } from '../host/ports.ts';
import { createIntake } from '../host/runtime/intake.ts';
import { createLog } from '../host/runtime/log.ts';
import { createSource, createTopic } from '../test/connectors/kafka/world.ts';
import { startKafka } from '../test/servers/kafka/broker.ts';

const RECORDS = 600_000;
const SEND_RECORDS = 5_000;
const RUNS = 5;
const PARTITIONS = 3;
const VALUE = '{"device":"sensor-0042","at":1700000000000,"celsius":21.4375,"humidity":0.5312,"pressure":1013.25}  '.padEnd(100);

interface Rate { readonly perSecond: number; readonly cpuMicros: number }

const servers = await startKafka({ basePort: 22180 });
const { bootstrap } = servers;
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });

async function timed(read: () => Promise<number>): Promise<Rate> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const count = await read();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  if (count !== RECORDS) throw new Error(`${count} of ${RECORDS} records arrived`);
  return { perSecond: RECORDS / seconds, cpuMicros: (user + system) / RECORDS };
}

const bounded = () => createSource({ bootstrap, topic: 'bench', options: { 'scan.bounded.mode': 'latest-offset' } });

async function decoded(): Promise<number> {
  const source = bounded();
  let count = -1; // the mark of a first run
  await new Promise<void>((resolve, reject) => {
    const intake: Intake = { push: () => { count += 1; return true; }, flush: () => undefined, end: resolve, failed: reject };
    void source.open(intake).catch(reject);
  });
  await source.close();
  return count;
}

async function durable(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const platform = await openNode({ dataFolder: folder });
  const log = createLog(platform.store, platform.crc32, platform.clock);
  const intake = createIntake(platform.clock, { lingerMs: 5, batchRowsMax: 4096, batchBytesMax: 512 * 1024, appendsMax: 4 }, 1);
  const source = bounded();
  let count = -1;
  const port = intake.begin(0, source, (error) => { throw error; });
  const opening = source.open(port);
  for (let isEnd = false; !isEnd;) {
    const sealed = await intake.take();
    if (!sealed) break;
    ({ isEnd } = sealed);
    const stored = log.append(sealed.record).then(() => {
      count += sealed.count;
      intake.committed(sealed);
    });
    if (isEnd) await stored;
  }
  await opening;
  await source.close();
  intake.close();
  await platform.store.close();
  rmSync(folder, { recursive: true });
  return count;
}

let group = 0;
async function consumed(): Promise<number> {
  const consumer = kafka.consumer({ groupId: `bench-${group += 1}` });
  let count = 0;
  await consumer.connect();
  await consumer.subscribe({ topic: 'bench', fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({ eachBatch: async ({ batch }) => { if ((count += batch.messages.length) >= RECORDS) resolve(); } });
  });
  await consumer.disconnect();
  return count;
}

try {
  await createTopic(bootstrap, 'bench', PARTITIONS);
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let sent = 0; sent < RECORDS; sent += SEND_RECORDS) {
    const partition = (sent / SEND_RECORDS) % PARTITIONS;
    await producer.send({ topic: 'bench', messages: Array.from({ length: SEND_RECORDS }, (_, index) => ({ partition, key: `sensor-${index}`, value: VALUE })) });
  }
  await producer.disconnect();
  console.log(`topics: ${RECORDS} records of 100 bytes with a key, ${PARTITIONS} partitions, median of ${RUNS} runs (lowest to highest)`);
  for (const [name, read] of [['decoded', decoded], ['durable', durable], ["the driver's consumer", consumed]] as const) {
    const rates: Rate[] = [];
    for (let run = 0; run <= RUNS; run += 1) rates.push(await timed(read));
    rates.shift(); // the first warms both sides up
    rates.sort((a, b) => a.perSecond - b.perSecond);
    const [low, median, high] = [rates[0], rates[RUNS >> 1], rates.at(-1)].map((rate) => Math.round(rate?.perSecond ?? 0));
    console.log(`  ${name.padEnd(22)} ${median} records/s (${low} to ${high}), CPU ${(rates[RUNS >> 1]?.cpuMicros ?? 0).toFixed(3)} us a record`);
  }
} finally {
  await servers.stop();
}
