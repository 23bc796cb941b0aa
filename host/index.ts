/**
 * Millrace in a Node program: compile SQL, run the module on a data directory in this process, read the rows of bare
 * SELECTs. The compiler is loaded by `compile` alone; a program that starts a finished module needs no assemblyscript.
 *
 *   const job = await start(await compile(sql), { dataFolder: 'data', signal });
 *   for await (const row of job.rows()) console.log(row);
 *   await job.done;
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print } from '../connectors/print.ts';
import { connectors } from './cli/catalog.ts';
import { compileJob, planJob } from './cli/job-file.ts';
import { resolveOptions } from './cli/secrets.ts';
import type { Manifest } from './manifest.ts';
import { openNode } from './platform/node.ts';
import { Refusal } from './runtime/errors.ts';
import { type RunningJob, type RunSettings, startJob, type Summary } from './runtime/job.ts';
import type { Metrics } from './runtime/metrics.ts';
import { openModule } from './runtime/module.ts';
import { createRowSink, type Row } from './rows.ts';

export { PlanError, type Problem } from './plan/problem.ts';
export { IoError } from './ports.ts';
export { JobFailure, Refusal } from './runtime/errors.ts';
export type { Manifest, ManifestColumn, ManifestSink, ManifestSource } from './manifest.ts';
export type { Metrics, SinkMetrics, SourceMetrics } from './runtime/metrics.ts';
export type { Row, Summary };

export interface CompileOptions {
  /** The job's name where the text has no `SET 'pipeline.name'`; part of its identity at sinks. Default `job`. */
  readonly name?: string;
  /** Default true; false for hosts without SIMD: the same answers, the same saved state. */
  readonly isSimd?: boolean;
}

export interface CompiledJob {
  /** The same text and options give the same bytes. Runs wherever this version of Millrace does; holds no secret. */
  readonly wasm: Uint8Array;
  readonly manifest: Manifest;
  /** The generated AssemblyScript. */
  readonly assembly: string;
  /** What the job was warned of, as text for people. */
  readonly warnings: readonly string[];
}

/**
 * Compiles a job of SQL text to one WebAssembly module. Takes seconds: compile once, keep the bytes.
 * Throws PlanError with every problem of the text, Refusal when the package assemblyscript is not installed.
 */
export async function compile(sql: string, { name = 'job', isSimd = true }: CompileOptions = {}): Promise<CompiledJob> {
  const warnings: string[] = [];
  const plan = await planJob(`${name}.sql`, sql, (text) => { warnings.push(text); });
  const { wasm, manifest, text } = await compileJob(plan, isSimd);
  return { wasm, manifest, assembly: text, warnings };
}

export interface StartOptions {
  /**
   * Where input, state and progress are kept, for one process at a time: the job goes on there where it stopped.
   * Without it they lie in a temporary folder that is removed at the end.
   */
  readonly dataFolder?: string;
  /** Aborting stops the job as `stop` does. */
  readonly signal?: AbortSignal;
  /** Linear memory of the job, bytes: 12 MiB of areas, the rest is state. Default 256 MiB; reserved, not used at once. */
  readonly memoryMaxBytes?: number;
  /** Limit of the data directory, bytes; at the limit nothing more is acknowledged. Default: what the disk has. */
  readonly diskMaxBytes?: number;
  /** Go on although sinks know results of another data directory. */
  readonly newEpoch?: boolean;
  /** Replace another gateway that writes to the same place. */
  readonly takeOver?: boolean;
  /** How long `stop` waits for each of its stages, ms. Default 5000. */
  readonly stopMs?: number;
  /** Lines for people; default: nobody hears them. */
  onLog?(line: string): void;
}

export interface Job extends AsyncDisposable {
  readonly manifest: Manifest;
  /**
   * Rows of a bare SELECT, each given once to whichever loop asks; ends with the job. The job waits for its reader: first
   * results queue up to a bound, then the log grows, then sources pause. After a crash the rows of the last second
   * may come again (`print` keeps no progress of its own).
   * BIGINTs beyond 2^53 lose digits here, as everywhere in JSON.parse.
   * @param sink `print` for the first bare SELECT, then `print-2`, ..., or the name of a table with that connector
   */
  rows(sink?: string): AsyncIterable<Row>;
  metrics(): Metrics;
  /** Stops reading; logs, steps and delivers what was read; checkpoints; closes. Open windows stay open in the data folder. */
  stop(): Promise<Summary>;
  /** Resolves when the job was stopped, or all its sources are bounded and every result is delivered. Rejects when it failed. */
  readonly done: Promise<Summary>;
}

/**
 * Starts a module in this thread. A failure ends the job and rejects `done`: whoever embeds it decides on starting again,
 * which goes on from the last checkpoint. Throws Refusal or IoError when it cannot start.
 * @param module what `compile` made, or the bytes of a .wasm of `millrace build`
 */
export async function start(module: CompiledJob | Uint8Array, options: StartOptions = {}): Promise<Job> {
  const { signal } = options;
  signal?.throwIfAborted();
  const wasm = module instanceof Uint8Array ? module : module.wasm;
  const { manifest } = openModule(wasm);
  const temporary = options.dataFolder === undefined ? mkdtempSync(join(tmpdir(), 'millrace-')) : undefined;
  const platform = await openNode({ dataFolder: options.dataFolder ?? temporary ?? '', limitBytes: options.diskMaxBytes });
  const rowSink = createRowSink(print);
  async function release(): Promise<void> {
    rowSink.end();
    await platform.store.close();
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
  let running: RunningJob;
  try {
    running = await startJob({
      module: wasm, platform, connectors: new Map([...connectors, [print.description.name, rowSink.connector]]),
      settings: settingsOf(options, temporary !== undefined), log: (line) => options.onLog?.(line),
    });
  } catch (error) {
    await release();
    throw error;
  }
  const done = running.done.finally(release);
  done.catch(() => undefined); // whoever started the job may look later
  const halt = (): void => { running.stop().catch(() => undefined); }; // `done` says it
  const stop = (): Promise<Summary> => {
    halt();
    return done;
  };
  signal?.addEventListener('abort', halt, { once: true });
  if (signal?.aborted) halt(); // while it was starting
  void done.catch(() => undefined).finally(() => signal?.removeEventListener('abort', halt));
  return {
    manifest, done, stop, metrics: () => running.metrics(),
    rows(sink = print.description.name) {
      if (manifest.sinks.some(({ name, connector }) => name === sink && connector === print.description.name)) return rowSink.rows(sink);
      throw new Refusal(`the job has no rows of ${sink}`, 'name a bare SELECT (print, print-2, ...) or a table with that connector');
    },
    async [Symbol.asyncDispose]() { await stop(); },
  };
}

function settingsOf(options: StartOptions, isTemporary: boolean): RunSettings {
  const { memoryMaxBytes, stopMs, newEpoch = false, takeOver = false } = options;
  return {
    ...(memoryMaxBytes === undefined ? {} : { memoryMaxBytes }), ...(stopMs === undefined ? {} : { stopMs }),
    newEpoch: newEpoch || isTemporary, // a fresh folder cannot know what sinks hold
    takeOver, resolveOptions,
  };
}
