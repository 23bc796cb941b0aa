/** "Did you mean": the known name nearest to one that is not known. */

/**
 * The remedy for an unknown name, or undefined when no known name is near.
 * A name that differs in case alone is told so, because Flink's identifiers are case-sensitive.
 */
export function suggestion(name: string, known: Iterable<string>): string | undefined {
  const found = nearest(name, known);
  if (found === undefined) return undefined;
  return found.toLowerCase() === name.toLowerCase() ? `did you mean ${found}? Names are case-sensitive` : `did you mean ${found}?`;
}

/**
 * The nearest of `known` within a third of the name's length, fewest edits first, then in order. Of one or two letters
 * any name is near, so that only case is forgiven there.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const limit = Math.floor(name.length / 3);
  let best: string | undefined;
  let bestEdits = limit + 1;
  for (const candidate of known) {
    if (candidate.toLowerCase() === name.toLowerCase()) return candidate;
    if (Math.abs(candidate.length - name.length) >= bestEdits) continue;
    const edits = editCount(name.toLowerCase(), candidate.toLowerCase());
    if (edits < bestEdits) { best = candidate; bestEdits = edits; }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editCount(from: string, to: string): number {
  let older: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let edits = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + cost);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) edits = Math.min(edits, (older[j - 2] as number) + 1);
      row.push(edits);
    }
    older = last;
    last = row;
  }
  return last[to.length] as number;
}
