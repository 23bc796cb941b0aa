/**
 * Payloads -> one log record (batch.fbs) and back. A batch copies each payload once into a pooled body buffer and keeps
 * everything else in columns; sealing copies whole columns into one FlatBuffer. No object is made per payload.
 */
import { Builder } from 'flatbuffers';
import {
  BATCH_DATA, FIELD_ARRIVAL, FIELD_ARRIVALS, FIELD_BODY, FIELD_CLIENT, FIELD_CLIENTS, FIELD_FLAGS, FIELD_KEYS, FIELD_KEY_OFFSETS,
  FIELD_KIND, FIELD_OFFSETS, FIELD_PACKET_IDS, FIELD_PARTITIONS, FIELD_POSITION, FIELD_RECORD_OFFSETS, FIELD_SOURCE, FIELD_TIMESTAMPS,
  FIELD_TOPIC, FIELD_TOPICS,
} from '../../assembly/abi.ts';
import { type Arrival, FLAG_KEYED, type LoggedBatch, type Millis } from '../ports.ts';
import { assert } from './errors.ts';
import { createOrigins, type OriginColumns, type Origins } from './origins.ts';
import { createTopicDictionary } from './topic-dictionary.ts';
import { type Buffered, buffered, bytesOf, copyBytes } from './words.ts';

/** Zeroes behind the last payload, so that the module may read 16 bytes at a time. */
const BODY_PADDING_BYTES = 16;
const BODY_ALIGNMENT = 16;
/** Zeroes behind the FlatBuffer; the last four take the record's CRC (log.ts). A multiple of the alignment. */
export const TRAILER_BYTES = 16;
const FIELD_COUNT = 18;
/** Bytes of a record beside its columns: table, vtable, vector lengths, alignment. */
const OVERHEAD_BYTES = 256;
/** Bytes that one row takes in the columns: offset 4, arrival 4, topic 2, client 2, packet id 2, flags 1. */
const ROW_BYTES = 15;
const FILE_IDENTIFIER = 'MRB1';
const NONE: Uint8Array = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One log record read back. Views into the record: valid as long as its bytes are. */
export interface Batch extends LoggedBatch {
  /** BATCH_* of assembly/abi.ts. */
  readonly kind: number;
  /** Index of the source in the manifest. */
  readonly source: number;
  /** First arrival time. */
  readonly arrival: Millis;
  /** Milliseconds after `arrival`, one a row. */
  readonly arrivals: Uint32Array;
}

/** Collects the payloads of one record. Reused: `seal` or `reset` empties it, its record lives until the next `seal`. */
export interface BatchBuilder {
  /** Copies one payload. `now` may be smaller than before: arrival times inside a record never go back. */
  add(arrival: Arrival, now: Millis): void;
  readonly count: number;
  /** Size of the record if it were sealed now, within a few hundred bytes. */
  sizeBytes(): number;
  /** @returns the record with TRAILER_BYTES zeroes behind it; it belongs to this builder until the next seal */
  seal(source: number, position: Uint8Array): Uint8Array;
  reset(): void;
}

