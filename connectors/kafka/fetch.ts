/**
 * One fetch from one broker: the request as bytes, the answer as sections of the buffer it came in. Instead of the driver's
 * own decoder, which makes several objects a record and leaks or drops records around aborted transactions.
 * Source: Kafka protocol guide, Fetch version 10 (brokers since 2.1; the oldest with zstd and without sessions of ours).
 */
import type { Broker } from './client.ts';
import { type Aborted, longAt, type Section } from './records.ts';

const FETCH = 1;
const VERSION = 10;
/** How long a broker may hold an answer back while there is nothing new; it answers at once when there is. */
const WAIT_MS = 500;
/** All sections of an answer, beyond which only a batch that is larger itself goes: bounds the memory of a source. */
const ANSWER_BYTES_MAX = 4 << 20;
const SECTION_BYTES_MAX = 1 << 20;
const REQUEST_BYTES = 64;
const PARTITION_BYTES = 28;

export interface FetchFrom { readonly topic: string; readonly partition: number; readonly next: number }

export interface Fetched<T> {
  readonly from: T;
  /** 0, or a Kafka error code that concerns this partition alone. */
  readonly errorCode: number;
  readonly section: Section;
}

/** @param isCommitted leave out what is not committed, as read_committed does */
export async function fetchRecords<T extends FetchFrom>(broker: Broker, wanted: readonly T[], isCommitted: boolean): Promise<Fetched<T>[]> {
  try {
    return await broker.connectionPool.send({
      request: { apiKey: FETCH, apiVersion: VERSION, apiName: 'Fetch', encode: async () => encoded(wanted, isCommitted) },
      response: { decode: async (bytes) => ({ clientSideThrottleTime: bytes.readInt32BE(0), bytes }), parse: async ({ bytes }) => decoded(bytes, wanted) },
    });
  } catch (error) {
    if ((error as Error).name === 'KafkaJSConnectionClosedError') await broker.disconnect(); // as the driver does: the next one connects again
    throw error;
  }
}

/** What the driver takes for an encoder: it looks at these two alone. */
interface Encoded { readonly buf: Buffer; readonly buffer: Buffer }

function encoded(wanted: readonly FetchFrom[], isCommitted: boolean): Encoded {
  const bytes = Buffer.allocUnsafe(REQUEST_BYTES + wanted.reduce((total, { topic }) => total + PARTITION_BYTES + 8 + topic.length * 3, 0));
  let at = 0;
  const int = (value: number): void => { at = bytes.writeInt32BE(value, at); };
  const long = (value: number): void => { at = bytes.writeBigInt64BE(BigInt(value), at); };
  int(-1); // replica: a client
  int(WAIT_MS);
  int(1); // smallest answer
  int(ANSWER_BYTES_MAX);
  at = bytes.writeInt8(isCommitted ? 1 : 0, at);
  int(0); // no session
  int(-1);
  int(wanted.length); // a topic for each partition keeps their order, which says who comes first when an answer is full
  for (const { topic, partition, next } of wanted) {
    const length = bytes.write(topic, at + 2);
    at = bytes.writeInt16BE(length, at) + length;
    int(1);
    int(partition);
    int(-1); // any leader's epoch
    long(next);
    long(-1); // log start: replicas'
    int(SECTION_BYTES_MAX);
  }
  int(0); // nothing of a session forgotten
  const buffer = bytes.subarray(0, at);
  return { buf: buffer, buffer };
}

function decoded<T extends FetchFrom>(bytes: Buffer, wanted: readonly T[]): Fetched<T>[] {
  const found: Fetched<T>[] = [];
  let at = 10; // throttle time, error and id of a session
  const int = (): number => {
    at += 4;
    return bytes.readInt32BE(at - 4);
  };
  for (let topics = int(); topics > 0; topics -= 1) {
    const length = bytes.readInt16BE(at);
    const topic = bytes.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    for (let partitions = int(); partitions > 0; partitions -= 1) {
      const partition = int();
      const errorCode = bytes.readInt16BE(at);
      at += 2 + 3 * 8; // high watermark, last stable offset, start of the log
      const aborted: Aborted[] = [];
      for (let count = int(); count > 0; count -= 1, at += 16) {
        aborted.push({ producerId: bytes.readBigInt64BE(at), firstOffset: longAt(bytes, at + 8) });
      }
      const sectionBytes = Math.max(0, int());
      const start = at;
      at += sectionBytes;
      const from = wanted.find((one) => one.partition === partition && one.topic === topic);
      if (from) found.push({ from, errorCode, section: { bytes, start, end: at, aborted } });
    }
  }
  return found;
}
