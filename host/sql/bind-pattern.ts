/** Patterns of REGEXP and its kin: compiled with the job, so they are constants, and wrong ones are found when it is checked. */
import type { Expression } from '../plan/nodes.ts';
import { parsePattern, PatternProblem } from '../plan/regexp.ts';
import type { Report } from './job.ts';

/** Whether the argument is a pattern that can be run; reports why not. */
export function isUsablePattern(arg: Expression, report: Report, parse: (text: string) => unknown = parsePattern): boolean {
  if (arg.kind !== 'literal' || typeof arg.value !== 'string') {
    report('unsupported', arg.span, 'a pattern that is not a constant is not supported', 'write it in quotes: it is compiled with the job');
    return false;
  }
  try {
    parse(arg.value);
    return true;
  } catch (problem) {
    if (!(problem instanceof PatternProblem)) throw problem;
    report(problem.isOfJava ? 'syntax' : 'unsupported', arg.span, `in this pattern ${problem.message}`, problem.remedy);
    return false;
  }
}
