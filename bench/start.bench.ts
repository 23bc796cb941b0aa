/**
 * How soon a gateway works: the packed package installed in a folder of its own, from the start of the process to the first
 * acknowledged record (cached job), to the first result of a module (cold), and `npm start` in a checkout to its first row.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import packets from 'mqtt-packet';
import { spread } from './figures.ts';

const RUNS = 9;
const DEMO_RUNS = 3;
const PORT = 21_873;
const DEMO_PORT = 21_874;
const LISTENING = `CREATE TABLE readings (device STRING, ts BIGINT) WITH ('connector' = 'mqtt', 'listen' = '127.0.0.1:${PORT}', 'format' = 'json');
SELECT device, ts FROM readings WHERE ts > 0;`;
const BOUNDED = `CREATE TABLE readings (device STRING, ts BIGINT) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json');
SELECT device, ts FROM readings WHERE ts > 0;`;
const RESULT = '{"device":"a","ts":1}\n';
const CONNECT = packets.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: 'first', keepalive: 0 });
const PUBLISH = packets.generate({ cmd: 'publish', topic: 'a', payload: RESULT.trim(), qos: 1, dup: false, retain: false, messageId: 1 });
/** CONNACK has four bytes, PUBACK too. */
const ANSWER_BYTES = 8;

/** The package as a gateway has it. @returns its folder */
function install(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const versions = (JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> }).devDependencies;
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { encoding: 'utf8' }).trim().split('\n').at(-1) as string;
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const drivers = ['assemblyscript', 'lmdb', 'mqtt-packet'].map((name) => `${name}@${versions[name]}`);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--omit=peer', join(folder, packed), ...drivers], { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'listen.sql'), LISTENING);
  writeFileSync(join(folder, 'bounded.sql'), BOUNDED);
  writeFileSync(join(folder, 'in.jsonl'), RESULT);
  return folder;
}

function millrace(folder: string, ...args: readonly string[]): ChildProcess {
  return spawn(join(folder, 'node_modules/.bin/millrace'), args, {
    cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, MILLRACE_CACHE: join(folder, 'cache') },
  });
}

async function firstOutput(child: ChildProcess, wanted: string): Promise<void> {
  let text = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += String(chunk);
    if (text.includes(wanted)) return;
  }
  throw new Error(`ended without ${wanted}: ${text}`);
}

/** A device that tries until its row is acknowledged. */
async function acknowledged(): Promise<void> {
  for (;;) {
    const isAcknowledged = await new Promise<boolean>((resolve) => {
      let bytes = 0;
      const socket = connect(PORT, '127.0.0.1', () => { socket.write(Buffer.concat([CONNECT, PUBLISH])); });
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes < ANSWER_BYTES) return;
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isAcknowledged) return;
    await sleep(2);
  }
}

async function timed(runs: number, run: () => Promise<number>): Promise<string> {
  const times: number[] = [];
  for (let count = 0; count < runs; count += 1) times.push(await run());
  return `${spread(times)} ms, ${runs} runs`;
}

async function listen(folder: string, data: string): Promise<number> {
  const startedAt = performance.now();
  const child = millrace(folder, 'run', 'listen.sql', '--data', data, '--quiet');
  await acknowledged();
  const ms = performance.now() - startedAt;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return ms;
}

async function cold(folder: string, job: string): Promise<number> {
  const startedAt = performance.now();
  const child = millrace(folder, 'run', job, '--quiet');
  await firstOutput(child, RESULT);
  const ms = performance.now() - startedAt;
  if (child.exitCode === null) await once(child, 'exit');
  return ms;
}

async function demo(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('npm', ['start', '-s', '--', '--for', '3s', '--quiet'], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, MILLRACE_DEMO_PORT: String(DEMO_PORT) } });
  await firstOutput(child, '}\n');
  const ms = performance.now() - startedAt;
  if (child.exitCode === null) await once(child, 'exit');
  return ms;
}

const folder = install();
try {
  mkdirSync(join(folder, 'data'));
  let run = 0;
  await listen(folder, 'data/first'); // compiles
  console.log(`start: median (lowest to highest); processes started by the installed bin`);
  console.log(`  cached job, new data directory, to the first acknowledged record   ${await timed(RUNS, () => listen(folder, `data/${run += 1}`))}`);
  console.log(`  cached job, its data directory, to the first acknowledged record   ${await timed(RUNS, () => listen(folder, 'data/first'))}`);
  execFileSync(join(folder, 'node_modules/.bin/millrace'), ['build', 'bounded.sql'], { cwd: folder, stdio: 'pipe' });
  console.log(`  .wasm, nothing kept, to the first result on stdout                 ${await timed(RUNS, () => cold(folder, 'bounded.wasm'))}`);
  await demo();
  console.log(`  npm start in a checkout, to the first row                           ${await timed(DEMO_RUNS, demo)}`);
} finally {
  rmSync(folder, { recursive: true });
}
