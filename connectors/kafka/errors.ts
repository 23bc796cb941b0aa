/** Turns what the driver throws into one sentence with a remedy, and says whether the same call may succeed later. */
import { IoError } from '../../host/ports.ts';

interface DriverError extends Error { readonly type?: string; readonly code?: string | number; readonly originalError?: Error }

/** Somebody has to act. `first`: only while the sink has never been open, since later it may heal (rights and topics come back). */
type Verdict = readonly [when: 'always' | 'first', text: string, remedy: string];

const VERDICTS: Readonly<Record<string, Verdict>> = {
  KafkaJSSASLAuthenticationError: ['first', 'the broker refuses user or password', `check 'properties.sasl.*' (mechanism, user, password)`],
  SASL_AUTHENTICATION_FAILED: ['first', 'the broker refuses user or password', `check 'properties.sasl.*' (mechanism, user, password)`],
  UNSUPPORTED_SASL_MECHANISM: ['first', 'the broker does not know this SASL mechanism', `check 'properties.sasl.mechanism'`],
  ILLEGAL_SASL_STATE: ['first', 'the broker expects no SASL authentication', `check 'properties.security.protocol'`],
  UNKNOWN_TOPIC_OR_PARTITION: ['first', 'the topic does not exist', `create it, or check option 'topic'`],
  INVALID_TOPIC_EXCEPTION: ['always', 'the topic has a name that Kafka forbids', 'use letters, digits, dot, underscore and hyphen'],
  TOPIC_AUTHORIZATION_FAILED: ['first', 'this user may not write the topic or the progress topic', 'allow Describe, Write and Read on both (Create on the progress topic)'],
  GROUP_AUTHORIZATION_FAILED: ['first', 'this user may not keep progress', `allow Read on groups with the prefix of 'sink.transactional-id-prefix'`],
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: ['first', 'this user may not write transactions', `allow Describe and Write on transactional ids with the prefix of 'sink.transactional-id-prefix'`],
  CLUSTER_AUTHORIZATION_FAILED: ['first', 'this user may not write idempotently', 'allow IdempotentWrite on the cluster'],
  INVALID_TRANSACTION_TIMEOUT: ['always', 'the broker allows only shorter transactions', `lower 'properties.transaction.timeout.ms'`],
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
  for (let at = error; at instanceof Error && !found.includes(at); at = at.cause ?? (at as DriverError).originalError) found.push(at);
  return found;
}

/** @param isFirst the sink has never been open in this process: a mistake is more likely than a passing fault */
export function kafkaError(error: unknown, what: string, isFirst: boolean): IoError {
  if (error instanceof IoError) return error;
  for (const { name, type, code, message } of chain(error)) {
    const verdict = VERDICTS[type ?? ''] ?? VERDICTS[name];
    if (verdict) {
      const [when, text, remedy] = verdict;
      return new IoError(`kafka: ${what}: ${text} (${message})`, { retry: when === 'first' && !isFirst, remedy, cause: error });
    }
    const remedy = HINTS[String(code)] ?? Object.entries(HINTS).find(([hint]) => message.includes(hint))?.[1];
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

/** The records behind this offset are deleted. */
export function isOutOfRange(error: unknown): boolean {
  return chain(error).some(({ type }) => type === 'OFFSET_OUT_OF_RANGE');
}
