/** The listener's sessions: which repetitions are recognised, and what a device is told of its session, over crashes. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createSessions } from '../../../connectors/mqtt/session.ts';
import type { Clock } from '../../../host/ports.ts';
import { systemClock } from '../../../host/platform/node.ts';
import { pause } from '../../cli/command.ts';
import { until } from '../contract.ts';
import { connected, connectPacket, portsFrom, publishPacket, rawDevice, startListener, type Started, type Surroundings } from './world.ts';

const freePort = portsFrom(21_820, 20);

function started(options: Readonly<Record<string, string>> = {}, surroundings: Surroundings = {}): Promise<Started> {
  return startListener(freePort(), options, surroundings);
}

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

test('sessions and their ids are bounded: the one idle for longest is forgotten first, and counted', () => {
  const sessions = createSessions(systemClock);
  const first = sessions.connect('first', false).session;
  sessions.hold(first, 1, 77);
  sessions.disconnect(first);
  for (let n = 0; n < 32; n += 1) { // 32 devices that use all ids: 256 pages each
    const { session } = sessions.connect(`rolling ${n}`, false);
    for (let id = 1; id < 65_536; id += 256) sessions.hold(session, id, n + 1);
    sessions.disconnect(session);
  }
  assert.is(sessions.evictedCount(), 1);
  assert.not(sessions.isHeld(first, 1, 77));
  const saved = createSessions(systemClock);
  saved.restore(sessions.snapshot());
  assert.ok(saved.isHeld(saved.connect('rolling 0', false).session, 1, 1), 'a snapshot keeps all that is known');
  for (let n = 0; n < 16_384; n += 1) sessions.disconnect(sessions.connect(`random ${n}`, false).session);
  assert.is(sessions.evictedCount(), 1 + 33);
});

test.run();
