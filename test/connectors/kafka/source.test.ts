import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { IoError, type Source } from '../../../host/ports.ts';
import { millrace, workFolder } from '../../cli/command.ts';
import { type KafkaServers, startKafka } from '../../servers/kafka/broker.ts';
import { kafkaMissing } from '../../servers/kafka/jars.ts';
import { until } from '../contract.ts';
import { createMemoryLog, type MemoryLog } from '../memory-log.ts';
import { type JavaStep, readWithJava, writeWithJava } from './java.ts';
import { createSource, createTopic, withAdmin } from './world.ts';

const kafka = suite('kafka source');
const test = kafkaMissing() ? kafka.skip : kafka;
let servers: KafkaServers;
let bootstrap = '';
let producer: Producer;

kafka.before(async () => {
  if (kafkaMissing()) return;
  servers = await startKafka({ basePort: 22100 });
  bootstrap = servers.bootstrap;
  producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
});
kafka.after(async () => {
  await producer?.disconnect();
  await servers?.stop();
});

const numbered = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => `{"n":${from + index}}`);
const send = (topic: string, values: readonly string[], partition = 0): Promise<unknown> => (
  producer.send({ topic, messages: values.map((value) => ({ partition, value })) }));

/** A source that reads `topic` into a log of its own. */
async function reading(topic: string, options: Record<string, string> = {}, log = createMemoryLog()): Promise<{ readonly log: MemoryLog; readonly source: Source }> {
  const source = log.attach(createSource({ bootstrap, topic, options }));
  await source.open(log.intake);
  return { log, source };
}

/** Everything that a bounded read of the topic gives, without waiting for what comes later. */
async function readAll(topic: string, options: Record<string, string> = {}): Promise<string[]> {
  const { log, source } = await reading(topic, { 'scan.bounded.mode': 'latest-offset', ...options });
  await until(() => log.hasEnded || log.failures.length > 0, 'the end of a bounded source');
  await source.close();
  assert.equal(log.failures.map(({ message }) => message), []);
  return log.payloads();
}

async function failure(work: Promise<unknown>): Promise<IoError> {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof IoError)) throw new Error(`expected an IoError, got ${String(error)}`);
  return error;
}

/** Transactions that overlap, by three producers on two partitions, some of them aborted, one with the driver's fatal key. */
function entangled(rounds: number): JavaStep[] {
  const steps: JavaStep[] = [];
  let n = 0;
  const write = (by: string, count: number, key?: string): void => {
    for (let index = 0; index < count; index += 1) {
      n += 1;
      steps.push({ by, does: 'send', partition: n % 2, value: `{"n":${n},"by":"${by}"}`, ...(key === undefined ? {} : { key }) });
    }
    steps.push({ by, does: 'flush' });
  };
  for (let round = 0; round < rounds; round += 1) {
    steps.push({ by: 'a', does: 'begin' }, { by: 'b', does: 'begin' });
    write('a', 3);
    write('b', 4, '\0\0\0\0');
    write('plain', 2, 'k');
    write('a', 2, '\0\0\0\0');
    steps.push({ by: 'a', does: round % 2 === 0 ? 'abort' : 'commit' }, { by: 'c', does: 'begin' });
    write('b', 3);
    write('c', 5, 'c');
    steps.push({ by: 'b', does: round % 3 === 0 ? 'commit' : 'abort' });
    write('c', 1, '\0\0\0\0');
    steps.push({ by: 'c', does: round % 3 === 1 ? 'commit' : 'abort' });
    write('plain', 1);
  }
  return steps;
}

