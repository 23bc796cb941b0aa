/**
 * One partition that a source reads, and the position of all of them as it stands in the log: JSON, the same for every
 * batch and for snapshots, since a source seldom has more than some dozens.
 */
import { IoError } from '../../host/ports.ts';

export interface Split {
  readonly topic: string;
  readonly topicBytes: Uint8Array;
  readonly partition: number;
  /** Offset of the next record to push. */
  next: number;
  /** Offset to end before, fixed when the split was first seen. */
  readonly stop: number | undefined;
  /** Node that leads it, as of the last refresh; undefined while none does. */
  leader: string | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createSplit(topic: string, partition: number, next: number, stop: number | undefined): Split {
  return { topic, topicBytes: encoder.encode(topic), partition, next, stop, leader: undefined };
}

export const hasEnded = ({ next, stop }: Split): boolean => stop !== undefined && next >= stop;

/** `{"topic": {"0": [next, stop?], …}, …}` */
type Saved = Record<string, Record<string, readonly [next: number, stop?: number]>>;

export function savePosition(splits: readonly Split[]): Uint8Array {
  const saved: Saved = {};
  for (const { topic, partition, next, stop } of splits) (saved[topic] ??= {})[partition] = stop === undefined ? [next] : [next, stop];
  return encoder.encode(JSON.stringify(saved));
}

export function readPosition(bytes: Uint8Array): Split[] {
  const saved = JSON.parse(decoder.decode(bytes)) as Saved;
  return Object.entries(saved).flatMap(([topic, partitions]) => (
    Object.entries(partitions).map(([partition, [next, stop]]) => createSplit(topic, Number(partition), next, stop))));
}

/** For messages. */
export const nameOf = ({ topic, partition }: Pick<Split, 'topic' | 'partition'>): string => `partition ${partition} of ${topic}`;

/** The position points to where nothing is. `low` and `high`: what there is. */
export function lostRecords(split: Split, low: number, high: number): IoError {
  const { next } = split;
  const place = nameOf(split);
  const isDeleted = next < low;
  const text = isDeleted
    ? `${place} begins at offset ${low}: ${low - next} records from ${next} on are deleted and not read`
    : `${place} ends at offset ${high}, before ${next}, the next to read: the topic was made anew, or the brokers lost its end`;
  const remedy = isDeleted ? 'raise the retention of the topic; to go on behind them' : 'to read what there is now';
  return new IoError(`kafka: ${text}`, { retry: false, remedy: `${remedy}, set 'properties.auto.offset.reset' to 'earliest' or 'latest'` });
}
