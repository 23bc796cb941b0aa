// The job "test", compiled from its plan. Do not edit.
import {
  BATCH_DATA, BATCH_END, REJECT_EVENT_TIME, REJECT_OUTPUT, REJECT_OVERSIZE, REJECT_TRAP, REJECT_TYPE, ROW_INSERT,
  ROW_TRUNCATED, STATUS_DONE,
} from "millrace/assembly/abi";
import { Count } from "millrace/assembly/aggregate/count";
import { ExtremeText } from "millrace/assembly/aggregate/extrema";
import { meanDouble } from "millrace/assembly/aggregate/mean";
import { canonicalFloat } from "millrace/assembly/aggregate/nan";
import { SumDouble, SumLong, SumWide } from "millrace/assembly/aggregate/sum";
import { writeFloat } from "millrace/assembly/emit/double";
import { writeBool, writeInt, writeLong, writeNull, writeWide } from "millrace/assembly/emit/number";
import { RECORD_BYTES_MAX, beginRecord, endRecord, isOutputFull, startOutput } from "millrace/assembly/emit/output";
import { writeText } from "millrace/assembly/emit/text";
import { writeTimestamp } from "millrace/assembly/emit/timestamp";
import { clearError, errorReason, fail } from "millrace/assembly/error";
import { batchKind, batchSource } from "millrace/assembly/ingest/batch";
import { readDecimal } from "millrace/assembly/ingest/decimal";
import { readInt, readLong } from "millrace/assembly/ingest/integer";
import {
  clearSeen, isFirstSight, keyEnd, leavePayload, memberValue, scanPayload, seenColumns, valueSlot,
} from "millrace/assembly/ingest/json";
import { findKey } from "millrace/assembly/ingest/keys";
import { refuse, rejectReason } from "millrace/assembly/ingest/reject";
import {
  SEGMENT_SKIP, SEGMENT_TAIL, finishLearning, firstSegment, firstShape, learnValue, matchSegment, nextSegment,
  nextShape, segmentDepth, segmentTarget, shapeAbsent, shapeHit, shapesGoFirst, startLearning, templateHit,
} from "millrace/assembly/ingest/shape";
import { DEPTH_MAX, skipSpace, skipValue } from "millrace/assembly/ingest/skip";
import { nullAt, readBool, readFloat, readText } from "millrace/assembly/ingest/value";
import {
  countRejected, finishBatch, flagsOf, hasFailed, hasPassed, initState, isMark, isSkipped, openBatch, pause, pausedRow,
  pausedStage, payloadEndOf, payloadOf, rejectRow, rejection, setPassed, startRow, stopFull,
} from "millrace/assembly/operator";
import { copyWide } from "millrace/assembly/scalar/wide";
import { Dictionary, Entry } from "millrace/assembly/state/dictionary";
import { hasRoom, runBytesOf } from "millrace/assembly/state/heap";
import { addText, keyText, keyTextBytes, startKey } from "millrace/assembly/state/key";
import { reset } from "millrace/assembly/text/arena";
import { textLength } from "millrace/assembly/text/text";
import { SourceTime, isEventTime } from "millrace/assembly/time/watermark";
import { Windows } from "millrace/assembly/window/windows";

/** One row of readings. */
@final @unmanaged
class Readings {
  nulls: u32;
  nullsRest: u32;
  site: u64;
  ts: i64;
  name: u64;
  price: i64;
  rt: i64;
  line: i32;
  level: f32;
  ok: u8;
}

/** State of one window of one key of sums. */
@final @unmanaged
class SumsPane {
  /** 0: there is no such pane. */
  rows: i64;
  // 8: Count
  word8: u64;
  // 16: Count
  word16: u64;
  // 24: ExtremeTextMin
  word24: u64;
  // 32: Count
  word32: u64;
  // 40: SumWide
  word40: u64;
  word48: u64;
  word56: u64;
  // 64: Count
  word64: u64;
  // 72: SumDouble
  word72: u64;
  // 80: Count
  word80: u64;
  // 88: SumLong
  word88: u64;

