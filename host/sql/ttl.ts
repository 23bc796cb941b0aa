/** How long state is kept: 'table.exec.state.ttl', or the hint STATE_TTL of one query. */
import { need, type Job } from './job.ts';
import type { Hint } from './syntax.ts';

export interface Ttl {
  /** @param table name or alias in FROM, which the hint may name. @returns ms; undefined: forever */
  readonly of: (table: string | undefined) => number | undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1, milli: 1, millis: 1, millisecond: 1, milliseconds: 1, s: 1000, sec: 1000, secs: 1000, second: 1000, seconds: 1000,
  m: 60_000, min: 60_000, minute: 60_000,
  minutes: 60_000, h: 3_600_000, hour: 3_600_000, hours: 3_600_000, d: 86_400_000, day: 86_400_000, days: 86_400_000,
};

/** `36 h` in ms, as Flink writes durations; a number alone is ms; undefined: no duration. */
export function durationMs(text: string): number | undefined {
  const match = /^\s*(\d{1,12})\s*([a-z]*)\s*$/i.exec(text);
  const unit = match && (match[2] === '' ? 1 : UNITS[(match[2] as string).toLowerCase()]);
  return match && unit !== undefined && unit !== null ? Number(match[1]) * unit : undefined;
}

/** How long state is kept where no hint says otherwise: a property for a node, or none. */
export function ttlOf(job: Job): { readonly ttlMs?: number } {
  const ms = durationMs(job.settings.get('table.exec.state.ttl') ?? '0') ?? 0;
  return ms === 0 ? {} : { ttlMs: ms };
}

/** Joins and aggregations that Flink can do in several ways; here there is one. */
const ACCEPTED: ReadonlySet<string> = new Set(['BROADCAST', 'SHUFFLE_HASH', 'SHUFFLE_MERGE', 'NEST_LOOP', 'LOOKUP', 'MULTI_JOIN']);

export function bindTtl(job: Job, hints: readonly Hint[]): Ttl {
  const everywhere = ttlOf(job).ttlMs;
  const named = new Map<string, number>();
  for (const { name, options } of hints) {
    const kind = name.text.toUpperCase();
    if (ACCEPTED.has(kind)) continue;
    if (kind !== 'STATE_TTL') {
      job.report('unknown-hint', name.span, `there is no hint ${name.text}`, "write STATE_TTL('t' = '1 d')");
      continue;
    }
    need(job, 'stateTtl', name.span);
    for (const { key, value } of options) {
      const ms = durationMs(value?.text ?? '');
      if (ms === undefined) job.report('syntax', (value ?? key).span, "STATE_TTL takes a time for each table, as in 't' = '1 d'");
      else named.set(key.text, ms);
    }
  }
  return { of: (table) => (table !== undefined && named.has(table) ? named.get(table) || undefined : everywhere) };
}
