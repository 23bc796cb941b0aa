/** The gateway as it is installed: the built package in a process of its own, on a data directory of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Gateway {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  stop(): Promise<void>;
}

/** Without the loader of TypeScript, whose memory and time are not the gateway's. */
export function buildPackage(): void {
  execFileSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Runs a job; what it keeps lies in `folder`. */
export function startGateway(folder: string, job: string): Gateway {
  writeFileSync(join(folder, 'job.sql'), job);
  const child = spawn(process.execPath, [join(process.cwd(), 'dist/host/cli/main.js'), 'run', 'job.sql', '--data', 'data'], {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk; });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk; });
  const exited = once(child, 'exit');
  return {
    pid: child.pid as number, stdout: () => stdout, stderr: () => stderr,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited as [number | null];
      if (code !== 0) throw new Error(stderr);
    },
  };
}

/** Resolves when somebody listens. */
export async function portOpens(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    await sleep(20);
  }
}
