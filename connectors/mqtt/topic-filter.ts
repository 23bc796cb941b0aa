/** MQTT topic filters (`a/+/c`, `a/#`, several separated by `;`) against topics as bytes. MQTT 5.0, 4.7. */

const SLASH = 47;
const encoder = new TextEncoder();

/** Tells whether the topic in [start, end) passes. */
export type TopicFilter = (bytes: Uint8Array, start: number, end: number) => boolean;

/** @param text filters separated by `;`; undefined or '#' lets everything pass */
export function createTopicFilter(text: string | undefined): TopicFilter {
  const filters = (text ?? '#').split(';').map((filter) => filter.trim()).filter((filter) => filter !== '');
  if (filters.includes('#')) return () => true;
  const matchers = filters.map(matcher);
  return (bytes, start, end) => matchers.some((matches) => matches(bytes, start, end));
}

function matcher(filter: string): TopicFilter {
  const levels = filter.split('/').map((level) => (level === '+' || level === '#' ? level : encoder.encode(level)));
  return (bytes, start, end) => {
    let at = start;
    for (let index = 0; index < levels.length; index += 1) {
      const level = levels[index] as Uint8Array | string;
      if (level === '#') return true;
      if (at > end) return false;
      let stop = at;
      while (stop < end && bytes[stop] !== SLASH) stop += 1;
      if (level !== '+' && !equal(level as Uint8Array, bytes, at, stop)) return false;
      at = stop + 1; // behind the slash; end + 1 when no level is left
      // 'sport/#' also matches 'sport' (MQTT 5.0, 4.7.1.2).
      if (at > end && levels[index + 1] === '#') return true;
    }
    return at === end + 1;
  };
}

function equal(level: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (level.length !== end - start) return false;
  for (let index = 0; index < level.length; index += 1) if (level[index] !== bytes[start + index]) return false;
  return true;
}
