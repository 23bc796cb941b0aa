/** A log record, laid out by hand as FlatBuffers lay it, is read in place. */
import { BATCH_TICK, FIELD_ARRIVAL, FIELD_ARRIVALS, FIELD_BODY, FIELD_FLAGS, FIELD_KEYS, FIELD_KEY_OFFSETS, FIELD_KIND, FIELD_OFFSETS, FIELD_PARTITIONS, FIELD_RECORD_OFFSETS, FIELD_SOURCE, FIELD_TIMESTAMPS, FIELD_TOPIC, FIELD_TOPICS, INPUT } from "../../../assembly/abi";
import { batchArrival, batchCount, batchKind, batchSource, payloadAddress, payloadEnd, rowArrival, rowClient, rowFlags, rowHasKey, rowKey, rowPartition, rowQos, rowRecordOffset, rowRetain, rowTimestamp, rowTopic } from "../../../assembly/ingest/batch";
import { textAddress, textLength } from "../../../assembly/text/text";

const VTABLE: usize = INPUT + 8;
const TABLE: usize = INPUT + 64;

/** Points the root's field at `target`, where it holds a vector. */
function reference(field: i32, at: usize, target: usize): void {
  store<u16>(VTABLE + field, <u16>(at - TABLE));
  store<u32>(at, <u32>(target - at));
}

function layTable(): void {
  memory.fill(INPUT, 0, 1024);
  store<u32>(INPUT, 64);
  store<i32>(TABLE, <i32>(TABLE - VTABLE));
  store<u16>(VTABLE, <u16>(FIELD_KEYS + 2));
}

function layTwoRows(): void {
  layTable();
  store<u16>(VTABLE + FIELD_SOURCE, 4);
  store<u16>(TABLE, 3, 4);
  store<u16>(VTABLE + FIELD_ARRIVAL, 8);
  store<f64>(TABLE, 1700000000000, 8);
  reference(FIELD_OFFSETS, TABLE + 16, INPUT + 256);
  store<u32>(INPUT + 256, 3);
  store<u32>(INPUT + 264, 5);
  store<u32>(INPUT + 268, 9);
  reference(FIELD_BODY, TABLE + 20, INPUT + 300);
  store<u32>(INPUT + 300, 25);
}

export function rows_lie_between_their_offsets(): void {
  layTwoRows();
  assert(batchKind() == 0);
  assert(batchSource() == 3);
  assert(batchCount() == 2);
  assert(payloadAddress(0) == INPUT + 304 && payloadEnd(0) == INPUT + 309);
  assert(payloadAddress(1) == INPUT + 309 && payloadEnd(1) == INPUT + 313);
}

export function arrivals_count_from_the_first(): void {
  layTwoRows();
  assert(rowArrival(1) == 1700000000000);
  reference(FIELD_ARRIVALS, TABLE + 24, INPUT + 400);
  store<u32>(INPUT + 400, 2);
  store<u32>(INPUT + 408, 7);
  assert(batchArrival() == 1700000000000);
  assert(rowArrival(0) == 1700000000000 && rowArrival(1) == 1700000000007);
}

export function one_topic_needs_no_indices_and_no_topic_is_empty(): void {
  layTwoRows();
  assert(textLength(rowTopic(0)) == 0 && textLength(rowClient(1)) == 0);
  reference(FIELD_TOPICS, TABLE + 28, INPUT + 440);
  store<u32>(INPUT + 440, 2);
  store<u32>(INPUT + 444, 16);
  store<u32>(INPUT + 448, 20);
  store<u32>(INPUT + 460, 3);
  store<u32>(INPUT + 468, 1);
  assert(textAddress(rowTopic(1)) == INPUT + 464 && textLength(rowTopic(1)) == 3);
  reference(FIELD_TOPIC, TABLE + 32, INPUT + 480);
  store<u32>(INPUT + 480, 2);
  store<u16>(INPUT + 486, 1);
  assert(textLength(rowTopic(0)) == 3);
  assert(textAddress(rowTopic(1)) == INPUT + 472 && textLength(rowTopic(1)) == 1);
}

export function flags_are_per_row_and_absent_means_none(): void {
  layTwoRows();
  assert(rowFlags(1) == 0);
  reference(FIELD_FLAGS, TABLE + 36, INPUT + 500);
  store<u32>(INPUT + 500, 2);
  store<u8>(INPUT + 505, 16);
  assert(rowFlags(0) == 0 && rowFlags(1) == 16);
}

export function quality_of_service_and_retain_are_bits_of_the_flags(): void {
  layTwoRows();
  reference(FIELD_FLAGS, TABLE + 36, INPUT + 500);
  store<u32>(INPUT + 500, 2);
  store<u8>(INPUT + 504, 1 | 4);
  store<u8>(INPUT + 505, 8 | 2 | 64);
  assert(rowQos(0) == 2 && !rowRetain(0) && !rowHasKey(0));
  assert(rowQos(1) == 1 && rowRetain(1) && rowHasKey(1));
}

export function a_row_without_an_origin_stands_at_0_and_has_the_time_it_arrived(): void {
  layTwoRows();
  assert(rowPartition(1) == 0 && rowRecordOffset(1) == 0 && rowTimestamp(1) == 1700000000000);
  assert(!rowHasKey(1) && textLength(rowKey(1)) == 0);
}

export function a_row_with_an_origin_tells_partition_offset_time_and_key(): void {
  layTwoRows();
  reference(FIELD_PARTITIONS, TABLE + 40, INPUT + 512);
  store<i32>(INPUT + 520, 7);
  reference(FIELD_RECORD_OFFSETS, TABLE + 44, INPUT + 532);
  store<i64>(INPUT + 544, 9007199254740991);
  reference(FIELD_TIMESTAMPS, TABLE + 48, INPUT + 556);
  store<i64>(INPUT + 568, -1);
  reference(FIELD_KEY_OFFSETS, TABLE + 52, INPUT + 580);
  store<u32>(INPUT + 588, 2);
  store<u32>(INPUT + 592, 5);
  reference(FIELD_KEYS, TABLE + 56, INPUT + 600);
  assert(rowPartition(0) == 0 && rowPartition(1) == 7);
  assert(rowRecordOffset(1) == 9007199254740991);
  assert(rowTimestamp(1) == -1);
  assert(textAddress(rowKey(0)) == INPUT + 604 && textLength(rowKey(0)) == 2);
  assert(textAddress(rowKey(1)) == INPUT + 606 && textLength(rowKey(1)) == 3);
}

export function a_record_without_rows_counts_none(): void {
  layTable();
  store<u16>(VTABLE + FIELD_KIND, 4);
  store<u8>(TABLE, <u8>BATCH_TICK, 4);
  assert(batchKind() == BATCH_TICK);
  assert(batchCount() == 0);
}
