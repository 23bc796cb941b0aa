/** MQTT topic filters (`a/+/c`, `a/#`, several separated by `;`) against topics as bytes. MQTT 5.0, 4.7. */
import { MalformedPacket } from './codec.ts';

const SLASH = 47;
const PLUS = 43;
const HASH = 35;
const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true });

/** Tells whether the topic in [start, end) passes. */
export type TopicFilter = (bytes: Uint8Array, start: number, end: number) => boolean;

/** The filters in a table's option 'topic'; undefined stands for '#'. */
export function topicFilters(text: string | undefined): readonly string[] {
  return (text ?? '#').split(';').map((filter) => filter.trim()).filter((filter) => filter !== '');
}

/** A topic that one can publish to (MQTT 5.0, 4.7.1 and 1.5.4): no wildcards, no NUL, valid UTF-8. Throws MalformedPacket. */
export function checkTopic(bytes: Uint8Array, start: number, end: number): void {
  let isAscii = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === PLUS || byte === HASH || byte === 0) throw new MalformedPacket('PUBLISH to a topic with a wildcard or NUL', 0x90);
    if (byte > 0x7f) isAscii = false;
  }
  if (isAscii) return;
  try {
    strict.decode(bytes.subarray(start, end));
  } catch {
    throw new MalformedPacket('PUBLISH to a topic that is no UTF-8');
  }
}

/** @param text filters separated by `;`; undefined or '#' lets everything pass */
export function createTopicFilter(text: string | undefined): TopicFilter {
  const filters = topicFilters(text);
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
