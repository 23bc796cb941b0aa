/**
 * Reads the log record in INPUT, a FlatBuffer (host/runtime/batch.fbs), in place: no field is copied. The host wrote and
 * checked it, so offsets are trusted. Times are ms since the epoch.
 */
import {
  FIELD_ARRIVAL, FIELD_ARRIVALS, FIELD_BODY, FIELD_CLIENT, FIELD_CLIENTS, FIELD_FLAGS, FIELD_KEYS, FIELD_KEY_OFFSETS, FIELD_KIND,
  FIELD_OFFSETS, FIELD_PARTITIONS, FIELD_RECORD_OFFSETS, FIELD_SOURCE, FIELD_TIMESTAMPS, FIELD_TOPIC, FIELD_TOPICS, INPUT, ROW_KEYED,
  ROW_QOS, ROW_RETAIN,
} from "../abi";
import { textOf } from "../text/text";

/** BATCH_* of abi.ts. */
export function batchKind(): u32 {
  const at = field(FIELD_KIND);
  return at == 0 ? 0 : <u32>load<u8>(at);
}

/** Index of the source in the plan. */
export function batchSource(): u32 {
  const at = field(FIELD_SOURCE);
  return at == 0 ? 0 : <u32>load<u16>(at);
}

/** Rows in the batch. */
export function batchCount(): u32 {
  const offsets = vector(FIELD_OFFSETS);
  const length = offsets == 0 ? 0 : load<u32>(offsets);
  return length == 0 ? 0 : length - 1;
}

/** When the first row arrived. */
export function batchArrival(): f64 {
  const at = field(FIELD_ARRIVAL);
  return at == 0 ? 0 : load<f64>(at);
}

/** First byte of the payload of `row`. Requires: row < batchCount(). */
export function payloadAddress(row: u32): usize { return bodyAddress() + <usize>load<u32>(offsetsAddress() + (<usize>row << 2)); }

/** Address right behind the payload of `row`; at least 16 bytes there may be read. Requires: row < batchCount(). */
export function payloadEnd(row: u32): usize { return bodyAddress() + <usize>load<u32>(offsetsAddress() + (<usize>row << 2), 4); }

/** First byte of all payloads, for a loop over the rows. Requires: batchCount() > 0. */
export function bodyAddress(): usize { return vector(FIELD_BODY) + 4; }

/** First of batchCount() + 1 u32 offsets into the body. Requires: batchCount() > 0. */
export function offsetsAddress(): usize { return vector(FIELD_OFFSETS) + 4; }

/** When `row` arrived. */
export function rowArrival(row: u32): i64 {
  const arrivals = vector(FIELD_ARRIVALS);
  const delta = arrivals == 0 || row >= load<u32>(arrivals) ? 0 : load<u32>(arrivals + 4 + (<usize>row << 2));
  return <i64>batchArrival() + <i64>delta;
}

/** Topic, path or the like that `row` came by, as Text in INPUT; empty when it has none. */
export function rowTopic(row: u32): u64 { return entryOf(FIELD_TOPICS, FIELD_TOPIC, row); }

/** Client that sent `row`, as Text in INPUT; empty when unknown. */
export function rowClient(row: u32): u64 { return entryOf(FIELD_CLIENTS, FIELD_CLIENT, row); }

/** ROW_* bits of `row`. */
export function rowFlags(row: u32): u32 {
  const flags = vector(FIELD_FLAGS);
  return flags == 0 ? 0 : <u32>load<u8>(flags + 4 + row);
}

/** MQTT quality of service that `row` came with, 0 to 2. */
export function rowQos(row: u32): i32 { return <i32>((rowFlags(row) & ROW_QOS) >> 1); }

/** Whether `row` was a retained message of an MQTT broker. */
export function rowRetain(row: u32): bool { return (rowFlags(row) & ROW_RETAIN) != 0; }

/** Partition that `row` came from, 0 where its source has none. */
export function rowPartition(row: u32): i32 {
  const partitions = vector(FIELD_PARTITIONS);
  return partitions == 0 ? 0 : load<i32>(partitions + 4 + (<usize>row << 2));
}

/** Offset of `row` in its partition. */
export function rowRecordOffset(row: u32): i64 {
  const offsets = vector(FIELD_RECORD_OFFSETS);
  return offsets == 0 ? 0 : load<i64>(offsets + 4 + (<usize>row << 3));
}

/** Time that the record of `row` carries, ms; its arrival where its source knows none. */
export function rowTimestamp(row: u32): i64 {
  const timestamps = vector(FIELD_TIMESTAMPS);
  return timestamps == 0 ? rowArrival(row) : load<i64>(timestamps + 4 + (<usize>row << 3));
}

/** Whether the record of `row` has a key; it may be empty. */
export function rowHasKey(row: u32): bool { return (rowFlags(row) & ROW_KEYED) != 0; }

/** Key of the record of `row` as Text in INPUT: any bytes. Requires: rowHasKey(row). */
export function rowKey(row: u32): u64 {
  const offsets = vector(FIELD_KEY_OFFSETS);
  if (offsets == 0) return 0;
  const from = load<u32>(offsets + 4 + (<usize>row << 2));
  const to = load<u32>(offsets + 4 + (<usize>row << 2), 4);
  return textOf(vector(FIELD_KEYS) + 4 + <usize>from, to - from);
}

/** Text in the [string] vector `list` that the [u16] vector `indices` names for `row`; without indices, the first. */
function entryOf(list: i32, indices: i32, row: u32): u64 {
  const texts = vector(list);
  if (texts == 0 || load<u32>(texts) == 0) return textOf(texts, 0);
  const chosen = vector(indices);
  const index = chosen == 0 ? 0 : <usize>load<u16>(chosen + 4 + (<usize>row << 1));
  const slot = texts + 4 + (index << 2);
  const text = slot + <usize>load<u32>(slot);
  return textOf(text + 4, load<u32>(text));
}

/** Address of a vector's length word, 0 when the field is absent. */
function vector(slot: i32): usize {
  const at = field(slot);
  return at == 0 ? 0 : at + <usize>load<u32>(at);
}

/** Address of a field of the root table, 0 when it is absent. The vtable lies at a signed distance before the table. */
function field(slot: i32): usize {
  const table = INPUT + <usize>load<u32>(INPUT);
  const vtable = table - <usize>load<i32>(table);
  if (<u32>slot >= <u32>load<u16>(vtable)) return 0;
  const offset = <usize>load<u16>(vtable + <usize>slot);
  return offset == 0 ? 0 : table + offset;
}
