// The job "test", compiled from its plan. Do not edit.
import {
  BATCH_DATA, BATCH_END, REJECT_EVENT_TIME, REJECT_OUTPUT, REJECT_OVERSIZE, REJECT_TRAP, REJECT_TYPE, ROW_INSERT,
  ROW_TRUNCATED, STATUS_DONE,
} from "millrace/assembly/abi";
import { Count } from "millrace/assembly/aggregate/count";
import { Extrema } from "millrace/assembly/aggregate/extrema";
import { meanDouble } from "millrace/assembly/aggregate/mean";
import { canonicalDouble } from "millrace/assembly/aggregate/nan";
import { SumDouble } from "millrace/assembly/aggregate/sum";
import { writeDouble } from "millrace/assembly/emit/double";
import { writeLong, writeNull } from "millrace/assembly/emit/number";
import { RECORD_BYTES_MAX, beginRecord, endRecord, isOutputFull, startOutput } from "millrace/assembly/emit/output";
import { writeText } from "millrace/assembly/emit/text";
import { writeTimestamp } from "millrace/assembly/emit/timestamp";
import { clearError, errorReason, fail } from "millrace/assembly/error";
import { batchKind, batchSource } from "millrace/assembly/ingest/batch";
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
import { nullAt, readDouble, readText } from "millrace/assembly/ingest/value";
import {
  countRejected, finishBatch, flagsOf, hasFailed, hasPassed, initState, isMark, isSkipped, openBatch, pause, pausedRow,
  pausedStage, payloadEndOf, payloadOf, rejectRow, rejection, setPassed, startRow, stopFull,
} from "millrace/assembly/operator";
import { Dictionary, Entry } from "millrace/assembly/state/dictionary";
import { hasRoom, runBytesOf } from "millrace/assembly/state/heap";
import { reset } from "millrace/assembly/text/arena";
import { textAddress, textLength, textOf } from "millrace/assembly/text/text";
import { SourceTime, isEventTime } from "millrace/assembly/time/watermark";
import { Windows } from "millrace/assembly/window/windows";

/** One row of readings. */
@final @unmanaged
class Readings {
  nulls: u32;
  nullsRest: u32;
  device: u64;
  ts: i64;
  temperature: f64;
  status: u64;
  rt: i64;
  humidity: i32;
}

/** State of one window of one key of means. */
@final @unmanaged
class MeansPane {
  /** 0: there is no such pane. */
  rows: i64;
  // 8: Count
  word8: u64;
  // 16: Extrema
  word16: u64;
  word24: u64;
  // 32: SumDouble
  word32: u64;

  init(): void {
    const at = changetype<usize>(this);
    this.rows = 0;
    changetype<Count>(at + 8).init();
    changetype<Extrema>(at + 16).init();
    changetype<SumDouble>(at + 32).init();
  }

  @inline
  add(): void {
    const at = changetype<usize>(this);
    this.rows += 1;
    if (!((readings.nulls & 4) != 0)) {
      changetype<Count>(at + 8).add();
      changetype<Extrema>(at + 16).add(readings.temperature);
      changetype<SumDouble>(at + 32).add(readings.temperature);
    }
  }
}

/** A result of sink means, before HAVING and projection. */
@final @unmanaged
class MeansResult {
  nulls: u32;
  nullsRest: u32;
  device: u64;
  n: i64;
  low: f64;
  high: f64;
  mean: f64;
  total: f64;
  window_start: i64;
  window_end: i64;
  window_time: i64;
}

/** What means gets. */
@final @unmanaged
class MeansOut {
  nulls: u32;
  nullsRest: u32;
  device: u64;
  window_start: i64;
  window_end: i64;
  n: i64;
  low: f64;
  high: f64;
  mean: f64;
  total: f64;
}

const readings = changetype<Readings>(0x5100);
const readingsTime = changetype<SourceTime>(0xc00800);
const meansKeys = changetype<Dictionary>(0xc01200);
const meansWindows = changetype<Windows>(0xc01240);
const meansResult = changetype<MeansResult>(0x5138);
const meansOut = changetype<MeansOut>(0x5188);

