/**
 * Regular expressions as java.util.regex reads them, parsed into a tree. What needs backtracking (back references, look-around,
 * atomic groups, possessive quantifiers) is refused: patterns run in time linear in the text (see assembly/scalar/regexp.ts).
 */
import { complement, pointSet, pointsOf, union, withBothCases, type PointSet } from './code-points.ts';
import { classAt, escapedSet, PatternProblem, type PatternCursor } from './regexp-class.ts';

export { PatternProblem } from './regexp-class.ts';

export type Assertion = 'start' | 'end' | 'lastLineEnd' | 'lineStart' | 'lineEnd' | 'wordBorder' | 'noWordBorder';

export type Pattern =
  | { readonly kind: 'set'; readonly set: PointSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly body: Pattern; readonly least: number; readonly most: number; readonly isGreedy: boolean }
  /** Groups count from 1 in the order of their parentheses. */
  | { readonly kind: 'group'; readonly index: number; readonly body: Pattern }
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

/** What Java keeps '.' from, and what ends a line. */
export const LINE_BREAKS: PointSet = pointsOf('\n\r\u0085\u2028\u2029');
/** Repetition by number is written out; more than this is refused. */
const REPEAT_MAX = 1000;

interface Flags { isAnyCase: boolean; isMultiLine: boolean; isDotAll: boolean }

/** The tree of a pattern and the number of its groups. Throws PatternProblem. */
export function parsePattern(text: string): { readonly pattern: Pattern; readonly groupCount: number } {
  const cursor: PatternCursor = { points: [...text], at: 0 };
  const groups = { count: 0 };
  const pattern = choiceAt(cursor, { isAnyCase: false, isMultiLine: false, isDotAll: false }, groups);
  if (cursor.at < cursor.points.length) throw new PatternProblem('a ) has no (', true, 'write \\) for the character itself');
  return { pattern, groupCount: groups.count };
}

/**
 * Whether group `index` is repeated while what is repeated may take nothing: a backtracking matcher then ends with an empty
 * round, which one that follows all ways at once does not make.
 */
export function isLoopEmpty(pattern: Pattern, index: number): boolean {
  switch (pattern.kind) {
    case 'repeat': return pattern.most > 1 && mayBeEmpty(pattern.body) && hasGroup(pattern.body, index) || isLoopEmpty(pattern.body, index);
    case 'sequence': return pattern.parts.some((part) => isLoopEmpty(part, index));
    case 'choice': return pattern.options.some((option) => isLoopEmpty(option, index));
    case 'group': return isLoopEmpty(pattern.body, index);
    default: return false;
  }
}

function hasGroup(pattern: Pattern, index: number): boolean {
  switch (pattern.kind) {
    case 'group': return pattern.index === index || hasGroup(pattern.body, index);
    case 'repeat': return hasGroup(pattern.body, index);
    case 'sequence': return pattern.parts.some((part) => hasGroup(part, index));
    case 'choice': return pattern.options.some((option) => hasGroup(option, index));
    default: return false;
  }
}

function mayBeEmpty(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'set': return false;
    case 'assertion': return true;
    case 'group': return mayBeEmpty(pattern.body);
    case 'repeat': return pattern.least === 0 || mayBeEmpty(pattern.body);
    case 'sequence': return pattern.parts.every(mayBeEmpty);
    case 'choice': return pattern.options.some(mayBeEmpty);
  }
}

function take(cursor: PatternCursor, text: string): boolean {
  const isThere = [...text].every((point, offset) => cursor.points[cursor.at + offset] === point);
  if (isThere) cursor.at += [...text].length;
  return isThere;
}

/** Up to a closing parenthesis or the end. Flags set inside hold to its end. */
function choiceAt(cursor: PatternCursor, outer: Flags, groups: { count: number }): Pattern {
  const flags = { ...outer };
  const options: Pattern[] = [];
  let parts: Pattern[] = [];
  while (cursor.at < cursor.points.length && cursor.points[cursor.at] !== ')') {
    if (take(cursor, '|')) {
      options.push(sequence(parts));
      parts = [];
    } else {
      const atom = atomAt(cursor, flags, groups);
      if (atom !== undefined) parts.push(...repeated(cursor, atom));
    }
  }
  options.push(sequence(parts));
  return options.length === 1 ? options[0] as Pattern : { kind: 'choice', options };
}

function sequence(parts: readonly Pattern[]): Pattern { return parts.length === 1 ? parts[0] as Pattern : { kind: 'sequence', parts }; }

function setOf(set: PointSet, flags: Flags): Pattern { return { kind: 'set', set: flags.isAnyCase ? withBothCases(set) : set }; }

/** One character, class, group or assertion; a list for \Q…\E; undefined for what only sets flags. */
function atomAt(cursor: PatternCursor, flags: Flags, groups: { count: number }): readonly Pattern[] | undefined {
  const point = cursor.points[cursor.at] ?? '';
  cursor.at += 1;
  switch (point) {
    case '(': return groupAt(cursor, flags, groups);
    case '[': return [setOf(classAt(cursor, flags.isAnyCase), { ...flags, isAnyCase: false })];
    case '.': return [{ kind: 'set', set: flags.isDotAll ? complement([]) : complement(LINE_BREAKS) }];
    case '^': return [{ kind: 'assertion', assertion: flags.isMultiLine ? 'lineStart' : 'start' }];
    case '$': return [{ kind: 'assertion', assertion: flags.isMultiLine ? 'lineEnd' : 'lastLineEnd' }];
    case '*': case '+': case '?': throw new PatternProblem(`${point} has nothing before it to repeat`, true, `write \\${point} for the character itself`);
    case '{': throw new PatternProblem('{ has nothing before it to repeat', true, 'write \\{ for the character itself');
    case '\\': return escapeAt(cursor, flags);
    default: return [setOf(pointsOf(point), flags)];
  }
}

