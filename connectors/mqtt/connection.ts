/**
 * One device at the listener: its socket, the packets in it, and the bytes that wait while the log has no room. Reading
 * stops only when more than a budget waits; until then PINGREQ is answered.
 */
import type { Socket } from 'node:net';
import type { Clock } from '../../host/ports.ts';
import { createSplitter, MalformedPacket, REASON_MALFORMED, REASON_PROTOCOL } from './codec.ts';
import { createHeld, type Held } from './held.ts';
import type { Inbox, Publisher } from './inbox.ts';
import type { IConnectPacket, Packet, Packets } from './packets.ts';

/** Bytes of one connection that may wait; more than a v5 client with the largest Receive Maximum usually has in flight. */
const HELD_MAX_BYTES = 256 * 1024;
/** Acknowledgements that a device does not read; beyond it the device is gone or hostile. */
const UNREAD_MAX_BYTES = 4 * 1024 * 1024;
/** How long a closing connection may take to read the last word. */
const FAREWELL_MS = 500;
/** A connection that does not say who it is. */
const CONNECT_MAX_MS = 10_000;

export interface ConnectionParts {
  readonly packets: Packets;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly payloadMaxBytes: number;
  /** Longest packet, announced to v5 clients alone. */
  readonly packetMaxBytes: number;
  /** Whether all connections together may keep more bytes waiting. */
  mayHold(): boolean;
  connect(connection: Connection, packet: IConnectPacket): void;
  /** The connection is over, for whatever reason; called once. */
  closed(connection: Connection): void;
  /** The device wants its session to end with the connection (DISCONNECT of MQTT 5 with expiry 0). */
  endSession(connection: Connection): void;
  log(line: string): void;
}

export interface Connection {
  readonly remote: string;
  version: number;
  /** Set when CONNECT was accepted. */
  publisher: Publisher | undefined;
  /** 0: no keep alive. */
  keepAliveMs: number;
  send(packet: Packet): void;
  write(bytes: Uint8Array): void;
  /** Ends it; only MQTT 5 hears the reason. */
  refuse(reason: number, text: string): void;
  /** The log has room again: takes what waits. */
  resume(): void;
  /** Reads no more. */
  stop(): void;
  isOverdue(): boolean;
  heldBytes(): number;
  /** Sends the last acknowledgements and closes. */
  farewell(reason: number | undefined): Promise<void>;
}

