/**
 * Output records of a module (assembly/abi.ts OUT_*) as bytes: who they are for, where one ends, and the Result that a
 * sink gets. An entry is the log offset (f64) and the record as the module wrote it; the outbox keeps entries, in RAM
 * and on disk, and makes Results only for a delivery.
 */
import {
  OUT_ARRIVAL, OUT_BYTES, OUT_CHANGE_END, OUT_DIGEST, OUT_KEY_LENGTH, OUT_LENGTH, OUT_NO_KEY, OUT_ROW_KIND, OUT_SEQUENCE, OUT_SINK, OUT_VALUE_LENGTH,
} from '../../assembly/abi.ts';
import type { Offset, Result, RowKind } from '../ports.ts';
import { assert } from './errors.ts';

/** f64 log offset in front of each output record. */
export const ENTRY_HEAD_BYTES = 8;
const ROW_KINDS: readonly RowKind[] = ['+I', '-U', '+U', '-D'];

/** A run of output records, 8-aligned, as copied from linear memory. */
export interface Output { readonly bytes: Uint8Array; readonly view: DataView }

export function outputOf(bytes: Uint8Array): Output {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** Length of the record at `at`. Throws AssertionError when it cannot be one. */
export function lengthAt({ bytes, view }: Output, at: number): number {
  const length = view.getUint32(at + OUT_LENGTH, true);
  assert(length >= OUT_BYTES && length % 8 === 0 && at + length <= bytes.length, 'output records are whole and 8-aligned');
  return length;
}

export const sinkAt = ({ view }: Output, at: number): number => view.getUint16(at + OUT_SINK, true);
export const sequenceAt = ({ view }: Output, at: number): number => view.getFloat64(at + OUT_SEQUENCE, true);
export const isChangeEndAt = ({ view }: Output, at: number): boolean => view.getUint32(at + OUT_CHANGE_END, true) !== 0;
/** 16 hexadecimal digits. */
export const digestAt = ({ view }: Output, at: number): string => digestText(view, at + OUT_DIGEST);

/** The u64 at `at` as Progress.digest has it. */
export function digestText(view: DataView, at: number): string {
  return view.getBigUint64(at, true).toString(16).padStart(16, '0');
}

export const offsetAt = ({ view }: Output, entryAt: number): Offset => view.getFloat64(entryAt, true);

/** What a sink gets. Key and value are views of the chunk. */
export function resultAt(output: Output, at: number): Result {
  const { bytes, view } = output;
  const keyLength = view.getUint32(at + OUT_KEY_LENGTH, true);
  const keyEnd = at + OUT_BYTES + (keyLength === OUT_NO_KEY ? 0 : keyLength);
  const valueEnd = keyEnd + view.getUint32(at + OUT_VALUE_LENGTH, true);
  assert(valueEnd <= at + lengthAt(output, at), 'key and value lie within their output record');
  const kind = ROW_KINDS[view.getUint8(at + OUT_ROW_KIND)];
  assert(kind !== undefined, 'the row kind of a result is known');
  return {
    sequence: sequenceAt(output, at), kind,
    key: keyLength === OUT_NO_KEY ? undefined : bytes.subarray(at + OUT_BYTES, keyEnd),
    value: bytes.subarray(keyEnd, valueEnd),
    arrival: view.getFloat64(at + OUT_ARRIVAL, true),
    isChangeEnd: isChangeEndAt(output, at),
  };
}
