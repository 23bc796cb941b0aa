/** Growing pauses between tries of the same thing. */
import type { Clock } from '../ports.ts';

const PAUSE_FIRST_MS = 100; // a broker that restarts is back within seconds; the first tries should catch it
const PAUSE_MAX_MS = 15_000; // many gateways behind one broker: four tries a minute each are no storm

export interface Backoff {
  /** Resolves after the next pause, or at `cancel`. */
  pause(): Promise<void>;
  /** The thing worked: the next pause is a short one. */
  reset(): void;
  /** Ends a pause under way. */
  cancel(): void;
}

export function createBackoff(clock: Clock): Backoff {
  let pauseMs = PAUSE_FIRST_MS;
  let end: (() => void) | undefined;
  return {
    pause: () => new Promise((resolve) => {
      const cancelWake = clock.wake(pauseMs, resolve);
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
      end = () => { cancelWake(); resolve(); };
    }),
    reset() { pauseMs = PAUSE_FIRST_MS; },
    cancel() { end?.(); },
  };
}
