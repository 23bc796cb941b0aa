/** Paths of JSON_VALUE and JSON_EXISTS: `$` with members and indices behind it. Flink takes a path without a mode as strict. */

export interface JsonPath {
  /** Whether what is not there is empty; else it is an error. */
  readonly isLax: boolean;
  /** Names of members, indices of elements. */
  readonly steps: readonly (string | number)[];
}

/** The path, or what is wrong with it. */
export function parseJsonPath(text: string): JsonPath | string {
  const mode = /^\s*(lax|strict)\s+/i.exec(text);
  let rest = text.slice(mode?.[0].length ?? 0).trim();
  if (!rest.startsWith('$')) return 'a path starts with $';
  rest = rest.slice(1);
  const steps: (string | number)[] = [];
  while (rest !== '') {
    const step = /^\.([^.[\]*()?@\s]+)|^\['([^']*)'\]|^\["([^"]*)"\]|^\[(\d{1,9})\]/.exec(rest);
    if (step === null) return `${rest.slice(0, 20)} is not supported: steps are .name, ['name'] and [number]`;
    steps.push(step[4] === undefined ? step[1] ?? step[2] ?? step[3] ?? '' : Number(step[4]));
    rest = rest.slice(step[0].length);
  }
  return { isLax: mode?.[1]?.toLowerCase() === 'lax', steps };
}
