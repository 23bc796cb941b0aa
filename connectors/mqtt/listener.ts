/**
 * MQTT source that devices publish to: the gateway is the server, and PUBACK (PUBREC at QoS 2) goes out when the record is
 * durable. MQTT 3.1.1 and 5 over TCP. It takes publishes and nothing else: no subscriptions, no wills, no retained messages.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { type ConnectorContext, type Intake, IoError, type Source } from '../../host/ports.ts';
import { createSplitter, MalformedPacket, type Splitter } from './codec.ts';
import { createInbox, type Publisher } from './inbox.ts';
import { type IConnectPacket, loadPackets, type Packet, type Packets } from './packets.ts';
import { createRedeliveries } from './redelivery.ts';
import { createTopicFilter } from './topic-filter.ts';

const CONNECT_MAX_MS = 10_000; // a connection that does not say who it is
const KEEP_ALIVE_PERIOD_MS = 1000;
/** Messages of a v5 client that may wait for their acknowledgement. */
const RECEIVE_MAXIMUM = 2048;
const TOPIC_ALIAS_MAXIMUM = 64;
/** A pause this long means that the store or the outbox is full, not that the disk is busy: no new clients then. */
const BUSY_AFTER_MS = 2000;
const LOOPBACK = /^(?:127\.|localhost$|::1$)/;

interface Connection {
  readonly socket: Socket;
  readonly splitter: Splitter;
  readonly parser: ReturnType<Packets['parser']>;
  version: number;
  publisher: Publisher | undefined;
  keepAliveMs: number;
  heardAt: number;
}

