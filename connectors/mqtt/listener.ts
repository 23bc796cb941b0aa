/**
 * MQTT source that devices publish to: the gateway is the server, and PUBACK (PUBREC at QoS 2) goes out when the record is
 * durable. MQTT 3.1.1 and 5 over TCP. It takes publishes and nothing else: subscriptions are refused, wills are accepted and
 * never published, a retained publish is a row like any other (its RETAIN flag is logged).
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { ConnectorContext, Source } from '../../host/ports.ts';
import { createPeer } from './acknowledgements.ts';
import { addressOf, listenError } from './address.ts';
import { type Connection, createConnection } from './connection.ts';
import { type Accepted, confirmation, judge, rejection, TOPIC_ALIAS_MAXIMUM } from './handshake.ts';
import { createInbox, type Publisher } from './inbox.ts';
import { type IConnectPacket, loadPackets, type Packets } from './packets.ts';
import { createReport } from './report.ts';
import { createSessions } from './session.ts';
import { createTopicFilter } from './topic-filter.ts';

const KEEP_ALIVE_PERIOD_MS = 1000;
/** A pause this long means that the store or the outbox is full, not that the disk is busy: no new devices then. */
const BUSY_AFTER_MS = 2000;
/** Bytes of all connections together that may wait while the log has no room. */
const HELD_MAX_BYTES = 16 * 1024 * 1024;
/** What a PUBLISH may be longer than its payload: topic and properties. */
const HEAD_BYTES = 65_536;

export function mqttListener(context: ConnectorContext): Source {
  const { options, clock } = context;
  const sessions = createSessions(clock);
  const inbox = createInbox({
    sessions, accepts: createTopicFilter(options['topic']), aliasMax: TOPIC_ALIAS_MAXIMUM, dropsAmbiguous: options['qos1.ambiguous'] === 'drop',
  });
  const report = createReport(context, inbox.counts, sessions);
  const packetMaxBytes = context.payloadMaxBytes + HEAD_BYTES;
  const connections = new Set<Connection>();
  const byClient = new Map<string, Connection>();
  let server: Server | undefined;
  let packets: Packets | undefined;
  let fullSince: number | undefined;
  let cancelTimer = (): void => undefined;

  function accept(socket: Socket): void {
    if (!packets) return;
    connections.add(createConnection(socket, {
      packets, clock, inbox, packetMaxBytes, payloadMaxBytes: context.payloadMaxBytes, log: report.line, connect, closed,
      mayHold: () => heldBytes() < HELD_MAX_BYTES,
      endSession({ publisher }) { if (publisher?.session.isKept) inbox.markEnd(publisher.session); },
    }));
  }
  function heldBytes(): number {
    let total = 0;
    for (const connection of connections) total += connection.heldBytes();
    return total;
  }
  function closed(connection: Connection): void {
    connections.delete(connection);
    const session = connection.publisher?.session;
    if (!session || byClient.get(session.client) !== connection) return;
    byClient.delete(session.client);
    sessions.disconnect(session);
  }
  function connect(connection: Connection, packet: IConnectPacket): void {
    connection.version = packet.protocolVersion ?? 4;
    const isBusy = fullSince !== undefined && clock.monotonic() - fullSince > BUSY_AFTER_MS;
    const verdict = judge(packet, options, isBusy);
    if (verdict.kind === 'accepted') return welcome(connection, verdict);
    connection.send(rejection(verdict, connection.version));
    connection.refuse(verdict.reason, verdict.text);
  }
  function welcome(connection: Connection, { client, assigned, isFresh, expirySeconds, keepAliveMs }: Accepted): void {
    byClient.get(client)?.refuse(0x8e, 'taken over by a newer connection'); // MQTT 5.0, 3.1.4-3
    const { session, isResumed, wasKept } = sessions.connect(client, isFresh);
    const confirm = (): void => connection.send(confirmation({ assigned, isResumed, packetMaxBytes }, connection.version));
    const publisher: Publisher = {
      ...createPeer(connection.write, confirm), session, isResumed, aliases: new Map(), topic: undefined,
    };
    connection.publisher = publisher;
    connection.keepAliveMs = keepAliveMs;
    if (client !== '') byClient.set(client, connection);
    // What the log says of the session is durable before the device hears of it: a device told that its session is kept
    // counts on it after our crash, one told that it is not drops what it has in flight.
    if (!isResumed && expirySeconds > 0) inbox.markOpen(session, expirySeconds);
    else if (wasKept && expirySeconds === 0) inbox.markEnd(session);
    else {
      session.expirySeconds = expirySeconds;
      return confirm();
    }
    inbox.acknowledgements.addSession(publisher);
  }

  // ------------------------------------------------------------------------------------------------------------- pressure

  function resume(): void {
    if (!server) return;
    for (const connection of [...connections]) {
      if (inbox.isFull()) return;
      if (connection.heldBytes() === 0) continue;
      connections.delete(connection); // the others come first next time
      connections.add(connection);
      connection.resume();
    }
    inbox.acknowledgements.release();
    inbox.intake?.flush();
  }
  function everySecond(): void {
    fullSince = inbox.isFull() ? fullSince ?? clock.monotonic() : undefined;
    for (const connection of [...connections]) {
      if (connection.isOverdue()) connection.refuse(0x8d, 'nothing heard within the keep alive');
    }
    report.evictions();
    cancelTimer = clock.wake(KEEP_ALIVE_PERIOD_MS, everySecond);
  }
  function stop(): Promise<void> {
    cancelTimer();
    server?.close();
    server = undefined;
    for (const connection of connections) connection.stop();
    return Promise.resolve();
  }

  return {
    restore(snapshot) { if (snapshot) sessions.restore(snapshot); },
    replay: sessions.replay,
    async open(intake) {
      inbox.intake = intake;
      packets = await loadPackets();
      const address = addressOf(options);
      const listening = createServer(accept);
      await new Promise<void>((resolve, reject) => {
        listening.once('error', (error) => reject(listenError(error, address)));
        listening.listen(address.port, address.host, resolve);
      });
      server = listening;
      everySecond();
    },
    position: () => new Uint8Array(0), // devices send again what was not acknowledged: there is no place to go on from
    snapshot: sessions.snapshot,
    committed(count) {
      const wasFull = inbox.isFull();
      inbox.acknowledgements.committed(count);
      report.redeliveries();
      if (wasFull && !inbox.isFull()) resume();
    },
    resume() {
      inbox.resume();
      resume();
    },
    stop,
    async close() {
      await stop();
      await Promise.all([...connections].map((connection) => connection.farewell(connection.publisher ? 0x8b : undefined))); // server shutting down
      report.summary();
    },
  };
}
