/** SIMILAR TO: SQL's own patterns (% _ | * + ? ( ) [ ]) as the tree of a regular expression that takes the whole text. */
import { parsePattern, type Pattern } from './regexp.ts';

const CLASSES: Readonly<Record<string, string>> = {
  ALPHA: 'Alpha', DIGIT: 'Digit', UPPER: 'Upper', LOWER: 'Lower', ALNUM: 'Alnum', SPACE: 'Space', WHITESPACE: 'Space',
};

/** The tree of the pattern. Throws PatternProblem. */
export function similarPattern(text: string): Pattern {
  const regexp = text.replace(/(?<=\[[^\]]*)\[:(\w+):\]|[^]/gu, (part, name: string | undefined) => {
    if (name !== undefined) return CLASSES[name.toUpperCase()] === undefined ? part : `\\p{${CLASSES[name.toUpperCase()]}}`;
    switch (part) {
      case '%': return '(?s:.*)';
      case '_': case '.': return '(?s:.)'; // Flink leaves the point what it is in a regular expression
      case '\\': case '$': return `\\${part}`;
      default: return part;
    }
  });
  const { pattern } = parsePattern(regexp);
  return { kind: 'sequence', parts: [{ kind: 'assertion', assertion: 'start' }, pattern, { kind: 'assertion', assertion: 'end' }] };
}
