/**
 * Which partition a result goes to: with a key, the one that Kafka's Java client picks, so that results join topics that
 * other programs write; without, one partition a transaction, which keeps the number of requests small.
 */
import type { Result } from '../../host/ports.ts';

/** Flink's names of option 'sink.partitioner'. */
export const PARTITIONERS = ['default', 'fixed', 'round-robin'] as const;
export type PartitionerName = typeof PARTITIONERS[number];

const SEED = 0x9747b28c | 0;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;

/**
 * 32-bit hash of `bytes`, as a signed integer.
 * Source: Austin Appleby, MurmurHash2; seed and byte order as in Kafka's Java client (checked against it by a test).
 */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const wordsEnd = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < wordsEnd; at += 4) {
    let word = Math.imul(view.getInt32(at, true), MULTIPLIER);
    word = Math.imul(word ^ (word >>> SHIFT), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (wordsEnd < length) {
    for (let at = length - 1; at >= wordsEnd; at -= 1) hash ^= view.getUint8(at) << ((at - wordsEnd) * 8);
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** @returns the partition that Kafka's Java client picks for `key` */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

/** Sorts the results of one transaction by partition; within a partition they stay in order. */
export type Partitioner = (results: readonly Result[]) => Map<number, Result[]>;

/** @param writer bytes that name the writer: 'fixed' and the first sticky partition come from them, so that writers spread */
export function createPartitioner(name: PartitionerName, partitionCount: number, writer: Uint8Array): Partitioner {
  const home = partitionOfKey(writer, partitionCount);
  let sticky = home;
  function pick(result: Result): number {
    if (name === 'fixed') return home;
    if (name === 'round-robin') return result.sequence % partitionCount;
    return result.key ? partitionOfKey(result.key, partitionCount) : sticky;
  }
  return (results) => {
    sticky = (sticky + 1) % partitionCount;
    const groups = new Map<number, Result[]>();
    for (const result of results) {
      const partition = pick(result);
      const group = groups.get(partition);
      if (group) group.push(result);
      else groups.set(partition, [result]);
    }
    return groups;
  };
}
