/**
 * The contract between host and module: plain constants, compiled by both asc and tsc. Imports nothing.
 * Changing a value here changes the format of saved state: bump ABI_VERSION, see docs/format.md.
 *
 * Linear memory, ascending (all addresses fixed, so that a module never has to be asked):
 *   HEADER  | SCRATCH (rows, parser) | DIRTY (one byte per page of state) | TEXTS | INPUT | OUTPUT | constants | STATE ... end
 * Only STATE outlives a call; it is the last region, so the same state opens in a larger memory.
 * Exports: memory, init(), step(length) -> status, drain() -> status.
 * init() also runs before a restore: it lays out a fresh state, which the restored pages then replace.
 */
export const ABI_VERSION = 1;

/** Unit of dirty tracking and of checkpoints, bytes. */
export const PAGE_BYTES = 4096;

// ---------------------------------------------------------------------------------------------------------- memory map
export const HEADER = 0x400;
export const SCRATCH = 0x1000;
export const SCRATCH_BYTES = 0xf000;
/** dirty[page] != 0: the page of STATE was written since the host last cleared it. 1 MiB covers 4 GiB of state. */
export const DIRTY = 0x10000;
export const DIRTY_BYTES = 0x100000;
/** Texts made while one row is evaluated (UPPER, CONCAT, unescaped JSON strings); empty again at the next row. */
export const TEXTS = 0x110000;
export const TEXTS_BYTES = 0xf0000;
/** One log record, copied in by the host before `step`. */
export const INPUT = 0x200000;
export const INPUT_BYTES = 0x400000;
export const OUTPUT = 0x600000;
export const OUTPUT_BYTES = 0x400000;
/** asc --memoryBase: constants and static tables of the module. */
export const CONSTANTS = 0xa00000;
export const STATE = 0xc00000;

// -------------------------------------------------------------------------------------- header fields (offset from HEADER)
/** u32, written by init. */
export const HEADER_ABI = 0;
/** u32, written by the host: end of usable memory, bytes. The module never grows its memory. 0 stands for 4 GiB - 64 KiB. */
export const HEADER_MEMORY_END = 4;
/** u32, written by the host: once this many bytes of OUTPUT are filled no row and no pane is begun before MORE. */
export const HEADER_OUTPUT_LIMIT = 8;
/** u32, written by the module: bytes of output records since the last call. */
export const HEADER_OUTPUT_LENGTH = 12;
/** u32, written by the module: the row at which it stands (FULL, traps). */
export const HEADER_ROW = 16;
/** u32, written by the module: end of used state, bytes from STATE (pages above were never touched). */
export const HEADER_STATE_LENGTH = 20;
/** f64, written by the host: offset of the record in INPUT. */
export const HEADER_OFFSET = 24;
/** f64, written by the module: arrival time at which a tick record is wanted, Infinity for never. */
export const HEADER_TICK_AT = 32;
/** u32 count, then u32 row indices ascending: rows that a verdict skips (written by the host, at most SKIP_MAX). */
export const HEADER_SKIP = 64;
export const SKIP_MAX = 200;

// --------------------------------------------------------------------------------------------------------------- status
export const STATUS_DONE = 0;
/** OUTPUT is full: take it and call drain. Nothing else may be stepped and no checkpoint taken meanwhile. */
export const STATUS_MORE = 1;
/** State is full at HEADER_ROW; the state is as before that row. */
export const STATUS_FULL = 2;

// -------------------------------------------------------------------------------- registers: the first page(s) of STATE
/** u64 counters that users see; in state, so that a replay does not count twice. Index times 8 from here. */
export const COUNTERS = 0xc00040; // STATE + 64; literals, because tsc infers no type of a sum here
export const COUNTER_ROWS = 0;
export const COUNTER_LATE = 1;
export const COUNTER_RESULTS = 2;
/** + reject reason */
export const COUNTER_REJECTED = 8;
export const COUNTER_COUNT = 40;
/** Per sink: u64 sequence of the last result, u64 digest. */
export const SINKS = 0xc00400;
export const SINK_BYTES = 16;
export const SINKS_MAX = 64;
/** Per source: i64 max event time, i64 watermark, u64 flags. i64.MIN_VALUE stands for none yet. */
export const SOURCES = 0xc00800;
export const SOURCE_BYTES = 64;
/** Offset of the watermark in a source's registers. */
export const SOURCE_WATERMARK = 8;
export const SOURCES_MAX = 32;
/** Registers of operators, laid out by the compiler, then the heap. */
export const OPERATORS = 0xc01000;

