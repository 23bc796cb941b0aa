/** Judges a CONNECT and words the CONNACK: version, credentials, client id, how long a session is kept. */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { ConnectorOptions } from '../../host/ports.ts';
import type { IConnectPacket, Packet } from './packets.ts';
import { FOREVER } from './session.ts';

/** Publishes of a v5 client that may wait for their acknowledgement; at 2 ms a commit it allows a million a second. */
const RECEIVE_MAXIMUM = 2048;
export const TOPIC_ALIAS_MAXIMUM = 64;

export interface Accepted {
  readonly kind: 'accepted';
  /** '' for a client that has no id and wants nothing kept. */
  readonly client: string;
  /** The id that was made up for a v5 client without one. */
  readonly assigned: string | undefined;
  readonly isFresh: boolean;
  /** Seconds that the session outlives its connection; 0: it is not kept. */
  readonly expirySeconds: number;
  readonly keepAliveMs: number;
}

export interface Rejected {
  readonly kind: 'rejected';
  /** Reason code of MQTT 5, return code of 3.1.1. */
  readonly reason: number;
  readonly returnCode: number;
  readonly text: string;
}

/** @param isBusy the log has been full for a while: better no new device than one that waits */
export function judge(packet: IConnectPacket, options: ConnectorOptions, isBusy: boolean): Accepted | Rejected {
  const is5 = packet.protocolVersion === 5;
  const isClean = packet.clean === true;
  const expirySeconds = is5 ? packet.properties?.sessionExpiryInterval ?? 0 : isClean ? 0 : FOREVER;
  const reject = (reason: number, returnCode: number, text: string): Rejected => ({ kind: 'rejected', reason, returnCode, text });
  if (packet.protocolVersion !== 4 && !is5) return reject(0x84, 1, `protocol version ${packet.protocolVersion ?? 'unknown'}`);
  if (packet.properties?.authenticationMethod !== undefined) return reject(0x8c, 4, 'no authentication method is known');
  if (!isAllowed(packet, options)) return reject(0x86, 4, 'wrong user name or password');
  if (packet.clientId === '' && !is5 && !isClean) return reject(0x85, 2, 'no client id for a session that is to be kept'); // MQTT 3.1.1, 3.1.3.1
  if (isBusy) return reject(0x89, 3, 'busy: the log has no room');
  const assigned = packet.clientId === '' && is5 ? `millrace-${randomUUID()}` : undefined;
  const client = assigned !== undefined && expirySeconds > 0 ? assigned : packet.clientId;
  return { kind: 'accepted', client, assigned, isFresh: isClean, expirySeconds, keepAliveMs: (packet.keepalive ?? 0) * 1000 };
}

export function rejection({ reason, returnCode }: Rejected, version: number): Packet {
  return version === 5 ? { cmd: 'connack', sessionPresent: false, reasonCode: reason } : { cmd: 'connack', sessionPresent: false, returnCode };
}

export interface Confirmation { readonly assigned: string | undefined; readonly isResumed: boolean; readonly packetMaxBytes: number }

export function confirmation({ assigned, isResumed, packetMaxBytes }: Confirmation, version: number): Packet {
  if (version !== 5) return { cmd: 'connack', sessionPresent: isResumed, returnCode: 0 };
  return {
    cmd: 'connack', sessionPresent: isResumed, reasonCode: 0,
    properties: {
      receiveMaximum: RECEIVE_MAXIMUM, topicAliasMaximum: TOPIC_ALIAS_MAXIMUM, maximumPacketSize: packetMaxBytes,
      wildcardSubscriptionAvailable: false, sharedSubscriptionAvailable: false, subscriptionIdentifiersAvailable: false,
      ...(assigned === undefined ? {} : { assignedClientIdentifier: assigned }),
    },
  };
}

function isAllowed({ username, password }: IConnectPacket, options: ConnectorOptions): boolean {
  const [wantedUser, wantedPassword] = [options['username'], options['password']];
  const isUser = wantedUser === undefined || isSame(username ?? '', wantedUser);
  const isPassword = wantedPassword === undefined || isSame(password?.toString() ?? '', wantedPassword);
  return isUser && isPassword;
}

/** Takes equally long whatever differs. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
