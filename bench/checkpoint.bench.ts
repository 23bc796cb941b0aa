/**
 * Checkpoints of a job whose state is 1, 10 and 100 MB: how long the thread is held, how many bytes are written and how long
 * until they are durable, by the share of the state that changed. And the way back: a kill -9 with a million events in
 * the log behind the checkpoint, until the engine stands at its end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalog } from '../host/cli/catalog.ts';
import { compilePlan } from '../host/compile/index.ts';
import { blackhole } from '../connectors/blackhole.ts';
import { openNode } from '../host/platform/node.ts';
import type { Arrival, Connector, Intake, Platform, Source } from '../host/ports.ts';
import { type RunningJob, startJob } from '../host/runtime/job.ts';
import { planSql } from '../host/sql/index.ts';
import { readLibrary } from '../test/engine.ts';
import { median, spread } from './figures.ts';

const RUNS = 5;
const MB = 1e6;
const SIZES_MB = [1, 10, 100];
const SHARES = [0.01, 0.1, 1];
const REPLAY_ROWS = 1_000_000;
const NEVER_MS = 2 ** 30;
const FIRST_TS = 1_700_000_000_000;
const SQL = `SET 'pipeline.name' = 'checkpoint';
CREATE TABLE readings (device STRING, ts BIGINT, temperature DOUBLE, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '1' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json');
CREATE TABLE windows (device STRING, n BIGINT, low DOUBLE, high DOUBLE, mean DOUBLE) WITH ('connector' = 'blackhole');
INSERT INTO windows SELECT device, COUNT(*), MIN(temperature), MAX(temperature), AVG(temperature)
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '1' HOUR)) GROUP BY device, window_start, window_end;`;

/** Pushes readings of devices [from, to) when told to; never a window closes. */
function createDevices(): { readonly connector: Connector; push(from: number, to: number): Promise<void> } {
  let intake: Intake | undefined;
  let onResume: (() => void) | undefined;
  let acknowledged = 0;
  let pushed = 0;
  const none = new Uint8Array(0);
  const source: Source = {
    restore: () => undefined, replay: () => undefined, position: () => none, snapshot: () => none, stop: () => Promise.resolve(), close: () => Promise.resolve(),
    open(port) {
      intake = port;
      return Promise.resolve();
    },
    committed(count) { acknowledged += count; },
    resume() { onResume?.(); },
  };
  return {
    connector: { description: { ...(catalog.connectors.find(({ name }) => name === 'filesystem') as Connector['description']) }, createSource: () => source },
    async push(from, to) {
      const arrival: Arrival = { bytes: none, start: 0, end: 0, topic: none, topicStart: 0, topicEnd: 0, packetId: 0, flags: 0, client: '' };
      while (!intake) await sleep(1);
      for (let device = from; device < to; device += 1) {
        arrival.bytes = Buffer.from(`{"device":"dev-${String(device).padStart(7, '0')}","ts":${FIRST_TS + device % 1000},"temperature":${(device % 4000) / 100}}`);
        arrival.end = arrival.bytes.length;
        pushed += 1;
        if (!intake.push(arrival)) {
          await new Promise<void>((resolve) => { onResume = resolve; });
          await sleep(0);
        }
      }
      intake.flush();
      while (acknowledged < pushed) await sleep(2);
    },
  };
}

async function compile(): Promise<Uint8Array> {
  const { plan, problems } = planSql(SQL, { fileName: 'checkpoint.sql', catalog });
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'));
  return (await compilePlan(plan, { readFile: readLibrary, isSimd: true, compilerVersion: 'bench' })).wasm;
}

interface Open {
  readonly job: RunningJob;
  readonly devices: ReturnType<typeof createDevices>;
  /** Sets the clock on, so that a checkpoint is due, and waits until it is durable. */
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}

async function open(dataFolder: string, module: Uint8Array): Promise<Open> {
  const node = await openNode({ dataFolder });
  let aheadMs = 0;
  const platform: Platform = { ...node, clock: { ...node.clock, monotonic: () => node.clock.monotonic() + aheadMs } };
  const devices = createDevices();
  const job = await startJob({
    module, platform, log: () => undefined, connectors: new Map([['filesystem', devices.connector], ['blackhole', blackhole]]),
    settings: { memoryMaxBytes: 512 * 2 ** 20, checkpointMs: NEVER_MS, checkpointLogBytes: 2 ** 40 },
  });
  return {
    job, devices,
    async checkpoint() {
      const { count } = job.metrics().checkpoint;
      aheadMs += NEVER_MS;
      while (job.metrics().checkpoint.count === count) await sleep(1);
    },
    async close() {
      await job.stop();
      await platform.store.close();
    },
  };
}

/** All that was pushed is stepped. */
async function stepped({ job }: Open): Promise<void> {
  for (let log = job.metrics().log; log.stepped < log.end; log = job.metrics().log) await sleep(1);
}

async function measure(module: Uint8Array, sizeMb: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const running = await open(folder, module);
  let deviceCount = 0;
  while (running.job.metrics().stateBytes < sizeMb * MB) {
    const more = Math.max(500, Math.round(deviceCount * 0.02));
    await running.devices.push(deviceCount, deviceCount + more);
    deviceCount += more;
    await stepped(running);
  }
  await running.checkpoint();
  for (const share of SHARES) {
    const [pauses, bytes]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      await running.devices.push(0, Math.round(deviceCount * share));
      await stepped(running);
      await running.checkpoint();
      const { lastPauseMs, lastBytes } = running.job.metrics().checkpoint;
      pauses.push(lastPauseMs);
      bytes.push(lastBytes / MB);
    }
    console.log(`  ${String(sizeMb).padStart(3)} MB of state (${deviceCount} keys), ${String(share * 100).padStart(3)} % of the keys touched: `
      + `${(median(bytes) * MB / 4096).toFixed(0).padStart(5)} pages, ${spread(bytes, 2)} MB, pause ${spread(pauses, 2)} ms`);
  }
  await running.close();
  rmSync(folder, { recursive: true });
}

/** Writes a log that no checkpoint covers, until it is killed. */
async function fill(folder: string): Promise<void> {
  const running = await open(folder, await compile());
  await running.devices.push(0, REPLAY_ROWS);
  await stepped(running);
  process.send?.('full');
  await new Promise(() => undefined);
}

async function recover(module: Uint8Array): Promise<{ readonly ms: number; readonly rows: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const child = spawn(process.execPath, ['--import', 'tsx', import.meta.filename, 'fill', folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const startedAt = performance.now();
  const running = await open(folder, module);
  await stepped(running);
  const ms = performance.now() - startedAt;
  const { rows } = running.job.metrics();
  await running.close();
  rmSync(folder, { recursive: true });
  if (rows !== REPLAY_ROWS) throw new Error(`${rows} rows after the replay of ${REPLAY_ROWS}`);
  return { ms, rows };
}

if (process.argv[2] === 'fill') await fill(process.argv[3] as string);
else {
  const module = await compile();
  console.log(`checkpoint: median of ${RUNS} (lowest to highest); the pause holds the thread, the commit does not`);
  for (const sizeMb of SIZES_MB) await measure(module, sizeMb);
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) times.push((await recover(module)).ms);
  console.log(`recovery: ${REPLAY_ROWS} events behind the checkpoint, each of its own key; open, restore, replay: ${spread(times)} ms`);
}