for (const compression of ['none', 'gzip', 'snappy', 'lz4']) {
  test(`exactly what is committed comes through, as the Java client sees it: compression ${compression}`, async () => {
    const topic = `entangled-${compression}`;
    await createTopic(bootstrap, topic, 2);
    await writeWithJava(bootstrap, topic, entangled(8), compression);
    const byJava = await readWithJava(bootstrap, topic);
    const wanted = byJava.map(({ value }) => value);
    const uncommitted = await readWithJava(bootstrap, topic, 'read_uncommitted');
    assert.ok(uncommitted.length > wanted.length && wanted.length > 50, 'some are aborted');
    const found = await readAll(topic);
    for (const partition of [0, 1]) {
      const isOf = (value: string): boolean => (JSON.parse(value) as { n: number }).n % 2 === partition;
      assert.equal(found.filter(isOf), wanted.filter(isOf), 'in order of offset');
    }
    assert.is(found.length, wanted.length);
    assert.is((await readAll(topic, { 'properties.isolation.level': 'read_uncommitted' })).length, uncommitted.length);
    if (compression !== 'none') return;
    // From offsets all over it: a fetch may begin inside of aborted transactions.
    for (const { offset } of byJava.filter(({ partition }, index) => partition === 0 && index % 4 === 0)) {
      const rest = await readAll(topic, { 'scan.startup.mode': 'specific-offsets', 'scan.startup.specific-offsets': `partition:0,offset:${offset};partition:1,offset:0` });
      const later = byJava.filter((record) => record.partition === 1 || record.offset >= offset).map(({ value }) => value);
      assert.equal(rest.toSorted(), later.toSorted());
    }
  });
}

test('partition, offset, timestamp, key and topic are columns; a wrong key goes to the dead letters', async () => {
  await createTopic(bootstrap, 'columns', 2);
  const timestamp = 1_700_000_000_123;
  await writeWithJava(bootstrap, 'columns', [
    { by: 'p', does: 'send', partition: 1, key: 'größe', timestamp, value: '{"n":1}' }, { by: 'p', does: 'send', partition: 1, key: '', timestamp, value: '{"n":2}' },
    { by: 'p', does: 'send', partition: 1, timestamp, value: '{"n":3}' }, { by: 'p', does: 'send', partition: 1, key: Uint8Array.of(0xff, 0xfe), timestamp, value: '{"n":4}' },
    { by: 'p', does: 'send', partition: 1, timestamp, value: undefined },
  ]);
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), `
    CREATE TABLE rejected (reason STRING, detail STRING) WITH ('connector' = 'filesystem', 'path' = 'rejected.jsonl', 'format' = 'json');
    CREATE TABLE readings (
      n INT, event_time TIMESTAMP(3) METADATA FROM 'timestamp', \`partition\` BIGINT METADATA VIRTUAL, \`offset\` BIGINT METADATA VIRTUAL,
      k STRING METADATA FROM 'key' VIRTUAL, raw BYTES METADATA FROM 'key' VIRTUAL, topic STRING METADATA VIRTUAL
    ) WITH ('connector' = 'kafka', 'topic' = 'columns', 'properties.bootstrap.servers' = '${bootstrap}', 'scan.startup.mode' = 'earliest-offset',
      'scan.bounded.mode' = 'latest-offset', 'format' = 'json', 'dead-letter.table' = 'rejected');
    SELECT n, event_time, \`partition\`, \`offset\`, k, raw, topic FROM readings;
  `);
  const { code, stdout, stderr } = await millrace(['run', 'job.sql', '--data', 'data'], { cwd });
  assert.is(code, 0, stderr);
  assert.is(stdout.trim().split('\n').length, 3, stderr);
  const row = (n: number, k: string | null): unknown => ({
    n, event_time: '2023-11-14 22:13:20.123', partition: 1, offset: n - 1, k, raw: k === null ? null : Buffer.from(k).toString('base64'), topic: 'columns',
  });
  assert.equal(stdout.trim().split('\n').map((line) => JSON.parse(line)), [row(1, 'größe'), row(2, ''), row(3, null)]);
  const letters = readFileSync(join(cwd, 'rejected.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { reason: string; detail: string });
  assert.equal(letters.map(({ detail }) => detail), ['column k', '']);
});

