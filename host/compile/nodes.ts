/** Walks a sink's tree from the sink down: every node's text is made over the rows of the node below. */
import type { Column, Expression, FilterNode, Node, ProjectNode, ScanNode } from '../plan/nodes.ts';
import type { Circuit, Continuation, Downstream, Feed } from './circuit.ts';
import { APPEND } from './circuit.ts';
import { deduplicate } from './deduplicate.ts';
import { expand } from './expand.ts';
import { compileCondition } from './expression.ts';
import { groupAggregate } from './group.ts';
import { capital } from './job.ts';
import { intervalJoin } from './interval-join.ts';
import { regularJoin } from './join.ts';
import { over } from './over.ts';
import { rank } from './rank.ts';
import { at, project, scopeOf } from './rows.ts';
import { sort } from './sort.ts';
import { temporalJoin } from './temporal-join.ts';
import { union } from './union.ts';
import { windowAggregate } from './window.ts';
import { windowJoin } from './window-join.ts';
import { windowDeduplicate, windowRank } from './window-rows.ts';
import { windowTable } from './window-table.ts';

/** What the texts of one sink's tree share. */
export interface Branch {
  readonly circuit: Circuit;
  /** Begins the names of its functions. */
  readonly name: string;
  /** The sink in words, for dead letters. */
  readonly words: string;
}

/** Adds the texts of `node` and of all below it. */
export function nodeText(branch: Branch, node: Node, down: Downstream): void {
  switch (node.kind) {
    case 'scan': return scan(branch, node, down);
    case 'filter': return nodeText(branch, node.input, filtered(branch, node, down));
    case 'project': return nodeText(branch, node.input, projected(branch, node, down));
    case 'windowAggregate': return windowAggregate(branch, node, down);
    case 'groupAggregate': return groupAggregate(branch, node, down);
    case 'join': return regularJoin(branch, node, down);
    case 'intervalJoin': return intervalJoin(branch, node, down);
    case 'temporalJoin': return temporalJoin(branch, node, down);
    case 'union': return union(branch, node, down);
    case 'sort': return sort(branch, node, down);
    case 'over': return over(branch, node, down);
    case 'rank': return node.window === undefined ? rank(branch, node, down) : windowRank(branch, node, node.window.end, down);
    case 'deduplicate': return node.window === undefined ? deduplicate(branch, node, down) : windowDeduplicate(branch, node, node.window.end, down);
    case 'windowTable': return windowTable(branch, node, down);
    case 'windowJoin': return windowJoin(branch, node, down);
    case 'expand': return expand(branch, node, down);
    default: throw new Error(`${node.kind} is not compiled; the check refuses it before`);
  }
}

/** Rows enter here: `take` judges a row of the source for this branch. */
function scan({ circuit, name, words }: Branch, { source }: ScanNode, down: Downstream): void {
  const { job, leaves, rows } = circuit;
  const next = down.over({ view: at(rows, source).view, kind: APPEND });
  const take = job.name('take', capital(name));
  job.addFunction(`Whether ${words} takes the row, and what it needs of it.`, `${take}(): bool`, [...next.take, 'return true;']);
  leaves.push({ index: leaves.length, source, take, next });
}

function filtered({ circuit: { job }, words }: Branch, { condition }: FilterNode, down: Downstream): Downstream {
  const before = (feed: Feed, next: Continuation): Continuation => {
    const scope = scopeOf(job, feed.view, `WHERE of ${words}`);
    const { setup, isTrue } = compileCondition(condition, { ...scope, fresh: (hint) => scope.fresh(`${hint}If${next.take.length}`) });
    return { ...next, take: [...setup, isTrue === 'false' ? 'return false;' : `if (!(${isTrue})) return false;`, ...next.take] };
  };
  const { project: projection } = down;
  return {
    over: (feed) => before(feed, down.over(feed)),
    ...projection === undefined ? {} : { project: (feed, expressions, columns) => before(feed, projection(feed, expressions, columns)) },
  };
}

function projected({ circuit: { job }, name, words }: Branch, { expressions, columns }: ProjectNode, down: Downstream): Downstream {
  return {
    over: (feed) => {
      if (down.project !== undefined) return down.project(feed, expressions, columns);
      const { view, lines } = project(job, job.name(name, 'Step'), expressions, columns, feed.view, words);
      const next = down.over({ ...feed, view });
      return { ...next, take: [...lines, ...next.take] };
    },
  };
}

/** The columns as expressions over themselves. */
export function columnExpressions(columns: readonly Column[]): Expression[] {
  return columns.map(({ type }, index) => ({ kind: 'column', index, type, span: { start: 0, end: 0 } }));
}
