/**
 * The whole gateway under kill -9: devices publish over MQTT to the listener, results go to a real Kafka, and Kafka's own
 * Java client reads committed records. Nothing acknowledged is lost, nothing comes twice.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { type JavaRecord, readWithJava } from '../connectors/kafka/java.ts';
import { createTopic } from '../connectors/kafka/world.ts';
import { startKafka } from '../servers/kafka/broker.ts';
import { kafkaMissing } from '../servers/kafka/jars.ts';
import { pause, randomFrom, start, workFolder } from '../cli/command.ts';

const KILLS = Number(process.env['MILLRACE_KILLS'] ?? 50);
const seed = Number(process.env['MILLRACE_SEED'] ?? 5);
const LISTEN = 22050;
const KAFKA = 22060;
const DEVICES = 20;
const IN_FLIGHT_MAX = 400; // less than the watermark's delay in rows, so that a redelivery never makes a row late
const FIRST_TS = 1_700_000_000_000;
const WINDOW_MS = 500;

const JOB = `
SET 'pipeline.name' = 'kill-test';
CREATE TABLE readings (device STRING, n BIGINT, ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND)
  WITH ('connector' = 'mqtt', 'listen' = '127.0.0.1:${LISTEN}', 'topic' = 'readings/#', 'format' = 'json');
CREATE TABLE windows (device STRING, window_start TIMESTAMP(3), rows_ BIGINT, total BIGINT)
  WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '127.0.0.1:${KAFKA + 1}', 'topic' = 'windows', 'key.fields' = 'device', 'format' = 'json');
CREATE TABLE each_row (n BIGINT)
  WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '127.0.0.1:${KAFKA + 1}', 'topic' = 'rows', 'format' = 'json');
INSERT INTO windows SELECT device, window_start, COUNT(*), SUM(n)
  FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '0.500' SECOND)) GROUP BY device, window_start, window_end;
INSERT INTO each_row SELECT n FROM readings;
`;

const device = (n: number): string => `d${n % DEVICES}`;

/** One device fleet behind one MQTT session: keeps what is not acknowledged and sends it again, as QoS 1 asks. */
interface Fleet {
  published(): number;
  acknowledged(): number;
  publish(n: number, ts: number): void;
  /** Publishes nothing more of its own. @returns how many rows there are, all acknowledged */
  close(): Promise<number>;
  stop(): Promise<void>;
}

function fleet(): Fleet {
  const client: MqttClient = mqtt.connect(`mqtt://127.0.0.1:${LISTEN}`, { clientId: 'fleet', clean: false, reconnectPeriod: 40, connectTimeout: 3000 });
  client.on('error', () => undefined);
  let next = 0;
  let acknowledged = 0;
  let isStopped = false;
  function publish(n: number, ts: number): void {
    client.publish(`readings/${device(n)}`, JSON.stringify({ device: device(n), n, ts }), { qos: 1 }, (error) => { if (!error) acknowledged += 1; });
  }
  const timer = setInterval(() => {
    for (let burst = 0; burst < 20 && !isStopped && next - acknowledged < IN_FLIGHT_MAX; burst += 1) {
      next += 1;
      publish(next, FIRST_TS + next);
    }
  }, 5);
  return {
    published: () => next,
    acknowledged: () => acknowledged,
    publish,
    async close() {
      isStopped = true;
      while (acknowledged < next) await pause(20);
      return next;
    },
    async stop() {
      clearInterval(timer);
      client.end(true);
      await pause(50);
    },
  };
}

function assertContiguous(records: readonly JavaRecord[], topic: string): void {
  const sequences = records.map(({ headers }) => Number(headers['millrace-seq'])).sort((a, b) => a - b);
  assert.equal(sequences.filter((sequence, index) => sequence !== index + 1).slice(0, 5), [], `${topic}: sequences are 1..${sequences.length}`);
}

test('kill -9 at random moments loses no acknowledged row and doubles no result', async () => {
  const missing = kafkaMissing();
  if (missing) { console.log(`SKIPPED: ${missing}`); assert.ok(!process.env['CI'], missing); return; }
  const kafka = await startKafka({ basePort: KAFKA });
  const cwd = workFolder();
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const run = (): ReturnType<typeof start> => start(['run', 'job.sql', '--data', 'data'], { cwd });
  const devices = fleet();
  try {
    await createTopic(kafka.bootstrap, 'windows');
    await createTopic(kafka.bootstrap, 'rows');
    const random = randomFrom(seed);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, ended } = run();
      await Promise.race([ended, pause(700 + random() * 1300)]);
      assert.ok(child.kill('SIGKILL'), `the gateway ended by itself: ${child.exitCode === null ? '' : (await ended).stderr}`);
      await ended;
    }
    const last = run();
    const enough = devices.published() + 2000;
    while (devices.published() < enough) await pause(20);
    while (devices.acknowledged() < devices.published()) await pause(20);
    const before = await devices.close();
    // One row from far ahead closes every window of the rows before it.
    devices.publish(before + 1, FIRST_TS + 10_000_000);
    while (devices.acknowledged() < before + 1) await pause(20);
    await devices.stop();
    last.child.kill('SIGTERM');
    const { code, stderr } = await last.ended;
    assert.is(code, 0, stderr);

    const rows = await readWithJava(kafka.bootstrap, 'rows');
    assertContiguous(rows, 'rows');
    const seen = rows.map(({ value }) => (JSON.parse(value) as { n: number }).n).sort((a, b) => a - b);
    assert.equal(seen.filter((n, index) => n !== index + 1).slice(0, 5), [], `rows are 1..${before + 1} (seed ${seed})`);
    assert.is(seen.length, before + 1);

    const windows = await readWithJava(kafka.bootstrap, 'windows');
    assertContiguous(windows, 'windows');
    assert.equal(windows.map(({ value }) => value).sort(), reference(before).sort());
    console.log(`${KILLS} kills, ${before + 1} rows, ${windows.length} windows (seed ${seed})`);
  } finally {
    await devices.stop();
    await kafka.stop();
  }
});

/** The closed windows of rows 1..count, written from the SQL and not from the operators. */
function reference(count: number): string[] {
  const panes = new Map<string, { rows: number; total: number; device: string; start: number }>();
  for (let n = 1; n <= count; n += 1) {
    const start = Math.floor((FIRST_TS + n) / WINDOW_MS) * WINDOW_MS;
    const pane = panes.get(`${device(n)}/${start}`) ?? { rows: 0, total: 0, device: device(n), start };
    panes.set(`${device(n)}/${start}`, { ...pane, rows: pane.rows + 1, total: pane.total + n });
  }
  return [...panes.values()].map((pane) => JSON.stringify({ device: pane.device, window_start: sqlTime(pane.start), rows_: pane.rows, total: pane.total }));
}

/** TIMESTAMP(3) in Flink's SQL format: trailing zeros of the fraction are not written. */
function sqlTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '').replace(/\.?0+$/, '');
}

test.run();