test('a first run starts where it is told', async () => {
  await createTopic(bootstrap, 'starts', 1);
  const at = Date.now() - 100_000;
  await producer.send({ topic: 'starts', messages: numbered(0, 9).map((value, index) => ({ partition: 0, value, timestamp: String(at + index * 1000) })) });
  const started = (options: Record<string, string>): Promise<string[]> => readAll('starts', options);
  assert.equal(await started({ 'scan.startup.mode': 'earliest-offset' }), numbered(0, 9));
  assert.equal(await started({ 'scan.startup.mode': 'latest-offset' }), []);
  assert.equal(await started({ 'scan.startup.mode': 'timestamp', 'scan.startup.timestamp-millis': String(at + 6500) }), numbered(7, 9));
  assert.equal(await started({ 'scan.startup.mode': 'timestamp', 'scan.startup.timestamp-millis': String(at + 999_000) }), []);
  assert.equal(await started({ 'scan.startup.mode': 'specific-offsets', 'scan.startup.specific-offsets': 'partition:0,offset:4' }), numbered(4, 9));
  assert.equal(await started({ 'scan.bounded.mode': 'specific-offsets', 'scan.bounded.specific-offsets': 'partition:0,offset:4' }), numbered(0, 3));
  assert.equal(await started({ 'scan.bounded.mode': 'timestamp', 'scan.bounded.timestamp-millis': String(at + 2000) }), numbered(0, 1));
  await withAdmin(bootstrap, (admin) => admin.setOffsets({ groupId: 'starters', topic: 'starts', partitions: [{ partition: 0, offset: '8' }] }));
  assert.equal(await started({ 'scan.startup.mode': 'group-offsets', 'properties.group.id': 'starters' }), numbered(8, 9));
  const ofNobody = { 'scan.startup.mode': 'group-offsets', 'properties.group.id': 'nobody' };
  assert.match((await failure(started(ofNobody))).message, /group nobody has no offset for partition 0 of starts/);
  assert.equal(await started({ ...ofNobody, 'properties.auto.offset.reset': 'earliest' }), numbered(0, 9));
});

test('a group that is named learns how far the log is, also when the source is closed', async () => {
  await createTopic(bootstrap, 'watched', 1);
  await send('watched', numbered(1, 5));
  const { log, source } = await reading('watched', { 'properties.group.id': 'watchers' });
  await until(() => log.rows.length === 5);
  log.commit();
  const offset = async (): Promise<string | undefined> => (
    await withAdmin(bootstrap, (admin) => admin.fetchOffsets({ groupId: 'watchers', topics: ['watched'] })))[0]?.partitions[0]?.offset;
  await sleep(5500);
  await source.close();
  assert.is(await offset(), '5');
});

test('where a first run starts is in the log before its first record', async () => {
  await createTopic(bootstrap, 'latest', 1);
  await send('latest', numbered(1, 5));
  const { log, source } = await reading('latest', { 'scan.startup.mode': 'latest-offset' });
  await sleep(20);
  await source.close();
  await send('latest', numbered(6, 9)); // while nobody reads
  const again = await reading('latest', { 'scan.startup.mode': 'latest-offset' }, log);
  await until(() => log.rows.length === 4);
  assert.equal(log.payloads(), numbered(6, 9));
  await again.source.close();
});

test('several topics and a pattern are read, and partitions that are added later from their first record on', async () => {
  await createTopic(bootstrap, 'many-a', 1);
  await createTopic(bootstrap, 'many-b', 2);
  await send('many-a', numbered(1, 2));
  await send('many-b', numbered(3, 4), 1);
  assert.equal((await readAll('many-a; many-b')).toSorted(), numbered(1, 4));
  const log = createMemoryLog();
  const source = log.attach(createSource({ bootstrap, options: { 'topic-pattern': 'many-.*', 'scan.topic-partition-discovery.interval': '200 ms' } }));
  await source.open(log.intake);
  await until(() => log.rows.length === 4);
  await withAdmin(bootstrap, (admin) => admin.createPartitions({ topicPartitions: [{ topic: 'many-a', count: 2 }] }));
  await createTopic(bootstrap, 'many-c', 1);
  await producer.disconnect();
  await producer.connect(); // it must see the partition
  await send('many-a', numbered(5, 6), 1);
  await send('many-c', numbered(7, 8));
  await until(() => log.rows.length === 8, 'what was added');
  assert.equal(log.payloads().toSorted(), numbered(1, 8));
  await source.close();
});

