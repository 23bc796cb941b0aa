/** What the tests of the Kafka connector share: a context, results that can be made again from their sequence, topics. */
import { Kafka, logLevel } from 'kafkajs';
import { kafka } from '../../../connectors/kafka.ts';
import { type Clock, type ConnectorContext, IoError, type Progress, type Result, type Sink, type SinkIdentity, type Source } from '../../../host/ports.ts';

const encoder = new TextEncoder();
const DEVICES = 16;
/** The same in every process. */
const TODAY = Math.floor(Date.now() / 86_400_000) * 86_400_000;
const ATTEMPTS_MAX = 100;
const PAUSE_MS = 300;

export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wake(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};

export function identity(gateway: string, incarnation = 'store-1'): SinkIdentity {
  return { gateway, job: 'job', sink: 'results', incarnation };
}

export interface SinkOptions { readonly bootstrap: string; readonly topic: string; readonly options?: Readonly<Record<string, string>>; readonly log?: (line: string) => void }

export function createSink({ bootstrap, topic, options = {}, log = () => undefined }: SinkOptions): Sink {
  const context: ConnectorContext = {
    table: 'results', clock, payloadMaxBytes: 1 << 20, gateway: 'gateway', job: 'job', columns: [], log,
    options: { 'topic': topic, 'properties.bootstrap.servers': bootstrap, ...options },
  };
  if (!kafka.createSink) throw new Error('the kafka connector has a sink');
  return kafka.createSink(context);
}

export function createSource({ bootstrap, topic, options = {}, log = () => undefined }: Omit<SinkOptions, 'topic'> & { readonly topic?: string }): Source {
  const context: ConnectorContext = {
    table: 'readings', clock, payloadMaxBytes: 1 << 16, gateway: 'gateway', job: 'job', columns: [], log,
    options: { ...(topic === undefined ? {} : { topic }), 'properties.bootstrap.servers': bootstrap, 'scan.startup.mode': 'earliest-offset', ...options },
  };
  if (!kafka.createSource) throw new Error('the kafka connector has a source');
  return kafka.createSource(context);
}

/** Result number `sequence` of every test: the same bytes whenever it is made. */
export function result(sequence: number): Result {
  const device = `device-${sequence % DEVICES}`;
  return { sequence, kind: '+I', key: encoder.encode(device), value: encoder.encode(JSON.stringify({ device, n: sequence })), arrival: TODAY + sequence, isChangeEnd: true };
}

/** Opens as the runtime does: again after a pause while the error says that it may help. */
export async function openSink(make: () => Sink, as: SinkIdentity): Promise<{ readonly sink: Sink; readonly progress: Progress | undefined }> {
  for (let attempt = 1; ; attempt += 1) {
    const sink = make();
    try {
      return { sink, progress: await sink.open(as) };
    } catch (error) {
      await sink.close();
      if (!(error instanceof IoError) || !error.retry || attempt === ATTEMPTS_MAX) throw error;
      await new Promise<void>((resolve) => { clock.wake(PAUSE_MS, resolve); });
    }
  }
}

export function results(from: number, to: number): Result[] {
  return Array.from({ length: to - from + 1 }, (_, index) => result(from + index));
}

export function progressAt(sequence: number, incarnation = 'store-1'): Progress {
  return { incarnation, sequence, offset: Math.floor(sequence / 10), digest: (sequence * 2654435761).toString(16).padStart(16, '0').slice(-16) };
}

/** Runs `work` with an admin client. */
export async function withAdmin<T>(bootstrap: string, work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function createTopic(bootstrap: string, topic: string, partitionCount = 3, config: Readonly<Record<string, string>> = {}): Promise<void> {
  const replicationFactor = bootstrap.split(',').length;
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const topics = [{ topic, numPartitions: partitionCount, replicationFactor, configEntries }];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withAdmin(bootstrap, (admin) => admin.createTopics({ waitForLeaders: true, topics }));
      return;
    } catch (error) {
      if (attempt === ATTEMPTS_MAX) throw error;
      await new Promise<void>((resolve) => { clock.wake(PAUSE_MS, resolve); }); // brokers that were frozen must register again
    }
  }
}

/** Records, and markers of transactions, that were written to a topic so far. */
export function writtenCount(bootstrap: string, topic: string): Promise<number> {
  return withAdmin(bootstrap, async (admin) => (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0));
}
