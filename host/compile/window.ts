/**
 * A windowed aggregation in generated text: what a row needs is computed while it is judged; `apply` adds it to its panes;
 * `fire` sends the panes of windows that the watermark has passed, and can be asked again where it stopped.
 */
import type { WindowAggregateNode, WindowSpec } from '../plan/nodes.ts';
import type { Continuation, Downstream, Feed } from './circuit.ts';
import { groupKey, type GroupKey } from './group-key.ts';
import { aggregateInputs } from './group-inputs.ts';
import { groupResult } from './group-result.ts';
import { capital } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { paneRecord, type Pane } from './pane.ts';
import { pushText } from './push.ts';
import { addRow, type Row } from './rows.ts';
import { progressOf, type Progress } from './time.ts';
import { boundsText, fireText, KEY_PAGES } from './window-fire.ts';
import { windowStore, type WindowStore } from './window-store.ts';

/** Adds the functions of a windowed aggregation and of all below it. */
export function windowAggregate(branch: Branch, node: WindowAggregateNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const keys = node.keys.length > 0 ? job.name(name, 'Keys') : '';
  if (keys !== '') circuit.init.push(keysText(job, keys));
  const progress = progressOf(branch, node.input);
  const parts: Parts = { branch, node, keys, progress };
  const fires: { readonly fire: string; readonly isDue: string }[] = [];
  nodeText(branch, node.input, {
    over: (feed) => {
      const { next, key, pane, store } = applied(parts, feed);
      fires.push({ fire: firing(parts, key, pane, store, down), isDue: store.isDue(progress.combined) });
      return next;
    },
  });
  circuit.works.push(...fires.map((work) => ({ ...work, sources: progress.sources, advance: progress.advance })));
}

/** Windows that share slices, or become one. */
const MERGING: ReadonlySet<WindowSpec['kind']> = new Set(['hop', 'cumulate', 'session']);

interface Parts {
  readonly branch: Branch;
  readonly node: WindowAggregateNode;
  /** Constant of the keys' dictionary, '' without keys. */
  readonly keys: string;
  readonly progress: Progress;
}

/** The row into its panes. */
function applied({ branch, node, keys, progress }: Parts, feed: Feed): {
  readonly next: Continuation; readonly key: GroupKey | undefined; readonly pane: Pane; readonly store: WindowStore;
} {
  const { circuit: { job }, name, words } = branch;
  const inputs = aggregateInputs(job, name, node, feed.view, words);
  const key = keys === '' ? undefined : groupKey(job, name, inputs.view, node.keys.length, keys);
  const pane = paneRecord(job, name, inputs.calls, { isMerging: MERGING.has(node.window.kind) });
  const store = windowStore(branch, node.window, { keys, pane: pane.className, isShared: !pane.hasHeap && pane.canMerge });
  const apply = job.name('apply', capital(name));
  job.addFunction(`The row into its panes of ${name}.`, `${apply}(): void`, store.enter({
    view: feed.view, watermark: progress.watermark, entry: key?.entry, add: (target) => [`${target}.add();`],
  }));
  job.describeState({ ...store.shape, name, key: key?.shape ?? [], pane: pane.shape });
  return {
    key, pane, store,
    next: {
      take: [...inputs.lines, ...key?.encode ?? []],
      apply: [`${apply}();`],
      needs: {
        pages: store.pages + (key === undefined ? 0 : KEY_PAGES) + pane.heapPages * store.windowsPerRow,
        lengths: [...key?.length === undefined ? [] : [key.length], ...Array.from({ length: store.windowsPerRow }, () => pane.blockLengths).flat()],
      },
      outputBytes: undefined, emits: false, drain: undefined,
    },
  };
}

/** `fire`, and what makes a result of a pane. @returns its name */
function firing({ branch, node, progress }: Parts, key: GroupKey | undefined, pane: Pane, store: WindowStore, down: Downstream): string {
  const { circuit: { job }, name, words } = branch;
  const result = addRow(job, job.name(name, 'Result'), node.columns, `A result of ${words}, before HAVING and projection.`);
  const read = readText(branch, node, { result, key, pane, store });
  const { push, next: { drain } } = pushText(branch, result, down, Math.min(...progress.sources), false, pane.hasHeap);
  if (pane.hasHeap) job.use('error', 'clearError');
  return fireText(branch, store, progress.watermark, [
    ...pane.hasHeap ? ['clearError();'] : [], 'reset();',
    `${read}(at);`,
    `${push}();`,
    ...pane.hasHeap ? [`changetype<${pane.className}>(${store.pane}).free();`] : [],
    ...store.leave,
    ...drain === undefined ? [] : [`if (!${drain}()) return false;`],
  ]);
}

interface ResultParts { readonly result: Row; readonly key: GroupKey | undefined; readonly pane: Pane; readonly store: WindowStore }

/** Adds the function that reads a pane, its key and its window into the result row. @returns its name */
function readText({ circuit: { job }, name }: Branch, node: WindowAggregateNode, { result, key, pane, store }: ResultParts): string {
  if (key !== undefined) job.use('state/dictionary', 'Entry');
  const read = job.name('read', capital(name));
  job.addFunction(`A pane of the firing window into ${result.name}.`, `${read}(at: usize): void`, [
    `const pane = changetype<${pane.className}>(${store.pane});`,
    ...key === undefined ? [] : [`const entry = changetype<Entry>(${store.entry});`],
    ...groupResult(job, name, { result, key, pane, keyCount: node.keys.length }),
    ...boundsText(job, result, node.keys.length + node.aggregates.length, store),
  ]);
  return read;
}
