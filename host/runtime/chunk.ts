/**
 * A run of one sink's results with contiguous sequences, as entries (output.ts) in one buffer. A chunk is filled, closed,
 * perhaps written to the store, delivered from the front, and dropped. Between -U and +U it is never cut.
 */
import { assert } from './errors.ts';
import { digestAt, ENTRY_HEAD_BYTES, isChangeEndAt, lengthAt, type Output, offsetAt, outputOf, resultAt, sequenceAt } from './output.ts';
import type { Offset, Result } from '../ports.ts';

/** A chunk that reaches it is closed at the next end of a change. Large enough that a commit of one is not all overhead. */
export const CHUNK_BYTES: number = 256 * 1024;
const CHUNK_FIRST_BYTES = 8 * 1024; // a quiet sink should not hold a quarter of a megabyte

export interface Chunk {
  readonly first: number;
  last: number;
  sizeBytes: number;
  /** undefined: only in the store. */
  output: Output | undefined;
  /** Byte of the first entry not yet confirmed, and its sequence. */
  at: number;
  next: number;
  isClosed: boolean;
  isSpilling: boolean;
  /** Its key once it is in the store. */
  key: string | undefined;
}

/** Where a run of results ends. */
export interface Place { readonly sequence: number; readonly offset: Offset; readonly digest: string }

export function newChunk(first: number): Chunk {
  const output = outputOf(new Uint8Array(CHUNK_FIRST_BYTES));
  return { first, last: first - 1, sizeBytes: 0, output, at: 0, next: first, isClosed: false, isSpilling: false, key: undefined };
}

/** A chunk known from its key alone. */
export function storedChunk(key: string, name: { readonly first: number; readonly last: number; readonly sizeBytes: number }): Chunk {
  return { ...name, output: undefined, at: 0, next: name.first, isClosed: true, isSpilling: false, key };
}

/** Copies the output record `from[at, at + length)` behind the others. Closes the chunk when it holds `bytesMax` and no change is open. */
export function addEntry(chunk: Chunk, offset: Offset, from: Output, at: number, bytesMax: number): void {
  const length = lengthAt(from, at);
  const end = chunk.sizeBytes + ENTRY_HEAD_BYTES + length;
  let output = chunk.output;
  assert(output !== undefined && !chunk.isClosed, 'entries go into an open chunk');
  assert(sequenceAt(from, at) === chunk.last + 1, 'results are queued in sequence, without gaps');
  if (end > output.bytes.length) {
    const larger = new Uint8Array(Math.max(end, Math.min(output.bytes.length * 2, CHUNK_BYTES * 2)));
    larger.set(output.bytes.subarray(0, chunk.sizeBytes));
    output = outputOf(larger);
    chunk.output = output;
  }
  output.view.setFloat64(chunk.sizeBytes, offset, true);
  output.bytes.set(from.bytes.subarray(at, at + length), chunk.sizeBytes + ENTRY_HEAD_BYTES);
  chunk.sizeBytes = end;
  chunk.last += 1;
  if (end >= bytesMax && isChangeEndAt(from, at)) chunk.isClosed = true;
}

/**
 * Results from the first unconfirmed one on: at most about `max`, more only to end with a change.
 * @returns undefined while the only results are those of a change whose second half is still to come
 */
export function takeFrom(chunk: Chunk, max: { readonly count: number; readonly bytes: number }): { results: Result[]; place: Place } | undefined {
  const { output } = chunk;
  assert(output !== undefined && chunk.at < chunk.sizeBytes, 'results are taken from a loaded chunk that has some');
  const results: Result[] = [];
  let wholeCount = 0;
  let last = chunk.at;
  for (let at = chunk.at; at < chunk.sizeBytes;) {
    const result = resultAt(output, at + ENTRY_HEAD_BYTES);
    assert(result.sequence === chunk.next + results.length, 'results reach the sink in sequence, without gaps');
    results.push(result);
    const entryAt = at;
    at += ENTRY_HEAD_BYTES + lengthAt(output, at + ENTRY_HEAD_BYTES);
    if (!result.isChangeEnd) continue;
    wholeCount = results.length;
    last = entryAt;
    if (results.length >= max.count || at - chunk.at >= max.bytes) break;
  }
  results.length = wholeCount;
  return wholeCount === 0 ? undefined : { results, place: placeAt(output, last) };
}

/** Moves the front behind `sequence`. @returns the place of `sequence` itself, undefined when it lies before the front */
export function skipTo(chunk: Chunk, sequence: number): Place | undefined {
  const { output } = chunk;
  assert(output !== undefined && sequence <= chunk.last, 'only results of this chunk are skipped in it');
  let last: number | undefined;
  while (chunk.next <= sequence) {
    last = chunk.at;
    chunk.at += ENTRY_HEAD_BYTES + lengthAt(output, chunk.at + ENTRY_HEAD_BYTES);
    chunk.next += 1;
  }
  return last === undefined ? undefined : placeAt(output, last);
}

/** Place of the chunk's last result. */
export function lastPlace(output: Output, sizeBytes: number): Place {
  let last = 0;
  for (let at = 0; at < sizeBytes; at += ENTRY_HEAD_BYTES + lengthAt(output, at + ENTRY_HEAD_BYTES)) last = at;
  return placeAt(output, last);
}

function placeAt(output: Output, entryAt: number): Place {
  const at = entryAt + ENTRY_HEAD_BYTES;
  return { sequence: sequenceAt(output, at), offset: offsetAt(output, entryAt), digest: digestAt(output, at) };
}
