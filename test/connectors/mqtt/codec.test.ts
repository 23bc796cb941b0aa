/** The splitter: any cut of the stream gives the same packets, limits hold, and what breaks the protocol says why. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import packets, { type Packet } from 'mqtt-packet';
import { createSplitter, MalformedPacket } from '../../../connectors/mqtt/codec.ts';

const decoder = new TextDecoder();

interface Options { readonly version?: 4 | 5; readonly payloadMaxBytes?: number; readonly isOpen?: boolean; readonly mayTake?: () => boolean }

/** Runs the chunks through a splitter and writes down what it found. */
function found(chunks: Iterable<Uint8Array>, { version = 4, payloadMaxBytes = 1000, isOpen = true, mayTake = () => true }: Options = {}): string[] {
  const seen: string[] = [];
  const splitter = createSplitter({
    payloadMaxBytes, mayTake, isVersion5: () => version === 5, isOpen: () => isOpen, packetMaxBytes: () => (version === 5 ? 100_000 : Infinity),
    handler: {
      publish(bytes, topicStart, topicEnd, packetId, flags, alias, start, end) {
        seen.push(`${decoder.decode(bytes.subarray(topicStart, topicEnd))} ${packetId} ${flags} ${alias} ${decoder.decode(bytes.subarray(start, end))}`);
      },
      control: (bytes, start, end) => { seen.push(Buffer.from(bytes.subarray(start, end)).toString('hex')); },
    },
  });
  for (const chunk of chunks) {
    for (let rest = chunk; rest.length > 0;) rest = rest.subarray(splitter.push(rest));
  }
  return seen;
}

function cut(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [0, ...places.map((place) => place % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
  return edges.slice(1).map((end, index) => stream.slice(edges[index], end));
}

const SAMPLE: readonly Packet[] = [
  { cmd: 'publish', topic: 'a/b', payload: 'first', qos: 1, dup: false, retain: false, messageId: 1 },
  { cmd: 'pingreq' },
  { cmd: 'publish', topic: 'a/ü', payload: 'x'.repeat(200), qos: 2, dup: true, retain: true, messageId: 65_535 },
  { cmd: 'pubrel', messageId: 7 },
  { cmd: 'publish', topic: 'q', payload: '', qos: 0, dup: false, retain: false },
];
const streamOf = (all: readonly Packet[], protocolVersion = 4): Buffer => Buffer.concat(all.map((packet) => packets.generate(packet, { protocolVersion })));

test('flags, ids, topics and payloads come out as the ports name them', () => {
  assert.equal(found([streamOf(SAMPLE)]), ['a/b 1 2 0 first', 'c000', `a/ü 65535 13 0 ${'x'.repeat(200)}`, '62020007', 'q 0 0 0 ']);
});

test('every split point of a stream gives the same packets', () => {
  const stream = streamOf(SAMPLE);
  const whole = found([stream]);
  for (let first = 0; first <= stream.length; first += 1) {
    assert.equal(found(cut(stream, [first])), whole, `cut at ${first}`);
    assert.equal(found(cut(stream, [first, first + 1, first + 2])), whole, `cut at ${first} and behind`);
  }
  assert.equal(found([...stream].map((byte) => Uint8Array.of(byte))), whole, 'byte by byte');
});

const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    cmd: fc.constant('publish' as const), topic: fc.stringMatching(/^[a-z/]{1,30}$/), payload: fc.string({ maxLength: 300, unit: 'grapheme' }),
    qos: fc.constantFrom<0 | 1 | 2>(1, 2), dup: fc.boolean(), retain: fc.boolean(), messageId: fc.integer({ min: 1, max: 65_535 }),
  }),
  fc.constant<Packet>({ cmd: 'pingreq' }),
  fc.record({ cmd: fc.constant('pubrel' as const), messageId: fc.integer({ min: 1, max: 65_535 }) }),
);

for (const version of [4, 5] as const) {
  test(`MQTT ${version === 4 ? '3.1.1' : '5'}: any division into chunks, and any pauses between packets, give the same packets`, () => {
    fc.assert(fc.property(fc.array(packet, { maxLength: 12 }), fc.array(fc.nat(4000), { maxLength: 20 }), fc.nat(), (all, places, pauses) => {
      const stream = streamOf(all, version);
      const whole = found([stream], { version });
      assert.is(whole.length, all.length);
      let asked = pauses;
      const mayTake = (): boolean => { asked += 1; return asked % 3 !== 0; };
      assert.equal(found(cut(stream, places), { version, mayTake }), whole);
    }), { numRuns: 300 });
  });
}

