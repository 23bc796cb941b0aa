/**
 * What the compiler writes into the custom section `millrace.job` and the runtime reads: everything about a job that
 * is not code. Options keep `${env:NAME}` and `${file:path}` unresolved: a new password is not a changed job.
 */
export const MANIFEST_SECTION = 'millrace.job';

export interface ManifestColumn { readonly name: string; readonly type: string }

export interface ManifestSource {
  readonly table: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
  readonly columns: readonly ManifestColumn[];
  readonly payloadMaxBytes: number;
  readonly isBounded: boolean;
}

export interface ManifestSink {
  /** Unique within the job and stable over edits: the table's name, or `print` for a bare SELECT (then print-2, ...). */
  readonly name: string;
  readonly table: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
  /** Columns of the value, in order. */
  readonly columns: readonly ManifestColumn[];
  readonly format: 'json';
  readonly changelog: 'append' | 'upsert' | 'all';
}

export interface Manifest {
  readonly abi: number;
  /** Job name: SET 'pipeline.name', else the file's name. */
  readonly name: string;
  /** Version of Millrace that compiled it. */
  readonly compiler: string;
  /** Hash of the state layout: equal hashes can open each other's state. SIMD and scalar builds share it. */
  readonly layout: string;
  readonly isSimd: boolean;
  readonly sources: readonly ManifestSource[];
  readonly sinks: readonly ManifestSink[];
  readonly settings: Readonly<Record<string, string>>;
}
