/**
 * MQTT packets out of a socket's chunks. A PUBLISH is read in place, without an object or a copy; every other packet is handed
 * over whole, for mqtt-packet. A packet that spans chunks is copied once into a buffer of its own size.
 */
import { FLAG_TRUNCATED } from '../../host/ports.ts';

/** What the splitter finds. Ranges are valid only during the call. */
export interface PacketHandler {
  /** @param flags DUP, QoS and RETAIN as in the fixed header, and FLAG_TRUNCATED; @param alias topic alias of MQTT 5, 0 for none */
  publish(bytes: Uint8Array, topicStart: number, topicEnd: number, packetId: number, flags: number, alias: number, start: number, end: number): void;
  /** One whole packet of any other type. */
  control(bytes: Uint8Array, start: number, end: number): void;
}

export interface SplitterOptions {
  readonly payloadMaxBytes: number;
  /** Known after CONNECT; decides whether a PUBLISH has properties. */
  readonly isVersion5: () => boolean;
  readonly handler: PacketHandler;
}

/** The peer broke the protocol; `reason` is the MQTT 5 reason code. */
export class MalformedPacket extends Error {
  readonly reason: number;
  constructor(text: string, reason = 0x81) {
    super(text);
    this.reason = reason;
  }
}

const PUBLISH = 3;
/** Topic, packet id and properties of a PUBLISH stand before its payload; longer ones are not believed. */
const HEAD_MAX_BYTES = 2 * 65_536 + 16;
/** CONNECT with a will and long credentials is far below this. */
const CONTROL_MAX_BYTES = 256 * 1024;
const LENGTH_BYTES_MAX = 4; // MQTT 5.0, 1.5.5: a variable byte integer
const NONE = new Uint8Array(0);

export interface Splitter {
  /** Takes the next bytes of the stream. Throws MalformedPacket: close the connection. */
  push(chunk: Uint8Array): void;
}

export function createSplitter({ payloadMaxBytes, isVersion5, handler }: SplitterOptions): Splitter {
  /** Less than a fixed header, left from the chunk before. */
  let rest: Uint8Array = NONE;
  /** A packet that began in an earlier chunk: what is kept of it, how much is there, and how much behind it is to be skipped. */
  let partial: Uint8Array = NONE;
  let partialLength = 0;
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
    const topicStart = bodyStart + 2;
    const topicEnd = topicStart + u16(bytes, bodyStart, end);
    let at = topicEnd;
    let packetId = 0;
    if (qos > 0) {
      packetId = u16(bytes, at, end);
      if (packetId === 0) throw new MalformedPacket('PUBLISH with packet id 0'); // MQTT 5.0, 2.2.1
      at += 2;
    }
    let alias = 0;
    if (isVersion5()) {
      const { value, next } = variableInteger(bytes, at, end);
      alias = topicAlias(bytes, next, next + value);
      at = next + value;
    }
    if (at > end) throw new MalformedPacket('PUBLISH shorter than its header says');
    const payloadEnd = Math.min(end, at + payloadMaxBytes);
    const flags = (first & 0x0f) | (isTruncated || payloadEnd < end ? FLAG_TRUNCATED : 0);
    handler.publish(bytes, topicStart, topicEnd, packetId, flags, alias, at, payloadEnd);
  }
  /** Continues the packet at hand with bytes from `at` on. @returns where the next packet begins */
  function fill(chunk: Uint8Array, at: number): number {
    const taken = Math.min(partial.length - partialLength, chunk.length - at);
    partial.set(chunk.subarray(at, at + taken), partialLength);
    partialLength += taken;
    const skipped = Math.min(skipBytes, chunk.length - at - taken);
    skipBytes -= skipped;
    if (partialLength === partial.length && skipBytes === 0) {
      const whole = partial;
      partial = NONE;
      packet(whole, 0, bodyOf(whole, 0, whole.length)?.bodyStart ?? 0, whole.length);
      isTruncated = false;
    }
    return at + taken + skipped;
  }
  return {
    push(received) {
      let chunk = received;
      let at = 0;
      if (rest.length > 0) {
        chunk = concat(rest, received);
        rest = NONE;
      }
      if (partial.length > 0) at = fill(chunk, 0);
      while (at < chunk.length) {
        const head = bodyOf(chunk, at, chunk.length);
        if (!head) {
          rest = chunk.slice(at);
          return;
        }
        const end = head.bodyStart + head.length;
        const isPublish = (chunk[at] as number) >> 4 === PUBLISH;
        const keptMax = isPublish ? payloadMaxBytes + HEAD_MAX_BYTES : CONTROL_MAX_BYTES;
        if (!isPublish && head.length > CONTROL_MAX_BYTES) throw new MalformedPacket('packet too large', 0x95);
        if (end <= chunk.length) {
          packet(chunk, at, head.bodyStart, end);
          at = end;
        } else {
          const kept = Math.min(end - at, keptMax);
          partial = new Uint8Array(kept);
          partialLength = 0;
          skipBytes = end - at - kept;
          isTruncated = skipBytes > 0;
          at = fill(chunk, at);
        }
      }
    },
  };
}

interface Head { readonly bodyStart: number; readonly length: number }
/** Reused, so that a stream of small packets allocates nothing. */
const head = { bodyStart: 0, length: 0 };

/** The fixed header at `at`; undefined when it is not whole yet. */
function bodyOf(bytes: Uint8Array, at: number, end: number): Head | undefined {
  let length = 0;
  for (let index = 0; index < LENGTH_BYTES_MAX; index += 1) {
    const place = at + 1 + index;
    if (place >= end) return undefined;
    const byte = bytes[place] as number;
    length |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      head.bodyStart = place + 1;
      head.length = length;
      return head;
    }
  }
  throw new MalformedPacket('remaining length of more than four bytes');
}

function u16(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) throw new MalformedPacket('packet shorter than its fields');
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function variableInteger(bytes: Uint8Array, at: number, end: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let index = 0; index < LENGTH_BYTES_MAX && at + index < end; index += 1) {
    const byte = bytes[at + index] as number;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  throw new MalformedPacket('a length that does not end');
}

/** Topic alias among the properties of a PUBLISH (MQTT 5.0, 3.3.2.3); 0 when there is none. */
function topicAlias(bytes: Uint8Array, start: number, end: number): number {
  let alias = 0;
  for (let at = start; at < end;) {
    const id = bytes[at] as number;
    at += 1;
    switch (id) {
      case 0x01: at += 1; break; // payload format indicator
      case 0x02: at += 4; break; // message expiry interval
      case 0x23: alias = u16(bytes, at, end); at += 2; break;
      case 0x03: case 0x08: case 0x09: at += 2 + u16(bytes, at, end); break; // content type, response topic, correlation data
      case 0x0b: at = variableInteger(bytes, at, end).next; break; // subscription identifier
      case 0x26: { // user property: two strings
        at += 2 + u16(bytes, at, end);
        at += 2 + u16(bytes, at, end);
        break;
      }
      default: throw new MalformedPacket(`PUBLISH with property ${id}`);
    }
  }
  return alias;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
