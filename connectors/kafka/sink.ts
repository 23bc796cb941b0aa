/**
 * Results into one topic, exactly once: each delivery is one transaction of the results and the record of progress. The
 * driver is used in its safe mode, without which it commits duplicates on more than one broker: one partition a send,
 * one send at a time, explicit partitions; after any error the producer is dropped and Kafka asked what counts.
 */
import type { Message } from 'kafkajs';
import { type ConnectorContext, IoError, type Progress, type Result, type Sink } from '../../host/ports.ts';
import { disconnect, disconnectAfter, within } from './deadline.ts';
import { isFenced, kafkaError } from './errors.ts';
import { createPartitioner, type Partitioner } from './partition.ts';
import { ALL_REPLICAS, baseOffset, openSession, refuseIfTakenOver, type Session } from './session.ts';

const DELIVER_MAX_MS = 60_000;
const SEND_RECORDS_MAX = 2_000; // the driver makes one record batch of a send
const SEND_BYTES_MAX = 900_000; // below the default max.message.bytes of 1,048,588, which holds for a whole batch
const RECORD_OVERHEAD_BYTES = 48; // lengths, timestamp and offset deltas, the header of the sequence
/** kafkajs takes a record with this key for an abort marker, in whatever program reads the topic with it. */
const FORBIDDEN_KEY = Buffer.alloc(4);
const GZIP = 1;
const UNCOMPRESSED = 0;

/** What turns results into sends; made once an opening. */
interface Packer {
  readonly session: Session;
  readonly partition: Partitioner;
  readonly headers: Readonly<Record<string, Buffer>>;
  readonly headersBytes: number;
  readonly hasTombstones: boolean;
}

/** @param hasTombstones whether a row that is gone is a record without a value */
export function kafkaSink(context: ConnectorContext, { hasTombstones = false }: { readonly hasTombstones?: boolean } = {}): Sink {
  const { clock } = context;
  let packer: Packer | undefined;
  let interrupt: (reason: Error) => void = () => undefined;

  /** Rejects when the sink is closed while it works: a stopping job does not wait for a broker that hangs. */
  function closed(): Promise<never> {
    const interruption = new Promise<never>((_, reject) => { interrupt = reject; });
    interruption.catch(() => undefined); // a close after the work is no error
    return interruption;
  }
  async function close(): Promise<void> {
    interrupt(new Error('the sink was closed'));
    const { session } = packer ?? {};
    packer = undefined;
    await disconnect(clock, session?.producer);
  }
  return {
    async open(identity) {
      await close();
      const { session, progress } = await openSession(context, identity, closed());
      packer = createPacker(session, hasTombstones);
      return progress;
    },
    async deliver(results, progress) {
      if (!packer) throw new IoError('kafka: deliver before open', { retry: true });
      const { session } = packer;
      const sends = pack(packer, results); // before anything is sent: a result that cannot be sent is nobody's outage
      const work = deliver(session, sends, progress);
      try {
        await within(clock, DELIVER_MAX_MS, Promise.race([work, closed()]), 'delivering');
      } catch (error) {
        await close();
        disconnectAfter(clock, work, () => [session.producer]);
        if (isFenced(error)) await refuseIfTakenOver(context, session);
        throw kafkaError(error, `writing ${session.options.topic}`, false);
      }
    },
    close,
  };
}

/** One send after the other: the driver repeats what another send has in flight, as new records (see docs/kafka.md). */
async function deliver({ options, place, producer }: Session, sends: readonly Message[][], progress: Progress): Promise<void> {
  const { topic, partition, key, group } = place;
  const compression = options.isCompressed ? GZIP : UNCOMPRESSED;
  const transaction = options.isTransactional ? await producer.transaction() : undefined;
  const writer = transaction ?? producer;
  for (const messages of sends) {
    await writer.send({ topic: options.topic, acks: ALL_REPLICAS, compression, messages });
  }
  const value = JSON.stringify(progress);
  const sent = await writer.send({ topic, acks: ALL_REPLICAS, messages: [{ partition, key, value }] });
  if (!transaction) return;
  const pointer = { partition, offset: String(baseOffset(sent)), metadata: value };
  await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic, partitions: [pointer] }] });
  await transaction.commit();
}

// ------------------------------------------------------------------------------------------------- results into sends

function createPacker(session: Session, hasTombstones: boolean): Packer {
  const { options, identity, place, topic } = session;
  const headers = {
    'millrace-gateway': Buffer.from(identity.gateway),
    'millrace-job': Buffer.from(identity.job),
    'millrace-sink': Buffer.from(identity.sink),
    'millrace-epoch': Buffer.from(identity.incarnation),
  };
  const headersBytes = Object.entries(headers).reduce((total, [name, { length }]) => total + name.length + length, 0);
  const partition = createPartitioner(options.partitioner, topic.partitionCount, Buffer.from(place.key));
  return { session, partition, headers, headersBytes, hasTombstones };
}

/** Results of one transaction as sends of one partition each, small enough for one record batch. */
function pack(packer: Packer, results: readonly Result[]): Message[][] {
  const sendBytesMax = Math.min(SEND_BYTES_MAX, packer.session.topic.maxMessageBytes);
  const sends: Message[][] = [];
  for (const [partition, group] of packer.partition(results)) {
    let send: Message[] = [];
    let sendBytes = 0;
    for (const result of group) {
      const sizeBytes = recordBytes(packer, result);
      if (send.length === SEND_RECORDS_MAX || (send.length > 0 && sendBytes + sizeBytes > sendBytesMax)) {
        sends.push(send);
        send = [];
        sendBytes = 0;
      }
      send.push(messageOf(packer, partition, result));
      sendBytes += sizeBytes;
    }
    sends.push(send);
  }
  return sends;
}

function recordBytes({ session, headersBytes }: Packer, { sequence, key, value }: Result): number {
  const { options, topic: { maxMessageBytes } } = session;
  if (key?.length === FORBIDDEN_KEY.length && FORBIDDEN_KEY.equals(key)) {
    throw new IoError(`kafka: the key of result ${sequence} is four zero bytes, for kafkajs an abort marker`, {
      retry: false, remedy: `write another 'key.format', or another column into 'key.fields'`,
    });
  }
  const sizeBytes = (key?.length ?? 0) + value.length + headersBytes + RECORD_OVERHEAD_BYTES;
  if (sizeBytes > maxMessageBytes && !options.isCompressed) {
    throw new IoError(`kafka: result ${sequence} has ${sizeBytes} bytes, topic ${options.topic} takes ${maxMessageBytes}`, {
      retry: false, remedy: `raise max.message.bytes of topic ${options.topic}, or select less`,
    });
  }
  return sizeBytes;
}

function messageOf({ headers, hasTombstones }: Packer, partition: number, { sequence, kind, key, value, arrival }: Result): Message {
  return {
    partition,
    key: key ? asBuffer(key) : null,
    value: hasTombstones && (kind === '-D' || kind === '-U') ? null : asBuffer(value),
    timestamp: String(arrival),
    headers: { ...headers, 'millrace-seq': String(sequence) },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
