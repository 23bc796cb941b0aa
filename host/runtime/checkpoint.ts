/**
 * Dirty pages of the state, log offset, source snapshots and each sink's place -> one commit, and back. Pages are keyed
 * (checkpoint, first page); what the two newest complete checkpoints need is kept, the rest goes in the same commit,
 * together with the part of the log that neither needs.
 */
import { PAGE_BYTES } from '../../assembly/abi.ts';
import type { Offset, Store, Transaction } from '../ports.ts';
import type { EngineHead, PageRun } from './engine.ts';
import { assert } from './errors.ts';
import { type Crc32, frame, frameInPlace, frameJson, unframe } from './frame.ts';
import { checkpointHeadKey, checkpointOfKey, checkpointPagesKey, CHECKPOINTS, checkpointSourceKey, offsetOfVerdictKey, VERDICTS } from './keys.ts';
import type { SourceSnapshot } from './sources.ts';

/** Longer runs are cut: one page still needed keeps at most this much alive. */
export const RUN_PAGES_MAX = 16;
/** When this many times the live pages are stored, the next checkpoint writes all of them anew. */
const STORED_RATIO_MAX = 3;

export interface SinkPlace { readonly name: string; readonly sequence: number; readonly digest: string }

/** The state of the job between two records. */
export interface Checkpoint {
  /** The first record that is not in the state. */
  readonly offset: Offset;
  readonly engine: EngineHead;
  readonly sinks: readonly SinkPlace[];
  readonly sources: readonly SourceSnapshot[];
}

export interface LoadedCheckpoint extends Checkpoint { readonly runs: readonly PageRun[] }

/** What one checkpoint adds to the store beside itself. */
export type Extra = Pick<Transaction, 'put' | 'remove'>;

export interface Checkpoints {
  /** The newest checkpoint whose every part reads back; an older one when the newest is broken; undefined when there is none. */
  load(): LoadedCheckpoint | undefined;
  /** Offset of the newest complete checkpoint, 0 before the first. */
  offset(): Offset;
  /** Whether the next checkpoint should write every page: too much is stored that nobody needs. */
  wantsAllPages(): boolean;
  /** One commit. Requires: the one before has settled. Throws IoError; then nothing changed and `runs` must be marked dirty again. */
  save(checkpoint: Checkpoint, runs: readonly PageRun[], extra: Extra): Promise<void>;
}

/** [checkpoint, first page, page count] */
type RunName = readonly [checkpoint: number, firstPage: number, pageCount: number];

interface Head {
  readonly offset: Offset;
  readonly engine: EngineHead;
  readonly sinks: readonly SinkPlace[];
  readonly sources: readonly { readonly from: Offset; readonly hasEnded: boolean; readonly hasBytes: boolean }[];
  /** All runs that make up the state, oldest first: later ones lie over earlier ones. */
  readonly runs: readonly RunName[];
}

interface View { readonly checkpoint: number; readonly head: Head }