export function createConnection(socket: Socket, parts: ConnectionParts): Connection {
  const { clock, inbox } = parts;
  const parser = parts.packets.parser();
  let held: Held | undefined;
  /** PINGREQs that were answered while they waited. */
  let pingsAnswered = 0;
  let isReading = true;
  let isClosing = false;
  let heardAt = clock.monotonic();

  const connection: Connection = {
    remote: `${socket.remoteAddress ?? 'a device'}:${socket.remotePort ?? 0}`,
    version: 4, publisher: undefined, keepAliveMs: CONNECT_MAX_MS / 1.5,
    send: (packet) => write(parts.packets.generate(packet, connection.version)),
    write,
    refuse(reason, text) {
      if (isClosing) return;
      parts.log(`${connection.publisher?.session.client || connection.remote}: ${text}`);
      void connection.farewell(connection.publisher ? reason : undefined);
      parts.closed(connection);
    },
    resume() {
      heardAt = clock.monotonic(); // what it sent meanwhile is still in the socket
      while (held && !inbox.isFull() && !isClosing) {
        const chunk = held.next();
        if (!chunk) held = undefined;
        else take(chunk);
      }
      read();
    },
    stop() {
      isReading = false;
      socket.pause();
    },
    // MQTT 5.0, 3.1.2.10: one and a half times the keep alive.
    isOverdue: () => !socket.isPaused() && connection.keepAliveMs > 0 && clock.monotonic() - heardAt > connection.keepAliveMs * 1.5,
    heldBytes: () => held?.sizeBytes() ?? 0,
    farewell,
  };
  const splitter = createSplitter({
    payloadMaxBytes: parts.payloadMaxBytes,
    isVersion5: () => connection.version === 5,
    isOpen: () => connection.publisher !== undefined,
    mayTake: () => !isClosing && (connection.publisher === undefined || !inbox.isFull()),
    packetMaxBytes: () => (connection.version === 5 ? parts.packetMaxBytes : Infinity),
    handler: {
      publish(bytes, topicStart, topicEnd, packetId, flags, alias, start, end) {
        const { publisher } = connection;
        if (publisher) inbox.take(publisher, bytes, topicStart, topicEnd, packetId, flags, alias, start, end);
      },
      control: (bytes, start, end) => answer(parser.parse(bytes.subarray(start, end))),
    },
  });

  function write(bytes: Uint8Array): void {
    if (socket.destroyed || !socket.writable) return;
    socket.write(bytes);
    if (socket.writableLength > UNREAD_MAX_BYTES) socket.destroy(new Error('the device does not read its acknowledgements'));
  }
  /** Takes a chunk as far as the log has room; the rest waits. */
  function take(chunk: Uint8Array): void {
    let taken = 0;
    try {
      taken = splitter.push(chunk);
    } catch (error) {
      const { message } = error as Error;
      // MQTT 3.1.1, 3.1.2.2: unacceptable protocol level.
      if (!connection.publisher && /protocol version/i.test(message)) connection.send({ cmd: 'connack', sessionPresent: false, returnCode: 1 });
      return connection.refuse(error instanceof MalformedPacket ? error.reason : REASON_MALFORMED, message);
    }
    if (taken === chunk.length || isClosing) return;
    if (held) held.putBack(chunk.subarray(taken));
    else hold(chunk.subarray(taken));
  }
  function hold(bytes: Uint8Array): void {
    held ??= createHeld(splitter.missingBytes(), splitter.rest());
    for (let pings = held.keep(bytes); pings > 0; pings -= 1) {
      connection.send({ cmd: 'pingresp' });
      pingsAnswered += 1;
    }
    read();
  }
  function read(): void {
    const hasBudget = !held || (held.sizeBytes() < HELD_MAX_BYTES && parts.mayHold());
    if (isReading && hasBudget) socket.resume();
    else socket.pause();
  }
  function answer(packet: Packet): void {
    if (packet.cmd === 'connect') {
      if (connection.publisher) throw new MalformedPacket('a second CONNECT', REASON_PROTOCOL); // MQTT 5.0, 3.1
      return parts.connect(connection, packet);
    }
    const { publisher } = connection;
    if (!publisher) throw new MalformedPacket(`${packet.cmd} before CONNECT`, REASON_PROTOCOL);
    const messageId = packet.messageId ?? 0;
    switch (packet.cmd) {
      case 'pingreq': {
        if (pingsAnswered > 0) pingsAnswered -= 1;
        else connection.send({ cmd: 'pingresp' });
        return;
      }
      case 'pubrel': return inbox.release(publisher, messageId);
      // This is no broker: every subscription is refused. 0x80: MQTT 3.1.1, 3.9.3; 0x83, implementation specific: MQTT 5.0, 3.9.3.
      case 'subscribe': {
        const code = connection.version === 5 ? 0x83 : 0x80;
        return connection.send({ cmd: 'suback', messageId, granted: packet.subscriptions.map(() => code) });
      }
      case 'unsubscribe': return connection.send({ cmd: 'unsuback', messageId, granted: packet.unsubscriptions.map(() => 0x11) });
      case 'disconnect': {
        if (connection.version === 5 && packet.properties?.sessionExpiryInterval === 0) parts.endSession(connection);
        void farewell(undefined);
        return parts.closed(connection);
      }
      default: throw new MalformedPacket(`${packet.cmd} from a device`, REASON_PROTOCOL);
    }
  }
  function farewell(reason: number | undefined): Promise<void> {
    if (reason !== undefined && connection.version === 5 && !isClosing) connection.send({ cmd: 'disconnect', reasonCode: reason });
    isClosing = true;
    held = undefined;
    return new Promise((resolve) => {
      if (socket.destroyed) return resolve();
      const cancel = clock.wake(FAREWELL_MS, () => socket.destroy());
      socket.once('close', () => {
        cancel();
        resolve();
      });
      socket.resume(); // what it still sends is read and dropped: unread bytes would reset the connection under our last word
      socket.end();
    });
  }

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    if (isClosing) return;
    heardAt = clock.monotonic();
    if (held || (inbox.isFull() && connection.publisher)) return hold(chunk);
    take(chunk);
    inbox.acknowledgements.release();
    if (!held) inbox.intake?.flush();
  });
  socket.on('error', (error) => parts.log(`${connection.publisher?.session.client || connection.remote}: ${error.message}`));
  socket.on('close', () => {
    if (!isClosing) parts.closed(connection);
    isClosing = true;
  });
  return connection;
}
