/**
 * MQTT packets out of a socket's chunks. A PUBLISH is read in place, without an object or a copy; every other packet is
 * handed over whole, for mqtt-packet. A packet that spans chunks is copied once into a buffer of its own.
 */
import { FLAG_DUP, FLAG_TRUNCATED } from '../../host/ports.ts';

/** What the splitter finds. Ranges are valid only during the call. */
export interface PacketHandler {
  /**
   * @param flags DUP, QoS and RETAIN as in the fixed header, and FLAG_TRUNCATED
   * @param alias topic alias of MQTT 5, 0 for none
   */
  publish(
    bytes: Uint8Array, topicStart: number, topicEnd: number, packetId: number, flags: number, alias: number, start: number, end: number,
  ): void;
  /** One whole packet of any other type. */
  control(bytes: Uint8Array, start: number, end: number): void;
}

export interface SplitterOptions {
  /** Longer payloads keep their head and FLAG_TRUNCATED. */
  readonly payloadMaxBytes: number;
  /** Known after CONNECT; decides whether a PUBLISH has properties. */
  readonly isVersion5: () => boolean;
  /** The peer has said who it is; until then only a CONNECT (or CONNACK) is believed. */
  readonly isOpen: () => boolean;
  /** Asked before each packet; false leaves it and all behind it to the caller. */
  readonly mayTake: () => boolean;
  /** Largest packet that was announced to this peer; a longer one breaks the protocol. */
  readonly packetMaxBytes: () => number;
  readonly handler: PacketHandler;
}

/** The peer broke the protocol; `reason` is the MQTT 5 reason code. */
export class MalformedPacket extends Error {
  readonly reason: number;
  constructor(text: string, reason: number = REASON_MALFORMED) {
    super(text);
    this.reason = reason;
  }
}

export const REASON_MALFORMED = 0x81;
export const REASON_PROTOCOL = 0x82;
const REASON_TOPIC_ALIAS = 0x94;
const REASON_TOO_LARGE = 0x95;

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
/** Topic, packet id and properties of a PUBLISH stand before its payload; longer ones are not believed. */
const HEAD_MAX_BYTES = 2 * 65_536 + 16;
/** A CONNECT with a will and long credentials is far below this. */
const CONTROL_MAX_BYTES = 256 * 1024;
const LENGTH_BYTES_MAX = 4; // MQTT 5.0, 1.5.5: a variable byte integer
/** First size of the buffer of a packet that spans chunks; it doubles, so that an announced length alone takes no memory. */
const PARTIAL_FIRST_BYTES = 4096;
const NONE: Uint8Array = new Uint8Array(0);

export interface Splitter {
  /**
   * Takes the next bytes of the stream. Throws MalformedPacket: close the connection.
   * @returns how many were taken; the others (see `mayTake`) begin with a packet and are for the next call
   */
  push(chunk: Uint8Array): number;
  /** Bytes of a fixed header that is not whole yet; they were taken. */
  rest(): Uint8Array;
  /** Bytes until the packet at hand ends, 0 between packets. */
  missingBytes(): number;
}

