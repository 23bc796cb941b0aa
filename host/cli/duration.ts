/** Durations on the command line: `500ms`, `10s`, `5min`, `2h`. */
import { CommandError, EXIT_CONFIGURATION } from './exit.ts';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns ms. Throws CommandError naming `option`. */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)$/.exec(text.trim());
  if (!match) throw new CommandError(`millrace: ${option} ${text} is no duration; write 500ms, 10s, 5min or 2h`, EXIT_CONFIGURATION);
  return Number(match[1]) * (UNITS_MS[match[2] as string] as number);
}
