/**
 * The parser of one source's payloads as AssemblyScript text, specialised to its columns. Several layers give the same answer
 * at different speeds: a template (the declared fields in order, no white space: constants to compare with), the shape
 * cache (what the source's last payloads looked like), one pass in any order of keys; what none of them is sure of, and every
 * refusal, goes the long way over the whole payload.
 */
import type { ScanColumn } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import { SCRATCH } from '../../assembly/abi.ts';
import type { Field, RowLayout } from './layout.ts';
import { keyTable } from './key-table.ts';
import { bytesEqual } from './literal.ts';
import { keyLines, METADATA_MODULES, type Metadata, metadataLine } from './metadata.ts';
import { importsOf, type GeneratedSource } from './serialize.ts';

export interface ParseOptions {
  /** Name of the function; those it consists of have names that start so. */
  readonly name: string;
  /** Columns from the payload or from metadata; others are passed over. Found in the layout by name. */
  readonly columns: readonly ScanColumn[];
  readonly layout: RowLayout;
  readonly timestampFormat: 'SQL' | 'ISO-8601';
  /**
   * Paths of all fields that payloads are declared to have, in order, also those that no column wants: the template.
   * Left out: the paths of `columns`. A wrong guess costs speed and never an answer.
   */
  readonly fields?: readonly (readonly string[])[];
  /** Where this source's shape cache lies; see `shapeCache`. */
  readonly cache?: ShapeCache;
}

/** A part of SCRATCH. */
export interface ShapeCache { readonly address: number; readonly sizeBytes: number }

/** The shape caches' part of SCRATCH; as assembly/ingest/reject.ts has it. */
const CACHES = SCRATCH + 256 + 2560;
const CACHES_BYTES = 16384 - 2560;
/** Columns that one generated function deals with, so that no body comes near 4 KB of WASM. */
const GROUP_COLUMNS = 12;

/** The share of source `index` of `count` in the shape caches. */
export function shapeCache(index: number, count: number): ShapeCache {
  const sizeBytes = Math.floor(CACHES_BYTES / Math.max(1, count)) & ~15;
  return { address: CACHES + index * sizeBytes, sizeBytes };
}

const MODULES: Readonly<Record<string, string>> = {
  readText: 'ingest/value', readBool: 'ingest/value', readDouble: 'ingest/value', readFloat: 'ingest/value', nullAt: 'ingest/value',
  readLong: 'ingest/integer', readInt: 'ingest/integer', readSmallint: 'ingest/integer', readTinyint: 'ingest/integer',
  readDecimal: 'ingest/decimal', readWide: 'ingest/decimal', readBytes: 'ingest/bytes',
  readDate: 'ingest/timestamp', readTime: 'ingest/timestamp', readTimestamp: 'ingest/timestamp', readTimestampLtz: 'ingest/timestamp',
  readTimestampIso: 'ingest/timestamp', readTimestampLtzIso: 'ingest/timestamp',
  skipValue: 'ingest/skip', skipSpace: 'ingest/skip', isNullAt: 'ingest/skip', DEPTH_MAX: 'ingest/skip', findKey: 'ingest/keys', TARGET_NODE: 'ingest/keys',
  clearSeen: 'ingest/json', isFirstSight: 'ingest/json', isFirstNode: 'ingest/json', keyEnd: 'ingest/json', memberValue: 'ingest/json',
  refuse: 'ingest/reject', rejectReason: 'ingest/reject',
  scanPayload: 'ingest/json', leavePayload: 'ingest/json', seenColumns: 'ingest/json', valueSlot: 'ingest/json',
  shapesGoFirst: 'ingest/shape', templateHit: 'ingest/shape', firstShape: 'ingest/shape', nextShape: 'ingest/shape', shapeHit: 'ingest/shape',
  shapeAbsent: 'ingest/shape', firstSegment: 'ingest/shape', nextSegment: 'ingest/shape', segmentTarget: 'ingest/shape',
  segmentDepth: 'ingest/shape', matchSegment: 'ingest/shape', startLearning: 'ingest/shape', finishLearning: 'ingest/shape', learnValue: 'ingest/shape',
  SEGMENT_SKIP: 'ingest/shape', SEGMENT_TAIL: 'ingest/shape',
  REJECT_TYPE: 'abi', ...METADATA_MODULES,
};

