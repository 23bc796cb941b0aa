import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners, type Transaction } from 'kafkajs';
import { verifyTopic } from '../../../connectors/kafka/verify.ts';
import { IoError, type Sink } from '../../../host/ports.ts';
import { type KafkaServers, startKafka } from '../../servers/kafka/broker.ts';
import { makeCertificate } from '../../servers/kafka/certificate.ts';
import { kafkaMissing } from '../../servers/kafka/jars.ts';
import { judge, readWithJava } from './java.ts';
import { clock, createSink, createTopic, identity, openSink, progressAt, result, results, withAdmin } from './world.ts';

const PORT = 21900;
const SECRET = 'open-sesame';
const kafka = suite('kafka sink');
const test = kafkaMissing() ? kafka.skip : kafka;
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const isRight = (sequence: number, value: string): boolean => value === text(result(sequence).value);
const NO_FAULT = { lost: 0, duplicated: 0, disordered: 0, wrong: 0 };
let servers: KafkaServers;
let bootstrap = '';
let folder = '';

kafka.before(async () => {
  if (kafkaMissing()) return;
  folder = mkdtempSync(join(tmpdir(), 'millrace-tls-'));
  servers = await startKafka({ basePort: PORT, secured: { username: 'edge', password: SECRET, pemFile: makeCertificate(folder) } });
  bootstrap = servers.bootstrap;
});
kafka.after(async () => {
  await servers?.stop();
  if (folder !== '') rmSync(folder, { recursive: true });
});

/** A sink on a topic of its own. */
async function fresh(topic: string, options: Record<string, string> = {}): Promise<Sink> {
  await createTopic(bootstrap, topic);
  return createSink({ bootstrap, topic, options });
}

async function failure(work: Promise<unknown>): Promise<IoError> {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof IoError)) throw new Error(`expected an IoError, got ${String(error)}`);
  return error;
}

test('a reader gets key, value, arrival time and the headers that prove who wrote it', async () => {
  const sink = await fresh('round-trip');
  assert.is(await sink.open(identity('trip')), undefined);
  await sink.deliver(results(1, 40), progressAt(40));
  await sink.deliver(results(41, 50), progressAt(50));
  await sink.close();
  const records = await readWithJava(bootstrap, 'round-trip');
  assert.equal(judge(records, 'trip', isRight), { count: 50, last: 50, ...NO_FAULT });
  const seventh = records.find(({ headers }) => headers['millrace-seq'] === '7');
  assert.equal(seventh?.headers, { 'millrace-gateway': 'trip', 'millrace-job': 'job', 'millrace-sink': 'results', 'millrace-epoch': 'store-1', 'millrace-seq': '7' });
  assert.equal([seventh?.key, seventh?.timestamp], ['device-7', result(7).arrival]);
});

test('after a restart the sink tells how far it was', async () => {
  const first = await fresh('restart');
  await first.open(identity('restart'));
  await first.deliver(results(1, 30), progressAt(30));
  const second = createSink({ bootstrap, topic: 'restart' }); // the first one was not closed: it crashed
  assert.equal(await second.open(identity('restart')), progressAt(30));
  await second.deliver(results(31, 60), progressAt(60));
  await second.close();
  const third = createSink({ bootstrap, topic: 'restart' });
  assert.equal(await third.open(identity('restart')), progressAt(60));
  await third.close();
  assert.equal(judge(await readWithJava(bootstrap, 'restart'), 'restart', isRight), { count: 60, last: 60, ...NO_FAULT });
});

test('an older writer is fenced and leaves nothing behind', async () => {
  const older = await fresh('fenced');
  await older.open(identity('fenced'));
  const newer = createSink({ bootstrap, topic: 'fenced' });
  await newer.open(identity('fenced'));
  const error = await failure(older.deliver(results(1, 10), progressAt(10)));
  assert.is(error.retry, true, 'both are this process: one of them was given up');
  await newer.deliver(results(1, 5), progressAt(5));
  await newer.close();
  assert.equal(judge(await readWithJava(bootstrap, 'fenced'), 'fenced', isRight), { count: 5, last: 5, ...NO_FAULT });
});

