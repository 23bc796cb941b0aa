/** Exit codes of every command, and the one error that carries one to the top. */
export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_JOB_WRONG = 2;
export const EXIT_CONFIGURATION = 3;

/** Ends the command: `text` goes to stderr as it is, the code to the shell. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(text: string, exitCode: number) {
    super(text);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
