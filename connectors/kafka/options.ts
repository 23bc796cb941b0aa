/** Turns a table's options, named as in Flink's Kafka connector, into what the driver needs; explains what it cannot use. */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';
import { type ConnectorOptions, type GuaranteeStatement, IoError, type OptionDescription } from '../../host/ports.ts';
import { PARTITIONERS, type PartitionerName } from './partition.ts';

const PREFIX = 'properties.';
/** An abandoned transaction hides what follows it from every reader until then. */
const TRANSACTION_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 10_000;
const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
const GUARANTEES = ['exactly-once', 'at-least-once'] as const;
const COMPRESSIONS = ['none', 'gzip'] as const;
const STORES = ['PEM'] as const;
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** What a sink promises. */
export function deliveryGuarantee(options: ConnectorOptions): GuaranteeStatement {
  return options['sink.delivery-guarantee'] === 'at-least-once'
    ? { level: 'at-least-once', note: 'after a failure the newest results are written again' }
    : { level: 'exactly-once', note: 'for readers with isolation.level=read_committed' };
}

/** Options of sinks, and those of sources and sinks alike; for `check`, `explain` and the docs. */
export const OPTIONS: readonly OptionDescription[] = [
  {
    name: 'topic', type: 'string', required: true, unless: 'topic-pattern',
    description: 'Topic to write or read; it must exist. A source reads several: \'a;b\'',
  },
  {
    name: 'properties.bootstrap.servers', type: 'string', required: true,
    description: 'Brokers to start from: host:port, comma separated',
  },
  {
    name: 'sink.delivery-guarantee', type: 'choice', choices: GUARANTEES, defaultText: 'exactly-once',
    description: 'exactly-once: transactions (readers need isolation.level=read_committed); at-least-once: none',
  },
  {
    name: 'sink.transactional-id-prefix', type: 'string', defaultText: 'millrace',
    description: 'First part of transactional ids and of the group that keeps progress; for ACLs',
  },
  {
    name: 'sink.partitioner', type: 'choice', choices: PARTITIONERS, defaultText: 'default',
    description: 'default: by key as the Java client, without key one partition a transaction; fixed: always the same; '
      + 'round-robin: by sequence',
  },
  {
    name: 'millrace.progress-topic', type: 'string', defaultText: 'millrace-progress',
    description: 'Compacted topic for progress, shared by all gateways; created when missing',
  },
  {
    name: 'properties.client.id', type: 'string', defaultText: 'millrace',
    description: 'Client id in the brokers\' logs and quotas',
  },
  {
    name: 'properties.compression.type', type: 'choice', choices: COMPRESSIONS, defaultText: 'none',
    description: 'Compression of result batches',
  },
  {
    name: 'properties.transaction.timeout.ms', type: 'integer', defaultText: String(TRANSACTION_TIMEOUT_MS),
    description: 'Brokers abort a transaction older than this',
  },
  {
    name: 'properties.request.timeout.ms', type: 'integer', defaultText: String(REQUEST_TIMEOUT_MS),
    description: 'A broker that takes longer for an answer is asked again',
  },
  {
    name: 'properties.security.protocol', type: 'choice', choices: PROTOCOLS, defaultText: 'PLAINTEXT',
    description: 'TLS and authentication',
  },
  {
    name: 'properties.sasl.mechanism', type: 'choice', choices: MECHANISMS, defaultText: 'PLAIN',
    description: 'How to authenticate',
  },
  { name: 'properties.sasl.username', type: 'string', description: 'User, without sasl.jaas.config' },
  { name: 'properties.sasl.password', type: 'string', isSecret: true, description: 'Password, without sasl.jaas.config' },
  {
    name: 'properties.sasl.jaas.config', type: 'string', isSecret: true,
    description: 'User and password as Java clients write them',
  },
  {
    name: 'properties.ssl.truststore.location', type: 'string',
    description: 'PEM file of the certificate authorities to trust; default: those of Node.js',
  },
  {
    name: 'properties.ssl.truststore.type', type: 'choice', choices: STORES, defaultText: 'PEM',
    description: 'Only PEM; keytool -exportcert -rfc turns a JKS into it',
  },
  { name: 'properties.ssl.truststore.certificates', type: 'string', description: 'The same as text' },
  {
    name: 'properties.ssl.keystore.location', type: 'string',
    description: 'PEM file with this client\'s certificate chain and key',
  },
  {
    name: 'properties.ssl.keystore.type', type: 'choice', choices: STORES, defaultText: 'PEM',
    description: 'Only PEM',
  },
  {
    name: 'properties.ssl.keystore.certificate.chain', type: 'string',
    description: 'This client\'s certificate chain as PEM text',
  },
  {
    name: 'properties.ssl.keystore.key', type: 'string', isSecret: true,
    description: 'This client\'s private key as PEM text',
  },
  {
    name: 'properties.ssl.key.password', type: 'string', isSecret: true,
    description: 'Password of the private key',
  },
  {
    name: 'properties.ssl.endpoint.identification.algorithm', type: 'string', defaultText: 'https',
    description: 'Empty: the certificate need not name the host',
  },
];