interface PayloadField { readonly path: readonly string[]; readonly field: Field }

interface Context {
  readonly name: string;
  readonly layout: RowLayout;
  readonly isIso: boolean;
  readonly payload: readonly PayloadField[];
  readonly used: Set<string>;
}

/**
 * `function <name>(payload: usize, end: usize, row: <className>): i32` fills the row from the payload and from metadata of
 * the batch's row SCRATCH_ROW, and answers 0 or a REJECT_* reason; rejectColumn() then tells the column, -1 for the payload.
 * Requires: the arena of texts is reset, 16 bytes behind `end` may be read. A field whose NULL bit is set holds anything.
 * Absent fields are NULL; a NOT NULL column that is absent or null refuses the payload.
 */
export function parseSource(options: ParseOptions): GeneratedSource {
  const { name, layout } = options;
  const payload: PayloadField[] = [];
  const metadata: Metadata[] = [];
  const used = new Set<string>();
  for (const column of options.columns) {
    const field = layout.fields.find((candidate) => candidate.column.name === column.name);
    if (field === undefined) throw new Error(`${layout.className} has no field for column ${column.name}`);
    if (column.source.kind === 'json') payload.push({ path: column.source.path, field });
    if (column.source.kind === 'metadata') metadata.push({ from: column.source.field, field });
  }
  const context: Context = { name, layout, isIso: options.timestampFormat === 'ISO-8601', payload, used };
  const cache = options.cache ?? shapeCache(0, 1);
  const fields = options.fields ?? payload.map(({ path }) => path);
  const parts = [
    keysText(context), ...valueTexts(context), ...templateTexts(context, fields), shapeText(context), shapesText(context, cache),
    objectText(context), anyOrderText(context, cache), longWayText(context), entryText(context, cache, metadata),
  ];
  return { text: `${parts.join('\n\n')}\n`, imports: importsOf(used, MODULES) };
}

function call(context: Context, name: string, args: string): string {
  context.used.add(name);
  return `${name}(${args})`;
}

function word(context: Context, name: string): string {
  context.used.add(name);
  return name;
}

function keysText({ name, payload }: Context): string {
  const table = keyTable(payload.map(({ path, field }) => ({ path, column: field.nullBit })));
  const lines: string[] = [];
  for (let start = 0; start < table.length; start += 6) {
    lines.push(`  ${table.slice(start, start + 6).map((value) => (value === 0n ? '0' : `0x${value.toString(16)}`)).join(', ')},`);
  }
  const names = payload.map(({ path }) => path.join('.')).join(', ').replaceAll('\n', ' ');
  return `// Field names: ${names}\nconst ${name}Keys: usize = memory.data<u64>([\n${lines.join('\n')}\n], 8);`;
}

// ---------------------------------------------------------------------------------------------------------------- values

/** Reads one column's value; used by the layers that learn at run time which column comes next. */
function valueTexts(context: Context): string[] {
  const { name, payload } = context;
  const texts: string[] = [];
  const groups: string[] = [];
  for (let start = 0; start < payload.length; start += GROUP_COLUMNS) {
    const group = payload.slice(start, start + GROUP_COLUMNS);
    const last = group.reduce((most, { field }) => Math.max(most, field.nullBit), 0);
    const cases = group.map(({ field }) => `    case ${field.nullBit}: { q = ${readCall(context, field, 'p', 'row')}; break; }`);
    const isOnly = payload.length <= GROUP_COLUMNS;
    const suffix = isOnly ? '' : String(groups.length);
    groups.push(`  if (column <= ${last}) return ${name}Value${suffix}(column, p, end, row);`);
    texts.push(`/** The value at \`p\` into its column. */\nfunction ${name}Value${suffix}(column: u32, p: usize, end: usize, row: usize): usize {\n`
      + `  let q: usize = 0;\n  switch (column) {\n${cases.join('\n')}\n  }\n  return q != 0 ? q : ${call(context, 'nullAt', 'p, row, column')};\n}`);
  }
  if (payload.length <= GROUP_COLUMNS && payload.length > 0) return texts;
  return [...texts, `function ${name}Value(column: u32, p: usize, end: usize, row: usize): usize {\n${groups.join('\n')}\n  return 0;\n}`];
}