  init(): void {
    const at = changetype<usize>(this);
    this.rows = 0;
    changetype<Count>(at + 8).init();
    changetype<Count>(at + 16).init();
    changetype<ExtremeText>(at + 24).init();
    changetype<Count>(at + 32).init();
    changetype<SumWide>(at + 40).init();
    changetype<Count>(at + 64).init();
    changetype<SumDouble>(at + 72).init();
    changetype<Count>(at + 80).init();
    changetype<SumLong>(at + 88).init();
  }

  @inline
  add(): void {
    const at = changetype<usize>(this);
    this.rows += 1;
    if (((readings.ok != 0))) {
      changetype<Count>(at + 8).add();
    }
    if (!((readings.nulls & 16) != 0)) {
      changetype<Count>(at + 16).add();
      changetype<ExtremeText>(at + 24).addMin(readings.name);
    }
    if (!((readings.nulls & 32) != 0)) {
      changetype<Count>(at + 32).add();
      changetype<SumWide>(at + 40).addLong(readings.price);
    }
    if (!((readings.nulls & 64) != 0)) {
      changetype<Count>(at + 64).add();
      changetype<SumDouble>(at + 72).add(<f64>readings.level);
    }
    if (!((readings.nulls & 2) != 0)) {
      changetype<Count>(at + 80).add();
      changetype<SumLong>(at + 88).add(readings.line);
    }
  }

  free(): void {
    const at = changetype<usize>(this);
    changetype<ExtremeText>(at + 24).free();
  }
}

/** A result of sink sums, before HAVING and projection. */
@final @unmanaged
class SumsResult {
  nulls: u32;
  nullsRest: u32;
  site: u64;
  n: i64;
  first: u64;
  total: u64;
  totalHigh: u64;
  window_start: i64;
  window_end: i64;
  window_time: i64;
  line: i32;
  mean: f32;
  lines: i32;
  ok: u8;
}

/** What sums gets. */
@final @unmanaged
class SumsOut {
  nulls: u32;
  nullsRest: u32;
  site: u64;
  window_start: i64;
  window_end: i64;
  n: i64;
  first: u64;
  total: u64;
  totalHigh: u64;
  line: i32;
  mean: f32;
  lines: i32;
  ok: u8;
}

const readings = changetype<Readings>(0x5100);
const readingsTime = changetype<SourceTime>(0xc00800);
const sumsKeys = changetype<Dictionary>(0xc01200);
const sumsWindows = changetype<Windows>(0xc01240);
const sumsResult = changetype<SumsResult>(0x5148);
const sumsOut = changetype<SumsOut>(0x51a0);

// Field names: site, line, ok, ts, name, price, level
const readReadingsKeys: usize = memory.data<u64>([
  0x100000000f, 0x7f, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0x6563697270, 0x6563697270, 0x5, 0x23800000006, 0, 0,
  0, 0, 0x7374, 0x7374, 0x2, 0x22800000004,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0x656d616e, 0x656d616e,
  0x4, 0x23000000005, 0x65746973, 0x65746973, 0x4, 0x21000000001,
  0x6b6f, 0x6b6f, 0x2, 0x22000000003, 0x6c6576656c, 0x6c6576656c,
  0x5, 0x24000000007, 0x656e696c, 0x656e696c, 0x4, 0x21800000002,
  0x65746973, 0x656e696c, 0x6b6f, 0x7374, 0x656d616e, 0x6563697270,
  0x6c6576656c,
], 8);

