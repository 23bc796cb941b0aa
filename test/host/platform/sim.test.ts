/** The simulated store keeps the contract of every store; and it loses what a crash loses, and nothing else. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32 as nativeCrc32 } from 'node:zlib';
import { crc32, createWorld } from '../../../host/platform/sim.ts';
import { storeContract } from '../../store/contract.ts';

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

storeContract('sim', true, async () => {
  let fullRate = 0;
  const world = createWorld({ seed: 1, turn, crashRate: 0, fullRate: () => fullRate });
  const { store } = world.boot();
  async function settle<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => { isOver = true; };
    promise.then(over, over);
    await world.live(() => isOver);
    return promise;
  }
  return {
    store, settle, reopen: async () => world.boot().store, destroy: () => Promise.resolve(),
    fill: () => { fullRate = 1; }, empty: () => { fullRate = 0; return settle(new Promise((resolve) => { world.after(5000, resolve); })); },
  };
});

test('a crash keeps what was committed and some beginning of what was under way', async () => {
  const kept = new Set<number>();
  for (let seed = 1; seed <= 40; seed += 1) {
    const world = createWorld({ seed, turn, crashRate: 0.3 });
    const { store } = world.boot();
    let committed = 0;
    for (let index = 0; index < 10; index += 1) void store.commit({ append: [Uint8Array.of(index)] }).then(() => { committed += 1; });
    world.after(1000, () => undefined);
    await world.live(() => committed === 10);
    const { end } = world.boot().store.bounds();
    assert.ok(end >= committed);
    kept.add(end - committed);
  }
  assert.ok(kept.size > 2, 'crashes hit before, within and after commits');
});

test('the simulated CRC is the one that every platform has', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 31) & 255);
  assert.is(crc32(bytes), nativeCrc32(bytes));
});

test.run();
