/** An intake for tests of sources: real log records in memory, durable when the test says so; it survives its source. */
import { type Arrival, FLAG_MARK, type Intake, type IoError, type Source } from '../../host/ports.ts';
import { createBatchBuilder, readBatch } from '../../host/runtime/batch.ts';

export interface Stored { readonly topic: string; readonly payload: string; readonly packetId: number; readonly flags: number; readonly client: string }

export interface MemoryLog {
  readonly intake: Intake;
  /** Rows pushed since the source was attached and all durable ones before, without marks. */
  readonly rows: readonly Stored[];
  readonly payloads: () => string[];
  /** Answer to the next rows; false stays until the test says otherwise. */
  hasRoom: boolean;
  /** Marks become durable by themselves when nothing else waits; false leaves them to `commit`. */
  commitsMarks: boolean;
  hasEnded: boolean;
  /** What the source reported by `failed`. */
  readonly failures: IoError[];
  /** Makes all records durable, or those up to row `rowCount` of `rows`, and tells the source. */
  commit(rowCount?: number): void;
  /** Saves the source's snapshot as a checkpoint does. Requires: nothing waits. */
  checkpoint(): void;
  /** The source has died: what becomes durable from now on is acknowledged by nobody. */
  detach(): void;
  /** Begins the next life: what is not durable is gone, the source gets snapshot and log. */
  attach(source: Source): Source;
}

const decoder = new TextDecoder();

export function createMemoryLog(): MemoryLog {
  const records: Uint8Array[] = [];
  const rows: (Stored | undefined)[] = []; // undefined: a mark
  const builder = createBatchBuilder(4096, 1 << 20);
  let durable = 0;
  let snapshot: { readonly bytes: Uint8Array; readonly from: number } | undefined;
  let source: Source | undefined;
  let life = 0;

  function commitMarks(): void {
    const pushedBy = life;
    queueMicrotask(() => { if (pushedBy === life && rows.slice(durable).every((row) => row === undefined)) log.commit(); });
  }
  const log: MemoryLog = {
    hasRoom: true, commitsMarks: true, hasEnded: false, failures: [],
    intake: {
      push(arrival: Arrival) {
        const { bytes, start, end, topic, topicStart, topicEnd, packetId, flags, client } = arrival;
        const isMark = (flags & FLAG_MARK) !== 0;
        builder.add(arrival, 1_700_000_000_000);
        records.push(builder.seal(0, source?.position() ?? new Uint8Array(0)).slice());
        rows.push(isMark ? undefined : {
          topic: decoder.decode(topic.subarray(topicStart, topicEnd)), payload: decoder.decode(bytes.subarray(start, end)), packetId, flags, client,
        });
        if (isMark && log.commitsMarks) commitMarks();
        return isMark || log.hasRoom;
      },
      flush: () => undefined,
      end() { log.hasEnded = true; },
      failed(error: IoError) { log.failures.push(error); },
    },
    get rows() { return rows.filter((row) => row !== undefined); },
    payloads: () => log.rows.map(({ payload }) => payload),
    commit(rowCount) {
      let end = rows.length;
      if (rowCount !== undefined) for (let seen = end = 0; seen < rowCount && end < rows.length; end += 1) if (rows[end]) seen += 1;
      const count = Math.max(0, end - durable);
      durable += count;
      if (count > 0) source?.committed(count);
    },
    checkpoint() { if (source) snapshot = { bytes: source.snapshot(), from: durable }; },
    detach() { source = undefined; },
    attach(next) {
      rows.length = durable;
      records.length = durable;
      life += 1;
      source = next;
      next.restore(snapshot?.bytes.slice());
      for (const record of records.slice(snapshot?.from ?? 0)) next.replay(readBatch(record));
      return next;
    },
  };
  return log;
}
