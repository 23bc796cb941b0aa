/** Bounds how long the sink waits for the driver, which may wait for ever. */
import type { Clock } from '../../host/ports.ts';

const CLOSE_MAX_MS = 2_000;

/** What the driver opens. */
interface Connection { disconnect(): Promise<void> }

/** Fails after `maxMs`; what it waited for goes on unheard. */
export async function within<T>(clock: Clock, maxMs: number, work: Promise<T>, what: string): Promise<T> {
  let cancel: () => void = () => undefined;
  const expiry = new Promise<never>((_, reject) => {
    cancel = clock.wake(maxMs, () => reject(new Error(`${what} took longer than ${maxMs / 1000} s`)));
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    cancel();
  }
}

/** Closes a connection. The driver waits for answers under way: a broker that hangs must not hold the sink. */
export async function disconnect(clock: Clock, connection: Connection | undefined): Promise<void> {
  if (connection) await within(clock, CLOSE_MAX_MS, connection.disconnect(), 'closing').catch(() => undefined);
}

/** Closes what work that nobody waits for any more has opened, or opened again, before it ended. */
export function disconnectAfter(clock: Clock, work: Promise<unknown>, opened: () => readonly (Connection | undefined)[]): void {
  void work.catch(() => undefined).then(() => Promise.all(opened().map((connection) => disconnect(clock, connection))));
}