export function mqttListener(context: ConnectorContext): Source {
  const { options, clock } = context;
  const redeliveries = createRedeliveries();
  const inbox = createInbox({ redeliveries, accepts: createTopicFilter(options['topic']), dropsAmbiguous: options['qos1.ambiguous'] === 'drop' });
  const connections = new Set<Connection>();
  const byClient = new Map<string, Connection>();
  let server: Server | undefined;
  let packets: Packets;
  let intake: Intake;
  let pausedAt: number | undefined;
  let cancelTimer = (): void => undefined;

  // ---------------------------------------------------------------------------------------------------------- connections

  function accept(socket: Socket): void {
    socket.setNoDelay(true);
    const connection: Connection = {
      socket, version: 4, publisher: undefined, keepAliveMs: CONNECT_MAX_MS / 1.5, heardAt: clock.monotonic(), parser: packets.parser(),
      splitter: createSplitter({
        payloadMaxBytes: context.payloadMaxBytes,
        isVersion5: () => connection.version === 5,
        handler: {
          publish(bytes, topicStart, topicEnd, packetId, flags, alias, start, end) {
            if (!connection.publisher) throw new MalformedPacket('PUBLISH before CONNECT');
            if (!inbox.take(intake, connection.publisher, bytes, topicStart, topicEnd, packetId, flags, alias, start, end)) pauseAll();
          },
          control: (bytes, start, end) => answer(connection, connection.parser.parse(bytes.subarray(start, end))),
        },
      }),
    };
    connections.add(connection);
    if (pausedAt !== undefined) socket.pause();
    socket.on('data', (chunk: Buffer) => {
      connection.heardAt = clock.monotonic();
      try {
        connection.splitter.push(chunk);
      } catch (error) {
        refuse(connection, error instanceof MalformedPacket ? error.reason : 0x81, (error as Error).message);
        return;
      }
      if (pausedAt === undefined && socket.readableLength === 0) intake.flush();
    });
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => forget(connection));
  }
  function forget(connection: Connection): void {
    connections.delete(connection);
    const client = connection.publisher?.session.client;
    if (client !== undefined && byClient.get(client) === connection) byClient.delete(client);
  }
  function send(connection: Connection, packet: Packet): void {
    if (!connection.socket.destroyed) connection.socket.write(packets.generate(packet, connection.version));
  }
  /** Ends a connection; only MQTT 5 can say why. */
  function refuse(connection: Connection, reason: number, text: string): void {
    context.log(`${connection.publisher?.session.client ?? connection.socket.remoteAddress ?? 'a client'}: ${text}`);
    if (connection.publisher && connection.version === 5) send(connection, { cmd: 'disconnect', reasonCode: reason });
    connection.socket.end();
    connection.socket.destroySoon();
    forget(connection);
  }

  // -------------------------------------------------------------------------------------------------------------- packets

  function answer(connection: Connection, packet: Packet): void {
    if (packet.cmd === 'connect') return connect(connection, packet);
    if (!connection.publisher) throw new MalformedPacket(`${packet.cmd} before CONNECT`);
    switch (packet.cmd) {
      case 'pingreq': return send(connection, { cmd: 'pingresp' });
      case 'pubrel': return send(connection, { cmd: 'pubcomp', messageId: packet.messageId ?? 0 });
      case 'subscribe': {
        const granted = packet.subscriptions.map(() => 0x80); // MQTT 3.1.1, 3.9.3: failure; this is no broker
        return send(connection, { cmd: 'suback', messageId: packet.messageId ?? 0, granted });
      }
      case 'unsubscribe': return send(connection, { cmd: 'unsuback', messageId: packet.messageId ?? 0, granted: packet.unsubscriptions.map(() => 0x11) });
      case 'disconnect': {
        connection.socket.end();
        return;
      }
      default: throw new MalformedPacket(`${packet.cmd} from a client`, 0x82);
    }
  }
  function connect(connection: Connection, packet: IConnectPacket): void {
    connection.version = packet.protocolVersion ?? 4;
    const is5 = connection.version === 5;
    const reject = (code5: number, code3: number, text: string): void => {
      send(connection, is5 ? { cmd: 'connack', sessionPresent: false, reasonCode: code5 } : { cmd: 'connack', sessionPresent: false, returnCode: code3 });
      refuse(connection, code5, text);
    };
    if (connection.publisher) throw new MalformedPacket('a second CONNECT', 0x82); // MQTT 5.0, 3.1
    if (connection.version !== 4 && !is5) return reject(0x84, 1, `protocol version ${connection.version}`);
    if (!isAllowed(packet)) return reject(0x86, 4, 'wrong user name or password');
    if (packet.clientId === '' && !packet.clean) return reject(0x85, 2, 'no client id for a session that is to be kept');
    if (pausedAt !== undefined && clock.monotonic() - pausedAt > BUSY_AFTER_MS) return reject(0x89, 3, 'busy: the store or the outbox is full');
    const client = packet.clientId === '' ? `anonymous-${Math.floor(clock.monotonic() * 1000).toString(36)}` : packet.clientId;
    const older = byClient.get(client);
    if (older) refuse(older, 0x8e, 'taken over by a newer connection'); // MQTT 5.0, 3.1.4-3
    const { session, isResumed } = redeliveries.connect(client, packet.clean === true);
    connection.keepAliveMs = (packet.keepalive ?? 0) * 1000;
    const publisher: Publisher = {
      session, isResumed, aliases: new Map(), acks: new Uint8Array(256), ackLength: 0,
      write: (bytes) => { if (!connection.socket.destroyed) connection.socket.write(bytes); },
      confirm: () => send(connection, is5 ? {
        cmd: 'connack', sessionPresent: isResumed, reasonCode: 0,
        properties: {
          receiveMaximum: RECEIVE_MAXIMUM, topicAliasMaximum: TOPIC_ALIAS_MAXIMUM, retainAvailable: true, maximumPacketSize: context.payloadMaxBytes + 65_536,
          ...(packet.clientId === '' ? { assignedClientIdentifier: client } : {}),
        },
      } : { cmd: 'connack', sessionPresent: isResumed, returnCode: 0 }),
    };
    connection.publisher = publisher;
    byClient.set(client, connection);
    // A session that is to be kept is durable before the device hears of it: it drops what it has in flight when we deny one later.
    if (isResumed || packet.clean === true) publisher.confirm();
    else {
      if (!inbox.openSession(intake, publisher)) pauseAll();
      intake.flush();
    }
  }
  function isAllowed({ username, password }: IConnectPacket): boolean {
    if (options['username'] === undefined && options['password'] === undefined) return true;
    return (options['username'] ?? username) === username && (options['password'] ?? '') === (password?.toString() ?? '');
  }

  // ------------------------------------------------------------------------------------------------------------- pressure

  function pauseAll(): void {
    if (pausedAt !== undefined) return;
    pausedAt = clock.monotonic();
    for (const { socket } of connections) socket.pause();
  }
  function resumeAll(): void {
    if (pausedAt === undefined || !server) return;
    pausedAt = undefined;
    for (const connection of connections) {
      connection.heardAt = clock.monotonic(); // what it sent meanwhile is still in the socket
      connection.socket.resume();
    }
  }
  function checkKeepAlive(): void {
    const now = clock.monotonic();
    if (pausedAt === undefined) {
      for (const connection of [...connections]) {
        // MQTT 5.0, 3.1.2.10: one and a half times the keep alive.
        if (connection.keepAliveMs > 0 && now - connection.heardAt > connection.keepAliveMs * 1.5) refuse(connection, 0x8d, 'nothing heard within the keep alive');
      }
    }
    cancelTimer = clock.wake(KEEP_ALIVE_PERIOD_MS, checkKeepAlive);
  }

  return {
    restore(snapshot) { if (snapshot) redeliveries.restore(snapshot); },
    replay(batch) { redeliveries.replay(batch); },
    async open(port) {
      intake = port;
      packets = await loadPackets();
      const { host, port: number } = addressOf(options['listen'] ?? '', options['listen.allow-remote'] === 'true');
      const listening = createServer(accept);
      await new Promise<void>((resolve, reject) => {
        listening.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, `${host}:${number}`)));
        listening.listen(number, host, resolve);
      });
      server = listening;
      checkKeepAlive();
    },
    position: () => new Uint8Array(0),
    snapshot: () => redeliveries.snapshot(),
    committed: (count) => inbox.acknowledgements.committed(count),
    resume: resumeAll,
    stop() {
      cancelTimer();
      server?.close();
      server = undefined;
      for (const { socket } of connections) socket.pause();
      return Promise.resolve();
    },
    async close() {
      await this.stop();
      await Promise.all([...connections].map((connection) => farewell(connection, (packet) => send(connection, packet))));
    },
  };
}