/** The value at `p` into its column. */
function readReadingsValue(column: u32, p: usize, end: usize, row: usize): usize {
  let q: usize = 0;
  switch (column) {
    case 0: { q = readText(p, end, row + 8); break; }
    case 1: { q = readInt(p, end, row + 48); break; }
    case 2: { q = readBool(p, end, row + 56); break; }
    case 3: { q = readLong(p, end, row + 16); break; }
    case 4: { q = readText(p, end, row + 24); break; }
    case 5: { q = readDecimal(p, end, row + 32, 10, 2); break; }
    case 6: { q = readFloat(p, end, row + 52); break; }
  }
  return q != 0 ? q : nullAt(p, row, column);
}

function readReadingsTemplate0(from: usize, end: usize, row: usize): usize {
  let p = from;
  let q: usize = 0;
  if (!(load<u64>(p) == 0x3a2265746973227b)) return 0; // {"site":
  p += 8;
  q = readText(p, end, row + 8);
  if (q == 0) { q = nullAt(p, row, 0); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x3a22656e696c222c)) return 0; // ,"line":
  p += 8;
  q = readInt(p, end, row + 48);
  if (q == 0) { q = nullAt(p, row, 1); if (q == 0) return 0; }
  p = q;
  if (!(load<u32>(p) == 0x6b6f222c && load<u16>(p, 4) == 0x3a22)) return 0; // ,"ok":
  p += 6;
  q = readBool(p, end, row + 56);
  if (q == 0) { q = nullAt(p, row, 2); if (q == 0) return 0; }
  p = q;
  if (!(load<u32>(p) == 0x7374222c && load<u16>(p, 4) == 0x3a22)) return 0; // ,"ts":
  p += 6;
  q = readLong(p, end, row + 16);
  if (q == 0) { q = nullAt(p, row, 3); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x3a22656d616e222c)) return 0; // ,"name":
  p += 8;
  q = readText(p, end, row + 24);
  if (q == 0) { q = nullAt(p, row, 4); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x226563697270222c && load<u8>(p, 8) == 0x3a)) return 0; // ,"price":
  p += 9;
  q = readDecimal(p, end, row + 32, 10, 2);
  if (q == 0) { q = nullAt(p, row, 5); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x226c6576656c222c && load<u8>(p, 8) == 0x3a)) return 0; // ,"level":
  p += 9;
  q = readFloat(p, end, row + 52);
  if (q == 0) { q = nullAt(p, row, 6); if (q == 0) return 0; }
  p = q;
  return p;
}

/** The payload with its fields in declared order and no white space. @returns whether it is so */
function readReadingsTemplate(payload: usize, end: usize, row: usize): bool {
  let p = payload;
  p = readReadingsTemplate0(p, end, row);
  if (p == 0) return false;
  return load<u8>(p) == 0x7d && p + 1 == end; // }
}

/** The payload against one learned shape. @returns whether it fits */
function readReadingsShape(shape: usize, payload: usize, end: usize, row: usize): bool {
  store<u64>(row, shapeAbsent(shape));
  let p = payload;
  let segment = firstSegment(shape);
  while (true) {
    p = matchSegment(segment, p);
    if (p == 0) return false;
    const target = segmentTarget(segment);
    if (target == SEGMENT_TAIL) return p == end;
    p = target == SEGMENT_SKIP ? skipValue(p, end, segmentDepth(segment)) : readReadingsValue(target, p, end, row);
    if (p == 0) return false;
    segment = nextSegment(segment);
  }
}

/** The payload against all learned shapes, the latest first. @returns whether one fits */
function readReadingsShapes(payload: usize, end: usize, row: usize): bool {
  for (let shape = firstShape(6912); shape != 0; shape = nextShape(6912, 13824, shape)) {
    if (!(readReadingsShape(shape, payload, end, row) && (load<u64>(row) & 0x4) == 0)) continue;
    shapeHit(6912, shape);
    return true;
  }
  return false;
}