test('two gateways share a topic and a progress topic without a conflict', async () => {
  const [one, two] = [await fresh('shared'), createSink({ bootstrap, topic: 'shared' })];
  await one.open(identity('one'));
  await two.open(identity('two'));
  await Promise.all([one.deliver(results(1, 20), progressAt(20)), two.deliver(results(1, 10), progressAt(10))]);
  await Promise.all([one.close(), two.close()]);
  const records = await readWithJava(bootstrap, 'shared');
  assert.equal([judge(records, 'one', isRight).count, judge(records, 'two', isRight).count], [20, 10]);
});

test('when the offsets of the group have expired, the progress topic is believed', async () => {
  const sink = await fresh('expired');
  await sink.open(identity('expired'));
  await sink.deliver(results(1, 20), progressAt(20));
  await sink.close();
  await withAdmin(bootstrap, (admin) => admin.deleteGroups(['millrace/expired/job/results']));
  const again = createSink({ bootstrap, topic: 'expired' });
  assert.equal(await again.open(identity('expired')), progressAt(20));
  await again.close();
});

test('when partitions are added to the progress topic, progress is found where it was', async () => {
  const options = { 'millrace.progress-topic': 'progress-grown' };
  await createTopic(bootstrap, 'progress-grown', 1, { 'cleanup.policy': 'compact' });
  const sink = await fresh('grown', options);
  await sink.open(identity('grown'));
  await sink.deliver(results(1, 20), progressAt(20));
  await sink.close();
  await withAdmin(bootstrap, (admin) => admin.createPartitions({ topicPartitions: [{ topic: 'progress-grown', count: 50 }] }));
  for (const sequence of [20, 21]) {
    const { sink: again, progress } = await openSink(() => createSink({ bootstrap, topic: 'grown', options }), identity('grown'));
    assert.equal(progress, progressAt(sequence));
    await again.deliver([result(sequence + 1)], progressAt(sequence + 1));
    await again.close();
    if (sequence === 20) await withAdmin(bootstrap, (admin) => admin.deleteGroups(['millrace/grown/job/results']));
  }
});

test('a group that somebody set back wins over the topic, and a line says so', async () => {
  const lines: string[] = [];
  const sink = await fresh('set-back');
  await sink.open(identity('set-back'));
  await sink.deliver(results(1, 10), progressAt(10));
  await sink.deliver(results(11, 20), progressAt(20));
  await sink.close();
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({ transactionalId: 'hand', createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const transaction = await producer.transaction();
  const found = await withAdmin(bootstrap, (admin) => admin.fetchOffsets({ groupId: 'millrace/set-back/job/results', topics: ['millrace-progress'] }));
  const partitions = (found[0]?.partitions ?? []).filter(({ offset }) => offset !== '-1').map(({ partition, offset }) => ({ partition, offset, metadata: JSON.stringify(progressAt(10)) }));
  await transaction.sendOffsets({ consumerGroupId: 'millrace/set-back/job/results', topics: [{ topic: 'millrace-progress', partitions }] });
  await transaction.commit();
  await producer.disconnect();
  const again = createSink({ bootstrap, topic: 'set-back', log: (line) => lines.push(line) });
  assert.equal(await again.open(identity('set-back')), progressAt(10));
  await again.close();
  assert.ok(lines.some((line) => /disagree/.test(line)), lines.join('\n'));
});

test('a missing progress topic is created compacted', async () => {
  const sink = await fresh('new-progress', { 'millrace.progress-topic': 'progress-new' });
  await sink.open(identity('new-progress'));
  await sink.close();
  const config = await withAdmin(bootstrap, (admin) => admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: 'progress-new', configNames: ['cleanup.policy'] }] }));
  assert.is(config.resources[0]?.configEntries[0]?.configValue, 'compact');
});

test('a progress topic that forgets is refused with the command that mends it', async () => {
  await createTopic(bootstrap, 'progress-forgets', 1, { 'cleanup.policy': 'delete' });
  const error = await failure((await fresh('forgets', { 'millrace.progress-topic': 'progress-forgets' })).open(identity('forgets')));
  assert.is(error.retry, false);
  assert.match(error.remedy ?? '', /kafka-configs.*cleanup.policy=compact/);
});

