/** All functions by name, with the calls that tick them in docs/functions.md. A call belongs to the first name that lists it. */
import { MATH_FUNCTIONS } from './math.ts';
import { OTHER_FUNCTIONS } from './other.ts';
import { PATTERN_FUNCTIONS } from './pattern.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { TIME_FUNCTIONS } from './time.ts';

export interface FunctionCase { readonly function: string; readonly template: string }

export const FUNCTION_CASES: readonly FunctionCase[] = [...new Map(
  [TEXT_FUNCTIONS, PATTERN_FUNCTIONS, MATH_FUNCTIONS, TIME_FUNCTIONS, OTHER_FUNCTIONS].flatMap((group) => Object.entries(group)).flatMap(
    ([name, templates]) => templates.map((template): [string, FunctionCase] => [template, { function: name, template }]),
  ).reverse(),
).values()].reverse();
