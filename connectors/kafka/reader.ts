/**
 * Fetches from the leaders of all partitions at once, one fetch a broker in flight, and pushes their records into the
 * intake, partition by partition in order of offset. While the intake has no room nothing is pushed, and at most one answer
 * a broker waits. Partitions that move, brokers that go, are asked for again.
 */
import { type Arrival, type Clock, FLAG_TRUNCATED, type Intake } from '../../host/ports.ts';
import type { Cluster } from './client.ts';
import { isOutOfRange, kafkaError, partitionError } from './errors.ts';
import { fetchRecords, type Fetched } from './fetch.ts';
import { boundsOf, leadersOf } from './offsets.ts';
import { openRecords, type RecordView } from './records.ts';
import type { SourceOptions } from './source-options.ts';
import { hasEnded, lostRecords, nameOf, type Split } from './split.ts';

/** Between a failure and the next attempt: brokers fail over in seconds. */
const RETRY_MS = 300;
const NONE = new Uint8Array(0);

export interface ReaderParts {
  readonly cluster: Cluster;
  readonly options: SourceOptions;
  readonly clock: Clock;
  readonly payloadMaxBytes: number;
  /** Those to read; more may be added while it runs. */
  readonly splits: readonly Split[];
  readonly intake: Intake;
  log(line: string): void;
}

export interface Reader {
  /** Looks for splits that were added, and for room. */
  poke(): void;
  /** The intake has room again. */
  resume(): void;
  /** Nothing is pushed any more. */
  stop(): void;
}

export function startReader(parts: ReaderParts): Reader {
  const { cluster, options, clock, payloadMaxBytes, splits, intake } = parts;
  const busy = new Set<string>();
  const origin = { partition: 0, offset: 0, timestamp: 0, keyStart: 0, keyEnd: -1 };
  const arrival: Arrival = {
    bytes: NONE, start: 0, end: 0, topic: NONE, topicStart: 0, topicEnd: 0, packetId: 0, flags: 0, client: '', origin,
  };
  let isPaused = false;
  let isStopped = false;
  let wakers: (() => void)[] = [];
  let turn = 0;

  function wakeAll(): void {
    const waiting = wakers;
    wakers = [];
    for (const wake of waiting) wake();
  }
  /** Records of one partition into the intake. */
  async function push(split: Split, { section }: Fetched<Split>): Promise<void> {
    const records = openRecords(section, split.next);
    const { record } = records;
    const { stop = Infinity } = split;
    while (records.next()) {
      if (record.offset >= stop) {
        split.next = record.offset;
        return;
      }
      while (isPaused && !isStopped) await new Promise<void>((resolve) => { wakers.push(resolve); });
      if (isStopped) return;
      fill(split, record);
      split.next = record.offset + 1; // before the push: a batch sealed by it must say where to go on after it
      if (!intake.push(arrival)) isPaused = true;
    }
    split.next = Math.max(split.next, records.nextOffset());
  }
  /** The answers of several brokers take turns with the one arrival, so all of it is set each time. */
  function fill({ topicBytes, partition }: Split, record: RecordView): void {
    const keyBytes = record.keyEnd - record.keyStart;
    const isLong = record.valueEnd - record.valueStart > payloadMaxBytes || keyBytes > payloadMaxBytes;
    arrival.bytes = record.bytes;
    arrival.start = record.valueStart;
    arrival.end = Math.min(record.valueEnd, record.valueStart + payloadMaxBytes);
    arrival.topic = topicBytes;
    arrival.topicEnd = topicBytes.length;
    arrival.flags = isLong ? FLAG_TRUNCATED : 0;
    origin.partition = partition;
    origin.offset = record.offset;
    origin.timestamp = record.timestamp;
    origin.keyStart = record.keyStart;
    origin.keyEnd = record.keyEnd < 0 ? -1 : Math.min(record.keyEnd, record.keyStart + payloadMaxBytes);
  }
  /** The broker has no record at the split's offset. */
  async function outOfRange(split: Split): Promise<void> {
    const { low, high } = await boundsOf(cluster, split);
    if (split.next >= low && split.next <= high) return; // a replica that was behind
    const lost = lostRecords(split, low, high);
    if (options.reset === 'none') throw lost;
    parts.log(`${lost.message}; going on as 'properties.auto.offset.reset' says: ${options.reset}`);
    split.next = options.reset === 'earliest' ? low : high;
  }
  async function fetchFrom(nodeId: string, wanted: readonly Split[]): Promise<void> {
    const broker = await cluster.findBroker({ nodeId });
    let failure: Error | undefined;
    for (const fetched of await fetchRecords(broker, wanted, options.isCommitted)) {
      if (isStopped) return;
      const { from: split, errorCode } = fetched;
      if (errorCode === 0) {
        await push(split, fetched);
        continue;
      }
      const error = partitionError(errorCode, nameOf(split));
      if (isOutOfRange(error)) await outOfRange(split);
      else failure = error;
    }
    if (!isStopped) intake.flush();
    if (failure) throw failure;
  }
  async function recover(error: unknown): Promise<void> {
    if (isStopped) return;
    const failure = kafkaError(error, `reading at ${options.brokers.join(',')}`, false);
    intake.failed(failure);
    if (!failure.retry) isStopped = true;
    await new Promise<void>((resolve) => { clock.wake(RETRY_MS, resolve); });
    if (isStopped) return;
    await cluster.refreshMetadata().catch(() => undefined); // said by the next fetch, if it fails
    if (!isStopped) setLeaders(cluster, splits);
  }
  /** Begins a fetch at every broker that has none in flight and leads something to read. */
  function poke(): void {
    if (isStopped) return;
    const left = splits.filter((split) => !hasEnded(split));
    if (left.length === 0 && options.stop !== undefined) {
      isStopped = true;
      intake.end();
      return;
    }
    for (const nodeId of new Set(left.map(({ leader }) => leader ?? ''))) {
      if (busy.has(nodeId)) continue;
      const led = left.filter(({ leader }) => (leader ?? '') === nodeId);
      turn = (turn + 1) % led.length; // each is first in turn: only the first is sure of an answer
      const wanted = [...led.slice(turn), ...led.slice(0, turn)];
      const work = nodeId === '' ? Promise.reject(partitionError(5, nameOf(led[0] as Split))) : fetchFrom(nodeId, wanted);
      busy.add(nodeId);
      void work.catch(recover).finally(() => {
        busy.delete(nodeId);
        poke();
      });
    }
  }
  poke();
  return {
    poke,
    resume() {
      isPaused = false;
      wakeAll();
    },
    stop() {
      isStopped = true;
      wakeAll();
    },
  };
}

/** Notes who leads each split, as of the last refresh. */
export function setLeaders(cluster: Cluster, splits: readonly Split[]): void {
  for (const topic of new Set(splits.map((split) => split.topic))) {
    const leaders = leadersOf(cluster, topic);
    for (const split of splits) if (split.topic === topic) split.leader = leaders.get(split.partition);
  }
}

/** Partitions of a topic, as of the last refresh. */
export function partitionsOf(cluster: Cluster, topic: string): number[] {
  return [...leadersOf(cluster, topic).keys()].sort((a, b) => a - b);
}
