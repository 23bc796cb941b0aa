/** Asks Kafka's Java client what a reader sees, and judges it: every result once, none missing, in order. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { javaClassPath } from '../../servers/kafka/jars.ts';

const SOURCE = new URL('../kafka-java/Probe.java', import.meta.url);
const JVM = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const OUTPUT_MAX_BYTES = 1 << 29;
const run = promisify(execFile);

export interface JavaRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

async function probe(args: readonly string[], input = ''): Promise<string> {
  const child = run('java', [...JVM, '-cp', javaClassPath(SOURCE), 'Probe', ...args], { maxBuffer: OUTPUT_MAX_BYTES });
  child.child.stdin?.end(input);
  return (await child).stdout;
}

/** All records of a topic that a reader of this isolation sees, by partition in order of offset. */
export async function readWithJava(bootstrap: string, topic: string, isolation: 'read_committed' | 'read_uncommitted' = 'read_committed'): Promise<JavaRecord[]> {
  const lines = (await probe(['read', bootstrap, topic, isolation])).split('\n').slice(0, -1);
  return lines.map((line) => {
    const [partition = '', offset = '', timestamp = '', key = '', headers = '', value = ''] = line.split('\t');
    const pairs = headers.split(' ').map((pair) => pair.split('=', 2) as [string, string]);
    return { partition: Number(partition), offset: Number(offset), timestamp: Number(timestamp), key, headers: Object.fromEntries(pairs), value };
  });
}

export interface Tally { readonly count: number; readonly sequences: number; readonly lastSequence: number; readonly values: number; readonly lastValue: number }

/** Counts a topic that is too large to be read whole: distinct sequences of one writer, distinct natural numbers in one field. */
export async function tallyWithJava(bootstrap: string, topic: string, field: string, isolation: 'read_committed' | 'read_uncommitted' = 'read_committed'): Promise<Tally> {
  const [count = 0, sequences = 0, lastSequence = 0, values = 0, lastValue = 0] = (await probe(['tally', bootstrap, topic, isolation, field])).split(' ').map(Number);
  return { count, sequences, lastSequence, values, lastValue };
}

/** @returns the partition of each key by the Java client */
export async function partitionsByJava(keys: readonly Uint8Array[], partitionCount: number): Promise<number[]> {
  const input = keys.map((key) => Buffer.from(key).toString('hex')).join('\n');
  return (await probe(['partition', String(partitionCount)], `${input}\n`)).split('\n').slice(0, -1).map(Number);
}

/** One step of a producer that the Java client runs, by its name. */
export type JavaStep =
  | { readonly by: string; readonly does: 'begin' | 'commit' | 'abort' | 'flush' }
  | { readonly by: string; readonly does: 'send'; readonly partition?: number; readonly key?: string | Uint8Array; readonly timestamp?: number; readonly value: string | undefined };

/** Writes as Kafka's own client does, transactions and compression included, one step after the other. */
export async function writeWithJava(bootstrap: string, topic: string, steps: readonly JavaStep[], compression = 'none'): Promise<void> {
  const input = steps.map((step) => {
    if (step.does !== 'send') return `${step.by}\t${step.does}`;
    const key = step.key === undefined ? '-' : Buffer.from(step.key).toString('hex');
    return [step.by, 'send', step.partition ?? 0, key, step.timestamp ?? Date.now(), step.value ?? '-'].join('\t');
  });
  await probe(['write', bootstrap, topic, compression], `${input.join('\n')}\n`);
}

/** What the headers of a gateway's records prove. All zero but `count` and `last`: exactly once, in order. */
export interface Verdict { readonly count: number; readonly last: number; readonly lost: number; readonly duplicated: number; readonly disordered: number; readonly wrong: number }

/** @param isRight whether a value is the one that belongs to its sequence */
export function judge(records: readonly JavaRecord[], gateway: string, isRight: (sequence: number, value: string) => boolean): Verdict {
  const seen = new Set<number>();
  const lastIn = new Map<number, number>();
  let [duplicated, disordered, wrong, last] = [0, 0, 0, 0];
  for (const { partition, headers, value } of records) {
    if (headers['millrace-gateway'] !== gateway) continue;
    const sequence = Number(headers['millrace-seq']);
    if (seen.has(sequence)) duplicated += 1;
    if (sequence <= (lastIn.get(partition) ?? 0)) disordered += 1;
    if (!isRight(sequence, value)) wrong += 1;
    seen.add(sequence);
    lastIn.set(partition, sequence);
    last = Math.max(last, sequence);
  }
  return { count: seen.size, last, lost: last - seen.size, duplicated, disordered, wrong };
}
