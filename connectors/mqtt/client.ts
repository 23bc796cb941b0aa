/**
 * MQTT source that reads from a broker: a durable session under a fixed client id, many packets in flight, each acknowledged
 * when its record is durable. It connects again by itself; what the broker then repeats is recognised (redelivery.ts).
 */
import { type ConnectorContext, type Intake, IoError, type Source } from '../../host/ports.ts';
import { brokerOf, clientIdOf, failedConnect, qosOf, refuse, refusedConnect, wholeNumber } from './broker.ts';
import { createInbox } from './inbox.ts';
import { createLink, type Link } from './link.ts';
import { type IConnackPacket, type ISubackPacket, loadPackets, type Packets } from './packets.ts';
import { createReport } from './report.ts';
import { createSessions, FOREVER, type Session } from './session.ts';
import { createTopicFilter, topicFilters } from './topic-filter.ts';

const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 30_000;
const KEEP_ALIVE_SECONDS = 30;
const EXPIRY_SECONDS = 7 * 24 * 3600; // a gateway may be away for a week; one that was taken down must not fill the broker for ever
const SHARED = /^\$share\/[^/]+\//;

interface Waiter { resolve(): void; reject(error: unknown): void }

export function mqttClient(context: ConnectorContext): Source {
  const { options, clock } = context;
  const broker = brokerOf(options);
  const clientId = clientIdOf(context);
  const qos = qosOf(options);
  const filters = topicFilters(options['topic']);
  const wanted = `${qos} ${filters.join(';')}`;
  const keepAliveMs = wholeNumber(options, 'keep-alive', KEEP_ALIVE_SECONDS) * 1000;
  const expirySeconds = Math.min(FOREVER, wholeNumber(options, 'session.expiry', EXPIRY_SECONDS));
  const protocol = options['protocol'] ?? 'auto';
  const sessions = createSessions(clock);
  const inbox = createInbox({
    sessions, accepts: createTopicFilter(filters.map((filter) => filter.replace(SHARED, '')).join(';')), aliasMax: 0,
    dropsAmbiguous: options['qos1.ambiguous'] === 'drop',
  });
  const report = createReport(context, inbox.counts, sessions);
  let version: 4 | 5 = protocol === '3.1.1' ? 4 : 5;
  let packets: Packets | undefined;
  let link: Link | undefined;
  let waiter: Waiter | undefined;
  let session: Session | undefined;
  let wasOpen = false;
  let failures = 0;
  let isStopped = false;
  let cancelBackoff = (): void => undefined;

  /** Connects and subscribes. Rejects with IoError. */
  function attempt(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!packets) return reject(new Error('opened before packets are loaded'));
      waiter = { resolve, reject };
      link = createLink({
        broker, packets, clock, inbox, version, clientId, keepAliveMs, expirySeconds, payloadMaxBytes: context.payloadMaxBytes, welcomed, subscribed, ended,
      });
    });
  }
  function welcomed(connack: IConnackPacket): { readonly session: Session; readonly isResumed: boolean } {
    const code = connack.reasonCode ?? connack.returnCode ?? 0;
    if (code !== 0) throw code === 1 || code === 0x84 ? new OldBroker() : refusedConnect(broker, code, !wasOpen);
    const joined = sessions.connect(clientId, !connack.sessionPresent);
    session = joined.session;
    if (!joined.isResumed) inbox.markOpen(session, FOREVER); // also when the broker kept one that we know nothing of
    // The log says whether the subscription was ever granted: a crash between CONNACK and SUBACK leaves a session without one.
    if (session.subscribed === wanted) settled();
    else subscribe(session);
    return joined;
  }
  function subscribe({ subscribed: former }: Session): void {
    const obsolete = former.slice(2).split(';').filter((filter) => filter !== '' && !filters.includes(filter));
    if (obsolete.length > 0) link?.unsubscribe(obsolete);
    link?.subscribe(filters, qos);
  }
  function subscribed(suback: ISubackPacket): void {
    const granted = suback.granted as readonly number[];
    const refused = filters.filter((_, index) => (granted[index] ?? 0x80) >= 0x80);
    if (refused.length > 0) {
      throw refuse(`${broker.name} refuses the subscription to ${refused.join(', ')}`, "allow this user to read it, or check option 'topic'");
    }
    const lowest = Math.min(...granted);
    if (lowest < qos) context.log(`mqtt ${context.table}: ${broker.name} grants QoS ${lowest} instead of ${qos}`);
    if (session) inbox.markSubscribed(session, wanted);
    settled();
  }
  function settled(): void {
    wasOpen = true;
    failures = 0;
    waiter?.resolve();
    waiter = undefined;
  }
  function ended(error: Error): void {
    link = undefined;
    if (session) sessions.disconnect(session);
    if (waiter) {
      waiter.reject(error);
      waiter = undefined;
    } else if (!isStopped) lost(error);
  }
  /** An open source has lost its broker, or could not get it back. */
  function lost(error: unknown): void {
    const failure = failedConnect(broker, error, false);
    const { intake } = inbox;
    if (isStopped || !intake) return;
    intake.failed(failure);
    if (failure.retry) again(intake);
  }
  /** Jittered, so that a fleet of gateways does not come back to a restarted broker in step. */
  function again(intake: Intake): void {
    const delayMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    cancelBackoff = clock.wake(delayMs, () => {
      attempt().then(() => {
        context.log(`mqtt ${context.table}: connected to ${broker.name} again`);
        report.evictions();
        intake.flush();
      }, lost);
    });
  }
  function stop(): Promise<void> {
    isStopped = true;
    cancelBackoff();
    link?.stop();
    return Promise.resolve();
  }

  return {
    restore(snapshot) { if (snapshot) sessions.restore(snapshot); },
    replay: sessions.replay,
    async open(intake) {
      inbox.intake = intake;
      packets = await loadPackets();
      try {
        await attempt().catch((error: unknown) => {
          if (!(error instanceof OldBroker) || protocol !== 'auto') throw error;
          version = 4;
          return attempt();
        });
      } catch (error) {
        isStopped = true;
        if (error instanceof OldBroker) throw refuse(`${broker.name} does not speak MQTT ${protocol}`, "set 'protocol' to 5, 3.1.1 or auto", error);
        throw failedConnect(broker, error, !wasOpen);
      }
    },
    position: () => new Uint8Array(0), // the broker repeats what was not acknowledged: there is no place to go on from
    snapshot: sessions.snapshot,
    committed(count) {
      const wasFull = inbox.isFull();
      inbox.acknowledgements.committed(count);
      report.redeliveries();
      if (wasFull && !inbox.isFull()) link?.resume();
    },
    resume() {
      inbox.resume();
      link?.resume();
    },
    stop,
    async close() {
      await stop();
      await link?.close();
      report.summary();
    },
  };
}

/** The broker knows no MQTT 5 (or no 3.1.1). */
class OldBroker extends IoError {
  constructor() {
    super('mqtt: the broker refuses this version of MQTT', { retry: false });
  }
}
