/**
 * MQTT 3.1.1 and 5. As a source either a listener ('listen') that devices publish to, acknowledged when durable, or a client
 * of a broker ('url'); as a sink a publisher to a broker. What is promised, and how brokers must be set: docs/mqtt.md.
 */
import { type Connector, type ConnectorContext, type ConnectorOptions, type GuaranteeStatement, IoError, type Source } from '../host/ports.ts';
import { mqttClient } from './mqtt/client.ts';
import { mqttListener } from './mqtt/listener.ts';
import { OPTIONS } from './mqtt/options.ts';
import { mqttSink } from './mqtt/sink.ts';

const DISTINCT = 'if payloads in flight are distinct (a time or a sequence in them)';

function sourceGuarantee(options: ConnectorOptions): GuaranteeStatement {
  if (options['listen'] !== undefined) return { level: 'exactly-once', note: `QoS 2; QoS 1 ${DISTINCT}; QoS 0 at most once` };
  switch (options['qos']) {
    case '0': return { level: 'at-most-once', note: 'QoS 0: the broker sends and forgets' };
    case '2': return { level: 'exactly-once', note: 'from the broker on, while it keeps the session; see docs/mqtt.md for what it must be set to' };
    default: return { level: 'exactly-once', note: `from the broker on, while it keeps the session and sets DUP, ${DISTINCT}; see docs/mqtt.md` };
  }
}

function createSource(context: ConnectorContext): Source {
  const { listen, url } = context.options;
  if (listen !== undefined && url === undefined) return mqttListener(context);
  if (url !== undefined && listen === undefined) return mqttClient(context);
  throw new IoError(`mqtt: table ${context.table} says ${url === undefined ? 'neither where to listen nor' : 'both where to listen and'} which broker to ask`, {
    retry: false, remedy: "give either 'listen' = '127.0.0.1:1883' or 'url' = 'mqtt://broker:1883'",
  });
}

export const mqtt: Connector = {
  description: {
    name: 'mqtt',
    description: 'MQTT devices and brokers',
    options: OPTIONS,
    source: { guarantee: sourceGuarantee, isBounded: () => false, metadata: { client: 'client', qos: 'qos', retain: 'retain' } },
    sink: {
      guarantee: () => ({ level: 'at-least-once', note: 'after a failure the newest results are published again' }),
      changelog: 'append',
    },
  },
  createSource,
  createSink: mqttSink,
};
