/** Character classes and escapes of regular expressions, as java.util.regex has them, turned into sets of code points. */
import { complement, intersection, pointSet, pointsOf, pointsWith, union, withBothCases, type PointSet } from './code-points.ts';

/** Why a pattern cannot be used: wrong in Java too, or only refused here. */
export class PatternProblem extends Error {
  readonly isOfJava: boolean;
  readonly remedy: string | undefined;
  constructor(message: string, isOfJava: boolean, remedy?: string) {
    super(message);
    this.isOfJava = isOfJava;
    this.remedy = remedy;
  }
}

/** A pattern's characters and how far they are read. */
export interface PatternCursor { readonly points: readonly string[]; at: number }

const DIGITS: PointSet = [[0x30, 0x39]];
const UPPER: PointSet = [[0x41, 0x5a]];
const LOWER: PointSet = [[0x61, 0x7a]];
const SPACES: PointSet = pointSet([[0x09, 0x0d], [0x20, 0x20]]);
const WORDS: PointSet = union(DIGITS, UPPER, LOWER, pointsOf('_'));
const FLAT_SPACES: PointSet = union(pointsOf(' \t\u00a0\u1680\u180e\u202f\u205f\u3000'), [[0x2000, 0x200a]]);
const LINE_ENDS: PointSet = union([[0x0a, 0x0d]], pointsOf('\u0085\u2028\u2029'));
const PUNCTUATION: PointSet = pointSet([[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]]);

const LETTERS: Readonly<Record<string, PointSet>> = { d: DIGITS, w: WORDS, s: SPACES, h: FLAT_SPACES, v: LINE_ENDS };
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', a: '\u0007', e: '\u001b' };
/** Names that Java defines over ASCII. */
const NAMED: Readonly<Record<string, PointSet>> = {
  Lower: LOWER, Upper: UPPER, Alpha: union(LOWER, UPPER), Digit: DIGITS, Alnum: union(LOWER, UPPER, DIGITS), Punct: PUNCTUATION,
  Graph: [[0x21, 0x7e]], Print: [[0x20, 0x7e]], Blank: pointsOf(' \t'), Cntrl: [[0, 0x1f], [0x7f, 0x7f]], Space: SPACES, ASCII: [[0, 0x7f]],
  XDigit: union(DIGITS, [[0x41, 0x46], [0x61, 0x66]]),
};
/** Categories and properties of Unicode under the names that both Java and this machine know. */
const CATEGORY = /^(?:L|Lu|Ll|Lt|Lm|Lo|M|Mn|Mc|Me|N|Nd|Nl|No|P|Pc|Pd|Ps|Pe|Pi|Pf|Po|S|Sm|Sc|Sk|So|Z|Zs|Zl|Zp)$/;
const PROPERTY: Readonly<Record<string, string>> = {
  IsAlphabetic: 'Alphabetic', IsLetter: 'L', IsDigit: 'Nd', IsUppercase: 'Uppercase', IsLowercase: 'Lowercase', IsWhite_Space: 'White_Space',
  IsIdeographic: 'Ideographic', IsLatin: 'Script=Latin', IsGreek: 'Script=Greek', IsCyrillic: 'Script=Cyrillic', IsHan: 'Script=Han',
};

/** The set of what stands behind a backslash. Requires: it is a set or a character, not an assertion. */
export function escapedSet(cursor: PatternCursor): PointSet {
  const point = cursor.points[cursor.at];
  if (point === undefined) throw new PatternProblem('\\ stands at the end', true, 'write \\\\ for the character itself');
  cursor.at += 1;
  const letters = LETTERS[point.toLowerCase()];
  if (letters !== undefined) return point === point.toLowerCase() ? letters : complement(letters);
  if (point === 'p') return propertyAt(cursor);
  if (point === 'P') return complement(propertyAt(cursor));
  const control = CONTROLS[point];
  if (control !== undefined) return pointsOf(control);
  if (point === 'x' || point === 'u' || point === '0' || point === 'c') return numberedAt(cursor, point);
  if (/^[A-Za-z0-9]$/.test(point)) throw new PatternProblem(`\\${point} is not known`, true);
  return pointsOf(point);
}

