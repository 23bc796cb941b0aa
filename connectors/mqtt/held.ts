/**
 * Bytes of a connection that wait while the log has no room. Reading goes on up to a budget, so that a device that only
 * waits for its acknowledgements still gets its PINGRESP and does not take the gateway for dead.
 */

const PINGREQ = 12;

export interface Held {
  /** Keeps bytes for later. @returns how many PINGREQs begin and end in all that was kept, since the last call */
  keep(bytes: Uint8Array): number;
  /** Puts back what could not be taken after all; it stands in front. */
  putBack(bytes: Uint8Array): void;
  /** The oldest bytes; undefined when there are none. */
  next(): Uint8Array | undefined;
  sizeBytes(): number;
}

/** @param missingBytes of the packet that had begun before; @param rest bytes of a fixed header that had begun before */
export function createHeld(missingBytes: number, rest: Uint8Array): Held {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  /** The walk over packet borders: bytes to skip, or the fixed header at hand. */
  let skipBytes = missingBytes;
  let type = -1;
  let length = 0;
  let shift = 0;

  function countPings(bytes: Uint8Array): number {
    let pings = 0;
    for (let at = 0; at < bytes.length;) {
      if (skipBytes > 0) {
        const skipped = Math.min(skipBytes, bytes.length - at);
        skipBytes -= skipped;
        at += skipped;
        continue;
      }
      const byte = bytes[at] as number;
      at += 1;
      if (type < 0) {
        type = byte >> 4;
        length = 0;
        shift = 0;
        continue;
      }
      length |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte >= 0x80 && shift < 28) continue;
      if (type === PINGREQ) pings += 1;
      skipBytes = length;
      type = -1;
    }
    return pings;
  }
  countPings(rest);
  return {
    keep(bytes) {
      chunks.push(bytes);
      sizeBytes += bytes.length;
      return countPings(bytes);
    },
    putBack(bytes) {
      chunks.unshift(bytes);
      sizeBytes += bytes.length;
    },
    next() {
      const chunk = chunks.shift();
      sizeBytes -= chunk?.length ?? 0;
      return chunk;
    },
    sizeBytes: () => sizeBytes,
  };
}
