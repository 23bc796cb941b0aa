/** What people hear of a source: why devices were sent away, at a bounded rate, and at the end what was recognised. */
import type { ConnectorContext } from '../../host/ports.ts';
import type { InboxCounts } from './inbox.ts';
import type { Sessions } from './session.ts';

/** A fleet that misbehaves must not fill the log of the machine. */
const LINES_MAX = 20;
const PERIOD_MS = 60_000;
const REDELIVERIES_PERIOD_MS = 1000;

export interface Report {
  line(text: string): void;
  /** Says that sessions were evicted, each time their number has doubled. */
  evictions(): void;
  /** Says that repetitions were recognised: the first at once, then each time their number has doubled, at most one line a second. */
  redeliveries(): void;
  /** Counts of what was not stored, or may be stored twice. */
  summary(): void;
}

export function createReport(context: ConnectorContext, counts: Readonly<InboxCounts>, sessions: Sessions): Report {
  let since = -Infinity;
  let lines = 0;
  let saidEvicted = 0;
  let saidRedelivered = 0;
  let redeliveriesSince = -Infinity;
  return {
    line(text) {
      const now = context.clock.monotonic();
      if (now - since > PERIOD_MS) {
        if (lines > LINES_MAX) context.log(`mqtt ${context.table}: ${lines - LINES_MAX} more lines like these`);
        since = now;
        lines = 0;
      }
      lines += 1;
      if (lines <= LINES_MAX) context.log(`mqtt ${context.table}: ${text}`);
    },
    evictions() {
      const evicted = sessions.evictedCount();
      if (evicted === 0 || evicted < saidEvicted * 2) return;
      saidEvicted = evicted;
      context.log(`mqtt ${context.table}: ${evicted} sessions were forgotten for want of room; what they send again is stored twice`);
    },
    redeliveries() {
      const { redelivered } = counts;
      if (redelivered === 0 || redelivered < saidRedelivered * 2) return;
      const now = context.clock.monotonic();
      if (now - redeliveriesSince < REDELIVERIES_PERIOD_MS) return;
      redeliveriesSince = now;
      saidRedelivered = redelivered;
      context.log(`mqtt ${context.table}: ${redelivered} redeliveries of what is in the log recognised and acknowledged`);
    },
    summary() {
      const { redelivered, ambiguous, filtered } = counts;
      if (redelivered + ambiguous + filtered === 0) return;
      context.log(`mqtt ${context.table}: ${redelivered} redeliveries recognised, ${ambiguous} ambiguous, ${filtered} outside the topic filter`);
    },
  };
}
