import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { IoError } from '../../../host/ports.ts';
import { type KafkaServers, startKafka } from '../../servers/kafka/broker.ts';
import { kafkaMissing } from '../../servers/kafka/jars.ts';
import { judge, readWithJava } from './java.ts';
import { createSink, createTopic, identity, progressAt, result, results } from './world.ts';
import type { WriterPlan } from './writer.ts';
import { kill, seeded, soon, startWriter, type Writer } from './writers.ts';

const KILLS = Number(process.env['MILLRACE_KILLS'] ?? 20);
const SEED = Number(process.env['MILLRACE_SEED'] ?? Math.floor(Math.random() * 1e9));
const GATEWAYS = 8;
const FOREVER = 1e9;
const kafka = suite('kafka sinks in a crowd');
const test = kafkaMissing() ? kafka.skip : kafka;
const isRight = (sequence: number, value: string): boolean => value === new TextDecoder().decode(result(sequence).value);
const NO_FAULT = { lost: 0, duplicated: 0, disordered: 0, wrong: 0 };
let servers: KafkaServers;
let bootstrap = '';

kafka.before(async () => {
  if (kafkaMissing()) return;
  servers = await startKafka({ basePort: 21940 });
  bootstrap = servers.bootstrap;
});
kafka.after(async () => { await servers?.stop(); });

test(`${GATEWAYS} gateways on one progress partition, killed at random, lose and double nothing`, async () => {
  const random = seeded(SEED + 1);
  await createTopic(bootstrap, 'crowd');
  await createTopic(bootstrap, 'crowd-progress', 1, { 'cleanup.policy': 'compact' });
  const gateways = Array.from({ length: GATEWAYS }, (_, index) => `gateway-${index}`);
  const planOf = (gateway: string, until: number): WriterPlan => (
    { bootstrap, topic: 'crowd', gateway, options: { 'millrace.progress-topic': 'crowd-progress' }, batch: 100, until });
  const confirmed = new Map<string, number>();
  const crowd = new Map(gateways.map((gateway) => [gateway, startWriter(planOf(gateway, FOREVER))]));
  await Promise.all([...crowd.values()].map((writer) => soon(writer.delivered, `seed ${SEED}`)));
  for (let round = 0; round < KILLS; round += 1) {
    const gateway = gateways[Math.floor(random() * GATEWAYS)] as string;
    const writer = crowd.get(gateway) as Writer;
    await sleep(random() * 300);
    await kill(writer);
    confirmed.set(gateway, Math.max(confirmed.get(gateway) ?? 0, writer.confirmed()));
    crowd.set(gateway, startWriter(planOf(gateway, FOREVER)));
  }
  await Promise.all([...crowd.values()].map((writer) => soon(writer.delivered, `seed ${SEED}`)));
  for (const [gateway, writer] of crowd) {
    await kill(writer);
    const until = Math.max(confirmed.get(gateway) ?? 0, writer.confirmed()) + 500;
    confirmed.set(gateway, until);
    crowd.set(gateway, startWriter(planOf(gateway, until)));
  }
  assert.equal(await Promise.all([...crowd.values()].map((writer) => soon(writer.ended, 'the last writers'))), gateways.map(() => 0));
  const records = await readWithJava(bootstrap, 'crowd');
  for (const gateway of gateways) {
    const count = confirmed.get(gateway) ?? 0;
    assert.equal(judge(records, gateway, isRight), { count, last: count, ...NO_FAULT }, `seed ${SEED}, ${gateway}`);
  }
});

test('a broker that stalls longer than the transaction timeout stops nobody for good', async () => {
  await createTopic(bootstrap, 'stalled');
  const options = { 'properties.transaction.timeout.ms': '2000', 'properties.request.timeout.ms': '1500' };
  const plan: WriterPlan = { bootstrap, topic: 'stalled', gateway: 'stalled', options, batch: 200, until: FOREVER };
  const writer = startWriter(plan);
  await soon(writer.delivered, 'the writer');
  for (const stallMs of [3000, 6000]) {
    await sleep(300);
    servers.pause(1);
    await sleep(stallMs);
    const before = writer.confirmed();
    servers.resume(1);
    const deadline = performance.now() + 40_000;
    while (writer.confirmed() <= before && performance.now() < deadline) await sleep(100);
    assert.ok(writer.confirmed() > before, `goes on by itself after ${stallMs} ms:\n${writer.lines.join('\n')}`);
  }
  await kill(writer);
  const until = writer.confirmed() + 1000;
  assert.is(await soon(startWriter({ ...plan, until }).ended, 'the last writer'), 0);
  assert.equal(judge(await readWithJava(bootstrap, 'stalled'), 'stalled', isRight), { count: until, last: until, ...NO_FAULT });
});

test('closing does not wait for a broker that hangs', async () => {
  await createTopic(bootstrap, 'hung');
  for (const isOpen of [true, false]) {
    const sink = createSink({ bootstrap, topic: 'hung', options: { 'properties.request.timeout.ms': '1000' } });
    if (isOpen) await sink.open(identity('hung'));
    servers.pause(1);
    const started = performance.now();
    const work = (isOpen ? sink.deliver(results(1, 10), progressAt(10)) : sink.open(identity('hung'))).then(() => 'done', (error: unknown) => error);
    await sleep(500);
    await sink.close();
    assert.instance(await work, IoError);
    assert.ok(performance.now() - started < 10_000);
    servers.resume(1);
  }
});

test('a writer that was frozen for longer than the transaction timeout finds that nobody took over, and goes on', async () => {
  await createTopic(bootstrap, 'frozen');
  const plan: WriterPlan = { bootstrap, topic: 'frozen', gateway: 'frozen', options: { 'properties.transaction.timeout.ms': '1000' }, batch: 200, until: FOREVER };
  const writer = startWriter(plan);
  await soon(writer.delivered, 'the writer');
  for (let freeze = 0; freeze < 3; freeze += 1) {
    await sleep(300);
    writer.child.kill('SIGSTOP');
    await sleep(3500); // the broker looks for old transactions once a second
    const before = writer.confirmed();
    writer.child.kill('SIGCONT');
    const deadline = performance.now() + 30_000;
    while (writer.confirmed() <= before + plan.batch && performance.now() < deadline) await sleep(50);
    assert.ok(writer.confirmed() > before + plan.batch, writer.lines.join('\n'));
  }
  await kill(writer);
  assert.ok(writer.lines.some((line) => /epoch/.test(line)), 'one freeze at least hit an open transaction');
  const until = writer.confirmed() + 1000;
  assert.is(await soon(startWriter({ ...plan, until }).ended, 'the last writer'), 0);
  assert.equal(judge(await readWithJava(bootstrap, 'frozen'), 'frozen', isRight), { count: until, last: until, ...NO_FAULT });
});

kafka.run();
