/**
 * From a PUBLISH to the intake, the same for listener and client: topic aliases, the topic filter, redeliveries, QoS 2 ids,
 * and the acknowledgement that waits until the record is durable.
 */
import { type Arrival, FLAG_DUP, FLAG_MARK, FLAG_QOS, type Intake } from '../../host/ports.ts';
import { type Acknowledgements, createAcknowledgements, type Peer, PUBACK, PUBCOMP, PUBREC } from './acknowledgements.ts';
import { MalformedPacket, REASON_PROTOCOL } from './codec.ts';
import { hashBytes, hashOf } from './redelivery.ts';
import { applyMark, MARK_END, MARK_OPEN, MARK_RELEASE, MARK_SUBSCRIBED, type Session, type Sessions } from './session.ts';
import { checkTopic, type TopicFilter } from './topic-filter.ts';

/** The end of a connection that publishes to us. */
export interface Publisher extends Peer {
  readonly session: Session;
  readonly isResumed: boolean;
  readonly aliases: Map<number, Uint8Array>;
  /** The topic seen last: most publishers send one topic many times. */
  topic: KnownTopic | undefined;
}

interface KnownTopic {
  readonly bytes: Uint8Array;
  readonly hash: number;
  /** Whether the filter lets it pass. */
  readonly isAccepted: boolean;
}

export interface InboxOptions {
  readonly sessions: Sessions;
  readonly accepts: TopicFilter;
  /** Largest topic alias that was announced; 0 for none. */
  readonly aliasMax: number;
  /** What to do with DUP = 1 and a known payload on a session that was not resumed. */
  readonly dropsAmbiguous: boolean;
}

export interface InboxCounts { redelivered: number; ambiguous: number; filtered: number }

export interface Inbox {
  readonly acknowledgements: Acknowledgements;
  readonly counts: Readonly<InboxCounts>;
  /** Where the arrivals go; set by open. */
  intake: Intake | undefined;
  /** The intake, or the queue of acknowledgements, wants a pause; `resume` ends it. */
  isFull(): boolean;
  resume(): void;
  /** A PUBLISH; parameters as in PacketHandler. */
  take(
    from: Publisher, bytes: Uint8Array, topicStart: number, topicEnd: number, packetId: number, flags: number, alias: number, start: number, end: number,
  ): void;
  /** A PUBREL: its PUBCOMP goes out when the log knows that the id is free. */
  release(from: Publisher, packetId: number): void;
  /** Logs that the session is kept, for so many seconds after its connection. */
  markOpen(session: Session, expirySeconds: number): void;
  /** Logs that it is not. */
  markEnd(session: Session): void;
  /** Logs what the broker has granted. */
  markSubscribed(session: Session, filters: string): void;
}

const NONE: Uint8Array = new Uint8Array(0);
/** Acknowledgements of what needs no record (filtered, redelivered) wait too; more than this and reading stops. */
const WAITING_MAX = 65_536;
const encoder = new TextEncoder();

