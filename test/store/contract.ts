/** What every Store promises, as tests: run by each platform with its own way of opening, reopening and waiting. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { IoError, type Store } from '../../host/ports.ts';

export interface StoreUnderTest {
  readonly store: Store;
  /** Waits for a promise of the store. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Closes the store and opens what is durable. */
  reopen(): Promise<Store>;
  /** From now on commits find the disk full, until `empty`. Absent where only a disk of its own can be filled: the platform's tests do that. */
  readonly fill?: () => void;
  readonly empty?: () => Promise<void>;
  destroy(): Promise<void>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function readRecord(store: Store, offset: number): number[] | undefined {
  const target = new Uint8Array(64);
  const length = store.readInto(offset, target);
  return length < 0 ? undefined : [...target.subarray(0, length)];
}

export function storeContract(name: string, canFill: boolean, make: () => Promise<StoreUnderTest>): void {
  const test = suite(`store ${name}`);
  const check = (sentence: string, body: (of: StoreUnderTest) => Promise<void>): void => {
    test(sentence, async () => {
      const under = await make();
      try { await body(under); } finally { await under.destroy(); }
    });
  };

  check('a new store is empty and its first record gets offset 0', async ({ store, settle }) => {
    assert.is(store.end(), 0);
    assert.equal({ ...store.bounds(), sizeBytes: 0 }, { first: 0, end: 0, sizeBytes: 0 });
    assert.is(store.readInto(0, new Uint8Array(8)), -1);
    assert.is(store.get('absent'), undefined);
    await settle(store.commit({ append: [bytes(1, 2, 3)] }));
    assert.equal(readRecord(store, 0), [1, 2, 3]);
  });

  check('one commit holds records, values, removals and trimming, all or nothing, and survives closing', async ({ store, settle, reopen }) => {
    await settle(store.commit({ append: [bytes(1), bytes(2), bytes(3)], put: [['a/1', bytes(1)], ['a/2', bytes(2)], ['b', bytes(3)]] }));
    await settle(store.commit({ append: [bytes(4)], put: [['a/3', bytes(9)]], remove: ['a/1'], trimBelow: 2 }));
    const again = await reopen();
    assert.equal(again.keys('a/'), ['a/2', 'a/3']);
    assert.equal([...again.get('a/3') ?? []], [9]);
    assert.is(again.get('a/1'), undefined);
    assert.is(again.bounds().first, 2);
    assert.is(again.end(), 4);
    assert.equal([0, 1, 2, 3].map((offset) => readRecord(again, offset)), [undefined, undefined, [3], [4]]);
  });

  check('commits may overlap: they settle in order and get consecutive offsets', async ({ store, settle }) => {
    const settled: number[] = [];
    const commits = Array.from({ length: 20 }, (_, index) => {
      assert.is(store.end(), index);
      return store.commit({ append: [bytes(index)], put: [['last', bytes(index)]] }).then(() => { settled.push(index); });
    });
    await settle(Promise.all(commits));
    assert.equal(settled, Array.from({ length: 20 }, (_, index) => index));
    assert.equal(readRecord(store, 13), [13]);
    assert.equal([...store.get('last') ?? []], [19]);
  });

  check('a record that is too long for the target tells its length and writes nothing', async ({ store, settle }) => {
    await settle(store.commit({ append: [bytes(1, 2, 3, 4, 5)] }));
    const target = new Uint8Array(3);
    assert.is(store.readInto(0, target), 5);
    assert.equal([...target], [0, 0, 0]);
  });

  check('what get returns is a copy that later reads and writes do not change', async ({ store, settle }) => {
    await settle(store.commit({ put: [['key', bytes(7, 7)]] }));
    const value = store.get('key');
    await settle(store.commit({ put: [['key', bytes(8, 8)], ['other', bytes(9, 9)]] }));
    store.get('other');
    assert.equal([...value ?? []], [7, 7]);
  });

  check('trimming everything keeps the end', async ({ store, settle, reopen }) => {
    await settle(store.commit({ append: [bytes(1), bytes(2)] }));
    await settle(store.commit({ trimBelow: 2 }));
    const again = await reopen();
    assert.is(again.end(), 2);
    assert.equal({ ...again.bounds(), sizeBytes: 0 }, { first: 2, end: 2, sizeBytes: 0 });
  });

  if (canFill) check('a full disk fails the commit and all queued behind it, keeps what is durable, and takes commits again when there is room', async (under) => {
    const { store, settle, fill, empty } = under;
    if (!fill || !empty) throw new Error(`store ${name} said that it can be filled`);
    await settle(store.commit({ append: [bytes(1)] }));
    const pressures: string[] = [];
    store.onPressure((pressure) => pressures.push(pressure));
    fill();
    const failed = [1, 2, 3].map((value) => store.commit({ append: [bytes(value)] }).then(() => 'durable', (error: unknown) => (error as IoError).retry));
    assert.equal(await settle(Promise.all(failed)), [true, true, true]);
    assert.is(store.end(), 1);
    assert.ok(pressures.includes('full'));
    await empty();
    await settle(store.commit({ append: [bytes(5)] }));
    assert.equal([0, 1].map((offset) => readRecord(store, offset)), [[1], [5]]);
  });

  test.run();
}