// Field names: device, ts, temperature, humidity, status
const readReadingsKeys: usize = memory.data<u64>([
  0x100000000f, 0x1f, 0, 0, 0, 0,
  0x74617265706d6574, 0x6572757461726570, 0xb, 0x22000000003, 0, 0,
  0, 0, 0, 0, 0, 0,
  0x737574617473, 0x737574617473, 0x6, 0x23800000005, 0, 0,
  0, 0, 0x7374, 0x7374, 0x2, 0x21800000002,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0x79746964696d7568, 0x79746964696d7568,
  0x8, 0x23000000004, 0x656369766564, 0x656369766564, 0x6, 0x21000000001,
  0x656369766564, 0x7374, 0x74617265706d6574, 0x657275, 0x79746964696d7568, 0x737574617473,
], 8);

/** The value at `p` into its column. */
function readReadingsValue(column: u32, p: usize, end: usize, row: usize): usize {
  let q: usize = 0;
  switch (column) {
    case 0: { q = readText(p, end, row + 8); break; }
    case 1: { q = readLong(p, end, row + 16); break; }
    case 2: { q = readDouble(p, end, row + 24); break; }
    case 3: { q = readInt(p, end, row + 48); break; }
    case 4: { q = readText(p, end, row + 32); break; }
  }
  return q != 0 ? q : nullAt(p, row, column);
}

function readReadingsTemplate0(from: usize, end: usize, row: usize): usize {
  let p = from;
  let q: usize = 0;
  if (!(load<u64>(p) == 0x656369766564227b && load<u16>(p, 8) == 0x3a22)) return 0; // {"device":
  p += 10;
  q = readText(p, end, row + 8);
  if (q == 0) { q = nullAt(p, row, 0); if (q == 0) return 0; }
  p = q;
  if (!(load<u32>(p) == 0x7374222c && load<u16>(p, 4) == 0x3a22)) return 0; // ,"ts":
  p += 6;
  q = readLong(p, end, row + 16);
  if (q == 0) { q = nullAt(p, row, 1); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x7265706d6574222c && load<u64>(p, 7) == 0x3a22657275746172)) return 0; // ,"temperature":
  p += 15;
  q = readDouble(p, end, row + 24);
  if (q == 0) { q = nullAt(p, row, 2); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x6964696d7568222c && load<u32>(p, 8) == 0x3a227974)) return 0; // ,"humidity":
  p += 12;
  q = readInt(p, end, row + 48);
  if (q == 0) { q = nullAt(p, row, 3); if (q == 0) return 0; }
  p = q;
  if (!(load<u64>(p) == 0x737574617473222c && load<u16>(p, 8) == 0x3a22)) return 0; // ,"status":
  p += 10;
  q = readText(p, end, row + 32);
  if (q == 0) { q = nullAt(p, row, 4); if (q == 0) return 0; }
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
    if (!(readReadingsShape(shape, payload, end, row))) continue;
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
  const absent: u64 = 0x1f & ~seenColumns();
  store<u64>(row, load<u64>(row) | absent);
  finishLearning(6912, 13824, end, absent);
  return true;
}

/** The payload checked as a whole, then its columns. @returns 0, or why it is refused */
function readReadingsLongWay(payload: usize, end: usize, row: usize): i32 {
  const reason = scanPayload(payload, end, readReadingsKeys);
  if (reason != 0) return reason;
  store<u64>(row, 0x1f & ~seenColumns());
  for (let left = seenColumns(); left != 0; left &= left - 1) {
    const column = <u32>ctz(left);
    if (readReadingsValue(column, valueSlot(column), end, row) != 0) continue;
    leavePayload();
    return refuse(rejectReason(), <i32>column);
  }
  leavePayload();
  return 0;
}

