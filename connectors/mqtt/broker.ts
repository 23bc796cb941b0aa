/** Which broker a table means ('url' and what belongs to it), and what its refusals mean for people. */
import { readFileSync } from 'node:fs';
import { type ConnectorContext, type ConnectorOptions, IoError } from '../../host/ports.ts';

export interface Tls {
  readonly servername: string;
  /** PEM texts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Broker {
  readonly host: string;
  readonly port: number;
  readonly tls: Tls | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Without credentials; for people. */
  readonly name: string;
}

const PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883 };
const URL_REMEDY = "write 'url' = 'mqtt://host:1883' or 'mqtts://host:8883'";

/** Throws IoError (retry = false) for what no later attempt can mend. */
export function brokerOf(options: ConnectorOptions): Broker {
  const text = options['url'] ?? '';
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw refuse("option 'url' is no address", URL_REMEDY, error); // the text may hold a password
  }
  const port = PORTS[url.protocol];
  if (port === undefined || url.hostname === '') throw refuse(`option 'url' cannot begin with ${url.protocol}//${url.hostname}`, URL_REMEDY);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? port : Number(url.port),
    tls: url.protocol === 'mqtts:' ? tlsOptions(options, url.hostname) : undefined,
    username: options['username'] ?? credential(url.username), password: options['password'] ?? credential(url.password),
    name: `${url.protocol}//${url.host}`,
  };
}

/** Fixed for gateway, job and table, so that the broker keeps what comes while we are away. */
export function clientIdOf({ options, gateway, job, table }: ConnectorContext): string {
  return options['client.id'] ?? `millrace-${gateway.slice(0, 12)}-${job}-${table}`;
}

/** A whole number >= 0 from an option. */
export function wholeNumber(options: ConnectorOptions, name: string, otherwise: number): number {
  const text = options[name];
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw refuse(`option '${name}' cannot be '${text ?? ''}'`, 'write a whole number');
}

export function qosOf(options: ConnectorOptions): 0 | 1 | 2 {
  const qos = wholeNumber(options, 'qos', 1);
  if (qos === 0 || qos === 1 || qos === 2) return qos;
  throw refuse(`option 'qos' cannot be '${qos}'`, 'write 0, 1 or 2');
}

function credential(text: string): string | undefined {
  return text === '' ? undefined : decodeURIComponent(text);
}

function tlsOptions(options: ConnectorOptions, host: string): Tls {
  const pem = (name: string): string | undefined => {
    const path = options[name];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw refuse(`cannot read '${name}' ${path}: ${(error as Error).message}`, 'give a readable PEM file', error);
    }
  };
  const [ca, cert, key] = [pem('tls.ca'), pem('tls.certificate'), pem('tls.key')];
  return { servername: host, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

export function refuse(text: string, remedy: string, cause?: unknown): IoError {
  return new IoError(`mqtt: ${text}`, { retry: false, remedy, cause });
}

/** CONNACK codes of MQTT 3.1.1 and 5: what they say and what helps. Others may pass by themselves. */
const REFUSALS: Readonly<Record<number, readonly [text: string, remedy: string]>> = {
  2: ['the client id is refused', "set 'client.id'"],
  4: ['wrong user name or password', "check 'username' and 'password'"],
  5: ['this user may not connect', "check 'username' and 'password', or allow this user at the broker"],
};
const REFUSALS_5: Readonly<Record<number, readonly [text: string, remedy: string] | undefined>> = {
  0x85: REFUSALS[2], 0x86: REFUSALS[4], 0x87: REFUSALS[5], 0x8c: REFUSALS[5],
  0x8a: ['this client is banned', 'ask who runs the broker'],
  0x9d: ['the broker has moved', "change 'url'"],
};

/** @param isFirst we have never been connected in this process: a mistake is more likely than a passing fault */
export function refusedConnect(broker: Broker, code: number, isFirst: boolean): IoError {
  const [text, remedy] = REFUSALS[code] ?? REFUSALS_5[code] ?? [];
  const hexadecimal = code.toString(16).padStart(2, '0');
  if (text === undefined) return new IoError(`mqtt: ${broker.name} refuses the connection (0x${hexadecimal})`, { retry: true });
  return new IoError(`mqtt: ${broker.name}: ${text} (0x${hexadecimal})`, { retry: !isFirst, ...(remedy === undefined ? {} : { remedy }) });
}

const CERTIFICATE = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|ERR_TLS_CERT)/;
/** A gateway that is offline has no DNS: these may pass by themselves. */
const HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: "check the host in 'url', or wait for the network",
  EAI_AGAIN: 'wait for the network: names cannot be looked up',
  ECONNREFUSED: "check the port in 'url', or wait for the broker",
};

export function failedConnect(broker: Broker, error: unknown, isFirst: boolean): IoError {
  if (error instanceof IoError) return error;
  const { message, code = '' } = error as NodeJS.ErrnoException;
  const what = `mqtt: cannot connect to ${broker.name}: ${message}`;
  if (CERTIFICATE.test(code)) return new IoError(what, { retry: !isFirst, remedy: "give the authority's PEM file in 'tls.ca'", cause: error });
  const remedy = HINTS[code];
  return new IoError(what, { retry: true, cause: error, ...(remedy === undefined ? {} : { remedy }) });
}
