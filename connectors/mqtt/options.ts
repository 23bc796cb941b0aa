/** The options of an mqtt table, for `check`, `explain` and the docs. */
import type { OptionDescription } from '../../host/ports.ts';

export const OPTIONS: readonly OptionDescription[] = [
  { name: 'listen', type: 'string', description: "Source: address that devices publish to, '127.0.0.1:1883'; instead of 'url'" },
  { name: 'listen.allow-remote', type: 'boolean', defaultText: 'false', description: 'Listener: allows an address that other machines can reach' },
  { name: 'url', type: 'string', description: "Broker to read from or to write to, 'mqtt://host:1883' or 'mqtts://host:8883'" },
  { name: 'topic', type: 'string', defaultText: '#', description: "Source: topic filters, separated by ';'. Sink: the topic" },
  { name: 'username', type: 'string', description: 'User name to log in with; at a listener the one to ask for' },
  { name: 'password', type: 'string', isSecret: true, description: 'Password to log in with; at a listener the one to ask for' },
  {
    name: 'qos1.ambiguous', type: 'choice', choices: ['keep', 'drop'], defaultText: 'keep',
    description: 'A packet that says it is a repetition and equals a stored one, on a session that was not resumed',
  },
  { name: 'qos', type: 'choice', choices: ['0', '1', '2'], defaultText: '1', description: "Source with 'url': QoS of the subscription" },
  { name: 'protocol', type: 'choice', choices: ['auto', '5', '3.1.1'], defaultText: 'auto', description: "Source with 'url': auto tries 5, then 3.1.1" },
  { name: 'client.id', type: 'string', description: "With 'url': client id; default: made from gateway, job and table" },
  { name: 'keep-alive', type: 'integer', defaultText: '30', description: "Source with 'url': seconds of silence after which the connection is given up" },
  { name: 'session.expiry', type: 'integer', defaultText: '604800', description: "Source with 'url': seconds that a broker of MQTT 5 keeps the session" },
  { name: 'retain', type: 'boolean', defaultText: 'false', description: 'Sink: the broker keeps the newest result for new readers' },
  { name: 'tls.ca', type: 'string', description: "With mqtts: PEM file of the certificate authorities to trust; default: those of Node.js" },
  { name: 'tls.certificate', type: 'string', description: "With mqtts: PEM file with this client's certificate chain" },
  { name: 'tls.key', type: 'string', description: "With mqtts: PEM file with this client's private key" },
];