/** One payload into `row`. @returns 0, or why it is refused; rejectColumn() tells the column */
function readReadings(payload: usize, end: usize, row: Readings): i32 {
  const at = changetype<usize>(row);
  const isShapeFirst = shapesGoFirst(6912);
  if (isShapeFirst && readReadingsShapes(payload, end, at)) return 0;
  store<u64>(at, 0);
  if (readReadingsTemplate(payload, end, at)) {
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

/** The row into its panes of means. */
function applyMeans(): void {
  if (!meansWindows.enterAt(readings.rt, 10000, 0, readingsTime.watermark)) return;
  meansWindows.keyedPane<MeansPane>(meansKeys, (readings.nulls & 1) != 0 ? meansKeys.nullEntry() : meansKeys.entryOf(textAddress(readings.device), textLength(readings.device))).add();
}

/** The key's columns. */
function readMeansKey(entry: Entry): void {
  if (entry.isNull()) meansResult.nulls |= 1;
  else meansResult.device = textOf(entry.bytes(), entry.length);
}

/** The aggregates' columns. */
function readMeansValues(pane: MeansPane): void {
  const at = changetype<usize>(pane);
  meansResult.n = pane.rows;
  if (changetype<Count>(at + 8).count == 0) meansResult.nulls |= 4;
  else meansResult.low = canonicalDouble(changetype<Extrema>(at + 16).lowest());
  if (changetype<Count>(at + 8).count == 0) meansResult.nulls |= 8;
  else meansResult.high = canonicalDouble(changetype<Extrema>(at + 16).highest());
  if (changetype<Count>(at + 8).count == 0) meansResult.nulls |= 16;
  else meansResult.mean = canonicalDouble(meanDouble(at + 32, changetype<Count>(at + 8).count));
  if (changetype<Count>(at + 8).count == 0) meansResult.nulls |= 32;
  else meansResult.total = canonicalDouble(changetype<SumDouble>(at + 32).result());
}

/** A pane of the firing window into meansResult. */
function readMeans(at: usize): void {
  const pane = changetype<MeansPane>(at);
  const entry = changetype<Entry>(meansKeys.entryAt(meansWindows.firingId));
  meansResult.nulls = 0;
  readMeansKey(entry);
  readMeansValues(pane);
  const start = meansWindows.firing().start;
  const end = meansWindows.firing().end;
  meansResult.window_start = start;
  meansResult.window_end = end;
  meansResult.window_time = end - 1;
}

/** device, window_start, window_end, n, low, high, mean, total of meansOut. */
function fillMeansOut(): void {
  if ((meansResult.nulls & 1) != 0) meansOut.nulls |= 1;
  else meansOut.device = meansResult.device;
  meansOut.window_start = meansResult.window_start;
  meansOut.window_end = meansResult.window_end;
  meansOut.n = meansResult.n;
  if ((meansResult.nulls & 4) != 0) meansOut.nulls |= 16;
  else meansOut.low = meansResult.low;
  if ((meansResult.nulls & 8) != 0) meansOut.nulls |= 32;
  else meansOut.high = meansResult.high;
  if ((meansResult.nulls & 16) != 0) meansOut.nulls |= 64;
  else meansOut.mean = meansResult.mean;
  if ((meansResult.nulls & 32) != 0) meansOut.nulls |= 128;
  else meansOut.total = meansResult.total;
}

/** One MeansOut as a JSON object. */
function writeMeans(row: MeansOut, out: usize): usize {
  let p = out;
  // {"device":
  store<u64>(p, 0x656369766564227b);
  store<u16>(p, 0x3a22, 8);
  p += 10;
  p = (row.nulls & (<u32>1 << 0)) != 0 ? writeNull(p) : writeText(p, row.device);
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
  // ,"low":
  store<u32>(p, 0x6f6c222c);
  store<u16>(p, 0x2277, 4);
  store<u8>(p, 0x3a, 6);
  p += 7;
  p = (row.nulls & (<u32>1 << 4)) != 0 ? writeNull(p) : writeDouble(p, row.low);
  // ,"high":
  store<u64>(p, 0x3a2268676968222c);
  p += 8;
  p = (row.nulls & (<u32>1 << 5)) != 0 ? writeNull(p) : writeDouble(p, row.high);
  // ,"mean":
  store<u64>(p, 0x3a226e61656d222c);
  p += 8;
  p = (row.nulls & (<u32>1 << 6)) != 0 ? writeNull(p) : writeDouble(p, row.mean);
  // ,"total":
  store<u64>(p, 0x226c61746f74222c);
  store<u8>(p, 0x3a, 8);
  p += 9;
  p = (row.nulls & (<u32>1 << 7)) != 0 ? writeNull(p) : writeDouble(p, row.total);
  // }
  store<u8>(p, 0x7d);
  p += 1;
  return p;
}

/** Room that writeMeans may take. */
function writeMeansBound(row: MeansOut): u32 {
  return 283
    + ((row.nulls & (<u32>1 << 0)) != 0 ? 0 : textLength(row.device) * 6);
}

/** One MeansOut as a JSON object. */
function writeMeansKey(row: MeansOut, out: usize): usize {
  let p = out;
  // {"device":
  store<u64>(p, 0x656369766564227b);
  store<u16>(p, 0x3a22, 8);
  p += 10;
  p = (row.nulls & (<u32>1 << 0)) != 0 ? writeNull(p) : writeText(p, row.device);
  // }
  store<u8>(p, 0x7d);
  p += 1;
  return p;
}

/** Room that writeMeansKey may take. */
function writeMeansKeyBound(row: MeansOut): u32 {
  return 32
    + ((row.nulls & (<u32>1 << 0)) != 0 ? 0 : textLength(row.device) * 6);
}

/** One record for means. */
function sendMeans(): void {
  const keyEnd = writeMeansKey(meansOut, beginRecord(writeMeansBound(meansOut) + writeMeansKeyBound(meansOut)));
  endRecord(0, ROW_INSERT, keyEnd, writeMeans(meansOut, keyEnd));
}

/** What comes of the row at hand; false where it is dropped. */
function finishMeans(): bool {
  meansOut.nulls = 0;
  fillMeansOut();
  return true;
}

/** The row at hand to what comes next. */
function pushMeans(): void {
  clearError();
  const isWanted = finishMeans();
  if (hasFailed()) return buryReadingsResult(errorReason());
  if (!isWanted) return;
  if (writeMeansBound(meansOut) + writeMeansKeyBound(meansOut) > RECORD_BYTES_MAX) return buryReadingsResult(REJECT_OUTPUT);
  sendMeans();
}

/** Windows of means that the watermark has passed. @returns false when the output was full first */
function fireMeans(): bool {
  while (meansWindows.isDue(readingsTime.watermark)) {
    for (let at = meansWindows.nextPane<MeansPane>(); at != 0; at = meansWindows.nextPane<MeansPane>()) {
      if (isOutputFull()) return false;
      reset();
      readMeans(at);
      pushMeans();
      meansKeys.release(meansKeys.entryAt(meansWindows.firingId));
      meansWindows.leavePane();
    }
    meansWindows.close();
  }
  return true;
}

/** Whether sink means takes the row, and what it needs of it. */
function takeMeans(): bool {
  const comparedIf01 = (readings.nulls & 16) == 0 && (textLength(readings.status) == 2 && load<u16>(textAddress(readings.status)) == 0x4b4f);
  if (!(((readings.nulls & 16) == 0) && comparedIf01)) return false;
  return true;
}

/** rt of readings. */
function fillReadings(): void {
  if ((readings.nulls & 2) != 0 || readings.ts < -62167219200000 || readings.ts > 253402300799999) readings.nulls |= 32;
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
  if (((readings.nulls & 32) != 0) || !isEventTime(readings.rt)) return rejectRow(REJECT_EVENT_TIME);
  if (takeMeans()) setPassed(0);
  if (hasFailed()) return rejectRow(errorReason());
  let runs: usize = 0;
  if (hasPassed(0)) runs += runBytesOf(((readings.nulls & 1) != 0 ? 0 : textLength(readings.device)));
  if (!hasRoom(10, runs)) return 2;
  return 1;
}

/** Does what rows of readings have made due. @returns false when the output was full first */
function settleReadings(): bool {
  if (!fireMeans()) return false;
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
      if (hasPassed(0)) applyMeans();
      readingsTime.advance(readings.rt, 2000);
    }
    if (meansWindows.isDue(readingsTime.watermark)) {
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
  meansKeys.init(0xc012009e3779b97);
  meansWindows.init(1);
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
