/** Runs `millrace` as users do: a process of its own, from the checkout. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stdout: string; readonly stderr: string }

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  /** Waits for something that the running process brings about. Throws, with its stderr, when it ends before or is not there in minutes. */
  until(holds: () => boolean, what?: string): Promise<void>;
  /** Waits until stderr has this text. */
  says(text: string): Promise<void>;
}

export interface Surroundings { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }

const MAIN = new URL('../../host/cli/main.ts', import.meta.url).pathname;
const WAIT_MAX_MS = 180_000; // seconds on an idle machine; a loaded one was seen forty times slower
const LOADER = import.meta.resolve('tsx');

/** The same for a shell. */
export const commandLine: string = [process.execPath, '--import', LOADER, MAIN].join(' ');

const running = new Set<ChildProcess>();

/** Ends what a failed test has left running; its pipes would keep the test's own process alive. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

export function start(args: readonly string[], { cwd, env }: Surroundings = {}): Started {
  const child = spawn(process.execPath, ['--import', LOADER, MAIN, ...args], {
    cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env },
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk; });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk; });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  async function until(holds: () => boolean, what: string = String(holds)): Promise<void> {
    for (const deadline = performance.now() + WAIT_MAX_MS; !holds(); await pause(10)) {
      if (child.exitCode === null && child.signalCode === null && performance.now() < deadline) continue;
      child.kill('SIGKILL');
      throw new Error(`never: ${what}\n${stderr}`);
    }
  }
  return { child, ended, stdout: () => stdout, stderr: () => stderr, until, says: (text) => until(() => stderr.includes(text), text) };
}

export function millrace(args: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}

/** A new empty folder for one test. */
export function workFolder(): string {
  return mkdtempSync(join(tmpdir(), 'millrace-test-'));
}

/** Uniform numbers in [0, 1) from a seed, so that a failing run can be repeated. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Waits until `isTrue`; a condition that never comes true is an error, not a hang. */
export async function until(isTrue: () => boolean | Promise<boolean>, maxMs = 120_000): Promise<void> {
  for (const deadline = performance.now() + maxMs; !(await isTrue()); await pause(50)) {
    if (performance.now() > deadline) throw new Error(`not within ${maxMs / 1000} s: ${isTrue}`);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
