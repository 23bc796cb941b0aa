/** What goes into a log record comes out of it, and lies where the module expects it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as fc from 'fast-check';
import { BATCH_DATA, BATCH_END, FIELD_BODY, FIELD_CLIENT, FIELD_FLAGS, FIELD_KEYS, FIELD_KEY_OFFSETS, FIELD_PACKET_IDS, FIELD_PARTITIONS, FIELD_RECORD_OFFSETS, FIELD_TIMESTAMPS, FIELD_TOPIC } from '../../../assembly/abi.ts';
import { type Arrival, FLAG_KEYED } from '../../../host/ports.ts';
import { createBatchBuilder, readBatch, sealEvent, TRAILER_BYTES } from '../../../host/runtime/batch.ts';

interface Payload { readonly bytes: Uint8Array; readonly topic: string; readonly client: string; readonly packetId: number; readonly flags: number; readonly delta: number }

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function arrivalOf({ bytes, topic, client, packetId, flags }: Payload): Arrival {
  const around = new Uint8Array(bytes.length + 5).fill(0xee); // sources push slices of larger buffers
  around.set(bytes, 3);
  const name = encoder.encode(`<${topic}>`);
  return { bytes: around, start: 3, end: 3 + bytes.length, topic: name, topicStart: 1, topicEnd: name.length - 1, packetId, flags, client };
}

const payload = fc.record({
  bytes: fc.uint8Array({ maxLength: 120 }), topic: fc.constantFrom('', 'a', 'b', 'plant/7/temperature', 'plant/8/temperature'),
  client: fc.constantFrom('', 'sensor', 'größe'), packetId: fc.integer({ min: 0, max: 65535 }), flags: fc.integer({ min: 0, max: 31 }), delta: fc.integer({ min: -5, max: 5 }),
});

test('any batch reads back as it was written, also from a builder that was used before', () => {
  const builder = createBatchBuilder(64, 256);
  fc.assert(fc.property(fc.array(payload, { minLength: 1, maxLength: 64 }), fc.uint8Array({ maxLength: 40 }), (payloads, position) => {
    let now = 1_700_000_000_000;
    const times = payloads.map((one) => {
      now += one.delta;
      builder.add(arrivalOf(one), now);
      return now;
    });
    const estimate = builder.sizeBytes();
    const record = builder.seal(5, position);
    assert.ok(record.length <= estimate + 64, `${record.length} bytes, estimated ${estimate}`);
    const batch = readBatch(record.slice());
    assert.equal([batch.kind, batch.source, batch.count, batch.arrival], [BATCH_DATA, 5, payloads.length, times[0]]);
    assert.equal([...batch.position], [...position]);
    payloads.forEach((one, row) => {
      assert.equal([...batch.body.subarray(batch.offsets[row], batch.offsets[row + 1])], [...one.bytes]);
      assert.is(decoder.decode(batch.topics[batch.topic[row] as number]), one.topic);
      assert.is(batch.clients[batch.client[row] as number], one.client);
      assert.is(batch.packetIds[row], one.packetId);
      assert.is(batch.flags[row], one.flags);
      assert.ok((batch.arrivals[row] as number) >= (row === 0 ? 0 : (batch.arrivals[row - 1] as number)), 'arrival times never go back');
      assert.ok(batch.arrival + (batch.arrivals[row] as number) >= (times[row] as number));
    });
    assert.is(builder.count, 0);
  }), { numRuns: 150 });
});

/** Where a field's content begins in the record, 0 when the field is left out. */
function fieldAt(record: Uint8Array, field: number): number {
  const view = new DataView(record.buffer, record.byteOffset);
  const table = view.getUint32(0, true);
  const vtable = table - view.getInt32(table, true);
  const relative = field < view.getUint16(vtable, true) ? view.getUint16(vtable + field, true) : 0;
  return relative === 0 ? 0 : table + relative + view.getUint32(table + relative, true) + 4;
}

