/**
 * From a device's publish to a read_committed consumer: 10,000 events a second, one result of 100 of them, each result in a
 * transaction with its progress. One clock, since all of it runs on one machine. Counts the results before it believes a time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { createTopic } from '../test/connectors/kafka/world.ts';
import { startKafka } from '../test/servers/kafka/broker.ts';
import { quantile } from './figures.ts';
import { buildPackage, portOpens, startGateway } from './gateway.ts';
import { startPublisher } from './publisher.ts';

const PORT = 21_871;
const KAFKA = 21_920;
const PER_SECOND = 10_000;
const BLOCK_ROWS = 16; // a write each 1.6 ms
const FOR_MS = 25_000;
/** The first results find brokers and gateway cold; the JVMs compile meanwhile. */
const WARM_UP_MS = 5000;
const SETTLE_MS = 3000;
const SHAPES = [{ nodes: 1, partitionCount: 1 }, { nodes: 1, partitionCount: 12 }, { nodes: 3, partitionCount: 12 }] as const;

const jobOf = (bootstrap: string, topic: string): string => `
SET 'pipeline.name' = '${topic}';
CREATE TABLE readings (device STRING, ts BIGINT, status STRING)
  WITH ('connector' = 'mqtt', 'listen' = '127.0.0.1:${PORT}', 'topic' = 'plant/#', 'format' = 'json');
CREATE TABLE alarms (device STRING, ts BIGINT)
  WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '${bootstrap}', 'topic' = '${topic}', 'key.fields' = 'device', 'format' = 'json');
INSERT INTO alarms SELECT device, ts FROM readings WHERE status = 'ALARM';
`;

/** [event time, when it was seen] of each result. */
async function consume(bootstrap: string, topic: string, seen: (readonly [number, number])[]): Promise<() => Promise<void>> {
  const consumer = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: 'bench', readUncommitted: false, maxWaitTimeInMs: 100, minBytes: 1 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise((resolve) => { consumer.on('consumer.group_join', resolve); });
  await consumer.run({
    autoCommit: false,
    eachBatch({ batch }) {
      const now = performance.timeOrigin + performance.now();
      for (const { value } of batch.messages) seen.push([(JSON.parse(String(value)) as { ts: number }).ts, now]);
      return Promise.resolve();
    },
  });
  await joined;
  return () => consumer.disconnect();
}

async function run({ nodes, partitionCount }: typeof SHAPES[number]): Promise<void> {
  const servers = await startKafka({ basePort: KAFKA, nodes });
  const topic = `alarms-${nodes}-${partitionCount}`;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  try {
    await createTopic(servers.bootstrap, topic, partitionCount);
    const seen: (readonly [number, number])[] = [];
    const disconnect = await consume(servers.bootstrap, topic, seen);
    const gateway = startGateway(folder, jobOf(servers.bootstrap, topic));
    await portOpens(PORT);
    const publisher = await startPublisher({
      port: PORT, client: 'plant', topic: 'plant/7/line/3', deviceCount: 1000, inFlightMax: 8192, blockRows: BLOCK_ROWS, perSecond: PER_SECOND, forMs: FOR_MS,
    });
    const { alarms, count, seconds, blocks } = await publisher.go();
    await sleep(SETTLE_MS);
    if (seen.length !== alarms) throw new Error(`${seen.length} of ${alarms} results seen\n${gateway.stderr()}`);
    await publisher.finish(Date.now());
    await gateway.stop();
    await disconnect();
    const from = (blocks[0]?.[0] ?? 0) + WARM_UP_MS;
    const latencies = seen.filter(([ts]) => ts >= from).map(([ts, at]) => at - ts);
    const of = (part: number): string => quantile(latencies, part).toFixed(1);
    console.log(`${nodes} broker${nodes > 1 ? 's' : ''}, ${partitionCount} partition${partitionCount > 1 ? 's' : ''}: ${(count / seconds).toFixed(0)} events/s, ${latencies.length} results; `
      + `publish to visible p50 ${of(0.5)} ms, p90 ${of(0.9)} ms, p99 ${of(0.99)} ms, max ${of(1)} ms`);
  } finally {
    await servers.stop();
    rmSync(folder, { recursive: true });
  }
}

buildPackage();
for (const shape of SHAPES) await run(shape);
