/**
 * One sink's session: opened, again and again while the world says no, and believed only where its progress fits what
 * this store knows. A store that was lost, restored or cloned, or a sink that was set back, is refused here.
 */
import type { Clock, Offset, Progress, Result, Sink, SinkIdentity } from '../ports.ts';
import { IoError } from '../ports.ts';
import { createBackoff } from './backoff.ts';
import { assert, explainError, Refusal } from './errors.ts';
import type { KnownProgress } from './outbox.ts';

export interface UplinkParts {
  readonly clock: Clock;
  readonly identity: SinkIdentity;
  /** Incarnation before the last --new-epoch of this same store: its progress still counts. */
  readonly formerIncarnation: string | undefined;
  /** End of the log when this process started: what was delivered before came from below it. */
  readonly endAtStart: Offset;
  /** A person decided to go on where the progress does not fit. */
  readonly isNewEpoch: boolean;
  create(): Sink;
  report(line: string): void;
}

export interface Uplink {
  readonly sink: string;
  /**
   * Opens the sink, however long it takes. @returns where delivery goes on, or undefined after `close`.
   * Throws Refusal when the sink's progress does not fit, IoError when retrying is pointless.
   */
  open(known: KnownProgress): Promise<KnownProgress | undefined>;
  /** Throws IoError: the outcome is unknown, open again. */
  deliver(results: readonly Result[], progress: Progress): Promise<void>;
  /** Closes the session after an error, so that the next `open` makes a new sink. */
  drop(error: unknown): Promise<void>;
  state(): { readonly isOpen: boolean; readonly lastError: string | undefined };
  close(): Promise<void>;
}

export function createUplink(parts: UplinkParts): Uplink {
  const { identity, report } = parts;
  const backoff = createBackoff(parts.clock);
  let sink: Sink | undefined;
  let isOpen = false;
  let isClosed = false;
  let isFirst = true;
  let lastError: string | undefined;

  function say(error: unknown): void {
    const text = explainError(error);
    if (text !== lastError) report(`sink ${identity.sink}: ${text}`);
    lastError = text;
  }
  async function drop(error: unknown): Promise<void> {
    const dropped = sink;
    sink = undefined;
    isOpen = false;
    const isFinal = !(error instanceof IoError) || !error.retry;
    if (!isFinal) say(error); // what ends the job is told once, when it has ended
    // A sink that cannot even close is abandoned: the next one fences it.
    await dropped?.close().catch(say);
    if (isFinal) throw error;
    if (!isClosed) await backoff.pause();
  }
  return {
    sink: identity.sink,
    async open(known) {
      while (!isClosed) {
        sink = parts.create();
        try {
          const told = await sink.open(identity);
          if (isClosed) { // by somebody who did not find it open yet
            await sink.close();
            return undefined;
          }
          const progress = placed(parts, known, told, isFirst);
          isFirst = false;
          isOpen = true;
          if (lastError !== undefined) report(`sink ${identity.sink}: open again`);
          lastError = undefined;
          return progress;
        } catch (error) {
          await drop(error);
        }
      }
      return undefined;
    },
    async deliver(results, progress) {
      assert(sink !== undefined && isOpen, 'results go to an open sink');
      await sink.deliver(results, progress);
      backoff.reset();
    },
    drop,
    state: () => ({ isOpen, lastError }),
    async close() {
      isClosed = true;
      backoff.cancel();
      await sink?.close();
    },
  };
}

/** Where delivery goes on, given what the sink told. Throws Refusal. */
function placed(parts: UplinkParts, known: KnownProgress, told: Progress | undefined, isFirst: boolean): KnownProgress {
  const { identity, isNewEpoch, endAtStart } = parts;
  const local: KnownProgress = { ...known, incarnation: identity.incarnation };
  const problem = mismatch(parts, known, told, isFirst ? endAtStart : Infinity);
  if (problem !== undefined) {
    if (!isNewEpoch) {
      throw new Refusal(
        `sink ${identity.sink}: ${problem}`,
        'bring back the data directory that delivered them; or go on with --new-epoch: results may then be missing or come twice, and their headers say so',
      );
    }
    parts.report(`sink ${identity.sink}: ${problem}; going on as a new epoch`);
    return { ...local, passedOver: told?.incarnation };
  }
  if (told === undefined || told.incarnation === known.passedOver) return local;
  return { ...told, incarnation: identity.incarnation, isHeld: true };
}

/** What is wrong with a sink's progress; undefined when it fits. */
function mismatch(parts: UplinkParts, known: KnownProgress, told: Progress | undefined, logEnd: Offset): string | undefined {
  if (told === undefined) {
    return known.isHeld && known.sequence > 0 ? `it no longer knows any result, but ${known.sequence} were confirmed` : undefined;
  }
  if (told.incarnation === known.passedOver && told.incarnation !== parts.identity.incarnation) return undefined;
  if (told.incarnation !== parts.identity.incarnation && told.incarnation !== parts.formerIncarnation) {
    if (told.sequence === 0) return undefined;
    return `it holds ${told.sequence} results of another store (incarnation ${told.incarnation}, this one is ${parts.identity.incarnation})`;
  }
  if (told.sequence > 0 && told.offset >= logEnd) {
    return `it holds results of log record ${told.offset}, but this store's log ends at ${logEnd}: the store is an older copy`;
  }
  if (told.sequence < known.sequence) return `it holds ${told.sequence} results, but ${known.sequence} were confirmed: it was set back`;
  return undefined;
}
