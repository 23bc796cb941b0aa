/** Time zones as tables, made when a job is compiled from what the compiling machine knows, so that a module needs no other source. */

/** Seconds east of Greenwich from the instant (seconds since 1970) on; the first entry holds for all time before the second. */
export interface ZoneTable { readonly starts: readonly number[]; readonly offsets: readonly number[] }

const DAY_S = 86_400;
/** Zones are known from 1900 to 2100; behind the last change its offset holds. */
const FIRST_S = Date.UTC(1900, 0, 1) / 1000;
const LAST_S = Date.UTC(2100, 0, 1) / 1000;
/** No zone changed its offset twice within this time but for a handful of days long ago. */
const STEP_S = 20 * DAY_S;

/** The zone's table; undefined where there is no such zone. */
export function zoneTable(name: string): ZoneTable | undefined {
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(name);
  if (fixed !== null) {
    const size = Number(fixed[2]) * 3600 + Number(fixed[3] ?? 0) * 60;
    return { starts: [FIRST_S], offsets: [fixed[1] === '-' ? -size : size] };
  }
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const starts = [FIRST_S];
  const offsets = [offsetAt(format, FIRST_S)];
  for (let at = FIRST_S; at < LAST_S; at += STEP_S) {
    const before = offsets.at(-1) ?? 0;
    if (offsetAt(format, at + STEP_S) === before) continue;
    const start = changeBetween(format, at, at + STEP_S, before);
    starts.push(start);
    offsets.push(offsetAt(format, start));
  }
  return { starts, offsets };
}

function offsetAt(format: Intl.DateTimeFormat, seconds: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(new Date(seconds * 1000))) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds;
}

/** The first second with another offset. */
function changeBetween(format: Intl.DateTimeFormat, from: number, to: number, before: number): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(format, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