/** How to reach the brokers, for sources and sinks. */
export interface BrokerOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  readonly tls: ConnectionOptions | undefined;
  readonly sasl: SASLOptions | undefined;
}

/** A sink's. */
export interface KafkaOptions extends BrokerOptions {
  readonly topic: string;
  readonly isTransactional: boolean;
  readonly transactionalIdPrefix: string;
  readonly progressTopic: string;
  readonly partitioner: PartitionerName;
  readonly isCompressed: boolean;
  readonly transactionTimeoutMs: number;
}

/** Throws IoError (retry = false) for what no later attempt can mend, as the other readers of options do. */
export function readOptions(options: ConnectorOptions): KafkaOptions {
  const property = (name: string): string | undefined => options[PREFIX + name];
  return {
    ...readBrokerOptions(options),
    topic: required(options, 'topic'),
    isTransactional: choice(options, 'sink.delivery-guarantee', GUARANTEES) === 'exactly-once',
    transactionalIdPrefix: options['sink.transactional-id-prefix'] ?? 'millrace',
    progressTopic: options['millrace.progress-topic'] ?? 'millrace-progress',
    partitioner: choice(options, 'sink.partitioner', PARTITIONERS),
    isCompressed: choice(options, `${PREFIX}compression.type`, COMPRESSIONS) === 'gzip',
    transactionTimeoutMs: milliseconds('transaction.timeout.ms', property, TRANSACTION_TIMEOUT_MS),
  };
}

export function readBrokerOptions(options: ConnectorOptions): BrokerOptions {
  const property = (name: string): string | undefined => options[PREFIX + name];
  const protocol = choice(options, `${PREFIX}security.protocol`, PROTOCOLS);
  const servers = required(options, `${PREFIX}bootstrap.servers`);
  return {
    brokers: servers.split(',').map((broker) => broker.trim()).filter((broker) => broker !== ''),
    clientId: property('client.id') ?? 'millrace',
    requestTimeoutMs: milliseconds('request.timeout.ms', property, REQUEST_TIMEOUT_MS),
    tls: protocol.endsWith('SSL') ? tlsOptions(property) : undefined,
    sasl: protocol.startsWith('SASL') ? saslOptions(property) : undefined,
  };
}

/** The first choice is the default. */
export function choice<T extends string>(options: ConnectorOptions, name: string, choices: readonly [T, ...T[]]): T {
  return oneOf(name, options[name] ?? choices[0], choices);
}

export function refuse(text: string, remedy: string): IoError {
  return new IoError(`kafka: ${text}`, { retry: false, remedy });
}

export function required(options: ConnectorOptions, name: string): string {
  const value = options[name];
  if (!value) throw refuse(`option '${name}' is missing`, `add '${name}' to the table's WITH clause`);
  return value;
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw refuse(`option '${name}' cannot be '${value}'`, `write one of ${choices.join(', ')}`);
  return choice;
}

function milliseconds(name: string, property: Property, otherwise: number): number {
  const text = property(name) ?? String(otherwise);
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw refuse(`option '${PREFIX}${name}' cannot be '${text}'`, 'write a number of milliseconds');
}

type Property = (name: string) => string | undefined;

function saslOptions(property: Property): SASLOptions {
  const mechanism = oneOf('properties.sasl.mechanism', property('sasl.mechanism') ?? 'PLAIN', MECHANISMS);
  const jaas = property('sasl.jaas.config');
  const username = jaas === undefined ? property('sasl.username') : jaasValue(jaas, 'username');
  const password = jaas === undefined ? property('sasl.password') : jaasValue(jaas, 'password');
  if (username === undefined || password === undefined) {
    const remedy = `give 'properties.sasl.username' and 'properties.sasl.password', or 'properties.sasl.jaas.config'`;
    throw refuse(`${mechanism} needs a user and a password`, remedy);
  }
  const driverName = mechanism.toLowerCase() as 'plain' | 'scram-sha-256' | 'scram-sha-512';
  return { mechanism: driverName, username, password } as SASLOptions;
}

/** `... required username="a" password="b";` with backslash escapes, as Java reads it. */
function jaasValue(jaas: string, name: string): string | undefined {
  const pattern = new RegExp(`\\b${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`);
  const [, quoted, bare] = pattern.exec(jaas) ?? [];
  return quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
}

function tlsOptions(property: Property): ConnectionOptions {
  for (const name of ['ssl.truststore.type', 'ssl.keystore.type']) oneOf(PREFIX + name, property(name) ?? 'PEM', ['PEM']);
  const authorities = property('ssl.truststore.certificates') ?? pemFile(property, 'ssl.truststore.location');
  const keystore = pemFile(property, 'ssl.keystore.location');
  const certificate = property('ssl.keystore.certificate.chain') ?? keystore;
  const key = property('ssl.keystore.key') ?? keystore;
  const passphrase = property('ssl.key.password');
  return {
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(property('ssl.endpoint.identification.algorithm') === '' ? { checkServerIdentity: () => undefined } : {}),
  };
}

function pemFile(property: Property, name: string): string | undefined {
  const path = property(name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(`cannot read '${PREFIX}${name}' ${path}: ${(error as Error).message}`, 'give a readable PEM file');
  }
}
