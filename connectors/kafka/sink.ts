/**
 * Results into one topic, exactly once: each delivery is one Kafka transaction of the results and the record of progress.
 * The driver is used in its safe mode, without which it commits duplicates on more than one broker: one partition a
 * send, one send at a time, explicit partitions; and after any error the producer is dropped and Kafka asked what counts.
 */
import { randomUUID } from 'node:crypto';
import type { Admin, Kafka, Message, Producer, RecordMetadata, Transaction } from 'kafkajs';
import { type Clock, type ConnectorContext, IoError, type Progress, type Result, type Sink, type SinkIdentity } from '../../host/ports.ts';
import { type Cluster, connectCluster, createClient } from './client.ts';
import { isFenced, kafkaError } from './errors.ts';
import { type KafkaOptions, readOptions } from './options.ts';
import { createPartitioner, type Partitioner } from './partition.ts';
import { type Barrier, barrierKey, findProgressPlace, isTakenOver, type ProgressPlace, readProgress, topicConfig } from './progress.ts';

const OPEN_MAX_MS = 90_000; // covers the time-out of an abandoned transaction and of a broker that fails over
const DELIVER_MAX_MS = 60_000;
const CLOSE_MAX_MS = 2_000;
const SEND_RECORDS_MAX = 2_000; // the driver makes one record batch of a send
const SEND_BYTES_MAX = 900_000; // below the default max.message.bytes of 1,048,588, which holds for a whole batch
const RECORD_OVERHEAD_BYTES = 48; // lengths, timestamp and offset deltas, names of headers apart
const MAX_MESSAGE_BYTES = 1_048_588;
const ALL_REPLICAS = -1;
const GZIP = 1;
const UNCOMPRESSED = 0;
/** kafkajs takes a record with this key for an abort marker, in whatever program reads the topic with it. */
const FORBIDDEN_KEY = new Uint8Array(4);

/** Newest barrier of each identity that this process has opened: tells a lost connection from a successor elsewhere. */
const barriersHere = new Map<string, Barrier>();

/** All that is known while the sink is open. */
interface Session {
  readonly options: KafkaOptions;
  readonly producer: Producer;
  readonly place: ProgressPlace;
  readonly barrier: Barrier;
  readonly partition: Partitioner;
  readonly headers: readonly (readonly [string, Buffer])[];
  readonly headersBytes: number;
  readonly maxMessageBytes: number;
}

export function kafkaSink(context: ConnectorContext): Sink {
  const { clock } = context;
  let session: Session | undefined;

  async function close(): Promise<void> {
    const { producer } = session ?? {};
    session = undefined;
    if (producer) await drop(clock, producer);
  }
  return {
    async open(identity) {
      await close();
      const opened = await openSession(context, identity);
      session = opened.session;
      return opened.progress;
    },
    async deliver(results, progress) {
      const open = session;
      if (!open) throw new IoError('kafka: deliver before open', { retry: true });
      const sends = layOut(open, results); // before anything is sent: a result that cannot be sent is nobody's outage
      try {
        await within(clock, DELIVER_MAX_MS, deliver(open, sends, progress), 'delivering');
      } catch (error) {
        session = undefined;
        await drop(clock, open.producer);
        if (isFenced(error)) await refuseIfTakenOver(context, open);
        throw kafkaError(error, `writing ${open.options.topic}`, false);
      }
    },
    close,
  };
}

// ------------------------------------------------------------------------------------------------------------------ open

