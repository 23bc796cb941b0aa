/** The MQTT sink at a real broker in this process: delivered means acknowledged by the broker. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import type { IoError, Progress, Result } from '../../../host/ports.ts';
import { pause } from '../../cli/command.ts';
import { sinkContract, type SinkWorld } from '../contract.ts';
import { portsFrom, sink } from './world.ts';

const freePort = portsFrom(21_860, 10);
const IDENTITY = { gateway: 'g', job: 'j', sink: 's', incarnation: 'one' };
const PROGRESS: Progress = { incarnation: 'one', sequence: 1, offset: 1, digest: '0'.repeat(16) };

interface Seen { readonly payload: string; readonly retain: boolean }
interface BrokerWorld extends SinkWorld { readonly broker: Aedes; readonly port: number; readonly seen: Seen[] }

async function brokerWorld(options: Readonly<Record<string, string>> = {}): Promise<BrokerWorld> {
  const port = freePort();
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  const seen: Seen[] = [];
  broker.on('publish', ({ topic, payload, retain }) => { if (topic === 'results') seen.push({ payload: payload.toString(), retain }); });
  return {
    broker, port, seen,
    create: () => sink({ url: `mqtt://127.0.0.1:${port}`, topic: 'results', ...options }),
    visible: () => Promise.resolve(seen.map(({ payload }) => payload)),
    close: () => new Promise((resolve) => { broker.close(() => { server.close(() => resolve()); }); }),
  };
}

sinkContract('mqtt', brokerWorld, { isExactlyOnce: false });

const result: Result = { sequence: 1, kind: '+I', key: undefined, value: Buffer.from('one'), arrival: 0, isChangeEnd: true };

test('a delivery waits for the acknowledgement of every result, and fails when the broker goes instead', async () => {
  const { create, broker, close } = await brokerWorld();
  let release: (() => void) | undefined;
  broker.authorizePublish = (_client, { payload }, done) => {
    if (payload.toString() === 'slow') release = () => done(null);
    else done(null);
  };
  const opened = create();
  await opened.open(IDENTITY);
  const state = { isDone: false };
  const slow: Result = { ...result, sequence: 2, value: Buffer.from('slow') };
  const delivered = opened.deliver([result, slow], PROGRESS).then(() => { state.isDone = true; });
  await pause(100);
  assert.not(state.isDone);
  release?.();
  await delivered;
  const lost = opened.deliver([slow], PROGRESS).then(() => undefined, (error: IoError) => error);
  await pause(50);
  await close();
  assert.is((await lost)?.retry, true);
  await opened.close();
});

test('retained when asked for, and 5,000 results in one delivery arrive in order', async () => {
  const { create, seen, close } = await brokerWorld({ retain: 'true' });
  const opened = create();
  await opened.open(IDENTITY);
  const results = Array.from({ length: 5000 }, (_, index): Result => ({ ...result, sequence: index + 1, value: Buffer.from(String(index)) }));
  await opened.deliver(results, PROGRESS);
  assert.equal(seen.map(({ payload }) => Number(payload)), results.map((_, index) => index));
  assert.ok(seen.every(({ retain }) => retain));
  await opened.close();
  await close();
});

test('wrong credentials, nobody at the port and a topic with a wildcard are one error each, with the remedy', async () => {
  const { create, broker, close } = await brokerWorld();
  broker.authenticate = (_client, _username, _password, done) => { done(Object.assign(new Error('no'), { returnCode: 4 }), false); };
  const wrong = await create().open(IDENTITY).then(() => undefined, (error: IoError) => error);
  assert.is(wrong?.retry, false);
  assert.match(wrong?.remedy ?? '', /'username' and 'password'/);
  await close();
  const nobody = await sink({ url: 'mqtt://127.0.0.1:21899', topic: 'results' }).open(IDENTITY).then(() => undefined, (error: IoError) => error);
  assert.is(nobody?.retry, true);
  assert.match(nobody?.remedy ?? '', /port/);
  assert.throws(() => sink({ url: 'mqtt://127.0.0.1', topic: 'a/#' }), /without wildcards/);
});

test.run();
