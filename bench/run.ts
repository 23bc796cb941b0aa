/**
 * `npm run bench [-- NAME ...]`: runs bench/NAME.bench.ts (all without names), one after another, and writes what they
 * print, with machine and date, to bench/results/NAME.txt. Each checks its answer before it counts a time.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const names = readdirSync('bench').filter((file) => file.endsWith('.bench.ts')).map((file) => file.replace('.bench.ts', '')).sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are: ${names.join(', ')}`);

function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${gib} GiB, node ${process.version}, load ${load} at the start`;
}

function run(name: string): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', `bench/${name}.bench.ts`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => { text += chunk; process.stdout.write(chunk); });
    child.on('close', (code) => resolve({ code, text }));
  });
}

mkdirSync('bench/results', { recursive: true });
for (const name of wanted.length > 0 ? wanted : names) {
  const head = `# ${name}, ${new Date().toISOString().slice(0, 10)}, ${machine()}\n`;
  process.stdout.write(head);
  const { code, text } = await run(name);
  if (code === 0) writeFileSync(`bench/results/${name}.txt`, head + text);
  else process.exitCode = 1;
}
