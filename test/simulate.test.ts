/** Exactly once under crashes between any two steps, full disks, lost acknowledgements and failing uplinks, seed by seed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSample } from './host/runtime/sample-job.ts';
import { simulate, type Simulation, type Wrap } from './simulation.ts';

const SEEDS = Number(process.env['MILLRACE_SEEDS'] ?? 60);
const sample = await compileSample();

/** Runs seeds until one does not end in `verdict`. */
async function all(count: number, of: Omit<Simulation, 'seed'>): Promise<void> {
  for (let seed = 1; seed <= count; seed += 1) {
    const { verdict, note } = await simulate(sample, { seed, ...of });
    assert.is(verdict, 'ok', `npm run simulate -- --seed ${seed}: ${verdict}: ${note}`);
  }
}
/** Seeds of `count` that end in each verdict, with sources whose protection `wrap` removes. */
async function tally(count: number, wrap: Wrap | undefined): Promise<Record<string, number>> {
  const verdicts: Record<string, number> = { ok: 0, lost: 0, doubled: 0, wrong: 0 };
  for (let seed = 1; seed <= count; seed += 1) {
    const { verdict } = await simulate(sample, { seed, sources: 1, payloadCount: 40, crashRate: 0.04, fullRate: 0, oddRate: 0, ...(wrap ? { wrap } : {}) });
    verdicts[verdict] = (verdicts[verdict] as number) + 1;
  }
  return verdicts;
}
/** What most systems do: the source remembers nothing of what it logged. */
const forgetful: Wrap = (source) => ({ ...source, restore: () => { source.restore(undefined); }, replay: () => undefined });

test('crashes at every await, full disks and failing uplinks lose nothing, double nothing and change no byte', async () => {
  await all(SEEDS, {});
});

test('without any fault the same holds', async () => {
  await all(5, { crashRate: 0, fullRate: 0, uplinkFailRate: 0 });
});

test('acknowledging before the commit loses payloads', async () => {
  const early: Wrap = (source, world, memory) => {
    const inner = forgetful(source, world, memory);
    return {
      ...inner,
      open: (intake) => inner.open({
        ...intake,
        push(arrival) {
          const hasRoom = intake.push(arrival);
          inner.committed(1);
          return hasRoom;
        },
      }),
      committed: () => undefined,
    };
  };
  const verdicts = await tally(12, early);
  assert.ok((verdicts['lost'] as number) > 0, JSON.stringify(verdicts));
});

test('acknowledging after the commit, without the packet ids in the log, doubles payloads', async () => {
  const verdicts = await tally(12, forgetful);
  assert.is(verdicts['lost'], 0);
  assert.ok((verdicts['doubled'] as number) > 0, JSON.stringify(verdicts));
});

test('packet ids in a second commit behind the batch still double payloads', async () => {
  const beside: Wrap = (source, world, memory) => ({
    ...source,
    restore: () => { source.restore(memory.snapshot); },
    replay: () => undefined,
    committed(count) {
      const snapshot = source.snapshot();
      world.after(world.random() * 4, () => { // its own write to disk
        memory.snapshot = snapshot;
        source.committed(count);
      });
    },
  });
  const verdicts = await tally(20, beside);
  assert.is(verdicts['lost'], 0);
  assert.ok((verdicts['doubled'] as number) > 0, JSON.stringify(verdicts));
});

test('packet ids in the same commit as the batch neither lose nor double', async () => {
  assert.equal(await tally(12, undefined), { ok: 12, lost: 0, doubled: 0, wrong: 0 });
});

test.run();
