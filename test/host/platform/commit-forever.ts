/** Child of store-lmdb.test.ts: commits with several in flight, trims as it goes, and prints each acknowledged offset, until it is killed. */
import { openLmdbStore } from '../../../host/platform/store-lmdb.ts';
import { stamped } from './stamped.ts';

const store = openLmdbStore({ directory: process.argv[2] as string });
process.stdout.write(`start ${store.end()}\n`);
async function lane(): Promise<void> {
  for (;;) {
    const offset = store.end();
    await store.commit({ append: [stamped(offset)], put: [['newest', Buffer.from(String(offset))]], trimBelow: Math.max(0, offset - 100) });
    process.stdout.write(`${offset}\n`);
  }
}
await Promise.all([lane(), lane(), lane(), lane()]);