test('the body is 16-byte aligned with 16 zeroes behind it, the CRC has its place, and trivial columns are left out', () => {
  const builder = createBatchBuilder(16, 64);
  for (const count of [1, 2, 7]) {
    for (let index = 0; index < count; index += 1) {
      builder.add(arrivalOf({ bytes: encoder.encode('x'.repeat(index + 9)), topic: 'one', client: '', packetId: 0, flags: 0, delta: 0 }), 5);
    }
    const record = builder.seal(0, new Uint8Array(3));
    const { body, offsets } = readBatch(record.slice());
    assert.is(fieldAt(record, FIELD_BODY) % 16, 0);
    assert.is(record.length % 16, 0);
    assert.ok(body.length - (offsets[count] as number) >= 16);
    assert.ok(body.subarray(offsets[count]).every((byte) => byte === 0));
    assert.ok(record.subarray(record.length - TRAILER_BYTES).every((byte) => byte === 0));
    const trivial = [FIELD_TOPIC, FIELD_CLIENT, FIELD_PACKET_IDS, FIELD_FLAGS, FIELD_PARTITIONS, FIELD_RECORD_OFFSETS, FIELD_TIMESTAMPS, FIELD_KEY_OFFSETS, FIELD_KEYS];
    assert.equal(trivial.map((field) => fieldAt(record, field)), trivial.map(() => 0));
  }
});

const origin = fc.record({
  partition: fc.integer({ min: 0, max: 100_000 }), offset: fc.maxSafeNat(), timestamp: fc.integer({ min: -1, max: 253_402_300_799_999 }),
  key: fc.option(fc.uint8Array({ maxLength: 30 }), { nil: undefined }), value: fc.uint8Array({ maxLength: 30 }),
});

test('what a row says of its origin lies in aligned columns, with any key, an empty one and none', () => {
  const builder = createBatchBuilder(64, 256);
  fc.assert(fc.property(fc.array(origin, { minLength: 1, maxLength: 64 }), (origins) => {
    for (const { partition, offset, timestamp, key, value } of origins) {
      const bytes = Uint8Array.of(1, ...key ?? [], 2, ...value);
      const keyEnd = key ? 1 + key.length : -1;
      const arrival = arrivalOf({ bytes, topic: 't', client: '', packetId: 0, flags: 8, delta: 0 });
      builder.add({ ...arrival, bytes, start: bytes.length - value.length, end: bytes.length, origin: { partition, offset, timestamp, keyStart: 1, keyEnd } }, 5);
    }
    const estimate = builder.sizeBytes();
    const record = builder.seal(0, new Uint8Array(1));
    assert.ok(record.length <= estimate + 64, `${record.length} bytes, estimated ${estimate}`);
    const view = new DataView(record.buffer, record.byteOffset);
    const [partitions, offsets, timestamps, keyOffsets, keys] = [FIELD_PARTITIONS, FIELD_RECORD_OFFSETS, FIELD_TIMESTAMPS, FIELD_KEY_OFFSETS, FIELD_KEYS]
      .map((field) => fieldAt(record, field)) as [number, number, number, number, number];
    assert.equal([offsets % 8, timestamps % 8, view.getUint32(offsets - 4, true)], [0, 0, origins.length]);
    const { flags, body, offsets: ends } = readBatch(record.slice());
    origins.forEach(({ partition, offset, timestamp, key, value }, row) => {
      assert.equal(
        [view.getInt32(partitions + row * 4, true), view.getBigInt64(offsets + row * 8, true), view.getBigInt64(timestamps + row * 8, true)],
        [partition, BigInt(offset), BigInt(timestamp)],
      );
      assert.is(flags[row], key ? 8 | FLAG_KEYED : 8);
      assert.equal(body.slice(ends[row], ends[row + 1]), value);
      const [from, to] = keyOffsets === 0 ? [0, 0] : [view.getUint32(keyOffsets + row * 4, true), view.getUint32(keyOffsets + row * 4 + 4, true)];
      assert.equal([...record.subarray(keys + from, keys + to)], [...key ?? []]);
    });
  }), { numRuns: 100 });
});

test('a payload larger than the body buffer is taken whole', () => {
  const builder = createBatchBuilder(4, 32);
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index & 255);
  builder.add(arrivalOf({ bytes, topic: 't'.repeat(60_000), client: 'c', packetId: 1, flags: 0, delta: 0 }), 1);
  const { body, offsets, topics } = readBatch(builder.seal(0, new Uint8Array(0)).slice());
  assert.equal(body.slice(0, offsets[1]), bytes);
  assert.is(topics[0]?.length, 60_000);
});

test('the end of a source is a record without rows that keeps its position', () => {
  const { kind, source, count, arrival, position } = readBatch(sealEvent({ kind: BATCH_END, source: 3, arrival: 77, position: Uint8Array.of(1, 2) }));
  assert.equal([kind, source, count, arrival, [...position]], [BATCH_END, 3, 0, 77, [1, 2]]);
});

test.run();
