/** Records that say which one they are and prove that they are whole. */
import { crc32 } from 'node:zlib';
import type { Store } from '../../../host/ports.ts';

export function stamped(serial: number): Buffer {
  const record = Buffer.alloc(64 + ((serial * 7919) % 20_000), serial & 255);
  record.writeUInt32LE(serial, 0);
  record.writeUInt32LE(crc32(record.subarray(8)), 4);
  return record;
}

/** @returns the serial of the record at `offset`, undefined when it is not there or not whole */
export function serialOf(store: Store, offset: number): number | undefined {
  const target = Buffer.alloc(65_536);
  const length = store.readInto(offset, target);
  const record = target.subarray(0, length);
  return length > 8 && record.readUInt32LE(4) === crc32(record.subarray(8)) ? record.readUInt32LE(0) : undefined;
}