async function openSession(context: ConnectorContext, identity: SinkIdentity): Promise<{ readonly session: Session; readonly progress: Progress | undefined }> {
  const { clock } = context;
  const options = readOptions(context.options);
  const key = `${identity.gateway}/${identity.job}/${identity.sink}`;
  const transactionalId = `${options.transactionalIdPrefix}/${key}`;
  const hereKey = `${options.brokers.join()} ${options.progressTopic} ${transactionalId}`;
  const previous = barriersHere.get(hereKey);
  const log = (line: string): void => context.log(line);
  const closing: (() => Promise<unknown>)[] = [];
  async function open(): Promise<{ readonly session: Session; readonly progress: Progress | undefined }> {
    const asking = await createClient(options, context, 'ask');
    const admin = asking.admin();
    closing.push(() => admin.disconnect());
    await admin.connect();
    const { partitionCount, maxMessageBytes } = await describeTopic(admin, options.topic, log);
    const place = await findProgressPlace(admin, options.progressTopic, key, transactionalId, log);
    const cluster = await connectCluster(asking);
    closing.push(() => cluster.disconnect());
    if (previous && await isTakenOver(cluster, place, previous)) throw takenOver(place);
    const producer = await connectProducer(await createClient(options, context, 'write'), options, transactionalId);
    closing.push(() => producer.disconnect());
    const barrier = await writeBarrier(producer, options, place);
    barriersHere.set(hereKey, barrier);
    const progress = await readProgress(admin, cluster, place, barrier, log);
    const headers = writerHeaders(identity);
    const session: Session = {
      options, producer, place, barrier, headers, maxMessageBytes,
      partition: createPartitioner(options.partitioner, partitionCount, new TextEncoder().encode(key)),
      headersBytes: headers.reduce((total, [name, value]) => total + name.length + value.length, 0),
    };
    closing.pop(); // the producer stays
    return { session, progress };
  }
  try {
    return await within(clock, OPEN_MAX_MS, open(), 'opening');
  } catch (error) {
    throw kafkaError(error, `opening ${options.topic} at ${options.brokers.join(',')}`, !previous);
  } finally {
    for (const call of closing) await within(clock, CLOSE_MAX_MS, call(), 'closing').catch(() => undefined);
  }
}

async function describeTopic(admin: Admin, topic: string, log: (line: string) => void): Promise<{ readonly partitionCount: number; readonly maxMessageBytes: number }> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const config = await topicConfig(admin, topic, log);
  return { partitionCount: topics[0]?.partitions.length ?? 0, maxMessageBytes: Number(config?.get('max.message.bytes') ?? MAX_MESSAGE_BYTES) };
}

async function connectProducer(kafka: Kafka, options: KafkaOptions, transactionalId: string): Promise<Producer> {
  const { Partitioners } = (await import('kafkajs')).default;
  const producer = kafka.producer({
    idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner,
    ...(options.isTransactional ? { transactionalId, transactionTimeout: options.transactionTimeoutMs } : {}),
  });
  await producer.connect();
  return producer;
}

/**
 * The first transaction. Its InitProducerId fences an older writer and waits until that one's transaction is decided;
 * once its record is committed, all records of this identity before it are final.
 */
async function writeBarrier(producer: Producer, options: KafkaOptions, place: ProgressPlace): Promise<Barrier> {
  const tag = randomUUID();
  const record = { topic: place.topic, acks: ALL_REPLICAS, messages: [{ partition: place.partition, key: barrierKey(place), value: tag }] };
  if (!options.isTransactional) return { tag, partition: place.partition, offset: baseOffset(await producer.send(record)) };
  const transaction = await producer.transaction();
  const offset = baseOffset(await transaction.send(record));
  await transaction.commit();
  return { tag, partition: place.partition, offset };
}

function baseOffset(sent: readonly RecordMetadata[]): number {
  const offset = Number(sent[0]?.baseOffset);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Error('the broker did not say where it put the record');
  return offset;
}

function takenOver(place: ProgressPlace): IoError {
  return new IoError(`kafka: another process writes as ${place.key} and has taken over`, {
    retry: false, remedy: 'run one process per gateway and job; this one must not be started again while the other runs',
  });
}

/** A fenced writer whose own barrier is still the newest was only timed out by the broker. */
async function refuseIfTakenOver(context: ConnectorContext, { options, place, barrier }: Session): Promise<void> {
  let cluster: Cluster | undefined;
  let isTaken = false;
  try {
    cluster = await connectCluster(await createClient(options, context, 'ask'));
    isTaken = await within(context.clock, DELIVER_MAX_MS, isTakenOver(cluster, place, barrier), 'reading the last barrier');
  } catch {
    return; // cannot be told now: the next open asks again before it fences anybody
  } finally {
    await within(context.clock, CLOSE_MAX_MS, cluster?.disconnect() ?? Promise.resolve(), 'closing').catch(() => undefined);
  }
  if (isTaken) throw takenOver(place);
}

// --------------------------------------------------------------------------------------------------------------- deliver

