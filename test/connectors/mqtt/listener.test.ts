/** The MQTT listener through real clients: nothing is acknowledged before it is durable, and a repetition is stored once. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Clock, IoError, Source } from '../../../host/ports.ts';
import { systemClock } from '../../../host/platform/node.ts';
import { pause } from '../../cli/command.ts';
import { sourceContract, type SourceWorld, until } from '../contract.ts';
import { createMemoryLog, type MemoryLog } from '../memory-log.ts';
import { createDevice } from './device.ts';
import { client, connected, connectPacket, freePort, listener, publishPacket, rawDevice } from './world.ts';

freePort(21_800);

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

/** A listener on a log of its own; `restart` is a crash: what is not durable is gone. */
async function started(options: Readonly<Record<string, string>> = {}, surroundings: Parameters<typeof listener>[2] = {}): Promise<{
  readonly port: number; readonly log: MemoryLog; source: Source; restart(): Promise<void>; close(): Promise<void>;
}> {
  const port = freePort();
  const log = createMemoryLog();
  const open = async (): Promise<Source> => {
    const source = log.attach(listener(port, options, surroundings));
    await source.open(log.intake);
    return source;
  };
  const world = {
    port, log, source: await open(),
    async restart() {
      await world.source.close();
      world.source = await open();
    },
    close: () => world.source.close(),
  };
  return world;
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

test('CONNACK waits until the session is durable, and tells the truth about it over restarts', async () => {
  const world = await started();
  world.log.commitsMarks = false;
  const first = await rawDevice(world.port);
  first.send(connectPacket('d'));
  await pause(50);
  assert.is(first.of('connack').length, 0, 'the log does not know the session yet');
  world.log.commit();
  await until(() => first.of('connack').length === 1);
  world.log.commitsMarks = true;
  assert.is((await connected(world.port, 'd')).isPresent, true);
  await world.restart();
  assert.is((await connected(world.port, 'd')).isPresent, true, 'from the log');
  world.log.checkpoint();
  await world.restart();
  assert.is((await connected(world.port, 'd')).isPresent, true, 'from the snapshot');
  assert.is((await connected(world.port, 'd', { clean: true })).isPresent, false);
  assert.is((await connected(world.port, 'd')).isPresent, false, 'a clean session was none to keep');
  await connected(world.port, 'd', { clean: true });
  await world.restart();
  assert.is((await connected(world.port, 'd')).isPresent, false, 'also after a restart');
  await world.close();
});

test('a session of MQTT 5 ends when it has expired, or when the device says so', async () => {
  let ahead = 0;
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
  const world = await started({}, { clock });
  const kept = { protocolVersion: 5, properties: { sessionExpiryInterval: 60 } } as const;
  const first = await connected(world.port, 'd', kept);
  await first.device.vanish();
  ahead += 50_000;
  const second = await connected(world.port, 'd', kept);
  assert.ok(second.isPresent);
  await second.device.vanish();
  await pause(20);
  ahead += 61_000;
  const third = await connected(world.port, 'd', kept);
  assert.not(third.isPresent);
  third.device.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
  await until(() => third.device.isClosed());
  assert.not((await connected(world.port, 'd', kept)).isPresent);
  await world.close();
});

test('a redelivery is recognised after any number of connections that broke while it was sent again', async () => {
  const world = await started();
  const all = Array.from({ length: 10 }, (_, index) => index + 1);
  const { device } = await connected(world.port, 'd');
  device.send(...all.map((id) => publishPacket(id, `p${id}`)));
  await until(() => world.log.rows.length === 10);
  world.log.commit();
  await device.vanish();
  const again = async (ids: readonly number[]): Promise<void> => {
    const { device: next } = await connected(world.port, 'd');
    next.send(...ids.map((id) => publishPacket(id, `p${id}`, { dup: true })));
    await until(() => next.ids('puback').length === ids.length);
    assert.equal(next.ids('puback'), ids);
    await next.vanish();
  };
  await again([1, 2, 3]);
  await again([1]);
  await world.restart();
  await again([1, 2]);
  await again(all);
  world.log.checkpoint();
  await world.restart();
  await again(all);
  assert.is(world.log.rows.length, 10);
  const { device: last } = await connected(world.port, 'd');
  last.send(publishPacket(4, 'new', { dup: true }), publishPacket(5, 'p5', { dup: false }));
  await until(() => world.log.rows.length === 12, 'another payload, or no DUP, is no redelivery');
  await world.close();
});

test('a redelivery of what is pushed and not durable is not pushed, and acknowledged with it', async () => {
  const { port, log, close } = await started();
  const first = await connected(port, 'd');
  first.device.send(publishPacket(7, 'p'));
  await until(() => log.rows.length === 1);
  const second = await connected(port, 'd');
  second.device.send(publishPacket(7, 'p', { dup: true }));
  await pause(50);
  assert.equal([log.rows.length, second.device.ids('puback')], [1, []]);
  log.commit();
  await until(() => second.device.ids('puback').length === 1);
  assert.equal(first.device.ids('puback'), [], 'never on the older connection');
  await close();
});

test('a device that uses packet id 1 for everything loses nothing', async () => {
  const { port, log, close } = await started();
  const { device } = await connected(port, 'd');
  for (let n = 0; n < 20; n += 1) {
    device.send(publishPacket(1, `{"n":${n}}`));
    await until(() => log.rows.length === n + 1);
    log.commit();
    await until(() => device.ids('puback').length === n + 1);
  }
  await close();
});

for (const [choice, stored] of [['keep', 2], ['drop', 1]] as const) {
  test(`a clean session that sends again with DUP is ambiguous: ${choice}`, async () => {
    const { port, log, close } = await started({ 'qos1.ambiguous': choice });
    for (const dup of [false, true]) {
      const { device, isPresent } = await connected(port, 'd', { clean: true });
      assert.not(isPresent);
      device.send(publishPacket(5, 'p', { dup }));
      await until(() => log.rows.length > 0);
      await pause(30);
      log.commit();
      await until(() => device.ids('puback').length === 1);
      await device.vanish();
    }
    assert.is(log.rows.length, stored);
    await close();
  });
}

test('a device that never sets DUP is stored twice: nothing tells its repetition from a new reading', async () => {
  const { port, log, close } = await started();
  for (let connection = 0; connection < 2; connection += 1) {
    const { device } = await connected(port, 'd');
    device.send(publishPacket(5, 'p'));
    await until(() => log.rows.length === connection + 1);
    log.commit();
    await device.vanish();
  }
  await close();
});

test('QoS 2: an id is stored once whatever DUP says, stays taken over a restart, and is free only when the log knows', async () => {
  const world = await started();
  const { device } = await connected(world.port, 'd');
  device.send(publishPacket(5, 'p', { qos: 2 }), publishPacket(5, 'p', { qos: 2 }));
  await until(() => world.log.rows.length === 1);
  world.log.commit();
  await until(() => device.ids('pubrec').length === 2);
  await world.restart();
  const { device: second, isPresent } = await connected(world.port, 'd');
  assert.ok(isPresent);
  second.send(publishPacket(5, 'p', { qos: 2 }));
  await until(() => second.ids('pubrec').length === 1);
  assert.is(world.log.rows.length, 1);
  world.log.commitsMarks = false;
  second.send({ cmd: 'pubrel', messageId: 5 });
  await pause(50);
  assert.equal(second.ids('pubcomp'), [], 'the log does not know yet that the id is free');
  await second.vanish();
  const { device: third } = await connected(world.port, 'd');
  third.send({ cmd: 'pubrel', messageId: 5 });
  await pause(50);
  assert.equal(third.ids('pubcomp'), []);
  world.log.commit();
  await until(() => third.ids('pubcomp').length === 1);
  third.send(publishPacket(5, 'p', { qos: 2 }));
  await until(() => world.log.rows.length === 2, 'the same id and payload is a new packet now');
  world.log.commit();
  await world.restart();
  const { device: fourth } = await connected(world.port, 'd');
  fourth.send(publishPacket(5, 'p', { qos: 2, dup: true }), publishPacket(6, 'q', { qos: 2 }));
  await until(() => world.log.rows.length === 3);
  assert.equal(world.log.payloads(), ['p', 'p', 'q']);
  await world.close();
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