function numberedAt(cursor: PatternCursor, kind: 'x' | 'u' | '0' | 'c'): PointSet {
  const rest = cursor.points.slice(cursor.at, cursor.at + 10).join('');
  const match = kind === 'x' ? /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest) : kind === 'u' ? /^([0-9A-Fa-f]{4})/.exec(rest)
    : kind === '0' ? /^([0-3][0-7]{2}|[0-7]{1,2})/.exec(rest) : /^([^])/u.exec(rest);
  if (match === null) throw new PatternProblem(`\\${kind} is not followed by a number`, true);
  cursor.at += [...match[0]].length;
  const digits = match[1] ?? match[2] ?? '';
  const point = kind === 'c' ? (digits.codePointAt(0) ?? 0) ^ 64 : Number.parseInt(digits, kind === '0' ? 8 : 16);
  if (point >= 0xd800 && point <= 0xdfff) throw new PatternProblem('half of a character outside of the basic plane', false, 'write the character itself');
  return [[point, point]];
}

function propertyAt(cursor: PatternCursor): PointSet {
  let name = cursor.points[cursor.at] ?? '';
  cursor.at += 1;
  if (name === '{') {
    const end = cursor.points.indexOf('}', cursor.at);
    if (end < 0) throw new PatternProblem('\\p{ is not closed', true);
    name = cursor.points.slice(cursor.at, end).join('');
    cursor.at = end + 1;
  }
  const ascii = NAMED[name];
  if (ascii !== undefined) return ascii;
  const category = name.replace(/^Is(?=[A-Z][a-z]?$)/, '');
  const property = CATEGORY.test(category) ? category : PROPERTY[name];
  if (property === undefined) {
    throw new PatternProblem(`\\p{${name}} is not known`, false, 'there are \\p{L}, \\p{Lu}, \\p{N} and the like, and \\p{Alpha} for ASCII');
  }
  return pointsWith(property);
}

/** [ ... ], with the opening bracket taken already: unions, ranges, negation, && and classes inside of it. */
export function classAt(cursor: PatternCursor, isAnyCase: boolean): PointSet {
  const isNegated = cursor.points[cursor.at] === '^';
  if (isNegated) cursor.at += 1;
  const set = unionAt(cursor, isAnyCase);
  return isNegated ? complement(set) : set;
}

/** Up to and with the closing bracket. */
function unionAt(cursor: PatternCursor, isAnyCase: boolean): PointSet {
  let set: PointSet = [];
  let isEmpty = true;
  while (true) {
    const point = cursor.points[cursor.at];
    if (point === undefined) throw new PatternProblem('a [ is not closed', true, 'write \\[ for the character itself');
    if (point === ']' && !isEmpty) {
      cursor.at += 1;
      return set;
    }
    if (point === '&' && cursor.points[cursor.at + 1] === '&') {
      cursor.at += 2;
      // Whatever follows up to the bracket is one side; a class alone there is taken whole.
      return intersection(set, unionAt(cursor, isAnyCase));
    }
    isEmpty = false;
    if (point === '[') {
      cursor.at += 1;
      set = union(set, classAt(cursor, isAnyCase));
    } else {
      const part = rangeAt(cursor);
      set = union(set, isAnyCase ? withBothCases(part) : part);
    }
  }
}

/** One member of a class: a set, a character, or two of them with a - between. */
function rangeAt(cursor: PatternCursor): PointSet {
  const first = memberAt(cursor);
  const next = cursor.points[cursor.at + 1];
  if (cursor.points[cursor.at] !== '-' || next === undefined || next === ']' || next === '[') return first;
  const [low] = first;
  if (first.length !== 1 || low === undefined || low[0] !== low[1]) return first;
  cursor.at += 1;
  const [high] = memberAt(cursor);
  if (high === undefined || high[1] < low[0]) throw new PatternProblem('a range in [ ] ends before it starts', true);
  return [[low[0], high[1]]];
}

function memberAt(cursor: PatternCursor): PointSet {
  const point = cursor.points[cursor.at] ?? '';
  cursor.at += 1;
  return point === '\\' ? escapedSet(cursor) : pointsOf(point);
}
