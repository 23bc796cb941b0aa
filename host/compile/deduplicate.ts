/**
 * The first or last row of each key in generated text (ROW_NUMBER() ... = 1 by a time attribute). The first by event time is the
 * first to come out of a sort: what is decided is never taken back.
 */
import type { DeduplicateNode } from '../plan/nodes.ts';
import type { Continuation, Downstream, Feed } from './circuit.ts';
import { encoding } from './encoding.ts';
import { groupKey, type GroupKey } from './group-key.ts';
import { block, capital } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { addRow, chosen } from './rows.ts';
import { sourcesOf } from './time.ts';

/** As assembly/state/dictionary.ts and rank/deduplicate.ts have them, and a block for the key's bytes. */
const KEY_PAGES = 7;
const DEDUPLICATE_PAGES = 3;
const REGISTER_BYTES = 64;

/** Adds the functions of a deduplication and of all below it. */
export function deduplicate(branch: Branch, node: DeduplicateNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const keys = job.name(name, 'Keys');
  const table = job.name(name, 'Rows');
  job.use('state/table', 'Table');
  job.add('constants', `const ${table} = changetype<Table>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(keysText(job, keys), `${table}.init();`);
  const { input } = node;
  const ordered = node.keep === 'first' && node.time === 'event' && node.timeColumn !== undefined
    ? { kind: 'sort', input, timeColumn: node.timeColumn, order: [], columns: input.columns } as const : input;
  nodeText(branch, ordered, { over: (feed) => (node.keep === 'first' ? first : last)(branch, node, feed, down, { keys, table }) });
}

interface Constants { readonly keys: string; readonly table: string }

function keyOf({ circuit: { job }, name }: Branch, { partition }: DeduplicateNode, { view }: Feed, keys: string): GroupKey {
  return groupKey(job, name, chosen(view, partition), partition.length, keys);
}

/** The row as it is, once for each key. */
function first(branch: Branch, node: DeduplicateNode, feed: Feed, down: Downstream, { keys, table }: Constants): Continuation {
  const { circuit: { job }, name } = branch;
  const key = keyOf(branch, node, feed, keys);
  const next = down.over(feed);
  job.use('rank/deduplicate', 'isFirstOf');
  job.describeState({ first: name, key: key.shape });
  const isFirst = `if (isFirstOf(${table}, ${keys}, ${key.entry}))`;
  return {
    ...next,
    take: [...key.encode, ...next.take],
    apply: next.apply.length === 1 ? [`${isFirst} ${next.apply[0]}`] : [`${isFirst} {`, ...next.apply.map((line) => `  ${line}`), '}'],
    needs: {
      pages: KEY_PAGES + DEDUPLICATE_PAGES + next.needs.pages,
      lengths: [...key.length === undefined ? [] : [key.length], ...next.needs.lengths],
    },
  };
}

/** The row in place of the one before it. */
function last(branch: Branch, node: DeduplicateNode, feed: Feed, down: Downstream, { keys, table }: Constants): Continuation {
  const { circuit: { job }, name, words } = branch;
  const key = keyOf(branch, node, feed, keys);
  const bytes = encoding(job, name, 'Row', feed.view);
  const sent = addRow(job, job.name(name, 'Last'), node.columns, `The last row of a key of ${words}.`);
  const load = job.name('load', capital(name));
  job.addFunction(`The row at \`from\` into ${sent.name}.`, `${load}(from: usize): void`, [`${sent.name}.nulls = 0;`, ...bytes.decode(sent, 0, 'from')]);
  const { push, next } = pushText(branch, sent, down, Math.min(...sourcesOf(node)), true);
  const hooks = job.name(capital(name), 'Hooks');
  job.add('classes', `/** How rows of ${name} go on. */\n@final @unmanaged\nclass ${hooks} {\n${block([
    `@inline load(from: usize): void { ${load}(from); }`, `@inline push(kind: u32): void { ${push}(kind); }`,
  ])}}`);
  job.use('rank/deduplicate', 'replaceLast');
  job.describeState({ last: name, key: key.shape, row: bytes.shape });
  const isEvent = node.time === 'event' && node.timeColumn !== undefined;
  const time = isEvent ? feed.view.column(node.timeColumn ?? 0).value : '0';
  return {
    take: [...key.encode, ...bytes.encode],
    apply: [`replaceLast<${hooks}>(${table}, ${keys}, ${key.entry}, ${time}, ${!isEvent}, ${bytes.address}, ${bytes.length});`],
    needs: { pages: KEY_PAGES + DEDUPLICATE_PAGES, lengths: [...key.length === undefined ? [] : [key.length], bytes.length] },
    outputBytes: undefined, emits: true, drain: next.drain,
  };
}
