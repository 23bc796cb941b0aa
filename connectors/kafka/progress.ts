/**
 * The record of progress, kept twice in the transaction of the results it counts: as the newest record of its key in a
 * compacted topic, and as metadata of a group's offset that points to that record. The pointer makes opening cheap; the
 * topic outlives the group, whose offsets expire when a gateway is off for longer than offsets.retention.minutes.
 */
import type { Admin } from 'kafkajs';
import { IoError, type Progress } from '../../host/ports.ts';
import type { Cluster, RawRecord } from './client.ts';
import { isOutOfRange } from './errors.ts';
import { partitionOfKey } from './partition.ts';
import { readCommitted } from './tail.ts';
import { topicConfig, type TopicMetadata, topicMetadata } from './topic.ts';

const PARTITION_COUNT = 8; // spreads leaders over brokers; many gateways share one
const REPLICAS = 3;
const MIN_ISR = 2;
/** One small record a transaction: without these, compaction would leave gigabytes for a first opening to read. */
const TOPIC_CONFIG = {
  'cleanup.policy': 'compact', 'segment.bytes': String(16 << 20), 'min.cleanable.dirty.ratio': '0.1',
};

/** Where one writer's records of progress are. */
export interface ProgressPlace {
  readonly topic: string;
  /** gateway/job/sink */
  readonly key: string;
  /** Group whose offset points to the newest record: the transactional id. */
  readonly group: string;
  /** Partition that new records go to: hash of the key. */
  readonly partition: number;
}

/** Announces a writer, by its random name: whose barrier is the newest tells whether another has taken over. */
export interface Barrier { readonly writer: string; readonly partition: number; readonly offset: number }

/** Key of barrier records; not the progress record's own, which compaction must keep. */
export const barrierKey = ({ key }: ProgressPlace): string => `${key}:open`;

/** Finds the progress topic, or makes it; refuses one that would lose progress. */
export async function findProgressPlace(
  admin: Admin, wanted: Pick<ProgressPlace, 'topic' | 'key' | 'group'>, log: (line: string) => void,
): Promise<ProgressPlace> {
  const { topic, key } = wanted;
  const { partitionCount, replicaCount } = await topicMetadata(admin, topic) ?? await createTopic(admin, topic);
  const config = await topicConfig(admin, topic, log);
  const policy = config?.get('cleanup.policy') ?? 'compact';
  if (policy !== 'compact') throw forgetful(topic, 'cleanup.policy', policy, 'compact');
  const minIsr = Number(config?.get('min.insync.replicas') ?? MIN_ISR);
  if (replicaCount >= REPLICAS && minIsr < MIN_ISR) throw forgetful(topic, 'min.insync.replicas', minIsr, MIN_ISR);
  return { ...wanted, partition: partitionOfKey(Buffer.from(key), partitionCount) };
}

function forgetful(topic: string, name: string, value: string | number, wanted: string | number): IoError {
  return new IoError(`kafka: progress topic ${topic} has ${name}=${value} and may lose progress`, {
    retry: false,
    remedy: `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${name}=${wanted}`,
  });
}

async function createTopic(admin: Admin, topic: string): Promise<TopicMetadata> {
  const replicaCount = Math.min(REPLICAS, (await admin.describeCluster()).brokers.length);
  const config = { ...TOPIC_CONFIG, ...(replicaCount >= REPLICAS ? { 'min.insync.replicas': String(MIN_ISR) } : {}) };
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const wanted = { topic, numPartitions: PARTITION_COUNT, replicationFactor: replicaCount, configEntries };
  // False when another gateway was faster: then its topic is taken.
  await admin.createTopics({ waitForLeaders: true, topics: [wanted] });
  const created = await topicMetadata(admin, topic);
  if (!created) throw new Error(`progress topic ${topic} is being created`);
  return created;
}

/**
 * What is visible already, by both records.
 * Requires: a newer transaction of this writer, the barrier, is committed; so every older one is decided.
 */
