/**
 * MQTT 3.1.1 and 5. As a source either a listener ('listen') that devices publish to, acknowledged when durable, or a client
 * of a broker ('url'); as a sink a publisher to a broker.
 */
import type { Connector, ConnectorContext, GuaranteeStatement, Source } from '../host/ports.ts';
import { IoError } from '../host/ports.ts';
import { mqttListener } from './mqtt/listener.ts';

const DISTINCT = 'QoS 2, and QoS 1 if payloads in flight are distinct (a time or a sequence in them); QoS 0 at most once';

function sourceGuarantee(): GuaranteeStatement {
  return { level: 'exactly-once', note: DISTINCT };
}

function createSource(context: ConnectorContext): Source {
  if (context.options['listen'] !== undefined) return mqttListener(context);
  throw new IoError(`mqtt: table ${context.table} says neither where to listen nor which broker to ask`, {
    retry: false, remedy: "add 'listen' = '127.0.0.1:1883'",
  });
}

export const mqtt: Connector = {
  description: {
    name: 'mqtt',
    description: 'MQTT devices and brokers',
    options: [
      { name: 'listen', type: 'string', description: "Source: address that devices publish to, '127.0.0.1:1883'" },
      { name: 'listen.allow-remote', type: 'boolean', defaultText: 'false', description: 'Allows an address other machines can reach' },
      { name: 'topic', type: 'string', defaultText: '#', description: "Topic filters, separated by ';'" },
      { name: 'username', type: 'string', description: 'User name to ask for' },
      { name: 'password', type: 'string', isSecret: true, description: 'Password to ask for' },
      {
        name: 'qos1.ambiguous', type: 'choice', choices: ['keep', 'drop'], defaultText: 'keep',
        description: 'What happens to a packet that says it is a repetition, equals a stored one, but belongs to a session that was not resumed',
      },
    ],
    source: { guarantee: sourceGuarantee, isBounded: () => false, metadata: [] },
  },
  createSource,
};
