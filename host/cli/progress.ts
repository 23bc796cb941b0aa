/** A running job's figures as text for people: one line while it runs, a summary when it ends. */
import type { Metrics } from '../runtime/metrics.ts';
import type { Ending } from './supervisor.ts';

/** REJECT_* of assembly/abi.ts in words, as the dead letters have them. */
export const REJECT_REASONS = ['', 'malformed', 'type', 'utf8', 'oversize', 'range', 'expression', 'event-time', 'state-full', 'trap', 'output'] as const;

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

export function receivedOf({ sources }: Metrics): number {
  return sources.reduce((sum, { received }) => sum + received, 0);
}

function acknowledgedOf({ sources }: Metrics): number {
  return sources.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}

function rejectedText({ rejected }: Metrics): string {
  const total = rejected.reduce((sum, [, times]) => sum + times, 0);
  const reasons = rejected.map(([reason, times]) => `${REJECT_REASONS[reason] ?? `reason ${reason}`} ${count(times)}`);
  return reasons.length === 0 ? '0' : `${count(total)} (${reasons.join(', ')})`;
}

/** @param perSecond rows received a second since the line before */
export function progressLine(metrics: Metrics, perSecond: number): string {
  const waiting = metrics.sinks.filter(({ waiting }) => waiting > 0).map(({ name, waiting }) => `${name} ${count(waiting)} waiting`);
  const ends = [...metrics.sources, ...metrics.sinks];
  const troubles = ends.filter(({ isOpen, lastError }) => !isOpen && lastError !== undefined).map(({ name }) => `${name} is down`);
  return [
    `received ${count(receivedOf(metrics))} (${count(perSecond)}/s)`,
    `results ${count(metrics.results)}`, `late ${count(metrics.late)}`, `rejected ${rejectedText(metrics)}`, ...waiting, ...troubles,
  ].join(' · ');
}

/** Received and acknowledged count this run; the others since the data directory was made. */
export function summaryLines({ metrics, restarts }: Ending): string[] {
  if (!metrics) return [];
  return [
    ...metrics.sinks.map(({ name, delivered, waiting }) => (
      `  ${name}: ${count(delivered)} delivered${waiting > 0 ? `, ${count(waiting)} kept for the next start` : ''}`)),
    ...(restarts > 0 ? [`restarts     ${count(restarts)}`] : []),
    `received     ${count(receivedOf(metrics))}`,
    `acknowledged ${count(acknowledgedOf(metrics))}`,
    `results      ${count(metrics.results)}`,
    `late         ${count(metrics.late)}`,
    `rejected     ${rejectedText(metrics)}`,
  ];
}