export function createSplitter({ payloadMaxBytes, isVersion5, isOpen, mayTake, packetMaxBytes, handler }: SplitterOptions): Splitter {
  let rest = NONE;
  /** A packet that began in an earlier chunk: what is kept of it, how much of that is there, and what is skipped behind it. */
  let partial = NONE;
  let partialLength = 0;
  let keptBytes = 0;
  let skipBytes = 0;
  let isTruncated = false;

  function packet(bytes: Uint8Array, start: number, bodyStart: number, end: number): void {
    const first = bytes[start] as number;
    if (first >> 4 === PUBLISH) publish(bytes, first, bodyStart, end);
    else handler.control(bytes, start, end);
  }
  function publish(bytes: Uint8Array, first: number, bodyStart: number, end: number): void {
    const qos = (first >> 1) & 3;
    if (qos === 3) throw new MalformedPacket('PUBLISH with QoS 3'); // MQTT 5.0, 3.3.1.2
    if (qos === 0 && (first & 0x08) !== 0) throw new MalformedPacket('PUBLISH with DUP at QoS 0'); // MQTT 5.0, 3.3.1.1
    const topicStart = bodyStart + 2;
    const topicEnd = topicStart + u16(bytes, bodyStart, end);
    let at = topicEnd;
    let packetId = 0;
    if (qos > 0) {
      packetId = u16(bytes, at, end);
      if (packetId === 0) throw new MalformedPacket('PUBLISH with packet id 0', REASON_PROTOCOL); // MQTT 5.0, 2.2.1
      at += 2;
    }
    let alias = 0;
    if (isVersion5()) {
      if (bytes[at] === 0 && at < end) at += 1;
      else {
        readVariable(bytes, at, end);
        const propertiesEnd = variable.next + variable.value;
        if (propertiesEnd > end) throw new MalformedPacket('PUBLISH shorter than its properties say');
        alias = topicAlias(bytes, variable.next, propertiesEnd);
        at = propertiesEnd;
      }
    }
    if (at > end) throw new MalformedPacket('PUBLISH shorter than its header says');
    const payloadEnd = Math.min(end, at + payloadMaxBytes);
    const dup = (first >> 3) & FLAG_DUP;
    const flags = (first & 0x06) | dup | ((first & 1) << 3) | (isTruncated || payloadEnd < end ? FLAG_TRUNCATED : 0);
    handler.publish(bytes, topicStart, topicEnd, packetId, flags, alias, at, payloadEnd);
  }
  /** Prepares for a packet of which this chunk has only the beginning. */
  function begin(type: number, length: number): void {
    keptBytes = type === PUBLISH ? Math.min(length, payloadMaxBytes + HEAD_MAX_BYTES) : length;
    partial = new Uint8Array(Math.min(keptBytes, PARTIAL_FIRST_BYTES));
    partialLength = 0;
    skipBytes = length - keptBytes;
    isTruncated = skipBytes > 0;
  }
  /** Continues the packet at hand with bytes from `at` on. @returns where the next packet begins */
  function fill(chunk: Uint8Array, at: number): number {
    const taken = Math.min(keptBytes - partialLength, chunk.length - at);
    if (partialLength + taken > partial.length) {
      const larger = new Uint8Array(Math.min(keptBytes, Math.max(partial.length * 2, partialLength + taken)));
      larger.set(partial.subarray(0, partialLength));
      partial = larger;
    }
    partial.set(chunk.subarray(at, at + taken), partialLength);
    partialLength += taken;
    const skipped = Math.min(skipBytes, chunk.length - at - taken);
    skipBytes -= skipped;
    if (partialLength === keptBytes && skipBytes === 0) {
      const whole = partial;
      partial = NONE;
      keptBytes = 0;
      readHead(whole, 0);
      packet(whole, 0, head.bodyStart, partialLength);
      isTruncated = false;
    }
    return at + taken + skipped;
  }
  function check(first: number, length: number): void {
    const type = first >> 4;
    if (!isOpen() && type !== CONNECT && type !== CONNACK) throw new MalformedPacket('a packet before CONNECT', REASON_PROTOCOL);
    if (length > (type === PUBLISH ? packetMaxBytes() : CONTROL_MAX_BYTES)) throw new MalformedPacket('packet too large', REASON_TOO_LARGE);
  }
  return {
    push(received) {
      const before = rest;
      let chunk = received;
      let at = 0;
      if (before.length > 0) {
        chunk = concat(before, received);
        rest = NONE;
      } else if (keptBytes > 0) at = fill(chunk, 0);
      while (at < chunk.length && mayTake()) {
        if (!readHead(chunk, at)) {
          rest = chunk.slice(at);
          return received.length;
        }
        const { bodyStart } = head;
        const end = bodyStart + head.length;
        check(chunk[at] as number, end - at);
        if (end <= chunk.length) {
          packet(chunk, at, bodyStart, end);
          at = end;
        } else {
          begin((chunk[at] as number) >> 4, end - at);
          at = fill(chunk, at);
        }
      }
      if (at < before.length) { // not one packet was allowed
        rest = before;
        return 0;
      }
      return at - before.length;
    },
    rest: () => rest,
    missingBytes: () => (keptBytes > 0 ? keptBytes - partialLength + skipBytes : 0),
  };
}

/** Results of the two readers below; reused, so that a stream of small packets allocates nothing. */
const head = { bodyStart: 0, length: 0 };
const variable = { value: 0, next: 0 };

/** Reads the fixed header at `at` into `head`. @returns false when it is not whole yet */
function readHead(bytes: Uint8Array, at: number): boolean {
  const second = bytes[at + 1];
  if (second === undefined) return false;
  if (second < 0x80) { // most packets are shorter than 128 bytes
    head.bodyStart = at + 2;
    head.length = second;
    return true;
  }
  let length = second & 0x7f;
  for (let index = 1; index < LENGTH_BYTES_MAX; index += 1) {
    const byte = bytes[at + 1 + index];
    if (byte === undefined) return false;
    length |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      head.bodyStart = at + 2 + index;
      head.length = length;
      return true;
    }
  }
  throw new MalformedPacket('remaining length of more than four bytes');
}

function u16(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) throw new MalformedPacket('packet shorter than its fields');
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Reads a variable byte integer into `variable`. */
function readVariable(bytes: Uint8Array, at: number, end: number): void {
  let value = 0;
  for (let index = 0; index < LENGTH_BYTES_MAX && at + index < end; index += 1) {
    const byte = bytes[at + index] as number;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      variable.value = value;
      variable.next = at + index + 1;
      return;
    }
  }
  throw new MalformedPacket('a length that does not end');
}

/** Topic alias among the properties of a PUBLISH (MQTT 5.0, 3.3.2.3); 0 when there is none. */
function topicAlias(bytes: Uint8Array, start: number, end: number): number {
  let alias = 0;
  let at = start;
  while (at < end) {
    const id = bytes[at] as number;
    at += 1;
    switch (id) {
      case 0x01: at += 1; break; // payload format indicator
      case 0x02: at += 4; break; // expiry interval
      case 0x23: { // topic alias
        if (alias !== 0) throw new MalformedPacket('PUBLISH with two topic aliases', REASON_PROTOCOL);
        alias = u16(bytes, at, end);
        if (alias === 0) throw new MalformedPacket('topic alias 0', REASON_TOPIC_ALIAS);
        at += 2;
        break;
      }
      case 0x03: case 0x08: case 0x09: at += 2 + u16(bytes, at, end); break; // content type, response topic, correlation
      case 0x0b: { // subscription identifier
        readVariable(bytes, at, end);
        at = variable.next;
        break;
      }
      case 0x26: { // user property: two strings
        at += 2 + u16(bytes, at, end);
        at += 2 + u16(bytes, at, end);
        break;
      }
      default: throw new MalformedPacket(`PUBLISH with property ${id}`);
    }
  }
  if (at !== end) throw new MalformedPacket('a property longer than all properties');
  return alias;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