/** @param rowsMax most payloads of one record; at most 65,535, since dictionary indices are u16 */
export function createBatchBuilder(rowsMax: number, bodyBytes: number): BatchBuilder {
  assert(rowsMax < 65536, 'dictionary indices of a batch are u16');
  const builder = new Builder(bodyBytes + rowsMax * ROW_BYTES + OVERHEAD_BYTES);
  const topics = createTopicDictionary(rowsMax);
  const clients = new Map<string, number>();
  const offsets = new Uint32Array(rowsMax + 1);
  const arrivals = new Uint32Array(rowsMax);
  const topic = new Uint16Array(rowsMax);
  const client = new Uint16Array(rowsMax);
  const packetIds = new Uint16Array(rowsMax);
  const flags = new Uint8Array(rowsMax);
  let body = buffered(new Uint8Array(bodyBytes));
  let bodyLength = 0;
  let count = 0;
  let first: Millis = 0;
  let clientBytes = 0;
  let lastClient: string | undefined;
  let lastClientIndex = 0;
  let packetIdBits = 0;
  let flagBits = 0;
  let origins: Origins | undefined; // most sources have none, and their batches no columns for them
  /** Views of the buffers that the source pushed from last: it mostly pushes many payloads from one. */
  let lastBytes = NONE;
  let source = buffered(NONE);
  let lastTopic = NONE;
  let topicSource = source;

  function clientIndex(name: string): number {
    if (name === lastClient) return lastClientIndex;
    let index = clients.get(name);
    if (index === undefined) {
      index = clients.size;
      clients.set(name, index);
      clientBytes += name.length * 3 + 8;
    }
    lastClient = name;
    lastClientIndex = index;
    return index;
  }
  function reset(): void {
    topics.clear();
    clients.clear();
    origins?.clear();
    bodyLength = count = clientBytes = packetIdBits = flagBits = 0;
    lastClient = undefined;
    lastBytes = lastTopic = NONE; // lets the source's buffers go
    source = topicSource = buffered(NONE);
  }
  return {
    get count() { return count; },
    sizeBytes: () => bodyLength + count * ROW_BYTES + topics.sizeBytes() + clientBytes + (origins?.sizeBytes() ?? 0) + OVERHEAD_BYTES,
    reset,
    add(arrival, now) {
      assert(count < rowsMax, 'a full batch is sealed before the next payload');
      const length = arrival.end - arrival.start;
      const needed = bodyLength + length + BODY_PADDING_BYTES;
      if (needed > body.bytes.length) body = enlarged(body.bytes, bodyLength, needed);
      if (arrival.bytes !== lastBytes) {
        lastBytes = arrival.bytes;
        source = buffered(lastBytes);
      }
      if (arrival.topic !== lastTopic) {
        lastTopic = arrival.topic;
        topicSource = buffered(lastTopic);
      }
      copyBytes(source, arrival.start, arrival.end, body, bodyLength);
      bodyLength += length;
      if (count === 0) first = now;
      const delta = Math.max(0, now - first);
      arrivals[count] = count === 0 ? 0 : Math.max(delta, arrivals[count - 1] as number);
      topic[count] = topics.index(topicSource, arrival.topicStart, arrival.topicEnd);
      client[count] = clientIndex(arrival.client);
      packetIds[count] = arrival.packetId;
      packetIdBits |= arrival.packetId;
      let bits = arrival.flags;
      if (arrival.origin !== undefined) {
        origins ??= createOrigins(rowsMax);
        if (origins.add(count, arrival.origin, source)) bits |= FLAG_KEYED;
      }
      flags[count] = bits;
      flagBits |= bits;
      count += 1;
      offsets[count] = bodyLength;
    },
    seal(sourceIndex, position) {
      body.bytes.fill(0, bodyLength, bodyLength + BODY_PADDING_BYTES);
      const columns: Columns = {
        arrivals: bytesOf(arrivals, count),
        offsets: bytesOf(offsets, count + 1),
        body: body.bytes.subarray(0, bodyLength + BODY_PADDING_BYTES),
        topics: topics.names(),
        topic: topics.count > 1 ? bytesOf(topic, count) : undefined,
        clients: [...clients.keys()].map((name) => encoder.encode(name)),
        client: clients.size > 1 ? bytesOf(client, count) : undefined,
        packetIds: packetIdBits !== 0 ? bytesOf(packetIds, count) : undefined,
        flags: flagBits !== 0 ? flags.subarray(0, count) : undefined,
        position,
        ...origins?.columns(),
      };
      const record = writeBatch(builder, { kind: BATCH_DATA, source: sourceIndex, arrival: first }, columns);
      reset();
      return record;
    },
  };
}

/** A record without payloads: a tick, or the end of a bounded source. */
export function sealEvent(event: { readonly kind: number; readonly source: number; readonly arrival: Millis; readonly position: Uint8Array }): Uint8Array {
  const columns: Columns = {
    arrivals: NONE, offsets: new Uint8Array(4), body: new Uint8Array(BODY_PADDING_BYTES), topics: [], clients: [], position: event.position,
  };
  return writeBatch(new Builder(OVERHEAD_BYTES + event.position.length), event, columns);
}

function enlarged(buffer: Uint8Array, used: number, needed: number): Buffered {
  const larger = new Uint8Array(Math.max(buffer.length * 2, needed));
  larger.set(buffer.subarray(0, used));
  return buffered(larger);
}


// --------------------------------------------------------------------------------------------------------------- writing

/** Columns as bytes; undefined is left out. */
interface Columns extends Partial<OriginColumns> {
  readonly arrivals: Uint8Array; readonly offsets: Uint8Array; readonly body: Uint8Array; readonly position: Uint8Array;
  readonly topics: readonly Uint8Array[]; readonly topic?: Uint8Array | undefined;
  readonly clients: readonly Uint8Array[]; readonly client?: Uint8Array | undefined;
  readonly packetIds?: Uint8Array | undefined; readonly flags?: Uint8Array | undefined;
}

/** Position in the vtable of a FIELD_* constant. */
function slot(field: number): number {
  return (field - 4) / 2;
}

