/**
 * The Kafka sink on one real broker: results a second and latency of a transaction, by results per transaction and
 * partitions. Counts what arrived before it believes a rate.
 */
import { performance } from 'node:perf_hooks';
import { verifyTopic } from '../connectors/kafka/verify.ts';
import type { Result } from '../host/ports.ts';
import { clock, createSink, createTopic, identity, progressAt, result } from '../test/connectors/kafka/world.ts';
import { startKafka } from '../test/servers/kafka/broker.ts';

const PORT = 21980;
const WARM_UP = 150; // transactions; the broker's JVM compiles meanwhile
const ROUNDS = 3;
const ROUND_MS = 3_000;
const VALUE_BYTES = 100;
const SIZES = [100, 1_000, 5_000];

const log = (line: string): void => { process.stderr.write(`${line}\n`); };
const servers = await startKafka({ basePort: PORT });
const { bootstrap } = servers;

function resultsOf(from: number, count: number): Result[] {
  return Array.from({ length: count }, (_, index) => ({ ...result(from + index), value: new Uint8Array(VALUE_BYTES).fill(48) }));
}

const quantile = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function measure(size: number, partitionCount: number): Promise<void> {
  const topic = `bench-${size}-${partitionCount}`;
  await createTopic(bootstrap, topic, partitionCount);
  const sink = createSink({ bootstrap, topic });
  const opening = performance.now();
  await sink.open(identity(topic));
  const openMs = performance.now() - opening;
  let sequence = 0;
  async function transaction(): Promise<number> {
    const results = resultsOf(sequence + 1, size);
    sequence += size;
    const started = performance.now();
    await sink.deliver(results, progressAt(sequence));
    return performance.now() - started;
  }
  for (let count = 0; count < WARM_UP / Math.sqrt(size / 100); count += 1) await transaction();
  const latencies: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    const before = sequence;
    while (performance.now() - started < ROUND_MS) latencies.push(await transaction());
    rates.push((sequence - before) / (performance.now() - started) * 1000);
  }
  await sink.close();
  const report = await verifyTopic({ 'topic': topic, 'properties.bootstrap.servers': bootstrap }, { table: topic, clock, log }, () => undefined);
  if (!report.isProven || report.recordCount !== sequence) throw new Error(`${report.recordCount} of ${sequence} results arrived`);
  latencies.sort((a, b) => a - b);
  rates.sort((a, b) => a - b);
  const [low = 0, median = 0, high = 0] = rates.map(Math.round);
  console.log(`${String(size).padStart(5)} results a transaction, ${partitionCount} partitions: ${median} results/s [${low} to ${high}], `
    + `commit p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}, max ${ms(latencies.at(-1) ?? 0)}; open ${ms(openMs)}`);
}

try {
  for (const partitionCount of [1, 3, 12]) for (const size of SIZES) await measure(size, partitionCount);
} finally {
  await servers.stop();
}
