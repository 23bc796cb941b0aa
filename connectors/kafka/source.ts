/**
 * Topics into the log, exactly once: the next offset of every partition is the source's position, committed with the batch
 * that it counts, and nothing else says where to go on. Partitions are read without a consumer group: no rebalance can move
 * one, and nobody's offsets can. A group, where one is named, is told afterwards, for monitoring.
 */
import type { Admin } from 'kafkajs';
import { type Arrival, type ConnectorContext, FLAG_MARK, type Intake, type Source } from '../../host/ports.ts';
import { type Cluster, connectCluster, createClient } from './client.ts';
import { disconnect, disconnectAfter, within } from './deadline.ts';
import { kafkaError } from './errors.ts';
import { commitToGroup, earliestOffsets, startOffsets, stopOffsets } from './offsets.ts';
import { partitionsOf, type Reader, setLeaders, startReader } from './reader.ts';
import { readSourceOptions, type SourceOptions } from './source-options.ts';
import { createSplit, readPosition, savePosition, type Split } from './split.ts';

const OPEN_MAX_MS = 60_000;
const GROUP_COMMIT_MS = 5_000;
const NONE = new Uint8Array(0);
/** Sources that have been open in this process: what fails again is not a mistake in the options. */
const openedHere = new Set<string>();

export function kafkaSource(context: ConnectorContext): Source {
  const { clock } = context;
  let options: SourceOptions | undefined;
  /** Undefined before the first run: no position is in the log. */
  let splits: Split[] | undefined;
  let cluster: Cluster | undefined;
  let admin: Admin | undefined;
  let reader: Reader | undefined;
  let isClosed = false;
  const timers = new Set<() => void>();
  /** Counts of what the intake took and the log has, since this life began; and offsets that are durable at a count. */
  let pushed = 0;
  let durable = 0;
  let toCommit: { readonly at: number; readonly splits: readonly Pick<Split, 'topic' | 'partition' | 'next'>[] } | undefined;

  function every(delayMs: number, work: () => Promise<void>, what: string): void {
    const cancel = clock.wake(delayMs, () => {
      timers.delete(cancel);
      if (isClosed) return;
      void work().catch((error: unknown) => { if (!isClosed) context.log(`kafka ${context.table}: ${what}: ${(error as Error).message}`); })
        .then(() => { if (!isClosed) every(delayMs, work, what); });
    });
    timers.add(cancel);
  }
  async function topicsToRead({ topics, pattern }: SourceOptions, asking: Admin): Promise<readonly string[]> {
    if (!pattern) return topics;
    return (await asking.listTopics()).filter((topic) => pattern.test(topic)).sort();
  }
  /** Finds the splits of a first run, or those that have come since: these begin with their first record. */
  async function findSplits(wanted: SourceOptions, connected: Cluster, asking: Admin): Promise<void> {
    const known = splits ?? [];
    const topics = await topicsToRead(wanted, asking);
    await connected.addMultipleTargetTopics(topics);
    // One that a pattern does not find now keeps its place: were it forgotten, it would be read again when it is back.
    const found = known.filter(({ topic }) => topics.includes(topic) || wanted.pattern?.test(topic));
    for (const topic of topics) {
      const partitions = partitionsOf(connected, topic).filter((partition) => !known.some((split) => split.topic === topic && split.partition === partition));
      if (partitions.length === 0) continue;
      const starts = splits ? await earliestOffsets(connected, topic, partitions) : await startOffsets(connected, asking, wanted, topic, partitions);
      const stops = wanted.stop && !splits ? await stopOffsets(connected, asking, wanted.stop, topic, partitions) : undefined;
      for (const partition of partitions) {
        const start = starts.get(partition) ?? 0;
        const stop = stops ? stops.get(partition) : wanted.stop ? start : undefined; // a bounded source has its splits from the first run
        found.push(createSplit(topic, partition, start, stop));
      }
    }
    splits = known;
    splits.splice(0, splits.length, ...found);
    setLeaders(connected, splits);
  }
  async function connect(wanted: SourceOptions): Promise<void> {
    const client = await createClient(wanted, context, 'ask');
    admin = client.admin();
    await admin.connect();
    cluster = await connectCluster(client);
    await findSplits(wanted, cluster, admin);
  }
  async function discover(wanted: SourceOptions): Promise<void> {
    if (!cluster || !admin) return;
    await cluster.refreshMetadata();
    await findSplits(wanted, cluster, admin);
    reader?.poke();
  }
  async function tellGroup(group: string): Promise<void> {
    if (!cluster || !splits) return;
    if (toCommit && durable >= toCommit.at) {
      const { splits: reached } = toCommit;
      toCommit = undefined;
      await commitToGroup(cluster, group, reached);
    }
    toCommit ??= { at: pushed, splits: splits.map(({ topic, partition, next }) => ({ topic, partition, next })) };
  }
  async function stop(): Promise<void> {
    reader?.stop();
    for (const cancel of timers) cancel();
    timers.clear();
  }
  const saved = (): Uint8Array => (splits ? savePosition(splits) : NONE);
  return {
    restore(snapshot) { if (snapshot && snapshot.length > 0) splits = readPosition(snapshot); },
    replay({ position }) { if (position.length > 0) splits = readPosition(position); },
    async open(intake) {
      const wanted = options = readSourceOptions(context.options);
      const isFirstRun = splits === undefined;
      const what = context.options['topic'] ?? context.options['topic-pattern'] ?? '';
      const name = `${wanted.brokers.join()} ${what}`;
      const work = connect(wanted);
      try {
        await within(clock, OPEN_MAX_MS, work, 'opening');
      } catch (error) {
        disconnectAfter(clock, work, () => [admin, cluster]);
        throw kafkaError(error, `opening ${what} at ${wanted.brokers.join(',')}`, !openedHere.has(name));
      }
      openedHere.add(name);
      if (isClosed) {
        await disconnect(clock, admin);
        await disconnect(clock, cluster);
        return;
      }
      const counted: Intake = {
        ...intake,
        push(arrival) {
          pushed += 1;
          return intake.push(arrival);
        },
      };
      // Where a first run starts is in the log before its first record: a crash must not start at another 'latest'.
      if (isFirstRun) counted.push(startMark());
      reader = startReader({
        cluster: cluster as Cluster, options: wanted, clock, payloadMaxBytes: context.payloadMaxBytes, splits: splits ?? [], intake: counted,
        log: (line) => context.log(line),
      });
      if (wanted.discoveryMs > 0 && !wanted.stop) every(wanted.discoveryMs, () => discover(wanted), 'looking for partitions');
      const { group } = wanted;
      if (group !== undefined) every(GROUP_COMMIT_MS, () => tellGroup(group), `telling group ${group}`);
    },
    position: saved,
    snapshot: saved,
    committed(count) { durable += count; },
    resume() { reader?.resume(); },
    stop,
    async close() {
      isClosed = true;
      await stop();
      const { group } = options ?? {};
      const isReached = toCommit !== undefined && durable >= toCommit.at;
      if (group !== undefined && isReached && reader) await within(clock, 1000, tellGroup(group), 'telling the group').catch(() => undefined);
      await disconnect(clock, admin);
      await disconnect(clock, cluster);
      admin = cluster = reader = undefined;
    },
  };
}

function startMark(): Arrival {
  return {
    bytes: NONE, start: 0, end: 0, topic: NONE, topicStart: 0, topicEnd: 0, packetId: 0, flags: FLAG_MARK, client: '',
    origin: { partition: 0, offset: 0, timestamp: 0, keyStart: 0, keyEnd: -1 },
  };
}
