/** Child of kill.test.ts: runs the sample job over files in a folder until it ends or is killed. Arguments: folder, module. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesystem } from '../../../connectors/filesystem.ts';
import { openNode } from '../../../host/platform/node.ts';
import { startJob } from '../../../host/runtime/job.ts';

const [folder, module] = process.argv.slice(2) as [string, string];
const platform = await openNode({ dataFolder: join(folder, 'data') });
const job = await startJob({
  module: readFileSync(module), platform, connectors: new Map([['filesystem', filesystem]]), log: () => undefined,
  settings: {
    batchRowsMax: 200, checkpointMs: 30, outboxRamBytesMax: 64 * 1024, outputLimitBytes: 10_000, memoryMaxBytes: 16 * 2 ** 20,
    resolveOptions: (_, table) => ({ path: join(folder, `${table}.jsonl`) }),
  },
});
console.log('started');
const { metrics } = await job.done;
await platform.store.close();
console.log(`ended ${metrics.rows}`);