/** An object of the payload, keys in any order, in one pass. @returns address behind it, or 0: the long way must decide */
function readReadingsObject(p: usize, end: usize, row: usize, node: u32, depth: i32): usize {
  if (depth > DEPTH_MAX) return 0;
  let q = skipSpace(p + 1, end);
  if (load<u8>(q) == 0x7d) return q + 1;
  while (q < end && load<u8>(q) == 0x22) {
    const key = q + 1;
    const close = keyEnd(key, end);
    if (close == 0) return 0;
    const target = findKey(readReadingsKeys, node, key, <u32>(close - key));
    q = memberValue(close, end);
    if (q == 0) return 0;
    let behind: usize = 0;
    if (target < 0) {
      behind = skipValue(q, end, depth);
      learnValue(q, behind, SEGMENT_SKIP, depth);
    } else {
      if (!isFirstSight(target)) return 0;
      behind = readReadingsValue(<u32>target, q, end, row);
      learnValue(q, behind, <u32>target, depth);
    }
    if (behind == 0) return 0;
    q = skipSpace(behind, end);
    const byte = <u32>load<u8>(q);
    if (byte == 0x7d) return q + 1;
    if (byte != 0x2c) return 0;
    q = skipSpace(q + 1, end);
  }
  return 0;
}

/** The payload in any order of keys, in one pass; learns its shape. @returns whether it is beyond doubt */
function readReadingsAnyOrder(payload: usize, end: usize, row: usize): bool {
  startLearning(6912, 13824, payload);
  clearSeen();
  store<u64>(row, 0);
  const p = skipSpace(payload, end);
  if (load<u8>(p) != 0x7b) return false;
  const behind = readReadingsObject(p, end, row, 0, 1);
  if (behind == 0 || skipSpace(behind, end) != end) return false;
  const absent: u64 = 0x7f & ~seenColumns();
  store<u64>(row, load<u64>(row) | absent);
  finishLearning(6912, 13824, end, absent);
  return true && (load<u64>(row) & 0x4) == 0;
}

/** The payload checked as a whole, then its columns. @returns 0, or why it is refused */
function readReadingsLongWay(payload: usize, end: usize, row: usize): i32 {
  const reason = scanPayload(payload, end, readReadingsKeys);
  if (reason != 0) return reason;
  store<u64>(row, 0x7f & ~seenColumns());
  for (let left = seenColumns(); left != 0; left &= left - 1) {
    const column = <u32>ctz(left);
    if (readReadingsValue(column, valueSlot(column), end, row) != 0) continue;
    leavePayload();
    return refuse(rejectReason(), <i32>column);
  }
  leavePayload();
  const missing: u64 = load<u64>(row) & 0x4;
  if (missing != 0) return refuse(REJECT_TYPE, <i32>ctz(missing));
  return 0;
}

/** One payload into `row`. @returns 0, or why it is refused; rejectColumn() tells the column */
function readReadings(payload: usize, end: usize, row: Readings): i32 {
  const at = changetype<usize>(row);
  const isShapeFirst = shapesGoFirst(6912);
  if (isShapeFirst && readReadingsShapes(payload, end, at)) return 0;
  store<u64>(at, 0);
  if (readReadingsTemplate(payload, end, at) && (load<u64>(at) & 0x4) == 0) {
    templateHit(6912);
    return 0;
  }
  if (!isShapeFirst && readReadingsShapes(payload, end, at)) return 0;
  if (readReadingsAnyOrder(payload, end, at)) return 0;
  return readReadingsLongWay(payload, end, at);
}

/** Counts a refused row. */
function buryReadings(row: u32): void {
  countRejected(rejection());
}

/** Counts a result that cannot be computed. */
function buryReadingsResult(reason: i32): void {
  countRejected(reason);
}