interface Send { readonly partition: number; readonly messages: Message[] }

/** Results of one transaction as sends of one partition each, small enough for one record batch. */
function layOut(session: Session, results: readonly Result[]): Send[] {
  const sends: Send[] = [];
  for (const [partition, group] of session.partition(results)) {
    let open: Send | undefined;
    let openBytes = 0;
    for (const result of group) {
      const sizeBytes = recordBytes(session, result);
      if (!open || open.messages.length === SEND_RECORDS_MAX || openBytes + sizeBytes > Math.min(SEND_BYTES_MAX, session.maxMessageBytes)) {
        open = { partition, messages: [] };
        openBytes = 0;
        sends.push(open);
      }
      openBytes += sizeBytes;
      open.messages.push(messageOf(session, partition, result));
    }
  }
  return sends;
}

function recordBytes({ options, headersBytes, maxMessageBytes }: Session, { sequence, key, value }: Result): number {
  if (key && key.length === FORBIDDEN_KEY.length && key.every((byte) => byte === 0)) {
    throw new IoError(`kafka: the key of result ${sequence} is four zero bytes, which readers with kafkajs take for an abort marker`, {
      retry: false, remedy: `write another 'key.format', or another column into 'key.fields'`,
    });
  }
  const sizeBytes = (key?.length ?? 0) + value.length + headersBytes + RECORD_OVERHEAD_BYTES;
  if (sizeBytes > maxMessageBytes && !options.isCompressed) {
    throw new IoError(`kafka: result ${sequence} has ${sizeBytes} bytes with its headers, but topic ${options.topic} takes ${maxMessageBytes}`, {
      retry: false, remedy: `raise max.message.bytes of topic ${options.topic}, or select less`,
    });
  }
  return sizeBytes;
}

function messageOf({ headers }: Session, partition: number, { sequence, key, value, arrival }: Result): Message {
  return {
    partition,
    key: key ? asBuffer(key) : null,
    value: asBuffer(value),
    timestamp: String(arrival),
    headers: Object.fromEntries([...headers, ['millrace-seq', Buffer.from(String(sequence))]]),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function writerHeaders({ gateway, job, sink, incarnation }: SinkIdentity): readonly (readonly [string, Buffer])[] {
  const text = { 'millrace-gateway': gateway, 'millrace-job': job, 'millrace-sink': sink, 'millrace-epoch': incarnation };
  return Object.entries(text).map(([name, value]) => [name, Buffer.from(value)] as const);
}

/** One send after the other: the driver repeats what another send has in flight, as new records (see docs/kafka.md). */
async function deliver(session: Session, sends: readonly Send[], progress: Progress): Promise<void> {
  const { options, place, producer } = session;
  const transaction: Transaction | undefined = options.isTransactional ? await producer.transaction() : undefined;
  const writer = transaction ?? producer;
  for (const { messages } of sends) {
    await writer.send({ topic: options.topic, acks: ALL_REPLICAS, compression: options.isCompressed ? GZIP : UNCOMPRESSED, messages });
  }
  const value = JSON.stringify(progress);
  const sent = await writer.send({ topic: place.topic, acks: ALL_REPLICAS, messages: [{ partition: place.partition, key: place.key, value }] });
  if (!transaction) return;
  const pointer = { partition: place.partition, offset: String(baseOffset(sent)), metadata: value };
  await transaction.sendOffsets({ consumerGroupId: place.group, topics: [{ topic: place.topic, partitions: [pointer] }] });
  await transaction.commit();
}

// ----------------------------------------------------------------------------------------------------------------- leaves

/** Fails after `maxMs`; what it waited for goes on unheard. */
async function within<T>(clock: Clock, maxMs: number, work: Promise<T>, what: string): Promise<T> {
  let cancel: () => void = () => undefined;
  const expiry = new Promise<never>((_, reject) => {
    cancel = clock.wake(maxMs, () => reject(new Error(`${what} took longer than ${maxMs / 1000} s`)));
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    cancel();
  }
}

/** The driver waits for answers that are under way; a broker that hangs must not hold the sink. */
async function drop(clock: Clock, producer: Producer): Promise<void> {
  await within(clock, CLOSE_MAX_MS, producer.disconnect(), 'closing').catch(() => undefined);
}
