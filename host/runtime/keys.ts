/** Every key of the store beside the log, in one place. Numbers are hexadecimal of fixed width, so that keys sort by them. */
import type { Offset } from '../ports.ts';

export const KEY_IDENTITY = 'identity';
export const KEY_MODULE = 'module';
/** Bytes of a module that a kept checkpoint needs. */
export const moduleBytesKey = (codeHash: string): string => `module-bytes/${codeHash}`;

export const CHECKPOINTS = 'checkpoint/';
export const checkpointHeadKey = (checkpoint: number): string => `${CHECKPOINTS}${hex(checkpoint)}/head`;
export const checkpointPagesKey = (checkpoint: number, firstPage: number): string => `${CHECKPOINTS}${hex(checkpoint)}/pages/${hex(firstPage)}`;
export const checkpointSourceKey = (checkpoint: number, source: number): string => `${CHECKPOINTS}${hex(checkpoint)}/source/${source}`;
/** Number of the checkpoint that a key under CHECKPOINTS belongs to. */
export const checkpointOfKey = (key: string): number => parseInt(key.slice(CHECKPOINTS.length), 16);

/** `sink` is the sink's name in the manifest; the slash behind it keeps `print` apart from `print-2`. */
export const progressKey = (sink: string): string => `progress/${sink}/`;
export const queuePrefix = (sink: string): string => `queue/${sink}/`;
/** The key tells all that recovery must know of a chunk, so that it reads none of them. */
export const queueKey = (sink: string, chunk: { readonly first: number; readonly last: number; readonly sizeBytes: number }): string =>
  `${queuePrefix(sink)}${hex(chunk.first)}-${hex(chunk.last)}-${hex(chunk.sizeBytes)}`;
/** Inverse of queueKey. */
export function chunkOfKey(key: string): { first: number; last: number; sizeBytes: number } {
  const [first, last, sizeBytes] = key.slice(key.lastIndexOf('/') + 1).split('-').map((digits) => parseInt(digits, 16));
  return { first: first as number, last: last as number, sizeBytes: sizeBytes as number };
}

export const VERDICTS = 'verdict/';
export const verdictKey = (offset: Offset): string => `${VERDICTS}${hex(offset)}`;
export const offsetOfVerdictKey = (key: string): Offset => parseInt(key.slice(VERDICTS.length), 16);

/** 14 digits hold every safe integer. */
function hex(value: number): string {
  return value.toString(16).padStart(14, '0');
}
