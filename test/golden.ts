/**
 * Compares a text with its committed golden file, or writes it under GOLDEN_UPDATE=1 (review the diff like code).
 * Run as a program (`npm run golden -- --update [filter]`) it rewrites the golden files of the tests that match.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';

const GOLDEN_DIR = fileURLToPath(new URL('./golden/', import.meta.url));

/** @param path relative to test/golden/ */
export function golden(path: string, actual: string): void {
  const file = GOLDEN_DIR + path;
  if (process.env['GOLDEN_UPDATE'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.fixture(actual, readFileSync(file, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2).filter((argument) => argument !== '--update');
  const isUpdate = process.argv.includes('--update');
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'test/run.ts', ...args], {
    stdio: 'inherit', env: { ...process.env, ...(isUpdate ? { GOLDEN_UPDATE: '1' } : {}) },
  });
  process.exitCode = status ?? 1;
}