function groupAt(cursor: PatternCursor, flags: Flags, groups: { count: number }): readonly Pattern[] | undefined {
  let inner = flags;
  let index = 0;
  if (take(cursor, '?')) {
    for (const [opening, name] of LOOK_AROUND) if (take(cursor, opening)) throw refused(name);
    if (take(cursor, '<')) {
      while (/^[A-Za-z0-9]$/.test(cursor.points[cursor.at] ?? '')) cursor.at += 1;
      if (!take(cursor, '>')) throw new PatternProblem('the name of a group is not closed with >', true);
      index = groups.count += 1;
    } else if (!take(cursor, ':')) {
      inner = { ...flags };
      if (flagsAt(cursor, inner)) {
        Object.assign(flags, inner);
        return undefined;
      }
    }
  } else {
    index = groups.count += 1;
  }
  const body = choiceAt(cursor, inner, groups);
  if (!take(cursor, ')')) throw new PatternProblem('a ( is not closed', true, 'write \\( for the character itself');
  return [index === 0 ? body : { kind: 'group', index, body }];
}

const LOOK_AROUND = [['=', 'look-ahead'], ['!', 'look-ahead'], ['<=', 'look-behind'], ['<!', 'look-behind'], ['>', 'an atomic group']] as const;

/** @returns whether they hold from here on, not only in a group */
function flagsAt(cursor: PatternCursor, flags: Flags): boolean {
  let isOn = true;
  while (true) {
    const point = cursor.points[cursor.at] ?? '';
    cursor.at += 1;
    switch (point) {
      case '-': isOn = false; break;
      case 'i': flags.isAnyCase = isOn; break;
      case 'm': flags.isMultiLine = isOn; break;
      case 's': flags.isDotAll = isOn; break;
      case ')': return true;
      case ':': return false;
      case 'd': case 'u': case 'x': case 'U': throw refused(`the flag ${point}`);
      default: throw new PatternProblem(`(?${point} is no group`, true);
    }
  }
}

function refused(what: string): PatternProblem {
  const remedy = 'patterns have characters, classes, groups, |, * + ? {n,m}, ^ $ \\b';
  return new PatternProblem(`${what} is not supported: patterns run in time linear in the text`, false, remedy);
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = { A: 'start', z: 'end', Z: 'lastLineEnd', b: 'wordBorder', B: 'noWordBorder' };

function escapeAt(cursor: PatternCursor, flags: Flags): readonly Pattern[] {
  const point = cursor.points[cursor.at] ?? '';
  const assertion = ASSERTIONS[point];
  if (assertion !== undefined) {
    cursor.at += 1;
    return [{ kind: 'assertion', assertion }];
  }
  if (point === 'Q') return quotedAt(cursor, flags);
  if (point === 'R') {
    cursor.at += 1;
    const breaks: Pattern = { kind: 'set', set: union(LINE_BREAKS, pointSet([[0x0b, 0x0c]])) };
    const both: Pattern = { kind: 'sequence', parts: [{ kind: 'set', set: pointsOf('\r') }, { kind: 'set', set: pointsOf('\n') }] };
    return [{ kind: 'choice', options: [both, breaks] }];
  }
  if (/^[1-9k]$/.test(point)) throw refused('a back reference');
  if (point === 'G' || point === 'X') throw refused(`\\${point}`);
  return [setOf(escapedSet(cursor), flags)];
}

/** \Q…\E: characters that stand for themselves. */
function quotedAt(cursor: PatternCursor, flags: Flags): readonly Pattern[] {
  cursor.at += 1;
  const parts: Pattern[] = [];
  while (cursor.at < cursor.points.length && !take(cursor, '\\E')) {
    parts.push(setOf(pointsOf(cursor.points[cursor.at] ?? ''), flags));
    cursor.at += 1;
  }
  return parts;
}

/** The atom with the quantifiers behind it, which of a list take the last. */
function repeated(cursor: PatternCursor, atom: readonly Pattern[]): readonly Pattern[] {
  let body = atom.at(-1);
  if (body === undefined) return atom;
  for (let bounds = boundsAt(cursor); bounds !== undefined; bounds = boundsAt(cursor)) {
    if (take(cursor, '+')) throw refused('a possessive quantifier');
    body = { kind: 'repeat', body, least: bounds[0], most: bounds[1], isGreedy: !take(cursor, '?') };
  }
  return [...atom.slice(0, -1), body];
}

function boundsAt(cursor: PatternCursor): readonly [number, number] | undefined {
  if (take(cursor, '*')) return [0, Number.POSITIVE_INFINITY];
  if (take(cursor, '+')) return [1, Number.POSITIVE_INFINITY];
  if (take(cursor, '?')) return [0, 1];
  if (cursor.points[cursor.at] !== '{') return undefined;
  const match = /^\{(\d+)(,(\d*))?\}/.exec(cursor.points.slice(cursor.at, cursor.at + 30).join(''));
  if (match === null) throw new PatternProblem('{ is not followed by a number and }', true, 'write \\{ for the character itself');
  cursor.at += match[0].length;
  const least = Number(match[1]);
  const most = match[2] === undefined ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
  if (most < least) throw new PatternProblem(`{${least},${most}} repeats less than its least`, true);
  if (least > REPEAT_MAX || Number.isFinite(most) && most > REPEAT_MAX) {
    throw new PatternProblem(`a repetition is written out, and ${match[0]} is more than ${REPEAT_MAX} times`, false, `repeat at most ${REPEAT_MAX} times`);
  }
  return [least, most];
}
