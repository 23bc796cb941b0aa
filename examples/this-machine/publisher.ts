/**
 * A device in software: publishes this computer's telemetry as MQTT QoS 1, about five times a second a metric.
 * Usage: publisher.ts PORT. Ends on SIGTERM, after the broker has acknowledged everything.
 */
import mqtt from 'mqtt';
import { readFileSync } from 'node:fs';
import { cpus, freemem, loadavg, totalmem } from 'node:os';

const PERIOD_MS = 200;
const SECTOR_BYTES = 512; // unit of /proc/diskstats, whatever the disk's own sectors are
const port = Number(process.argv[2] ?? 18830);

interface Reading { readonly device: string; readonly metric: string; readonly value: number }

/** Linux's own counters; other systems have no such file and publish less. */
function procLines(file: string): string[][] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').map((line) => line.trim().split(/[\s:]+/));
  } catch {
    return [];
  }
}

/** Turns ever-growing counters into rates by the difference to the reading before. */
function rates(): (device: string, metric: string, total: number, seconds: number) => Reading {
  const before = new Map<string, number>();
  return (device, metric, total, seconds) => {
    const key = `${device}/${metric}`;
    const value = (total - (before.get(key) ?? total)) / seconds;
    before.set(key, total);
    return { device, metric, value: Math.round(value * 10) / 10 };
  };
}

const rate = rates();
const percent = (share: number): number => Math.round(share * 1000) / 10;
const busyBefore: { busy: number; total: number }[] = [];

function coreReadings(): Reading[] {
  return cpus().map(({ times }, core) => {
    const total = Object.values(times).reduce((sum, time) => sum + time, 0);
    const busy = total - times.idle;
    const before = busyBefore[core] ?? { busy, total };
    busyBefore[core] = { busy, total };
    return { device: `core-${core}`, metric: 'busy_percent', value: percent((busy - before.busy) / Math.max(1, total - before.total)) };
  });
}

function readings(seconds: number): Reading[] {
  const disks = procLines('/proc/diskstats').filter((fields) => /^(?:[hsv]d[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(fields[2] ?? ''));
  const networks = procLines('/proc/net/dev').slice(2);
  return [
    ...coreReadings(),
    { device: 'memory', metric: 'used_percent', value: percent(1 - freemem() / totalmem()) },
    { device: 'load', metric: 'one_minute', value: Math.round((loadavg()[0] ?? 0) * 100) / 100 },
    ...disks.map((fields) => rate(`disk-${fields[2]}`, 'written_bytes_per_second', Number(fields[9]) * SECTOR_BYTES, seconds)),
    ...networks.map((fields) => rate(`net-${fields[0]}`, 'received_bytes_per_second', Number(fields[1]), seconds)),
  ];
}

const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { clientId: 'this-machine', clean: false, reconnectPeriod: 250 });
client.on('error', () => { /* the gateway may start after this; mqtt.js connects again by itself */ });
let timer: NodeJS.Timeout | undefined;
// Not before the gateway listens: what mqtt.js keeps until then it would send one by one, each behind the last one's acknowledgement.
client.once('connect', () => {
  let last = performance.now();
  timer = setInterval(() => {
    const now = performance.now();
    const ts = Date.now();
    for (const reading of readings((now - last) / 1000)) {
      client.publish(`telemetry/${reading.device}`, JSON.stringify({ ...reading, ts }), { qos: 1 });
    }
    last = now;
  }, PERIOD_MS);
});
process.once('SIGTERM', () => {
  clearInterval(timer);
  client.end(false, {}, () => process.exit(0));
  setTimeout(() => process.exit(0), 2000); // the gateway may be gone already
});
