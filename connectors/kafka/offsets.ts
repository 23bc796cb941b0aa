/** Places in partitions -> offsets, as the brokers know them now; and the group's own, for who watches it. */
import type { Admin } from 'kafkajs';
import { IoError } from '../../host/ports.ts';
import type { Cluster } from './client.ts';
import type { Place, SourceOptions } from './source-options.ts';
import { nameOf, type Split } from './split.ts';

const EARLIEST = -2;
const LATEST = -1;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
const NO_GENERATION = -1; // a commit from outside of the group's protocol

/** Where the partitions of a topic are, by their leaders. */
export function leadersOf(cluster: Cluster, topic: string): ReadonlyMap<number, string | undefined> {
  return new Map(cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, leader < 0 ? undefined : String(leader)]));
}

/** Asks each partition's leader. @returns offset by partition; -1 where there is none (no record of that time) */
async function listOffsets(
  cluster: Cluster, topic: string, partitions: readonly number[], timestamp: number, isCommitted: boolean,
): Promise<Map<number, number>> {
  const leaders = leadersOf(cluster, topic);
  const nodeIds = new Set(partitions.map((partition) => leaders.get(partition)));
  const found = await Promise.all([...nodeIds].map(async (nodeId) => {
    const led = partitions.filter((partition) => leaders.get(partition) === nodeId);
    if (nodeId === undefined) throw new Error(`${nameOf({ topic, partition: led[0] ?? 0 })} has no leader now`);
    const broker = await cluster.findBroker({ nodeId });
    const { responses } = await broker.listOffsets({
      replicaId: -1, isolationLevel: isCommitted ? READ_COMMITTED : READ_UNCOMMITTED,
      topics: [{ topic, partitions: led.map((partition) => ({ partition, timestamp })) }],
    });
    return responses.flatMap(({ partitions: answers }) => answers.map(({ partition, offset }) => [partition, Number(offset)] as const));
  }));
  return new Map(found.flat());
}

/** The first offset that is kept, and the one behind the last, decided or not. */
export async function boundsOf(cluster: Cluster, { topic, partition }: Split): Promise<{ readonly low: number; readonly high: number }> {
  const low = (await listOffsets(cluster, topic, [partition], EARLIEST, false)).get(partition) ?? 0;
  const high = (await listOffsets(cluster, topic, [partition], LATEST, false)).get(partition) ?? 0;
  return { low, high };
}

export async function earliestOffsets(cluster: Cluster, topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
  return listOffsets(cluster, topic, partitions, EARLIEST, false);
}

/**
 * Where a first run starts. Latest is behind the last decided transaction: one that is open is then read as a whole.
 * A partition without the offset asked for starts as 'properties.auto.offset.reset' says.
 */
export async function startOffsets(
  cluster: Cluster, admin: Admin, options: SourceOptions, topic: string, partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { start, isCommitted, reset } = options;
  const known = await placeOffsets(cluster, admin, start, topic, partitions, isCommitted);
  const missing = partitions.filter((partition) => known.get(partition) === undefined);
  if (missing.length === 0) return known;
  if (start.kind === 'group' && reset === 'none') {
    throw new IoError(`kafka: group ${start.group} has no offset for ${nameOf({ topic, partition: missing[0] ?? 0 })}`, {
      retry: false, remedy: "write 'scan.startup.mode' = 'earliest-offset' or 'latest-offset', or set 'properties.auto.offset.reset'",
    });
  }
  // Without a record of that time the next one to come is meant; without a word about a partition, all of it.
  const isEarliest = start.kind === 'offsets' || (start.kind === 'group' && reset === 'earliest');
  const others = await listOffsets(cluster, topic, missing, isEarliest ? EARLIEST : LATEST, isCommitted);
  return new Map([...known, ...others]);
}

/** Where a bounded source ends: behind all that is there now, also what is not decided yet. Undefined where it does not. */
export async function stopOffsets(
  cluster: Cluster, admin: Admin, stop: Place, topic: string, partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const known = await placeOffsets(cluster, admin, stop, topic, partitions, false);
  const missing = partitions.filter((partition) => known.get(partition) === undefined);
  return missing.length === 0 ? known : new Map([...known, ...await listOffsets(cluster, topic, missing, LATEST, false)]);
}

async function placeOffsets(
  cluster: Cluster, admin: Admin, place: Place, topic: string, partitions: readonly number[], isCommitted: boolean,
): Promise<Map<number, number>> {
  switch (place.kind) {
    case 'earliest': return listOffsets(cluster, topic, partitions, EARLIEST, isCommitted);
    case 'latest': return listOffsets(cluster, topic, partitions, LATEST, isCommitted);
    case 'timestamp': return withoutNone(await listOffsets(cluster, topic, partitions, place.at, isCommitted));
    case 'offsets': return new Map([...place.offsets].filter(([partition]) => partitions.includes(partition)));
    case 'group': {
      const [found] = await admin.fetchOffsets({ groupId: place.group, topics: [topic] });
      return withoutNone(new Map((found?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)])));
    }
    default: {
      const unreachable: never = place;
      return unreachable;
    }
  }
}

function withoutNone(offsets: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...offsets].filter(([, offset]) => offset >= 0));
}

/** Tells the group how far the log is. Nothing reads it but people and a first run of another gateway. */
export async function commitToGroup(cluster: Cluster, groupId: string, splits: readonly Pick<Split, 'topic' | 'partition' | 'next'>[]): Promise<void> {
  const topics = [...new Set(splits.map(({ topic }) => topic))].map((topic) => ({
    topic, partitions: splits.filter((split) => split.topic === topic).map(({ partition, next }) => ({ partition, offset: String(next) })),
  }));
  const coordinator = await cluster.findGroupCoordinator({ groupId });
  await coordinator.offsetCommit({ groupId, groupGenerationId: NO_GENERATION, memberId: '', topics });
}
