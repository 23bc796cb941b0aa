/**
 * Fetches Apache Kafka's jars once through Maven, compiles the Java programs of the tests once, and keeps both outside
 * the checkout. Where Java or Maven is missing, tests are skipped loudly; in CI that is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KAFKA = 'kafka-4.4.0';
const FETCH_MAX_MS = 300_000;
const COMPILE_MAX_MS = 120_000;
const POM = fileURLToPath(new URL('pom.xml', import.meta.url));

/** @returns what is missing to run a broker here, or undefined; throws in CI, where everything must be there */
export function kafkaMissing(): string | undefined {
  const missing = ['java', 'javac', 'mvn'].filter((command) => spawnSync(command, ['-version'], { stdio: 'ignore' }).error !== undefined);
  if (missing.length === 0) return undefined;
  const text = `${missing.join(' and ')} not found; the tests against a real Kafka broker need a JDK 17 and Maven`;
  if (process.env['CI']) throw new Error(text);
  console.log(`SKIPPED: ${text}`);
  return text;
}

function cacheFolder(): string {
  const folder = process.env['MILLRACE_TEST_CACHE'] ?? join(homedir(), '.cache', 'millrace-test');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Makes `folder` through `fill`, atomically: several test processes may want it at the same time. */
function once(folder: string, fill: (temporary: string) => void): string {
  if (existsSync(folder)) return folder;
  const temporary = mkdtempSync(`${folder}-`);
  try {
    fill(temporary);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** @returns the class path of a Kafka broker and its Java client */
export function kafkaClassPath(): string {
  const folder = once(join(cacheFolder(), KAFKA), (temporary) => {
    execFileSync('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${temporary}`], {
      stdio: ['ignore', 'inherit', 'inherit'], timeout: FETCH_MAX_MS,
    });
  });
  return join(folder, '*');
}

/** Compiles one Java source file against the broker's jars. @returns a class path to run it with */
export function javaClassPath(source: URL): string {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const jars = kafkaClassPath();
  const folder = once(join(cacheFolder(), `classes-${hash}`), (temporary) => {
    execFileSync('javac', ['-cp', jars, '-d', temporary, fileURLToPath(source)], { stdio: 'inherit', timeout: COMPILE_MAX_MS });
  });
  return `${folder}:${jars}`;
}