test('properties of MQTT 5 are passed over and the topic alias is read', () => {
  const properties = { topicAlias: 300, messageExpiryInterval: 9, contentType: 'json', userProperties: { a: 'b', c: ['d', 'e'] }, responseTopic: 'r', payloadFormatIndicator: true };
  const stream = packets.generate({ cmd: 'publish', topic: 't', payload: 'p', qos: 1, dup: false, retain: false, messageId: 3, properties }, { protocolVersion: 5 });
  assert.equal(found([stream], { version: 5 }), ['t 3 2 300 p']);
  assert.equal(found(cut(stream, [9]), { version: 5 }), ['t 3 2 300 p']);
});

test('a payload above the limit keeps its head, at any split, and the packet behind it is whole', () => {
  const long = 'y'.repeat(400_000);
  const stream = streamOf([{ cmd: 'publish', topic: 't', payload: long, qos: 1, dup: false, retain: false, messageId: 3 }, { cmd: 'pingreq' }]);
  for (const places of [[], [3], [50_000], [131_000, 200_000], [stream.length - 3], [stream.length - 1]]) {
    assert.equal(found(cut(stream, places), { payloadMaxBytes: 10 }), ['t 3 18 0 yyyyyyyyyy', 'c000'], places.join());
  }
});

test('a megabyte in single bytes is copied a bounded number of times', () => {
  const payload = 'z'.repeat(1_000_000);
  const stream = streamOf([{ cmd: 'publish', topic: 't', payload, qos: 0, dup: false, retain: false }]);
  function* bytes(): Generator<Uint8Array> { for (let at = 0; at < stream.length; at += 1) yield stream.subarray(at, at + 1); }
  assert.is(found(bytes(), { payloadMaxBytes: 2_000_000 })[0]?.length, payload.length + 't 0 0 0 '.length); // quadratic copying would take minutes
});

const BROKEN: readonly (readonly [why: string, bytes: readonly number[], reason: number, options?: Options])[] = [
  ['QoS 3', [0x36, 5, 0, 1, 97, 0, 1], 0x81],
  ['DUP at QoS 0', [0x38, 3, 0, 1, 97], 0x81],
  ['packet id 0', [0x32, 5, 0, 1, 97, 0, 0], 0x82],
  ['a topic longer than the packet', [0x30, 3, 0, 9, 97], 0x81],
  ['no room for the topic length', [0x30, 1, 0], 0x81],
  ['no room for the packet id', [0x32, 4, 0, 1, 97, 0], 0x81],
  ['a remaining length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x7f], 0x81],
  ['a control packet of a megabyte', [0x10, 0x80, 0x80, 0x40], 0x95],
  ['PUBLISH before CONNECT', [0x30, 3, 0, 1, 97], 0x82, { isOpen: false }],
  ['properties longer than the packet', [0x30, 5, 0, 1, 97, 9, 1], 0x81, { version: 5 }],
  ['an unknown property', [0x30, 6, 0, 1, 97, 2, 0x7f, 1], 0x81, { version: 5 }],
  ['a property longer than the properties', [0x30, 7, 0, 1, 97, 2, 0x02, 1, 1], 0x81, { version: 5 }],
  ['topic alias 0', [0x30, 7, 0, 1, 97, 3, 0x23, 0, 0], 0x94, { version: 5 }],
  ['two topic aliases', [0x30, 10, 0, 1, 97, 6, 0x23, 0, 1, 0x23, 0, 1], 0x82, { version: 5 }],
  ['a packet above the announced maximum', [0x30, 0xa1, 0x8d, 0x06], 0x95, { version: 5 }],
];

test('what breaks the protocol is refused with its reason code', () => {
  for (const [why, bytes, reason, options] of BROKEN) {
    for (const chunks of [[Uint8Array.from(bytes)], bytes.map((byte) => Uint8Array.of(byte))]) {
      try {
        found(chunks, options);
        assert.unreachable(why);
      } catch (error) {
        assert.instance(error, MalformedPacket, `${why}: ${String(error)}`);
        assert.is((error as MalformedPacket).reason, reason, why);
      }
    }
  }
});

test.run();
