/** What can only be said of a whole result: who may read rows that change, what grows without end, what its sink can take. */
import { changelogOf, isUniqueBy, uniqueKeyOf } from '../plan/changelog.ts';
import { inputsOf, type Node, type Span } from '../plan/nodes.ts';
import { featuresOf, hasState } from '../plan/supported.ts';
import { isPending } from './bind-rank.ts';
import { need, type Job, type Table } from './job.ts';

/** @param table undefined: the rows are printed, with their kinds */
export function checkResult(job: Job, root: Node, table: Table | undefined, span: Span): void {
  const nodes = nodesOf(root);
  const refused = nodes.filter((node) => !isCompiled(job, node, placeOf(job, node, span)));
  if (refused.length > 0) return; // what is said about the others may not hold once these are there
  for (const node of nodes) {
    checkInputs(job, node, span);
    checkGrowth(job, node, span);
  }
  if (changelogOf(root) === 'updating') checkSink(job, root, table, span);
}

/** Each node once, from the top. */
function nodesOf(root: Node, seen: Set<Node> = new Set()): readonly Node[] {
  if (seen.has(root)) return [];
  seen.add(root);
  return [root, ...inputsOf(root).flatMap((input) => nodesOf(input, seen))];
}

/** Reports the first thing that the compiler lacks for the node. */
function isCompiled(job: Job, node: Node, span: Span): boolean { return featuresOf(node).every((feature) => need(job, feature, span)); }

function placeOf(job: Job, node: Node, span: Span): Span { return job.places.get(node) ?? span; }

function checkInputs(job: Job, node: Node, span: Span): void {
  const at = placeOf(job, node, span);
  if (hasState(node) && inputsOf(node).some(readsState)) need(job, 'cascade', at);
  const mustAppend = {
    windowAggregate: true, windowTable: true, windowJoin: true, intervalJoin: true, over: true, sort: true, temporalJoin: true, deduplicate: true,
  }[node.kind as string] === true || node.kind === 'rank' && node.window !== undefined;
  const inputs = node.kind === 'temporalJoin' ? [node.left] : inputsOf(node);
  if (mustAppend && inputs.some((input) => changelogOf(input) === 'updating')) need(job, 'updatingInput', at);
}

function readsState(node: Node): boolean { return hasState(node) || inputsOf(node).some(readsState); }

/** State that lives as long as the job, unless a time to live is set. Bounded sources end before it is too much. */
function checkGrowth(job: Job, node: Node, span: Span): void {
  const isSingle = (side: Node): boolean => uniqueKeyOf(side)?.length === 0;
  if (node.kind === 'join' && node.leftKeys.length === 0 && readsForever(job, node) && !isSingle(node.left) && !isSingle(node.right)) {
    job.warn(
      'cross-join', placeOf(job, node, span), 'no columns are equal in this join: each row is compared with every row of the other side',
      'add ON a.id = b.id',
    );
  }
  const what = growth(node);
  if (what === undefined || !readsForever(job, node)) return;
  job.warn(
    'unbounded-state', placeOf(job, node, span), `${what}: the state grows as long as the job runs`,
    "add SET 'table.exec.state.ttl' = '1 d'; to drop what has not changed for a day",
  );
}

function growth(node: Node): string | undefined {
  switch (node.kind) {
    case 'groupAggregate': return node.ttlMs === undefined && node.keys.length > 0 ? 'every group is kept' : undefined;
    case 'join': return node.leftTtlMs === undefined || node.rightTtlMs === undefined ? 'every row of both sides is kept' : undefined;
    case 'deduplicate': return node.ttlMs === undefined && node.window === undefined && node.partition.length > 0 ? 'a row of every key is kept' : undefined;
    case 'rank': {
      const isKept = node.ttlMs === undefined && node.window === undefined && node.partition.length > 0;
      return isKept && !isPending(node) ? 'the first rows of every key are kept' : undefined;
    }
    default: return undefined;
  }
}

function readsForever(job: Job, node: Node): boolean {
  if (node.kind !== 'scan') return inputsOf(node).some((input) => readsForever(job, input));
  const table = job.scanned[node.source];
  const options = Object.fromEntries([...table?.options ?? []].map(([key, { text }]) => [key, text]));
  return table?.connector?.source?.isBounded(options) === false;
}

function checkSink(job: Job, root: Node, table: Table | undefined, span: Span): void {
  if (!need(job, 'updating', changing(job, root, span))) return;
  const connector = table?.connector;
  if (table === undefined || connector === undefined || connector.sink === undefined) return;
  const hasKinds = table.options.get('changelog')?.text === 'op-field';
  if (connector.sink.changelog === 'all' || hasKinds) return;
  const at = placeOf(job, changingNode(root), span);
  if (connector.sink.changelog === 'append') {
    job.report(
      'append-only', at, `this changes rows that were sent before, and ${table.name} (${connector.name}) only takes new ones`,
      `write into a table with the connector 'upsert-kafka' and a PRIMARY KEY, or add 'changelog' = 'op-field' to ${table.name}: `
        + 'then each change is written with its kind',
    );
  } else if (table.primaryKey.length === 0) {
    job.report(
      'primary-key', at, `this changes rows that were sent before, and ${table.name} (${connector.name}) has no key to find them by`,
      `add PRIMARY KEY (…) NOT ENFORCED to ${table.name}`,
    );
  }
}

/** The uppermost node that makes changes of new rows. */
function changingNode(root: Node): Node {
  const below = inputsOf(root).find((input) => changelogOf(input) === 'updating');
  return below === undefined || hasState(root) ? root : changingNode(below);
}

function changing(job: Job, root: Node, span: Span): Span { return placeOf(job, changingNode(root), span); }

/** Rows that change are found by the table's key: it must tell them apart. @param node has the table's columns */
export function checkKey(job: Job, table: Table, node: Node, span: Span): void {
  if (table.primaryKey.length === 0 || changelogOf(node) === 'append') return;
  const key = table.primaryKey.map((name) => table.sinkColumns.findIndex((column) => column.name === name));
  if (isUniqueBy(node, key)) return;
  const unique = uniqueKeyOf(node)?.map((column) => node.columns[column]?.name ?? '');
  const names = table.primaryKey.join(', ');
  job.warn(
    'primary-key', span, `rows of ${table.name} with the same ${names} replace each other, and the query can have several of them`,
    unique === undefined || unique.length === 0
      ? `aggregate by ${names}, or keep one row of each with ROW_NUMBER()` : `the query's rows are unique by ${unique.join(', ')}`,
  );
}
