/** What a payload should become, in plain TypeScript over JSON.parse: the answer key of the property tests. */
import type { ScanColumn } from '../../host/plan/nodes.ts';

/** The row as an object by column name, or 'rejected'. Numbers that ECMAScript cannot hold exactly are compared loosely. */
export type Answer = Readonly<Record<string, unknown>> | 'rejected';

const DEPTH_MAX = 64;
/** JSON.parse cannot tell on which side of 2^63 the number stood. */
const EITHER = Symbol('either');
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

export function referenceRow(payload: Uint8Array, columns: readonly ScanColumn[]): Answer {
  let root: unknown;
  try {
    root = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload));
  } catch {
    return 'rejected';
  }
  // Strings inside are checked by their text, since duplicate keys hide some from JSON.parse.
  if (hasLoneSurrogate(new TextDecoder().decode(payload)) || depthOf(new TextDecoder().decode(payload)) > DEPTH_MAX) return 'rejected';
  if (!isObject(root)) return 'rejected';
  const row: Record<string, unknown> = {};
  for (const column of columns) {
    if (column.source.kind !== 'json') continue;
    const found = follow(root, column.source.path);
    if (found === 'misshapen') return 'rejected';
    const value = found === null || found === undefined ? null : convert(found, column.type.name);
    if (value === undefined) return 'rejected';
    row[column.name] = value;
  }
  return row;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function follow(root: Record<string, unknown>, path: readonly string[]): unknown {
  let at: unknown = root;
  for (const step of path) {
    if (at === null || at === undefined) return null;
    if (!isObject(at)) return 'misshapen';
    at = Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** The column's value, undefined when it must be refused; a non-string in a STRING column stays what it is. */
function convert(value: unknown, type: string): unknown {
  const text = typeof value === 'string' ? value.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '') : undefined;
  switch (type) {
    case 'STRING': return value;
    case 'BOOLEAN':
      if (typeof value === 'boolean') return value;
      return typeof value === 'object' ? undefined : text?.toLowerCase() === 'true';
    case 'DOUBLE':
      if (typeof value === 'number') return value;
      if (text === undefined) return undefined;
      if (/^[+-]?(?:NaN|Infinity)$/.test(text)) return text.replace('+', '').replace('-NaN', 'NaN');
      return NUMBER.test(text) ? doubleText(Number(text)) : undefined;
    default: { // BIGINT
      if (typeof value === 'number') return Math.abs(value) === 2 ** 63 ? EITHER : Math.abs(value) < 2 ** 63 ? Math.trunc(value) + 0 : undefined;
      return text !== undefined && INTEGER.test(text) && BigInt(text.replace('+', '')) === BigInt.asIntN(64, BigInt(text.replace('+', ''))) ? Number(text) + 0 : undefined;
    }
  }
}

function doubleText(value: number): number | string { return Number.isFinite(value) ? value : String(value); }

/** Whether two answers agree; the second one was read back from written text. */
export function agrees(expected: Answer, actual: Answer): boolean {
  if (expected !== 'rejected' && Object.values(expected).includes(EITHER) && actual === 'rejected') return true;
  if (expected === 'rejected' || actual === 'rejected') return expected === actual;
  return Object.keys(expected).every((name) => sameValue(expected[name], actual[name]));
}

function sameValue(expected: unknown, actual: unknown): boolean {
  if (expected === EITHER || Object.is(expected, actual)) return true;
  if (typeof expected === 'number' && typeof actual === 'string') return Object.is(expected, Number(actual));
  if (typeof expected === 'number' && typeof actual === 'number') return Math.abs(expected) > 2 ** 53 && Math.abs(actual - expected) <= 1024;
  if (typeof expected === 'boolean' && typeof actual === 'string') return String(expected) === actual;
  if (typeof expected === 'object' && expected !== null && typeof actual === 'string') return JSON.stringify(JSON.parse(actual)) === JSON.stringify(expected);
  return false;
}

/** Whether a surrogate stands alone in any string of valid JSON text: written as itself it is U+FFFD in no valid UTF-8. */
function hasLoneSurrogate(text: string): boolean {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"/gs)].some(([quoted]) => {
    const decoded = JSON.parse(quoted) as string;
    return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(decoded)
      // A raw character beyond the plane next to an escaped half must not count as its pair.
      || /\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])/.test(quoted.replace(/\\\\/g, ''));
  });
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text.replace(/"(?:[^"\\]|\\.)*"/gs, '')) {
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