test('a missing topic, a closed port and an unknown host are three errors with a remedy each', async () => {
  const missing = await failure(createSink({ bootstrap, topic: 'nowhere' }).open(identity('missing')));
  assert.is(missing.retry, false);
  assert.match(missing.message, /nowhere.*does not exist/);
  const closed = await failure(createSink({ bootstrap: `127.0.0.1:${PORT + 9}`, topic: 'nowhere' }).open(identity('closed')));
  assert.is(closed.retry, true, 'a broker that is down comes back');
  assert.match(closed.remedy ?? '', /port/);
  const unknown = await failure(createSink({ bootstrap: 'kafka.invalid:9092', topic: 'nowhere' }).open(identity('unknown')));
  assert.is(unknown.retry, true, 'a gateway that is offline has no DNS');
  assert.match(unknown.remedy ?? '', /host|names/);
});

test('certificate and credentials open the door; a wrong one is one clear error that does not tell the secret', async () => {
  const lines: string[] = [];
  await createTopic(bootstrap, 'secured');
  const login = { 'properties.security.protocol': 'SASL_SSL', 'properties.sasl.mechanism': 'PLAIN', 'properties.sasl.username': 'edge' };
  const trust = { 'properties.ssl.truststore.location': join(folder, 'cert.pem') };
  const sinkWith = (options: Record<string, string>): Sink => createSink({ bootstrap: `127.0.0.1:${PORT}`, topic: 'secured', options, log: (line) => lines.push(line) });
  const stranger = await failure(sinkWith({ ...login, ...trust, 'properties.sasl.password': 'wrong-secret' }).open(identity('secured')));
  assert.is(stranger.retry, false);
  assert.match(stranger.remedy ?? '', /properties.sasl/);
  const untrusted = await failure(sinkWith({ ...login, 'properties.sasl.password': SECRET }).open(identity('secured')));
  assert.is(untrusted.retry, false);
  assert.match(untrusted.remedy ?? '', /truststore/);
  const sink = sinkWith({ ...login, ...trust, 'properties.sasl.password': SECRET });
  await sink.open(identity('secured'));
  await sink.deliver(results(1, 5), progressAt(5));
  await sink.close();
  assert.is(judge(await readWithJava(bootstrap, 'secured'), 'secured', isRight).count, 5);
  assert.not(/wrong-secret|open-sesame/.test(`${stranger.message} ${stranger.remedy} ${lines.join(' ')}`));
});

test('a delivery larger than a record batch arrives whole, compressed or not', async () => {
  for (const compression of ['none', 'gzip']) {
    const gateway = `large-${compression}`;
    const sink = await fresh(gateway, { 'properties.compression.type': compression });
    await sink.open(identity(gateway));
    const large = results(1, 6000).map((one) => ({ ...one, value: new TextEncoder().encode(text(one.value).padEnd(500)) }));
    await sink.deliver(large, progressAt(6000));
    await sink.close();
    const records = await readWithJava(bootstrap, gateway);
    assert.equal(judge(records, gateway, (sequence, value) => isRight(sequence, value.trimEnd())), { count: 6000, last: 6000, ...NO_FAULT });
  }
});

test('a result that the topic cannot take, and a key that readers would misread, are refused before anything is sent', async () => {
  const sink = await fresh('refused');
  await sink.open(identity('refused'));
  const oversize = await failure(sink.deliver([result(1), { ...result(2), value: new Uint8Array(2_000_000) }], progressAt(2)));
  assert.is(oversize.retry, false);
  assert.match(`${oversize.message} ${oversize.remedy}`, /result 2 .*max.message.bytes/);
  assert.is((await failure(sink.deliver([{ ...result(1), key: new Uint8Array(4) }], progressAt(1)))).retry, false);
  await sink.deliver([result(1)], progressAt(1));
  await sink.close();
  assert.is(judge(await readWithJava(bootstrap, 'refused'), 'refused', isRight).count, 1);
});

