/**
 * What a gateway with a real Kafka must not go on with by itself: a store that is not the one the results came from, and a
 * configuration that cannot work. Each is one message with the remedy and exit code 3, and the remedy works.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JavaRecord, readWithJava } from '../connectors/kafka/java.ts';
import { createTopic, writtenCount } from '../connectors/kafka/world.ts';
import { type KafkaServers, startKafka } from '../servers/kafka/broker.ts';
import { makeCertificate } from '../servers/kafka/certificate.ts';
import { kafkaMissing } from '../servers/kafka/jars.ts';
import { type Ended, killAll, millrace, pause, start, workFolder } from '../cli/command.ts';

const KAFKA = 22320;
const PASSWORD = 'open-sesame';
const RESULTS = 300;
const refusals = suite('refusals');
const test = kafkaMissing() ? refusals.skip : refusals;
const certificates = workFolder();
let kafka: KafkaServers;

refusals.before(async () => {
  if (kafkaMissing()) return;
  kafka = await startKafka({ basePort: KAFKA, secured: { username: 'edge', password: PASSWORD, pemFile: makeCertificate(certificates) } });
});
refusals.after(async () => {
  killAll();
  await kafka?.stop();
});

/** A job that counts 0, 1, 2 … into a topic. */
function jobFolder(topic: string, { servers = `127.0.0.1:${KAFKA + 1}`, options = '' } = {}): string {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), `
    SET 'execution.checkpointing.interval' = '200 ms';
    CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '400', 'fields.n.kind' = 'sequence');
    CREATE TABLE out_ (n BIGINT) WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '${servers}', 'topic' = '${topic}', 'format' = 'json' ${options});
    INSERT INTO out_ SELECT n FROM numbers;`);
  return cwd;
}

const run = (cwd: string, ...flags: string[]): Promise<Ended> => millrace(['run', 'job.sql', '--data', 'data', ...flags], { cwd });

/** Runs until some hundred results more are in the topic, and stops gracefully. */
async function runsWell(topic: string, cwd: string, ...flags: string[]): Promise<void> {
  const enough = await writtenCount(kafka.bootstrap, topic) + RESULTS;
  const life = start(['run', 'job.sql', '--data', 'data', ...flags], { cwd });
  while (await writtenCount(kafka.bootstrap, topic) < enough) {
    assert.is(life.child.exitCode, null, life.stderr());
    await pause(50);
  }
  life.child.kill('SIGTERM');
  const { code, stderr } = await life.ended;
  assert.is(code, 0, stderr);
}

function assertRefused({ code, stderr }: Ended, message: RegExp, remedy: RegExp): void {
  assert.is(code, 3, stderr);
  assert.match(stderr, message);
  assert.match(stderr, remedy);
  assert.is(stderr.match(/remedy:/g)?.length, 1, stderr);
}

const numbersOf = (records: readonly JavaRecord[]): number[] => records.map(({ value }) => (JSON.parse(value) as { n: number }).n).sort((a, b) => a - b);
const isWhole = (numbers: readonly number[]): boolean => numbers.every((n, index) => n === index);

/** Epochs in Kafka, oldest first, and what the Java client reads of each. */
async function epochsOf(topic: string): Promise<number[][]> {
  const epochs = new Map<string, JavaRecord[]>();
  const records = await readWithJava(kafka.bootstrap, topic);
  for (const record of records.sort((a, b) => a.timestamp - b.timestamp)) {
    const epoch = record.headers['millrace-epoch'] ?? '';
    epochs.set(epoch, [...epochs.get(epoch) ?? [], record]);
  }
  return [...epochs.values()].map(numbersOf);
}

