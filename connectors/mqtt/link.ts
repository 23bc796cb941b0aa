/**
 * One connection to a broker: CONNECT to the first PUBLISH, pings, and the bytes that wait while the log has no room. It ends
 * once, with a reason; the client source then makes the next one.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Clock, IoError } from '../../host/ports.ts';
import { createPeer } from './acknowledgements.ts';
import type { Broker } from './broker.ts';
import { createSplitter, MalformedPacket, REASON_PROTOCOL } from './codec.ts';
import type { Inbox, Publisher } from './inbox.ts';
import type { IConnackPacket, ISubackPacket, Packet, Packets } from './packets.ts';
import type { Session } from './session.ts';

const CONNECT_MAX_MS = 10_000;
const FAREWELL_MS = 500;
/** In flight from a v5 broker; what bounds memory is that we stop reading. */
const RECEIVE_MAXIMUM = 65_535;
const SUBSCRIBE_ID = 1;
const UNSUBSCRIBE_ID = 2;

export interface LinkParts {
  readonly broker: Broker;
  readonly packets: Packets;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly version: 4 | 5;
  readonly clientId: string;
  readonly keepAliveMs: number;
  readonly expirySeconds: number;
  readonly payloadMaxBytes: number;
  /** CONNACK has come. @returns whose packets these are from now on */
  welcomed(connack: IConnackPacket): { readonly session: Session; readonly isResumed: boolean };
  subscribed(suback: ISubackPacket): void;
  /** It is over; called once, also after `close`. */
  ended(error: Error): void;
}

export interface Link {
  subscribe(filters: readonly string[], qos: 0 | 1 | 2): void;
  unsubscribe(filters: readonly string[]): void;
  /** The log has room again. */
  resume(): void;
  /** Reads no more; acknowledgements still go out. */
  stop(): void;
  fail(error: Error): void;
  close(): Promise<void>;
}

export function createLink(parts: LinkParts): Link {
  const { broker, packets, clock, inbox, version, keepAliveMs } = parts;
  const socket: Socket = broker.tls ? connectTls({ ...broker.tls, host: broker.host, port: broker.port }) : connectTcp(broker.port, broker.host);
  const parser = packets.parser(version);
  let publisher: Publisher | undefined;
  let held: Uint8Array[] = [];
  let isReading = true;
  let isOver = false;
  let reason: Error | undefined;
  let heardAt = clock.monotonic();
  let cancelTimer = clock.wake(CONNECT_MAX_MS, () => fail(new IoError(`mqtt: ${broker.name} does not answer`, { retry: true })));

  const splitter = createSplitter({
    payloadMaxBytes: parts.payloadMaxBytes,
    isVersion5: () => version === 5,
    isOpen: () => publisher !== undefined,
    mayTake: () => !isOver && !inbox.isFull(),
    packetMaxBytes: () => Infinity,
    handler: {
      publish(bytes, topicStart, topicEnd, packetId, flags, alias, start, end) {
        if (publisher) inbox.take(publisher, bytes, topicStart, topicEnd, packetId, flags, alias, start, end);
      },
      control: (bytes, start, end) => answer(parser.parse(bytes.subarray(start, end))),
    },
  });

  function send(packet: Packet): void {
    write(packets.generate(packet, version));
  }
  function write(bytes: Uint8Array): void {
    if (socket.writable) socket.write(bytes);
  }
  function fail(error: Error): void {
    reason ??= error;
    socket.destroy();
  }
  function greet(): void {
    const { username, password } = broker;
    send({
      cmd: 'connect', protocolId: 'MQTT', protocolVersion: version, clean: false, clientId: parts.clientId, keepalive: Math.ceil(keepAliveMs / 1000),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: Buffer.from(password) }),
      ...(version === 5 ? { properties: { sessionExpiryInterval: parts.expirySeconds, receiveMaximum: RECEIVE_MAXIMUM, topicAliasMaximum: 0 } } : {}),
    });
  }
  function answer(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack': {
        if (publisher) throw new MalformedPacket('a second CONNACK', REASON_PROTOCOL);
        const { session, isResumed } = parts.welcomed(packet);
        publisher = {
          ...createPeer(write, () => undefined), session, isResumed, aliases: new Map(), topic: undefined,
        };
        cancelTimer();
        return ping();
      }
      case 'suback': return parts.subscribed(packet);
      case 'pubrel': return publisher && inbox.release(publisher, packet.messageId ?? 0);
      case 'pingresp': case 'unsuback': return;
      case 'disconnect': throw new Error(`${broker.name} ends the connection (0x${(packet.reasonCode ?? 0).toString(16)})`);
      default: throw new MalformedPacket(`${packet.cmd} from a broker`, REASON_PROTOCOL);
    }
  }
  /** By the clock and not by traffic: while we do not read, the broker still hears us. */
  function ping(): void {
    if (isOver || keepAliveMs === 0) return;
    if (!socket.isPaused() && clock.monotonic() - heardAt > keepAliveMs * 1.5) {
      return fail(new IoError(`mqtt: ${broker.name} is silent`, { retry: true }));
    }
    send({ cmd: 'pingreq' });
    cancelTimer = clock.wake(keepAliveMs / 2, ping);
  }
  function take(chunk: Uint8Array): void {
    try {
      const taken = splitter.push(chunk);
      if (taken < chunk.length && !isOver) held.unshift(chunk.subarray(taken));
    } catch (error) {
      fail(error as Error);
    }
  }
  function settle(): void {
    inbox.acknowledgements.release();
    if (held.length > 0 || inbox.isFull() || !isReading) socket.pause();
    else {
      socket.resume();
      inbox.intake?.flush();
    }
  }

  socket.setNoDelay(true);
  socket.once(broker.tls ? 'secureConnect' : 'connect', greet);
  socket.on('data', (chunk: Buffer) => {
    heardAt = clock.monotonic();
    if (!isReading) return;
    if (held.length > 0 || inbox.isFull()) held.push(chunk);
    else take(chunk);
    settle();
  });
  socket.on('error', (error) => { reason ??= error; });
  socket.on('close', () => {
    isOver = true;
    cancelTimer();
    parts.ended(reason ?? new Error('the connection was closed'));
  });
  return {
    subscribe(filters, qos) {
      const subscriptions = filters.map((topic) => ({ topic, qos, ...(version === 5 ? { nl: false, rap: true, rh: 1 } : {}) }));
      send({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions });
    },
    unsubscribe(filters) { send({ cmd: 'unsubscribe', messageId: UNSUBSCRIBE_ID, unsubscriptions: [...filters] }); },
    resume() {
      heardAt = clock.monotonic(); // what the broker sent meanwhile is still in the socket
      while (held.length > 0 && !inbox.isFull() && isReading && !isOver) take(held.shift() ?? new Uint8Array(0));
      settle();
    },
    stop() {
      isReading = false;
      held = [];
      socket.pause();
    },
    fail,
    close() {
      isReading = false;
      if (publisher) send(version === 5 ? { cmd: 'disconnect', reasonCode: 0 } : { cmd: 'disconnect' });
      return new Promise((resolve) => {
        if (socket.destroyed) return resolve();
        const cancel = clock.wake(FAREWELL_MS, () => socket.destroy());
        socket.once('close', () => {
          cancel();
          resolve();
        });
        socket.resume(); // unread bytes would reset the connection and take our last acknowledgements with them
        socket.end();
      });
    },
  };
}