/** Ends a connection after its last acknowledgements are on the wire. */
function farewell({ socket, version, publisher }: Connection, send: (packet: Packet) => void): Promise<void> {
  if (publisher && version === 5) send({ cmd: 'disconnect', reasonCode: 0x8b }); // server shutting down
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), 500);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume(); // 'close' comes only when what the client still sent is read
    socket.removeAllListeners('data');
    socket.on('data', () => undefined);
    socket.destroySoon();
    if (socket.destroyed) resolve();
  });
}

function addressOf(listen: string, allowsRemote: boolean): { readonly host: string; readonly port: number } {
  const match = /^(?:mqtt:\/\/)?(.*):(\d+)$/.exec(listen.trim());
  if (!match) throw new IoError(`mqtt: 'listen' = '${listen}' is no address`, { retry: false, remedy: "write 'listen' = '127.0.0.1:1883'" });
  const host = (match[1] === '' || match[1] === '*' ? '0.0.0.0' : match[1] ?? '').replace(/^\[|\]$/g, '');
  if (!LOOPBACK.test(host) && !allowsRemote) {
    throw new IoError(`mqtt: 'listen' = '${listen}' is open to other machines`, {
      retry: false, remedy: "say 'listen.allow-remote' = 'true' (and set 'username' and 'password'), or listen on 127.0.0.1",
    });
  }
  return { host, port: Number(match[2]) };
}

function listenError(error: NodeJS.ErrnoException, address: string): IoError {
  const remedy = error.code === 'EADDRINUSE' ? 'stop the other program (a broker?) or choose another port'
    : error.code === 'EACCES' ? 'choose a port above 1023' : "check option 'listen'";
  return new IoError(`mqtt: cannot listen on ${address}: ${error.message}`, { retry: false, remedy, cause: error });
}