test('a store replaced by an empty one is refused, nothing is written, and --new-epoch goes on from the beginning', async () => {
  await createTopic(kafka.bootstrap, 'emptied');
  const cwd = jobFolder('emptied');
  await runsWell('emptied', cwd);
  rmSync(join(cwd, 'data', 'store'), { recursive: true });
  assertRefused(await run(cwd), /sink out_: it holds \d+ results of another store/, /remedy: bring back the data directory.*--new-epoch/);
  assert.is((await epochsOf('emptied')).length, 1, 'the refused start has written no result');
  await runsWell('emptied', cwd, '--new-epoch');
  await runsWell('emptied', cwd);
  const [before, after] = await epochsOf('emptied');
  assert.ok(before && after && isWhole(before) && isWhole(after), 'both epochs are whole');
  const proof = await millrace(['verify', 'job.sql'], { cwd });
  assert.is(proof.code, 0, proof.stdout + proof.stderr);
});

test('a data directory lost as a whole is noticed by the fixed id of its gateway', async () => {
  await createTopic(kafka.bootstrap, 'lost');
  const cwd = jobFolder('lost');
  await runsWell('lost', cwd, '--gateway', 'gate-7');
  rmSync(join(cwd, 'data'), { recursive: true });
  assertRefused(await run(cwd, '--gateway', 'gate-7'), /results of another store/, /--new-epoch/);
});

test('a store replaced by an older copy is refused, and --new-epoch goes on where the copy stands', async () => {
  await createTopic(kafka.bootstrap, 'older');
  const cwd = jobFolder('older');
  await runsWell('older', cwd);
  cpSync(join(cwd, 'data'), join(cwd, 'copy'), { recursive: true });
  await runsWell('older', cwd);
  rmSync(join(cwd, 'data'), { recursive: true });
  cpSync(join(cwd, 'copy'), join(cwd, 'data'), { recursive: true });
  assertRefused(await run(cwd), /older copy|older than what it delivered/, /remedy: bring back.*--new-epoch/);
  const [before] = await epochsOf('older');
  await runsWell('older', cwd, '--new-epoch');
  await runsWell('older', cwd);
  const [first, second = []] = await epochsOf('older');
  assert.equal(first, before, 'what was there stays as it is');
  assert.ok(first && isWhole(first));
  assert.ok(isWhole([...new Set([...first, ...second])].sort((a, b) => a - b)), 'nothing is missing; what the copy did not know of comes twice, in another epoch');
  assert.ok((second[0] ?? 0) > 0, 'from where the copy stands');
  const proof = await millrace(['verify', 'job.sql'], { cwd });
  assert.is(proof.code, 0, proof.stdout + proof.stderr);
});

test('wrong credentials and a missing topic are one error with the remedy', async () => {
  const secured = (password: string): string => `, 'properties.security.protocol' = 'SASL_SSL', 'properties.sasl.mechanism' = 'PLAIN', 'properties.sasl.username' = 'edge',
    'properties.sasl.password' = '${password}', 'properties.ssl.truststore.location' = '${join(certificates, 'cert.pem')}', 'properties.ssl.truststore.type' = 'PEM'`;
  await createTopic(kafka.bootstrap, 'secured');
  const servers = `127.0.0.1:${KAFKA}`;
  const wrong = await run(jobFolder('secured', { servers, options: secured('guess') }));
  assertRefused(wrong, /kafka: opening secured at 127\.0\.0\.1:\d+:.*credentials|password/i, /remedy: check 'properties\.sasl/);
  assert.not.match(wrong.stderr, /guess/);
  await runsWell('secured', jobFolder('secured', { servers, options: secured(PASSWORD) }));
  assertRefused(await run(jobFolder('no-such-topic')), /kafka: opening no-such-topic .*does not exist/, /remedy: create it, or check option 'topic'/);
});

test('an unknown host is told once with what to check; the job takes rows in and waits, since a gateway may be offline', async () => {
  const cwd = jobFolder('anything', { servers: 'no-such-host.invalid:9092' });
  const life = start(['run', 'job.sql', '--data', 'data'], { cwd });
  await life.says("remedy: check the host in 'properties.bootstrap.servers', or wait for the network");
  await life.says('waiting · out_ is down');
  life.child.kill('SIGTERM');
  const { code, stderr } = await life.ended;
  assert.is(code, 0, stderr);
  assert.is(stderr.match(/remedy:/g)?.length, 1, stderr);
  assert.match(stderr, /out_: 0 delivered, [\d,]+ kept for the next start/);
});

refusals.run();
