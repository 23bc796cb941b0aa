/** Turns what the driver throws into one sentence with a remedy, and says whether the same call may succeed later. */
import { IoError } from '../../host/ports.ts';

interface DriverError extends Error {
  readonly type?: string;
  readonly code?: string | number;
  readonly originalError?: Error;
}

/** Somebody has to act. `first`: only while it has never been open; rights and topics may come back later. */
type Verdict = readonly [when: 'always' | 'first', text: string, remedy: string];

const CREDENTIALS: Verdict = [
  'first', 'the broker refuses user or password', `check 'properties.sasl.*' (mechanism, user, password)`,
];
const UNTRUSTED: Verdict = [
  'first', 'the broker\'s certificate is not trusted', `check 'properties.ssl.truststore.location'`,
];
const PREFIXED = `with the prefix of 'sink.transactional-id-prefix'`;
const VERDICTS: Readonly<Record<string, Verdict>> = {
  KafkaJSSASLAuthenticationError: CREDENTIALS,
  SASL_AUTHENTICATION_FAILED: CREDENTIALS,
  UNSUPPORTED_SASL_MECHANISM: ['first', 'the broker knows other SASL mechanisms', `check 'properties.sasl.mechanism'`],
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'first', 'the broker\'s certificate names another host', `check 'properties.bootstrap.servers' and the certificate`,
  ],
  ILLEGAL_SASL_STATE: ['first', 'the broker expects no SASL authentication', `check 'properties.security.protocol'`],
  UNKNOWN_TOPIC_OR_PARTITION: ['first', 'the topic does not exist', `create it, or check option 'topic'`],
  INVALID_TOPIC_EXCEPTION: ['always', 'Kafka forbids this name of a topic', 'use letters, digits, . _ and -'],
  TOPIC_AUTHORIZATION_FAILED: [
    'first', 'this user may not use the topic or the progress topic',
    'allow Describe and Read on what a source reads; Describe and Write on both topics of a sink, Read and Create on the progress topic',
  ],
  GROUP_AUTHORIZATION_FAILED: [
    'first', 'this user may not keep progress or offsets', `allow Read on the group of a source, and on groups ${PREFIXED}`,
  ],
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: [
    'first', 'this user may not write transactions', `allow Describe and Write on transactional ids ${PREFIXED}`,
  ],
  CLUSTER_AUTHORIZATION_FAILED: ['first', 'this user may not write', 'allow IdempotentWrite on the cluster'],
  INVALID_TRANSACTION_TIMEOUT: [
    'always', 'the broker allows only shorter transactions', `lower 'properties.transaction.timeout.ms'`,
  ],
  MESSAGE_TOO_LARGE: ['always', 'the topic refuses a result for its size', `raise max.message.bytes of the topic`],
  RECORD_LIST_TOO_LARGE: ['always', 'the topic refuses results for their size', `raise segment.bytes of the topic`],
};
/** Transient states of the network that look like mistakes of configuration: a gateway that is offline has no DNS. */
const HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: `check the host in 'properties.bootstrap.servers', or wait for the network`,
  EAI_AGAIN: 'wait for the network: names cannot be looked up',
  ECONNREFUSED: `check the port in 'properties.bootstrap.servers', or wait for the broker`,
};

/** From the error thrown to the one that began it. */
function chain(error: unknown): DriverError[] {
  const found: DriverError[] = [];
  for (let at = error; at instanceof Error && !found.includes(at);) {
    found.push(at);
    at = at.cause ?? (at as DriverError).originalError;
  }
  return found;
}

/** @param isFirst the source or sink has never been open in this process: a mistake is more likely than a passing fault */
export function kafkaError(error: unknown, what: string, isFirst: boolean): IoError {
  if (error instanceof IoError) return error;
  for (const { name, type, code, message } of chain(error)) {
    const verdict = VERDICTS[type ?? ''] ?? VERDICTS[String(code)] ?? VERDICTS[name];
    if (verdict) {
      const [when, text, remedy] = verdict;
      const retry = when === 'first' && !isFirst;
      return new IoError(`kafka: ${what}: ${text} (${message})`, { retry, remedy, cause: error });
    }
    const remedy = Object.entries(HINTS).find(([hint]) => code === hint || message.includes(hint))?.[1];
    if (remedy) return new IoError(`kafka: ${what}: ${message}`, { retry: true, remedy, cause: error });
  }
  return new IoError(`kafka: ${what}: ${(error as Error).message}`, { retry: true, cause: error });
}

/** The broker knows a newer writer of this transactional id, or it timed this one's transaction out. */
export function isFenced(error: unknown): boolean {
  return chain(error).some(({ type, message }) => type === 'INVALID_PRODUCER_EPOCH' // 47
    || /Unknown error code 90\b/.test(message)); // PRODUCER_FENCED, which kafkajs does not know
}

/** @returns true when the topic is not there (yet) */
export function isUnknownTopic(error: unknown): boolean {
  return chain(error).some(({ type }) => type === 'UNKNOWN_TOPIC_OR_PARTITION');
}

/** Error codes of a partition that has moved, or is on its way: another leader has it, soon. Source: Kafka protocol guide. */
const MOVED = new Set([3, 5, 6, 9, 56, 74, 75, 78]);
const OFFSET_OUT_OF_RANGE = 1;
const TOPIC_AUTHORIZATION_FAILED = 29;

/** What a broker says of one partition in an answer that is good otherwise. */
export function partitionError(errorCode: number, place: string): Error {
  if (MOVED.has(errorCode)) return new Error(`${place} has no leader at this broker (error ${errorCode})`);
  const type = errorCode === OFFSET_OUT_OF_RANGE ? 'OFFSET_OUT_OF_RANGE'
    : errorCode === TOPIC_AUTHORIZATION_FAILED ? 'TOPIC_AUTHORIZATION_FAILED' : 'UNKNOWN';
  return Object.assign(new Error(`${place}: Kafka answers error ${errorCode}`), { type });
}

/** The records behind this offset are deleted, or the topic was made anew. */
export function isOutOfRange(error: unknown): boolean {
  return chain(error).some(({ type }) => type === 'OFFSET_OUT_OF_RANGE');
}
