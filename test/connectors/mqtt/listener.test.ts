/** The MQTT listener through real clients: nothing is acknowledged before it is durable, and a repetition is stored once. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Clock, IoError, Source } from '../../../host/ports.ts';
import { systemClock } from '../../../host/platform/node.ts';
import { pause } from '../../cli/command.ts';
import { sourceContract, type SourceWorld, until } from '../contract.ts';
import { createMemoryLog } from '../memory-log.ts';
import { createDevice } from './device.ts';
import { client, connected, type connectPacket, listener, portsFrom, publishPacket, rawDevice, startListener, type Started, type Surroundings } from './world.ts';

const freePort = portsFrom(21_800, 20);

function started(options: Readonly<Record<string, string>> = {}, surroundings: Surroundings = {}): Promise<Started> {
  return startListener(freePort(), options, surroundings);
}

function deviceWorld(version: 4 | 5, qos: 1 | 2): () => Promise<SourceWorld> {
  return () => {
    const port = freePort();
    const device = createDevice(port, { version, qos });
    return Promise.resolve({
      create: () => listener(port),
      offer(payloads) { for (const payload of payloads) device.publish(payload); },
      acknowledgedCount: device.acknowledgedCount,
      close: device.close,
    });
  };
}
for (const version of [4, 5] as const) {
  for (const qos of [1, 2] as const) {
    sourceContract(`listener, MQTT ${version === 4 ? '3.1.1' : '5'} QoS ${qos}`, deviceWorld(version, qos), { isExactlyOnce: true });
  }
}

test('QoS 0 is stored and needs no acknowledgement; topic, client and flags are logged', async () => {
  const { port, log, close } = await started();
  const device = await client(port);
  device.publish('a/b', 'x', { qos: 0, retain: true });
  await until(() => log.rows.length === 1);
  assert.equal(log.rows, [{ topic: 'a/b', payload: 'x', packetId: 0, flags: 8, client: 'device' }]);
  device.end(true);
  await close();
});

test('acknowledgements go out in the order received, one write a connection and commit', async () => {
  const { port, log, close } = await started();
  const { device: one } = await connected(port, 'one');
  const { device: two } = await connected(port, 'two');
  const ids = [9, 3, 65_535, 1];
  one.send(...ids.map((id) => publishPacket(id, `one ${id}`)));
  two.send(publishPacket(3, 'two 3'), publishPacket(2, 'two 2', { qos: 2 }));
  await until(() => log.rows.length === 6);
  assert.equal([one.chunks.length, two.chunks.length], [1, 1], 'CONNACK alone');
  log.commit();
  await until(() => one.ids('puback').length === 4 && two.of('pubrec').length === 1);
  assert.equal(one.ids('puback'), ids);
  assert.equal(two.received.slice(1).map(({ cmd, messageId }) => [cmd, messageId]), [['puback', 3], ['pubrec', 2]]);
  assert.equal([one.chunks, two.chunks], [[4, 16], [4, 8]]);
  await close();
});

test('topics outside the filter are acknowledged and not stored', async () => {
  const { port, log, close } = await started({ topic: 'a/+; deep/#' });
  const device = await client(port);
  for (const topic of ['a/b', 'a/b/c', 'deep', 'deep/er/still', 'other', 'a']) await device.publishAsync(topic, topic, { qos: 0 });
  await until(() => log.rows.length === 3);
  log.commit();
  await device.publishAsync('other', 'x', { qos: 1 });
  await device.publishAsync('other', 'x', { qos: 2 });
  assert.equal(log.rows.map(({ topic }) => topic), ['a/b', 'deep', 'deep/er/still']);
  device.end(true);
  await close();
});

test('a payload above the limit keeps its head and is flagged; its neighbours are whole', async () => {
  const { port, log, close } = await started({}, { payloadMaxBytes: 100 });
  const device = await client(port);
  for (const length of [100, 101, 500_000, 3]) device.publish('a/b', 'x'.repeat(length), { qos: 0 });
  await until(() => log.rows.length === 4);
  assert.equal(log.rows.map(({ payload, flags }) => [payload.length, flags & 16]), [[100, 0], [100, 16], [100, 16], [3, 0]]);
  device.end(true);
  await close();
});

test('a device that is refused hears why, and the right one gets in', async () => {
  const { port, close } = await started({ username: 'u', password: 'right' });
  const refusal = async (options: Parameters<typeof connectPacket>[1]): Promise<unknown> => {
    const { device } = await connected(port, options?.clientId ?? 'd', options);
    await until(() => device.isClosed());
    const [connack] = device.of('connack');
    return connack?.cmd === 'connack' ? connack.reasonCode ?? connack.returnCode : undefined;
  };
  const password = Buffer.from('right');
  assert.is(await refusal({ username: 'u', password: Buffer.from('wrong') }), 4);
  assert.is(await refusal({ protocolVersion: 5, username: 'x', password }), 0x86);
  assert.is(await refusal({ protocolVersion: 5, properties: { authenticationMethod: 'SCRAM' } }), 0x8c);
  const returnCode = async (connect: readonly number[]): Promise<unknown> => {
    const device = await rawDevice(port);
    device.bytes(Uint8Array.from(connect));
    await until(() => device.isClosed());
    const [connack] = device.of('connack');
    return connack?.cmd === 'connack' && connack.returnCode;
  };
  const [u, right] = [[0, 1, 117], [0, 5, ...password]];
  assert.is(await returnCode([0x10, 22, 0, 4, 77, 81, 84, 84, 4, 0xc0, 0, 0, 0, 0, ...u, ...right]), 2, 'no client id and a session to keep');
  assert.is(await returnCode([0x10, 13, 0, 4, 77, 81, 84, 84, 9, 2, 0, 0, 0, 1, 100]), 1, 'protocol level 9');
  (await client(port, { username: 'u', password: 'right' })).end(true);
  await close();
});

test('a newer connection of the same client takes over, and MQTT 5 hears that', async () => {
  const { port, close } = await started();
  const { device: older } = await connected(port, 'd', { protocolVersion: 5 });
  const { device: newer } = await connected(port, 'd');
  await until(() => older.isClosed());
  const [farewell] = older.of('disconnect');
  assert.is(farewell?.cmd === 'disconnect' && farewell.reasonCode, 0x8e);
  newer.send({ cmd: 'pingreq' });
  await until(() => newer.of('pingresp').length === 1);
  await close();
});

test('a device that is silent for one and a half keep alives is sent away', async () => {
  const { port, close } = await started();
  const { device } = await connected(port, 'd', { keepalive: 1, protocolVersion: 5 });
  await until(() => device.isClosed());
  const [farewell] = device.of('disconnect');
  assert.is(farewell?.cmd === 'disconnect' && farewell.reasonCode, 0x8d);
  await close();
});

test('while the log is full devices get their PINGRESP, keep what they sent, and newcomers hear that it is busy', async () => {
  let ahead = 0;
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
  const { port, log, source, close } = await started({}, { clock });
  const { device } = await connected(port, 'd', { keepalive: 60 });
  const { device: other } = await connected(port, 'other');
  other.bytes(Uint8Array.from([0x32, 8, 0, 1, 97])); // a packet that ends only while the log is full
  await pause(20);
  log.hasRoom = false;
  device.send(publishPacket(1, 'one'));
  await until(() => log.rows.length === 1);
  device.send(publishPacket(2, 'two'), { cmd: 'pingreq' }, publishPacket(3, 'three'), { cmd: 'pingreq' });
  other.bytes(Uint8Array.from([0, 9, 120, 121, 122, 0xc0]));
  other.bytes(Uint8Array.of(0));
  await until(() => device.of('pingresp').length === 2 && other.of('pingresp').length === 1);
  assert.is(log.rows.length, 1);
  await pause(1100); // the listener looks once a second
  ahead = 3000;
  const { device: late } = await connected(port, 'late');
  await until(() => late.isClosed());
  const [connack] = late.of('connack');
  assert.is(connack?.cmd === 'connack' && connack.returnCode, 3);
  log.hasRoom = true;
  source.resume();
  await until(() => log.rows.length === 4);
  log.commit();
  await until(() => device.ids('puback').length === 3 && other.ids('puback').length === 1);
  assert.equal([device.of('pingresp').length, other.of('pingresp').length], [2, 1], 'none is answered twice');
  device.send({ cmd: 'pingreq' });
  await until(() => device.of('pingresp').length === 3);
  await close();
});

test('a device that sends more than the budget while the log is full is read no further, and loses nothing', async () => {
  const { port, log, source, close } = await started();
  const { device } = await connected(port, 'd');
  log.hasRoom = false;
  const count = 200;
  device.send(...Array.from({ length: count }, (_, index) => publishPacket(index + 1, `${index}`.padStart(100_000))));
  await pause(200);
  assert.is(log.rows.length, 1);
  assert.ok(device.socket.writableLength > 5_000_000, 'most of it is still with the device');
  log.hasRoom = true;
  source.resume();
  await until(() => log.rows.length === count);
  assert.equal(log.payloads().map(Number), Array.from({ length: count }, (_, index) => index));
  await close();
});

test('topic aliases stand for topics of their connection alone', async () => {
  const { port, log, close } = await started();
  const { device } = await connected(port, 'd', { protocolVersion: 5 });
  const aliased = (topic: string, topicAlias: number): void => {
    device.send({ cmd: 'publish', topic, payload: 'p', qos: 0, dup: false, retain: false, properties: { topicAlias } });
  };
  aliased('first', 1);
  aliased('', 1);
  aliased('second', 1);
  aliased('', 1);
  await until(() => log.rows.length === 4);
  assert.equal(log.rows.map(({ topic }) => topic), ['first', 'first', 'second', 'second']);
  aliased('third', 1000);
  await until(() => device.isClosed());
  const [farewell] = device.of('disconnect');
  assert.is(farewell?.cmd === 'disconnect' && farewell.reasonCode, 0x94);
  await close();
});

test('subscriptions are refused, the connection stays', async () => {
  for (const protocolVersion of [4, 5] as const) {
    const { port, close } = await started();
    const { device } = await connected(port, 'd', { protocolVersion });
    device.send({ cmd: 'subscribe', messageId: 3, subscriptions: [{ topic: 'a', qos: 1 }, { topic: 'b', qos: 0 }] });
    await until(() => device.of('suback').length === 1);
    const [suback] = device.of('suback');
    const code = protocolVersion === 5 ? 0x83 : 0x80;
    assert.equal(suback?.cmd === 'suback' && suback.granted, [code, code]);
    device.send({ cmd: 'pingreq' });
    await until(() => device.of('pingresp').length === 1);
    await close();
  }
});

test('bytes that are no MQTT close the connection with the reason and leave the listener alive', async () => {
  const { port, close } = await started();
  for (const bytes of [[0x30, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x32, 4, 0, 9, 1, 1], [0x10, 2, 0, 0], [0xff, 0]]) {
    const device = await rawDevice(port);
    device.bytes(Uint8Array.from(bytes));
    await until(() => device.isClosed());
  }
  for (const [bytes, reason] of [[[0x36, 5, 0, 1, 97, 0, 1], 0x81], [[0x30, 4, 0, 1, 35, 0], 0x90], [[0x30, 5, 0, 2, 0xc3, 0x28, 0], 0x81], [[0x20, 2, 0, 0], 0x82]] as const) {
    const { device } = await connected(port, 'd', { protocolVersion: 5 });
    device.bytes(Uint8Array.from(bytes));
    await until(() => device.isClosed());
    const [farewell] = device.of('disconnect');
    assert.is(farewell?.cmd === 'disconnect' && farewell.reasonCode, reason);
  }
  (await client(port)).end(true);
  await close();
});

test('a port in use and an address open to others are refused with the remedy', async () => {
  const { port, close } = await started();
  const refusal = (from: Source): Promise<IoError> => from.open(createMemoryLog().intake).then(() => { throw new Error('opened'); }, (error: IoError) => error);
  const used = await refusal(listener(port));
  assert.match(used.remedy ?? '', /choose another port/);
  const remote = await refusal(listener(0, { listen: '0.0.0.0:21899' }));
  assert.match(remote.remedy ?? '', /listen\.allow-remote/);
  assert.match((await refusal(listener(0, { listen: 'somewhere' }))).remedy ?? '', /127\.0\.0\.1:1883/);
  await close();
});

test('mqtt.js works with an assigned id, a will and a clean end', async () => {
  const { port, log, close } = await started();
  const device = await client(port, { clientId: '', clean: true, protocolVersion: 5, will: { topic: 'w', payload: Buffer.from('gone'), qos: 1, retain: false } });
  const done = device.publishAsync('a', 'p', { qos: 1 });
  await until(() => log.rows.length === 1);
  log.commit();
  await done;
  device.stream.destroy();
  await until(() => !device.connected);
  await pause(30);
  assert.equal(log.payloads(), ['p'], 'the will is not published');
  device.end(true);
  await close();
});

test.run();