/** The key of sums, in the row's arena. */
function encodeSumsKey(): void {
  const at = startKey(6 + ((readings.nulls & 1) != 0 ? 0 : keyTextBytes(readings.site)));
  if (at == 0) {
    fail(REJECT_OVERSIZE, 0);
    return;
  }
  store<u8>(at, (u8((readings.nulls & 1) != 0) << 0) | (u8((readings.nulls & 2) != 0) << 1));
  store<i32>(at, (readings.nulls & 2) != 0 ? 0 : readings.line, 1);
  store<u8>(at, u8((readings.ok != 0)), 5);
  let end = at + 6;
  if (!((readings.nulls & 1) != 0)) end = addText(end, readings.site);
  store<u32>(0x5140, <u32>at);
  store<u32>(0x5140, <u32>(end - at), 4);
}

/** The row into its panes of sums. */
function applySums(): void {
  if (!sumsWindows.enterAt(readings.rt, 60000, 30000, readingsTime.watermark)) return;
  sumsWindows.keyedPane<SumsPane>(sumsKeys, sumsKeys.entryOf(<usize>load<u32>(0x5140), load<u32>(0x5140, 4))).add();
}

/** The key's columns. */
function readSumsKey(entry: Entry): void {
  const key = entry.bytes();
  let text = key + 6;
  if ((load<u8>(key, 0) & 1) != 0) sumsResult.nulls |= 1;
  else {
    sumsResult.site = keyText(text);
    text += 4 + textLength(sumsResult.site);
  }
  if ((load<u8>(key, 0) & 2) != 0) sumsResult.nulls |= 2;
  else sumsResult.line = load<i32>(key, 1);
  sumsResult.ok = <u8>(load<u8>(key, 5) != 0);
}

/** The aggregates' columns. */
function readSumsValues(pane: SumsPane): void {
  const at = changetype<usize>(pane);
  sumsResult.n = changetype<Count>(at + 8).count;
  if (changetype<Count>(at + 16).count == 0) sumsResult.nulls |= 16;
  else sumsResult.first = changetype<ExtremeText>(at + 24).result();
  if (changetype<Count>(at + 32).count == 0 || changetype<SumWide>(at + 40).isNull()) sumsResult.nulls |= 32;
  else copyWide(at + 40, changetype<usize>(sumsResult) + 32);
  if (changetype<Count>(at + 64).count == 0) sumsResult.nulls |= 64;
  else sumsResult.mean = canonicalFloat(<f32>meanDouble(at + 72, changetype<Count>(at + 64).count));
  if (changetype<Count>(at + 80).count == 0) sumsResult.nulls |= 128;
  else sumsResult.lines = <i32>changetype<SumLong>(at + 88).result();
}

/** A pane of the firing window into sumsResult. */
function readSums(at: usize): void {
  const pane = changetype<SumsPane>(at);
  const entry = changetype<Entry>(sumsKeys.entryAt(sumsWindows.firingId));
  sumsResult.nulls = 0;
  readSumsKey(entry);
  readSumsValues(pane);
  const start = sumsWindows.firing().start;
  const end = sumsWindows.firing().end;
  sumsResult.window_start = start;
  sumsResult.window_end = end;
  sumsResult.window_time = end - 1;
}

/** site, line, ok, window_start, window_end, n, first, total, mean, lines of sumsOut. */
function fillSumsOut(): void {
  if ((sumsResult.nulls & 1) != 0) sumsOut.nulls |= 1;
  else sumsOut.site = sumsResult.site;
  if ((sumsResult.nulls & 2) != 0) sumsOut.nulls |= 2;
  else sumsOut.line = sumsResult.line;
  sumsOut.ok = <u8>((sumsResult.ok != 0));
  sumsOut.window_start = sumsResult.window_start;
  sumsOut.window_end = sumsResult.window_end;
  sumsOut.n = sumsResult.n;
  if ((sumsResult.nulls & 16) != 0) sumsOut.nulls |= 64;
  else sumsOut.first = sumsResult.first;
  if ((sumsResult.nulls & 32) != 0) sumsOut.nulls |= 128;
  else copyWide((changetype<usize>(sumsResult) + 32), changetype<usize>(sumsOut) + 48);
  if ((sumsResult.nulls & 64) != 0) sumsOut.nulls |= 256;
  else sumsOut.mean = sumsResult.mean;
  if ((sumsResult.nulls & 128) != 0) sumsOut.nulls |= 512;
  else sumsOut.lines = sumsResult.lines;
}

