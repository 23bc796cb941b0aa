/**
 * From a PUBLISH to the intake, the same for listener and client: topic aliases, the topic filter, redeliveries, and the
 * acknowledgement that waits until the record is durable.
 */
import { type Arrival, FLAG_DUP, FLAG_MARK, FLAG_QOS, type Intake } from '../../host/ports.ts';
import { type Acknowledgements, createAcknowledgements, type Peer } from './acknowledgements.ts';
import { MalformedPacket } from './codec.ts';
import { hashOf, type Redeliveries, type Session } from './redelivery.ts';
import type { TopicFilter } from './topic-filter.ts';

/** The end of a connection that publishes to us. */
export interface Publisher extends Peer {
  readonly session: Session;
  readonly isResumed: boolean;
  readonly aliases: Map<number, Uint8Array>;
}

export interface InboxOptions {
  readonly redeliveries: Redeliveries;
  readonly accepts: TopicFilter;
  /** What to do with DUP = 1 and a known payload on a session that was not resumed. */
  readonly dropsAmbiguous: boolean;
}

export interface InboxCounts { redelivered: number; ambiguous: number; filtered: number }

export interface Inbox {
  readonly acknowledgements: Acknowledgements;
  readonly counts: InboxCounts;
  /** Logs that the publisher's session exists; `confirm` is called when that is durable. @returns as `take` */
  openSession(intake: Intake, from: Publisher): boolean;
  /** @returns false when the intake wants a pause; the packet itself was taken */
  take(intake: Intake, from: Publisher, bytes: Uint8Array, topicStart: number, topicEnd: number, packetId: number, flags: number, alias: number, start: number, end: number): boolean;
}

const NONE = new Uint8Array(0);

export function createInbox({ redeliveries, accepts, dropsAmbiguous }: InboxOptions): Inbox {
  const acknowledgements = createAcknowledgements();
  const counts: InboxCounts = { redelivered: 0, ambiguous: 0, filtered: 0 };
  const arrival: Arrival = { bytes: NONE, start: 0, end: 0, topic: NONE, topicStart: 0, topicEnd: 0, packetId: 0, flags: 0, client: '' };

  /** MQTT 5.0, 3.3.2.3.4: an alias with a topic sets it, one without a topic stands for it. */
  function resolveTopic(from: Publisher, bytes: Uint8Array, topicStart: number, topicEnd: number, alias: number): void {
    arrival.topic = bytes;
    arrival.topicStart = topicStart;
    arrival.topicEnd = topicEnd;
    if (alias === 0) {
      if (topicStart === topicEnd) throw new MalformedPacket('PUBLISH without a topic', 0x82);
    } else if (topicStart < topicEnd) {
      from.aliases.set(alias, bytes.slice(topicStart, topicEnd));
    } else {
      const topic = from.aliases.get(alias);
      if (!topic) throw new MalformedPacket(`topic alias ${alias} was never set`, 0x82);
      arrival.topic = topic;
      arrival.topicStart = 0;
      arrival.topicEnd = topic.length;
    }
  }
  /** Whether the packet is one that is in the log already. */
  function isRedelivery(from: Publisher, packetId: number, flags: number, hash: number): boolean {
    if ((flags & FLAG_DUP) === 0 || !redeliveries.isKnown(from.session, packetId, hash)) return false;
    if (from.isResumed) return true;
    counts.ambiguous += 1;
    return dropsAmbiguous;
  }
  return {
    acknowledgements, counts,
    openSession(intake, from) {
      Object.assign(arrival, { bytes: NONE, start: 0, end: 0, topic: NONE, topicStart: 0, topicEnd: 0, packetId: 0, flags: FLAG_MARK, client: from.session.client });
      acknowledgements.pushed();
      acknowledgements.addSession(from);
      return intake.push(arrival);
    },
    take(intake, from, bytes, topicStart, topicEnd, packetId, flags, alias, start, end) {
      const qos = (flags & FLAG_QOS) >> 1;
      resolveTopic(from, bytes, topicStart, topicEnd, alias);
      if (!accepts(arrival.topic, arrival.topicStart, arrival.topicEnd)) {
        counts.filtered += 1;
        if (qos > 0) acknowledgements.add(from, packetId, qos);
        return true;
      }
      if (qos > 0) {
        const hash = hashOf(arrival.topic, arrival.topicStart, arrival.topicEnd, bytes, start, end);
        if (isRedelivery(from, packetId, flags, hash)) {
          counts.redelivered += 1;
          redeliveries.note(from.session, packetId, hash); // it may be sent once more on the next connection
          acknowledgements.add(from, packetId, qos);
          return true;
        }
        redeliveries.note(from.session, packetId, hash);
      }
      arrival.bytes = bytes;
      arrival.start = start;
      arrival.end = end;
      arrival.packetId = packetId;
      arrival.flags = flags;
      arrival.client = from.session.client;
      acknowledgements.pushed();
      if (qos > 0) acknowledgements.add(from, packetId, qos);
      return intake.push(arrival);
    },
  };
}
