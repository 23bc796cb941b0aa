/**
 * How far event time is at a node, in generated text. Without an operator below that waits for time it is the watermark of
 * the sources, the least of them; above such an operator it is a register of its own, which follows the sources only
 * when what is below has done all that was due, so that its results are never late by themselves.
 */
import type { Node } from '../plan/nodes.ts';
import { inputsOf } from '../plan/nodes.ts';
import type { Branch } from './nodes.ts';
import { at } from './rows.ts';

export interface Progress {
  readonly sources: ReadonlySet<number>;
  /** Text: the watermark against which rows of the node are judged. */
  readonly watermark: string;
  /** Text: the least watermark of the sources. */
  readonly combined: string;
  /** Statements that let `watermark` follow, when the turn of the node above has come. */
  readonly advance: readonly string[];
}

/** Registers of a watermark. */
const REGISTER_BYTES = 64;

/** Event time of an operator that reads the rows of `inputs`. */
export function progressOf({ circuit: { job, times, init }, name }: Branch, ...inputs: readonly Node[]): Progress {
  const sources = new Set(inputs.flatMap((input) => [...sourcesOf(input)]));
  const combined = [...sources].map((source) => `${at(times, source)}.watermark`).reduce((least, other) => `min<i64>(${least}, ${other})`);
  if (!inputs.some(waits)) return { sources, watermark: combined, combined, advance: [] };
  const time = job.name(name, 'Time');
  const registers = job.registers.take(REGISTER_BYTES);
  job.use('time/watermark', 'NodeTime');
  job.add('constants', `const ${time} = changetype<NodeTime>(0x${registers.toString(16)});`);
  init.push(`${time}.init();`);
  return { sources, watermark: `${time}.watermark`, combined, advance: [`${time}.follow(${combined});`] };
}

/** Sources below a node. */
export function sourcesOf(node: Node): ReadonlySet<number> {
  return node.kind === 'scan' ? new Set([node.source]) : new Set(inputsOf(node).flatMap((input) => [...sourcesOf(input)]));
}

/** Operators that wait for time whatever their options are. */
const WAITING: ReadonlySet<Node['kind']> = new Set(['windowAggregate', 'windowJoin', 'intervalJoin', 'temporalJoin', 'over', 'sort']);

/**
 * Whether some operator at or below `node` holds rows back until time has passed: then its rows are never late. Rows of others come while
 * a row is applied, when all that was due has been done, and are judged against the watermark of the sources.
 */
export function waits(node: Node): boolean {
  return WAITING.has(node.kind) || (node.kind === 'windowTable' && node.window.kind === 'session')
    || (node.kind === 'rank' && node.window !== undefined)
    || (node.kind === 'deduplicate' && (node.window !== undefined || node.time === 'event')) || inputsOf(node).some(waits);
}
