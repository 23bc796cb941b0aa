/** GROUP BY with GROUPING SETS, ROLLUP and CUBE, multiplied out into the sets of keys that they mean. */
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import type { GroupBy, Syntax } from './syntax.ts';
import { fingerprint } from './walk.ts';

/** Each row is counted once a set: more would be a mistake. */
const SETS_MAX = 64;

/** One grouping set: its keys. */
type KeySet = readonly Syntax[];

/** Requires: GROUP BY stands here. */
export function parseGroupBy(cursor: Cursor): GroupBy {
  const { start } = cursor.peek();
  cursor.expect('GROUP', 'BY');
  const items = cursor.list(() => parseItem(cursor));
  const span = { start, end: cursor.lastEnd() };
  let sets: readonly KeySet[] = [[]];
  for (const item of items) {
    sets = sets.flatMap((set) => item.map((more) => [...set, ...more]));
    if (sets.length > SETS_MAX) {
      return cursor.fail('too-many', span, `these are more than ${SETS_MAX} grouping sets`, 'list the ones that are needed in GROUPING SETS');
    }
  }
  const keys = new Map<string, Syntax>();
  for (const key of sets.flat()) if (!keys.has(fingerprint(key))) keys.set(fingerprint(key), key);
  const known = sets.map((set) => new Set(set.map(fingerprint)));
  return { keys: [...keys.values()], sets: known.map((set) => [...keys.keys()].map((key) => set.has(key))), span };
}

function parseItem(cursor: Cursor): readonly KeySet[] {
  const token = cursor.peek();
  if (cursor.take('ROLLUP')) {
    const parts = parseParts(cursor);
    return parts.map((_, index) => parts.slice(0, parts.length - index).flat()).concat([[]]);
  }
  if (cursor.take('CUBE')) {
    const parts = parseParts(cursor);
    if (2 ** parts.length > SETS_MAX) {
      return cursor.fail(
        'too-many', { start: token.start, end: cursor.lastEnd() }, `CUBE of ${parts.length} makes ${2 ** parts.length} grouping sets, at most ${SETS_MAX}`,
        'list the ones that are needed in GROUPING SETS',
      );
    }
    const masks = Array.from({ length: 2 ** parts.length }, (_, mask) => mask).reverse();
    return masks.map((mask) => parts.filter((_, index) => mask >> (parts.length - 1 - index) & 1).flat());
  }
  if (cursor.take('GROUPING', 'SETS')) {
    cursor.expectSymbol('(', 'after GROUPING SETS');
    const sets = cursor.nested(() => cursor.list(() => parseItem(cursor)).flat());
    cursor.expectSymbol(')', 'after the grouping sets');
    return sets;
  }
  return [parseKeys(cursor)];
}

function parseParts(cursor: Cursor): readonly KeySet[] {
  cursor.expectSymbol('(');
  const parts = cursor.list(() => parseKeys(cursor));
  cursor.expectSymbol(')', 'after the keys');
  return parts;
}

/** `a`, `(a, b)` or `()`. */
function parseKeys(cursor: Cursor): KeySet {
  if (cursor.isAtSymbol('(') && cursor.peek(1).text === ')') {
    cursor.next();
    cursor.next();
    return [];
  }
  const key = parseExpression(cursor);
  return key.kind === 'rowValue' ? key.items : [key];
}
