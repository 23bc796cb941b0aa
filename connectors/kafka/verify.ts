/**
 * Proves from the headers of a topic's results that each writer's sequence has no gap and no duplicate and stands in
 * order: what a read_committed reader gets. Nothing is deduplicated on the way.
 */
import type { ConnectorOptions } from '../../host/ports.ts';
import { type ClientContext, connectCluster, createClient, type RawRecord } from './client.ts';
import { kafkaError } from './errors.ts';
import { type KafkaOptions, readOptions } from './options.ts';
import { readCommitted } from './tail.ts';

const PROGRESS_EVERY = 10_000;
const EXAMPLES_MAX = 5;

/** What one store of one gateway wrote for one sink of one job. */
export interface WriterReport {
  readonly gateway: string;
  readonly job: string;
  readonly sink: string;
  /** Incarnation of the store. */
  readonly epoch: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Sequences that are not there, and below `last`; those that retention may have deleted are in `expired`. */
  readonly missing: number;
  readonly expired: number;
  readonly duplicated: number;
  /** Records that stand behind a later one of the same partition. */
  readonly disordered: number;
  /** The first few sequences with a fault. */
  readonly examples: readonly number[];
}

export interface VerifyReport {
  readonly topic: string;
  readonly recordCount: number;
  /** Records without the headers of a Millrace sink. */
  readonly foreignCount: number;
  /** Results whose transaction was open at the end: no reader sees them yet. */
  readonly openCount: number;
  readonly writers: readonly WriterReport[];
  /** No writer has a missing, duplicated or disordered result. */
  readonly isProven: boolean;
}

/** Called now and then with what is read of what there is. */
export type OnProgress = (readCount: number, recordCount: number) => void;

/**
 * Reads all of the table's topic as of now.
 * @param options those of the sink's table, secrets resolved
 * @throws IoError as the sink's `open` does
 */
export async function verifyTopic(
  options: ConnectorOptions, context: ClientContext, onProgress: OnProgress,
): Promise<VerifyReport> {
  const kafkaOptions = readOptions(options);
  try {
    return await verify(kafkaOptions, context, onProgress);
  } catch (error) {
    throw kafkaError(error, `reading ${kafkaOptions.topic} at ${kafkaOptions.brokers.join(',')}`, true);
  }
}

async function verify(options: KafkaOptions, context: ClientContext, onProgress: OnProgress): Promise<VerifyReport> {
  const { topic } = options;
  const kafka = await createClient(options, context, 'ask');
  const admin = kafka.admin();
  await admin.connect();
  const partitions = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const cluster = await connectCluster(kafka);
  const total = partitions.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  const writers = new Map<string, Writer>();
  let [recordCount, foreignCount, openCount] = [0, 0, 0];
  try {
    for (const { partition, low, high } of partitions) {
      const isCut = Number(low) > 0;
      const range = { topic, partition, from: Number(low), to: Number(high), isSettled: true };
      const open = await readCommitted(cluster, range, readStamp, (stamp) => {
        recordCount += 1;
        if (recordCount % PROGRESS_EVERY === 0) onProgress(recordCount, total);
        if (stamp.gateway === '') foreignCount += 1;
        else writerOf(writers, stamp).add(stamp.sequence, partition, isCut);
      });
      openCount += open.length;
    }
  } finally {
    await cluster.disconnect();
  }
  const reports = [...writers.values()].map((writer) => writer.report(isOnlyEpoch(writers, writer)));
  const isProven = reports.every(({ missing, duplicated, disordered }) => missing + duplicated + disordered === 0);
  return { topic, recordCount, foreignCount, openCount, writers: reports, isProven };
}

/** A store that goes on as a new epoch goes on with its sequence, too. */
function isOnlyEpoch(writers: ReadonlyMap<string, Writer>, { stamp }: Writer): boolean {
  const isSame = (other: Stamp): boolean => other.gateway === stamp.gateway && other.job === stamp.job && other.sink === stamp.sink;
  return [...writers.values()].filter((other) => isSame(other.stamp)).length === 1;
}

/** What a record's headers say; gateway '' for a record of another program. */
interface Stamp extends Pick<WriterReport, 'gateway' | 'job' | 'sink' | 'epoch'> { readonly sequence: number }

