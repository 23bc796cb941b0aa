/** The command line against a real Kafka: the demo's windows arrive there, and `verify` proves or refutes what a topic holds. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { readWithJava } from '../connectors/kafka/java.ts';
import { createTopic } from '../connectors/kafka/world.ts';
import { startKafka } from '../servers/kafka/broker.ts';
import { kafkaMissing } from '../servers/kafka/jars.ts';
import { millrace, pause, start, workFolder } from './command.ts';

const BASE_PORT = 22400; // a broker has two ports, this and ten further: no other test's
const missing = kafkaMissing();
const kafkaTest = missing ? test.skip : test;
if (missing) console.log(`SKIPPED: ${missing}`);
const servers = missing ? undefined : await startKafka({ basePort: BASE_PORT });
const bootstrap = servers?.bootstrap ?? '';
const job = (brokers: string, rowCount: number): string => `
CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '${rowCount}', 'rows-per-second' = '0', 'fields.n.kind' = 'sequence');
CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '${brokers}', 'topic' = 'numbers', 'format' = 'json');
INSERT INTO numbers SELECT n FROM g;`;

kafkaTest('verify proves a topic from its headers with exit 0, and names a duplicate with exit 1', async () => {
  await createTopic(bootstrap, 'numbers');
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), job(bootstrap, 500));
  const run = await millrace(['run', 'job.sql', '--data', 'data'], { cwd });
  assert.is(run.code, 0, run.stderr);
  const proven = await millrace(['verify', 'job.sql'], { cwd });
  assert.is(proven.code, 0, proven.stdout + proven.stderr);
  assert.match(proven.stdout, /^numbers: 500 results, each exactly once and in order\n {2}gateway \w+ job job sink numbers epoch \w+: 500 results, 1 to 500/);
  assert.is((await millrace(['build', 'job.sql'], { cwd })).code, 0);
  assert.is((await millrace(['verify', 'job.wasm', '--table', 'numbers'], { cwd })).stdout, proven.stdout);
  assert.is((await millrace(['verify', 'job.sql', '--table', 'others'], { cwd })).code, 3);

  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: 'copy' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'numbers', fromBeginning: true });
  const message = await new Promise<{ partition: number; value: Buffer | null; headers: Record<string, Buffer> }>((resolve) => {
    void consumer.run({ eachMessage: ({ partition, message: { value, headers } }) => {
      if (headers?.['millrace-seq']) resolve({ partition, value, headers: headers as Record<string, Buffer> });
      return Promise.resolve();
    } });
  });
  await consumer.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic: 'numbers', messages: [message] });
  await producer.disconnect();
  const refuted = await millrace(['verify', 'job.sql'], { cwd });
  assert.is(refuted.code, 1, refuted.stdout);
  assert.match(refuted.stdout, /NOT exactly once\n.*1 duplicated.*for example/);
});

kafkaTest('a query that changes its rows writes the last row of each key, and a record without a value where the row is gone', async () => {
  const cwd = workFolder();
  for (const [topic, having] of [['latest', ''], ['small', 'HAVING COUNT(*) < 5']] as const) {
    await createTopic(bootstrap, topic, 3);
    writeFileSync(join(cwd, `${topic}.sql`), `
CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '13', 'rows-per-second' = '0', 'fields.n.kind' = 'sequence', 'fields.n.start' = '0');
CREATE TABLE ${topic} (k BIGINT, c BIGINT, PRIMARY KEY (k) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'properties.bootstrap.servers' = '${bootstrap}', 'topic' = '${topic}', 'format' = 'json');
INSERT INTO ${topic} SELECT k, COUNT(*) AS c FROM (SELECT MOD(n, 3) AS k FROM g) GROUP BY k ${having};`);
    const run = await millrace(['run', `${topic}.sql`, '--data', topic], { cwd });
    assert.is(run.code, 0, run.stderr);
    assert.is((await millrace(['verify', `${topic}.sql`], { cwd })).code, 0);
  }
  const [latest, small] = [await readWithJava(bootstrap, 'latest'), await readWithJava(bootstrap, 'small')];
  const lastOf = (records: typeof latest): unknown[] => [...new Map(records.map(({ key, value }) => [key, value]))].sort();
  assert.is(latest.length, 13, 'each row replaces the one before: nothing takes it away first');
  assert.equal(lastOf(latest), [['{"k":0}', '{"k":0,"c":5}'], ['{"k":1}', '{"k":1,"c":4}'], ['{"k":2}', '{"k":2,"c":4}']]);
  assert.equal(lastOf(small), [['{"k":0}', small.find(({ value }) => !value.startsWith('{'))?.value], ['{"k":1}', '{"k":1,"c":4}'], ['{"k":2}', '{"k":2,"c":4}']]);
});

kafkaTest('the demo delivers the same windows to a file and, exactly once, to Kafka', async () => {
  await createTopic(bootstrap, 'demo-windows', 1);
  const folder = workFolder();
  const env = { MILLRACE_DEMO_PORT: '22120', MILLRACE_DEMO_OUT: folder, KAFKA_BROKERS: bootstrap, KAFKA_TOPIC: 'demo-windows' };
  const demo = spawn(process.execPath, ['--import', 'tsx', 'examples/this-machine/start.ts', '--data', join(folder, 'data'), '--for', '8s'], {
    stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env },
  });
  let stderr = '';
  demo.stderr.on('data', (chunk: Buffer) => { stderr += chunk; });
  assert.is(await new Promise((resolve) => { demo.on('close', resolve); }), 0, stderr);
  const delivered = (sink: string): number => Number(new RegExp(`^ {2}${sink}: (\\d+) delivered$`, 'm').exec(stderr)?.[1]);
  assert.ok(delivered('windows') > 6, stderr);
  assert.is(delivered('windows_topic'), delivered('windows'), stderr);
  const proof = await millrace(['verify', '.millrace/this-machine.sql'], { env });
  assert.is(proof.code, 0, proof.stderr);
  assert.match(proof.stdout, new RegExp(`^demo-windows: ${delivered('windows')} results, each exactly once and in order`), stderr + proof.stdout);
});

test('a broker that is down stops neither input nor a graceful end, and a second signal does not wait for it', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), job('127.0.0.1:1', 500).replace("'number-of-rows' = '500', 'rows-per-second' = '0'", "'rows-per-second' = '100'"));
  const patient = start(['run', 'job.sql', '--data', 'data', '--for', '1s'], { cwd });
  const { code, stderr } = await patient.ended;
  assert.is(code, 0, stderr);
  assert.match(stderr, /numbers: 0 delivered, \d+ kept for the next start/);
  assert.match(stderr, /sink numbers: kafka: opening numbers at 127\.0\.0\.1:1: .*ECONNREFUSED.*\n {2}remedy: check the port/);

  const killed = start(['run', 'job.sql', '--data', 'data'], { cwd });
  while (!killed.stderr().includes('starting at log record')) await pause(20);
  killed.child.kill('SIGINT');
  killed.child.kill('SIGINT'); // as npm passes a Ctrl-C on that the terminal has sent already
  await pause(1000);
  assert.is(killed.child.exitCode, null, 'still waiting for the broker');
  killed.child.kill('SIGINT');
  assert.is((await killed.ended).code, 130);
});

test.after(() => servers?.stop());
test.run();
