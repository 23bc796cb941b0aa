/** How long state is kept: 'table.exec.state.ttl', or the hint STATE_TTL of one query. */
import { durationMs } from './bind-options.ts';
import { need, type Job } from './job.ts';
import type { Hint } from './syntax.ts';

export interface Ttl {
  /** @param table name or alias in FROM, which the hint may name. @returns ms; undefined: forever */
  readonly of: (table: string | undefined) => number | undefined;
}

/** How long state is kept where no hint says otherwise: a property for a node, or none. */
export function ttlOf(job: Job): { readonly ttlMs?: number } {
  const ms = Number(job.settings.get('table.exec.state.ttl') ?? 0);
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
