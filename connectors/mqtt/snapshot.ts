/** Numbers and texts <-> the bytes of a source's snapshot. Little endian; u32 and length-prefixed UTF-8 alone. */

const FIRST_BYTES = 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Writer {
  u32(value: number): void;
  /** Length, then the numbers. */
  u32s(values: readonly number[]): void;
  text(value: string): void;
  bytes(): Uint8Array;
}

export function createWriter(): Writer {
  let bytes = new Uint8Array(FIRST_BYTES);
  let view = new DataView(bytes.buffer);
  let length = 0;
  function room(count: number): void {
    if (length + count <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, length + count));
    larger.set(bytes.subarray(0, length));
    bytes = larger;
    view = new DataView(bytes.buffer);
  }
  function u32(value: number): void {
    room(4);
    view.setUint32(length, value, true);
    length += 4;
  }
  return {
    u32,
    u32s(values) {
      u32(values.length);
      room(values.length * 4);
      for (const value of values) {
        view.setUint32(length, value, true);
        length += 4;
      }
    },
    text(value) {
      const encoded = encoder.encode(value);
      u32(encoded.length);
      room(encoded.length);
      bytes.set(encoded, length);
      length += encoded.length;
    },
    bytes: () => bytes.slice(0, length),
  };
}

export interface Reader {
  u32(): number;
  u32s(): Uint32Array;
  text(): string;
}

/** Reads what a writer wrote. Throws RangeError when bytes are missing. */
export function createReader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  function u32(): number {
    at += 4;
    return view.getUint32(at - 4, true);
  }
  return {
    u32,
    u32s() {
      const count = u32();
      const values = new Uint32Array(count);
      for (let index = 0; index < count; index += 1) values[index] = u32();
      return values;
    },
    text() {
      const length = u32();
      at += length;
      return decoder.decode(bytes.subarray(at - length, at));
    },
  };
}