function readCall(context: Context, field: Field, p: string, row: string): string {
  const into = `${p}, end, ${row} + ${field.offset}`;
  const type = field.column.type;
  if (type.name === 'DECIMAL') return call(context, type.precision <= 18 ? 'readDecimal' : 'readWide', `${into}, ${type.precision}, ${type.scale}`);
  return call(context, readerOf(type, context.isIso), into);
}

function readerOf(type: Exclude<SqlType, { name: 'DECIMAL' }>, isIso: boolean): string {
  switch (type.name) {
    case 'BOOLEAN': return 'readBool';
    case 'TINYINT': return 'readTinyint';
    case 'SMALLINT': return 'readSmallint';
    case 'INT': return 'readInt';
    case 'BIGINT': return 'readLong';
    case 'FLOAT': return 'readFloat';
    case 'DOUBLE': return 'readDouble';
    case 'STRING': case 'CHAR': case 'VARCHAR': case 'ROW': return 'readText';
    case 'BYTES': return 'readBytes';
    case 'DATE': return 'readDate';
    case 'TIME': return 'readTime';
    case 'TIMESTAMP': return isIso ? 'readTimestampIso' : 'readTimestamp';
    case 'TIMESTAMP_LTZ': return isIso ? 'readTimestampLtzIso' : 'readTimestampLtz';
    case 'NULL': case 'INTERVAL': throw new Error(`no payload holds a ${type.name}`);
    default: {
      const unreachable: never = type;
      return unreachable;
    }
  }
}

// -------------------------------------------------------------------------------------------------------------- template

function templateTexts(context: Context, fields: readonly (readonly string[])[]): string[] {
  const { name, payload } = context;
  const steps: string[][] = [];
  let open: readonly string[] = [];
  fields.forEach((path, index) => {
    const shared = Math.min(commonLength(open, path), path.length - 1);
    const separator = index === 0 ? '{' : `${'}'.repeat(open.length - shared)},`;
    const glue = separator + path.slice(shared).map((key) => `${JSON.stringify(key)}:`).join('{');
    const wanted = payload.find((candidate) => candidate.path.length === path.length && commonLength(candidate.path, path) === path.length);
    steps.push([...glueLines(glue), ...templateValue(context, wanted?.field, path.length)]);
    open = path.slice(0, -1);
  });
  const groups: string[] = [];
  for (let start = 0; start < steps.length; start += GROUP_COLUMNS) {
    const lines = steps.slice(start, start + GROUP_COLUMNS).flat().map((line) => `  ${line}\n`).join('');
    const head = `function ${name}Template${groups.length}(from: usize, end: usize, row: usize): usize {`;
    groups.push(`${head}\n  let p = from;\n  let q: usize = 0;\n${lines}  return p;\n}`);
  }
  const calls = groups.map((_, index) => `  p = ${name}Template${index}(p, end, row);\n  if (p == 0) return false;\n`).join('');
  const tail = fields.length === 0 ? '{}' : '}'.repeat(open.length + 1);
  const tailBytes = new TextEncoder().encode(tail);
  const whole = `/** The payload with its fields in declared order and no white space. @returns whether it is so */\n`
    + `function ${name}Template(payload: usize, end: usize, row: usize): bool {\n  let p = payload;\n${calls}`
    + `  return ${bytesEqual('p', tailBytes)} && p + ${tailBytes.length} == end; // ${tail}\n}`;
  return [...groups, whole];
}

function glueLines(glue: string): string[] {
  const bytes = new TextEncoder().encode(glue);
  return [`if (!(${bytesEqual('p', bytes)})) return 0; // ${glue}`, `p += ${bytes.length};`];
}

