/** What every value beside the log looks like on disk: CRC-32 of the rest, then the rest. Text is JSON in UTF-8. */
import { assert } from './errors.ts';

export type Crc32 = (bytes: Uint8Array) => number;

const CRC_BYTES = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Room for `length` bytes that `frameInPlace` frames without copying them again. */
export function roomForFrame(length: number): Uint8Array {
  return new Uint8Array(CRC_BYTES + length).subarray(CRC_BYTES);
}

/** Puts the CRC in front. Requires: `bytes` is all that `roomForFrame` gave. */
export function frameInPlace(crc32: Crc32, bytes: Uint8Array): Uint8Array {
  assert(bytes.byteOffset === CRC_BYTES && bytes.buffer.byteLength === CRC_BYTES + bytes.length, 'only bytes with room in front are framed in place');
  const value = new Uint8Array(bytes.buffer);
  new DataView(value.buffer).setUint32(0, crc32(bytes), true);
  return value;
}

/** Puts the CRC in front; `parts` are joined. */
export function frame(crc32: Crc32, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = CRC_BYTES;
  for (const part of parts) length += part.length;
  const value = new Uint8Array(length);
  let at = CRC_BYTES;
  for (const part of parts) {
    value.set(part, at);
    at += part.length;
  }
  new DataView(value.buffer).setUint32(0, crc32(value.subarray(CRC_BYTES)), true);
  return value;
}

/** @returns what was framed, or undefined when there is nothing or its CRC does not hold */
export function unframe(crc32: Crc32, value: Uint8Array | undefined): Uint8Array | undefined {
  if (value === undefined || value.length < CRC_BYTES) return undefined;
  const bytes = value.subarray(CRC_BYTES);
  const stored = new DataView(value.buffer, value.byteOffset, CRC_BYTES).getUint32(0, true);
  return stored === crc32(bytes) ? bytes : undefined;
}

export function frameJson(crc32: Crc32, content: unknown): Uint8Array {
  return frame(crc32, encoder.encode(JSON.stringify(content)));
}

/**
 * Reads back what `frameJson` wrote. The caller names the type: a value with a valid CRC was written by this file.
 * Throws AssertionError when a value is there and broken.
 */
export function unframeJson<T>(crc32: Crc32, value: Uint8Array | undefined, what: string): T | undefined {
  if (value === undefined) return undefined;
  const bytes = unframe(crc32, value);
  assert(bytes !== undefined, `${what} reads back as it was written`);
  return JSON.parse(decoder.decode(bytes)) as T;
}