/** One SumsOut as a JSON object. */
function writeSums(row: SumsOut, out: usize): usize {
  let p = out;
  // {"site":
  store<u64>(p, 0x3a2265746973227b);
  p += 8;
  p = (row.nulls & (<u32>1 << 0)) != 0 ? writeNull(p) : writeText(p, row.site);
  // ,"line":
  store<u64>(p, 0x3a22656e696c222c);
  p += 8;
  p = (row.nulls & (<u32>1 << 1)) != 0 ? writeNull(p) : writeInt(p, row.line);
  // ,"ok":
  store<u32>(p, 0x6b6f222c);
  store<u16>(p, 0x3a22, 4);
  p += 6;
  p = writeBool(p, row.ok != 0);
  // ,"window_start":
  store<u64>(p, 0x776f646e6977222c);
  store<u64>(p, 0x3a2274726174735f, 8);
  p += 16;
  p = writeTimestamp(p, row.window_start);
  // ,"window_end":
  store<u64>(p, 0x776f646e6977222c);
  store<u32>(p, 0x646e655f, 8);
  store<u16>(p, 0x3a22, 12);
  p += 14;
  p = writeTimestamp(p, row.window_end);
  // ,"n":
  store<u32>(p, 0x226e222c);
  store<u8>(p, 0x3a, 4);
  p += 5;
  p = writeLong(p, row.n);
  // ,"first":
  store<u64>(p, 0x227473726966222c);
  store<u8>(p, 0x3a, 8);
  p += 9;
  p = (row.nulls & (<u32>1 << 6)) != 0 ? writeNull(p) : writeText(p, row.first);
  // ,"total":
  store<u64>(p, 0x226c61746f74222c);
  store<u8>(p, 0x3a, 8);
  p += 9;
  p = (row.nulls & (<u32>1 << 7)) != 0 ? writeNull(p) : writeWide(p, changetype<usize>(row) + 48, 2);
  // ,"mean":
  store<u64>(p, 0x3a226e61656d222c);
  p += 8;
  p = (row.nulls & (<u32>1 << 8)) != 0 ? writeNull(p) : writeFloat(p, row.mean);
  // ,"lines":
  store<u64>(p, 0x2273656e696c222c);
  store<u8>(p, 0x3a, 8);
  p += 9;
  p = (row.nulls & (<u32>1 << 9)) != 0 ? writeNull(p) : writeInt(p, row.lines);
  // }
  store<u8>(p, 0x7d);
  p += 1;
  return p;
}

/** Room that writeSums may take. */
function writeSumsBound(row: SumsOut): u32 {
  return 296
    + ((row.nulls & (<u32>1 << 0)) != 0 ? 0 : textLength(row.site) * 6)
    + ((row.nulls & (<u32>1 << 6)) != 0 ? 0 : textLength(row.first) * 6);
}

/** One record for sums. */
function sendSums(): void {
  endRecord(0, ROW_INSERT, 0, writeSums(sumsOut, beginRecord(writeSumsBound(sumsOut))));
}

/** What comes of the row at hand; false where it is dropped. */
function finishSums(): bool {
  sumsOut.nulls = 0;
  fillSumsOut();
  return true;
}

/** The row at hand to what comes next. */
function pushSums(): void {
  const isWanted = finishSums();
  if (hasFailed()) return buryReadingsResult(errorReason());
  if (!isWanted) return;
  if (writeSumsBound(sumsOut) > RECORD_BYTES_MAX) return buryReadingsResult(REJECT_OUTPUT);
  sendSums();
}