test('a bounded source waits for what is not decided yet, and takes it as it is decided', async () => {
  await createTopic(bootstrap, 'open', 1);
  const writer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner, transactionalId: 'open', idempotent: true, maxInFlightRequests: 1,
  });
  await writer.connect();
  const transaction = await writer.transaction();
  await transaction.send({ topic: 'open', messages: [{ partition: 0, value: '{"n":1}' }] });
  const all = readAll('open');
  await sleep(700);
  await transaction.commit();
  await send('open', ['{"n":2}']);
  assert.equal(await all, ['{"n":1}']);
  await writer.disconnect();
});

test('deleted records stop the source with the remedy, or it goes on as it is told to', async () => {
  await createTopic(bootstrap, 'deleted', 1);
  await send('deleted', numbered(0, 9));
  const { log, source } = await reading('deleted');
  await until(() => log.rows.length === 10);
  log.commit(3);
  await source.close();
  await send('deleted', numbered(10, 12));
  await withAdmin(bootstrap, async (admin) => {
    await admin.fetchTopicOffsets('deleted'); // the driver deletes only where it knows the leader
    await admin.deleteTopicRecords({ topic: 'deleted', partitions: [{ partition: 0, offset: '8' }] });
  });
  const stopped = await reading('deleted', {}, log);
  await until(() => log.failures.length > 0, 'a failure');
  assert.match(log.failures[0]?.message ?? '', /partition 0 of deleted begins at offset 8: 5 records from 3 on are deleted/);
  assert.is(log.failures[0]?.retry, false);
  assert.match(log.failures[0]?.remedy ?? '', /'properties.auto.offset.reset'/);
  await stopped.source.close();
  const onward = await reading('deleted', { 'properties.auto.offset.reset': 'earliest' }, log);
  await until(() => log.rows.length === 8);
  assert.equal(log.payloads(), [...numbered(0, 2), ...numbered(8, 12)]);
  await onward.source.close();
});

test('a topic that does not exist and a mode that makes no sense are told with the remedy', async () => {
  const missing = await failure(reading('nowhere'));
  assert.match(missing.message, /the topic does not exist/);
  assert.equal([missing.retry, missing.remedy], [false, "create it, or check option 'topic'"]);
  const groupless = await failure(reading('starts', { 'scan.startup.mode': 'group-offsets' }));
  assert.match(groupless.remedy ?? '', /'scan.startup.mode' = 'earliest-offset'/);
  const unreachable = await failure(reading('starts', { 'properties.bootstrap.servers': '127.0.0.1:1' }));
  assert.is(unreachable.retry, true);
});

test('a broker that is killed and comes back costs nothing but time', async () => {
  await createTopic(bootstrap, 'restarts', 3);
  for (const partition of [0, 1, 2]) await send('restarts', numbered(partition * 100, partition * 100 + 49), partition);
  const { log, source } = await reading('restarts');
  await until(() => log.rows.length === 150);
  await producer.disconnect();
  await servers.kill(1);
  await sleep(1000);
  await servers.restart(1);
  await producer.connect();
  for (const partition of [0, 1, 2]) await send('restarts', numbered(partition * 100 + 50, partition * 100 + 99), partition);
  await until(() => log.rows.length === 300, 'all after the restart');
  assert.equal(log.payloads().toSorted(), numbered(0, 299).toSorted());
  assert.ok(log.failures.every(({ retry }) => retry));
  await source.close();
});

kafka.run();
