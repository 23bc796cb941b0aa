/**
 * MQTT sink: publishes each result at QoS 1 through mqtt.js and calls a delivery done when the broker has acknowledged all of
 * it. A broker keeps no progress for us, so after a failure the newest results are published again: at-least-once.
 */
import type { MqttClient } from 'mqtt';
import { type ConnectorContext, IoError, type Result, type Sink } from '../../host/ports.ts';
import { brokerOf, failedConnect, refuse, refusedConnect } from './broker.ts';

/** Publishes that wait for their PUBACK; below every broker's limit for clients of 3.1.1. */
const IN_FLIGHT_MAX = 1000;
const KEEP_ALIVE_SECONDS = 30;
const CONNECT_MAX_MS = 10_000;

export function mqttSink(context: ConnectorContext): Sink {
  const { options } = context;
  const broker = brokerOf(options);
  const topic = options['topic'] ?? '';
  if (topic === '' || /[+#]/.test(topic)) throw refuse(`table ${context.table}: a sink needs one topic without wildcards`, "set 'topic' = 'plant/results'");
  const retain = options['retain'] === 'true';
  let client: MqttClient | undefined;
  /** Rejects when the connection is over. */
  let over: Promise<never> | undefined;

  function publish(to: MqttClient, { value }: Result): Promise<void> {
    const payload = Buffer.from(value.buffer, value.byteOffset, value.length);
    return new Promise((resolve, reject) => {
      to.publish(topic, payload, { qos: 1, retain }, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
  return {
    async open({ gateway, job, sink }) {
      const { default: mqttjs } = await import('mqtt');
      const { username, password, tls } = broker;
      // 3.1.1: a broker's Receive Maximum (20 by default in mosquitto) would hold every 20 results for a round trip.
      const opened = mqttjs.connect({
        host: broker.host, port: broker.port, protocol: tls ? 'mqtts' : 'mqtt', protocolVersion: 4, clean: true,
        clientId: options['client.id'] ?? `millrace-${gateway.slice(0, 12)}-${job}-${sink}`,
        keepalive: KEEP_ALIVE_SECONDS, connectTimeout: CONNECT_MAX_MS, reconnectPeriod: 0, // the runtime makes a new sink instead
        ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }), ...tls,
      });
      client = opened;
      let reason: Error | undefined;
      over = new Promise((_, reject) => {
        opened.on('error', (error) => { reason ??= error; });
        opened.on('close', () => reject(reason ?? new Error('the connection was closed')));
      });
      over.catch(() => undefined); // heard by whoever waits; nobody may
      const connected = new Promise<void>((resolve) => { opened.once('connect', () => resolve()); });
      try {
        await Promise.race([connected, over]);
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        throw typeof code === 'number' ? refusedConnect(broker, code, true) : failedConnect(broker, error, true);
      }
      return undefined;
    },
    async deliver(results) {
      if (!client || !over) throw new IoError('mqtt: deliver before open', { retry: false });
      try {
        for (let at = 0; at < results.length; at += IN_FLIGHT_MAX) {
          const to = client;
          await Promise.race([Promise.all(results.slice(at, at + IN_FLIGHT_MAX).map((result) => publish(to, result))), over]);
        }
      } catch (error) {
        throw new IoError(`mqtt: ${broker.name}: ${(error as Error).message}`, { retry: true, cause: error });
      }
    },
    async close() {
      const closing = client;
      client = undefined;
      await closing?.endAsync(true);
    },
  };
}