// ------------------------------------------------------------------------------------------------------- reject reasons
export const REJECT_MALFORMED = 1;
export const REJECT_TYPE = 2;
export const REJECT_UTF8 = 3;
export const REJECT_OVERSIZE = 4;
export const REJECT_RANGE = 5;
export const REJECT_EXPRESSION = 6;
export const REJECT_EVENT_TIME = 7;
export const REJECT_STATE_FULL = 8;
export const REJECT_TRAP = 9;
export const REJECT_OUTPUT = 10;

// ----------------------------------------------------------------------- output records (8-aligned, offset from record)
/** u32 total length, multiple of 8. */
export const OUT_LENGTH = 0;
/** u8: 0 result. */
export const OUT_KIND = 4;
/** u8: ROW_* below. */
export const OUT_ROW_KIND = 5;
/** u16 */
export const OUT_SINK = 6;
/** f64: contiguous per sink, from 1. */
export const OUT_SEQUENCE = 8;
/** f64 ms: arrival time of the triggering record. */
export const OUT_ARRIVAL = 16;
/** u64: digest of all results of this sink up to this one. */
export const OUT_DIGEST = 24;
/** u32, OUT_NO_KEY for none. */
export const OUT_KEY_LENGTH = 32;
export const OUT_NO_KEY = 0xffffffff;
/** u32 */
export const OUT_VALUE_LENGTH = 36;
/** u32: 1 when a transaction may end after this record. */
export const OUT_CHANGE_END = 40;
/** Key bytes, then value bytes, then padding to 8. */
export const OUT_BYTES = 48;

export const ROW_INSERT = 0;
export const ROW_UPDATE_BEFORE = 1;
export const ROW_UPDATE_AFTER = 2;
export const ROW_DELETE = 3;

// --------------------------------------------- log record = one FlatBuffer (host/runtime/batch.fbs): kinds and field slots
export const BATCH_DATA = 0;
export const BATCH_TICK = 1;
export const BATCH_END = 5;
export const BATCH_MODULE = 6;
/** Byte offset of each field in the vtable: 4 + 2 x its index in batch.fbs. */
export const FIELD_KIND = 4;
export const FIELD_SOURCE = 6;
/** f64 ms: first arrival. */
export const FIELD_ARRIVAL = 8;
/** [u32] ms after FIELD_ARRIVAL, one a row, never going back. */
export const FIELD_ARRIVALS = 10;
/** [u32] count + 1 offsets into body. */
export const FIELD_OFFSETS = 12;
/** [u8] payloads back to back, 16-byte aligned, followed by at least 16 bytes of padding. */
export const FIELD_BODY = 14;
/** [string] */
export const FIELD_TOPICS = 16;
/** [u16] index into topics, one a row. */
export const FIELD_TOPIC = 18;
/** [string] */
export const FIELD_CLIENTS = 20;
/** [u16] */
export const FIELD_CLIENT = 22;
/** [u16] */
export const FIELD_PACKET_IDS = 24;
/** [u8] bits FLAG_* of host/ports.ts */
export const FIELD_FLAGS = 26;
/** [u8] */
export const FIELD_POSITION = 28;
/** [i32] partition each row came from; this and what follows is absent where no row has an origin. */
export const FIELD_PARTITIONS = 30;
/** [i64] offset of each row in its partition */
export const FIELD_RECORD_OFFSETS = 32;
/** [i64] ms: time that each row's record carries */
export const FIELD_TIMESTAMPS = 34;
/** [u32] count + 1 offsets into keys; absent when no row has a key */
export const FIELD_KEY_OFFSETS = 36;
/** [u8] keys back to back */
export const FIELD_KEYS = 38;
/** Bits of a row's flags: QoS 0 to 2, shifted by one, and RETAIN, as in the MQTT fixed header. Equal to FLAG_QOS and FLAG_RETAIN. */
export const ROW_QOS = 6;
export const ROW_RETAIN = 8;
/** Bit of a row's flags: the payload exceeded the table's limit. Equal to FLAG_TRUNCATED of host/ports.ts. */
export const ROW_TRUNCATED = 16;
/** Bit of a row's flags: it is no row but a note of its source (a session was made); skipped and not counted. Equal to FLAG_MARK. */
export const ROW_MARK = 32;
/** Bit of a row's flags: its record has a key, which may be empty. Equal to FLAG_KEYED. */
export const ROW_KEYED = 64;
