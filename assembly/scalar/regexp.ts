/**
 * Regular expressions in time linear in the text: all ways through the pattern are followed at once, in the order in which
 * a backtracking matcher would try them, so that the first that gets to the end is the match it would find.
 * A program (host/compile/regexp-program.ts) is words: instruction count, slot count, first byte (256: any), 1 when only the
 * start of the text is tried; then two words an instruction; then sets: 128 bits for ASCII, range count, first and last of each.
 * Source: Thompson 1968; Pike's threads with captures, as Cox describes them, 2009.
 */
import { REJECT_EXPRESSION } from "../abi";
import { fail } from "../error";
import { take, trim } from "../text/arena";
import { textAddress, textLength } from "../text/text";
import { findByte, pointAt, pointBefore, pointBytes } from "./points";

// Operations, in the low byte of an instruction's first word; its other bits and the second word are x and y.
const POINT: u32 = 0; // x: code point
const SET: u32 = 1; // y: offset of the set in the program, bytes
const SPLIT: u32 = 2; // x: instruction to try first, y: the other
const JUMP: u32 = 3; // x
const SAVE: u32 = 4; // x: slot
const ASSERT: u32 = 5; // x: which
const MATCH: u32 = 6;
const ASSERT_WORD: u32 = 7; // x: 1 for no border; y: offset of the set of word characters

const START: u32 = 0;
const END: u32 = 1;
const LAST_LINE_END: u32 = 2;
const LINE_START: u32 = 3;
const LINE_END: u32 = 4;

/** A search through one text; lies in the arena. Threads are an instruction and its slots. */
@final @unmanaged export class Search {
  program: u32;
  start: u32;
  end: u32;
  /** u32 per instruction: the step in which it was reached last. */
  marks: u32;
  step: u32;
  slotCount: u32;
  /** Slots of the thread being followed, then of the match. */
  slots: u32;
  found: u32;
  /** Bytes of a thread. */
  stride: u32;
  /** The two lists of threads, and where the one being filled ends. */
  current: u32;
  next: u32;
  tail: u32;
}

const SEARCH_BYTES: u32 = 48;

/** Prepares a search. @returns 0, and the expression fails, where the arena is full; else give it back with `close` */
export function open(text: u64, program: usize, expression: i32): usize {
  const count = load<u32>(program);
  const slotCount = load<u32>(program, 4);
  const stride = 4 + slotCount * 4;
  const address = take(SEARCH_BYTES + count * 4 + slotCount * 8 + 2 * count * stride);
  if (address == 0) {
    fail(REJECT_EXPRESSION, expression);
    return 0;
  }
  const search = changetype<Search>(address);
  search.program = <u32>program;
  search.start = <u32>textAddress(text);
  search.end = search.start + textLength(text);
  search.marks = <u32>address + SEARCH_BYTES;
  search.step = 0;
  search.slotCount = slotCount;
  search.slots = search.marks + count * 4;
  search.found = search.slots + slotCount * 4;
  search.stride = stride;
  search.current = search.found + slotCount * 4;
  search.next = search.current + count * stride;
  memory.fill(search.marks, 0, count * 4);
  memory.fill(search.slots, 0, slotCount * 4);
  return address;
}

/** Gives the memory of a search back. */
// @ts-ignore: decorator
@inline
export function close(search: usize): void { trim(search); }

/** Address where slot `slot` of the last match points, 0 when its group took no part. */
// @ts-ignore: decorator
@inline
export function slotOf(search: usize, slot: u32): usize { return <usize>load<u32>(<usize>changetype<Search>(search).found + slot * 4); }

/** Whether the pattern is found at `from` or behind; its slots are then those of the first match. */
export function find(address: usize, from: usize): bool {
  const search = changetype<Search>(address);
  const program = <usize>search.program;
  const end = <usize>search.end;
  const firstByte = load<u32>(program, 8);
  const isAtStartOnly = load<u32>(program, 12) != 0;
  let isFound = false;
  let p = from;
  search.step += 1;
  search.tail = search.current;
  while (true) {
    if (!isFound) {
      if (search.tail == search.current) {
        if (isAtStartOnly && p > <usize>search.start) return false;
        if (firstByte < 256) {
          p = findByte(p, end, <u8>firstByte);
          if (p == end) return false;
        }
      }
      memory.fill(search.slots, 0, search.slotCount * 4);
      follow(search, 0, p);
    }
    if (search.tail == search.current && (isFound || p == end)) return isFound;
    const point = p < end ? pointAt(p) : u32.MAX_VALUE;
    const size = p < end ? pointBytes(load<u8>(p)) : 1;
    if (advance(search, point, p + size)) {
      if (search.slotCount == 0) return true;
      isFound = true;
    }
    if (p == end) return isFound;
    p += size;
  }
}

