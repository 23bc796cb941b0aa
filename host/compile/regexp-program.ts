/** A parsed pattern as the program that assembly/scalar/regexp.ts runs: constant words in the module's memory. */
import { pointsWith, pointsOf, union, type PointSet } from '../plan/code-points.ts';
import type { Assertion, Pattern } from '../plan/regexp.ts';

const OPERATIONS = { point: 0, set: 1, split: 2, jump: 3, save: 4, assert: 5, match: 6, assertWord: 7 } as const;
const ASSERTIONS: Readonly<Record<Assertion, number>> = { start: 0, end: 1, lastLineEnd: 2, lineStart: 3, lineEnd: 4, wordBorder: 0, noWordBorder: 1 };
const HEADER_BYTES = 16;
const INSTRUCTION_BYTES = 8;
/** A match takes a step for each instruction and code point: more would be slower than a person expects. */
const INSTRUCTIONS_MAX = 4000;

/** `x` and `y` as the operation has them; of a set the set itself until its place is known. */
interface Instruction { readonly operation: keyof typeof OPERATIONS; x: number; y: number; readonly set?: PointSet }

/**
 * Words of the program.
 * @param kept groups whose bounds a match gives, 0 for the whole; group kept[i] is in slots 2i and 2i + 1
 * Throws RangeError when the pattern is too long.
 */
export function patternProgram(pattern: Pattern, kept: readonly number[]): readonly number[] {
  const code: Instruction[] = [];
  const whole = kept.indexOf(0);
  if (whole >= 0) emit(code, 'save', whole * 2);
  emitPattern(code, pattern, kept);
  if (whole >= 0) emit(code, 'save', whole * 2 + 1);
  emit(code, 'match');
  return laidOut(code, kept.length * 2, firstByteOf(pattern), isAnchored(pattern));
}

function emit(code: Instruction[], operation: Instruction['operation'], x = 0, y = 0, set?: PointSet): Instruction {
  if (code.length >= INSTRUCTIONS_MAX) throw new RangeError(`the pattern is too long: more than ${INSTRUCTIONS_MAX} steps`);
  const instruction: Instruction = set === undefined ? { operation, x, y } : { operation, x, y, set };
  code.push(instruction);
  return instruction;
}

function emitPattern(code: Instruction[], pattern: Pattern, kept: readonly number[]): void {
  switch (pattern.kind) {
    case 'set': emitSet(code, pattern.set); break;
    case 'sequence': for (const part of pattern.parts) emitPattern(code, part, kept); break;
    case 'choice': emitChoice(code, pattern.options, kept); break;
    case 'repeat': emitRepeat(code, pattern, kept); break;
    case 'group': {
      const slot = kept.indexOf(pattern.index) * 2;
      if (slot >= 0) emit(code, 'save', slot);
      emitPattern(code, pattern.body, kept);
      if (slot >= 0) emit(code, 'save', slot + 1);
      break;
    }
    case 'assertion': {
      const isWord = pattern.assertion === 'wordBorder' || pattern.assertion === 'noWordBorder';
      emit(code, isWord ? 'assertWord' : 'assert', ASSERTIONS[pattern.assertion], 0, isWord ? wordPoints() : undefined);
      break;
    }
    default: { const unreachable: never = pattern; throw new Error(String(unreachable)); }
  }
}

/** Java's \b knows letters and digits of all languages. */
function wordPoints(): PointSet { return union(pointsWith('L'), pointsWith('Nd'), pointsOf('_')); }

function emitSet(code: Instruction[], set: PointSet): void {
  const [only] = set;
  if (set.length === 1 && only !== undefined && only[0] === only[1]) emit(code, 'point', only[0]);
  else emit(code, 'set', 0, 0, set);
}

