/**
 * Short runs of bytes, four at a time. `set` needs a view object a call, which costs more than copying a hundred bytes;
 * a loop over single bytes costs as much (bench/log.bench.ts). Nothing is read or written outside of the given bounds.
 */

/** A buffer with the two views that this file needs of it. */
export interface Buffered { readonly bytes: Uint8Array; readonly view: DataView }

/** Both views of `bytes`; the Uint8Array is a plain one, since methods of Node's Buffer are slower. */
export function buffered(bytes: Uint8Array): Buffered {
  return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** Beyond this, `set` is faster. */
const WORDS_BYTES_MAX = 320;

/** Copies source[start, end) to target[at, ...). */
export function copyBytes(source: Buffered, start: number, end: number, target: Buffered, at: number): void {
  if (end - start > WORDS_BYTES_MAX) {
    target.bytes.set(source.bytes.subarray(start, end), at);
    return;
  }
  let from = start;
  let to = at;
  const fromView = source.view;
  const toView = target.view;
  for (; from + 4 <= end; from += 4, to += 4) toView.setInt32(to, fromView.getInt32(from, true), true);
  for (; from < end; from += 1, to += 1) target.bytes[to] = source.bytes[from] as number;
}

/** Whether a[start, end) and b[at, ...) are the same bytes. Requires: b has as many. */
export function equalBytes(a: Buffered, start: number, end: number, b: Buffered, at: number): boolean {
  let left = start;
  let right = at;
  const leftView = a.view;
  const rightView = b.view;
  for (; left + 4 <= end; left += 4, right += 4) if (leftView.getInt32(left, true) !== rightView.getInt32(right, true)) return false;
  for (; left < end; left += 1, right += 1) if (a.bytes[left] !== b.bytes[right]) return false;
  return true;
}

/** The first `count` elements of a column as bytes, in place. */
export function bytesOf(column: Uint32Array | Uint16Array | Int32Array, count: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT);
}