export function createInbox({ sessions, accepts, aliasMax, dropsAmbiguous }: InboxOptions): Inbox {
  const acknowledgements = createAcknowledgements();
  const counts: InboxCounts = { redelivered: 0, ambiguous: 0, filtered: 0 };
  const arrival: Arrival = { bytes: NONE, start: 0, end: 0, topic: NONE, topicStart: 0, topicEnd: 0, packetId: 0, flags: 0, client: '' };
  let isIntakeFull = false;
  let intake: Intake | undefined;

  function push(): void {
    acknowledgements.pushed();
    if (intake?.push(arrival) === false) isIntakeFull = true;
  }
  function mark(session: Session, packetId: number, bytes: Uint8Array): void {
    applyMark(session, bytes, packetId);
    if (session.client === '') return;
    Object.assign(arrival, {
      bytes, start: 0, end: bytes.length, topic: NONE, topicStart: 0, topicEnd: 0, packetId, flags: FLAG_MARK, client: session.client,
    });
    push();
  }
  /** MQTT 5.0, 3.3.2.3.4: an alias with a topic sets it, one without a topic stands for it. */
  function resolveTopic(from: Publisher, bytes: Uint8Array, topicStart: number, topicEnd: number, alias: number): KnownTopic {
    arrival.topic = bytes;
    arrival.topicStart = topicStart;
    arrival.topicEnd = topicEnd;
    if (alias > aliasMax) throw new MalformedPacket(`topic alias ${alias}, at most ${aliasMax}`, 0x94);
    if (topicStart === topicEnd) {
      const topic = from.aliases.get(alias);
      if (!topic) throw new MalformedPacket('PUBLISH without a topic', REASON_PROTOCOL);
      arrival.topic = topic;
      arrival.topicStart = 0;
      arrival.topicEnd = topic.length;
    } else if (alias !== 0) from.aliases.set(alias, bytes.slice(topicStart, topicEnd));
    if (!from.topic || !isEqual(from.topic.bytes, arrival.topic, arrival.topicStart, arrival.topicEnd)) from.topic = learnTopic();
    return from.topic;
  }
  function learnTopic(): KnownTopic {
    checkTopic(arrival.topic, arrival.topicStart, arrival.topicEnd);
    const bytes = arrival.topic.slice(arrival.topicStart, arrival.topicEnd);
    return { bytes, hash: hashBytes(bytes, 0, bytes.length), isAccepted: accepts(bytes, 0, bytes.length) };
  }
  /** Notes what the packet id holds. @returns false when the packet is in the log already, or on its way into it */
  function isNew(from: Publisher, topicHash: number, bytes: Uint8Array, packetId: number, flags: number, start: number, end: number): boolean {
    const { session } = from;
    if ((flags & FLAG_QOS) === 4) { // MQTT 5.0, 4.3.3: an id that was not released is the same packet, whatever DUP says
      if (session.unreleased.has(packetId)) return false;
      session.unreleased.add(packetId);
      return true;
    }
    const hash = hashOf(topicHash, bytes, start, end);
    if ((flags & FLAG_DUP) !== 0 && sessions.isHeld(session, packetId, hash)) {
      if (from.isResumed) return false;
      counts.ambiguous += 1;
      if (dropsAmbiguous) return false;
    }
    sessions.hold(session, packetId, hash);
    return true;
  }
  return {
    acknowledgements, counts,
    get intake() { return intake; },
    set intake(port) { intake = port; },
    isFull: () => isIntakeFull || acknowledgements.waitingCount() >= WAITING_MAX,
    resume() { isIntakeFull = false; },
    take(from, bytes, topicStart, topicEnd, packetId, flags, alias, start, end) {
      const qos = (flags & FLAG_QOS) >> 1;
      const topic = resolveTopic(from, bytes, topicStart, topicEnd, alias);
      if (!topic.isAccepted) counts.filtered += 1;
      else if (qos > 0 && !isNew(from, topic.hash, bytes, packetId, flags, start, end)) counts.redelivered += 1;
      else {
        arrival.bytes = bytes;
        arrival.start = start;
        arrival.end = end;
        arrival.packetId = packetId;
        arrival.flags = flags;
        arrival.client = from.session.client;
        push();
      }
      if (qos > 0) acknowledgements.add(from, qos === 2 ? PUBREC : PUBACK, packetId);
    },
    release(from, packetId) {
      const wasHeld = from.session.unreleased.remove(packetId);
      if (wasHeld && from.session.isKept) mark(from.session, packetId, Uint8Array.of(MARK_RELEASE));
      acknowledgements.add(from, PUBCOMP, packetId);
    },
    markOpen(session, expirySeconds) {
      const bytes = new Uint8Array(5);
      bytes[0] = MARK_OPEN;
      new DataView(bytes.buffer).setUint32(1, expirySeconds, true);
      mark(session, 0, bytes);
    },
    markEnd(session) { mark(session, 0, Uint8Array.of(MARK_END)); },
    markSubscribed(session, filters) { mark(session, 0, Uint8Array.of(MARK_SUBSCRIBED, ...encoder.encode(filters))); },
  };
}

function isEqual(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = known.length - 1; index >= 0; index -= 1) if (known[index] !== bytes[start + index]) return false; // ends differ first
  return true;
}