function emitChoice(code: Instruction[], options: readonly Pattern[], kept: readonly number[]): void {
  const jumps: Instruction[] = [];
  options.forEach((option, index) => {
    if (index === options.length - 1) {
      emitPattern(code, option, kept);
      return;
    }
    const split = emit(code, 'split');
    split.x = code.length;
    emitPattern(code, option, kept);
    jumps.push(emit(code, 'jump'));
    split.y = code.length;
  });
  for (const jump of jumps) jump.x = code.length;
}

function emitRepeat(code: Instruction[], { body, least, most, isGreedy }: Extract<Pattern, { kind: 'repeat' }>, kept: readonly number[]): void {
  for (let count = 0; count < least - 1; count += 1) emitPattern(code, body, kept);
  if (most === Number.POSITIVE_INFINITY) {
    // x* is (x+)?: so a body that takes nothing is still gone through once.
    const skip = least === 0 ? emit(code, 'split') : undefined;
    const start = code.length;
    emitPattern(code, body, kept);
    const again = emit(code, 'split');
    branch(again, isGreedy, start, code.length);
    if (skip !== undefined) branch(skip, isGreedy, start, code.length);
    return;
  }
  if (least > 0) emitPattern(code, body, kept);
  const skips: { readonly split: Instruction; readonly start: number }[] = [];
  for (let count = least; count < most; count += 1) {
    const split = emit(code, 'split');
    skips.push({ split, start: code.length });
    emitPattern(code, body, kept);
  }
  for (const { split, start } of skips) branch(split, isGreedy, start, code.length);
}

function branch(split: Instruction, isGreedy: boolean, into: number, past: number): void {
  split.x = isGreedy ? into : past;
  split.y = isGreedy ? past : into;
}

/** The byte with which every match begins; 256 where there are several. */
function firstByteOf(pattern: Pattern): number {
  switch (pattern.kind) {
    case 'set': {
      const [only] = pattern.set;
      return pattern.set.length === 1 && only !== undefined && only[0] === only[1] && only[0] < 128 ? only[0] : 256;
    }
    case 'sequence': return pattern.parts[0] === undefined ? 256 : firstByteOf(pattern.parts[0]);
    case 'group': return firstByteOf(pattern.body);
    case 'repeat': return pattern.least > 0 ? firstByteOf(pattern.body) : 256;
    case 'choice': case 'assertion': return 256;
  }
}

/** Whether it can only match at the start of the text. */
function isAnchored(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'assertion': return pattern.assertion === 'start';
    case 'sequence': return pattern.parts[0] !== undefined && isAnchored(pattern.parts[0]);
    case 'group': return isAnchored(pattern.body);
    case 'choice': return pattern.options.every(isAnchored);
    default: return false;
  }
}

function laidOut(code: readonly Instruction[], slotCount: number, firstByte: number, isAtStartOnly: boolean): readonly number[] {
  const sets: number[] = [];
  const places = new Map<string, number>();
  const words: number[] = [code.length, slotCount, firstByte, isAtStartOnly ? 1 : 0];
  for (const { operation, x, y, set } of code) {
    let second = y;
    if (set !== undefined) {
      const key = JSON.stringify(set);
      second = places.get(key) ?? HEADER_BYTES + code.length * INSTRUCTION_BYTES + sets.length * 4;
      if (!places.has(key)) {
        places.set(key, second);
        sets.push(...setWords(set));
      }
    }
    words.push(OPERATIONS[operation] + x * 256, second);
  }
  return [...words, ...sets];
}

/** 128 bits for ASCII, then all that lies behind it as ranges. */
function setWords(set: PointSet): readonly number[] {
  const bits = [0, 0, 0, 0];
  const beyond: number[] = [];
  for (const [first, last] of set) {
    for (let point = first; point <= Math.min(last, 127); point += 1) bits[point >> 5] = ((bits[point >> 5] ?? 0) | (1 << (point & 31))) >>> 0;
    if (last > 127) beyond.push(Math.max(first, 128), last);
  }
  return [...bits, beyond.length / 2, ...beyond];
}
