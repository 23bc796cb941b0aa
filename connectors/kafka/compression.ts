/** Records of one compressed batch -> plain bytes. gzip and zstd are Node's; snappy and LZ4 are short enough to stand here. */
import zlib from 'node:zlib';
import { IoError } from '../../host/ports.ts';

const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;
/** No broker takes larger batches by default than 1 MiB compressed; beyond this it is an attack or an accident. */
const PLAIN_BYTES_MAX = 256 << 20;

/** Since Node 22.15; types of Node 20 do not know it. */
interface Zstd { readonly zstdDecompressSync?: (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer }

/** @param codec as in the batch's attributes. Throws IoError for what cannot be read. */
export function decompress(codec: number, bytes: Buffer): Buffer {
  const options = { maxOutputLength: PLAIN_BYTES_MAX };
  try {
    switch (codec) {
      case GZIP: return zlib.gunzipSync(bytes, options);
      case SNAPPY: return unsnappy(bytes);
      case LZ4: return unlz4(bytes);
      case ZSTD: return zstd()(bytes, options);
      default: throw new Error(`codec ${codec} is unknown`);
    }
  } catch (error) {
    if (error instanceof IoError) throw error;
    throw new IoError(`kafka: a compressed batch cannot be read: ${(error as Error).message}`, { retry: true, cause: error });
  }
}

function zstd(): NonNullable<Zstd['zstdDecompressSync']> {
  const { zstdDecompressSync } = zlib as Zstd;
  if (zstdDecompressSync) return zstdDecompressSync;
  throw new IoError('kafka: the topic holds batches compressed with zstd, which this Node.js cannot read', {
    retry: false, remedy: "run with Node.js 22.15 or newer, or set compression.type=lz4 on the topic or its producers",
  });
}

// ------------------------------------------------------------------------------------------------ snappy, Google's block format

/** Java's framing: magic, two versions, then blocks with their length in front. */
const FRAMED = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const FRAME_HEAD_BYTES = 16;

function unsnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, FRAMED.length).equals(FRAMED)) return unsnappyBlock(bytes);
  const blocks: Buffer[] = [];
  for (let at = FRAME_HEAD_BYTES; at < bytes.length;) {
    const length = bytes.readInt32BE(at);
    at += 4 + length;
    blocks.push(unsnappyBlock(bytes.subarray(at - length, at)));
  }
  return Buffer.concat(blocks);
}

function unsnappyBlock(bytes: Buffer): Buffer {
  let at = 0;
  let size = 0;
  for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
    byte = byteAt(bytes, at++);
    size += (byte & 0x7f) * 2 ** shift;
  }
  const plain = plainBuffer(size);
  let to = 0;
  while (at < bytes.length) {
    const tag = byteAt(bytes, at++);
    const kind = tag & 3;
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59); // lengths above 60 stand in one to four bytes
      const length = 1 + (extra === 0 ? tag >> 2 : bytes.readUIntLE(at, extra));
      at += extra;
      to += copyLiteral(bytes, at, plain, to, length);
      at += length;
    } else {
      const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
      const distance = kind === 1 ? ((tag >> 5) << 8) | byteAt(bytes, at) : bytes.readUIntLE(at, kind === 2 ? 2 : 4);
      at += kind === 1 ? 1 : kind === 2 ? 2 : 4;
      to += copyBack(plain, to, distance, length);
    }
  }
  if (to !== size) throw new Error('its length is not what it says');
  return plain;
}

// ---------------------------------------------------------------------------------------------------------- LZ4 frame format

const LZ4_MAGIC = 0x184d2204;
const LZ4_CONTENT_SIZE = 1 << 3;
const LZ4_BLOCK_CHECKSUM = 1 << 4;
const LZ4_BLOCK_MAX = [0, 0, 0, 0, 64 << 10, 256 << 10, 1 << 20, 4 << 20];
const LZ4_STORED = 0x80000000;

function unlz4(bytes: Buffer): Buffer {
  if (bytes.readUInt32LE(0) !== LZ4_MAGIC) throw new Error('it is no LZ4 frame');
  const flags = byteAt(bytes, 4);
  const blockMax = LZ4_BLOCK_MAX[(byteAt(bytes, 5) >> 4) & 7] ?? 0;
  let at = (flags & LZ4_CONTENT_SIZE) === 0 ? 7 : 15;
  let plain = plainBuffer(Math.max(blockMax, bytes.length * 4));
  let to = 0;
  for (let size = bytes.readUInt32LE(at); size !== 0; size = bytes.readUInt32LE(at)) {
    at += 4;
    const length = size & ~LZ4_STORED;
    if (to + blockMax > plain.length) plain = Buffer.concat([plain, plainBuffer(plain.length + blockMax)], plain.length * 2 + blockMax);
    to = (size & LZ4_STORED) !== 0 ? to + copyLiteral(bytes, at, plain, to, length) : unlz4Block(bytes.subarray(at, at + length), plain, to);
    at += length + ((flags & LZ4_BLOCK_CHECKSUM) === 0 ? 0 : 4);
  }
  return plain.subarray(0, to);
}

/** @returns where the plain bytes end */
function unlz4Block(bytes: Buffer, plain: Buffer, from: number): number {
  let at = 0;
  let to = from;
  /** Lengths of 15 go on in bytes of 255. */
  function length(nibble: number): number {
    let total = nibble;
    if (nibble === 15) {
      for (let byte = 255; byte === 255; total += byte) byte = byteAt(bytes, at++);
    }
    return total;
  }
  for (;;) {
    const token = byteAt(bytes, at++);
    const literal = length(token >> 4);
    to += copyLiteral(bytes, at, plain, to, literal);
    at += literal;
    if (at >= bytes.length) return to;
    const distance = bytes.readUInt16LE(at);
    at += 2;
    to += copyBack(plain, to, distance, 4 + length(token & 15));
  }
}

// ---------------------------------------------------------------------------------------------------------------- both

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Error('it is cut');
  return byte;
}

function plainBuffer(size: number): Buffer {
  if (size > PLAIN_BYTES_MAX) throw new Error(`it is larger than ${PLAIN_BYTES_MAX} bytes`);
  return Buffer.allocUnsafe(size);
}

function copyLiteral(bytes: Buffer, at: number, plain: Buffer, to: number, length: number): number {
  if (at + length > bytes.length || to + length > plain.length) throw new Error('it is cut');
  bytes.copy(plain, to, at, at + length);
  return length;
}

/** Repeats what stands `distance` before; the two may overlap, then it repeats itself. */
function copyBack(plain: Buffer, to: number, distance: number, length: number): number {
  if (distance === 0 || distance > to || to + length > plain.length) throw new Error('it points outside');
  if (distance >= length) plain.copyWithin(to, to - distance, to - distance + length);
  else for (let index = 0; index < length; index += 1) plain[to + index] = plain[to - distance + index] as number;
  return length;
}
