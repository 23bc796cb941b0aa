/**
 * Kafka is down for longer than RAM can hold its results, then the disk fills up, too: intake goes on until the disk is
 * full, then devices wait, connected. When there is room, and when Kafka is back, everything goes on by itself, once.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tallyWithJava } from '../connectors/kafka/java.ts';
import { createTopic } from '../connectors/kafka/world.ts';
import { createDevice } from '../connectors/mqtt/device.ts';
import { startKafka } from '../servers/kafka/broker.ts';
import { kafkaMissing } from '../servers/kafka/jars.ts';
import { killAll, pause, start, workFolder } from '../cli/command.ts';
import { connectedSoon } from './listening.ts';

const LISTEN = 22_044;
const KAFKA = 22340;
const DISK_MIB = 128;
const PAD = 'x'.repeat(8000);
/** Results of about 40 MB, of which RAM may hold 16. */
const ROWS_OF_OUTAGE = 5000;
const IN_FLIGHT_MAX = 300;
const RAM_GROWTH_MAX_KIB = 120 * 1024;
const FULL_MS = 4000;

const JOB = `
SET 'execution.checkpointing.interval' = '1 s';
CREATE TABLE readings (n BIGINT, pad STRING) WITH ('connector' = 'mqtt', 'listen' = '127.0.0.1:${LISTEN}', 'format' = 'json');
CREATE TABLE rows_ (n BIGINT, pad STRING)
  WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '127.0.0.1:${KAFKA + 1}', 'topic' = 'rows', 'format' = 'json');
INSERT INTO rows_ SELECT n, pad FROM readings;
`;

/** A file system of its own, in memory. */
function mountDisk(folder: string): boolean {
  mkdirSync(folder);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'millrace-test', folder], { stdio: 'ignore' }).status === 0;
}
const growDisk = (folder: string): void => { spawnSync('mount', ['-o', `remount,size=${4 * DISK_MIB}m`, folder]); };

const anonymousKib = (pid: number | undefined): number => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 'self'}/status`, 'utf8'))?.[1]);

test('while Kafka is down intake goes on in bounds; on a full disk devices wait, connected; then all goes on and comes once', async () => {
  const missing = kafkaMissing();
  if (missing) { console.log(`SKIPPED: ${missing}`); assert.ok(!process.env['CI'], missing); return; }
  const cwd = workFolder();
  const disk = join(cwd, 'data');
  const hasDisk = mountDisk(disk);
  if (!hasDisk) {
    assert.ok(!process.env['CI'], 'in CI a tmpfs can be mounted');
    console.log('SKIPPED: the full disk; mounting a tmpfs needs root');
  }
  const kafka = await startKafka({ basePort: KAFKA });
  writeFileSync(join(cwd, 'job.sql'), JOB);
  const life = start(['run', 'job.sql', '--data', 'data'], { cwd });
  let published = 0;
  let limit = 500;
  const fleet = createDevice(LISTEN, { version: 4, qos: 1 });
  const acknowledged = fleet.acknowledgedCount;
  const publishing = setInterval(() => {
    while (published - acknowledged() < IN_FLIGHT_MAX && published < limit) {
      published += 1;
      fleet.publish(JSON.stringify({ n: published, pad: PAD }));
    }
  }, 5);
  try {
    await createTopic(kafka.bootstrap, 'rows');
    const probe = await connectedSoon(life, LISTEN, 'probe');
    await life.until(() => acknowledged() === limit);
    const ramBefore = anonymousKib(life.child.pid);

    await kafka.kill(1);
    limit += ROWS_OF_OUTAGE;
    await life.until(() => acknowledged() === limit, 'intake does not need Kafka');
    await life.says('rows_ is down');
    const ramGrowth = anonymousKib(life.child.pid) - ramBefore;
    assert.ok(ramGrowth < RAM_GROWTH_MAX_KIB, `RAM grew by ${ramGrowth} KiB`);

    if (hasDisk) {
      limit = Infinity;
      await life.says('the store is full: nothing is acknowledged until there is room');
      let before = -1;
      for (let quietMs = 0; quietMs < 1000; quietMs = acknowledged() === before ? quietMs + 100 : 0) { // checkpoints may make room a few times
        before = acknowledged();
        await pause(100);
      }
      const connections = fleet.connectionCount();
      const pings = FULL_MS / 500;
      for (let ping = 0; ping < pings; ping += 1) {
        probe.send({ cmd: 'pingreq' });
        await pause(500);
      }
      assert.is(probe.of('pingresp').length, pings, life.stderr());
      assert.is(acknowledged(), before, 'nothing is acknowledged while nothing can be written');
      assert.is(fleet.connectionCount(), connections, `no device is sent away: ${life.stderr()}`);
      assert.is(connections, 1);
      growDisk(disk);
      await life.until(() => acknowledged() > before + 1000, 'intake goes on by itself');
    }
    limit = published;
    await life.until(() => acknowledged() === published);
    await kafka.restart(1);
    const results = (): number => Number(/.*rows_: ([\d,]+) delivered/s.exec(life.stderr())?.[1]?.replaceAll(',', '') ?? 0);
    await life.says('sink rows_: open again');
    const progress = (): string => life.stderr().split('sink rows_: open again').at(-1)?.split('\n').findLast((line) => line.startsWith('received')) ?? 'waiting';
    await life.until(() => !progress().includes('waiting'), 'everything that waited is delivered');
    life.child.kill('SIGTERM');
    const { code, stderr } = await life.ended;
    assert.is(code, 0, stderr);
    assert.is(results(), published);
    const wanted = { count: published, sequences: published, lastSequence: published, values: published, lastValue: published };
    assert.equal(await tallyWithJava(kafka.bootstrap, 'rows', 'n'), wanted);
    console.log(`${published} rows, RAM grew by ${Math.round(ramGrowth / 1024)} MiB while Kafka was down`);
  } finally {
    clearInterval(publishing);
    killAll();
    await fleet.close();
    await kafka.stop();
    if (hasDisk) spawnSync('umount', ['-l', disk]);
  }
});

test.run();
