/** What the MQTT tests share: contexts, mqtt.js devices, and devices that speak packet by packet over a raw socket. */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import mqttjs, { type IClientOptions, type MqttClient } from 'mqtt';
import packets, { type IConnectPacket, type Packet } from 'mqtt-packet';
import { mqtt } from '../../../connectors/mqtt.ts';
import type { Clock, ConnectorContext, Sink, Source } from '../../../host/ports.ts';
import { systemClock } from '../../../host/platform/node.ts';
import { until } from '../contract.ts';
import { createMemoryLog, type MemoryLog } from '../memory-log.ts';

/** A file's own ports among 21800 to 21899, taken in turn: files may run side by side. */
export function portsFrom(first: number, count: number): () => number {
  let taken = 0;
  return () => {
    taken += 1;
    return first + ((taken - 1) % count);
  };
}

export interface Surroundings { readonly payloadMaxBytes?: number; readonly clock?: Clock; readonly log?: (line: string) => void; readonly job?: string }

export function context(options: Readonly<Record<string, string>>, { payloadMaxBytes = 1 << 18, clock = systemClock, log, job = 'j' }: Surroundings = {}): ConnectorContext {
  return { table: 't', options, clock, payloadMaxBytes, gateway: 'g0123456789abcdef', job, columns: [], log: log ?? (() => undefined) };
}

export function source(options: Readonly<Record<string, string>>, surroundings?: Surroundings): Source {
  return (mqtt.createSource as (context: ConnectorContext) => Source)(context(options, surroundings));
}

export function sink(options: Readonly<Record<string, string>>, surroundings?: Surroundings): Sink {
  return (mqtt.createSink as (context: ConnectorContext) => Sink)(context(options, surroundings));
}

export function listener(port: number, options: Readonly<Record<string, string>> = {}, surroundings?: Surroundings): Source {
  return source({ listen: `127.0.0.1:${port}`, ...options }, surroundings);
}

/** mqtt.js, connected. */
export async function client(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const made = mqttjs.connect(`mqtt://127.0.0.1:${port}`, { clientId: 'device', clean: false, reconnectPeriod: 0, ...options });
  made.on('error', () => undefined);
  await until(() => made.connected, 'mqtt.js connects');
  return made;
}

/** A device that does what the test says and nothing by itself. */
export interface RawDevice {
  readonly socket: Socket;
  /** Everything received, parsed. */
  readonly received: Packet[];
  /** Sizes of the chunks received. */
  readonly chunks: number[];
  isClosed(): boolean;
  send(...all: readonly Packet[]): void;
  bytes(bytes: Uint8Array): void;
  /** Packets of one kind received so far. */
  of(cmd: Packet['cmd']): Packet[];
  ids(cmd: Packet['cmd']): number[];
  /** Ends the connection without a word. */
  vanish(): Promise<void>;
}

export async function rawDevice(port: number, version: 4 | 5 = 4): Promise<RawDevice> {
  const socket = connectTcp(port, '127.0.0.1');
  await once(socket, 'connect');
  const parser = packets.parser({ protocolVersion: version });
  const received: Packet[] = [];
  const chunks: number[] = [];
  let isClosed = false;
  parser.on('packet', (packet: Packet) => { received.push(packet); });
  parser.on('error', () => { received.push({ cmd: 'auth', reasonCode: -1 }); });
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk.length);
    parser.parse(chunk);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => { isClosed = true; });
  const of = (cmd: Packet['cmd']): Packet[] => received.filter((packet) => packet.cmd === cmd);
  return {
    socket, received, chunks, of, isClosed: () => isClosed,
    send(...all) { socket.write(Buffer.concat(all.map((packet) => packets.generate(packet, { protocolVersion: version })))); },
    bytes(bytes) { socket.write(bytes); },
    ids: (cmd) => of(cmd).map(({ messageId }) => messageId ?? 0),
    async vanish() {
      socket.destroy();
      if (!isClosed) await once(socket, 'close');
    },
  };
}

export function connectPacket(clientId: string, options: Partial<IConnectPacket> = {}): IConnectPacket {
  return { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: false, clientId, keepalive: 0, ...options };
}

export function publishPacket(messageId: number, payload: string, options: { readonly qos?: 0 | 1 | 2; readonly dup?: boolean; readonly topic?: string } = {}): Packet {
  const { qos = 1, dup = false, topic = 'a/b' } = options;
  return { cmd: 'publish', topic, payload, qos, dup, retain: false, messageId };
}

/** A raw device whose CONNECT was answered. @returns it and what CONNACK said of the session */
export async function connected(port: number, clientId: string, options: Partial<IConnectPacket> = {}): Promise<{ readonly device: RawDevice; readonly isPresent: boolean }> {
  const device = await rawDevice(port, options.protocolVersion === 5 ? 5 : 4);
  device.send(connectPacket(clientId, options));
  await until(() => device.of('connack').length === 1, 'CONNACK');
  const [connack] = device.of('connack');
  return { device, isPresent: connack?.cmd === 'connack' && connack.sessionPresent };
}

/** A listener on a log of its own. */
export interface Started {
  readonly port: number;
  readonly log: MemoryLog;
  source: Source;
  /** A crash: what is not durable is gone. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startListener(port: number, options: Readonly<Record<string, string>>, surroundings: Surroundings): Promise<Started> {
  const log = createMemoryLog();
  const open = async (): Promise<Source> => {
    const made = log.attach(listener(port, options, surroundings));
    await made.open(log.intake);
    return made;
  };
  const world = {
    port, log, source: await open(),
    async restart() {
      await world.source.close();
      world.source = await open();
    },
    close: () => world.source.close(),
  };
  return world;
}
