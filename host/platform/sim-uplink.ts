/** A transactional sink that fails before, after and in the middle: results and progress become visible together or not at all. */
import { IoError, type Progress, type Sink, type SinkIdentity } from '../ports.ts';
import type { World } from './sim.ts';

export interface SimUplink {
  /** What a reader sees: `kind value` of each result, in order. */
  readonly visible: string[];
  readonly progress: () => Progress | undefined;
  /** Somebody replaced the topic by an older one, or emptied it. */
  setBack(progress: Progress | undefined): void;
  sink(): Sink;
}

const NETWORK_MS_MAX = 20;
const decoder = new TextDecoder();

/** @param failRate chance that opening or delivering fails; half of failed deliveries were visible all the same */
export function createSimUplink(world: World, failRate: () => number): SimUplink {
  const visible: string[] = [];
  let progress: Progress | undefined;
  let fence = 0;

  function sink(): Sink {
    let token = 0;
    const wait = (): Promise<void> => new Promise((resolve) => { world.after(world.random() * NETWORK_MS_MAX, resolve); });
    const failed = (): IoError => new IoError('the uplink is away', { retry: true });
    return {
      async open(identity: SinkIdentity) {
        await wait();
        if (world.random() < failRate()) throw failed();
        if (identity.sink === '') throw new Error('a sink has a name');
        fence += 1;
        token = fence;
        return progress;
      },
      async deliver(results, next) {
        await wait();
        if (token !== fence) throw new Error('a fenced writer wrote');
        const fate = world.random();
        if (fate < failRate() / 2) throw failed();
        const from = progress?.sequence ?? 0;
        if (results[0]?.sequence !== from + 1) throw new Error(`result ${results[0]?.sequence} behind ${from}`);
        if (results.at(-1)?.sequence !== next.sequence) throw new Error('progress names another result than the last');
        if (!results.at(-1)?.isChangeEnd) throw new Error('a transaction ends inside a change');
        for (const { kind, value } of results) visible.push(`${kind} ${decoder.decode(value)}`);
        progress = next;
        await wait();
        if (fate < failRate()) throw failed();
      },
      close: () => Promise.resolve(),
    };
  }
  return { visible, progress: () => progress, setBack(to) { progress = to; visible.length = Math.min(visible.length, to?.sequence ?? 0); }, sink };
}
