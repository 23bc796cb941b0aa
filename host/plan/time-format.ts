/** Formats of times as java.time and java.text have them ('yyyy-MM-dd HH:mm'), read into fields; what has no place here is refused. */

/** A field of `count` letters, or text that stands for itself. */
export type FormatPart =
  | { readonly kind: 'field'; readonly field: FormatField; readonly count: number }
  | { readonly kind: 'literal'; readonly text: string };

/** Letters with which fields are written; u is taken for y, and L for M. */
export type FormatField = 'y' | 'M' | 'd' | 'D' | 'H' | 'h' | 'k' | 'K' | 'm' | 's' | 'S' | 'a' | 'E' | 'e' | 'Q';

const SAME: Readonly<Record<string, FormatField>> = { u: 'y', L: 'M', q: 'Q' };
const FIELDS = 'yMdDHhkKmsSaEeQ';
/** Most letters of a field; more are wrong or have another meaning. */
const COUNT_MAX: Readonly<Record<FormatField, number>> = {
  y: 4, M: 5, d: 2, D: 3, H: 2, h: 2, k: 2, K: 2, m: 2, s: 2, S: 9, a: 1, E: 5, e: 1, Q: 2,
};
/** Fields that a text can be read by. */
const READABLE = 'yMdHhmsSa';

/** The parts of the format, or what is wrong with it. */
export function parseTimeFormat(format: string, use: 'write' | 'read'): readonly FormatPart[] | string {
  const parts: FormatPart[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push({ kind: 'literal', text: literal });
    literal = '';
  };
  for (let at = 0; at < format.length;) {
    const character = format[at] ?? '';
    if (character === "'") {
      const quoted = /^'((?:[^']|'')*)'/.exec(format.slice(at));
      if (quoted === null) return "a ' has no end";
      literal += quoted[1] === '' ? "'" : (quoted[1] ?? '').replaceAll("''", "'");
      at += quoted[0].length;
    } else if (/[A-Za-z]/.test(character)) {
      const run = /^(.)\1*/.exec(format.slice(at))?.[0] ?? character;
      const field = SAME[character] ?? (FIELDS.includes(character) ? character as FormatField : undefined);
      if (field === undefined || run.length > COUNT_MAX[field]) return `${run} is not supported`;
      if (use === 'read' && (!READABLE.includes(field) || field === 'M' && run.length > 3)) return `a text cannot be read by ${run}`;
      flush();
      parts.push({ kind: 'field', field, count: run.length });
      at += run.length;
    } else if (/[[\]{}#]/.test(character)) return `${character} is not supported; write it in single quotes`;
    else {
      literal += character;
      at += 1;
    }
  }
  flush();
  return parts;
}
