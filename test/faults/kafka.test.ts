/**
 * Kafka to Kafka under kill -9: a gateway reads a topic, among whose records are aborted ones, and writes a topic and a
 * file. Kafka's own Java client reads what is committed: each record of the input once, nothing of what was aborted.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { readWithJava } from '../connectors/kafka/java.ts';
import { createTopic } from '../connectors/kafka/world.ts';
import { startKafka } from '../servers/kafka/broker.ts';
import { kafkaMissing } from '../servers/kafka/jars.ts';
import { millrace, pause, randomFrom, start, workFolder } from '../cli/command.ts';

const KILLS = Number(process.env['MILLRACE_KILLS'] ?? 20);
const seed = Number(process.env['MILLRACE_SEED'] ?? 7);
const PORT = 22160;
const PARTITIONS = 3;
const BURST = 60;
const EVERY_MS = 20;
const START_MAX_MS = 60_000;
const END_MAX_MS = 120_000;
const BROKERS = `'properties.bootstrap.servers' = '127.0.0.1:${PORT + 1}', 'format' = 'json'`;

const JOB = `
SET 'pipeline.name' = 'kafka-to-kafka';
CREATE TABLE readings (n BIGINT, p INT METADATA FROM 'partition' VIRTUAL, o BIGINT METADATA FROM 'offset' VIRTUAL, k STRING METADATA FROM 'key' VIRTUAL)
  WITH ('connector' = 'kafka', 'topic' = 'in', 'scan.startup.mode' = 'earliest-offset', ${BROKERS});
CREATE TABLE copies (n BIGINT, p INT, o BIGINT, k STRING) WITH ('connector' = 'kafka', 'topic' = 'out', ${BROKERS});
CREATE TABLE lines (n BIGINT, p INT, o BIGINT, k STRING) WITH ('connector' = 'filesystem', 'path' = 'lines.jsonl', 'format' = 'json');
INSERT INTO copies SELECT n, p, o, k FROM readings;
INSERT INTO lines SELECT n, p, o, k FROM readings;
`;

interface Row { readonly n: number; readonly p: number; readonly o: number; readonly k: string }

/** Writes 1, 2, 3, … and in between transactions that are aborted. */
async function feed(): Promise<{ count(): number; stop(): Promise<number> }> {
  const kafka = new Kafka({ brokers: [`127.0.0.1:${PORT + 1}`], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 20 } });
  const createPartitioner = Partitioners.DefaultPartitioner;
  const plain = kafka.producer({ createPartitioner, idempotent: true, maxInFlightRequests: 1 });
  const aborting = kafka.producer({ createPartitioner, idempotent: true, maxInFlightRequests: 1, transactionalId: 'aborting' });
  await Promise.all([plain.connect(), aborting.connect()]);
  let count = 0;
  let isStopped = false;
  async function write(): Promise<void> {
    while (!isStopped) {
      for (let partition = 0; partition < PARTITIONS; partition += 1) {
        const messages = Array.from({ length: BURST / PARTITIONS }, () => ({ partition, key: `k${count += 1}`, value: `{"n":${count}}` }));
        await plain.send({ topic: 'in', messages });
      }
      await pause(EVERY_MS);
    }
  }
  async function abort(): Promise<void> {
    while (!isStopped) {
      const transaction = await aborting.transaction();
      for (let partition = 0; partition < PARTITIONS; partition += 1) {
        await transaction.send({ topic: 'in', messages: [{ partition, key: '\0\0\0\0', value: '{"n":-1}' }, { partition, value: '{"n":-2}' }] });
      }
      await transaction.abort();
      await pause(EVERY_MS * 3);
    }
  }
  const working = Promise.all([write(), abort()]);
  return {
    count: () => count,
    async stop() {
      isStopped = true;
      await working;
      await Promise.all([plain.disconnect(), aborting.disconnect()]);
      return count;
    },
  };
}

function judge(rows: readonly Row[], count: number, what: string): void {
  const numbers = rows.map(({ n }) => n).sort((a, b) => a - b);
  assert.equal(numbers.filter((n, index) => n !== index + 1).slice(0, 5), [], `${what} are 1..${count} (seed ${seed})`);
  assert.is(rows.length, count, what);
  assert.is(new Set(rows.map(({ p, o }) => `${p}/${o}`)).size, count, `${what}: each partition and offset once`);
  assert.ok(rows.every(({ n, k }) => k === `k${n}`), `${what}: keys stand with their values`);
}

const parsed = (lines: readonly string[]): Row[] => lines.map((line) => JSON.parse(line) as Row);

test(`${KILLS} kills between Kafka and Kafka lose nothing, double nothing, and let nothing aborted through`, async () => {
  const missing = kafkaMissing();
  if (missing) { console.log(`SKIPPED: ${missing}`); assert.ok(!process.env['CI'], missing); return; }
  const servers = await startKafka({ basePort: PORT });
  const cwd = workFolder();
  const file = join(cwd, 'lines.jsonl');
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const run = (): ReturnType<typeof start> => start(['run', 'job.wasm', '--data', 'data'], { cwd });
  const linesOf = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);
  try {
    const built = await millrace(['build', 'job.sql'], { cwd }); // lives shall not die compiling
    assert.is(built.code, 0, built.stderr);
    await createTopic(servers.bootstrap, 'in', PARTITIONS);
    await createTopic(servers.bootstrap, 'out', PARTITIONS);
    const random = randomFrom(seed);
    const feeder = await feed();
    let moved = 0;
    let before = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, ended, stderr } = run();
      // Two of three die at work (a start first cuts off what does not count), the third at any moment of starting and recovering.
      const isAtWork = kill % 3 !== 0;
      for (let waited = 0; isAtWork && waited < START_MAX_MS && child.exitCode === null && linesOf().length <= before; waited += 50) await pause(50);
      await Promise.race([ended, pause(random() * (isAtWork ? 800 : 2500))]);
      assert.ok(child.kill('SIGKILL'), `the gateway ended by itself: ${stderr()}`);
      await ended;
      const now = linesOf().length;
      if (now > before) moved += 1;
      before = now;
    }
    const count = await feeder.stop();
    const last = run();
    // Each sink goes at its own pace: a stop leaves what one of them has not delivered for the next start.
    let records = await readWithJava(servers.bootstrap, 'out');
    for (const startedAt = performance.now(); linesOf().length < count || records.length < count; records = await readWithJava(servers.bootstrap, 'out')) {
      const stand = `${linesOf().length} lines, ${records.length} records of ${count}`;
      assert.ok(performance.now() - startedAt < END_MAX_MS, `${stand}: ${last.stderr()}`);
      await pause(1000);
    }
    last.child.kill('SIGTERM');
    const { code, stderr } = await last.ended;
    assert.is(code, 0, stderr);
    assert.ok(moved >= KILLS / 2, `${moved} of ${KILLS} lives had moved rows when they were killed`);
    records = await readWithJava(servers.bootstrap, 'out');
    const sequences = records.map(({ headers }) => Number(headers['millrace-seq'])).sort((a, b) => a - b);
    assert.equal(sequences.filter((sequence, index) => sequence !== index + 1).slice(0, 5), [], 'sequences have no gap');
    judge(parsed(records.map(({ value }) => value)), count, 'records');
    judge(parsed(linesOf()), count, 'lines');
    console.log(`${KILLS} kills, ${moved} while rows moved, ${count} records (seed ${seed})`);
  } finally {
    await servers.stop();
  }
});

test.run();
