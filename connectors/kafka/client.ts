/**
 * Opens the driver: configuration, log lines, and the one door that the driver hides: reading a partition without
 * joining a consumer group. Joining would take seconds (group.initial.rebalance.delay.ms) and rights on groups, and the
 * driver's own read_committed filter leaks records where aborted transactions overlap; see tail.ts.
 */
import type { Kafka, logCreator } from 'kafkajs';
import type { ConnectorContext } from '../../host/ports.ts';
import type { BrokerOptions } from './options.ts';

/** A record or control marker as the driver decodes it. */
export interface RawRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | undefined>>;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

interface FetchFrom { readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }

interface FetchRequest {
  readonly isolationLevel: number;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly FetchFrom[] }[];
}

interface Fetched { readonly highWatermark: string; readonly messages: readonly RawRecord[] }

interface FetchAnswer { readonly responses: readonly { readonly partitions: readonly Fetched[] }[] }

/** The part of the driver's cluster that a reader of partitions needs. */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
  findBroker(node: { readonly nodeId: string }): Promise<Broker>;
  findGroupCoordinator(group: { readonly groupId: string }): Promise<Broker>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  /** As of the last refresh; leader -1: none now. */
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
}

/** The part of a broker that readers need. */
export interface Broker {
  fetch(request: FetchRequest): Promise<FetchAnswer>;
  listOffsets(request: ListOffsets): Promise<{ readonly responses: readonly TopicOffsets[] }>;
  offsetCommit(request: OffsetCommit): Promise<unknown>;
  disconnect(): Promise<void>;
  readonly connectionPool: { send<Decoded, Answer>(exchange: Exchange<Decoded, Answer>): Promise<Answer> };
}

interface ListOffsets {
  readonly replicaId: number;
  readonly isolationLevel: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[] }[];
}

interface TopicOffsets { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }

interface OffsetCommit {
  readonly groupId: string; readonly groupGenerationId: number; readonly memberId: string;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[];
}

/** A request of our own and how to read its answer. */
interface Exchange<Decoded, Answer> {
  readonly request: {
    readonly apiKey: number; readonly apiVersion: number; readonly apiName: string;
    encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: { decode(bytes: Buffer): Promise<Decoded>; parse(decoded: Decoded): Promise<Answer> };
}

interface ClusterOptions { readonly allowAutoTopicCreation: boolean; readonly maxInFlightRequests: number }

/**
 * Back-to-back transactions meet CONCURRENT_TRANSACTIONS nearly every time, so the first retry comes soon: with the
 * driver's 300 ms a transaction takes 60 ms instead of 4. Retries end: then the transaction has timed out anyway,
 * and only opening again helps.
 */
const RETRY = { initialRetryTime: 5, maxRetryTime: 500, factor: 0.2, multiplier: 1.5 };
const WRITE_RETRIES = 40; // about 15 s, as long as a transaction may take
const ASK_RETRIES = 8; // about a second: the runtime tries again, and people want to read why
const CREATE_CLUSTER = 'private:Kafka:createCluster';
const CONNECT_TIMEOUT_MS = 5_000;
const LOG_EVERY_MS = 60_000;

/** What the driver needs of a connector's context. */
export type ClientContext = Pick<ConnectorContext, 'table' | 'clock' | 'log'>;

/** @param purpose `ask` gives up soon, `write` lasts as long as a transaction may */
export async function createClient(
  options: BrokerOptions, context: ClientContext, purpose: 'ask' | 'write',
): Promise<Kafka> {
  const { Kafka: Client, logLevel } = (await import('kafkajs')).default;
  return new Client({
    brokers: [...options.brokers],
    clientId: options.clientId,
    ssl: options.tls ?? false,
    ...(options.sasl ? { sasl: options.sasl } : {}),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: options.requestTimeoutMs,
    retry: { ...RETRY, retries: purpose === 'ask' ? ASK_RETRIES : WRITE_RETRIES },
    logLevel: logLevel.WARN,
    logCreator: throttled(context),
  });
}

/** Not worth a line: what the next attempt resolves, and answers that the caller judges. */
const SILENT = /attempted to update a transaction while another|Limiting retries|^Response /;

/** One line a minute for each text. */
function throttled({ table, clock, log }: ClientContext): logCreator {
  const lastAt = new Map<string, number>();
  return () => ({ log: { message } }) => {
    if (SILENT.test(message)) return;
    const now = clock.monotonic();
    const last = lastAt.get(message);
    if (last !== undefined && now - last < LOG_EVERY_MS) return;
    if (lastAt.size > 100) lastAt.clear(); // texts with ports and ids in them
    lastAt.set(message, now);
    log(`kafka ${table}: ${message}`);
  };
}

/**
 * A connection that fetches any partition from any offset.
 * Requires: kafkajs 2.2.4, the last release of a library that rests; a test guards the shape of its hidden part.
 */
export async function connectCluster(kafka: Kafka): Promise<Cluster> {
  const hidden = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  if (hidden === undefined) throw new Error('the kafka connector needs kafkajs 2.2.4: this one cannot read partitions');
  const create = Reflect.get(kafka, hidden) as (options: ClusterOptions) => Cluster;
  const cluster = create({ allowAutoTopicCreation: false, maxInFlightRequests: 1 });
  await cluster.connect();
  return cluster;
}