const FOREIGN: Stamp = { gateway: '', job: '', sink: '', epoch: '', sequence: 0 };

function readStamp({ headers }: RawRecord): Stamp {
  const text = (name: string): string => headers[`millrace-${name}`]?.toString() ?? '';
  const sequence = Number(text('seq'));
  if (text('gateway') === '' || !Number.isSafeInteger(sequence) || sequence < 1) return FOREIGN;
  return { gateway: text('gateway'), job: text('job'), sink: text('sink'), epoch: text('epoch'), sequence };
}

interface Writer {
  /** Its first record's. */
  readonly stamp: Stamp;
  /** @param isCut retention has deleted the beginning of this partition */
  add(sequence: number, partition: number, isCut: boolean): void;
  /** @param isFromOne its sequence must start at 1 */
  report(isFromOne: boolean): WriterReport;
}

function writerOf(writers: Map<string, Writer>, stamp: Stamp): Writer {
  const key = JSON.stringify([stamp.gateway, stamp.job, stamp.sink, stamp.epoch]);
  const writer = writers.get(key) ?? createWriter(stamp);
  writers.set(key, writer);
  return writer;
}

function createWriter(stamp: Stamp): Writer {
  const { gateway, job, sink, epoch } = stamp;
  const seen = createSequenceSet();
  const lastIn = new Map<number, number>();
  const examples: number[] = [];
  let [first, last, duplicated, disordered, provenFrom] = [Infinity, 0, 0, 0, 1];
  function fault(sequence: number): void {
    if (examples.length < EXAMPLES_MAX && !examples.includes(sequence)) examples.push(sequence);
  }
  return {
    stamp,
    add(sequence, partition, isCut) {
      const before = lastIn.get(partition);
      // Below the first result of a partition that has lost its beginning, a gap proves nothing.
      if (before === undefined && isCut) provenFrom = Math.max(provenFrom, sequence);
      if (!seen.add(sequence)) {
        duplicated += 1;
        fault(sequence);
      } else if (before !== undefined && sequence < before) {
        disordered += 1;
        fault(sequence);
      }
      lastIn.set(partition, Math.max(before ?? 0, sequence));
      first = Math.min(first, sequence);
      last = Math.max(last, sequence);
    },
    report(isFromOne) {
      const from = isFromOne ? 1 : first;
      const expired = seen.missing(from, provenFrom - 1, () => undefined);
      const missing = seen.missing(Math.max(from, provenFrom), last, fault);
      const count = seen.count();
      return { gateway, job, sink, epoch, count, first, last, missing, expired, duplicated, disordered, examples };
    },
  };
}

interface SequenceSet {
  /** @returns false when it was there already */
  add(sequence: number): boolean;
  count(): number;
  /** Counts what is not there from `from` to `to`, both included, and names each. */
  missing(from: number, to: number, name: (sequence: number) => void): number;
}

const PAGE_BITS = 1 << 16; // a full page shrinks to a marker, so that memory follows the gaps and not the results
const FULL = new Uint32Array(0);

function createSequenceSet(): SequenceSet {
  const pages = new Map<number, { bits: Uint32Array; count: number }>();
  let count = 0;
  const has = (sequence: number): boolean => {
    const page = pages.get(Math.floor(sequence / PAGE_BITS));
    if (!page) return false;
    const bit = sequence % PAGE_BITS;
    return page.bits === FULL || ((page.bits[bit >>> 5] ?? 0) >>> (bit & 31) & 1) === 1;
  };
  return {
    add(sequence) {
      if (has(sequence)) return false;
      const index = Math.floor(sequence / PAGE_BITS);
      const page = pages.get(index) ?? { bits: new Uint32Array(PAGE_BITS / 32), count: 0 };
      const bit = sequence % PAGE_BITS;
      page.bits[bit >>> 5] = (page.bits[bit >>> 5] ?? 0) | 1 << (bit & 31);
      page.count += 1;
      if (page.count === PAGE_BITS) page.bits = FULL;
      pages.set(index, page);
      count += 1;
      return true;
    },
    count: () => count,
    missing(from, to, name) {
      let missing = 0;
      for (let sequence = from; sequence <= to; sequence += 1) {
        if (has(sequence)) continue;
        missing += 1;
        name(sequence);
      }
      return missing;
    },
  };
}