/** Windows of sums that the watermark has passed. @returns false when the output was full first */
function fireSums(): bool {
  while (sumsWindows.isDue(readingsTime.watermark)) {
    for (let at = sumsWindows.nextPane<SumsPane>(); at != 0; at = sumsWindows.nextPane<SumsPane>()) {
      if (isOutputFull()) return false;
      clearError();
      reset();
      readSums(at);
      pushSums();
      changetype<SumsPane>(at).free();
      sumsKeys.release(sumsKeys.entryAt(sumsWindows.firingId));
      sumsWindows.leavePane();
    }
    sumsWindows.close();
  }
  return true;
}

/** Whether sink sums takes the row, and what it needs of it. */
function takeSums(): bool {
  encodeSumsKey();
  return true;
}

/** rt of readings. */
function fillReadings(): void {
  if ((readings.nulls & 8) != 0 || readings.ts < -62167219200000 || readings.ts > 253402300799999) readings.nulls |= 128;
  else readings.rt = readings.ts;
}

/** Judges a row of readings. @returns 0 refused, 1 admitted, 2 the state has no room for it */
function admitReadings(row: u32): u32 {
  startRow(row);
  if (isSkipped(row)) return rejectRow(REJECT_TRAP);
  if ((flagsOf(row) & ROW_TRUNCATED) != 0) return rejectRow(REJECT_OVERSIZE);
  const reason = readReadings(payloadOf(row), payloadEndOf(row), readings);
  if (reason != 0) return rejectRow(reason);
  fillReadings();
  if (hasFailed()) return rejectRow(errorReason());
  if (((readings.nulls & 128) != 0) || !isEventTime(readings.rt)) return rejectRow(REJECT_EVENT_TIME);
  if (takeSums()) setPassed(0);
  if (hasFailed()) return rejectRow(errorReason());
  let runs: usize = 0;
  if (hasPassed(0)) runs += runBytesOf(load<u32>(0x5140, 4)) + runBytesOf((!((readings.nulls & 16) != 0) ? textLength(readings.name) : 0));
  if (!hasRoom(11, runs)) return 2;
  return 1;
}

/** Does what rows of readings have made due. @returns false when the output was full first */
function settleReadings(): bool {
  if (!fireSums()) return false;
  return true;
}

/** Rows of readings from row `from`, stage `at` on. */
function rowsOfReadings(from: u32, at: u32): i32 {
  const count = openBatch();
  for (let row = from, stage = at; row < count; row++, stage = 0) {
    if (stage == 0) {
      if (isMark(row)) continue;
      const verdict = admitReadings(row);
      if (verdict != 1) {
        if (verdict == 2) return stopFull(row);
        buryReadings(row);
        continue;
      }
      if (hasPassed(0)) applySums();
      readingsTime.advance(readings.rt, 500);
    }
    if (sumsWindows.isDue(readingsTime.watermark)) {
      if (!settleReadings()) return pause(row, 1);
    }
  }
  return finishBatch(count);
}

/** The end of readings. */
function endOfReadings(): i32 {
  readingsTime.end();
  if (!settleReadings()) return pause(0, 1);
  return finishBatch(0);
}

/** Lays out an empty state. */
export function init(): void {
  initState(0xc02000);
  readingsTime.init();
  sumsKeys.init(0xc012009e3779b97);
  sumsWindows.init(1);
}

/** Steps the log record in INPUT. @returns STATUS_* */
export function step(length: i32): i32 { return run(0, 0); }

/** Goes on after MORE. @returns STATUS_* */
export function drain(): i32 { return run(pausedRow(), pausedStage()); }

function run(row: u32, stage: u32): i32 {
  startOutput();
  const kind = batchKind();
  if (kind != BATCH_DATA && kind != BATCH_END) return STATUS_DONE;
  switch (batchSource()) {
    case 0: return kind == BATCH_DATA ? rowsOfReadings(row, stage) : endOfReadings();
  }
  return STATUS_DONE;
}