/** Moves all threads over one code point into the other list. @returns whether one of them is at its match */
function advance(search: Search, point: u32, behind: usize): bool {
  const stop = search.tail;
  const list = search.current;
  search.current = search.next;
  search.next = list;
  search.tail = search.current;
  search.step += 1;
  for (let thread = list; thread < stop; thread += search.stride) {
    const pc = load<u32>(thread);
    const instruction = <usize>search.program + 16 + <usize>pc * 8;
    const word = load<u32>(instruction);
    const operation = word & 255;
    if (operation == MATCH) {
      memory.copy(search.found, thread + 4, search.slotCount * 4);
      return true; // threads behind it are worse
    }
    const isTaken = operation == POINT ? word >> 8 == point : isIn(<usize>search.program + load<u32>(instruction, 4), point);
    if (!isTaken) continue;
    memory.copy(search.slots, thread + 4, search.slotCount * 4);
    follow(search, pc + 1, behind);
  }
  return false;
}

/** Adds the threads that get from instruction `from` to one that takes a code point without taking one, best first. */
function follow(search: Search, from: u32, p: usize): void {
  let pc = from;
  while (true) {
    const mark = <usize>search.marks + <usize>pc * 4;
    if (load<u32>(mark) == search.step) return;
    store<u32>(mark, search.step);
    const instruction = <usize>search.program + 16 + <usize>pc * 8;
    const word = load<u32>(instruction);
    const x = word >> 8;
    switch (word & 255) {
      case JUMP: {
        pc = x;
        break;
      }
      case SPLIT: {
        follow(search, x, p);
        pc = load<u32>(instruction, 4);
        break;
      }
      case SAVE: {
        const slot = <usize>search.slots + <usize>x * 4;
        const before = load<u32>(slot);
        store<u32>(slot, <u32>p);
        follow(search, pc + 1, p);
        store<u32>(slot, before);
        return;
      }
      case ASSERT: {
        if (!holds(search, x, p)) return;
        pc += 1;
        break;
      }
      case ASSERT_WORD: {
        if (isWordBorder(search, <usize>search.program + load<u32>(instruction, 4), p) == (x != 0)) return;
        pc += 1;
        break;
      }
      default: {
        const thread = <usize>search.tail;
        store<u32>(thread, pc);
        memory.copy(thread + 4, search.slots, search.slotCount * 4);
        search.tail += search.stride;
        return;
      }
    }
  }
}

/** Whether the code point is in the set. */
function isIn(set: usize, point: u32): bool {
  if (point < 128) return (load<u32>(set + ((point >> 5) << 2)) >> (point & 31) & 1) != 0;
  let low: u32 = 0;
  let high = load<u32>(set, 16);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(set + <usize>middle * 8, 24) < point) low = middle + 1;
    else high = middle;
  }
  return low < load<u32>(set, 16) && load<u32>(set + <usize>low * 8, 20) <= point && point != u32.MAX_VALUE;
}

function holds(search: Search, assertion: u32, p: usize): bool {
  const end = <usize>search.end;
  switch (assertion) {
    case START: return p == <usize>search.start;
    case END: return p == end;
    case LAST_LINE_END: {
      if (p == end) return true;
      const behind = p + pointBytes(load<u8>(p));
      if (!isLineBreak(pointAt(p))) return false;
      if (behind == end) return !isBetween(search, p);
      return load<u8>(p) == 0x0d && load<u8>(behind) == 0x0a && behind + 1 == end;
    }
    case LINE_START: return p == <usize>search.start || (p < end && isLineBreak(pointAt(pointBefore(p))) && !isBetween(search, p));
    case LINE_END: return p == end || (isLineBreak(pointAt(p)) && !isBetween(search, p));
    default: return false;
  }
}

/** Whether `p` is between a carriage return and its line feed. */
function isBetween(search: Search, p: usize): bool { return p > <usize>search.start && load<u8>(p - 1) == 0x0d && load<u8>(p) == 0x0a; }

// @ts-ignore: decorator
@inline
function isLineBreak(point: u32): bool { return point == 0x0a || point == 0x0d || point == 0x85 || point == 0x2028 || point == 0x2029; }

function isWordBorder(search: Search, words: usize, p: usize): bool {
  const isBefore = p > <usize>search.start && isIn(words, pointAt(pointBefore(p)));
  return isBefore != (p < <usize>search.end && isIn(words, pointAt(p)));
}
