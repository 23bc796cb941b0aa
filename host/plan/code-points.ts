/** Sets of Unicode code points as ascending ranges that do not touch: what a character class of a pattern stands for. */

export type Range = readonly [first: number, last: number];
export type PointSet = readonly Range[];

export const POINT_MAX = 0x10ffff;

/** The set of any ranges. */
export function pointSet(ranges: readonly Range[]): PointSet {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [first, last] of sorted) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** The set of some characters. */
export function pointsOf(characters: string): PointSet {
  return pointSet([...characters].map((character): Range => [character.codePointAt(0) ?? 0, character.codePointAt(0) ?? 0]));
}

export function union(...sets: readonly PointSet[]): PointSet { return pointSet(sets.flat()); }

export function complement(set: PointSet): PointSet {
  const gaps: Range[] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  return next <= POINT_MAX ? [...gaps, [next, POINT_MAX]] : gaps;
}

export function intersection(a: PointSet, b: PointSet): PointSet { return complement(union(complement(a), complement(b))); }

/** The set with both cases of its ASCII letters: what (?i) makes of it in Java. */
export function withBothCases(set: PointSet): PointSet {
  const moved = (from: number, to: number): Range[] => intersection(set, [[from, from + 25]]).map(
    ([first, last]): Range => [first + to - from, last + to - from],
  );
  return union(set, moved(0x41, 0x61), moved(0x61, 0x41));
}

/** The code points that a property of Unicode names, by the tables of the machine that compiles. */
export function pointsWith(property: string): PointSet {
  const test = new RegExp(`^\\p{${property}}$`, 'u');
  const ranges: [number, number][] = [];
  for (let point = 0; point <= POINT_MAX; point += 1) {
    if (point === 0xd800) point = 0xe000; // halves of pairs are no characters
    if (!test.test(String.fromCodePoint(point))) continue;
    const before = ranges.at(-1);
    if (before !== undefined && before[1] === point - 1) before[1] = point;
    else ranges.push([point, point]);
  }
  return ranges;
}
