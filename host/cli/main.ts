#!/usr/bin/env node
/** `millrace COMMAND`: picks the command and turns its errors into exit codes. Commands are loaded only when called. */
import { PlanError } from '../plan/problem.ts';
import { suggestion } from '../plan/similar.ts';
import { IoError } from '../ports.ts';
import { exitCodeOf, explainError, JobFailure, Refusal } from '../runtime/errors.ts';
import { CommandError, EXIT_CONFIGURATION, EXIT_FAILED, EXIT_JOB_WRONG } from './exit.ts';

/** A command takes the arguments behind its name and answers with the exit code. */
export interface Command { run(args: readonly string[]): Promise<number> }

const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  run: { summary: 'compile (cached) and run a job', load: () => import('./run.ts') },
  build: { summary: 'compile a job to one .wasm', load: () => import('./build.ts') },
  check: { summary: 'say everything that is wrong with a job', load: () => import('./check.ts') },
  explain: { summary: 'print the plan, the guarantees, or the generated code', load: () => import('./explain.ts') },
  dev: { summary: 'run a job again whenever its file changes', load: () => import('./dev.ts') },
  verify: { summary: 'prove from the Kafka results: no gap, no duplicate, in order', load: () => import('./verify.ts') },
};

const HELP = `Millrace: Flink SQL for the edge, compiled to WebAssembly.

Usage: millrace COMMAND [ARGUMENTS]

${Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`).join('\n')}

  millrace COMMAND --help   tells more
  millrace --version

Exit codes: 0 ok, 1 failed, 2 the job is wrong, 3 configuration.
`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (name === '--version' || name === '-v') {
    const { packageVersion } = await import('./package.ts');
    process.stdout.write(`millrace ${packageVersion()}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const remedy = suggestion(name, Object.keys(COMMANDS)) ?? `the commands are ${Object.keys(COMMANDS).join(', ')}`;
    throw new CommandError(`millrace: there is no command ${name}\n  remedy: ${remedy}`, EXIT_CONFIGURATION);
  }
  return (await command.load()).run(rest);
}

main(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error: unknown) => {
    const { text, exitCode } = ending(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  },
);

/** What people see of an error: its text where it was made for them, its stack where it is our mistake. */
function ending(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CommandError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof PlanError) return { text: error.message, exitCode: EXIT_JOB_WRONG };
  if (error instanceof Refusal || error instanceof JobFailure || error instanceof IoError) {
    return { text: `millrace: ${explainError(error)}`, exitCode: exitCodeOf(error) };
  }
  return { text: error instanceof Error ? error.stack ?? error.message : String(error), exitCode: EXIT_FAILED };
}
