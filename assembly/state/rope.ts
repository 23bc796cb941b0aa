/**
 * Bytes that grow at their end: chunks of the heap, each twice as long as the one before, up to a page. What was written is
 * never moved, so adding to a long list costs what is added. Source: Boehm, Atkinson and Plass, "Ropes", 1995, for the name.
 */
import { PAGE_BYTES } from "../abi";
import { give, take } from "./heap";
import { copyIn, put, write } from "./pages";

/** Chunks: u32 address of the next one, u32 bytes of this one, contents. */
const CHUNK_BYTES: u32 = 8;
const CHUNK_MIN: u32 = 32;
/** Pages that adding takes beside those of `ropeBytesOf`: the rest of what was added, and a list's mark between pieces. */
export const ROPE_PAGES: usize = 2;

/** State: u32 first chunk, u32 last, u32 bytes in all, u32 free bytes of the last chunk (16 bytes). */
@final @unmanaged
export class Rope {
  first: u32;
  last: u32;
  length: u32;
  room: u32;

  @inline
  init(): void {
    store<u64>(changetype<usize>(this), 0);
    store<u64>(changetype<usize>(this), 0, 8);
  }

  /** Adds bytes from anywhere. Requires: room for ROPE_PAGES and ropeBytesOf(length); the rope's own page is marked. */
  append(address: usize, length: u32): void {
    let from = address;
    let left = length;
    while (left != 0) {
      if (this.room == 0) this.extend(left);
      const bytes = min<u32>(left, this.room);
      copyIn(<usize>this.last + load<u32>(<usize>this.last, 4) - this.room, from, bytes);
      this.room -= bytes;
      from += bytes;
      left -= bytes;
    }
    this.length += length;
  }

  /** Adds what another rope holds. */
  merge(other: Rope): void {
    for (let chunk = <usize>other.first; chunk != 0; chunk = <usize>load<u32>(chunk)) {
      this.append(chunk + CHUNK_BYTES, load<u32>(chunk, 4) - CHUNK_BYTES - (chunk == <usize>other.last ? other.room : 0));
    }
  }

  /** Writes all bytes to `out`, outside of the state. @returns address behind them */
  copyTo(out: usize): usize {
    let end = out;
    for (let chunk = <usize>this.first; chunk != 0; chunk = <usize>load<u32>(chunk)) {
      const bytes = load<u32>(chunk, 4) - CHUNK_BYTES - (chunk == <usize>this.last ? this.room : 0);
      memory.copy(end, chunk + CHUNK_BYTES, bytes);
      end += bytes;
    }
    return end;
  }

  /** Gives all chunks back. */
  free(): void {
    for (let chunk = <usize>this.first; chunk != 0;) {
      const next = <usize>load<u32>(chunk);
      give(chunk, load<u32>(chunk, 4));
      chunk = next;
    }
  }

  /** Takes the next chunk, large enough for `bytes` if a page is. */
  private extend(bytes: u32): void {
    let size = this.last == 0 ? CHUNK_MIN : min<u32>(load<u32>(<usize>this.last, 4) << 1, PAGE_BYTES);
    while (size < <u32>PAGE_BYTES && size - CHUNK_BYTES < bytes) size <<= 1;
    const chunk = take(size);
    put<u32>(chunk, 0);
    store<u32>(chunk, size, 4);
    if (this.last == 0) this.first = <u32>chunk;
    else put<u32>(<usize>this.last, <u32>chunk);
    this.last = <u32>chunk;
    this.room = size - CHUNK_BYTES;
  }
}

/** Bytes of whole pages that adding `length` bytes may take beside ROPE_PAGES. */
// @ts-ignore: decorator
@inline
export function ropeBytesOf(length: u32): usize { return <usize>(length / (<u32>PAGE_BYTES - CHUNK_BYTES)) * PAGE_BYTES; }
