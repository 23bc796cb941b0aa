/** Starts writer processes and watches what they say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WriterPlan } from './writer.ts';

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));
const PATIENCE_MS = 60_000;

export interface Writer {
  readonly child: ChildProcess;
  /** Sequence of the last delivery it has seen confirmed. */
  confirmed(): number;
  /** Sequences it found at each opening. */
  readonly opened: readonly number[];
  readonly lines: readonly string[];
  /** Resolves when a delivery is confirmed or the writer has ended. */
  readonly delivered: Promise<void>;
  /** Exit code, or the signal that killed it. */
  readonly ended: Promise<number | string>;
}

/** A test that dies must not leave writers behind. */
const alive = new Set<ChildProcess>();
process.once('exit', () => { for (const child of alive) child.kill('SIGKILL'); });

export function startWriter(plan: WriterPlan): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const opened: number[] = [];
  let confirmed = 0;
  let rest = '';
  const ended = new Promise<number | string>((resolve) => { child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown')); });
  const delivered = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.stdout.on('data', (chunk: Buffer) => {
      const found = (rest + chunk.toString()).split('\n');
      rest = found.pop() ?? '';
      for (const line of found) {
        const [word = '', number = ''] = line.split(' ');
        if (word === 'open') opened.push(Number(number));
        else if (word === 'done') {
          confirmed = Number(number);
          resolve();
        } else lines.push(line);
      }
    });
  });
  child.stderr.on('data', (chunk: Buffer) => { lines.push(chunk.toString()); });
  alive.add(child);
  child.once('close', () => alive.delete(child));
  return { child, opened, lines, delivered, ended, confirmed: () => confirmed };
}

/** Fails instead of hanging: a broker that never answers is a result too. */
export async function soon<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: nothing after ${PATIENCE_MS / 1000} s`)), PATIENCE_MS); });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a writer for good. */
export async function kill(writer: Writer): Promise<void> {
  writer.child.kill('SIGKILL');
  await writer.ended;
}

/** A small seeded generator, so that a failing run can be made again: numbers from 0 to 1. Source: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
