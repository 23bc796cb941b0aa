/**
 * The whole gateway under kill -9: devices publish over MQTT to the listener, results go to a real Kafka, and Kafka's own
 * Java client reads committed records. Nothing acknowledged is lost, nothing comes twice; and the kills did hit what is
 * critical: what each start says of the crash before it, and what Kafka holds of transactions cut short, is counted.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JavaRecord, readWithJava } from '../connectors/kafka/java.ts';
import { createTopic } from '../connectors/kafka/world.ts';
import { createDevice } from '../connectors/mqtt/device.ts';
import { startKafka } from '../servers/kafka/broker.ts';
import { kafkaMissing } from '../servers/kafka/jars.ts';
import { killAll, pause, randomFrom, start, workFolder } from '../cli/command.ts';

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
SET 'execution.checkpointing.interval' = '300 ms';
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

/** A fleet behind one MQTT session, with a bounded number of rows in flight. */
interface Fleet {
  published(): number;
  acknowledged(): number;
  /** Publishes nothing more of its own. @returns how many rows there are */
  finish(): number;
  /** Row n, at any time. */
  publish(n: number, ts: number): void;
  close(): Promise<void>;
}

function fleet(): Fleet {
  const session = createDevice(LISTEN, { version: 4, qos: 1 });
  let next = 0;
  const publish = (n: number, ts: number): void => session.publish(JSON.stringify({ device: device(n), n, ts }), `readings/${device(n)}`);
  const timer = setInterval(() => {
    for (let burst = 0; burst < 20 && next - session.acknowledgedCount() < IN_FLIGHT_MAX; burst += 1) {
      next += 1;
      publish(next, FIRST_TS + next);
    }
  }, 5);
  return {
    published: () => next,
    acknowledged: session.acknowledgedCount,
    publish,
    finish() {
      clearInterval(timer);
      return next;
    },
    async close() {
      clearInterval(timer);
      await session.close();
    },
  };
}

function assertContiguous(records: readonly JavaRecord[], topic: string): void {
  const sequences = records.map(({ headers }) => Number(headers['millrace-seq'])).sort((a, b) => a - b);
  assert.equal(sequences.filter((sequence, index) => sequence !== index + 1).slice(0, 5), [], `${topic}: sequences are 1..${sequences.length}`);
}

/** What the start after a kill says that the kill had hit. */
const SECTIONS = {
  'between the log and the acknowledgement': /\d redeliveries of what is in the log/,
  "between Kafka's commit and the confirmation here": /sink \w+: open, holds \d+ results, [1-9]\d* more than were confirmed here/,
  'between two checkpoints': /\(checkpoint restored, [1-9]\d* records to step again\)/,
} as const;

/** Transactions that left records and were never committed: each leaves a run of offsets, and a marker behind it. */
function countCutShort(all: readonly JavaRecord[], committed: readonly JavaRecord[]): number {
  const place = ({ partition, offset }: JavaRecord, ago = 0): string => `${partition}/${offset - ago}`;
  const visible = new Set(committed.map((record) => place(record)));
  const aborted = all.filter((record) => !visible.has(place(record)));
  const places = new Set(aborted.map((record) => place(record)));
  return aborted.filter((record) => !places.has(place(record, 1))).length;
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
    const starts: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const life = run();
      // Most lives end while results flow, every fifth at any moment on the way there.
      if (kill % 5 === 0) await pause(300 + random() * 2000);
      else await life.says('sink each_row: open').then(() => pause(random() * 600));
      assert.ok(life.child.kill('SIGKILL'), `the gateway ended by itself: ${life.child.exitCode === null ? '' : life.stderr()}`);
      starts.push((await life.ended).stderr);
    }
    const last = run();
    const enough = devices.published() + 2000;
    await last.until(() => devices.published() >= enough);
    const before = devices.finish();
    await last.until(() => devices.acknowledged() === before);
    // One row from far ahead closes every window of the rows before it.
    devices.publish(before + 1, FIRST_TS + 10_000_000);
    await last.until(() => devices.acknowledged() === before + 1);
    await devices.close();
    last.child.kill('SIGTERM');
    const { code, stderr } = await last.ended;
    assert.is(code, 0, stderr);
    starts.push(stderr);

    const rows = await readWithJava(kafka.bootstrap, 'rows');
    assertContiguous(rows, 'rows');
    const seen = rows.map(({ value }) => (JSON.parse(value) as { n: number }).n).sort((a, b) => a - b);
    assert.equal(seen.filter((n, index) => n !== index + 1).slice(0, 5), [], `rows are 1..${before + 1} (seed ${seed})`);
    assert.is(seen.length, before + 1);

    const windows = await readWithJava(kafka.bootstrap, 'windows');
    assertContiguous(windows, 'windows');
    assert.equal(windows.map(({ value }) => value).sort(), reference(before).sort());
    assert.match(stderr, `results      ${(rows.length + windows.length).toLocaleString('en-US')}\n`);
    const hits = Object.entries(SECTIONS).map(([section, evidence]) => [section, starts.filter((text) => evidence.test(text)).length] as const);
    const cutShort = countCutShort(await readWithJava(kafka.bootstrap, 'rows', 'read_uncommitted'), rows);
    const sections = [...hits, ['inside a Kafka transaction', cutShort] as const];
    console.log(`${KILLS} kills (seed ${seed}): ${sections.map(([section, count]) => `${count} ${section}`).join(', ')}; ${rows.length} rows, ${windows.length} windows`);
    assert.equal(sections.filter(([, count]) => KILLS >= 50 && count === 0), [], 'kills hit each critical section');
  } finally {
    killAll();
    await devices.close();
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
