/**
 * `npm run bench [-- NAME ...]`: runs bench/NAME.bench.ts (all without names), one after another, and writes what they
 * print, with machine and date, to bench/results/NAME.txt: only where the machine was quiet. Each checks its answer before
 * it counts a time.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** Other programs may take this share of all processors; with more, figures are printed and not kept. */
const OTHERS_MAX = 0.1;
/** Ticks of /proc a second; USER_HZ is 100 on every Linux that Node runs on. */
const TICKS = 100;

const names = readdirSync('bench').filter((file) => file.endsWith('.bench.ts')).map((file) => file.replace('.bench.ts', '')).sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are: ${names.join(', ')}`);

function machine(): string {
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}`;
}

/** CPU seconds since the machine started: of everybody, and of what this process has started and outlived. */
function taken(): { readonly all: number; readonly own: number } {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/ +/) ?? []).slice(1).map(Number);
  const self = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ').slice(11, 15).map(Number) ?? [];
  return { all: (user + nice + system + irq + softirq) / TICKS, own: self.reduce((sum, ticks) => sum + ticks, 0) / TICKS };
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
  const before = taken();
  const startedAt = performance.now();
  const { code, text } = await run(name);
  const after = taken();
  const seconds = (performance.now() - startedAt) / 1000 * cpus().length;
  const others = Math.max(0, after.all - before.all - (after.own - before.own)) / seconds;
  const head = `# ${name}, ${new Date().toISOString().slice(0, 10)}, ${machine()}; other programs took ${(others * 100).toFixed(0)} % of the machine\n`;
  process.stdout.write(head);
  if (code !== 0) process.exitCode = 1;
  else if (others <= OTHERS_MAX) writeFileSync(`bench/results/${name}.txt`, head + text);
  else process.stdout.write(`not kept: bench/results/${name}.txt is for a quiet machine\n`);
}