export function createCheckpoints(store: Store, crc32: Crc32, report: (line: string) => void): Checkpoints {
  let newest: View | undefined;
  let lastNumber = 0;
  let isSaving = false;
  /** Keys of checkpoints that the store holds. */
  const stored = new Set<string>();

  function readHead(checkpoint: number): Head | undefined {
    const bytes = unframe(crc32, store.get(checkpointHeadKey(checkpoint)));
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Head);
  }
  function readAll(checkpoint: number): (LoadedCheckpoint & { readonly head: Head }) | undefined {
    const head = readHead(checkpoint);
    if (!head) return undefined;
    const runs: PageRun[] = [];
    for (const [owner, firstPage, pageCount] of head.runs) {
      const bytes = unframe(crc32, store.get(checkpointPagesKey(owner, firstPage)));
      if (bytes?.length !== pageCount * PAGE_BYTES) return undefined;
      runs.push({ firstPage, bytes });
    }
    const sources: SourceSnapshot[] = [];
    for (const [index, { from, hasEnded, hasBytes }] of head.sources.entries()) {
      const bytes = hasBytes ? unframe(crc32, store.get(checkpointSourceKey(checkpoint, index))) : undefined;
      if (hasBytes && !bytes) return undefined;
      sources.push({ from, hasEnded, bytes });
    }
    return { offset: head.offset, engine: head.engine, sinks: head.sinks, sources, runs, head };
  }
  return {
    load() {
      const keys = store.keys(CHECKPOINTS);
      for (const key of keys) stored.add(key);
      const numbers = keys.filter((key) => key.endsWith('/head')).map(checkpointOfKey).sort((a, b) => b - a);
      lastNumber = keys.reduce((newer, key) => Math.max(newer, checkpointOfKey(key)), 0);
      for (const number of numbers) {
        const loaded = readAll(number);
        if (!loaded) {
          report(`checkpoint ${number} does not read back as it was written; going back to the one before`);
          continue;
        }
        newest = { checkpoint: number, head: loaded.head };
        return loaded;
      }
      assert(numbers.length === 0 || store.bounds().first === 0, 'one of the two newest checkpoints reads back');
      return undefined;
    },
    offset: () => newest?.head.offset ?? 0,
    wantsAllPages() {
      if (!newest) return false;
      const stored = newest.head.runs.reduce((sum, [, , pageCount]) => sum + pageCount, 0);
      return stored > STORED_RATIO_MAX * (Math.ceil(newest.head.engine.stateLength / PAGE_BYTES) + RUN_PAGES_MAX);
    },
    async save(checkpoint, runs, extra) {
      assert(!isSaving, 'one checkpoint at a time');
      const number = lastNumber + 1;
      const head: Head = {
        offset: checkpoint.offset, engine: checkpoint.engine, sinks: checkpoint.sinks,
        sources: checkpoint.sources.map(({ from, hasEnded, bytes }) => ({ from, hasEnded, hasBytes: bytes !== undefined })),
        runs: overlaid(newest?.head.runs ?? [], runs.map(({ firstPage, bytes }) => [number, firstPage, bytes.length / PAGE_BYTES])),
      };
      const put: [string, Uint8Array][] = [[checkpointHeadKey(number), frameJson(crc32, head)]];
      for (const run of runs) put.push([checkpointPagesKey(number, run.firstPage), frameInPlace(crc32, run.bytes)]);
      checkpoint.sources.forEach(({ bytes }, index) => { if (bytes) put.push([checkpointSourceKey(number, index), frame(crc32, bytes)]); });
      const kept: View[] = newest ? [newest, { checkpoint: number, head }] : [{ checkpoint: number, head }];
      const needed = Math.min(...kept.flatMap((view) => [view.head.offset, ...view.head.sources.map(({ from }) => from)]));
      const trimBelow = newest ? needed : 0; // before there is a second checkpoint, the log itself is what to fall back to
      for (const [key] of put) stored.add(key);
      const obsolete = unneeded(stored, kept);
      const remove = [
        ...obsolete,
        ...store.keys(VERDICTS).filter((key) => offsetOfVerdictKey(key) < trimBelow),
        ...(extra.remove ?? []),
      ];
      isSaving = true;
      try {
        await store.commit({ put: [...put, ...(extra.put ?? [])], remove, trimBelow });
      } finally {
        isSaving = false;
      }
      for (const key of obsolete) stored.delete(key);
      lastNumber = number;
      newest = { checkpoint: number, head };
    },
  };
}

/** Runs of which at least one page is still seen when `fresh` lies over `older`. */
function overlaid(older: readonly RunName[], fresh: readonly RunName[]): RunName[] {
  const pageCount = [...older, ...fresh].reduce((most, [, firstPage, count]) => Math.max(most, firstPage + count), 0);
  const isSeen = new Uint8Array(pageCount);
  const cover = ([, firstPage, count]: RunName): boolean => {
    const isHidden = isSeen.subarray(firstPage, firstPage + count).every((seen) => seen !== 0);
    isSeen.fill(1, firstPage, firstPage + count);
    return !isHidden;
  };
  for (const run of fresh) cover(run);
  const visible = older.toReversed().filter(cover).reverse();
  return [...visible, ...fresh];
}

/** Keys of checkpoints that none of `kept` needs. */
function unneeded(keys: Iterable<string>, kept: readonly View[]): string[] {
  const needed = new Set<string>();
  for (const { checkpoint, head } of kept) {
    needed.add(checkpointHeadKey(checkpoint));
    head.sources.forEach((_, index) => { needed.add(checkpointSourceKey(checkpoint, index)); });
    for (const [owner, firstPage] of head.runs) needed.add(checkpointPagesKey(owner, firstPage));
  }
  return [...keys].filter((key) => !needed.has(key));
}