test('an open transaction of a stranger in the progress partition delays nobody, and aborted progress is not believed', async () => {
  const options = { 'millrace.progress-topic': 'progress-crowded' };
  await createTopic(bootstrap, 'progress-crowded', 1, { 'cleanup.policy': 'compact' });
  const sink = await fresh('crowded', options);
  await sink.open(identity('crowded'));
  await sink.deliver(results(1, 10), progressAt(10));
  const strangers = ['a', 'b'].map((name) => new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({
    transactionalId: `stranger-${name}`, idempotent: true, maxInFlightRequests: 1, createPartitioner: Partitioners.DefaultPartitioner,
  }));
  const transactions: Transaction[] = [];
  for (const stranger of strangers) {
    await stranger.connect();
    transactions.push(await stranger.transaction());
  }
  // Both abort what looks like this gateway's progress, overlapping: kafkajs' own read_committed would let one through.
  for (const transaction of transactions) {
    await transaction.send({ topic: 'progress-crowded', messages: [{ partition: 0, key: 'crowded/job/results', value: JSON.stringify(progressAt(99)) }] });
  }
  await transactions[0]?.abort();
  await sink.close();
  await withAdmin(bootstrap, (admin) => admin.deleteGroups(['millrace/crowded/job/results']));
  const again = createSink({ bootstrap, topic: 'crowded', options });
  const started = performance.now();
  assert.equal(await again.open(identity('crowded')), progressAt(10));
  assert.ok(performance.now() - started < 10_000, 'the stranger holds its transaction for 60 s');
  await again.close();
  await transactions[1]?.abort();
  await Promise.all(strangers.map((stranger) => stranger.disconnect()));
});

test('at-least-once writes without transactions and goes on after the last progress', async () => {
  const options = { 'sink.delivery-guarantee': 'at-least-once' };
  const sink = await fresh('at-least', options);
  await sink.open(identity('at-least'));
  await sink.deliver(results(1, 10), progressAt(10));
  await sink.close();
  const again = createSink({ bootstrap, topic: 'at-least', options });
  assert.equal(await again.open(identity('at-least')), progressAt(10));
  await again.deliver(results(11, 20), progressAt(20));
  await again.close();
  assert.equal(judge(await readWithJava(bootstrap, 'at-least'), 'at-least', isRight), { count: 20, last: 20, ...NO_FAULT });
});

test('verify follows a gateway into a new epoch', async () => {
  const sink = await fresh('epochs');
  await sink.open(identity('epochs', 'store-1'));
  await sink.deliver(results(1, 20), progressAt(20, 'store-1'));
  await sink.close();
  assert.equal(await sink.open(identity('epochs', 'store-2')), progressAt(20, 'store-1'));
  await sink.deliver(results(11, 30), progressAt(30, 'store-2'));
  await sink.close();
  const context = { table: 'epochs', clock, log: () => undefined };
  const { writers, isProven } = await verifyTopic({ 'topic': 'epochs', 'properties.bootstrap.servers': bootstrap }, context, () => undefined);
  assert.equal([isProven, writers.map(({ epoch, first, last }) => [epoch, first, last]).sort()], [true, [['store-1', 1, 20], ['store-2', 11, 30]]]);
});

test('verify proves a whole sequence, and names what is missing, twice there or out of order', async () => {
  const context = { table: 'verified', clock, log: () => undefined };
  const options = { 'topic': 'verified', 'properties.bootstrap.servers': bootstrap };
  const sink = await fresh('verified');
  await sink.open(identity('verified'));
  for (let from = 1; from <= 901; from += 100) await sink.deliver(results(from, from + 99), progressAt(from + 99));
  await sink.close();
  const proven = await verifyTopic(options, context, () => undefined);
  assert.equal(proven.writers.map(({ gateway, count, first, last, missing }) => [gateway, count, first, last, missing]), [['verified', 1000, 1, 1000, 0]]);
  assert.is(proven.isProven, true);

  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (const sequence of [1002, 5, 1004, 1003]) {
    const headers = { 'millrace-gateway': 'verified', 'millrace-job': 'job', 'millrace-sink': 'results', 'millrace-epoch': 'store-1', 'millrace-seq': String(sequence) };
    await producer.send({ topic: 'verified', messages: [{ partition: 0, value: 'forged', headers }] });
  }
  await producer.send({ topic: 'verified', messages: [{ partition: 1, value: 'of another program' }] });
  await producer.disconnect();
  const [writer] = (await verifyTopic(options, context, () => undefined)).writers;
  assert.equal([writer?.missing, writer?.duplicated, writer?.disordered, writer?.examples], [1, 1, 1, [5, 1003, 1001]]);
  const report = await verifyTopic(options, context, () => undefined);
  assert.equal([report.isProven, report.foreignCount, report.recordCount], [false, 1, 1005]);
});

kafka.run();
