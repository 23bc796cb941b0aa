/**
 * The simulated platform: one seed decides all that time and chance decide elsewhere. Its disk outlives a crash, its store
 * loses what was not committed, can be full and can rot; all waiting goes through its clock, so that a crash can be
 * put between any two steps.
 */
import { type Clock, IoError, type Millis, type Offset, type Platform, type Pressure, type Store, type Transaction } from '../ports.ts';

/** What survives a crash. */
export interface SimDisk {
  readonly log: Map<Offset, Uint8Array>;
  first: Offset;
  end: Offset;
  kv: Map<string, Uint8Array>;
  /** Every record that ever became durable, trimmed or not: for checks, unknown to the runtime. */
  readonly history: Uint8Array[];
  copy(): SimDisk;
}

export interface WorldOptions {
  readonly seed: number;
  /** Lets every promise that can settle do so; a macrotask of the host. */
  readonly turn: () => Promise<void>;
  /** Chance of a crash before each event. */
  readonly crashRate: number;
  /** Chance that a commit finds the disk full; it then stays full for a while. */
  readonly fullRate?: () => number;
}

/** A machine that crashes and starts again, with its disk; brokers and uplinks live beside it. */
export interface World {
  readonly disk: SimDisk;
  /** Uniform in [0, 1). */
  random(): number;
  now(): Millis;
  /** An event of this life of the machine: forgotten by a crash. */
  after(delayMs: number, call: () => void): () => void;
  /** Starts a life: a store on the disk as it is. */
  boot(): Platform;
  /** Runs events until `isOver` or a crash. */
  live(isOver: () => boolean): Promise<'over' | 'crashed'>;
  /** No more crashes and no more full disks: what is under way may finish. */
  calm(): void;
}

const START: Millis = 1_700_000_000_000;
/** More events than any life needs: what goes on longer is stuck. */
const EVENTS_MAX = 200_000;

export function createWorld(options: WorldOptions): World {
  const random = randomOf(options.seed);
  const disk = createDisk();
  let { crashRate } = options;
  let isCalm = false;
  let now = START;
  let serial = 0;
  let timers: { readonly at: Millis; readonly serial: number; readonly call: () => void }[] = [];
  let openStore: SimStore | undefined;

  function after(delayMs: number, call: () => void): () => void {
    const timer = { at: now + Math.max(0, delayMs), serial: serial += 1, call };
    timers.push(timer);
    return () => { timers = timers.filter((other) => other !== timer); };
  }
  const clock: Clock = { now: () => Math.floor(now), monotonic: () => now - START, wake: after };
  const world: World = {
    disk, random, after, now: () => now,
    boot() {
      openStore = createSimStore(world, () => random() < (isCalm ? 0 : options.fullRate?.() ?? 0));
      const digit = (): string => Math.floor(random() * 16).toString(16);
      return { store: openStore.store, clock, machineId: 'sim', crc32, randomId: () => Array.from({ length: 32 }, digit).join('') };
    },
    async live(isOver) {
      for (let events = 0; events < EVENTS_MAX; events += 1) {
        await options.turn();
        if (isOver()) return 'over';
        if (random() < crashRate) {
          openStore?.crash();
          timers = [];
          return 'crashed';
        }
        let next = timers[0];
        if (!next) throw new Error('the world stands still: nothing is over and nothing will happen');
        for (const timer of timers) if (timer.at < next.at || (timer.at === next.at && timer.serial < next.serial)) next = timer;
        timers.splice(timers.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.call();
      }
      throw new Error(`nothing is over after ${EVENTS_MAX} events`);
    },
    calm() { crashRate = 0; isCalm = true; },
  };
  return world;
}

function createDisk(): SimDisk {
  return {
    log: new Map(), first: 0, end: 0, kv: new Map(), history: [],
    copy() {
      return { ...createDisk(), log: new Map(this.log), first: this.first, end: this.end, kv: new Map(this.kv), history: [...this.history] };
    },
  };
}

// ----------------------------------------------------------------------------------------------------------------- store

interface SimStore { readonly store: Store; crash(): void }

interface Queued { readonly transaction: Transaction; resolve(): void; reject(error: unknown): void }

const COMMIT_MS_MAX = 4;
const FULL_MS_MAX = 3000;

function createSimStore(world: World, meetsFullDisk: () => boolean): SimStore {
  const { disk } = world;
  let queue: Queued[] = [];
  let end = disk.end;
  let fullUntil = 0;
  let pressure: Pressure = 'ok';
  const listeners: ((pressure: Pressure) => void)[] = [];

  function press(now: Pressure): void {
    if (now !== pressure) for (const listener of listeners) listener(now);
    pressure = now;
  }
  /** Reads the buffers only now, when the write completes: whoever reuses them too early is found out. */
  function apply({ append, put, remove, trimBelow }: Transaction): void {
    for (const record of append ?? []) {
      disk.log.set(disk.end, record.slice());
      disk.history.push(record.slice());
      disk.end += 1;
    }
    for (const [key, value] of put ?? []) disk.kv.set(key, value.slice());
    for (const key of remove ?? []) disk.kv.delete(key);
    for (; disk.first < Math.min(trimBelow ?? 0, disk.end); disk.first += 1) disk.log.delete(disk.first);
  }
  function complete(): void {
    if (world.now() < fullUntil || meetsFullDisk()) {
      if (world.now() >= fullUntil) fullUntil = world.now() + world.random() * FULL_MS_MAX;
      const failed = queue;
      queue = [];
      end = disk.end;
      press('full');
      for (const { reject } of failed) reject(new IoError('the disk is full', { retry: true }));
      return;
    }
    const done = queue.shift();
    if (!done) return;
    apply(done.transaction);
    press('ok');
    done.resolve();
    if (queue.length > 0) world.after(world.random() * COMMIT_MS_MAX, complete);
  }
  const store: Store = {
    durability: 'disk',
    commit: (transaction) => new Promise((resolve, reject) => {
      queue.push({ transaction, resolve, reject });
      end += transaction.append?.length ?? 0;
      if (queue.length === 1) world.after(world.random() * COMMIT_MS_MAX, complete);
    }),
    end: () => end,
    bounds: () => ({ first: disk.first, end: disk.end, sizeBytes: [...disk.log.values()].reduce((sum, { length }) => sum + length, 0) }),
    readInto(offset, target) {
      const record = disk.log.get(offset);
      if (!record) return -1;
      if (record.length <= target.length) target.set(record);
      return record.length;
    },
    get: (key) => disk.kv.get(key)?.slice(),
    keys: (prefix) => [...disk.kv.keys()].filter((key) => key.startsWith(prefix)).sort(),
    usage: () => ({ liveBytes: 0, fileBytes: 0, limitBytes: undefined }),
    onPressure(listener) { listeners.push(listener); },
    close: () => Promise.resolve(),
  };
  return {
    store,
    /** Of what was under way, any beginning may have reached the disk. */
    crash() {
      const reached = Math.floor(world.random() * (queue.length + 1));
      for (const { transaction } of queue.slice(0, reached)) apply(transaction);
      queue = [];
    },
  };
}

// ---------------------------------------------------------------------------------------------------------------- chance

/** xorshift of 32 bits (Marsaglia 2003), first spread so that neighbouring seeds differ. */
export function randomOf(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** CRC-32 (ISO 3309), as every platform has it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
