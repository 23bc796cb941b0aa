/** Asks about topics: whether they are there, how many partitions and replicas they have, how they are configured. */
import type { Admin } from 'kafkajs';
import { isUnknownTopic } from './errors.ts';

const TOPIC_RESOURCE = 2;

export interface TopicMetadata { readonly partitionCount: number; readonly replicaCount: number }

/** @returns undefined when the topic does not exist */
export async function topicMetadata(admin: Admin, topic: string): Promise<TopicMetadata | undefined> {
  try {
    const partitions = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions ?? [];
    return { partitionCount: partitions.length, replicaCount: partitions[0]?.replicas.length ?? 0 };
  } catch (error) {
    if (isUnknownTopic(error)) return undefined;
    throw error;
  }
}

/** @returns undefined where this user may not read configurations; a line says so */
export async function topicConfig(
  admin: Admin, topic: string, log: (line: string) => void,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const resources = [{ type: TOPIC_RESOURCE, name: topic }];
    const [found] = (await admin.describeConfigs({ includeSynonyms: false, resources })).resources;
    return new Map(found?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (error) {
    log(`kafka: cannot check the configuration of topic ${topic}: ${(error as Error).message}`);
    return undefined;
  }
}
