/**
 * The record of progress, kept twice in the transaction of the results it counts: as the newest record of its key in a
 * compacted topic, and as metadata of a group's offset that points to that record. The pointer makes opening cheap; the
 * topic outlives the group, whose offsets expire when a gateway is off for longer than offsets.retention.minutes.
 */
import type { Admin } from 'kafkajs';
import { IoError, type Progress } from '../../host/ports.ts';
import type { Cluster, RawRecord } from './client.ts';
import { isUnknownTopic } from './errors.ts';
import { partitionOfKey } from './partition.ts';
import { type Range, readCommitted } from './tail.ts';

const PARTITION_COUNT = 8; // spreads leaders over brokers; many gateways share one
const REPLICAS = 3;
const MIN_ISR = 2;
const TOPIC_RESOURCE = 2;
/** Progress is one small record a transaction: without these, compaction would leave gigabytes for a first opening to read. */
const TOPIC_CONFIG = { 'cleanup.policy': 'compact', 'segment.bytes': String(16 << 20), 'min.cleanable.dirty.ratio': '0.1' };

/** Where one writer's records of progress are. */
export interface ProgressPlace {
  readonly topic: string;
  /** gateway/job/sink */
  readonly key: string;
  /** Group whose offset points to the newest record: the transactional id. */
  readonly group: string;
  /** Partition that new records go to: hash of the key. */
  readonly partition: number;
  readonly partitionCount: number;
}

/** Announces a writer: what its key's newest barrier is tells whether another has taken over. */
export interface Barrier { readonly tag: string; readonly partition: number; readonly offset: number }

/** Key of barrier records; not the progress record's own, which compaction must keep. */
export const barrierKey = ({ key }: ProgressPlace): string => `${key}:open`;

/** Finds the progress topic, or makes it; refuses one that would lose progress. */
export async function findProgressPlace(admin: Admin, topic: string, key: string, group: string, log: (line: string) => void): Promise<ProgressPlace> {
  const found = await metadataOf(admin, topic) ?? await createTopic(admin, topic);
  const config = await topicConfig(admin, topic, log);
  const alter = (change: string): string => `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${change}`;
  const policy = config?.get('cleanup.policy');
  if (policy !== undefined && policy !== 'compact') {
    throw new IoError(`kafka: progress topic ${topic} has cleanup.policy=${policy} and would forget progress`, { retry: false, remedy: alter('cleanup.policy=compact') });
  }
  const minIsr = Number(config?.get('min.insync.replicas') ?? MIN_ISR);
  if (found.replicaCount >= REPLICAS && minIsr < MIN_ISR) {
    throw new IoError(`kafka: progress topic ${topic} has min.insync.replicas=${minIsr} and may lose progress with one broker`, {
      retry: false, remedy: alter(`min.insync.replicas=${MIN_ISR}`),
    });
  }
  const partition = partitionOfKey(new TextEncoder().encode(key), found.partitionCount);
  return { topic, key, group, partition, partitionCount: found.partitionCount };
}

interface TopicShape { readonly partitionCount: number; readonly replicaCount: number }

async function metadataOf(admin: Admin, topic: string): Promise<TopicShape | undefined> {
  try {
    const partitions = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions ?? [];
    return { partitionCount: partitions.length, replicaCount: partitions[0]?.replicas.length ?? 0 };
  } catch (error) {
    if (isUnknownTopic(error)) return undefined;
    throw error;
  }
}

async function createTopic(admin: Admin, topic: string): Promise<TopicShape> {
  const replicaCount = Math.min(REPLICAS, (await admin.describeCluster()).brokers.length);
  const config = { ...TOPIC_CONFIG, ...(replicaCount >= REPLICAS ? { 'min.insync.replicas': String(MIN_ISR) } : {}) };
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  // False when another gateway was faster: then its topic is taken.
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: PARTITION_COUNT, replicationFactor: replicaCount, configEntries }] });
  const created = await metadataOf(admin, topic);
  if (!created) throw new Error(`progress topic ${topic} is being created`);
  return created;
}

/** @returns undefined where this user may not read configurations */
export async function topicConfig(admin: Admin, topic: string, log: (line: string) => void): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: TOPIC_RESOURCE, name: topic }] });
    return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (error) {
    log(`kafka: cannot check the configuration of topic ${topic}: ${(error as Error).message}`);
    return undefined;
  }
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
  log(`kafka: topic ${place.topic} and group ${place.group} disagree about the progress of ${place.key}: ${fromTopic?.sequence ?? 'none'} and ${fromGroup.sequence}; `
    + 'somebody changed one of them; the lower one counts');
  if (!fromTopic) return undefined;
  if (fromTopic.incarnation === fromGroup.incarnation) return fromTopic.sequence < fromGroup.sequence ? fromTopic : fromGroup;
  throw new IoError(`kafka: two stores have written progress of ${place.key} and the newest cannot be told`, {
    retry: false, remedy: `delete group ${place.group}; then the progress topic alone counts`,
  });
}

interface Pointer { readonly partition: number; readonly offset: number; readonly progress: Progress }

async function groupPointer(admin: Admin, { group, topic, partition: home }: ProgressPlace): Promise<Pointer | undefined> {
  const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const pointers = (found?.partitions ?? []).flatMap(({ partition, offset, metadata }): Pointer[] => {
    const progress = Number(offset) < 0 ? undefined : parseProgress(metadata);
    return progress ? [{ partition, offset: Number(offset), progress }] : [];
  });
  // More than one only where partitions were added to the topic: then the key moved to a new home.
  return pointers.find(({ partition }) => partition === home) ?? pointers.sort((a, b) => b.progress.sequence - a.progress.sequence)[0];
}

/** The newest committed record of the key. Without a pointer all partitions are read: the topic may have had fewer of them. */
async function topicProgress(
  admin: Admin, cluster: Cluster, place: ProgressPlace, barrier: Barrier, pointer: Pointer | undefined,
): Promise<Progress | undefined> {
  const lows = new Map((await admin.fetchTopicOffsets(place.topic)).map(({ partition, low }) => [partition, Number(low)]));
  const key = Buffer.from(place.key);
  const others = [...lows.keys()].filter((partition) => partition !== barrier.partition && (!pointer || pointer.partition === partition));
  for (const partition of [barrier.partition, ...others]) {
    const from = Math.max(lows.get(partition) ?? 0, pointer?.partition === partition ? pointer.offset : 0);
    const range: Range = { topic: place.topic, partition, from, to: partition === barrier.partition ? barrier.offset : undefined };
    let newest: Progress | undefined;
    await readCommitted(cluster, range, (record) => (isKey(record, key) ? parseProgress(record.value?.toString()) : undefined), (progress) => { newest = progress; });
    if (newest) return newest;
  }
  return undefined;
}

/** True when another writer has opened the same identity after `barrier`. */
export async function isTakenOver(cluster: Cluster, place: ProgressPlace, barrier: Barrier): Promise<boolean> {
  const key = Buffer.from(barrierKey(place));
  let newest = barrier.tag;
  const range: Range = { topic: place.topic, partition: barrier.partition, from: barrier.offset, to: undefined };
  await readCommitted(cluster, range, (record) => (isKey(record, key) ? record.value?.toString() : undefined), (tag) => { newest = tag; });
  return newest !== barrier.tag;
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
