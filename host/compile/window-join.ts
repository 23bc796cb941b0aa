/**
 * A window join in generated text: the rows of both sides are kept under their window and key, and joined when it ends, a pair
 * a unit of work.
 */
import type { WindowJoinNode } from '../plan/nodes.ts';
import type { Continuation, Downstream, Feed } from './circuit.ts';
import { encoding } from './encoding.ts';
import { groupKey } from './group-key.ts';
import { capital } from './job.ts';
import { joinHooks } from './join-hooks.ts';
import { pairRow } from './join-side.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import type { Row } from './rows.ts';
import { progressOf, waits, type Progress } from './time.ts';
import { fireText, KEY_PAGES } from './window-fire.ts';
import { columnsOf } from './window-rows.ts';
import { windowStore, type WindowStore } from './window-store.ts';

/** A block for the row. */
const ROW_PAGES = 1;
const REGISTER_BYTES = 64;

interface Parts {
  readonly branch: Branch;
  readonly node: WindowJoinNode;
  /** Constant of the keys' dictionary, '' without keys. */
  readonly keys: string;
  readonly store: WindowStore;
  readonly progress: Progress;
  /** A row of each side. */
  readonly pair: Row;
}

/** Adds the functions of a window join and of all below it. */
export function windowJoin(branch: Branch, node: WindowJoinNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const keys = node.leftKeys.length > 0 ? job.name(name, 'Keys') : '';
  const join = job.name(name, 'Join');
  job.use('window/join', 'WindowJoin', 'WindowPair');
  job.add('constants', `const ${join} = changetype<WindowJoin>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(`${join}.init();`, ...keys === '' ? [] : [keysText(job, keys)]);
  const store = windowStore(branch, { kind: 'attached', startColumn: 0, endColumn: 1 }, { keys, pane: 'WindowPair', isShared: false });
  const progress = progressOf(branch, node.left, node.right);
  const isSemi = node.type === 'semi' || node.type === 'anti';
  const pair = pairRow(branch, node);
  const sent: Row = isSemi ? { ...pair, view: columnsOf(pair.view, node.left.columns.map((_, index) => index)) } : pair;
  const { push, next: { drain } } = pushText(branch, sent, down, Math.min(...progress.sources), false);
  const parts: Parts = { branch, node, keys, store, progress, pair };
  const loads: string[] = [];
  nodeText(branch, node.left, { over: (feed) => entered(parts, 'left', feed, loads) });
  nodeText(branch, node.right, { over: (feed) => entered(parts, 'right', feed, loads) });
  const hooks = joinHooks(branch, { node, pair, loads, push, isUpdating: false });
  const fire = fireText(branch, store, progress.watermark, [
    'reset();',
    `if (${join}.${isSemi ? 'advanceSemi' : 'advance'}<${hooks}>(changetype<WindowPair>(${store.pane}))) {`, ...store.leave.map((line) => `  ${line}`), '}',
    ...drain === undefined ? [] : [`if (!${drain}()) return false;`],
  ]);
  circuit.works.push({ sources: progress.sources, isDue: store.isDue(progress.combined), advance: progress.advance, fire });
}

/** A row of one side into its window. */
function entered({ branch, node, keys, store, progress, pair }: Parts, side: 'left' | 'right', feed: Feed, loads: string[]): Continuation {
  const { circuit: { job }, name } = branch;
  const isLeft = side === 'left';
  const columns = isLeft ? node.leftKeys : node.rightKeys;
  const keyView = columnsOf(feed.view, columns);
  const key = keys === '' ? undefined : groupKey(job, `${name} ${side}`, keyView, columns.length, keys);
  const bytes = encoding(job, `${name} ${side}`, 'Row', feed.view);
  const load = job.name('load', capital(name), capital(side));
  const decode = bytes.decode(pair, isLeft ? 0 : node.left.columns.length, 'from');
  job.addFunction(`The ${side} row at \`from\` into ${pair.name}.`, `${load}(from: usize): void`, decode);
  loads.push(load);
  const isNull = columns.map((_, index) => keyView.column(index).isNull).filter((condition) => condition !== 'false').map((condition) => `(${condition})`);
  const isOuter = node.type === 'full' || node.type === side || (node.type === 'anti' && isLeft);
  const isKept = isNull.length > 0 && isOuter;
  job.use('window/kept-rows', 'keepRow', 'keptRowBytes');
  if (isKept) job.use('window/join', 'KEY_IS_NULL');
  const mark = isKept ? `(${isNull.join(' || ')} ? KEY_IS_NULL : 0)` : '0';
  const apply = job.name('apply', capital(name), capital(side));
  job.addFunction(`A ${side} row into its window of ${name}.`, `${apply}(): void`, store.enter({
    view: columnsOf(feed.view, isLeft ? [node.leftStart, node.leftEnd] : [node.rightStart, node.rightEnd]),
    // without an operator below that waits, the row is as late as the sources say, also where the other side lags
    watermark: waits(node[side]) ? progress.watermark : progress.combined,
    entry: key?.entry,
    add: (pane) => [`const pane = ${pane};`, `pane.add(pane.${side}(), keepRow(0, 0, ${bytes.address}, ${bytes.length}, ${mark}));`],
  }));
  job.describeState({ ...store.shape, join: name, side, key: key?.shape ?? [], row: bytes.shape });
  return {
    take: [...isNull.length > 0 && !isOuter ? [`if (${isNull.join(' || ')}) return false;`] : [], ...key?.encode ?? [], ...bytes.encode],
    apply: [`${apply}();`],
    needs: {
      pages: store.pages + ROW_PAGES + (key === undefined ? 0 : KEY_PAGES),
      lengths: [...key?.length === undefined ? [] : [key.length], `keptRowBytes(0, ${bytes.length})`],
    },
    outputBytes: undefined, emits: false, drain: undefined,
  };
}
