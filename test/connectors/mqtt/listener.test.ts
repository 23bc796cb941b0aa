/** The MQTT listener through real clients: nothing is acknowledged before it is durable, and a repetition is stored once. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import mqttjs, { type IClientOptions, type MqttClient } from 'mqtt';
import { mqtt } from '../../../connectors/mqtt.ts';
import { type Arrival, type ConnectorContext, FLAG_MARK, type Intake, type IoError, type LoggedBatch, type Source } from '../../../host/ports.ts';
import { systemClock } from '../../../host/platform/node.ts';
import { pause } from '../../cli/command.ts';

let nextPort = 21800;
const decoder = new TextDecoder();

interface Stored { readonly topic: string; readonly payload: string; readonly packetId: number; readonly flags: number; readonly client: string }

/** A log in memory that becomes durable when the test says so; it survives the source. */
interface Log { readonly rows: Stored[]; readonly intake: Intake; commit(): void; attach(source: Source): void; batch(): LoggedBatch; room: boolean }

function createLog(): Log {
  const rows: Stored[] = [];
  const sessions: string[] = [];
  let durable = 0;
  let source: Source | undefined;
  const log: Log = {
    rows, room: true,
    intake: {
      push({ bytes, start, end, topic, topicStart, topicEnd, packetId, flags, client }: Arrival) {
        if ((flags & FLAG_MARK) !== 0) { // a session: durable at once, before any row of its client
          sessions.push(client);
          queueMicrotask(() => source?.committed(1));
          return true;
        }
        rows.push({ topic: decoder.decode(topic.subarray(topicStart, topicEnd)), payload: decoder.decode(bytes.subarray(start, end)), packetId, flags, client });
        return log.room;
      },
      flush: () => undefined, end: () => undefined, failed: (error: IoError) => { throw error; },
    },
    commit() {
      const count = rows.length - durable;
      durable = rows.length;
      if (count > 0) source?.committed(count);
    },
    attach(next: Source) {
      rows.length = durable; // what was not durable is gone
      source = next;
    },
    /** Everything durable as one logged batch. */
    batch(): LoggedBatch {
      const encoder = new TextEncoder();
      const marks = sessions.map((client): Stored => ({ topic: '', payload: '', packetId: 0, flags: FLAG_MARK, client }));
      const logged = [...marks, ...rows];
      const payloads = logged.map(({ payload }) => encoder.encode(payload));
      const offsets = new Uint32Array(logged.length + 1);
      payloads.forEach((payload, index) => { offsets[index + 1] = (offsets[index] as number) + payload.length; });
      return {
        position: new Uint8Array(0), count: logged.length, packetIds: Uint16Array.from(logged, ({ packetId }) => packetId), flags: Uint8Array.from(logged, ({ flags }) => flags),
        clients: logged.map(({ client }) => client), client: Uint16Array.from(logged, (_, index) => index), topics: logged.map(({ topic }) => encoder.encode(topic)),
        topic: Uint16Array.from(logged, (_, index) => index), offsets, body: Buffer.concat(payloads),
      };
    },
  };
  return log;
}

function listener(port: number, options: Readonly<Record<string, string>> = {}, payloadMaxBytes = 1 << 18): Source {
  const context: ConnectorContext = {
    table: 't', options: { listen: `127.0.0.1:${port}`, ...options }, clock: systemClock, payloadMaxBytes, gateway: 'g', job: 'j', columns: [], log: () => undefined,
  };
  return (mqtt.createSource as (context: ConnectorContext) => Source)(context);
}

/** Opens a source whose rows are nobody's concern. */
async function openIdle(source: Source): Promise<void> {
  const log = createLog();
  log.attach(source);
  await source.open(log.intake);
}

async function client(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const made = mqttjs.connect(`mqtt://127.0.0.1:${port}`, { clientId: 'device', clean: false, reconnectPeriod: 0, ...options });
  made.on('error', () => undefined);
  await new Promise((resolve) => { made.once('connect', resolve); });
  return made;
}