function templateValue(context: Context, field: Field | undefined, depth: number): string[] {
  if (field === undefined) return [`p = ${call(context, 'skipValue', `p, end, ${depth}`)};`, 'if (p == 0) return 0;'];
  return [
    `q = ${readCall(context, field, 'p', 'row')};`,
    `if (q == 0) { q = ${call(context, 'nullAt', `p, row, ${field.nullBit}`)}; if (q == 0) return 0; }`,
    'p = q;',
  ];
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

// ------------------------------------------------------------------------------------------------------- shapes, any order

function shapeText(context: Context): string {
  const { name } = context;
  return `/** The payload against one learned shape. @returns whether it fits */
function ${name}Shape(shape: usize, payload: usize, end: usize, row: usize): bool {
  store<u64>(row, ${call(context, 'shapeAbsent', 'shape')});
  let p = payload;
  let segment = ${call(context, 'firstSegment', 'shape')};
  while (true) {
    p = ${call(context, 'matchSegment', 'segment, p')};
    if (p == 0) return false;
    const target = ${call(context, 'segmentTarget', 'segment')};
    if (target == ${word(context, 'SEGMENT_TAIL')}) return p == end;
    p = target == ${word(context, 'SEGMENT_SKIP')} ? ${call(context, 'skipValue', `p, end, ${call(context, 'segmentDepth', 'segment')}`)}`
    + ` : ${name}Value(target, p, end, row);
    if (p == 0) return false;
    segment = ${call(context, 'nextSegment', 'segment')};
  }
}`;
}

function shapesText(context: Context, cache: ShapeCache): string {
  const { name } = context;
  return `/** The payload against all learned shapes, the latest first. @returns whether one fits */
function ${name}Shapes(payload: usize, end: usize, row: usize): bool {
  for (let shape = ${call(context, 'firstShape', String(cache.address))}; shape != 0; shape = `
    + `${call(context, 'nextShape', `${cache.address}, ${cache.sizeBytes}, shape`)}) {
    if (!(${name}Shape(shape, payload, end, row)${andComplete(context, 'row')})) continue;
    ${call(context, 'shapeHit', `${cache.address}, shape`)};
    return true;
  }
  return false;
}`;
}

function maskOf(fields: readonly Field[]): string {
  return `0x${fields.reduce((mask, { nullBit }) => mask | (1n << BigInt(nullBit)), 0n).toString(16)}`;
}

function requiredMask({ payload }: Context): string {
  return maskOf(payload.map(({ field }) => field).filter(({ column }) => !column.type.isNullable));
}

/** Text of the condition that no NOT NULL column is NULL, to follow another one; empty when there is none. */
function andComplete(context: Context, row: string): string {
  const mask = requiredMask(context);
  return mask === '0x0' ? '' : ` && (load<u64>(${row}) & ${mask}) == 0`;
}

function hasNodes({ payload }: Context): boolean { return payload.some(({ path }) => path.length > 1); }

/** One pass over an object of the payload, converting as it goes. */
function objectText(context: Context): string {
  const { name } = context;
  const isKey = `${name}Keys`;
  const node = hasNodes(context) ? ` else if (target < ${word(context, 'TARGET_NODE')}) {` : ' else {';
  const nodeBranch = hasNodes(context) ? ` else {
      const child = <u32>(target - TARGET_NODE);
      if (!${call(context, 'isFirstNode', `${isKey}, child`)}) return 0;
      if (load<u8>(q) == 0x7b) behind = ${name}Object(q, end, row, child, depth + 1);
      else if (${call(context, 'isNullAt', 'q')}) behind = q + 4;
    }` : '';
  return `/** An object of the payload, keys in any order, in one pass. @returns address behind it, or 0: the long way must decide */
function ${name}Object(p: usize, end: usize, row: usize, node: u32, depth: i32): usize {
  if (depth > ${word(context, 'DEPTH_MAX')}) return 0;
  let q = ${call(context, 'skipSpace', 'p + 1, end')};
  if (load<u8>(q) == 0x7d) return q + 1;
  while (q < end && load<u8>(q) == 0x22) {
    const key = q + 1;
    const close = ${call(context, 'keyEnd', 'key, end')};
    if (close == 0) return 0;
    const target = ${call(context, 'findKey', `${isKey}, node, key, <u32>(close - key)`)};
    q = ${call(context, 'memberValue', 'close, end')};
    if (q == 0) return 0;
    let behind: usize = 0;
    if (target < 0) {
      behind = ${call(context, 'skipValue', 'q, end, depth')};
      ${call(context, 'learnValue', `q, behind, ${word(context, 'SEGMENT_SKIP')}, depth`)};
    }${node}
      if (!${call(context, 'isFirstSight', 'target')}) return 0;
      behind = ${name}Value(<u32>target, q, end, row);
      ${call(context, 'learnValue', 'q, behind, <u32>target, depth')};
    }${nodeBranch}
    if (behind == 0) return 0;
    q = ${call(context, 'skipSpace', 'behind, end')};
    const byte = <u32>load<u8>(q);
    if (byte == 0x7d) return q + 1;
    if (byte != 0x2c) return 0;
    q = ${call(context, 'skipSpace', 'q + 1, end')};
  }
  return 0;
}`;
}

function anyOrderText(context: Context, cache: ShapeCache): string {
  const { name, payload } = context;
  const place = `${cache.address}, ${cache.sizeBytes}`;
  return `/** The payload in any order of keys, in one pass; learns its shape. @returns whether it is beyond doubt */
function ${name}AnyOrder(payload: usize, end: usize, row: usize): bool {
  ${call(context, 'startLearning', `${place}, payload`)};
  ${call(context, 'clearSeen', '')};
  store<u64>(row, 0);
  const p = ${call(context, 'skipSpace', 'payload, end')};
  if (load<u8>(p) != 0x7b) return false;
  const behind = ${name}Object(p, end, row, 0, 1);
  if (behind == 0 || ${call(context, 'skipSpace', 'behind, end')} != end) return false;
  const absent: u64 = ${maskOf(payload.map(({ field }) => field))} & ~${call(context, 'seenColumns', '')};
  store<u64>(row, load<u64>(row) | absent);
  ${call(context, 'finishLearning', `${place}, end, absent`)};
  return true${andComplete(context, 'row')};
}`;
}

function longWayText(context: Context): string {
  const { name, payload } = context;
  const required = requiredMask(context);
  const requiredLines = required === '0x0' ? '' : `  const missing: u64 = load<u64>(row) & ${required};
  if (missing != 0) return ${call(context, 'refuse', `${word(context, 'REJECT_TYPE')}, <i32>ctz(missing)`)};\n`;
  return `/** The payload checked as a whole, then its columns. @returns 0, or why it is refused */
function ${name}LongWay(payload: usize, end: usize, row: usize): i32 {
  const reason = ${call(context, 'scanPayload', `payload, end, ${name}Keys`)};
  if (reason != 0) return reason;
  store<u64>(row, ${maskOf(payload.map(({ field }) => field))} & ~${call(context, 'seenColumns', '')});
  for (let left = ${call(context, 'seenColumns', '')}; left != 0; left &= left - 1) {
    const column = <u32>ctz(left);
    if (${name}Value(column, ${call(context, 'valueSlot', 'column')}, end, row) != 0) continue;
    ${call(context, 'leavePayload', '')};
    return ${call(context, 'refuse', `${call(context, 'rejectReason', '')}, <i32>column`)};
  }
  ${call(context, 'leavePayload', '')};
${requiredLines}  return 0;
}`;
}

function entryText(context: Context, cache: ShapeCache, metadata: readonly Metadata[]): string {
  const { name, layout } = context;
  const before = metadata.flatMap((one) => metadataLine(one, context.used)).map((line) => `  ${line}\n`).join('');
  const behind = metadata.flatMap((one) => keyLines(one, layout, context.used)).map((line) => `  ${line}\n`).join('');
  const isWhole = behind === '';
  const parser = isWhole ? name : `${name}Payload`;
  const outer = isWhole ? '' : `

/** One payload and the key of its record into \`row\`. @returns as for the payload */
function ${name}(payload: usize, end: usize, row: ${layout.className}): i32 {
  const reason = ${parser}(payload, end, row);
  if (reason != 0) return reason;
${behind}  return 0;
}`;
  return `/** One payload into \`row\`. @returns 0, or why it is refused; rejectColumn() tells the column */
function ${parser}(payload: usize, end: usize, row: ${layout.className}): i32 {
  const at = changetype<usize>(row);
${before}  const isShapeFirst = ${call(context, 'shapesGoFirst', String(cache.address))};
  if (isShapeFirst && ${name}Shapes(payload, end, at)) return 0;
  store<u64>(at, 0);
  if (${name}Template(payload, end, at)${andComplete(context, 'at')}) {
    ${call(context, 'templateHit', String(cache.address))};
    return 0;
  }
  if (!isShapeFirst && ${name}Shapes(payload, end, at)) return 0;
  if (${name}AnyOrder(payload, end, at)) return 0;
  return ${name}LongWay(payload, end, at);
}${outer}`;
}
