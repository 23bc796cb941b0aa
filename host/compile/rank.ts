/** Top-N without a window in generated text: rows under their partition's key in order of their sort keys, and the hooks of assembly/rank/top.ts. */
import type { RankNode } from '../plan/nodes.ts';
import { APPEND, type Continuation, type Downstream, type Feed } from './circuit.ts';
import { encoding } from './encoding.ts';
import { groupKey } from './group-key.ts';
import { block, capital } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { pushText } from './push.ts';
import { addRow, at, assign, chosen } from './rows.ts';
import { sortKey } from './sort-key.ts';
import { sourcesOf } from './time.ts';

/** As assembly/state/dictionary.ts and rank/top.ts have them, and a block for the key's bytes. */
const KEY_PAGES = 7;
const RANK_PAGES = 3;
const REGISTER_BYTES = 64;

/** Adds the functions of a Top-N and of all below it. */
export function rank(branch: Branch, node: RankNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const keys = job.name(name, 'Keys');
  const table = job.name(name, 'Ranks');
  job.use('state/table', 'Table');
  job.add('constants', `const ${table} = changetype<Table>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  circuit.init.push(keysText(job, keys), `${table}.init();`);
  nodeText(branch, node.input, { over: (feed) => ranked(branch, node, feed, down, { keys, table }) });
}

interface Constants { readonly keys: string; readonly table: string }

/** The row to its rank. */
function ranked(branch: Branch, node: RankNode, feed: Feed, down: Downstream, { keys, table }: Constants): Continuation {
  const { circuit: { job }, name, words } = branch;
  const isUpdating = feed.kind !== APPEND;
  const key = groupKey(job, name, chosen(feed.view, node.partition), node.partition.length, keys);
  const order = sortKey(job, name, feed.view, node.order);
  const bytes = encoding(job, name, 'Row', feed.view);
  const sent = addRow(job, job.name(name, 'Ranked'), node.columns, `A row of ${words} and its rank.`);
  const load = job.name('load', capital(name));
  job.addFunction(`The row at \`from\` into ${sent.name}.`, `${load}(from: usize): void`, [`${sent.name}.nulls = 0;`, ...bytes.decode(sent, 0, 'from')]);
  const { push, next } = pushText(branch, sent, down, Math.min(...sourcesOf(node)), true);
  const hooks = job.name(capital(name), 'Hooks');
  const number = node.hasNumber ? assign(job, sent, at(sent.layout.fields, node.columns.length - 1), { setup: [], value: 'rank', isNull: 'false' }) : [];
  job.add('classes', `/** Which ranks of ${name} go on, and how. */\n@final @unmanaged\nclass ${hooks} {\n${block([
    `@inline from(): i64 { return ${node.from}; }`, `@inline to(): i64 { return ${node.to}; }`,
    `@inline hasNumber(): bool { return ${node.hasNumber}; }`, `@inline keepsAll(): bool { return ${isUpdating}; }`, '',
    `@inline load(from: usize): void { ${load}(from); }`, `@inline setNumber(rank: i64): void { ${number.join(' ')} }`,
    `@inline push(kind: u32): void { ${push}(kind); }`,
  ])}}`);
  const row = `${order.address}, ${order.length}, ${bytes.address}, ${bytes.length}`;
  const call = (verb: string): string => `${verb}<${hooks}>(${table}, ${keys}, ${key.entry}, ${row});`;
  job.use('rank/top', 'enterRank', 'rankedRowBytes', ...isUpdating ? ['leaveRank'] : []);
  if (isUpdating) job.use('abi', 'ROW_UPDATE_BEFORE', 'ROW_DELETE');
  const apply = job.name('apply', capital(name));
  job.addFunction(`The row to its rank in ${name}.`, `${apply}(${isUpdating ? 'kind: u32' : ''}): void`, isUpdating
    ? [`if (kind == ROW_UPDATE_BEFORE || kind == ROW_DELETE) ${call('leaveRank')}`, `else ${call('enterRank')}`]
    : [call('enterRank')]);
  job.describeState({ rank: name, key: key.shape, order: order.shape, row: bytes.shape });
  return {
    take: [...key.encode, ...order.encode, ...bytes.encode],
    apply: [`${apply}(${isUpdating ? feed.kind : ''});`],
    needs: { pages: KEY_PAGES + RANK_PAGES, lengths: [...key.length === undefined ? [] : [key.length], `rankedRowBytes(${order.length}, ${bytes.length})`] },
    outputBytes: undefined, emits: true, drain: next.drain,
  };
}
