/**
 * Reads a range of one partition and tells which of its records are committed, by the commit and abort markers that
 * follow them. It waits for nobody: a stranger's open transaction, behind which a read_committed reader would stand for
 * its whole time-out, does not matter for records that are decided already.
 */
import type { Cluster, RawRecord } from './client.ts';

const FETCH_BYTES = 4 << 20;
const FETCH_WAIT_MS = 100;
const SETTLE_FETCHES_MAX = 20; // 2 s; a transaction that is open for longer has not been committed
const EMPTY_FETCHES_MAX = 300; // 30 s without the records that were there a moment ago: a failed-over broker lost them
const READ_UNCOMMITTED = 0; // isolation level: all records; what is committed is found out here
/** Second half of a control record's key, after a version: 0 abort, 1 commit. */
const MARKER_TYPE_AT = 2;
const MARKER_COMMIT = 1;

export interface Range {
  readonly topic: string;
  readonly partition: number;
  /** First offset wanted; the next one that exists is taken. */
  readonly from: number;
  /** Offset to stop before; undefined: where the partition ends when the reading begins. */
  readonly to: number | undefined;
  /** Wait for commits whose markers are under way: a commit is answered before they are in all partitions. */
  readonly isSettled?: boolean;
}

/**
 * Calls `take` with what `pick` made of each committed record, in order of offset within one producer, and when its
 * commit is read. Records that no transaction covers are committed as they stand.
 * @returns the picks whose transaction is still open at the end of the range
 */
export async function readCommitted<T>(
  cluster: Cluster, range: Range, pick: (record: RawRecord) => T | undefined, take: (picked: T) => void,
): Promise<T[]> {
  const pending = new Map<string, T[]>();
  function settle(record: RawRecord): void {
    const { producerId, inTransaction } = record.batchContext;
    if (record.isControlRecord) {
      if (record.key?.readInt16BE(MARKER_TYPE_AT) === MARKER_COMMIT) pending.get(producerId)?.forEach(take);
      pending.delete(producerId);
      return;
    }
    const picked = pick(record);
    if (picked === undefined) return;
    if (!inTransaction) take(picked);
    else if (!pending.get(producerId)?.push(picked)) pending.set(producerId, [picked]);
  }

  await cluster.addTargetTopic(range.topic);
  let { to } = range;
  let emptyCount = 0;
  const isOver = (next: number): boolean => to !== undefined && next >= to
    && (range.isSettled !== true || pending.size === 0 || emptyCount > SETTLE_FETCHES_MAX);
  for (let next = range.from; !isOver(next);) {
    const { records, end } = await fetch(cluster, range, next);
    to ??= end;
    for (const record of records) {
      const offset = Number(record.offset);
      if (offset < next) continue; // a fetch answers with whole batches
      if (offset < to || record.isControlRecord) settle(record);
    }
    const last = records.at(-1);
    // Compaction leaves batches without records: they take offsets, but nothing comes back for them.
    if (last && Number(last.offset) >= next) next = Number(last.offset) + 1;
    else if (next < end) next += 1;
    else if ((emptyCount += 1) > EMPTY_FETCHES_MAX) throw new Error(`${nameOf(range)} ends before offset ${to}`);
  }
  return [...pending.values()].flat();
}

interface Fetched { readonly records: readonly RawRecord[]; readonly end: number }

async function fetch(cluster: Cluster, range: Range, from: number): Promise<Fetched> {
  const { topic, partition } = range;
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new Error(`${nameOf(range)} does not exist`);
  const broker = await cluster.findBroker({ nodeId });
  const answer = await broker.fetch({
    isolationLevel: READ_UNCOMMITTED, maxWaitTime: FETCH_WAIT_MS, minBytes: 1, maxBytes: FETCH_BYTES,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: FETCH_BYTES }] }],
  });
  const found = answer.responses[0]?.partitions[0];
  if (!found) throw new Error(`the broker answered nothing about ${nameOf(range)}`);
  return { records: found.messages, end: Number(found.highWatermark) };
}

function nameOf({ topic, partition }: Range): string {
  return `partition ${partition} of ${topic}`;
}
