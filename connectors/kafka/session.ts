/**
 * Opens a writer: checks the topics, fences an older writer of the same identity, and reads what is visible already. Also
 * tells a writer that was replaced by another from one that only lost its connection.
 */
import { randomUUID } from 'node:crypto';
import type { Admin, Kafka, Producer, RecordMetadata } from 'kafkajs';
import { type ConnectorContext, IoError, type Progress, type SinkIdentity } from '../../host/ports.ts';
import { type Cluster, connectCluster, createClient } from './client.ts';
import { disconnect, disconnectAfter, within } from './deadline.ts';
import { kafkaError } from './errors.ts';
import { type KafkaOptions, readOptions } from './options.ts';
import { type Barrier, barrierKey, findProgressPlace, isTakenOver, type ProgressPlace, readProgress } from './progress.ts';
import { topicConfig } from './topic.ts';

const OPEN_MAX_MS = 90_000; // covers the time-out of an abandoned transaction and of a broker that fails over
const MAX_MESSAGE_BYTES = 1_048_588; // Kafka's default
/** acks: all replicas in sync. */
export const ALL_REPLICAS = -1;

/** A writer that may deliver. */
export interface Session {
  readonly options: KafkaOptions;
  readonly identity: SinkIdentity;
  readonly producer: Producer;
  readonly place: ProgressPlace;
  readonly barrier: Barrier;
  readonly topic: TopicShape;
}

interface TopicShape { readonly partitionCount: number; readonly maxMessageBytes: number }

interface Opened { readonly session: Session; readonly progress: Progress | undefined }

/** Written into barriers: what this process wrote, also in an opening that it gave up, is not another writer's. */
const WRITER = randomUUID();
/** Newest barrier of each identity that this process has opened. */
const barriersHere = new Map<string, Barrier>();

/**
 * @param interruption rejects when nobody waits any longer
 * @throws IoError
 */
export async function openSession(
  context: ConnectorContext, identity: SinkIdentity, interruption: Promise<never>,
): Promise<Opened> {
  const { clock } = context;
  const options = readOptions(context.options);
  const key = `${identity.gateway}/${identity.job}/${identity.sink}`;
  const group = `${options.transactionalIdPrefix}/${key}`;
  const hereKey = `${options.brokers.join()} ${options.progressTopic} ${group}`;
  const previous = barriersHere.get(hereKey);
  const log = (line: string): void => context.log(line);
  let admin: Admin | undefined;
  let cluster: Cluster | undefined;
  let producer: Producer | undefined;
  let isGivenUp = false;

  async function open(): Promise<Opened> {
    const asking = await createClient(options, context, 'ask');
    admin = asking.admin();
    await admin.connect();
    const topic = await topicShape(admin, options.topic, log);
    const place = await findProgressPlace(admin, { topic: options.progressTopic, key, group }, log);
    cluster = await connectCluster(asking);
    if (previous && await isTakenOver(cluster, place, previous)) throw takenOver(place);
    producer = await createProducer(await createClient(options, context, 'write'), options, group);
    await producer.connect();
    if (isGivenUp) throw new Error('opening took too long'); // a barrier now would fence the next opening
    const barrier = await writeBarrier(producer, options, place);
    barriersHere.set(hereKey, barrier);
    const progress = await readProgress(admin, cluster, place, barrier, log);
    return { session: { options, identity, producer, place, barrier, topic }, progress };
  }
  const opening = open();
  try {
    return await within(clock, OPEN_MAX_MS, Promise.race([opening, interruption]), 'opening');
  } catch (error) {
    isGivenUp = true;
    await disconnect(clock, producer);
    disconnectAfter(clock, opening, () => [producer, admin, cluster]);
    throw kafkaError(error, `opening ${options.topic} at ${options.brokers.join(',')}`, previous === undefined);
  } finally {
    await disconnect(clock, admin);
    await disconnect(clock, cluster);
  }
}

async function topicShape(admin: Admin, topic: string, log: (line: string) => void): Promise<TopicShape> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const config = await topicConfig(admin, topic, log);
  const maxMessageBytes = Number(config?.get('max.message.bytes') ?? MAX_MESSAGE_BYTES);
  return { partitionCount: topics[0]?.partitions.length ?? 0, maxMessageBytes };
}

async function createProducer(kafka: Kafka, options: KafkaOptions, transactionalId: string): Promise<Producer> {
  const { Partitioners } = (await import('kafkajs')).default;
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner, // unused, but the driver warns without it
    ...(options.isTransactional ? { transactionalId, transactionTimeout: options.transactionTimeoutMs } : {}),
  });
}

/**
 * The first transaction. Its InitProducerId fences an older writer and waits until that one's transaction is decided;
 * once its record is committed, all records of this identity before it are final.
 */
async function writeBarrier(producer: Producer, options: KafkaOptions, place: ProgressPlace): Promise<Barrier> {
  const { topic, partition } = place;
  const record = { topic, acks: ALL_REPLICAS, messages: [{ partition, key: barrierKey(place), value: WRITER }] };
  if (!options.isTransactional) return { writer: WRITER, partition, offset: baseOffset(await producer.send(record)) };
  const transaction = await producer.transaction();
  const offset = baseOffset(await transaction.send(record));
  await transaction.commit();
  return { writer: WRITER, partition, offset };
}

/** @returns offset of the first record of a send to one partition */
export function baseOffset(sent: readonly RecordMetadata[]): number {
  const offset = Number(sent[0]?.baseOffset);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Error('the broker did not say where it put the record');
  return offset;
}

function takenOver(place: ProgressPlace): IoError {
  return new IoError(`kafka: another process writes as ${place.key} and has taken over`, {
    retry: false,
    remedy: 'run one process per gateway and job; this one must not be started again while the other runs',
  });
}

/**
 * For a writer that was fenced: throws IoError (retry = false) when another one has taken over. One whose own barrier is
 * still the newest was only timed out by the broker. When it cannot be told now, the next opening asks again.
 */
export async function refuseIfTakenOver(context: ConnectorContext, session: Session): Promise<void> {
  const { options, place, barrier } = session;
  let cluster: Cluster | undefined;
  async function ask(): Promise<boolean> {
    cluster = await connectCluster(await createClient(options, context, 'ask'));
    return isTakenOver(cluster, place, barrier);
  }
  const isTaken = await within(context.clock, OPEN_MAX_MS, ask(), 'reading the last barrier').catch(() => false);
  await disconnect(context.clock, cluster);
  if (isTaken) throw takenOver(place);
}