export async function readProgress(
  admin: Admin, cluster: Cluster, place: ProgressPlace, barrier: Barrier, log: (line: string) => void,
): Promise<Progress | undefined> {
  const pointer = await groupPointer(admin, place);
  const fromTopic = await topicProgress(admin, cluster, place, barrier, pointer);
  if (!pointer) return fromTopic;
  const { progress: fromGroup } = pointer;
  if (fromTopic?.incarnation === fromGroup.incarnation && fromTopic.sequence === fromGroup.sequence) return fromTopic;
  const told = `${fromTopic?.sequence ?? 'none'} and ${fromGroup.sequence}`;
  log(`kafka: topic ${place.topic} and group ${place.group} disagree about progress: ${told}; the lower one counts`);
  if (!fromTopic) return undefined;
  if (fromTopic.incarnation !== fromGroup.incarnation) {
    throw new IoError(`kafka: two stores have written progress of ${place.key} and the newest cannot be told`, {
      retry: false, remedy: `delete group ${place.group}; then the progress topic alone counts`,
    });
  }
  return fromTopic.sequence < fromGroup.sequence ? fromTopic : fromGroup;
}

interface Pointer { readonly partition: number; readonly offset: number; readonly progress: Progress }

async function groupPointer(admin: Admin, place: ProgressPlace): Promise<Pointer | undefined> {
  const [found] = await admin.fetchOffsets({ groupId: place.group, topics: [place.topic] });
  const pointers = (found?.partitions ?? []).flatMap(({ partition, offset, metadata }): Pointer[] => {
    const progress = Number(offset) < 0 ? undefined : parseProgress(metadata);
    return progress ? [{ partition, offset: Number(offset), progress }] : [];
  });
  // More than one only where partitions were added to the topic: then the key moved to a new home.
  return pointers.find(({ partition }) => partition === place.partition)
    ?? pointers.sort((a, b) => b.progress.sequence - a.progress.sequence)[0];
}

/** The newest committed record of the key. Without a pointer all partitions are read: the key may have moved. */
async function topicProgress(
  admin: Admin, cluster: Cluster, { topic, key }: ProgressPlace, barrier: Barrier, pointer: Pointer | undefined,
): Promise<Progress | undefined> {
  const keyBytes = Buffer.from(key);
  const pick = (record: RawRecord): Progress | undefined => (isKey(record, keyBytes) ? parseProgress(textOf(record)) : undefined);
  const partitions = (await admin.fetchTopicOffsets(topic))
    .filter(({ partition }) => partition === barrier.partition || !pointer || partition === pointer.partition)
    .sort((a, b) => Number(b.partition === barrier.partition) - Number(a.partition === barrier.partition));
  for (const { partition, low, high } of partitions) {
    const from = Math.max(Number(low), pointer?.partition === partition ? Math.min(pointer.offset, Number(high)) : 0);
    const to = partition === barrier.partition ? barrier.offset : Number(high);
    let newest: Progress | undefined;
    await readCommitted(cluster, { topic, partition, from, to }, pick, (progress) => { newest = progress; });
    if (newest) return newest;
  }
  return undefined;
}

/** True when another writer has opened the same identity after `barrier`. */
export async function isTakenOver(cluster: Cluster, place: ProgressPlace, barrier: Barrier): Promise<boolean> {
  const { writer, partition, offset } = barrier;
  const keyBytes = Buffer.from(barrierKey(place));
  const pick = (record: RawRecord): string | undefined => (isKey(record, keyBytes) ? textOf(record) : undefined);
  let newest = writer;
  try {
    const range = { topic: place.topic, partition, from: offset, to: undefined };
    await readCommitted(cluster, range, pick, (found) => { newest = found; });
  } catch (error) {
    if (!isOutOfRange(error)) throw error; // the topic was made anew, and nobody has opened since
  }
  return newest !== writer;
}

function textOf(record: RawRecord): string | undefined {
  return record.value?.toString();
}

function isKey(record: RawRecord, key: Buffer): boolean {
  return record.key !== null && record.key.equals(key);
}

function parseProgress(text: string | null | undefined): Progress | undefined {
  if (!text) return undefined;
  try {
    const { incarnation, sequence, offset, digest } = JSON.parse(text) as Progress;
    return { incarnation, sequence, offset, digest };
  } catch {
    return undefined; // an offset that a person has set by hand carries no progress
  }
}
