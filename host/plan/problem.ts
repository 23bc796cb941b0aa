/** What is wrong with a job, where it is wrong and what to do about it; and how a person reads it. */
import type { Span } from './nodes.ts';

export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Stable name of the kind of problem, e.g. `unknown-column`. `unsupported`: right in Flink, not yet here. */
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly span: Span;
}

/** A job that cannot run, with every problem found in it. */
export class PlanError extends Error {
  readonly problems: readonly Problem[];
  constructor(text: string, fileName: string, problems: readonly Problem[]) {
    super(renderProblems(text, fileName, problems));
    this.name = 'PlanError';
    this.problems = problems;
  }
}

/**
 * One block a problem, in order of place: `file:line:column: error[code]: message`, the source line with a caret under the
 * place, and the remedy. Lines and columns count from 1; columns count characters.
 */
export function renderProblems(text: string, fileName: string, problems: readonly Problem[]): string {
  const ordered = [...problems].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return ordered.map((problem) => renderProblem(text, fileName, problem)).join('\n\n');
}

/** Longest source line shown whole; of a longer one the part around the place is shown. */
const LINE_MAX = 160;

function renderProblem(text: string, fileName: string, { severity, code, message, remedy, span }: Problem): string {
  const start = Math.min(span.start, text.length);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineBreak = text.indexOf('\n', start);
  const lineEnd = lineBreak === -1 ? text.length : lineBreak;
  const line = text.slice(0, lineStart).split('\n').length;
  const shownFrom = start - lineStart > LINE_MAX ? start - LINE_MAX / 2 : lineStart;
  const shown = text.slice(shownFrom, Math.min(lineEnd, shownFrom + LINE_MAX)).replace(/[\r\t\v\f]/g, ' ');
  const caretCount = Math.max(1, Math.min(span.end, lineEnd, shownFrom + LINE_MAX) - start);
  const gutter = `${line}`;
  return [
    `${fileName}:${line}:${start - lineStart + 1}: ${severity}[${code}]: ${message}`,
    ` ${gutter} | ${shown.trimEnd()}`,
    ` ${' '.repeat(gutter.length)} | ${' '.repeat(start - shownFrom)}${'^'.repeat(caretCount)}`,
    ...(remedy === undefined ? [] : [`  remedy: ${remedy}`]),
  ].join('\n');
}
