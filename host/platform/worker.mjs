/**
 * First file of every worker thread. From a checkout (TypeScript) it registers the loader, which on node 20 does not reach
 * workers by itself; from dist it imports directly. workerData.entry is the URL of the file to run.
 */
import { workerData } from 'node:worker_threads';

if (workerData.entry.endsWith('.ts')) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import(workerData.entry);
