/**
 * What the core asks of the outside world. Platforms implement Store, Clock and Platform; connectors implement Source and
 * Sink; nothing else crosses. Imports nothing; the only value is IoError, the one error that crosses with them.
 */

/** Milliseconds since the Unix epoch. */
export type Millis = number;
/** Position of one record in the log: dense, starts at 0, never reused. A record is a whole batch, a tick or an end. */
export type Offset = number;

// ---------------------------------------------------------------------------------------------------------------- errors

/** The world misbehaved. `retry`: the same call may succeed later; otherwise somebody must act, and `remedy` says how. */
export class IoError extends Error {
  readonly retry: boolean;
  readonly remedy: string | undefined;
  constructor(message: string, options: { readonly retry: boolean; readonly remedy?: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'IoError';
    this.retry = options.retry;
    this.remedy = options.remedy;
  }
}

// -------------------------------------------------------------------------------------------------------------- platform

/** One atomic change of the store. Buffers belong to the store until the commit settles. */
export interface Transaction {
  /** Log records; they get consecutive offsets, in order. */
  readonly append?: readonly Uint8Array[];
  readonly put?: readonly (readonly [key: string, value: Uint8Array])[];
  readonly remove?: readonly string[];
  /** Removes log records with offset < trimBelow. */
  readonly trimBelow?: Offset;
}

export type Pressure = 'ok' | 'low-space' | 'full';

/**
 * The only door to disk. Node: LMDB; browser: OPFS; sim: memory that loses whatever was not committed.
 * Reads are synchronous and copy; there are no iterators, so nothing can be held open across an await.
 */
export interface Store {
  /** What a resolved commit survives: a power cut, a killed process, or nothing. */
  readonly durability: 'disk' | 'process' | 'none';
  /**
   * Atomic, first in first out; resolves when durable. May be called again before it resolves (pipelined).
   * Throws IoError with retry = true when the disk is full; then every commit queued behind it fails too, and
   * `end()` goes back to what is durable.
   */
  commit(transaction: Transaction): Promise<void>;
  /** The offset that the next appended record will get (queued commits included). */
  end(): Offset;
  /** Durable log records are those with first <= offset < end. */
  bounds(): { readonly first: Offset; readonly end: Offset; readonly sizeBytes: number };
  /** Copies one durable record into `target`. @returns its length, or its needed size when `target` is too small, or -1 when there is no such record */
  readInto(offset: Offset, target: Uint8Array): number;
  get(key: string): Uint8Array | undefined;
  /** Keys with this prefix in ascending order. */
  keys(prefix: string): readonly string[];
  usage(): { readonly liveBytes: number; readonly fileBytes: number; readonly limitBytes: number | undefined };
  onPressure(listener: (pressure: Pressure) => void): void;
  close(): Promise<void>;
}

export interface Clock {
  /** Wall clock; may jump. */
  now(): Millis;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Calls back once, `delayMs` from now; the returned function cancels. */
  wake(delayMs: number, call: () => void): () => void;
}

/** Everything a platform gives the runtime. */
export interface Platform {
  readonly store: Store;
  readonly clock: Clock;
  /** 128 random bits as 32 hexadecimal digits. */
  randomId(): string;
  /** Id of the gateway that this store belongs to, kept outside of the store; undefined where only the store knows it. */
  readonly gateway?: string | undefined;
  /** Stable identity of this machine, or '' where there is none. A store that moved to another machine is a clone. */
  readonly machineId: string;
  /** CRC-32 (ISO 3309), unsigned. A port because the native one is ten times faster than one in JavaScript. */
  crc32(bytes: Uint8Array): number;
}

// --------------------------------------------------------------------------------------------------------------- sources

/** Bits of Arrival.flags; logged with the record and read by the compiled job. */
export const FLAG_DUP = 1;
export const FLAG_QOS = 6; // two bits, shifted by one, as in the MQTT fixed header
export const FLAG_RETAIN = 8;
/** The payload exceeded the table's limit; only its head was kept. It becomes a dead letter. */
export const FLAG_TRUNCATED = 16;

/** No row: a note of the source to itself (a session exists). Logged and replayed like a row; jobs pass over it. */
export const FLAG_MARK = 32;
/** The record that the payload is the value of has a key; set by the batch, from `Origin`. */
export const FLAG_KEYED = 64;

/** Where a payload stood in a partitioned log that it was read from. */
export interface Origin {
  partition: number;
  offset: number;
  /** What the record says of itself. */
  timestamp: Millis;
  /** The record's key lies in `Arrival.bytes`; keyEnd -1: it has none. */
  keyStart: number; keyEnd: number;
}

/** One payload on its way in. A source reuses one object for all; the intake copies what it needs before push returns. */
export interface Arrival {
  bytes: Uint8Array; start: number; end: number;
  /** UTF-8 topic (MQTT), path (filesystem) or '' as bytes. */
  topic: Uint8Array; topicStart: number; topicEnd: number;
  /** MQTT packet id, 0 for none. */
  packetId: number;
  flags: number;
  /** MQTT client id, '' for none. */
  client: string;
  /** Given by sources that read partitions, with every payload; reused as the arrival is. */
  origin?: Origin;
}

export interface Intake {
  /**
   * Copies `arrival` into the open batch of this source and stamps its arrival time.
   * @returns false when the source must pause until `resume`; the arrival itself was taken
   */
  push(arrival: Arrival): boolean;
  /** Hint that nothing more is readable now, so that an idle pipeline seals at once instead of lingering. */
  flush(): void;
  /** A bounded source has pushed its last record. */
  end(): void;
  /** An error after `open`; retry = true means that the source reconnects by itself, false stops the job. */
  failed(error: IoError): void;
}

/** One logged batch of this source, for rebuilding what a source remembers. */
export interface LoggedBatch {
  /** What `position()` returned when the batch was sealed. */
  readonly position: Uint8Array;
  readonly count: number;
  readonly packetIds: Uint16Array;
  readonly flags: Uint8Array;
  readonly clients: readonly string[];
  /** Index into `clients`, one a record. */
  readonly client: Uint16Array;
  readonly topics: readonly Uint8Array[];
  /** Index into `topics`, one a record. */
  readonly topic: Uint16Array;
  /** count + 1 offsets into `body`. */
  readonly offsets: Uint32Array;
  readonly body: Uint8Array;
}

/**
 * Reads the world into the log. Order of calls: restore, replay*, open, then anything, stop, close. Only `snapshot` and
 * `close` may also come between the last replay and open, since the world may keep a source waiting.
 * The runtime may drop a source and make a new one at any time (a failed append rolls a source back to what is durable).
 */
export interface Source {
  /** @param snapshot what `snapshot()` returned for the checkpoint in force; undefined on the very first run */
  restore(snapshot: Uint8Array | undefined): void;
  /** Called for each batch of this source logged after that checkpoint, in log order. */
  replay(batch: LoggedBatch): void;
  /** Starts reading. Throws IoError. */
  open(intake: Intake): Promise<void>;
  /** Small; stored in the same commit as the batch: the place to go on from after the last pushed record. */
  position(): Uint8Array;
  /** All that must survive a restart as of the last pushed record; stored with checkpoints. */
  snapshot(): Uint8Array;
  /** The `count` oldest records pushed and not yet confirmed are durable: acknowledge them. */
  committed(count: number): void;
  /** The intake has room again. */
  resume(): void;
  /** Stops reading; what was pushed before is still committed and may be acknowledged until `close`. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

// ----------------------------------------------------------------------------------------------------------------- sinks

/** Row kinds, as in Flink's changelogs. */
export type RowKind = '+I' | '-U' | '+U' | '-D';

export interface Result {
  /** Contiguous per sink, starts at 1. */
  readonly sequence: number;
  readonly kind: RowKind;
  /** Final bytes, written by the compiled job. */
  readonly key: Uint8Array | undefined;
  readonly value: Uint8Array;
  /** Arrival time of the record that triggered it: the timestamp to send (old event times make brokers delete results). */
  readonly arrival: Millis;
  /** False between the two halves of one change (-U, then +U): a transaction may not end here. */
  readonly isChangeEnd: boolean;
}

/** How far a sink is; becomes visible together with the results it counts. */
export interface Progress {
  /** Identity of the store that produced the results. */
  readonly incarnation: string;
  /** Sequence of the last result delivered; 0 before the first. */
  readonly sequence: number;
  /** Log offset whose step produced it. */
  readonly offset: Offset;
  /** Running digest of all results up to `sequence`, 16 hexadecimal digits. */
  readonly digest: string;
}

/** Who writes; part of transactional ids, progress keys and headers. Never a hash of the job. */
export interface SinkIdentity {
  readonly gateway: string;
  readonly job: string;
  readonly sink: string;
  readonly incarnation: string;
}

export type Guarantee = 'exactly-once' | 'at-least-once' | 'at-most-once';

export interface Sink {
  /**
   * Connects, fences any older writer of the same identity and tells what is visible already.
   * @returns undefined when the sink holds no progress of this identity (first run, or a sink that keeps none)
   */
  open(identity: SinkIdentity): Promise<Progress | undefined>;
  /**
   * Makes `results` and `progress` visible together, or throws IoError and the outcome is unknown: the runtime then
   * closes the sink, opens a new one and believes only what its `open` says.
   * Requires: results are in sequence order without a gap, at least one; progress is that of the last one.
   */
  deliver(results: readonly Result[], progress: Progress): Promise<void>;
  close(): Promise<void>;
}

// ------------------------------------------------------------------------------------------------------------ connectors

export type ConnectorOptions = Readonly<Record<string, string>>;

export interface OptionDescription {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'bytes' | 'duration' | 'boolean' | 'choice';
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** Name of an option that takes the place of this required one. */
  readonly unless?: string;
  readonly defaultText?: string;
  readonly description: string;
  readonly isSecret?: boolean;
}

/** What a log record keeps of each payload beside its bytes. */
export type MetadataField = 'topic' | 'arrival' | 'client' | 'qos' | 'retain' | 'partition' | 'offset' | 'timestamp' | 'key';

export interface GuaranteeStatement {
  readonly level: Guarantee;
  /** What it depends on, in one sentence, printed by `explain`. */
  readonly note?: string;
}

/** Plain description of a connector; `check` and `explain` read it without loading a driver. */
export interface ConnectorDescription {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionDescription[];
  readonly source?: {
    readonly guarantee: (options: ConnectorOptions) => GuaranteeStatement;
    readonly isBounded: (options: ConnectorOptions) => boolean;
    /** Keys of `METADATA FROM 'key' VIRTUAL` beyond 'topic' and 'arrival', and what of the log record each reads. */
    readonly metadata: Readonly<Record<string, MetadataField>>;
  };
  readonly sink?: {
    readonly guarantee: (options: ConnectorOptions) => GuaranteeStatement;
    /** Row kinds it can carry. */
    readonly changelog: 'append' | 'upsert' | 'all';
  };
}

/** What a connector gets beside its options. */
export interface ConnectorContext {
  /** Name of the table; of a sink its own, which differs where several queries write to one table or to none (`print-2`). */
  readonly table: string;
  readonly options: ConnectorOptions;
  readonly clock: Clock;
  /** Payloads longer than this arrive truncated and flagged. */
  readonly payloadMaxBytes: number;
  /** This gateway's random identity, minted with the data directory, and the job's name: fixed client ids come from them. */
  readonly gateway: string;
  readonly job: string;
  /** Columns of the table in declaration order, types as Flink SQL text. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** One line for people, on stderr; never a secret. */
  log(line: string): void;
}

/** What a connector module exports; the driver is imported inside `open`. */
export interface Connector {
  readonly description: ConnectorDescription;
  createSource?(context: ConnectorContext): Source;
  createSink?(context: ConnectorContext): Sink;
}
