/**
 * Devices in a process of their own: packets encoded before the clock starts, QoS 1, a bounded number in flight, PUBACKs
 * timed. Only the event time of each reading is written anew, so that the publisher leaves the machine to the gateway.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import packets from 'mqtt-packet';

/** Packet ids of one round; a multiple of every block below 65,536. */
const IDS = 65_280;
const BLOCK = 256;
const ACK_BYTES = 4;
/** One reading of so many is an alarm. */
export const ALARM_EVERY = 100;
const TS_DIGITS = 13;
const ZERO = 48;

export interface PublisherOptions {
  readonly port: number;
  readonly client: string;
  readonly topic: string;
  readonly deviceCount: number;
  /** Most packets that wait for their PUBACK. */
  readonly inFlightMax: number;
  /** Packets a write, a power of two up to 256; latency is that of a whole block. Default 256. */
  readonly blockRows?: number;
  /** Stops after so many packets, a multiple of a block ... */
  readonly count?: number;
  /** ... or after so long. */
  readonly forMs?: number;
  /** Steady rate; without it as fast as acknowledgements allow. */
  readonly perSecond?: number;
  /** Windows of event time that the report counts rows of. */
  readonly windowMs?: number;
}

export interface PublisherReport {
  readonly count: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** [milliseconds since the epoch when the block was sent, milliseconds until its last PUBACK] by block. */
  readonly blocks: readonly (readonly [sentAt: number, latencyMs: number])[];
  readonly alarms: number;
  /** Rows by start of their window. */
  readonly windows: readonly (readonly [start: number, rows: number])[];
}

export interface Publisher {
  /** Starts sending. @returns what was measured when everything is acknowledged */
  go(): Promise<PublisherReport>;
  /** Sends one row of this event time, which closes all windows before it. */
  finish(ts: number): Promise<void>;
}

/** Resolves when the gateway has taken the connection. */
export async function startPublisher(options: PublisherOptions): Promise<Publisher> {
  const child = spawn(process.execPath, ['--import', 'tsx', import.meta.filename, JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await answer(child);
  return {
    async go() {
      child.send('go');
      return await answer(child) as PublisherReport;
    },
    async finish(ts) {
      child.send(ts);
      await answer(child);
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function answer(child: ChildProcess): Promise<unknown> {
  const [found] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => { throw new Error('the publisher died'); })]);
  return found as unknown;
}

// --------------------------------------------------------------------------------------------------- the process itself

interface Encoded {
  readonly bytes: Buffer;
  /** Where each packet begins; one more than there are packets. */
  readonly starts: Uint32Array;
  /** Where the digits of each packet's event time begin. */
  readonly tsStarts: Uint32Array;
}

/** About 90 bytes a reading. Devices take turns in a scattered order. */
function encode({ topic, deviceCount }: PublisherOptions): Encoded {
  const count = Math.ceil(deviceCount / IDS) * IDS;
  const all = Array.from({ length: count }, (_, index) => {
    const device = `dev-${String((index * 7919) % deviceCount).padStart(6, '0')}`;
    const payload = JSON.stringify({
      device, ts: 1_000_000_000_000, temperature: (1500 + (index * 31) % 2000) / 100, humidity: (300 + (index * 17) % 500) / 10, status: index % ALARM_EVERY === 0 ? 'ALARM' : 'OK',
    });
    return packets.generate({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: (index % IDS) + 1 });
  });
  const starts = new Uint32Array(count + 1);
  const tsStarts = new Uint32Array(count);
  all.forEach((packet, index) => {
    starts[index + 1] = (starts[index] as number) + packet.length;
    tsStarts[index] = (starts[index] as number) + packet.indexOf('1000000000000');
  });
  return { bytes: Buffer.concat(all), starts, tsStarts };
}

async function publish(options: PublisherOptions): Promise<void> {
  const { blockRows = BLOCK, inFlightMax, count = Infinity, forMs = Infinity, perSecond = Infinity, windowMs = 1000 } = options;
  const { bytes, starts, tsStarts } = encode(options);
  const blockCount = tsStarts.length / blockRows;
  const socket = connect(options.port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  socket.write(packets.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: false, clientId: options.client, keepalive: 0 }));
  await once(socket, 'data');
  process.send?.('ready');
  await once(process, 'message');

  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const windows = new Map<number, number>();
  let ackedBytes = 0;
  let alarms = 0;

  /** Writes `ts` into the readings of a block. Its bytes are free: ids are used again only when they were acknowledged. */
  function date(first: number, ts: number): void {
    const digits = Buffer.from(String(ts));
    for (let index = first; index < first + blockRows; index += 1) {
      const at = tsStarts[index] as number;
      if (index % ALARM_EVERY === 0) alarms += 1;
      for (let digit = 0; digit < TS_DIGITS; digit += 1) bytes[at + digit] = digits[digit] ?? ZERO;
    }
    const start = ts - ts % windowMs;
    windows.set(start, (windows.get(start) ?? 0) + blockRows);
  }
  function mayAdd(): boolean {
    const elapsedMs = performance.now() - startedAt;
    const sent = sentAt.length * blockRows;
    return sent < count && elapsedMs < forMs && sent - latencies.length * blockRows + blockRows <= inFlightMax && sent <= perSecond * elapsedMs / 1000;
  }
  function send(): void {
    while (mayAdd()) {
      const first = (sentAt.length % blockCount) * blockRows;
      date(first, Date.now());
      sentAt.push(performance.now());
      socket.write(bytes.subarray(starts[first], starts[first + blockRows]));
    }
  }
  const isOver = (): boolean => latencies.length === sentAt.length && (sentAt.length * blockRows >= count || performance.now() - startedAt >= forMs);
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => { // also when nothing comes back: a steady rate does not wait
      send();
      if (isOver()) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
    socket.on('data', (chunk: Buffer) => {
      ackedBytes += chunk.length;
      const now = performance.now();
      while ((latencies.length + 1) * blockRows * ACK_BYTES <= ackedBytes) latencies.push(now - (sentAt[latencies.length] as number));
      send();
    });
    send();
  });
  const { user, system } = process.cpuUsage(cpu);
  const report: PublisherReport = {
    count: sentAt.length * blockRows, seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6,
    blocks: latencies.map((latency, index) => [performance.timeOrigin + (sentAt[index] as number), latency]), alarms, windows: [...windows],
  };
  process.send?.(report);

  const [ts] = await once(process, 'message') as [number];
  date(0, ts);
  socket.write(bytes.subarray(starts[0], starts[1]));
  await once(socket, 'data');
  process.send?.('finished');
  socket.end();
}

if (process.argv[1] === import.meta.filename) await publish(JSON.parse(process.argv[2] ?? '') as PublisherOptions);
