/**
 * Input of the golden queries, as JSON lines made from a seed. The same lines went through Flink, so a change here asks for
 * new golden answers.
 */

/** Random integers from a seed. Source: mulberry32 by Tommy Ettinger, public domain. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const DEVICES = ['dev-0', 'dev-1', 'dev-2', 'd\u00e9v-3', ''];
const STATUSES = ['OK', 'OK', 'OK', 'FAIL', 'ok%', '\u{1f525} hot'];

/**
 * Readings of sensors: id, device, ts (event time, ms), at (the same as text), temperature, humidity, price, status, ok, position.
 * A row is up to 2 s older than the newest so far, one in twelve up to 11 s (late for a delay of 2 s); every 60 rows there
 * is a gap of 9 s; each column but id and ts is NULL or absent now and then.
 */
function readings(seed: number, rowCount: number, startMs: number): string[] {
  const below = random(seed);
  const lines: string[] = [];
  let newest = startMs;
  for (let id = 0; id < rowCount; id += 1) {
    newest += 100 + below(900) + (id % 60 === 59 ? 9000 : 0);
    const ts = newest - (below(12) === 0 ? 2001 + below(9000) : below(2000));
    const fields = [`"id":${id}`];
    const field = (name: string, value: string): void => {
      const luck = below(15);
      if (luck > 1) fields.push(`"${name}":${value}`);
      else if (luck === 1) fields.push(`"${name}":null`);
    };
    field('device', JSON.stringify(DEVICES[below(DEVICES.length)]));
    fields.push(`"ts":${ts}`, `"at":"${new Date(ts).toISOString().replace('T', ' ').replace('Z', '')}"`);
    field('temperature', `${(below(600) - 100) / 10}`);
    field('humidity', `${below(101)}`);
    field('price', `${below(4) === 0 ? '-' : ''}${below(100000)}.${String(below(100)).padStart(2, '0')}`);
    field('status', JSON.stringify(STATUSES[below(STATUSES.length)]));
    field('ok', below(2) === 0 ? 'true' : 'false');
    field('position', `{"x":${below(100) / 4},"y":${below(100) / 4},"site":${below(8) === 0 ? 'null' : `{"name":"site-${below(3)}","floor":${below(5) - 1}}`}}`);
    lines.push(`{${fields.join(',')}}`);
  }
  return lines;
}

/** Watermarks on both sides of window borders, for windows of 10 s and a delay of 2 s: k, ts. */
const BORDERS: readonly (readonly [string, number])[] = [
  ['first', 0], ['last millisecond of window 0', 9999], ['raises the watermark to 9998: window 0 stays open', 11998], ['still joins window 0', 9999],
  ['raises the watermark to 9999: window 0 fires', 11999], ['late: dropped', 9999], ['late: dropped', 0], ['first millisecond of window 1', 10000],
  ['older than the watermark but its window is open', 10001], ['raises the watermark to 20000: window 1 fires', 22000], ['late for window 1', 19999], ['equal to the watermark, window open', 20000],
  ['jumps over two windows', 55000], ['late after the jump', 29999], ['late after the jump', 49999], ['window open', 50000], ['same time again', 55000],
];

/** Numbers at the edges: k, ts, i INT, l BIGINT, d DOUBLE (NaN and infinities as text), f FLOAT, m DECIMAL(38, 10). */
const EDGES: readonly (readonly [string, number, string, string, string, string])[] = [
  ['wrap', 1000, '2147483647', '9223372036854775807', '1e308', '9999999999999999999999999999.9999999999'], ['wrap', 2000, '1', '1', '1e308', '0.0000000001'], ['wrap', 3000, '-7', '-2', '-1e308', '-0.5'],
  ['nan', 1000, '5', '5', '"NaN"', '1'], ['nan', 1500, '-5', '-6', '1.5', '2'], ['nan', 1700, '2', '2', '-3.5', '2'],
  ['nan later', 1000, '2147483647', '9223372036854775807', '1.5', '1'], ['nan later', 1500, '2147483647', '9223372036854775807', '"NaN"', '1'], ['nan later', 1700, '2147483647', '9223372036854775807', '-3.5', '1'],
  ['minus zero after zero', 1000, '0', '0', '0.0', '0'], ['minus zero after zero', 1001, '0', '0', '-0.0', '0'],
  ['infinite', 1000, '0', '0', '"Infinity"', '0'], ['infinite', 1100, '0', '0', '"-Infinity"', '0'], ['one infinite', 1100, '1', '1', '"-Infinity"', '1'], ['one infinite', 1200, '1', '1', '7', '1'],
  ['zero', 1000, '0', '0', '-0.0', '-0.00'], ['zero', 1100, '-0', '-0', '0.0', '0'], ['minus zero', 1000, '0', '0', '-0.0', '0'], ['nulls', 1000, 'null', 'null', 'null', 'null'], ['nulls', 2000, 'null', 'null', 'null', 'null'],
  ['inexact', 1000, '7', '7', '0.1', '0.1'], ['inexact', 1001, '7', '7', '0.2', '0.2'], ['inexact', 1002, '6', '6', '0.3', '0.0000000003'], ['thirds', 1000, '-1', '-1', '1', '1'], ['thirds', 1001, '-1', '-1', '1', '1'], ['thirds', 1002, '0', '0', '0', '0'],
  ['tiny', 1000, '1', '1', '5e-324', '0.0000000001'], ['tiny', 1001, '0', '0', '5e-324', '0.0000000002'], ['big and small', 1000, '1', '1', '1e16', '1'], ['big and small', 1001, '1', '1', '1', '1'], ['big and small', 1002, '1', '1', '-1e16', '1'], ['', 90000, 'null', '0', '0', '0'],
];

/** Tables that a golden query can name in its header. */
export const TABLES: Readonly<Record<string, (seed: number, rowCount: number) => string[]>> = {
  readings: (seed, rowCount) => readings(seed, rowCount, 1_700_000_000_000),
  history: (seed, rowCount) => readings(seed, rowCount, -60_000),
  borders: () => BORDERS.map(([k, ts]) => JSON.stringify({ k, ts })),
  edges: () => EDGES.map(([k, ts, i, l, d, m]) => `{"k":${JSON.stringify(k)},"ts":${ts},"i":${i},"l":${l},"d":${d},"f":${d},"m":${m}}`),
};
