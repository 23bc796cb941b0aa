/**
 * One process, one data directory. The lock is a file that names its holder by process id and start time, so that a
 * process id that was given to somebody else does not keep a directory locked after a crash.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../runtime/errors.ts';

interface Holder { readonly pid: number; readonly startedAt: string; readonly token: string }

let tokens = 0;

/** @returns releases the lock. Throws Refusal that names the holder. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'lock');
  const own: Holder = { pid: process.pid, startedAt: startTime(process.pid), token: `${process.pid}-${process.hrtime.bigint()}-${tokens += 1}` };
  acquire(path, own);
  return () => { if (read(path)?.token === own.token) unlinkSync(path); };
}

/** A stale lock is replaced under a lock of its own, so that of two processes that find it only one replaces it. */
function acquire(path: string, own: Holder): void {
  const draft = `${path}.${own.token}`;
  writeFileSync(draft, JSON.stringify(own), { flush: true });
  try {
    if (linked(draft, path)) return;
    const holder = read(path);
    if (holder && isAlive(holder)) throw held(path, holder);
    acquire(`${path}.next`, own);
    try {
      const now = read(path);
      if (now && isAlive(now)) throw held(path, now);
      renameSync(draft, path);
    } finally {
      unlinkSync(`${path}.next`);
    }
  } finally {
    try { unlinkSync(draft); } catch { /* it has become the lock */ }
  }
}

/** A hard link appears whole or not at all; an opened file would be empty for a moment. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function held(path: string, { pid }: Holder): Refusal {
  return new Refusal(`the data directory is in use by process ${pid}`, `stop that process, or give this job another data directory; the lock is ${path}`);
}

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startTime(pid) === startedAt;
}

/** Clock ticks since boot at which a process started; '' where the system does not tell. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''; // field 22; the name before it may hold spaces
  } catch {
    return '';
  }
}