function writeBatch(builder: Builder, head: { kind: number; source: number; arrival: Millis }, columns: Columns): Uint8Array {
  builder.clear();
  builder.pad(TRAILER_BYTES);
  /** [offset from the end, elements] of vectors whose elements are wider than a byte: their length is set at the end. */
  const lengths: (readonly [offset: number, count: number])[] = [];
  function vector(bytes: Uint8Array | undefined, elementBytes: number, alignment = 4): number {
    if (bytes === undefined || bytes.length === 0) return 0;
    builder.prep(alignment, bytes.length);
    const offset = builder.createByteVector(bytes);
    if (elementBytes > 1) lengths.push([offset, bytes.length / elementBytes]);
    return offset;
  }
  function strings(names: readonly Uint8Array[]): number {
    if (names.length === 0) return 0;
    const offsets = names.map((name) => builder.createString(name));
    builder.startVector(4, offsets.length, 4);
    for (let index = offsets.length - 1; index >= 0; index -= 1) builder.addOffset(offsets[index] as number);
    return builder.endVector();
  }
  const fields: readonly (readonly [field: number, offset: number])[] = [
    [FIELD_BODY, vector(columns.body, 1, BODY_ALIGNMENT)],
    [FIELD_ARRIVALS, vector(columns.arrivals, 4)],
    [FIELD_OFFSETS, vector(columns.offsets, 4)],
    [FIELD_TOPICS, strings(columns.topics)],
    [FIELD_TOPIC, vector(columns.topic, 2)],
    [FIELD_CLIENTS, strings(columns.clients)],
    [FIELD_CLIENT, vector(columns.client, 2)],
    [FIELD_PACKET_IDS, vector(columns.packetIds, 2)],
    [FIELD_FLAGS, vector(columns.flags, 1)],
    [FIELD_POSITION, vector(columns.position, 1)],
    [FIELD_PARTITIONS, vector(columns.partitions, 4)],
    [FIELD_RECORD_OFFSETS, vector(columns.recordOffsets, 8, 8)],
    [FIELD_TIMESTAMPS, vector(columns.timestamps, 8, 8)],
    [FIELD_KEY_OFFSETS, vector(columns.keyOffsets, 4)],
    [FIELD_KEYS, vector(columns.keys, 1)],
  ];
  builder.startObject(FIELD_COUNT);
  builder.addFieldFloat64(slot(FIELD_ARRIVAL), head.arrival, 0);
  for (const [field, offset] of fields) builder.addFieldOffset(slot(field), offset, 0);
  builder.addFieldInt16(slot(FIELD_SOURCE), head.source, 0);
  builder.addFieldInt8(slot(FIELD_KIND), head.kind, 0);
  builder.finish(builder.endObject(), FILE_IDENTIFIER);
  const record = builder.asUint8Array();
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  for (const [offset, count] of lengths) view.setUint32(record.length - offset, count, true);
  return record;
}

// --------------------------------------------------------------------------------------------------------------- reading

/**
 * Opens a record for reading; columns are views where its address allows (a multiple of 4), so nothing is copied.
 * Requires: the record passed its CRC; its structure is trusted.
 */
export function readBatch(bytes: Uint8Array): Batch {
  const record = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  assert(decoder.decode(record.subarray(4, 8)) === FILE_IDENTIFIER, 'a log record begins with the file identifier of batch.fbs');
  const table = view.getUint32(0, true);
  const vtable = table - view.getInt32(table, true);
  const vtableBytes = view.getUint16(vtable, true);
  const at = (field: number): number => {
    const relative = field < vtableBytes ? view.getUint16(vtable + field, true) : 0;
    return relative === 0 ? 0 : table + relative;
  };
  const vector = (field: number): readonly [start: number, count: number] => {
    const reference = at(field);
    if (reference === 0) return [0, 0];
    const start = reference + view.getUint32(reference, true);
    return [record.byteOffset + start + 4, view.getUint32(start, true)];
  };
  const bytesAt = (field: number): Uint8Array => new Uint8Array(record.buffer, ...vector(field));
  const strings = (field: number): Uint8Array[] => {
    const [start, count] = vector(field);
    return Array.from({ length: count }, (_, index) => {
      const reference = start - record.byteOffset + index * 4;
      const string = reference + view.getUint32(reference, true);
      return record.subarray(string + 4, string + 4 + view.getUint32(string, true));
    });
  };
  const offsets = new Uint32Array(record.buffer, ...vector(FIELD_OFFSETS));
  const count = offsets.length - 1;
  const column16 = (field: number): Uint16Array => (at(field) === 0 ? new Uint16Array(count) : new Uint16Array(record.buffer, ...vector(field)));
  return {
    kind: at(FIELD_KIND) === 0 ? 0 : view.getUint8(at(FIELD_KIND)),
    source: at(FIELD_SOURCE) === 0 ? 0 : view.getUint16(at(FIELD_SOURCE), true),
    arrival: at(FIELD_ARRIVAL) === 0 ? 0 : view.getFloat64(at(FIELD_ARRIVAL), true),
    arrivals: new Uint32Array(record.buffer, ...vector(FIELD_ARRIVALS)),
    offsets, count, body: bytesAt(FIELD_BODY), position: bytesAt(FIELD_POSITION),
    topics: strings(FIELD_TOPICS), topic: column16(FIELD_TOPIC),
    clients: strings(FIELD_CLIENTS).map((name) => decoder.decode(name)), client: column16(FIELD_CLIENT),
    packetIds: column16(FIELD_PACKET_IDS),
    flags: at(FIELD_FLAGS) === 0 ? new Uint8Array(count) : bytesAt(FIELD_FLAGS),
  };
}
