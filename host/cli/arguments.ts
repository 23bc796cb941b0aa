/** The arguments of one command, checked: options by name with "did you mean", --help everywhere. */
import { extname } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { suggestion } from '../plan/similar.ts';
import { CommandError, EXIT_CONFIGURATION } from './exit.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = { readonly [Name in keyof T]?: T[Name]['type'] extends 'boolean' ? boolean : string };

export interface CommandArguments<T extends Options> { readonly values: Values<T>; readonly files: readonly string[] }

/** Says what was wrong with the command line and how to ask for help. */
export function usageError(text: string, command: string): CommandError {
  return new CommandError(`millrace ${command}: ${text}\nTry: millrace ${command} --help`, EXIT_CONFIGURATION);
}

/**
 * Reads the arguments behind the name of a command. @returns undefined when they asked for help, which is printed then.
 * Throws CommandError for an option that does not exist or lacks its value.
 */
export function readArguments<const T extends Options>(
  { command, help, args, options }: { readonly command: string; readonly help: string; readonly args: readonly string[]; readonly options: T },
): CommandArguments<T> | undefined {
  const known: Options = { ...options, help: { type: 'boolean', short: 'h' } };
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: known });
    if (!values['help']) return { values: values as Values<T>, files: positionals };
    process.stdout.write(help);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || !String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) throw error;
    const unknown = /^Unknown option '(-+[^']*)'/.exec(error.message)?.[1];
    if (unknown === undefined) throw usageError(error.message, command);
    const remedy = suggestion(unknown, Object.keys(known).map((name) => `--${name}`));
    throw usageError(`there is no option ${unknown}${remedy === undefined ? '' : `; ${remedy}`}`, command);
  }
}

/** The one job file that a command works on. */
export function oneFile(files: readonly string[], command: string): string {
  const [file, extra] = files;
  if (file === undefined) throw usageError('name a job file', command);
  if (extra !== undefined) throw usageError(`one job file at a time; what is ${extra}?`, command);
  return file;
}

/** The same for a command that reads SQL text only. */
export function oneSqlFile(files: readonly string[], command: string): string {
  const file = oneFile(files, command);
  if (extname(file) === '.wasm') throw usageError(`${file} is compiled already; name the .sql file it was made from`, command);
  return file;
}
