/** When a batch is sealed, when a source must pause, and that nothing is acknowledged that is not durable. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWorld, type World } from '../../../host/platform/sim.ts';
import type { Arrival, Intake, Source } from '../../../host/ports.ts';
import { readBatch } from '../../../host/runtime/batch.ts';
import { createIntake, type IntakeLimits, type RecordIntake, type Sealed } from '../../../host/runtime/intake.ts';

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const LIMITS: IntakeLimits = { lingerMs: 5, batchRowsMax: 3, batchBytesMax: 10_000, appendsMax: 2 };

interface Bench { readonly world: World; readonly intake: RecordIntake; readonly port: Intake; readonly taken: Sealed[]; readonly calls: string[]; push(text: string): boolean }

function bench(limits: Partial<IntakeLimits> = {}): Bench {
  const world = createWorld({ seed: 1, turn, crashRate: 0 });
  const calls: string[] = [];
  const taken: Sealed[] = [];
  let pushed = 0;
  const source: Source = {
    restore: () => undefined, replay: () => undefined, open: () => Promise.resolve(), stop: () => Promise.resolve(), close: () => Promise.resolve(),
    position: () => Uint8Array.of(pushed), snapshot: () => Uint8Array.of(100 + pushed),
    committed: (count) => { calls.push(`committed ${count}`); }, resume: () => { calls.push('resume'); },
  };
  const intake = createIntake(world.boot().clock, { ...LIMITS, ...limits }, 1);
  const port = intake.begin(0, source, (error) => { throw error; });
  void (async () => { for (let sealed = await intake.take(); sealed; sealed = await intake.take()) taken.push(sealed); })();
  return {
    world, intake, port, taken, calls,
    push(text) {
      const bytes = new TextEncoder().encode(text);
      pushed += 1;
      const arrival: Arrival = { bytes, start: 0, end: bytes.length, topic: bytes, topicStart: 0, topicEnd: 0, packetId: 0, flags: 0, client: '' };
      return port.push(arrival);
    },
  };
}
const passed = async ({ world }: Bench, delayMs: number): Promise<void> => {
  let isOver = false;
  world.after(delayMs, () => { isOver = true; });
  await world.live(() => isOver);
  await turn();
};

test('a batch is sealed when it is full, with the position behind the payload that filled it', async () => {
  const of = bench();
  for (const text of ['a', 'b', 'c', 'd']) of.push(text);
  await turn();
  assert.is(of.taken.length, 1);
  const { count, position } = readBatch((of.taken[0] as Sealed).record);
  assert.equal([count, [...position]], [3, [3]]);
});

test('a batch that reaches its bytes is sealed with the payload that made it so', async () => {
  const of = bench({ batchBytesMax: 600 });
  of.push('x'.repeat(5000));
  await turn();
  assert.is(of.taken[0]?.count, 1);
});

test('a batch that is not full lingers and is then sealed; flush seals at once when the pipeline was idle', async () => {
  const of = bench();
  of.push('a');
  await passed(of, 4);
  assert.is(of.taken.length, 0);
  await passed(of, 2);
  assert.is(of.taken.length, 1);
  of.intake.committed(of.taken[0] as Sealed);
  of.push('b');
  of.port.flush();
  await turn();
  assert.is(of.taken.length, 1, 'too soon after the last: it would be a commit a payload');
  await passed(of, 6);
  assert.is(of.taken.length, 2);
  of.intake.committed(of.taken[1] as Sealed);
  await passed(of, 50);
  of.push('c');
  of.port.flush();
  await turn();
  assert.is(of.taken.length, 3);
});

test('with as many records on their way as may be, push answers false, and a commit resumes the source', async () => {
  const of = bench();
  const answers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(of.push);
  assert.equal(answers, [true, true, true, true, true, false, false]);
  await passed(of, 20);
  assert.is(of.taken.length, 2, 'what is open waits for a slot');
  assert.equal(of.calls, []);
  of.intake.committed(of.taken[0] as Sealed);
  await turn();
  assert.equal(of.calls, ['committed 3']);
  assert.is(of.taken.length, 3, 'the slot went to what had lingered');
  of.intake.committed(of.taken[1] as Sealed);
  assert.equal(of.calls, ['committed 3', 'committed 3', 'resume']);
});

test('a record of a source that was dropped is not acknowledged to it, and what it pushes later is ignored', async () => {
  const of = bench();
  for (const text of ['a', 'b', 'c', 'd']) of.push(text);
  await turn();
  of.intake.drop(0);
  of.intake.committed(of.taken[0] as Sealed);
  assert.is(of.push('e'), false);
  await passed(of, 20);
  assert.equal(of.calls, []);
  assert.is(of.taken.length, 1);
  assert.ok(of.intake.isIdle());
});

test('a snapshot that was asked for comes with the next record', async () => {
  const of = bench();
  of.intake.wantSnapshot(0);
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) of.push(text);
  await turn();
  assert.equal(of.taken.map(({ snapshot }) => snapshot && [...snapshot]), [[103], undefined]);
});

test('arrival times never go back although the wall clock does', async () => {
  const of = bench();
  let now = 1000;
  const intake = createIntake({ now: () => now, monotonic: () => 0, wake: () => () => undefined }, LIMITS, 1);
  const source = { position: () => new Uint8Array(0) } as unknown as Source;
  const port = intake.begin(0, source, () => undefined);
  const bytes = new Uint8Array(1);
  for (const time of [1000, 400, 1200]) {
    now = time;
    port.push({ bytes, start: 0, end: 1, topic: bytes, topicStart: 0, topicEnd: 0, packetId: 0, flags: 0, client: '' });
    await turn();
  }
  const { arrival, arrivals } = readBatch(((await intake.take()) as Sealed).record);
  assert.equal([arrival, ...arrivals], [1000, 0, 0, 200]);
  of.intake.close();
});

test.run();
