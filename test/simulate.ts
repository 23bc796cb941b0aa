/** `npm run simulate -- --seed 7` repeats one seed; `-- --seeds 1000` runs many and names those that went wrong. */
import { parseArgs } from 'node:util';
import { compileSample } from './host/runtime/sample-job.ts';
import { simulate } from './simulation.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, seeds: { type: 'string', default: '100' } } });
const sample = await compileSample();
const first = Number(values.seed ?? 1);
const count = values.seed === undefined ? Number(values.seeds) : 1;
let wrongCount = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const { verdict, lives, note } = await simulate(sample, { seed });
  if (verdict !== 'ok') wrongCount += 1;
  if (verdict !== 'ok' || count === 1) console.log(`seed ${seed}: ${verdict} after ${lives} lives${note === '' ? '' : `: ${note}`}`);
}
console.log(`${count} seeds, ${wrongCount} wrong`);
process.exitCode = wrongCount === 0 ? 0 : 1;