/** Publishes and tells when the broker's last word on it has come. */
function publish(to: MqttClient, payload: string, qos: 0 | 1 | 2 = 1): { isDone: boolean } {
  const state = { isDone: false };
  to.publish('a/b', payload, { qos }, (error) => { if (!error) state.isDone = true; });
  return state;
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    assert.ok(waited < 5000, `never: ${String(holds)}`);
    await pause(5);
  }
}

for (const protocolVersion of [4, 5] as const) {
  for (const qos of [1, 2] as const) {
    test(`MQTT ${protocolVersion === 4 ? '3.1.1' : '5'} QoS ${qos}: acknowledged when durable and not before`, async () => {
      const port = nextPort++;
      const source = listener(port);
      const log = createLog();
      log.attach(source);
      await source.open(log.intake);
      const device = await client(port, { protocolVersion });
      const states = Array.from({ length: 20 }, (_, index) => publish(device, `{"n":${index}}`, qos));
      await until(() => log.rows.length === 20);
      await pause(50);
      assert.ok(states.every(({ isDone }) => !isDone), 'nothing is durable yet');
      log.commit();
      await until(() => states.every(({ isDone }) => isDone));
      assert.equal(log.rows.map(({ payload }) => payload), states.map((_, index) => `{"n":${index}}`));
      assert.equal(log.rows.map(({ topic, client: from }) => [topic, from]).at(-1), ['a/b', 'device']);
      device.end(true);
      await source.close();
    });
  }
}

test('QoS 0 is stored and needs no acknowledgement', async () => {
  const port = nextPort++;
  const source = listener(port);
  const log = createLog();
  log.attach(source);
  await source.open(log.intake);
  const device = await client(port);
  publish(device, 'x', 0);
  await until(() => log.rows.length === 1);
  device.end(true);
  await source.close();
});

for (const isDurable of [false, true]) {
  for (const qos of [1, 2] as const) {
    test(`a crash ${isDurable ? 'after' : 'before'} the commit: the device's QoS ${qos} repetition is stored exactly once`, async () => {
      const port = nextPort++;
      const log = createLog();
      const first = listener(port);
      log.attach(first);
      await first.open(log.intake);
      const device = await client(port, { reconnectPeriod: 30 });
      const states = Array.from({ length: 10 }, (_, index) => publish(device, `{"n":${index}}`, qos));
      await until(() => log.rows.length === 10);
      const closed = first.close(); // no acknowledgement was sent: to the device this is a crash
      if (isDurable) log.commit(); // acknowledgements go into the closing sockets and may be lost
      await closed;
      const second = listener(port);
      log.attach(second);
      second.restore(undefined);
      second.replay(log.batch());
      await second.open(log.intake);
      const committing = setInterval(log.commit, 5); // mqtt.js repeats one packet at a time
      await until(() => states.every(({ isDone }) => isDone));
      clearInterval(committing);
      assert.equal(log.rows.map(({ payload }) => payload), states.map((_, index) => `{"n":${index}}`));
      device.end(true);
      await second.close();
    });
  }
}

test('a repetition of what a snapshot remembers is dropped, a new payload under the same packet id is kept', async () => {
  const { createRedeliveries, hashOf } = await import('../../../connectors/mqtt/redelivery.ts');
  const bytes = new TextEncoder().encode('topicpayloadother');
  const first = createRedeliveries();
  first.note(first.connect('c', false).session, 7, hashOf(bytes, 0, 5, bytes, 5, 12));
  const second = createRedeliveries();
  second.restore(first.snapshot());
  const { session, isResumed } = second.connect('c', false);
  assert.ok(isResumed);
  assert.ok(second.isKnown(session, 7, hashOf(bytes, 0, 5, bytes, 5, 12)));
  assert.not(second.isKnown(session, 7, hashOf(bytes, 0, 5, bytes, 12, 17)));
  assert.not(second.isKnown(session, 8, hashOf(bytes, 0, 5, bytes, 5, 12)));
  assert.not(second.connect('c', true).isResumed, 'a clean start forgets');
});

