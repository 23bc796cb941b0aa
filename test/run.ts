/**
 * Runs every test file in a process of its own, two at a time, and adds up what uvu reports.
 * A file that hangs, crashes or runs no test fails; fewer tests than the committed floor fail (uvu exits 0 when a file
 * forgets to run). Last line: `N passed, N failed`. Arguments filter files by substring.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const FILE_TIMEOUT_MS = 480_000; // the longest fault loops take about three minutes on two cores
const PARALLEL = Number(process.env['MILLRACE_TEST_PARALLEL'] ?? 2);

interface Outcome { readonly file: string; readonly passed: number; readonly failed: number; readonly skipped: number; readonly seconds: number; readonly output: string }

const filters = process.argv.slice(2);
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `test/${file}`)
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort();

function runFile(file: string): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: '0' } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { output += chunk; });
    child.stderr.on('data', (chunk: Buffer) => { output += chunk; });
    const timer = setTimeout(() => { output += `\nno end after ${FILE_TIMEOUT_MS / 1000} s\n`; child.kill('SIGKILL'); }, FILE_TIMEOUT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      const sum = (label: string) => [...output.matchAll(new RegExp(`${label}:\\s+(\\d+)`, 'g'))].reduce((total, match) => total + Number(match[1]), 0);
      const total = sum('Total');
      const passed = sum('Passed');
      const skipped = sum('Skipped');
      const broken = (code !== 0 && total === passed) || total + skipped === 0 ? 1 : 0;
      resolve({ file, passed, failed: total - passed + broken, skipped, seconds: (performance.now() - started) / 1000, output });
    });
  });
}

const outcomes: Outcome[] = [];
const queue = [...files];
async function lane(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const outcome = await runFile(file);
    outcomes.push(outcome);
    const skipped = outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : '';
    console.log(`${outcome.failed > 0 ? 'FAIL' : 'ok  '} ${file} (${outcome.passed} passed${skipped}, ${outcome.seconds.toFixed(1)} s)`);
    for (const line of outcome.output.split('\n')) if (/SKIPPED|\bkills\b/.test(line)) console.log(`     ${line.trim()}`);
    if (outcome.failed > 0) console.log(outcome.output);
  }
}
await Promise.all(Array.from({ length: PARALLEL }, lane));

const passed = outcomes.reduce((total, { passed }) => total + passed, 0);
let failed = outcomes.reduce((total, { failed }) => total + failed, 0);
const skipped = outcomes.reduce((total, { skipped }) => total + skipped, 0);
if (filters.length === 0) {
  const floor = Number(readFileSync('test/floor.txt', 'utf8'));
  if (passed + skipped < floor) { console.log(`only ${passed + skipped} tests ran; test/floor.txt asks for ${floor}`); failed += 1; }
}
if (skipped > 0 && process.env['CI']) { console.log(`${skipped} skipped: in CI every server must be there`); failed += skipped; }
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
