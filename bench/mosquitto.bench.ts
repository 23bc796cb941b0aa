/**
 * Through a third-party broker: publisher -> mosquitto -> the whole gateway (log on LMDB, synced, compiled filter), against a
 * subscriber on the same codec that acknowledges at once and does nothing else. In turn, so that both meet the same machine;
 * mosquitto, on one thread, is the bound of both.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mqtt } from '../connectors/mqtt.ts';
import { systemClock } from '../host/platform/node.ts';
import type { Arrival, ConnectorContext, Intake, Source } from '../host/ports.ts';
import { startMosquitto } from '../test/connectors/mqtt/mosquitto.ts';
import { cpuSeconds, median, spread } from './figures.ts';
import { buildPackage, startGateway } from './gateway.ts';
import { startPublisher } from './publisher.ts';

const PORT = 21_872;
const RUNS = 5;
const ROWS = 261_120;
const WARM_UP_ROWS = 65_280;
/** The row that says that all before it were taken. */
const LAST_TS = 4_000_000_000_000;
/** Where the digits of the event time begin in a reading: behind {"device":"dev-000000","ts": */
const TS_AT = 28;
const TOPIC = 'plant/7/line/3';
/** Subscribed, with a session at the broker, before the first row goes out. */
const SUBSCRIBE_MS = 1500;

const JOB = `
SET 'pipeline.name' = 'through-a-broker';
CREATE TABLE readings (device STRING, ts BIGINT)
  WITH ('connector' = 'mqtt', 'url' = 'mqtt://127.0.0.1:${PORT}', 'topic' = 'plant/#', 'format' = 'json');
SELECT ts FROM readings WHERE ts = ${LAST_TS};
`;

/** Takes everything and acknowledges it behind each chunk. Says when the last row was there. */
async function subscribe(): Promise<void> {
  const source = (mqtt.createSource as (context: ConnectorContext) => Source)({
    table: 't', options: { url: `mqtt://127.0.0.1:${PORT}`, topic: 'plant/#' }, clock: systemClock, payloadMaxBytes: 1 << 18,
    gateway: 'bench', job: 'idle', columns: [], log: () => undefined,
  });
  const last = Buffer.from(String(LAST_TS));
  let waiting = 0;
  let isDue = false;
  const acknowledge = (): void => {
    isDue = false;
    source.committed(waiting);
    waiting = 0;
  };
  const intake: Intake = {
    push({ bytes, start, end }: Arrival) {
      waiting += 1;
      if (!isDue) {
        isDue = true;
        setImmediate(acknowledge);
      }
      // Only the last row has this event time; its place is looked at, so that looking costs nothing.
      if (bytes[start + TS_AT] === last[0] && Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).includes(last)) process.send?.('last');
      return true;
    },
    flush: () => undefined, end: () => undefined, failed: (error) => { throw error; },
  };
  source.restore(undefined);
  await source.open(intake);
  process.send?.('open');
}

interface Subscriber { readonly pid: number; readonly last: Promise<unknown>; stop(): Promise<void> }

async function startIdle(): Promise<Subscriber> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', import.meta.filename, 'subscribe'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  return {
    pid: child.pid as number, last: once(child, 'message'),
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function startWhole(folder: string): Promise<Subscriber> {
  const gateway = startGateway(folder, JOB);
  await sleep(SUBSCRIBE_MS);
  async function seen(): Promise<void> {
    while (!gateway.stdout().includes(String(LAST_TS))) await sleep(2);
  }
  return { pid: gateway.pid, last: seen(), stop: gateway.stop };
}

interface Run { readonly perSecond: number; readonly cpuMicros: number }

async function run(isIdle: boolean, rows: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const mosquitto = await startMosquitto({ port: PORT });
  const subscriber = isIdle ? await startIdle() : await startWhole(folder);
  await sleep(SUBSCRIBE_MS);
  const publisher = await startPublisher({ port: PORT, client: 'plant', topic: TOPIC, deviceCount: 1000, inFlightMax: 2048, count: rows });
  const cpu = cpuSeconds(subscriber.pid);
  const startedAt = performance.now();
  const { count } = await publisher.go();
  await publisher.finish(LAST_TS);
  await subscriber.last;
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuMicros = (cpuSeconds(subscriber.pid) - cpu) / count * 1e6;
  await subscriber.stop();
  await mosquitto.stop();
  rmSync(folder, { recursive: true });
  return { perSecond: count / seconds, cpuMicros };
}

if (process.argv[2] === 'subscribe') await subscribe();
else {
  buildPackage();
  await run(true, WARM_UP_ROWS);
  const [idle, whole]: [Run[], Run[]] = [[], []];
  for (let pair = 0; pair < RUNS; pair += 1) {
    idle.push(await run(true, ROWS));
    whole.push(await run(false, ROWS));
  }
  const ratios = whole.map(({ perSecond }, index) => perSecond / (idle[index]?.perSecond ?? NaN));
  console.log(`mosquitto: ${ROWS} rows of QoS 1, ${RUNS} runs in turn, median (lowest to highest)`);
  for (const [name, runs] of [['idle subscriber', idle], ['whole gateway', whole]] as const) {
    console.log(`  ${name.padEnd(16)} ${spread(runs.map(({ perSecond }) => perSecond))} rows/s, CPU ${spread(runs.map(({ cpuMicros }) => cpuMicros), 2)} us a row`);
  }
  console.log(`  the gateway reaches ${(median(ratios) * 100).toFixed(0)} % (${ratios.map((ratio) => (ratio * 100).toFixed(0)).join(', ')})`);
}