test('topics outside the filter are acknowledged and not stored', async () => {
  const port = nextPort++;
  const source = listener(port, { topic: 'a/+; deep/#' });
  const log = createLog();
  log.attach(source);
  await source.open(log.intake);
  const device = await client(port);
  for (const topic of ['a/b', 'a/b/c', 'deep', 'deep/er/still', 'other', 'a']) await device.publishAsync(topic, topic, { qos: 0 });
  const done = device.publishAsync('other', 'x', { qos: 1 });
  await until(() => log.rows.length === 3);
  log.commit();
  await done;
  assert.equal(log.rows.map(({ topic }) => topic), ['a/b', 'deep', 'deep/er/still']);
  device.end(true);
  await source.close();
});

test('a payload above the limit keeps its head and is flagged; its neighbours are whole', async () => {
  const port = nextPort++;
  const source = listener(port, {}, 100);
  const log = createLog();
  log.attach(source);
  await source.open(log.intake);
  const device = await client(port);
  for (const length of [100, 101, 500_000, 3]) publish(device, 'x'.repeat(length), 0);
  await until(() => log.rows.length === 4);
  assert.equal(log.rows.map(({ payload, flags }) => [payload.length, flags & 16]), [[100, 0], [100, 16], [100, 16], [3, 0]]);
  device.end(true);
  await source.close();
});

test('a wrong password is refused and the right one is not', async () => {
  const port = nextPort++;
  const source = listener(port, { username: 'u', password: 'right' });
  await openIdle(source);
  const error = await new Promise<Error>((resolve) => {
    const wrong = mqttjs.connect(`mqtt://127.0.0.1:${port}`, { username: 'u', password: 'wrong', reconnectPeriod: 0 });
    wrong.on('error', (found) => { wrong.end(true); resolve(found); });
  });
  assert.match(error.message, /Bad username or password/i);
  (await client(port, { username: 'u', password: 'right' })).end(true);
  await source.close();
});

test('a newer connection of the same client takes over', async () => {
  const port = nextPort++;
  const source = listener(port);
  await openIdle(source);
  const older = await client(port);
  const closed = new Promise((resolve) => { older.once('close', () => resolve(undefined)); });
  const newer = await client(port);
  await closed;
  assert.ok(newer.connected);
  newer.end(true);
  older.end(true);
  await source.close();
});

test('a full intake pauses the devices and resume lets them go on', async () => {
  const port = nextPort++;
  const source = listener(port);
  const log = createLog();
  log.attach(source);
  log.room = false;
  await source.open(log.intake);
  const device = await client(port);
  publish(device, 'first');
  await until(() => log.rows.length === 1);
  publish(device, 'second');
  await pause(100);
  assert.is(log.rows.length, 1);
  log.room = true;
  source.resume();
  await until(() => log.rows.length === 2);
  device.end(true);
  await source.close();
});

test('bytes that are no MQTT close the connection and leave the listener alive', async () => {
  const port = nextPort++;
  const source = listener(port);
  await openIdle(source);
  for (const bytes of [[0x30, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x32, 4, 0, 9, 1, 1], [0x10, 2, 0, 0], [0xff, 0]]) {
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(Uint8Array.from(bytes));
    await once(socket, 'close');
  }
  (await client(port)).end(true);
  await source.close();
});

test('a port in use and an address open to others are refused with the remedy', async () => {
  const port = nextPort++;
  const first = listener(port);
  await openIdle(first);
  const refusal = (source: Source): Promise<IoError> => source.open(createLog().intake).then(() => { throw new Error('it opened'); }, (error: IoError) => error);
  const used = await refusal(listener(port));
  assert.match(used.remedy ?? '', /choose another port/);
  const remote = await refusal(listener(0, { listen: '0.0.0.0:21899' }));
  assert.match(remote.remedy ?? '', /listen\.allow-remote/);
  await first.close();
});

test.run();
