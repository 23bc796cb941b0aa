/** Tick records: appended when the module wants to know that time has passed although no payload came. */
import type { Clock } from '../ports.ts';
import type { RecordIntake } from './intake.ts';
import type { Machine } from './machine.ts';

/** A tick that was asked for and could not be logged is asked for again after this. */
const RETRY_MS = 1000;

export interface Ticker {
  /** The engine has stepped all there is: wait for the time it wants to hear of. */
  arm(): void;
  /** Called now and then while the engine waits: asks again for a tick that was lost. */
  look(): void;
  stop(): void;
}

export function createTicker(clock: Clock, intake: RecordIntake, machine: Machine): Ticker {
  let cancel: (() => void) | undefined;
  let armedAt = 0;
  let isStopped = false;

  function arm(): void {
    cancel?.();
    cancel = undefined;
    const at = machine.engine.tickAt();
    if (at === undefined || isStopped) return;
    armedAt = clock.monotonic();
    cancel = clock.wake(Math.max(0, at - clock.now()), () => {
      cancel = undefined;
      intake.tick();
    });
  }
  return {
    arm,
    look() { if (cancel === undefined && clock.monotonic() - armedAt > RETRY_MS) arm(); },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
