/**
 * Intake -> batch -> durable log on LMDB, without network and without a job: payloads of 100 bytes pushed as fast as they
 * are taken, acknowledged when on disk. Prints records a second and CPU a record, median and spread of several runs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNode } from '../host/platform/node.ts';
import type { Arrival, Source } from '../host/ports.ts';
import { createIntake } from '../host/runtime/intake.ts';
import { createLog } from '../host/runtime/log.ts';
import { spread } from './figures.ts';

const RUNS = 5;
const RECORDS = 1_000_000;
const PAYLOAD = Buffer.from('{"device":"sensor-0042","at":1700000000000,"celsius":21.4375,"humidity":0.5312,"pressure":1013.25}  '.padEnd(100));
const TOPIC = Buffer.from('plant/7/line/3/sensor-0042');

interface Run { readonly perSecond: number; readonly cpuMicros: number; readonly batches: number }

async function run(): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const platform = await openNode({ dataFolder: folder });
  const log = createLog(platform.store, platform.crc32, platform.clock);
  const intake = createIntake(platform.clock, { lingerMs: 5, batchRowsMax: 4096, batchBytesMax: 512 * 1024, appendsMax: 4 }, 1);
  const arrival: Arrival = { bytes: PAYLOAD, start: 0, end: PAYLOAD.length, topic: TOPIC, topicStart: 0, topicEnd: TOPIC.length, packetId: 0, flags: 2, client: 'sensor-0042' };
  const position = new Uint8Array(16);
  let pushed = 0;
  let durable = 0;
  let batches = 0;
  let finished: (() => void) | undefined;
  const done = new Promise<void>((resolve) => { finished = resolve; });
  const source: Source = {
    restore: () => undefined, replay: () => undefined, open: () => Promise.resolve(), position: () => position, snapshot: () => position,
    committed(count) {
      durable += count;
      batches += 1;
      if (durable === RECORDS) finished?.();
    },
    resume: () => { setImmediate(push); }, stop: () => Promise.resolve(), close: () => Promise.resolve(),
  };
  const port = intake.begin(0, source, (error) => { throw error; });
  function push(): void {
    while (pushed < RECORDS) {
      arrival.packetId = (pushed += 1) & 0xffff;
      if (!port.push(arrival)) return;
    }
    intake.sealAll();
  }
  const loop = (async () => {
    for (let sealed = await intake.take(); sealed; sealed = await intake.take()) {
      const batch = sealed;
      void log.append(batch.record).then(() => { intake.committed(batch); });
    }
  })();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  push();
  await done;
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  intake.close();
  await loop;
  await platform.store.close();
  rmSync(folder, { recursive: true });
  return { perSecond: RECORDS / seconds, cpuMicros: (user + system) / RECORDS, batches };
}

const runs: Run[] = [];
for (let count = 0; count < RUNS; count += 1) runs.push(await run());
console.log(`log: ${RECORDS} payloads of ${PAYLOAD.length} bytes, durable, median of ${RUNS} runs (lowest to highest)`);
console.log(`  payloads a second     ${spread(runs.map(({ perSecond }) => perSecond), 0)}`);
console.log(`  CPU us a payload      ${spread(runs.map(({ cpuMicros }) => cpuMicros), 3)}`);
console.log(`  payloads a commit     ${spread(runs.map(({ batches }) => RECORDS / batches), 0)}`);
