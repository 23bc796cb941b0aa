/**
 * The runtime's three ways to stop: an assertion (we are wrong), a refusal (somebody must decide or configure) and a
 * failure (the job cannot go on as declared). What the world does wrong is IoError of host/ports.ts.
 */
import { IoError } from '../ports.ts';

export const EXIT_FAILED = 1;
export const EXIT_CONFIGURATION = 3;

/** We are wrong: `message` states the rule that was broken. Never caught and passed over. */
export class AssertionError extends Error {
  constructor(rule: string) {
    super(`broken rule: ${rule}`);
    this.name = 'AssertionError';
  }
}

/** Throws AssertionError with `rule` unless `condition` holds. */
export function assert(condition: unknown, rule: string): asserts condition {
  if (!condition) throw new AssertionError(rule);
}

/** The job must not start or go on as it is configured; nothing was changed. `remedy` says what a person can do. */
export class Refusal extends Error {
  readonly exitCode: number = EXIT_CONFIGURATION;
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'Refusal';
    this.remedy = remedy;
  }
}

/** The job reached a declared end of its road (state full, a record that traps); starting again would stop there again. */
export class JobFailure extends Error {
  readonly exitCode: number = EXIT_FAILED;
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'JobFailure';
    this.remedy = remedy;
  }
}

/** Exit code of a process whose job ended with `error`: 3 when a person must act on the configuration, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Refusal || error instanceof JobFailure) return error.exitCode;
  if (error instanceof IoError && !error.retry && error.remedy !== undefined) return EXIT_CONFIGURATION;
  return EXIT_FAILED;
}

/** Whether starting again from the last checkpoint may help. */
export function isRestartable(error: unknown): boolean {
  if (error instanceof Refusal || error instanceof JobFailure) return false;
  return !(error instanceof IoError) || error.retry;
}

/** What to tell people: the error and, behind it, its remedy. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const remedy = (error as { remedy?: unknown }).remedy;
  return typeof remedy === 'string' ? `${error.message}\n  remedy: ${remedy}` : error.message;
}
