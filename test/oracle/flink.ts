/** Builds the Java side once per run and asks it one question: a JSON request in, a JSON answer out. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HOME = fileURLToPath(new URL('./', import.meta.url));
/** Everything made by a run stands here; git ignores it. */
export const TARGET: string = `${HOME}target/`;
const OPENS = ['util', 'lang', 'time', 'math', 'nio', 'net'].flatMap((part) => ['--add-opens', `java.base/java.${part}=ALL-UNNAMED`]);

/** Compiles the Java sources; downloads Flink from Maven Central the first time. */
export function build(): void {
  const goals = existsSync(`${TARGET}lib`) ? ['compile'] : ['compile', 'dependency:copy-dependencies', '-DoutputDirectory=target/lib'];
  run('mvn', ['-B', '-q', ...goals]);
}

/** @param part types, plans, expressions, json or queries: which class of the Java side answers */
export function ask<Answer>(part: string, request: object): Answer {
  mkdirSync(TARGET, { recursive: true });
  const requestPath = `${TARGET}${part}.request.json`;
  const answerPath = `${TARGET}${part}.answer.json`;
  writeFileSync(requestPath, JSON.stringify(request));
  // C1 and a small heap: the jobs are tiny, and the machine is shared
  run('java', ['-Xmx700m', '-XX:TieredStopAtLevel=1', '-Dfile.encoding=UTF-8', ...OPENS, '-cp', `${TARGET}classes:${TARGET}lib/*`, 'Oracle', part, requestPath, answerPath]);
  return JSON.parse(readFileSync(answerPath, 'utf8')) as Answer;
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: HOME, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed with ${status}`);
}
