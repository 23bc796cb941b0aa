/** A real mosquitto on loopback, set as docs/mqtt.md asks, or with the settings a test adds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pause, workFolder } from '../../cli/command.ts';

const BINARY = '/usr/sbin/mosquitto';
const SETTINGS = `max_inflight_messages 0
max_queued_messages 0
max_queued_bytes 0
persistence true
autosave_interval 1
`;

/** Why tests with mosquitto cannot run here; undefined when they can. */
export const mosquittoMissing: string | undefined = existsSync(BINARY) ? undefined : `${BINARY} is not installed`;

export interface Mosquitto {
  readonly folder: string;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface MosquittoOptions { readonly port: number; readonly settings?: string; readonly files?: Readonly<Record<string, string>> }

export async function startMosquitto({ port, settings = 'allow_anonymous true\n', files = {} }: MosquittoOptions): Promise<Mosquitto> {
  const folder = workFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nuser root\npersistence_location ${folder}/\n${SETTINGS}${settings.replaceAll('FOLDER', folder)}`);
  let child: ChildProcess | undefined;
  async function start(): Promise<void> {
    let output = '';
    const started = spawn(BINARY, ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    started.stderr.on('data', (chunk: Buffer) => { output += chunk; });
    for (let waited = 0; !await answers(port); waited += 20) {
      if (waited > 5000 || started.exitCode !== null) throw new Error(`mosquitto does not start: ${output}`);
      await pause(20);
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const exited = new Promise((resolve) => { ending.once('exit', resolve); });
    ending.kill(signal);
    await exited;
  }
  await start();
  return { folder, kill: () => end('SIGKILL'), restart: start, stop: () => end('SIGTERM') };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
